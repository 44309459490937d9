#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include "app/ctl/command.h"
#include "core/base/files.h"
#include "ui/session/project.h"
#include "ui/session/quantification.h"

namespace gadolin::ctl {
namespace {

struct QuantifyArguments {
  std::string project;
  std::string source = "reference";
  std::string csv;
};

Result<session::Quantification> quantify(const QuantifyArguments& arguments, Output& output) {
  GADOLIN_TRY(const auto project,
              session::Project::open(arguments.project, session::Access::ReadOnly));
  GADOLIN_TRY(auto result, session::quantify(project->paths(), project->reader(), arguments.source,
                                             [&output](int done, int total) {
                                               if (!output.json)
                                                 output.progress("Measuring", done, total);
                                             }));
  if (!arguments.csv.empty()) {
    GADOLIN_CHECK(writeFileAtomically(arguments.csv, session::toCsv(result)));
  }
  return result;
}

nlohmann::json toJson(const session::Quantification& result) {
  nlohmann::json stacks = nlohmann::json::array();
  for (const session::QuantificationRow& row : result.rows) {
    const auto percent = row.volumes.scarPercentLvm();
    const auto drawn = [&row](double value) {
      return row.volumes.scarAlone() ? nlohmann::json() : nlohmann::json(value);
    };
    stacks.push_back(
        {{"patient", row.patient},
         {"stack", row.stack},
         {"source", row.source},
         {"method", row.method},
         {"myocardium_ml", drawn(row.volumes.myocardium_ml)},
         {"myocardium_g", drawn(row.volumes.myocardium_g())},
         {"scar_ml", row.volumes.scar_ml},
         {"scar_g", row.volumes.scar_g()},
         {"scar_percent_lvm", percent ? nlohmann::json(*percent) : nlohmann::json()},
         {"mvo_ml", row.mvo_known ? nlohmann::json(row.volumes.mvo_ml) : nlohmann::json()}});
  }
  return {{"stacks", stacks}, {"left_out", result.sentences}};
}

std::string toText(const session::Quantification& result, const std::string& csv) {
  if (!csv.empty()) {
    return std::to_string(result.rows.size()) + " stacks measured, written to " + csv + ".";
  }
  char line[256];
  std::snprintf(line, sizeof line, "%-26s %12s %12s %10s %10s %8s %8s\n", "stack", "myocardium ml",
                "myocardium g", "scar ml", "scar g", "% LVM", "MVO ml");
  std::string text = line;
  for (const session::QuantificationRow& row : result.rows) {
    char percent[16] = "-";
    char mvo[16] = "-";
    char myocardium_ml[16] = "-";
    char myocardium_g[16] = "-";
    if (!row.volumes.scarAlone()) {
      std::snprintf(myocardium_ml, sizeof myocardium_ml, "%.1f", row.volumes.myocardium_ml);
      std::snprintf(myocardium_g, sizeof myocardium_g, "%.1f", row.volumes.myocardium_g());
    }
    if (const auto value = row.volumes.scarPercentLvm()) {
      std::snprintf(percent, sizeof percent, "%.1f", *value);
    }
    if (row.mvo_known) std::snprintf(mvo, sizeof mvo, "%.1f", row.volumes.mvo_ml);
    std::snprintf(line, sizeof line, "%-26s %13s %12s %10.1f %10.1f %8s %8s\n", row.stack.c_str(),
                  myocardium_ml, myocardium_g, row.volumes.scar_ml, row.volumes.scar_g(), percent,
                  mvo);
    text += line;
  }
  return text + std::to_string(result.rows.size()) + " stacks, source " +
         result.rows.front().source + ": " + result.rows.front().method;
}

}  // namespace

void addQuantify(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<QuantifyArguments>();
  auto* command = app.add_subcommand("quantify", "Volume and mass of myocardium and scar");
  command->add_option("project", arguments->project, "Project folder")->required();
  command
      ->add_option("--source", arguments->source,
                   "Mask of people (reference) or of a model (ai), or a threshold within their "
                   "myocardium: 2sd, 3sd, 4sd, 5sd, 6sd, fwhm, otsu")
      ->check(CLI::IsMember({"reference", "ai", "2sd", "3sd", "4sd", "5sd", "6sd", "fwhm", "otsu"}))
      ->capture_default_str();
  command->add_option("--csv", arguments->csv, "File to write the table to");
  command->callback([arguments, &context] {
    const auto result = quantify(*arguments, context.output);
    if (!result) {
      context.status = context.output.fail(result.error());
      return;
    }
    for (const std::string& sentence : result->sentences) context.output.warn(sentence);
    context.output.summary(toJson(*result), toText(*result, arguments->csv));
    context.status = result->sentences.empty() ? exit_done : exit_part;
  });
}

}  // namespace gadolin::ctl
