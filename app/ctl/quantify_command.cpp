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

nlohmann::json known(std::optional<double> value) {
  return value ? nlohmann::json(*value) : nlohmann::json();
}

/// Segments, pattern, core and grey zone; null where a figure is not known.
nlohmann::json toJson(const analysis::WallReport& wall) {
  nlohmann::json segments;
  if (wall.segments) {
    segments = nlohmann::json::array();
    for (int n = 1; n <= analysis::aha_segments; ++n) {
      const auto& one = wall.segments->segments[static_cast<std::size_t>(n - 1)];
      const bool there = one.myocardium_ml > 0;
      segments.push_back(
          {{"segment", n},
           {"name", analysis::ahaName(n)},
           {"myocardium_ml", there ? nlohmann::json(one.myocardium_ml) : nlohmann::json()},
           {"scar_percent", known(one.scarPercent())},
           {"transmurality_percent", known(one.transmurality_percent)},
           {"transmurality_max_percent", known(one.transmurality_max_percent)},
           {"transmurality_band",
            one.transmurality_percent
                ? nlohmann::json(analysis::toText(analysis::bandOf(*one.transmurality_percent)))
                : nlohmann::json()}});
    }
  }
  nlohmann::json pattern;
  if (wall.pattern) {
    pattern = {{"name", analysis::patternName(wall)}};
    for (std::size_t i = 0; i < wall.pattern->shares.size(); ++i)
      pattern["shares"][std::string(analysis::toText(static_cast<analysis::ScarPattern>(i)))] =
          wall.pattern->shares[i];
  }
  nlohmann::json insertions = nlohmann::json::array();
  for (const auto& point : wall.insertions) {
    const auto place = [](const std::optional<std::array<double, 2>>& one) {
      return one ? nlohmann::json(*one) : nlohmann::json();
    };
    insertions.push_back({{"slice", point.slice},
                          {"anterior", place(point.anterior)},
                          {"inferior", place(point.inferior)}});
  }
  return {{"segments", segments},
          {"rv_insertion_points", insertions},
          {"segments_missing_because",
           wall.no_segments.empty() ? nlohmann::json() : nlohmann::json(wall.no_segments)},
          {"notes", wall.segments ? nlohmann::json(wall.segments->sentences) : nlohmann::json::array()},
          {"rv_insertion", wall.insertion_source.empty() ? nlohmann::json()
                                                         : nlohmann::json(wall.insertion_source)},
          {"pattern", pattern},
          {"core_ml", wall.zones ? nlohmann::json(wall.zones->core_ml) : nlohmann::json()},
          {"grey_zone_ml", wall.zones ? nlohmann::json(wall.zones->grey_ml) : nlohmann::json()}};
}

nlohmann::json toJson(const session::Quantification& result) {
  nlohmann::json stacks = nlohmann::json::array();
  for (const session::QuantificationRow& row : result.rows) {
    stacks.push_back(
        {{"patient", row.patient},
         {"stack", row.stack},
         {"source", row.source},
         {"method", row.method},
         {"mask_revision", row.revision},
         {"myocardium_ml", known(row.volumes.drawnMyocardium_ml())},
         {"myocardium_g", known(row.volumes.drawnMyocardium_g())},
         {"scar_ml", row.volumes.scar_ml},
         {"scar_g", row.volumes.scar_g()},
         {"scar_percent_lvm", known(row.volumes.scarPercentLvm())},
         {"mvo_ml", row.mvo_known ? nlohmann::json(row.volumes.mvo_ml) : nlohmann::json()},
         {"wall", toJson(row.wall)}});
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
    return std::to_string(result.rows.size()) + " rows measured, written to " + csv + ".";
  }
  char line[256];
  std::snprintf(line, sizeof line, "%-26s %-9s %12s %12s %10s %10s %8s %8s  %s\n", "stack", "source",
                "myocardium ml", "myocardium g", "scar ml", "scar g", "% LVM", "MVO ml", "pattern");
  std::string text = line;
  for (const session::QuantificationRow& row : result.rows) {
    const auto& v = row.volumes;
    const auto mvo = row.mvo_known ? std::optional(v.mvo_ml) : std::nullopt;
    std::snprintf(line, sizeof line, "%-26s %-9s %13s %12s %10.1f %10.1f %8s %8s  %s\n",
                  row.stack.c_str(), row.source.c_str(), shown(v.drawnMyocardium_ml()).c_str(),
                  shown(v.drawnMyocardium_g()).c_str(), v.scar_ml, v.scar_g(),
                  shown(v.scarPercentLvm()).c_str(), shown(mvo).c_str(),
                  analysis::patternName(row.wall).c_str());
    text += line;
  }
  return text + std::to_string(result.rows.size()) + " rows; the first by: " +
         result.rows.front().method +
         ". Segments and transmurality: with --csv FILE, or --json.";
}

}  // namespace

void addQuantify(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<QuantifyArguments>();
  auto* command = app.add_subcommand("quantify", "Volume and mass of myocardium and scar, segments, transmurality");
  command->add_option("project", arguments->project, "Project folder")->required();
  command
      ->add_option("--source", arguments->source,
                   "Mask of people (reference) or of a model (ai), or a threshold within their "
                   "myocardium: 2sd, 3sd, 4sd, 5sd, 6sd, fwhm, otsu; all: a row for each")
      ->check(CLI::IsMember({"reference", "ai", "2sd", "3sd", "4sd", "5sd", "6sd", "fwhm", "otsu", "all"}))
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
