#include "app/files/export_cases.h"

#include <algorithm>
#include <map>

#include "core/base/csv.h"
#include "core/base/id.h"
#include "core/imaging/stack_file.h"
#include "database/masks.h"
#include "database/splits.h"
#include "database/stacks.h"
#include "ui/session/drawings.h"

namespace gadolin::ctl {

Result<std::vector<ExportCase>> exportCases(session::Project& project) {
  db::Database& database = project.reader();
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  if (stacks.empty())
    return Error{ErrorCode::InvalidInput, "There is no stack in the project. Import some first."};
  GADOLIN_TRY(const auto split, db::split(database));
  std::map<std::string, db::SplitRecord> part_of;
  for (const auto& record : split) part_of[record.patient] = record;
  std::vector<ExportCase> cases;
  for (const db::StackRecord& stack : stacks) {
    if (!isSafeName(stack.id))
      return Error{ErrorCode::Corrupt, "The project holds the stack '" + stack.id +
                                           "', which is no safe name. Nothing was exported; "
                                           "`gadolinctl check` looks the project over."};
    ExportCase one{stack.id, stack, std::nullopt, dataset::Part::None, 0};
    GADOLIN_TRY(const auto masks, db::masksOfStack(database, stack.id));
    one.reference = session::chooseReference(masks);
    if (const auto found = part_of.find(stack.patient); found != part_of.end()) {
      one.part = found->second.part;
      one.fold = found->second.fold.value_or(0);
    }
    cases.push_back(std::move(one));
  }
  return cases;
}

Result<CaseData> readCase(session::Project& project, const ExportCase& one) {
  CaseData data;
  GADOLIN_TRY(data.stack, readStack(project.paths().stack(one.stack.id)));
  if (!one.reference) return data;
  const db::MaskRecord& record = one.reference->record;
  GADOLIN_TRY(data.mask,
              readMaskOn(project.paths().mask(record.sha256), data.stack.image.geometry));
  GADOLIN_TRY(data.undrawn_slices, session::undrawnSlices(project.reader(), record, *data.mask));
  return data;
}

void MaskCaveats::lookAt(const ExportCase& one, const Mask& mask) {
  const bool scar = std::ranges::any_of(mask.voxels, isFibrosis);
  if (scar && !outlinesMyocardium(mask.voxels)) scar_alone_.push_back(one.name);
  if (one.reference && one.reference->began_as_prediction) edited_.push_back(one.name);
}

std::vector<std::string> MaskCaveats::sentences() const {
  std::vector<std::string> sentences;
  if (!scar_alone_.empty())
    sentences.push_back(
        "Their masks hold scar and no myocardium around it, which a network that is trained on "
        "them "
        "learns as background: " +
        listOfNames(scar_alone_) + ".");
  if (!edited_.empty())
    sentences.push_back("Their masks began as predictions: " + listOfNames(edited_) + ".");
  return sentences;
}

std::string casesTable(const std::vector<ExportCase>& cases,
                       const std::vector<std::string>& place) {
  std::string table =
      csvLine({"case", "patient", "stack", "part", "fold", "folder", "image_type", "slices",
               "reference_by", "reference_made", "reference_sha256", "began_as_prediction"});
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const ExportCase& one = cases[i];
    const db::MaskRecord* mask = one.reference ? &one.reference->record : nullptr;
    table +=
        csvLine({one.name, one.stack.patient, one.stack.id,
                 std::string(one.part == dataset::Part::None ? "" : toText(one.part)),
                 one.fold > 0 ? std::to_string(one.fold) : "", place[i],
                 std::string(toText(one.stack.kind)), std::to_string(one.stack.size[2]),
                 mask ? mask->author : "", mask ? mask->created_utc : "", mask ? mask->sha256 : "",
                 !mask                                ? ""
                 : one.reference->began_as_prediction ? "yes"
                                                      : "no"});
  }
  return table;
}

std::string listOfNames(const std::vector<std::string>& names, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
    text += (i > 0 ? ", " : "") + names[i];
  if (names.size() > most) text += " and " + std::to_string(names.size() - most) + " more";
  return text;
}

}  // namespace gadolin::ctl
