#include "ui/session/worklists.h"

#include <algorithm>
#include <map>

#include "database/labels.h"
#include "database/stacks.h"
#include "ui/session/project.h"

namespace gadolin::session {
namespace {

/// What readers have said of one stack.
struct Said {
  int own = 0;
  int unsure = 0;
  std::map<int, SliceLabel> of_slice;
  std::map<int, bool> differs;
};

Result<std::vector<WorklistRow>> readWorklist(db::Database& database, const std::string& reader) {
  GADOLIN_TRY(const auto rows, db::cohortRows(database));
  GADOLIN_TRY(const auto labels, db::allSliceLabels(database));
  GADOLIN_TRY(const auto undecided, db::undecidedSlices(database));
  std::map<std::string, Said> said;
  for (const db::PatientLabelRecord& record : labels) {
    Said& of = said[record.label.stack];
    if (!reader.empty() && record.label.reader == reader) {
      ++of.own;
      of.unsure += record.label.label == SliceLabel::Unsure ? 1 : 0;
    }
    const auto [first, is_first] = of.of_slice.emplace(record.label.slice, record.label.label);
    if (!is_first && first->second != record.label.label) of.differs[record.label.slice] = true;
  }
  std::map<std::string, int> open;
  for (const auto& one : undecided) ++open[one.stack];
  std::vector<WorklistRow> list;
  list.reserve(rows.size());
  for (const db::CohortRow& row : rows) {
    WorklistRow item;
    item.stack = row.stack.id;
    item.patient = row.stack.patient;
    item.slices = row.stack.size[2];
    item.labelled_by_anyone = row.labelled_slices;
    item.rejected = row.verdict == db::Verdict::Rejected;
    if (const auto found = said.find(row.stack.id); found != said.end()) {
      item.labelled = found->second.own;
      item.unsure = found->second.unsure;
      item.disputed = static_cast<int>(found->second.differs.size());
    }
    if (const auto found = open.find(row.stack.id); found != open.end())
      item.undecided = found->second;
    list.push_back(std::move(item));
  }
  const auto rank = [](const WorklistRow& row) {
    if (row.labelled >= row.slices) return 3;
    if (row.labelled > 0) return 1;
    return row.labelled_by_anyone == 0 ? 0 : 2;
  };
  std::stable_sort(list.begin(), list.end(), [rank](const WorklistRow& a, const WorklistRow& b) {
    return rank(a) < rank(b);
  });
  return list;
}

}  // namespace

bool isIn(Worklist worklist, const WorklistRow& row) {
  switch (worklist) {
    case Worklist::All:
      return true;
    case Worklist::Unlabelled:
      return row.labelled == 0;
    case Worklist::Unfinished:
      return row.labelled > 0 && row.labelled < row.slices;
    case Worklist::Mine:
      return row.labelled > 0;
    case Worklist::Unsure:
      return row.unsure > 0;
    case Worklist::Disagreements:
      return row.disputed > 0;
    case Worklist::Rejected:
      return row.rejected;
  }
  return false;
}

QFuture<Result<std::vector<WorklistRow>>> labelWorklist(Project& project, std::string reader) {
  return project.read<std::vector<WorklistRow>>(
      [reader = std::move(reader)](db::Database& database) {
        return readWorklist(database, reader);
      });
}

QFuture<Result<std::vector<std::string>>> labelReaders(Project& project) {
  return project.read<std::vector<std::string>>(
      [](db::Database& database) -> Result<std::vector<std::string>> {
        GADOLIN_TRY(auto names, db::readers(database));
        std::erase(names, db::reference_reader);
        return names;
      });
}

}  // namespace gadolin::session
