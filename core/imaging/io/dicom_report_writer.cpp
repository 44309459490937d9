#include "core/imaging/io/dicom_report_writer.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmsr/cmr/tid1500.h>
#include <dcmtk/dcmsr/dsrdoc.h>

#include <algorithm>
#include <charconv>

#include "core/imaging/io/dicom_encoding.h"
#include "core/imaging/io/dicom_object.h"
#include "core/imaging/io/dicom_writer.h"

namespace gadolin::io {
namespace {

using Measurements = TID1500_MeasurementReport::TID1411_Measurements;
using Units = CID7181_AbstractMultiDimensionalImageModelComponentUnits;
using Concepts = CID7469_GenericIntensityAndSizeMeasurements;

DSRBasicCodedEntry entryOf(const CodedName& name) {
  return {name.value, name.scheme, name.meaning};
}

/// One report while it grows.
class ReportBuilder {
 public:
  ReportBuilder(const std::vector<SourceImage>& images, const MaskFacts& facts)
      : images_(images), facts_(facts) {}

  Result<void> build(const std::filesystem::path& segmentation,
                     const std::vector<TissueSegment>& segments,
                     const std::vector<SegmentFigure>& figures,
                     const std::vector<std::string>& remarks) {
    GADOLIN_CHECK(loadHeader(segmentation, segmentation_));
    all_.note(report_.createNewMeasurementReport(
        CID7021_MeasurementReportDocumentTitles::ImagingMeasurementReport));
    all_.note(report_.setLanguage(CID5000_Languages::English));
    GADOLIN_CHECK(all_.outcome());
    sayWho();
    all_.note(report_.addProcedureReported(CID100_QuantitativeDiagnosticImagingProcedures(
        DSRCodedEntryValue("241620005", "SCT", "Magnetic resonance imaging of heart"))));
    GADOLIN_CHECK(listImages());
    for (const TissueSegment& segment : segments) addGroup(segment, figures);
    for (const std::string& remark : remarks)
      all_.note(report_.addQualitativeEvaluation(DSRCodedEntryValue("121106", "DCM", "Comment"),
                                                 fitting(remark, 1024).c_str()));
    return all_.outcome();
  }

  Result<void> write(const std::filesystem::path& path) {
    DSRDocument document(DSRTypes::DT_EnhancedSR);
    all_.note(document.setTreeFromRootTemplate(report_, OFTrue));
    if (ofSeveralSeries()) nameSourceImages(document.getTree());
    DcmFileFormat image;
    GADOLIN_CHECK(loadHeader(images_.front().path, image));
    all_.note(document.readPatientData(*image.getDataset()));
    all_.note(document.readStudyData(*image.getDataset()));
    all_.note(document.createNewSeriesInStudy(images_.front().study_uid.c_str()));
    all_.note(document.setSpecificCharacterSetType(DSRTypes::CS_UTF8));
    all_.note(document.setManufacturer("Gadolin"));
    all_.note(document.setManufacturerModelName("Gadolin"));
    all_.note(document.setSoftwareVersions(fitting(facts_.software_version, 64).c_str()));
    auto& evidence = document.getCurrentRequestedProcedureEvidence();
    for (const SourceImage& one : images_)
      all_.note(evidence.addItem(one.study_uid.c_str(), one.series_uid.c_str(),
                                 one.sop_class.c_str(), one.sop_uid.c_str()));
    all_.note(evidence.addItem(*segmentation_.getDataset()));
    all_.note(document.completeDocument());
    GADOLIN_CHECK(all_.outcome());
    DcmFileFormat file;
    DcmDataset& set = *file.getDataset();
    all_.note(document.write(set));
    GADOLIN_CHECK(all_.outcome());
    MaskFacts facts = facts_;
    ++facts.series_number;
    GADOLIN_CHECK(describeObject(set, facts, "sr", "Measurements. " + facts_.description));
    nameScheme(set);
    GADOLIN_CHECK(all_.outcome());
    return writeDicomFile(path, file);
  }

 private:
  void sayWho() {
    auto& context = report_.getObservationContext();
    if (!facts_.creator.empty())
      all_.note(context.addPersonObserver(fittingName(facts_.creator).c_str()));
    all_.note(context.addDeviceObserver(uidFromText("device gadolin").c_str(), "Gadolin", "Gadolin",
                                        "Gadolin", "1"));
  }

