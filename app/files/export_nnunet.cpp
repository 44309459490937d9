#include "app/files/export_nnunet.h"

#include <algorithm>
#include <iterator>
#include <regex>
#include <set>

#include "app/files/export_folder.h"
#include "app/files/export_volume.h"

namespace gadolin::ctl {
namespace {

using nlohmann::ordered_json;

constexpr std::uint8_t ignored = 5;  // nnU-Net wants it to be the highest number

/// Which of nnU-Net's folders a case goes to.
enum class Place { Out, Training, Test };

bool isSplit(const std::vector<ExportCase>& cases) {
  return std::ranges::any_of(cases,
                             [](const ExportCase& one) { return one.part != dataset::Part::None; });
}

/// Puts every case somewhere, and says of those that are left out why.
std::vector<Place> placesOf(const std::vector<ExportCase>& cases,
                            std::vector<std::string>& warnings) {
  const bool split = isSplit(cases);
  std::vector<Place> places;
  std::vector<std::string> without_mask, without_part;
  for (const ExportCase& one : cases) {
    Place place = Place::Out;
    if (one.part == dataset::Part::Test)
      place = Place::Test;
    else if (split && one.part == dataset::Part::None)
      without_part.push_back(one.name);
    else if (!one.reference)
      without_mask.push_back(one.name);
    else
      place = Place::Training;
    places.push_back(place);
  }
  if (!without_mask.empty())
    warnings.push_back("Left out, because nnU-Net trains on masks alone and nobody made one: " +
                       listOfNames(without_mask) + ".");
  if (!without_part.empty())
    warnings.push_back("Left out, because their patients are in no part of the split: " +
                       listOfNames(without_part) + ". `gadolinctl split` deals them.");
  return places;
}

/// [{"train": [...], "val": [...]}, ...]; empty when nobody is validated on.
ordered_json splitsOf(const std::vector<ExportCase>& cases, const std::vector<Place>& places) {
  std::set<int> folds;
  bool validation = false;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (places[i] != Place::Training) continue;
    if (cases[i].fold > 0) folds.insert(cases[i].fold);
    validation = validation || cases[i].part == dataset::Part::Validation;
  }
  const auto dealt = [&](const auto& isValidation) {
    ordered_json one{{"train", ordered_json::array()}, {"val", ordered_json::array()}};
    for (std::size_t i = 0; i < cases.size(); ++i)
      if (places[i] == Place::Training)
        one[isValidation(cases[i]) ? "val" : "train"].push_back(cases[i].name);
    return one;
  };
  ordered_json splits = ordered_json::array();
  for (const int fold : folds)
    splits.push_back(dealt([fold](const ExportCase& one) { return one.fold == fold; }));
  if (folds.empty() && validation)
    splits.push_back(
        dealt([](const ExportCase& one) { return one.part == dataset::Part::Validation; }));
  std::erase_if(splits.get_ref<ordered_json::array_t&>(),
                [](const ordered_json& one) { return one["train"].empty() || one["val"].empty(); });
  return splits;
}

class NnunetWriter {
 public:
  NnunetWriter(session::Project& project, ExportFolder folder)
      : project_(project), folder_(std::move(folder)) {}

  Result<void> writeCase(const ExportCase& one, Place place) {
    GADOLIN_CHECK(folder_.interrupted());
    GADOLIN_TRY(CaseData data, readCase(project_, one));
    if (const auto sentence = unevenlySpaced(one.name, data.stack)) warnings.push_back(*sentence);
    const std::string end = place == Place::Training ? "Tr/" : "Ts/";
    GADOLIN_CHECK(
        exportImage(folder_, "images" + end + one.name + "_0000.nii.gz", data.stack.image));
    if (!data.mask) return {};
    caveats_.lookAt(one, *data.mask);  // before slices are ignored
    for (const int z : data.undrawn_slices) {
      std::ranges::fill(data.mask->slice(z), ignored);
      has_ignored_ = true;
    }
    return exportMask(folder_, "labels" + end + one.name + ".nii.gz", *data.mask);
  }

  Result<void> writeTables(const std::vector<ExportCase>& cases, const std::vector<Place>& places) {
    std::vector<std::string> place_names;
    int training = 0;
    for (const Place place : places) {
      training += place == Place::Training ? 1 : 0;
      place_names.emplace_back(place == Place::Training ? "imagesTr"
                               : place == Place::Test   ? "imagesTs"
                                                        : "");
    }
    ordered_json labels{
        {"background", 0}, {"LV_cavity", 1}, {"myocardium", 2}, {"scar", 3}, {"MVO", 4}};
    if (has_ignored_) labels["ignore"] = ignored;
    const ordered_json dataset{{"channel_names", {{"0", "LGE"}}},
                               {"labels", labels},
                               {"numTraining", training},
                               {"file_ending", ".nii.gz"},
                               {"name", project_.name().toStdString()},
                               {"description",
                                "Late gadolinium enhancement, short axis. cases.csv says which "
                                "case is which patient's."},
                               {"converted_by", "Gadolin " GADOLIN_VERSION}};
    GADOLIN_CHECK(folder_.text("dataset.json", textOf(dataset)));
    const ordered_json splits = splitsOf(cases, places);
    if (!splits.empty()) {
      GADOLIN_CHECK(folder_.text("splits_final.json", textOf(splits)));
    } else {
      warnings.emplace_back(
          "There is no splits_final.json, because nobody of the training cases is validated on: "
          "nnU-Net will split by cases, not by patients. `gadolinctl split --folds 5` makes "
          "folds.");
    }
    return folder_.text("cases.csv", casesTable(cases, place_names));
  }

  Result<ExportOutcome> finish() {
    std::ranges::move(caveats_.sentences(), std::back_inserter(warnings));
    GADOLIN_TRY(auto files, folder_.commit());
    return ExportOutcome{std::move(files), std::move(warnings)};
  }

  std::vector<std::string> warnings;

 private:
  static std::string textOf(const ordered_json& document) {
    return document.dump(4, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  }

  session::Project& project_;
  ExportFolder folder_;
  MaskCaveats caveats_;
  bool has_ignored_ = false;
};

}  // namespace

Result<ExportOutcome> exportNnunet(session::Project& project, const std::filesystem::path& out,
                                   Output& output) {
  GADOLIN_TRY(const auto cases, exportCases(project));
  std::vector<std::string> warnings;
  const std::vector<Place> places = placesOf(cases, warnings);
  const auto training = std::ranges::count(places, Place::Training);
  if (training == 0)
    return Error{ErrorCode::InvalidInput,
                 "No patient outside the test part has a mask that a person made: nnU-Net would "
                 "have nothing to train on. Import masks or contour some stacks first."};
  GADOLIN_TRY(auto folder, ExportFolder::create(out));
  NnunetWriter writer(project, std::move(folder));
  writer.warnings = std::move(warnings);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    output.progress("Writing", static_cast<std::int64_t>(i),
                    static_cast<std::int64_t>(cases.size()));
    if (places[i] != Place::Out) GADOLIN_CHECK(writer.writeCase(cases[i], places[i]));
  }
  GADOLIN_CHECK(writer.writeTables(cases, places));
  static const std::regex dataset_name("Dataset[0-9]{3}_.+");
  const std::string name = std::filesystem::absolute(out).lexically_normal().filename().string();
  if (!name.empty() && !std::regex_match(name, dataset_name))
    writer.warnings.push_back(
        "nnU-Net finds data sets by names such as Dataset501_LGE: call the "
        "folder so within nnUNet_raw.");
  output.progress("Writing", 1, 1);
  return writer.finish();
}

}  // namespace gadolin::ctl
