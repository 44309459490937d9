#include "ui/session/run_request.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <map>
#include <random>
#include <set>

#include "core/base/time.h"
#include "core/labels/whole_label.h"
#include "database/labels.h"
#include "database/masks.h"
#include "database/splits.h"
#include "database/stack_labels.h"
#include "database/stacks.h"

namespace gadolin::session {
namespace {

/// Weights, optimiser moments, latest and best, of the nets of a cascade: measured at some 90 MB a
/// U-Net checkpoint of 7.8 million parameters.
constexpr std::int64_t checkpoint_bytes = std::int64_t{600} << 20;

struct NamedPart {
  const char* name;
  const PartInputs* inputs;
};

std::string number(int count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

void splitObstacles(const RunInputs& inputs, std::vector<std::string>& found) {
  const int patients = inputs.train.patients + inputs.validation.patients + inputs.test.patients;
  if (patients + inputs.outside.patients == 0) {
    found.emplace_back("The project has no patients. Import a folder of LGE stacks first.");
    return;
  }
  if (patients == 0) {
    found.emplace_back(
        "The patients are not split into training, validation and test yet. Make a split first "
        "(`gadolinctl split PROJECT`, or Split in the Cohort workspace).");
    return;
  }
  for (const NamedPart part :
       {NamedPart{"training", &inputs.train}, NamedPart{"validation", &inputs.validation},
        NamedPart{"test", &inputs.test}}) {
    if (part.inputs->patients > 0) continue;
    found.push_back("The " + std::string(part.name) + " part of the split is empty (" +
                    number(patients, "patient", "patients") +
                    " in all parts). Split again with a larger share, or move patients to it.");
  }
}

/// Under weak supervision. A stage needs those before it: "fibrosis" trains all three.
bool wantsClassifier(const RunRequest& request) {
  return request.stage != "myocardium";
}

void outlineObstacle(const RunInputs& inputs, std::vector<std::string>& found) {
  if (inputs.train.masks > 0) return;
  found.push_back("The myocardium stage needs outlines, and none of the " +
                  number(inputs.train.stacks, "stack", "stacks") +
                  " of the training part has a mask. Import reference masks, or draw the "
                  "myocardium on some stacks in the Contour workspace.");
}

void sliceObstacles(const RunInputs& inputs, const RunRequest& request,
                    std::vector<std::string>& found) {
  if (wantsClassifier(request)) {
    const int negative = inputs.train.labelled_slices - inputs.train.positive_slices;
    if (inputs.train.labelled_slices == 0) {
      found.push_back("None of the " + number(inputs.train.slices, "slice", "slices") +
                      " of the training part has a label. Label them in the Label workspace, or "
                      "import labels (`gadolinctl labels import`), or derive them from masks "
                      "(`gadolinctl labels derive`).");
    } else if (inputs.train.positive_slices == 0 || negative == 0) {
      found.push_back("All " + std::to_string(inputs.train.labelled_slices) +
                      " labelled slices of the training part say " +
                      (negative == 0 ? "fibrosis" : "none") +
                      "; the classifier needs slices of both kinds. Label more stacks.");
    }
    if (inputs.validation.labelled_slices == 0) {
      found.push_back("None of the " + number(inputs.validation.slices, "slice", "slices") +
                      " of the validation part has a label, so the best classifier could not be "
                      "chosen. Label the stacks of the validation patients.");
    }
  }
  outlineObstacle(inputs, found);
}

void stackObstacles(const RunInputs& inputs, const RunRequest& request,
                    std::vector<std::string>& found) {
  if (wantsClassifier(request)) {
    const int negative = inputs.train.labelled_stacks - inputs.train.positive_stacks;
    if (inputs.train.labelled_stacks == 0) {
      found.push_back("Of none of the " + number(inputs.train.stacks, "stack", "stacks") +
                      " of the training part it is known whether there is fibrosis. Import labels "
                      "of whole stacks (`gadolinctl labels import`), or label their slices.");
    } else if (inputs.train.positive_stacks == 0 || negative == 0) {
      found.push_back("All " + std::to_string(inputs.train.labelled_stacks) +
                      " labelled stacks of the training part have " +
                      (negative == 0 ? "fibrosis" : "none") +
                      "; the classifier needs stacks of both kinds. A stack counts as free of "
                      "fibrosis when every slice of it is labelled.");
    }
    if (inputs.validation.labelled_stacks == 0) {
      found.push_back("Of none of the " + number(inputs.validation.stacks, "stack", "stacks") +
                      " of the validation part it is known whether there is fibrosis, so the best "
                      "classifier could not be chosen. Label the stacks of the validation "
                      "patients.");
    }
  }
  outlineObstacle(inputs, found);
}

void mixedObstacles(const RunInputs& inputs, const RunRequest& request,
                    std::vector<std::string>& found) {
  const PartInputs& train = inputs.train;
  if (wantsClassifier(request) && train.labelled_slices + train.labelled_stacks == 0) {
    found.emplace_back(
        "Mixed supervision learns from labels beside masks, and the training part has no label. "
        "Label slices or whole stacks, or train from the masks alone (--supervision pixel).");
  }
  outlineObstacle(inputs, found);
}

void pixelObstacles(const RunInputs& inputs, std::vector<std::string>& found) {
  for (const NamedPart part :
       {NamedPart{"training", &inputs.train}, NamedPart{"validation", &inputs.validation}}) {
    if (part.inputs->masks > 0 || part.inputs->patients == 0) continue;
    found.push_back("Pixel supervision learns from masks, and none of the " +
                    number(part.inputs->stacks, "stack", "stacks") + " of the " + part.name +
                    " part has one. Import reference masks, or draw them in the Contour workspace, "
                    "or train from slice labels instead (--supervision slice).");
  }
}

}  // namespace

Result<PatientParts> partsOf(db::Database& database, PatientParts parts) {
  if (!parts.empty()) return parts;
  GADOLIN_TRY(const auto split, db::split(database));
  for (const auto& row : split) parts[row.patient] = row.part;
  return parts;
}

Result<RunInputs> countInputs(db::Database& database, const PatientParts& parts) {
  GADOLIN_TRY(const PatientParts part_of, partsOf(database, parts));
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  GADOLIN_TRY(const auto masks, db::latestPersonMasks(database));
  GADOLIN_TRY(const auto labels, db::allConsensusLabels(database));
  GADOLIN_TRY(const auto said, db::saidStackLabels(database));
  GADOLIN_TRY(const auto undecided, db::undecidedSlices(database));
  std::map<std::string, int> undecided_of;
  for (const auto& one : undecided) ++undecided_of[one.stack];
  RunInputs inputs;
  std::map<std::string, int> seen;
  for (const db::StackRecord& stack : stacks) {
    const auto at = part_of.find(stack.patient);
    const dataset::Part part = at == part_of.end() ? dataset::Part::None : at->second;
    if (part == dataset::Part::Train || part == dataset::Part::Validation) {
      const auto open = undecided_of.find(stack.id);
      inputs.undecided_slices += open == undecided_of.end() ? 0 : open->second;
    }
    PartInputs& counts = part == dataset::Part::Train        ? inputs.train
                         : part == dataset::Part::Validation ? inputs.validation
                         : part == dataset::Part::Test       ? inputs.test
                                                             : inputs.outside;
    if (seen[stack.patient]++ == 0) ++counts.patients;
    ++counts.stacks;
    counts.slices += stack.size[2];
    if (part != dataset::Part::None) {
      inputs.voxels += std::int64_t{stack.size[0]} * stack.size[1] * stack.size[2];
    }
    if (masks.contains(stack.id)) ++counts.masks;
    const auto known = labels.find(stack.id);
    const auto whole = said.find(stack.id);
    const std::vector<SliceLabel> slices =
        known == labels.end() ? std::vector<SliceLabel>() : known->second;
    const SliceLabel of_stack =
        wholeLabel(slices, whole == said.end() ? SliceLabel::Unlabelled : whole->second);
    counts.positive_stacks += of_stack == SliceLabel::Fibrosis ? 1 : 0;
    counts.labelled_stacks +=
        of_stack == SliceLabel::Fibrosis || of_stack == SliceLabel::None ? 1 : 0;
    for (const SliceLabel label : slices) {
      counts.positive_slices += label == SliceLabel::Fibrosis ? 1 : 0;
      counts.labelled_slices += label == SliceLabel::Fibrosis || label == SliceLabel::None ? 1 : 0;
    }
  }
  return inputs;
}

std::string remark(const RunInputs& inputs, run::Supervision supervision) {
  if (supervision == run::Supervision::Pixel || inputs.undecided_slices == 0) return {};
  const bool one = inputs.undecided_slices == 1;
  return "Readers disagree on " + std::to_string(inputs.undecided_slices) +
         (one ? " slice" : " slices") + " and nobody has decided: the newest label counts. Decide " +
         (one ? "it" : "them") + " in Label, worklist Disagreements.";
}

std::vector<std::string> obstacles(const RunInputs& inputs, const RunRequest& request) {
  std::vector<std::string> found;
  if (!inputs.no_worker.empty()) found.push_back(inputs.no_worker);
  const std::size_t before = found.size();
  splitObstacles(inputs, found);
  if (found.size() > before) return found;
  switch (request.supervision) {
    case run::Supervision::Pixel:
      pixelObstacles(inputs, found);
      break;
    case run::Supervision::Slice:
      sliceObstacles(inputs, request, found);
      break;
    case run::Supervision::Stack:
      stackObstacles(inputs, request, found);
      break;
    case run::Supervision::Mixed:
      mixedObstacles(inputs, request, found);
      break;
  }
  return found;
}

Result<run::Settings> settingsOf(const RunRequest& request) {
  const auto oneOf = [](const std::string& value, auto... known) {
    return ((value == known) || ...);
  };
  if (!oneOf(request.stage, "all", "myocardium", "classifier", "fibrosis")) {
    return Error{ErrorCode::InvalidInput, "There is no stage '" + request.stage +
                                              "'. Use all, myocardium, classifier or fibrosis."};
  }
  if (!oneOf(request.device, "auto", "cpu", "cuda")) {
    return Error{ErrorCode::InvalidInput,
                 "There is no device '" + request.device + "'. Use auto, cpu or cuda."};
  }
  if (request.supervision == run::Supervision::Pixel && request.stage == "classifier") {
    return Error{ErrorCode::InvalidInput,
                 "Pixel supervision has no classifier stage. Use --supervision slice, stack or "
                 "mixed for it."};
  }
  GADOLIN_TRY(auto settings, run::Settings::preset(request.preset));
  GADOLIN_CHECK(settings.suit(request.preset, run::toText(request.supervision)));
  for (const auto& [key, value] : request.settings) GADOLIN_CHECK(settings.set(key, value));
  const bool limited = settings.integer("mixed.pixel_patients") >= 0 ||
                       settings.integer("mixed.slice_patients") >= 0 || !request.at_most.empty();
  if (limited && request.supervision != run::Supervision::Mixed) {
    return Error{ErrorCode::InvalidInput,
                 "How many patients show their masks or slice labels can be limited under mixed "
                 "supervision alone. Use --supervision mixed."};
  }
  return settings;
}

Result<void> checkLevels(db::Database& database, const Sights& at_most) {
  if (at_most.empty()) return {};
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  std::set<std::string, std::less<>> known;
  for (const db::StackRecord& stack : stacks) known.insert(stack.patient);
  for (const auto& [patient, sight] : at_most) {
    if (known.contains(patient)) continue;
    return Error{ErrorCode::InvalidInput,
                 "The table of levels names patient '" + patient +
                     "', of whom the project has no stack. Correct the name, or remove its line."};
  }
  return {};
}

Result<RunInputs> preflight(db::Database& database, const ProjectPaths& paths,
                            const RunRequest& request) {
  GADOLIN_CHECK(settingsOf(request));
  GADOLIN_CHECK(checkLevels(database, request.at_most));
  GADOLIN_TRY(const RunInputs inputs, countInputs(database, request.parts));
  const auto found = obstacles(inputs, request);
  if (!found.empty()) {
    std::string text = found.front();
    for (std::size_t i = 1; i < found.size(); ++i) text += "\n" + found[i];
    return Error{ErrorCode::Conflict, text};
  }
  // Image float32 and mask uint8 a voxel.
  const std::int64_t needed = inputs.voxels * 5 + checkpoint_bytes;
  std::error_code code;
  const auto space = std::filesystem::space(paths.root, code);
  if (!code && space.available < static_cast<std::uintmax_t>(needed)) {
    return Error{ErrorCode::NoSpace, "The run needs some " + std::to_string(needed >> 20) +
                                         " MB below " + paths.root.string() + ", and " +
                                         std::to_string(space.available >> 20) +
                                         " MB are free. Remove old runs or other files."};
  }
  return inputs;
}

std::string newRunId(std::string_view what) {
  const std::string now = utcNow();  // 2026-11-25T05:12:...
  const std::string stamp = now.substr(0, 4) + now.substr(5, 2) + now.substr(8, 2) + "-" +
                            now.substr(11, 2) + now.substr(14, 2);
  constexpr std::string_view digits = "0123456789abcdef";
  std::random_device device;
  std::string tail;
  for (int i = 0; i < 4; ++i) tail += digits[device() % digits.size()];
  return stamp + "-" + std::string(what) + "-" + tail;
}

std::string newRunId(const RunRequest& request) {
  return newRunId(std::string(toText(request.supervision)) + "-" + request.preset);
}

}  // namespace gadolin::session
