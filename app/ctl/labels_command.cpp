#include <algorithm>
#include <filesystem>
#include <memory>

#include "app/ctl/command.h"
#include "app/ctl/labels_import.h"
#include "core/base/files.h"
#include "database/clinical.h"
#include "database/journal.h"
#include "ui/session/account.h"
#include "ui/session/clinical_table.h"
#include "ui/session/label_table.h"
#include "ui/session/project.h"

namespace gadolin::ctl {
namespace {

struct LabelsArguments {
  std::string project;
  std::string file;
  bool history = false;
  bool clinical = false;
  std::string column;
};

Result<int> exportTable(const LabelsArguments& arguments) {
  GADOLIN_TRY(const auto project,
              session::Project::open(arguments.project, session::Access::ReadOnly));
  GADOLIN_TRY(const std::string table,
              arguments.history    ? session::exportLabelHistory(project->reader())
              : arguments.clinical ? session::exportClinical(project->reader())
                                   : session::exportLabels(project->reader()));
  GADOLIN_CHECK(writeFileAtomically(arguments.file, table));
  GADOLIN_TRY(const std::string back, readFile(arguments.file));
  if (back != table) {
    return Error{ErrorCode::Io, arguments.file +
                                    " does not hold what was written to it. Check "
                                    "the disk and export again."};
  }
  return static_cast<int>(std::count(table.begin(), table.end(), '\n')) - 1;
}

Result<session::DerivedLabels> derive(const LabelsArguments& arguments) {
  GADOLIN_TRY(const auto project, session::Project::open(arguments.project));
  return project->writeNow<session::DerivedLabels>(
      [&](db::Database& database) -> Result<session::DerivedLabels> {
        GADOLIN_TRY(const auto summary, session::deriveLabels(database, project->paths()));
        GADOLIN_CHECK(db::addAudit(database, session::accountName(), "labels-derive",
                                   std::to_string(summary.changed) + " labels changed."));
        return summary;
      });
}

CLI::App* addPart(CLI::App& command, const std::shared_ptr<LabelsArguments>& arguments,
                  const char* name, const char* what) {
  auto* part = command.add_subcommand(name, what);
  part->add_option("project", arguments->project, "Project folder")->required();
  return part;
}

void addExportPart(CLI::App& command, const std::shared_ptr<LabelsArguments>& arguments,
                   Context& context) {
  auto* part = addPart(command, arguments, "export",
                       "Write the labels, or the clinical columns, as a table");
  part->add_option("file", arguments->file, "CSV to write")->required();
  auto* history = part->add_flag("--history", arguments->history,
                                 "Every label ever given, not the present ones");
  part->add_flag("--clinical", arguments->clinical, "The clinical columns, one row a patient")
      ->excludes(history);
  part->callback([arguments, &context] {
    const auto rows = exportTable(*arguments);
    if (!rows) {
      context.status = context.output.fail(rows.error());
      return;
    }
    context.output.summary({{"rows", *rows}, {"file", arguments->file}},
                           "Wrote " + std::to_string(*rows) +
                               (arguments->clinical ? " patients" : " labels") + " to " +
                               arguments->file + ".");
  });
}

void addDerivePart(CLI::App& command, const std::shared_ptr<LabelsArguments>& arguments,
                   Context& context) {
  auto* part = addPart(command, arguments, "derive",
                       "Labels from the reference masks: fibrosis where a slice holds scar or MVO");
  part->callback([arguments, &context] {
    const auto summary = derive(*arguments);
    if (!summary) {
      context.status = context.output.fail(summary.error());
      return;
    }
    context.output.summary({{"stacks", summary->stacks},
                            {"positive_stacks", summary->positive_stacks},
                            {"slices", summary->slices},
                            {"positive_slices", summary->positive_slices},
                            {"changed", summary->changed},
                            {"without_mask", summary->without_mask}},
                           std::to_string(summary->positive_slices) + " of " +
                               std::to_string(summary->slices) + " slices and " +
                               std::to_string(summary->positive_stacks) + " of " +
                               std::to_string(summary->stacks) + " stacks show fibrosis; " +
                               std::to_string(summary->without_mask) +
                               " stacks have no reference mask and were left "
                               "alone.");
  });
}

Result<void> forget(const LabelsArguments& arguments) {
  GADOLIN_TRY(const auto project, session::Project::open(arguments.project));
  return project->writeNow<void>([&](db::Database& database) -> Result<void> {
    GADOLIN_CHECK(db::removeClinicalColumn(database, arguments.column));
    return db::addAudit(database, session::accountName(), "clinical-forget",
                        "Column '" + arguments.column + "' removed.");
  });
}

void addForgetPart(CLI::App& command, const std::shared_ptr<LabelsArguments>& arguments,
                   Context& context) {
  auto* part = addPart(command, arguments, "forget", "Take a clinical column out of the project");
  part->add_option("column", arguments->column, "Its name, without the unit")->required();
  part->callback([arguments, &context] {
    if (const auto done = forget(*arguments); !done) {
      context.status = context.output.fail(done.error());
      return;
    }
    context.output.summary({{"column", arguments->column}},
                           "Column '" + arguments->column + "' is out of the project.");
  });
}

}  // namespace

void addLabels(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("labels", "Labels and clinical columns: in, out, and from masks");
  command->require_subcommand(1);
  auto arguments = std::make_shared<LabelsArguments>();
  addLabelsImport(*command, context);
  addExportPart(*command, arguments, context);
  addDerivePart(*command, arguments, context);
  addForgetPart(*command, arguments, context);
}

}  // namespace gadolin::ctl
