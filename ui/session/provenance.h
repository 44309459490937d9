#pragma once
// From a number in a report or table back to what it was made of: stack, revision of the mask with
// its ancestors, run, labels and who gave them, split.

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "database/database.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

/// What a word can name in a project.
enum class Named { Patient, Stack, Run, Revision, Figure };
std::string_view toText(Named named);  // "patient", "stack", "run", "revision", "figure"
std::optional<Named> namedFromText(std::string_view text);

/// Everything that is known of `word`, as JSON text of one object whose "kind" is the text above:
/// - a patient: split, and each of its stacks as below;
/// - a stack (also one that was set aside): import, split, the label that counts on each slice (1 =
///   most basal) with who gave it and what others said, all revisions, predictions with their
///   reviews, and which revision the patient's report, the reference and the newest prediction are;
/// - a run: settings that differ from the preset, seed, versions, the frozen dataset with its parts,
///   who gave its labels, weights with hashes, threshold, evaluation;
/// - the number of a mask revision: author, time, source, ancestors up to the first, what followed,
///   and, of a prediction, its run and what that had seen of the patient;
/// - "STACK:SOURCE", a row of `quantify` (SOURCE as in its column): the figures measured again, the
///   revision, the run and the labels behind them.
/// Facts that are not known are absent or null. `as`: what the word names, where it names several
/// things. NotFound: nothing of that name. Conflict: it names several. Thread: the connection's; a
/// run's weights and a figure's images are read, some 100 ms.
Result<std::string> provenance(const ProjectPaths& paths, db::Database& database,
                               const std::string& word, std::optional<Named> as = std::nullopt);

/// The same for a person, in lines. `json`: what provenance() returned.
std::string provenanceText(const std::string& json);

}  // namespace gadolin::session
