#include "core/imaging/io/dicom_segmentation_writer.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmfg/fgderimg.h>
#include <dcmtk/dcmfg/fgpixmsr.h>
#include <dcmtk/dcmfg/fgplanor.h>
#include <dcmtk/dcmfg/fgplanpo.h>
#include <dcmtk/dcmseg/segdoc.h>
#include <dcmtk/dcmseg/segment.h>

#include <algorithm>
#include <map>
#include <memory>

#include "core/imaging/display_orientation.h"
#include "core/imaging/io/dicom_encoding.h"
#include "core/imaging/io/dicom_object.h"
#include "core/imaging/io/dicom_writer.h"
#include "core/imaging/io/tissue_segments.h"

namespace gadolin::io {
namespace {

CodeSequenceMacro codeOf(const CodedName& name) {
  return {name.value, name.scheme, name.meaning};
}

DcmSegTypes::E_SegmentAlgoType algorithmType(MaskOrigin origin) {
  switch (origin) {
    case MaskOrigin::Manual:
      return DcmSegTypes::SAT_MANUAL;
    case MaskOrigin::SemiAutomatic:
      return DcmSegTypes::SAT_SEMIAUTOMATIC;
    case MaskOrigin::Automatic:
      return DcmSegTypes::SAT_AUTOMATIC;
  }
  return DcmSegTypes::SAT_UNKNOWN;
}

/// One object while it grows. Everything of DCMTK that fails ends in `all_`.
class SegmentationBuilder {
 public:
  SegmentationBuilder(const Stack& stack, const Mask& mask, const std::vector<SourceImage>& images,
                      const MaskFacts& facts)
      : stack_(stack), mask_(mask), images_(images), facts_(facts) {}

  Result<void> build() {
    const Geometry& g = stack_.image.geometry;
    const IODGeneralEquipmentModule::EquipmentInfo equipment(
        "Gadolin", "Gadolin", "1", fitting(facts_.software_version, 64).c_str());
    const ContentIdentificationMacro content("1", "LGE", "", "");
    DcmSegmentation* made = nullptr;
    all_.note(DcmSegmentation::createBinarySegmentation(
        made, static_cast<Uint16>(g.size[1]), static_cast<Uint16>(g.size[0]), equipment, content));
    object_.reset(made);
    GADOLIN_CHECK(all_.outcome());
    DcmFileFormat header;
    GADOLIN_CHECK(loadHeader(images_.front().path, header));
    all_.note(object_->importFromSourceImage(*header.getDataset()));
    all_.note(object_->getSeries().setModality("SEG"));
    all_.note(object_->getSeries().setSeriesNumber(std::to_string(facts_.series_number).c_str()));
    addDimensions();
    addShared();
    addReferences();
    for (const TissueSegment& segment : tissueSegments(mask_)) addSegment(segment);
    return all_.outcome();
  }

  Result<void> write(const std::filesystem::path& path) {
    DcmFileFormat file;
    DcmDataset& set = *file.getDataset();
    all_.note(object_->writeDataset(set));
    GADOLIN_CHECK(all_.outcome());
    GADOLIN_CHECK(describeObject(set, facts_, "seg", facts_.description));
    // DCMTK would take ASCII alone for these.
    all_.note(
        set.putAndInsertString(DCM_ContentDescription, fitting(facts_.description, 64).c_str()));
    all_.note(set.putAndInsertString(DCM_ContentCreatorName, fittingName(facts_.creator).c_str()));
    // Segments nest, which 3.6.7 cannot say yet (SegmentsOverlap, added in 2021).
    all_.note(set.putAndInsertString(DcmTag(0x0062, 0x0013, EVR_CS), "YES"));
    all_.note(set.putAndInsertString(DCM_BodyPartExamined, "HEART"));
    nameScheme(set);
    sayLoss(set);
    if (!displayOrientation(stack_.image.geometry).known)
      all_.note(set.putAndInsertString(DCM_ImageComments, unknown_orientation));
    if (packed_.size() % 2 != 0) packed_.push_back(0);
    all_.note(set.putAndInsertUint8Array(DcmTag(DCM_PixelData, EVR_OB), packed_.data(),
                                         static_cast<unsigned long>(packed_.size())));
    GADOLIN_CHECK(all_.outcome());
    return writeDicomFile(path, file);
  }