  Result<void> listImages() {
    auto& library = report_.getImageLibrary();
    all_.note(library.createNewImageLibrary());
    all_.note(library.addImageGroup());
    for (const SourceImage& one : images_) {
      DcmFileFormat image;
      GADOLIN_CHECK(loadHeader(one.path, image));
      all_.note(
          library.addImageEntry(*image.getDataset(), TID1600_ImageLibrary::withoutDescriptors));
    }
    return {};
  }

  void addGroup(const TissueSegment& segment, const std::vector<SegmentFigure>& figures) {
    const auto own = [&segment](const SegmentFigure& one) { return one.segment == segment.tissue; };
    if (std::ranges::none_of(figures, own)) return;
    all_.note(report_.addVolumetricROIMeasurements());
    Measurements& group = report_.getVolumetricROIMeasurements();
    all_.note(group.setTrackingIdentifier(segment.label));
    all_.note(group.setTrackingUniqueIdentifier(trackingUid(facts_, segment).c_str()));
    all_.note(group.setFinding(entryOf(segment.type)));
    all_.note(group.addFindingSite(entryOf(segment.region)));
    all_.note(group.setReferencedSegment(*segmentation_.getDataset(),
                                         static_cast<Uint16>(segment.number), OFFalse));
    all_.note(group.setSourceSeriesForSegmentation(images_.front().series_uid.c_str()));
    for (const SegmentFigure& one : figures) {
      if (!own(one)) continue;
      const Measurements::MeasurementValue value(decimal(one.value).c_str(),
                                                 Units(entryOf(unitOf(one.figure))));
      all_.note(group.addMeasurement(Concepts(entryOf(conceptOf(one.figure))), value));
      all_.note(group.getMeasurement().setAlgorithmIdentification(
          "Gadolin volumetry: voxels times the extent of their slice",
          fitting(facts_.software_version, 64).c_str()));
    }
  }

  [[nodiscard]] bool ofSeveralSeries() const {
    return std::ranges::any_of(images_, [this](const SourceImage& one) {
      return one.series_uid != images_.front().series_uid;
    });
  }

  /// TID 1411 has the source's images (rows "Source image for segmentation") in place of its one
  /// series; DCMTK's template knows the series alone.
  void nameSourceImages(DSRDocumentTree& tree) {
    const DSRCodedEntryValue series("121232", "DCM", "Source series for segmentation");
    const DSRCodedEntryValue image("121233", "DCM", "Source image for segmentation");
    while (tree.gotoNamedNode(series) != 0) {
      for (const SourceImage& one : images_) {
        if (tree.addContentItem(DSRTypes::RT_contains, DSRTypes::VT_Image,
                                DSRTypes::AM_beforeCurrent) == 0) {
          all_.note(SR_EC_CannotAddContentItem);
          return;
        }
        auto& item = tree.getCurrentContentItem();
        all_.note(item.setConceptName(image));
        all_.note(item.setImageReference(
            DSRImageReferenceValue(one.sop_class.c_str(), one.sop_uid.c_str())));
        if (tree.gotoNext() == 0) {
          all_.note(SR_EC_InvalidDocumentTree);
          return;
        }
      }
      if (tree.removeCurrentContentItem() == 0) {
        all_.note(SR_EC_InvalidDocumentTree);
        return;
      }
    }
  }

  /// Who answers for the codes that have none in public schemes.
  void nameScheme(DcmDataset& set) {
    DcmItem* item = nullptr;
    if (!all_.note(set.findOrCreateSequenceItem(DCM_CodingSchemeIdentificationSequence, item, 0)))
      return;
    all_.note(item->putAndInsertString(DCM_CodingSchemeDesignator, "99GADOLIN"));
    all_.note(item->putAndInsertString(DCM_CodingSchemeName, "Gadolin"));
    all_.note(item->putAndInsertString(DCM_CodingSchemeResponsibleOrganization, "Gadolin"));
  }

