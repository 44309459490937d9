#pragma once
// Which volume file (NIfTI, NRRD, MetaImage) is an image and which its mask, and whose: told by names and folders.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/imaging/decode_protocol.h"

namespace gadolin::session {

/// Auto recognises each by its names. The others take what fits them and refuse other NIfTI files.
enum class Layout { Auto, Emidec, Acdc, Dicom, Nifti };
std::optional<Layout> layoutFromText(std::string_view text);

/// An image with its mask, as indices into the given paths.
struct NiftiCase {
  std::size_t image = 0;
  std::optional<std::size_t> mask;
  LabelTable labels = LabelTable::Tissue;
  std::optional<bool> apex_first;  // where the layout says it
  std::string patient;             // a safe name
  std::string description;         // the image's file name without its ending
};

struct NiftiSorting {
  std::vector<NiftiCase> cases;        // in the order of their images
  std::vector<std::size_t> orphans;    // masks whose image is not there
  std::vector<std::size_t> strangers;  // files that do not fit the layout asked for
};

/// Layouts known: EMIDEC (X/Images/X, X/Contours/X; apex first), ACDC (patientN_frameM and ..._gt;
/// base first), nnU-Net (imagesTr/X_0000, labelsTr/X), and plain files with their mask beside them
/// (X_gt, X_mask, X_seg, X_label, X-myo, X.seg.nrrd; a single .seg.nrrd beside a single image) or under the same name in labels/, masks/ or Contours/.
/// The patient is the image's name, or its folder's where that name says nothing ("image.nii.gz").
NiftiSorting sortNifti(const std::vector<std::filesystem::path>& paths, Layout layout);

/// ".nii.gz", ".nrrd" and so on as the name has it; empty for what is no volume file by its name. Of a
/// NIfTI image in two files the header is the volume file.
std::string volumeEndingOf(const std::string& name);

/// A patient id as the project spells it. Ids that differ stay different.
std::string safePatient(const std::string& name);

}  // namespace gadolin::session
