#include "core/imaging/io/dicom_document_writer.h"

#include <array>

#include "core/base/files.h"
#include "core/imaging/io/dicom_encoding.h"
#include "core/imaging/io/dicom_object.h"

namespace gadolin::io {
namespace {

constexpr std::size_t most_pdf_bytes = std::size_t{256} << 20;

/// What says whose a study it is, as the image says it.
const std::array identity_tags{DCM_SpecificCharacterSet,
                               DCM_PatientName,
                               DCM_PatientID,
                               DCM_IssuerOfPatientID,
                               DCM_PatientBirthDate,
                               DCM_PatientSex,
                               DCM_StudyInstanceUID,
                               DCM_StudyDate,
                               DCM_StudyTime,
                               DCM_StudyID,
                               DCM_AccessionNumber,
                               DCM_StudyDescription,
                               DCM_ReferringPhysicianName};

}  // namespace

Result<void> writeEncapsulatedPdf(const std::filesystem::path& path,
                                  const std::filesystem::path& pdf, const SourceImage& image,
                                  const MaskFacts& facts, const std::string& title) {
  GADOLIN_CHECK(prepareDcmtk());
  GADOLIN_TRY(std::string document, readFile(pdf, most_pdf_bytes));
  if (!document.starts_with("%PDF-"))
    return Error{ErrorCode::InvalidInput, pdf.filename().string() + " is no PDF."};
  const auto length = document.size();
  if (length % 2 != 0) document += '\0';  // elements have even lengths
  DcmFileFormat header, file;
  GADOLIN_CHECK(loadHeader(image.path, header));
  DcmDataset& set = *file.getDataset();
  Conditions all("write the document");
  for (const DcmTagKey& tag : identity_tags) {
    DcmElement* element = nullptr;
    if (header.getDataset()->findAndGetElement(tag, element, OFFalse, OFTrue).good())
      all.note(set.insert(element, OFTrue));
  }
  const auto text = [&](const DcmTagKey& tag, const std::string& value) {
    all.note(set.putAndInsertString(DcmTag(tag), value.c_str()));
  };
  text(DCM_SOPClassUID, UID_EncapsulatedPDFStorage);
  text(DCM_Modality, "DOC");
  text(DCM_ConversionType, "WSD");
  text(DCM_Manufacturer, "Gadolin");
  text(DCM_ManufacturerModelName, "Gadolin");
  text(DCM_SoftwareVersions, fitting(facts.software_version, 64));
  text(DCM_InstanceNumber, "1");
  text(DCM_AcquisitionDateTime, "");
  text(DCM_BurnedInAnnotation, "YES");  // the page names its patient
  text(DCM_DocumentTitle, fitting(title, 1024));
  text(DCM_MIMETypeOfEncapsulatedDocument, "application/pdf");
  all.note(set.insertEmptyElement(DCM_ConceptNameCodeSequence));
  all.note(set.putAndInsertUint32(DCM_EncapsulatedDocumentLength, static_cast<Uint32>(length)));
  all.note(set.putAndInsertUint8Array(DcmTag(DCM_EncapsulatedDocument, EVR_OB),
                                      reinterpret_cast<const Uint8*>(document.data()),
                                      static_cast<unsigned long>(document.size())));
  MaskFacts own = facts;
  own.series_number += 2;
  own.key += " " + title;
  GADOLIN_CHECK(describeObject(set, own, "pdf", "Report. " + facts.description));
  GADOLIN_CHECK(all.outcome());
  return writeDicomFile(path, file);
}

Result<std::string> readEncapsulatedPdf(const std::filesystem::path& path) {
  GADOLIN_CHECK(prepareDcmtk());
  DcmFileFormat file;
  const Uint8* bytes = nullptr;
  unsigned long count = 0;
  Uint32 length = 0;
  if (file.loadFile(path.c_str()).bad() ||
      file.getDataset()->findAndGetUint8Array(DCM_EncapsulatedDocument, bytes, &count).bad() ||
      file.getDataset()->findAndGetUint32(DCM_EncapsulatedDocumentLength, length).bad() ||
      bytes == nullptr || length > count)
    return Error{ErrorCode::Corrupt, path.filename().string() + " holds no document."};
  return std::string(reinterpret_cast<const char*>(bytes), length);
}

}  // namespace gadolin::io
