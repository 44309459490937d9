#pragma once
// Collects what reports say from the project and its run folders.

#include <functional>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/report/cohort_report.h"
#include "core/report/patient_report.h"
#include "database/database.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

/// The report of the patient's stack with the newest prediction, else of the first stack with a
/// person's mask. The measured mask is a reader's revision of that prediction where there is one,
/// else the prediction, else the person's mask; beside it stands a mask made without the model (see
/// chooseReference). NotFound: no such patient, or nothing segmented yet. Any thread that owns
/// `database`; some 50 ms.
Result<report::PatientReport> collectPatientReport(const ProjectPaths& paths,
                                                   db::Database& database,
                                                   const std::string& patient,
                                                   const std::string& gadolin_version);

/// The report of the whole project. `run`: whose model, curves and evaluation are shown; without it
/// the newest run that has been evaluated, else the newest that finished. What is missing is a
/// sentence among the notes. NotFound: no such run. Conflict: an empty project.
Result<report::CohortReport> collectCohortReport(
    const ProjectPaths& paths, db::Database& database, const std::string& project_name,
    const std::optional<std::string>& run, const std::string& gadolin_version,
    const std::function<void(int, int)>& progress = {});

/// The run that a report of the project is about: `run`, else the newest that was evaluated, else the
/// newest that finished, else none. NotFound: no such run.
Result<std::optional<std::string>> runToReport(const ProjectPaths& paths, db::Database& database,
                                               const std::optional<std::string>& run);

/// What is known of the model of a run, from run.json and the frozen dataset.
report::ModelFacts modelFacts(const ProjectPaths& paths, db::Database& database,
                              const std::string& run);

}  // namespace gadolin::session
