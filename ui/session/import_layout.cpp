#include "ui/session/import_layout.h"

#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <set>
#include <utility>

#include "core/base/hash.h"
#include "core/base/id.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  });
  return text;
}

std::string stemOf(const fs::path& path) {
  const std::string name = path.filename().string();
  const std::string ending = volumeEndingOf(name);
  return ending.empty() ? path.stem().string() : name.substr(0, name.size() - ending.size());
}

constexpr std::array<std::string_view, 10> mask_endings{
    "_gt", "_mask", "_seg", "_segmentation", "_label", "_labels", "-label", "-myo", "_myo", ".seg"};
// Folder of masks, and where the images of the same names lie beside it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> mask_folders{
    {{"contours", "images"},
     {"labels", "images"},
     {"masks", "images"},
     {"segmentations", "images"},
     {"labelstr", "imagestr"},
     {"labelsts", "imagests"}}};
constexpr std::array<std::string_view, 8> speechless{"image",  "img",  "lge", "data",
                                                     "volume", "psir", "mag", "sax"};

bool isImageFolder(const std::string& name) {
  return std::ranges::any_of(mask_folders, [&](const auto& pair) { return pair.second == name; });
}

struct Named {
  std::string stem;
  std::string folder;             // lower case name of the parent
  std::string ending;             // of a mask by its name, with the separator
  std::string_view image_folder;  // of a mask by its folder
  [[nodiscard]] bool isMask() const { return !ending.empty() || !image_folder.empty(); }
};

Named nameOf(const fs::path& path) {
  Named named{stemOf(path), lower(path.parent_path().filename().string()), {}, {}};
  const std::string stem = lower(named.stem);
  for (const auto ending : mask_endings) {
    if (stem.size() > ending.size() && stem.ends_with(ending)) named.ending = ending;
  }
  for (const auto& [masks, images] : mask_folders) {
    if (named.folder == masks) named.image_folder = images;
  }
  return named;
}

/// Without the channel number of nnU-Net.
std::string withoutChannel(const std::string& stem) {
  static const std::regex channel("_[0-9]{4}$");
  return std::regex_replace(stem, channel, "");
}

bool isAcdc(const std::string& stem) {
  static const std::regex pattern("patient[0-9]+_(frame[0-9]+(_gt)?|4d)", std::regex::icase);
  return std::regex_match(stem, pattern);
}

class Sorter {
 public:
  Sorter(const std::vector<fs::path>& paths, Layout layout) : paths_(paths), layout_(layout) {
    for (std::size_t i = 0; i < paths.size(); ++i) {
      names_.push_back(nameOf(paths[i]));
      by_place_.emplace(std::pair(lower(paths[i].parent_path().string()), lower(names_[i].stem)),
                        i);
      if (!names_[i].isMask()) folders_of_stem_[names_[i].stem].insert(paths[i].parent_path());
    }
  }

