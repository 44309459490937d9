#include "app/files/export_emidec.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "app/files/export_folder.h"
#include "app/files/export_volume.h"
#include "core/imaging/display_orientation.h"
#include "ui/session/clinical_table.h"
#include "ui/session/import_layout.h"

namespace gadolin::ctl {
namespace {

/// The same voxels at the same places, counted from the other end. A grid that no orientation is
/// known of stays at the origin: that is how it is known (display_orientation.h), and a place that
/// nobody knows cannot be kept. The heart keeps its shape.
template <typename T>
Volume<T> fromTheOtherEnd(const Volume<T>& volume) {
  Geometry g = volume.geometry;
  const int slices = g.size[2];
  if (displayOrientation(g).known) g.origin_mm = volume.geometry.toWorld(0, 0, slices - 1);
  g.axes[2] = -1.0 * g.axes[2];
  Volume<T> turned(g);
  for (int z = 0; z < slices; ++z)
    std::ranges::copy(volume.slice(slices - 1 - z), turned.slice(z).begin());
  return turned;
}

/// "Case_P001", "Case_P7-s2"; a name that begins so already is kept. Where that gives two cases one
/// name (patients P1 and Case_P1), the one that had to be named so becomes "Case_P1-2".
void nameCases(std::vector<ExportCase>& cases, std::vector<std::string>& warnings) {
  std::map<std::string, int> stacks_of;
  for (const ExportCase& one : cases) ++stacks_of[one.stack.patient];
  std::vector<std::string> several, renamed;
  std::set<std::string> taken;
  std::vector<ExportCase*> to_name;
  for (ExportCase& one : cases) {
    const bool single = stacks_of[one.stack.patient] == 1;
    one.name = single ? session::safePatient(one.stack.patient) : one.stack.id;
    if (!one.name.starts_with("Case_") || !taken.insert(one.name).second) to_name.push_back(&one);
  }
  for (ExportCase* one : to_name) {
    const std::string wanted = one->name.starts_with("Case_") ? one->name : "Case_" + one->name;
    one->name = wanted;
    for (int number = 2; !taken.insert(one->name).second; ++number)
      one->name = wanted + "-" + std::to_string(number);
    if (one->name != wanted) renamed.push_back(one->name);
  }
  for (const ExportCase& one : cases)
    if (stacks_of[one.stack.patient] > 1) several.push_back(one.name);
  if (!several.empty())
    warnings.push_back(
        "EMIDEC's layout has one stack a patient; of patients with several, each "
        "stack became a case: " +
        listOfNames(several) + ". cases.csv says whose they are.");
  if (!renamed.empty())
    warnings.push_back("Their names were those of other cases, so that they got a number: " +
                       listOfNames(renamed) + ". cases.csv says whose they are.");
}

std::string inOneLine(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

/// The name of a fact as a sheet can hold it: a colon would end it.
std::string factName(const db::ClinicalColumnRecord& column, bool unit_with_value) {
  std::string name = column.name;
  std::ranges::replace(name, ':', ' ');
  if (!column.unit.empty() && !unit_with_value) name += " [" + column.unit + "]";
  return inOneLine(name);
}

/// "13 mm" is what EMIDEC writes; a unit with digits in it (m2) would not be read back so.
bool unitGoesWithValue(const session::ClinicalTable& table, std::size_t column) {
  const std::string& unit = table.columns[column].unit;
  const bool plain = !unit.empty() && unit.size() <= 8 &&
                     std::ranges::all_of(unit, [](char c) { return c >= 'A' && c <= 'z'; });
  return plain && std::ranges::all_of(table.patients, [column](const auto& patient) {
           const db::ClinicalValueRecord& value = patient.second[column];
           return value.value.empty() || value.number.has_value();
         });
}

/// "Case P001", an empty line, then "Age : 65": as the challenge has them, in UTF-8. Empty when
/// nothing is known.
std::string caseSheet(const session::ClinicalTable& table, const ExportCase& one) {
  const auto known = table.patients.find(one.stack.patient);
  if (known == table.patients.end()) return {};
  std::string facts;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string& value = known->second[i].value;
    if (value.empty()) continue;
    const bool with_value = unitGoesWithValue(table, i);
    facts += factName(table.columns[i], with_value) + " : " + inOneLine(value) +
             (with_value ? " " + table.columns[i].unit : "") + "\n";
  }
  return facts.empty() ? facts : one.name + "\n\n" + facts;
}

Result<void> writeEmidecCase(session::Project& project, ExportFolder& folder, const ExportCase& one,
                             MaskCaveats& caveats, std::vector<std::string>& warnings) {
  GADOLIN_TRY(CaseData data, readCase(project, one));
  if (const auto sentence = unevenlySpaced(one.name, data.stack)) warnings.push_back(*sentence);
  if (!data.undrawn_slices.empty())
    warnings.push_back(one.name + ": nobody drew on " + std::to_string(data.undrawn_slices.size()) +
                       " of its slices yet; the file has them as background.");
  if (data.mask) caveats.lookAt(one, *data.mask);
  if (!data.stack.apex_first) {
    data.stack.image = fromTheOtherEnd(data.stack.image);
    if (data.mask) data.mask = fromTheOtherEnd(*data.mask);
  }
  GADOLIN_CHECK(
      exportImage(folder, one.name + "/Images/" + one.name + ".nii.gz", data.stack.image));
  if (!data.mask) return {};
  return exportMask(folder, one.name + "/Contours/" + one.name + ".nii.gz", *data.mask);
}

}  // namespace

Result<ExportOutcome> exportEmidec(session::Project& project, const std::filesystem::path& out,
                                   Output& output) {
  GADOLIN_TRY(auto cases, exportCases(project));
  ExportOutcome outcome;
  nameCases(cases, outcome.warnings);
  GADOLIN_TRY(const auto clinical, session::clinicalTable(project.reader()));
  GADOLIN_TRY(auto folder, ExportFolder::create(out));
  std::vector<std::string> place, without_mask;
  MaskCaveats caveats;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    output.progress("Writing", static_cast<std::int64_t>(i),
                    static_cast<std::int64_t>(cases.size()));
    GADOLIN_CHECK(folder.interrupted());
    GADOLIN_CHECK(writeEmidecCase(project, folder, cases[i], caveats, outcome.warnings));
    if (const std::string sheet = caseSheet(clinical, cases[i]); !sheet.empty())
      GADOLIN_CHECK(folder.text(cases[i].name + ".txt", sheet));
    if (!cases[i].reference) without_mask.push_back(cases[i].name);
    place.push_back(cases[i].name);
  }
  output.progress("Writing", 1, 1);
  if (!without_mask.empty())
    outcome.warnings.push_back("No mask, because nobody made one: " + listOfNames(without_mask) +
                               ".");
  std::ranges::move(caveats.sentences(), std::back_inserter(outcome.warnings));
  if (!clinical.patients.empty()) {
    GADOLIN_TRY(const std::string table, session::exportClinical(project.reader()));
    GADOLIN_CHECK(folder.text("clinical.csv", table));
  }
  GADOLIN_CHECK(folder.text("cases.csv", casesTable(cases, place)));
  GADOLIN_TRY(outcome.files, folder.commit());
  return outcome;
}

}  // namespace gadolin::ctl