 private:
  /// Who answers for the code of the one structure that has none in public schemes.
  void nameScheme(DcmDataset& set) {
    DcmItem* item = nullptr;
    if (!all_.note(set.findOrCreateSequenceItem(DCM_CodingSchemeIdentificationSequence, item)))
      return;
    all_.note(item->putAndInsertString(DCM_CodingSchemeDesignator, "99GADOLIN"));
    all_.note(item->putAndInsertString(DCM_CodingSchemeName, "Gadolin"));
    all_.note(item->putAndInsertString(DCM_CodingSchemeResponsibleOrganization, "Gadolin"));
  }

  /// What was drawn on images that lost something says so too (PS3.3 C.8.20.2).
  void sayLoss(DcmDataset& set) {
    const auto lossy = std::ranges::find(images_, true, &SourceImage::lossy);
    if (lossy == images_.end()) return;
    all_.note(set.putAndInsertString(DCM_LossyImageCompression, "01"));
    if (!lossy->lossy_ratio.empty())
      all_.note(set.putAndInsertString(DCM_LossyImageCompressionRatio, lossy->lossy_ratio.c_str()));
    if (!lossy->lossy_method.empty())
      all_.note(
          set.putAndInsertString(DCM_LossyImageCompressionMethod, lossy->lossy_method.c_str()));
  }

  void addDimensions() {
    const std::string uid = uidFromText("seg dimensions " + facts_.key);
    auto& dimensions = object_->getDimensions();
    all_.note(dimensions.addDimensionIndex(DCM_ReferencedSegmentNumber, uid.c_str(),
                                           DCM_SegmentIdentificationSequence, "Segment"));
    all_.note(dimensions.addDimensionIndex(DCM_ImagePositionPatient, uid.c_str(),
                                           DCM_PlanePositionSequence, "Slice"));
  }

  void addShared() {
    const Geometry& g = stack_.image.geometry;
    FGPixelMeasures measures;
    const double thickness_mm =
        stack_.slices.front().thickness_mm.value_or(stack_.image.geometry.spacing_mm[2]);
    all_.note(measures.setPixelSpacing(decimals({g.spacing_mm[1], g.spacing_mm[0]}).c_str()));
    all_.note(measures.setSliceThickness(decimal(thickness_mm).c_str()));
    all_.note(measures.setSpacingBetweenSlices(decimal(g.spacing_mm[2]).c_str()));
    all_.note(object_->addForAllFrames(measures));
    const auto at = [&](std::size_t axis, std::size_t i) {
      return OFString(decimal(g.axes[axis][i]).c_str());
    };
    const std::unique_ptr<FGPlaneOrientationPatient> planes(
        FGPlaneOrientationPatient::createMinimal(at(0, 0), at(0, 1), at(0, 2), at(1, 0), at(1, 1),
                                                 at(1, 2)));
    if (all_.note(planes ? EC_Normal : EC_MemoryExhausted))
      all_.note(object_->addForAllFrames(*planes));
  }

  /// Every image, by series (Common Instance Reference).
  void addReferences() {
    auto& list = object_->getCommonInstanceReference().getReferencedSeriesItems();
    std::map<std::string, IODSeriesAndInstanceReferenceMacro::ReferencedSeriesItem*> by_series;
    for (const SourceImage& image : images_) {
      auto& series = by_series[image.series_uid];
      if (series == nullptr) {
        series = new IODSeriesAndInstanceReferenceMacro::ReferencedSeriesItem();
        list.push_back(series);  // owned by the object
        all_.note(series->setSeriesInstanceUID(image.series_uid.c_str()));
      }
      all_.note(series->addReference(image.sop_class.c_str(), image.sop_uid.c_str()));
    }
  }