  NiftiSorting sort() {
    std::map<std::size_t, std::size_t> mask_of;  // image, mask
    std::vector<bool> taken(paths_.size(), false);
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      if (!names_[i].isMask()) continue;
      const auto image = imageOf(i);
      // A name such as "sax_label" in a folder of images alone may still be an image: only the
      // folder tells for certain. Without an image beside it, it stays a mask.
      if (image)
        mask_of.emplace(*image, i);
      else
        sorting_.orphans.push_back(i);
    }
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      if (!names_[i].isMask()) addCase(i, mask_of);
    }
    std::erase_if(sorting_.orphans, [&](std::size_t i) {
      const bool stranger = !fits(i);
      if (stranger) sorting_.strangers.push_back(i);
      return stranger;
    });
    return std::move(sorting_);
  }

 private:
  [[nodiscard]] bool isEmidec(std::size_t i) const {
    return names_[i].folder == "images" || names_[i].folder == "contours";
  }

  [[nodiscard]] bool fits(std::size_t i) const {
    switch (layout_) {
      case Layout::Emidec:
        return isEmidec(i);
      case Layout::Acdc:
        return isAcdc(names_[i].stem);
      case Layout::Dicom:
        return false;
      case Layout::Auto:
      case Layout::Nifti:
        break;
    }
    return true;
  }

  [[nodiscard]] std::optional<std::size_t> imageOf(std::size_t mask) const {
    const auto& name = names_[mask];
    const fs::path folder = paths_[mask].parent_path();
    std::vector<std::string> stems{name.stem, name.stem + "_0000"};
    if (!name.ending.empty()) {
      const std::string bare = name.stem.substr(0, name.stem.size() - name.ending.size());
      stems.push_back(bare);
      stems.push_back(bare + "_0000");
    }
    std::vector<fs::path> folders;
    if (!name.image_folder.empty()) {
      folders = {folder.parent_path() / name.image_folder, folder.parent_path()};
    }
    folders.push_back(folder);
    for (const auto& place : folders) {
      for (const auto& stem : stems) {
        const auto found = by_place_.find({lower(place.string()), lower(stem)});
        if (found != by_place_.end() && found->second != mask && !names_[found->second].isMask()) {
          return found->second;
        }
      }
    }
    return name.ending == ".seg" ? onlyImageIn(folder) : std::nullopt;
  }

  /// Slicer calls what it saves "Segmentation.seg.nrrd", whatever the image's name.
  [[nodiscard]] std::optional<std::size_t> onlyImageIn(const fs::path& folder) const {
    std::optional<std::size_t> only;
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      if (names_[i].isMask() || paths_[i].parent_path() != folder) continue;
      if (only) return std::nullopt;
      only = i;
    }
    return only;
  }

  [[nodiscard]] std::string patientOf(std::size_t image) const {
    const auto& name = names_[image];
    static const std::regex acdc_frame("_(frame[0-9]+|4d)$", std::regex::icase);
    if (isAcdc(name.stem) && layout_ != Layout::Nifti)
      return std::regex_replace(name.stem, acdc_frame, "");
    if (name.folder == "imagestr" || name.folder == "imagests") return withoutChannel(name.stem);
    const bool says_nothing = std::ranges::find(speechless, lower(name.stem)) != speechless.end() ||
                              folders_of_stem_.at(name.stem).size() > 1;
    fs::path folder = paths_[image].parent_path();
    if (isImageFolder(name.folder)) folder = folder.parent_path();
    return says_nothing && folder.has_filename() ? folder.filename().string() : name.stem;
  }

  void addCase(std::size_t image, const std::map<std::size_t, std::size_t>& mask_of) {
    if (!fits(image)) {
      sorting_.strangers.push_back(image);
      return;
    }
    NiftiCase found;
    found.image = image;
    found.patient = safePatient(patientOf(image));
    found.description = names_[image].stem;
    if (const auto mask = mask_of.find(image); mask != mask_of.end()) {
      found.mask = mask->second;
      if (names_[mask->second].ending.ends_with("myo")) found.labels = LabelTable::Myocardium;
    }
    const bool contours = found.mask && names_[*found.mask].folder == "contours";
    if (layout_ != Layout::Nifti) {
      if (isAcdc(names_[image].stem)) {
        found.labels = LabelTable::Acdc;
        found.apex_first = false;
      } else if (layout_ == Layout::Emidec || (names_[image].folder == "images" && contours)) {
        found.apex_first = true;
      }
    }
    sorting_.cases.push_back(std::move(found));
  }

  const std::vector<fs::path>& paths_;
  Layout layout_;
  std::vector<Named> names_;
  std::map<std::pair<std::string, std::string>, std::size_t>
      by_place_;                                               // folder and stem, lower case
  std::map<std::string, std::set<fs::path>> folders_of_stem_;  // of images
  NiftiSorting sorting_;
};

}  // namespace

std::optional<Layout> layoutFromText(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, Layout>, 5> known{{{"auto", Layout::Auto},
                                                                      {"emidec", Layout::Emidec},
                                                                      {"acdc", Layout::Acdc},
                                                                      {"dicom", Layout::Dicom},
                                                                      {"nifti", Layout::Nifti}}};
  for (const auto& [name, layout] : known) {
    if (name == text) return layout;
  }
  return std::nullopt;
}

NiftiSorting sortNifti(const std::vector<fs::path>& paths, Layout layout) {
  return Sorter(paths, layout).sort();
}

std::string safePatient(const std::string& name) {
  std::string safe = toSafeName(name);
  // A space is nobody's difference between two patients; any other replaced letter may be.
  std::string spaced = name;
  std::ranges::replace(spaced, ' ', '_');
  if (safe == spaced && safe.size() <= 100) return safe;  // room for "-s12" in a stack's id
  return safe.substr(0, 100) + "-" + sha256Hex(name).substr(0, 6);
}

std::string volumeEndingOf(const std::string& name) {
  for (const std::string_view ending :
       {".nii.gz", ".nii", ".hdr.gz", ".hdr", ".nrrd", ".nhdr", ".mha", ".mhd", ".mgz"}) {
    if (name.size() > ending.size() && lower(name).ends_with(ending))
      return name.substr(name.size() - ending.size());
  }
  return {};
}

}  // namespace gadolin::session
