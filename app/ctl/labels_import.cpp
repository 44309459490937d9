#include "app/ctl/labels_import.h"

#include <filesystem>
#include <memory>

#include "app/ctl/table_preview.h"
#include "database/journal.h"
#include "ui/session/account.h"
#include "ui/session/project.h"
#include "ui/session/table_import.h"
#include "ui/session/table_source.h"

namespace gadolin::ctl {
namespace {

struct TableArguments {
  std::string project;
  std::string file;
  std::string separator, decimal, identity;
  std::vector<std::string> columns;
  int first_slice = -1;
  bool preview = false;
  bool all_stacks = false;
  TableOptions options;
};

Result<TableOptions> optionsOf(const TableArguments& arguments) {
  TableOptions options = arguments.options;
  if (options.default_reader.empty()) options.default_reader = session::accountName();
  if (arguments.first_slice >= 0) options.first_slice = arguments.first_slice;
  if (arguments.all_stacks) options.all_stacks = true;
  if (!arguments.decimal.empty())
    options.decimal = arguments.decimal == "comma" ? DecimalSign::Comma : DecimalSign::Point;
  options.keep_identity = arguments.identity == "keep";
  for (const auto& column : arguments.columns) {
    const std::size_t equals = column.rfind('=');
    const auto role =
        equals == std::string::npos ? std::nullopt : columnRoleFromText(column.substr(equals + 1));
    if (!role) {
      return Error{ErrorCode::InvalidInput,
                   "'" + column +
                       "' is no choice of a column. Write --column 'NAME=ROLE', with one of the "
                       "roles ignored, patient, stack, "
                       "slice, slice-label, stack-label, slice-list, one-slice, reader, time, "
                       "number, category, text, date."};
    }
    options.roles[column.substr(0, equals)] = *role;
  }
  return options;
}

std::optional<char> separatorOf(const std::string& name) {
  if (name.empty()) return {};
  return name == "tab" ? '\t' : name == "semicolon" ? ';' : name == "comma" ? ',' : '|';
}

int preview(const TableArguments& arguments, const TableOptions& options, Output& output) {
  const auto project = session::Project::open(arguments.project, session::Access::ReadOnly);
  if (!project) return output.fail(project.error());
  const auto table = session::readTable(arguments.file, separatorOf(arguments.separator));
  if (!table) return output.fail(table.error());
  const auto plan = session::planTable((*project)->reader(), *table, options);
  if (!plan)
    return output.fail(
        plan.error().within(std::filesystem::path(arguments.file).filename().string()));
  auto object = previewJson(*table, *plan);
  object["preview"] = true;
  object["file"] = arguments.file;
  output.summary(object, previewText(std::filesystem::path(arguments.file).filename().string(),
                                     *table, *plan));
  return exit_done;
}

/// What the import left out, each with its reason.
nlohmann::json refusedRows(const TablePlan& plan) {
  nlohmann::json rows = nlohmann::json::array();
  for (const auto& each : plan.contradictions) {
    const std::string place =
        each.file.empty() ? "line " + std::to_string(each.lines.back()) : each.file;
    rows.push_back({{"path", place}, {"reason", each.sentence}, {"code", "contradiction"}});
  }
  return rows;
}

int import(const TableArguments& arguments, const TableOptions& options, Output& output) {
  const auto project = session::Project::open(arguments.project);
  if (!project) return output.fail(project.error());
  const auto table = session::readTable(arguments.file, separatorOf(arguments.separator));
  if (!table) return output.fail(table.error());
  const std::string name = std::filesystem::path(arguments.file).filename().string();
  TablePlan plan;
  const auto summary = (*project)->writeNow<session::TableImport>(
      [&](db::Database& database) -> Result<session::TableImport> {
        auto planned = session::planTable(database, *table, options);
        if (!planned) return planned.error().within(name);
        plan = std::move(planned).value();
        GADOLIN_TRY(const auto done, session::writePlan(database, plan, options, name));
        GADOLIN_CHECK(db::addAudit(database, session::accountName(), "labels-import",
                                   std::to_string(done.changed) + " labels and " +
                                       std::to_string(done.facts_changed) +
                                       " clinical values changed by " + name + "; " +
                                       std::to_string(done.rows_left) + " rows left out."));
        return done;
      });
  if (!summary) {
    const int status = output.fail(summary.error());
    if (!plan.contradictions.empty() || !plan.questions.empty())
      output.warn(
          "--preview shows how every column was understood, and all that contradicts. "
          "--skip-contradictions "
          "leaves such rows out.");
    return status;
  }
  for (const auto& each : plan.alike)
    if (!output.json)
      output.warn("'" + each.written + "' was taken as " + each.found + ": " + each.how + ".");
  for (const auto& each : plan.contradictions)
    if (!output.json) output.warn("Left out: " + toSentence(each));
  std::string text;
  if (summary->labels > 0)
    text = std::to_string(summary->labels) + " labels of " + std::to_string(summary->stacks) +
           " stacks read; " + std::to_string(summary->changed) + " are new or changed.";
  if (summary->facts > 0)
    text += (text.empty() ? "" : "\n") + std::to_string(summary->facts) + " clinical values of " +
            std::to_string(summary->patients) + " patients read; " +
            std::to_string(summary->facts_changed) + " are new or changed.";
  for (const auto& note : plan.notes) text += "\n" + note;
  if (summary->rows_left > 0)
    text += "\n" + std::to_string(summary->rows_left) + " rows were left out.";
  output.summary({{"rows", summary->rows},
                  {"stacks", summary->stacks},
                  {"labels", summary->labels},
                  {"changed", summary->changed},
                  {"patients", summary->patients},
                  {"facts", summary->facts},
                  {"facts_changed", summary->facts_changed},
                  {"rows_left", summary->rows_left},
                  {"refused", refusedRows(plan)},
                  {"notes", plan.notes}},
                 text);
  return summary->rows_left > 0 ? exit_part : exit_done;
}

int run(const TableArguments& arguments, Output& output) {
  const auto options = optionsOf(arguments);
  if (!options) return output.fail(options.error());
  return arguments.preview ? preview(arguments, *options, output)
                           : import(arguments, *options, output);
}

}  // namespace

void addLabelsImport(CLI::App& labels, Context& context) {
  auto arguments = std::make_shared<TableArguments>();
  auto* part = labels.add_subcommand(
      "import", "Take labels and clinical columns from a table (CSV, TSV, case sheets)");
  part->add_option("project", arguments->project, "Project folder")->required();
  part->add_option("file", arguments->file,
                   "Table in any encoding, or a folder with EMIDEC's or ACDC's case sheets")
      ->required();
  part->add_flag("--preview", arguments->preview,
                 "Show how every column is understood and what contradicts; write nothing");
  part->add_option("--column", arguments->columns,
                   "'NAME=ROLE': what a column is, whatever it looks like; may be repeated")
      ->allow_extra_args(false);
  part->add_option("--first-slice", arguments->first_slice,
                   "How the table counts slices: from 0 or from 1")
      ->check(CLI::IsMember({0, 1}));
  part->add_flag("--from-base", arguments->options.base_first,
                 "Slices are counted from the base, not in stored order");
  part->add_flag("--negative-others", arguments->options.negative_others,
                 "Slices that a list does not name are free of fibrosis");
  part->add_flag("--all-stacks", arguments->all_stacks,
                 "Labels of slices hold for every stack of the patient");
  part->add_option("--decimal", arguments->decimal, "Decimal sign, where the table does not tell")
      ->check(CLI::IsMember({"comma", "point"}));
  part->add_option("--separator", arguments->separator, "Separator, where it was not recognised")
      ->check(CLI::IsMember({"comma", "semicolon", "tab", "bar"}));
  part->add_option(
          "--identity", arguments->identity,
          "keep: also take names, dates and free text (default: pseudonym, they are left out)")
      ->check(CLI::IsMember({"keep", "pseudonym"}));
  part->add_flag("--skip-contradictions", arguments->options.skip_contradictions,
                 "Leave rows out that contradict themselves or the project, and take the others");
  part->add_option("--reader", arguments->options.default_reader,
                   "Reader of the rows that name none (default: the account's name)");
  part->callback([arguments, &context] { context.status = run(*arguments, context.output); });
}

}  // namespace gadolin::ctl
