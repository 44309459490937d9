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
    const auto known = [](std::optional<double> value) {
      return value ? nlohmann::json(*value) : nlohmann::json();
    };
    stacks.push_back(
        {{"patient", row.patient},
         {"stack", row.stack},
         {"source", row.source},
         {"method", row.method},
         {"myocardium_ml", known(row.volumes.drawnMyocardium_ml())},
         {"myocardium_g", known(row.volumes.drawnMyocardium_g())},
         {"scar_ml", row.volumes.scar_ml},
         {"scar_g", row.volumes.scar_g()},
         {"scar_percent_lvm", known(row.volumes.scarPercentLvm())},
         {"mvo_ml", row.mvo_known ? nlohmann::json(row.volumes.mvo_ml) : nlohmann::json()}});
  }
  return {{"stacks", stacks}, {"left_out", result.sentences}};
}

/// With one decimal; "-" where it is not known.
std::string shown(std::optional<double> value) {
  char text[32] = "-";
  if (value) std::snprintf(text, sizeof text, "%.1f", *value);
  return text;
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
    const auto& v = row.volumes;
    const auto mvo = row.mvo_known ? std::optional(v.mvo_ml) : std::nullopt;
    std::snprintf(line, sizeof line, "%-26s %13s %12s %10.1f %10.1f %8s %8s\n", row.stack.c_str(),
                  shown(v.drawnMyocardium_ml()).c_str(), shown(v.drawnMyocardium_g()).c_str(),
                  v.scar_ml, v.scar_g(), shown(v.scarPercentLvm()).c_str(), shown(mvo).c_str());
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
