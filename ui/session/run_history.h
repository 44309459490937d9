#pragma once
// What the files of a run folder say: the curves of its past, and whether a worker is at it.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/run/event.h"
#include "core/run/run_folder.h"

namespace gadolin::session {

/// One epoch after another of every stage, in the order in which they happened; an epoch that was
/// trained again after a resume is there once, as it was the last time. Of the training alone: a
/// worker that only predicts writes into the same file, and what became of it says nothing of the
/// run.
struct RunHistory {
  std::vector<run::StageBegin> stages;
  /// Epochs that a stage was to have when it first began, before any were added.
  std::map<std::string, int, std::less<>> planned_epochs;
  std::vector<run::Epoch> epochs;
  std::vector<run::Preview> previews;  // paths relative to the run folder
  std::vector<run::CheckpointSaved> checkpoints;
  std::vector<run::Warning> warnings;
  std::optional<run::Hello> hello;  // of the last life
  std::optional<run::Done> done;    // of the last life
  int lives = 0;
  int bad_lines = 0;
};
/// Reads events.jsonl. Thread: a pool thread. An absent file is an empty history.
Result<RunHistory> readCurves(const run::RunFolder& folder);

/// What the worker that holds the lock of this run is at; nothing when nobody holds it. Thread:
/// any; a few system calls.
std::optional<run::Work> workAt(const run::RunFolder& folder);
/// True when a worker holds the lock of this run, to train or to predict.
bool workerAlive(const run::RunFolder& folder);
/// The worker's process id as written in the lock; only while it is alive.
std::optional<std::int64_t> workerPid(const run::RunFolder& folder);
/// True when a `latest` checkpoint of any stage is there.
bool hasCheckpoint(const run::RunFolder& folder);
/// What every message of a failed run with a checkpoint ends with; begins with a space.
inline constexpr const char* can_go_on = " It can go on from its last checkpoint.";
/// The last lines of worker.log, for the message of a worker that died without a word.
std::string logTail(const run::RunFolder& folder, std::size_t at_most_bytes = 600);

}  // namespace gadolin::session