  const std::vector<SourceImage>& images_;
  const MaskFacts& facts_;
  DcmFileFormat segmentation_;
  TID1500_MeasurementReport report_;
  Conditions all_{"make the report"};
};

std::string itemText(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  if (item.findAndGetOFString(tag, value).bad()) return {};
  return {value.c_str(), value.size()};
}

std::string codeValueIn(DcmItem& item, const DcmTagKey& sequence) {
  DcmItem* code = nullptr;
  if (item.findAndGetSequenceItem(sequence, code).bad()) return {};
  return itemText(*code, DCM_CodeValue);
}

/// Depth first: a group's segment stands before its figures.
void collectFigures(DcmItem& item, ReportedFigure& group, std::vector<ReportedFigure>& figures) {
  DcmItem* child = nullptr;
  for (signed long i = 0; item.findAndGetSequenceItem(DCM_ContentSequence, child, i).good(); ++i) {
    const std::string type = itemText(*child, DCM_ValueType);
    DcmItem* part = nullptr;
    if (type == "IMAGE" && child->findAndGetSequenceItem(DCM_ReferencedSOPSequence, part).good()) {
      Uint16 number = 0;
      if (part->findAndGetUint16(DCM_ReferencedSegmentNumber, number).good()) {
        group.segment_number = number;
        group.segmentation_uid = itemText(*part, DCM_ReferencedSOPInstanceUID);
      }
    } else if (type == "NUM" &&
               child->findAndGetSequenceItem(DCM_MeasuredValueSequence, part).good()) {
      ReportedFigure figure = group;
      figure.concept_value = codeValueIn(*child, DCM_ConceptNameCodeSequence);
      figure.unit = codeValueIn(*part, DCM_MeasurementUnitsCodeSequence);
      const std::string value = itemText(*part, DCM_NumericValue);
      std::from_chars(value.data(), value.data() + value.size(), figure.value);
      figures.push_back(figure);
    }
    collectFigures(*child, group, figures);
  }
}

}  // namespace

CodedName conceptOf(Figure figure) {
  switch (figure) {
    case Figure::Volume_ml:
      return {"SCT", "118565006", "Volume"};
    case Figure::Mass_g:
      return {"SCT", "118538004", "Mass"};
    case Figure::PercentOfMyocardium:
      break;
  }
  return {"99GADOLIN", "PERCENT_LVM", "Share of the LV myocardium"};
}

CodedName unitOf(Figure figure) {
  switch (figure) {
    case Figure::Volume_ml:
      return {"UCUM", "ml", "milliliter"};
    case Figure::Mass_g:
      return {"UCUM", "g", "gram"};
    case Figure::PercentOfMyocardium:
      break;
  }
  return {"UCUM", "%", "percent"};
}

Result<void> writeMeasurementReport(const std::filesystem::path& path,
                                    const std::filesystem::path& segmentation,
                                    const std::vector<TissueSegment>& segments,
                                    const std::vector<SourceImage>& images, const MaskFacts& facts,
                                    const std::vector<SegmentFigure>& figures,
                                    const std::vector<std::string>& remarks) {
  GADOLIN_CHECK(prepareDcmtk());
  const bool known = std::ranges::all_of(figures, [&](const SegmentFigure& figure) {
    return std::ranges::find(segments, figure.segment, &TissueSegment::tissue) != segments.end();
  });
  if (!known || images.empty())
    return Error{ErrorCode::InvalidInput, "A figure is of no segment, or there is no image."};
  ReportBuilder builder(images, facts);
  GADOLIN_CHECK(builder.build(segmentation, segments, figures, remarks));
  return builder.write(path);
}

Result<std::vector<ReportedFigure>> readMeasurementReport(const std::filesystem::path& path) {
  GADOLIN_CHECK(prepareDcmtk());
  const auto broken = [&path](const OFCondition& why) {
    return Error{
        ErrorCode::Corrupt,
        path.filename().string() + " cannot be read as a structured report: " + why.text() + "."};
  };
  DcmFileFormat file;
  if (const auto read = file.loadFile(path.c_str()); read.bad()) return broken(read);
  DSRDocument document;
  if (const auto read = document.read(*file.getDataset()); read.bad()) return broken(read);
  std::vector<ReportedFigure> figures;
  ReportedFigure group;
  collectFigures(*file.getDataset(), group, figures);
  return figures;
}

}  // namespace gadolin::io