  void addSegment(const TissueSegment& segment) {
    DcmSegment* made = nullptr;
    const bool manual = facts_.origin == MaskOrigin::Manual;
    all_.note(DcmSegment::create(made, segment.label, codeOf(segment.category),
                                 codeOf(segment.type), algorithmType(facts_.origin),
                                 manual ? "" : fitting(facts_.algorithm, 64).c_str()));
    if (made == nullptr) return;
    all_.note(made->getGeneralAnatomyCode().getAnatomicRegion().set(
        segment.region.value, segment.region.scheme, segment.region.meaning));
    all_.note(made->setRecommendedDisplayCIELabValue(segment.cielab[0], segment.cielab[1],
                                                     segment.cielab[2]));
    all_.note(made->setTrackingID(segment.label));
    all_.note(made->setTrackingUID(trackingUid(facts_, segment).c_str()));
    Uint16 number = 0;
    if (!all_.note(object_->addSegment(made, number))) {
      delete made;
      return;
    }
    for (int z = 0; z < stack_.sliceCount(); ++z) addFrame(segment, number, z);
  }

  void addFrame(const TissueSegment& segment, Uint16 number, int z) {
    const auto labels = mask_.slice(z);
    std::vector<Uint8> voxels(labels.size());
    std::ranges::transform(labels, voxels.begin(), [&segment](std::uint8_t label) {
      return static_cast<Uint8>(segment.holds(label) ? 1 : 0);
    });
    if (std::ranges::count(voxels, 1) == 0) return;
    const auto at = static_cast<std::size_t>(z);
    const Vec3& place = stack_.slices[at].origin_mm;
    const std::unique_ptr<FGPlanePosPatient> position(FGPlanePosPatient::createMinimal(
        decimal(place[0]).c_str(), decimal(place[1]).c_str(), decimal(place[2]).c_str()));
    FGFrameContent content;
    all_.note(content.setStackID("1"));
    all_.note(content.setInStackPositionNumber(static_cast<Uint32>(z + 1)));
    all_.note(content.setDimensionIndexValues(number, 0));
    all_.note(content.setDimensionIndexValues(static_cast<Uint32>(z + 1), 1));
    ImageSOPInstanceReferenceMacro image;
    all_.note(image.setReferencedSOPClassUID(images_[at].sop_class.c_str()));
    all_.note(image.setReferencedSOPInstanceUID(images_[at].sop_uid.c_str()));
    OFVector<ImageSOPInstanceReferenceMacro> images;
    images.push_back(image);
    const std::unique_ptr<FGDerivationImage> derivation(FGDerivationImage::createMinimal(
        images, "", CodeSequenceMacro("113076", "DCM", "Segmentation"),
        CodeSequenceMacro("121322", "DCM", "Source image for image processing operation")));
    if (!all_.note(position && derivation ? EC_Normal : EC_MemoryExhausted)) return;
    OFVector<FGBase*> groups;
    groups.push_back(position.get());
    groups.push_back(&content);
    groups.push_back(derivation.get());
    if (all_.note(object_->addFrame(voxels.data(), number, groups))) pack(voxels);
  }

  /// One bit a voxel, the first of a frame right behind the last of the one before (PS3.5 8.1.1).
  /// DCMTK 3.6.7 loses bits between frames that are no whole bytes.
  void pack(const std::vector<Uint8>& voxels) {
    for (const Uint8 voxel : voxels) {
      if (bits_ % 8 == 0) packed_.push_back(0);
      if (voxel != 0) packed_.back() = static_cast<Uint8>(packed_.back() | 1U << bits_ % 8);
      ++bits_;
    }
  }

  const Stack& stack_;
  const Mask& mask_;
  const std::vector<SourceImage>& images_;
  const MaskFacts& facts_;
  std::unique_ptr<DcmSegmentation> object_;
  std::vector<Uint8> packed_;
  std::size_t bits_ = 0;
  Conditions all_{"make the segmentation"};
};

}  // namespace

std::string trackingUid(const MaskFacts& facts, const TissueSegment& segment) {
  return uidFromText("seg tracking " + facts.key + " " + segment.label);
}

Result<void> writeDicomSegmentation(const std::filesystem::path& path, const Stack& stack,
                                    const Mask& mask, const std::vector<SourceImage>& images,
                                    const MaskFacts& facts) {
  GADOLIN_CHECK(prepareDcmtk());
  GADOLIN_CHECK(checkSources(stack, mask, images));
  if (tissueSegments(mask).empty())
    return Error{ErrorCode::InvalidInput, "The mask is empty: there is nothing to segment."};
  SegmentationBuilder builder(stack, mask, images, facts);
  GADOLIN_CHECK(builder.build());
  return builder.write(path);
}

}  // namespace gadolin::io
