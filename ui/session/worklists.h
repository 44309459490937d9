#pragma once
// What a reader may choose to work through.

#include <QFuture>
#include <array>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace gadolin::session {

class Project;

enum class Worklist {
  All,
  Unlabelled,     // no slice labelled by this reader
  Unfinished,     // begun by this reader
  Mine,           // with a label by this reader
  Unsure,         // a slice called unsure by this reader
  Disagreements,  // slices that readers labelled differently
  Rejected,       // whose newest prediction was rejected
};
inline constexpr std::array<Worklist, 7> all_worklists{
    Worklist::All,    Worklist::Unlabelled,    Worklist::Unfinished, Worklist::Mine,
    Worklist::Unsure, Worklist::Disagreements, Worklist::Rejected};

/// One stack of a reader's worklist.
struct WorklistRow {
  std::string stack;
  std::string patient;
  int slices = 0;
  int labelled = 0;  // by this reader
  int labelled_by_anyone = 0;
  int unsure = 0;     // by this reader
  int disputed = 0;   // slices that readers labelled differently
  int undecided = 0;  // of those, without a decision
  bool rejected = false;
};
bool isIn(Worklist worklist, const WorklistRow& row);

/// Every stack, in the order in which the reader should see them: those that nobody has labelled,
/// those the reader has begun, those that others have labelled, those the reader has finished.
QFuture<Result<std::vector<WorklistRow>>> labelWorklist(Project& project, std::string reader);

/// Names of those who have labelled a slice, sorted; not of the reader of imported masks.
QFuture<Result<std::vector<std::string>>> labelReaders(Project& project);

}  // namespace gadolin::session
