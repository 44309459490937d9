#include "ml/cascade/domain.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numbers>

#include "core/analysis/statistics.h"

namespace gadolin::ml {
namespace {

using nlohmann::json;

constexpr double least_heart_ml = 5;  // less than a tenth of a small ventricle: no heart was found

/// How far beyond the cohort a trait may lie: a share of its ends, and never less than `at_least`.
struct Rule {
  const char* name;
  double StackTraits::*trait;
  double share;
  double at_least;
  const char* what;  // "its pixels measure", before the value and its unit
  const char* unit;
  int digits;
  bool of_heart;
};
constexpr std::array<Rule, 8> rules{{
    {"pixel_mm", &StackTraits::pixel_mm, 0.25, 0.05, "its pixels measure", "mm", 2, false},
    {"slice_mm", &StackTraits::slice_mm, 0.25, 0.5, "its slices are apart by", "mm", 1, false},
    {"field_mm", &StackTraits::field_mm, 0.25, 10, "its field of view measures", "mm", 0, false},
    {"slices", &StackTraits::slices, 0.25, 2, "its slices number", "", 0, false},
    {"myocardium_ml", &StackTraits::myocardium_ml, 0.3, 5, "the predicted myocardium holds", "ml",
     0, true},
    {"cavity_ml", &StackTraits::cavity_ml, 0.3, 5, "the predicted cavity holds", "ml", 0, true},
    {"wall_mm", &StackTraits::wall_mm, 0.3, 0.5, "the predicted wall is thick by", "mm", 1, true},
    {"off_centre_mm", &StackTraits::off_centre_mm, 0.25, 15,
     "the predicted heart is off the middle of the image by", "mm", 0, true},
}};

std::string number(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

double distance(const std::array<double, 9>& a, const std::array<double, 9>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum / static_cast<double>(a.size());
}

std::array<double, 9> decilesOf(const std::vector<float>& image) {
  std::vector<double> values;
  const std::size_t step = std::max<std::size_t>(image.size() / 20'000, 1);
  for (std::size_t i = 0; i < image.size(); i += step)
    values.push_back(static_cast<double>(image[i]));
  std::array<double, 9> deciles{};
  if (values.empty()) return deciles;
  std::ranges::sort(values);
  for (std::size_t i = 0; i < deciles.size(); ++i)
    deciles[i] = analysis::percentileOfSorted(values, 10.0 * static_cast<double>(i + 1));
  return deciles;
}

void measureHeartOf(const PreparedStack& stack, const std::vector<std::uint8_t>& heart,
                    StackTraits& traits) {
  const auto& spacing = stack.source->spacing_mm;
  const double pixel_mm2 = spacing[0] * spacing[1];
  std::vector<double> walls;
  double x = 0, y = 0, n = 0;
  for (int z = 0; z < stack.slices(); ++z) {
    const auto slice = stack.slice(heart, z);
    double wall = 0, cavity = 0;
    for (std::size_t i = 0; i < slice.size(); ++i) {
      if (slice[i] == 0) continue;
      (slice[i] == 1 ? cavity : wall) += pixel_mm2;
      x += static_cast<double>(i % static_cast<std::size_t>(stack.plane().columns));
      y += static_cast<double>(i / static_cast<std::size_t>(stack.plane().columns));
      ++n;
    }
    const double extent_mm = stack.source->slice_extent_mm[static_cast<std::size_t>(z)];
    traits.myocardium_ml += wall * extent_mm * 1e-3;
    traits.cavity_ml += cavity * extent_mm * 1e-3;
    if (wall <= 0 || cavity <= 0) continue;
    const double outer = std::sqrt((wall + cavity) / std::numbers::pi);
    const double inner = std::sqrt(cavity / std::numbers::pi);
    walls.push_back(wall / (std::numbers::pi * (outer + inner)));
  }
  traits.heart_found = traits.myocardium_ml + traits.cavity_ml >= least_heart_ml;
  if (!traits.heart_found) return;
  traits.wall_mm = analysis::median(walls).value_or(0);
  const auto middle = imageCentre(stack);
  traits.off_centre_mm =
      std::hypot((x / n - middle[0]) * spacing[0], (y / n - middle[1]) * spacing[1]);
}

}  // namespace

StackTraits traitsOf(const PreparedStack& stack, const std::vector<std::uint8_t>& heart) {
  const dataset::FrozenStack& source = *stack.source;
  StackTraits traits;
  traits.kind = source.kind.empty() ? "unknown" : source.kind;
  traits.pixel_mm = std::sqrt(source.spacing_mm[0] * source.spacing_mm[1]);
  traits.slice_mm = analysis::mean(source.slice_extent_mm).value_or(source.spacing_mm[2]);
  traits.field_mm =
      std::max(source.size[0] * source.spacing_mm[0], source.size[1] * source.spacing_mm[1]);
  traits.slices = source.size[2];
  traits.deciles = decilesOf(stack.image);
  measureHeartOf(stack, heart, traits);
  return traits;
}

CohortProfile profileOf(const std::vector<StackTraits>& cohort) {
  CohortProfile profile;
  profile.stacks = static_cast<int>(cohort.size());
  for (const StackTraits& stack : cohort) {
    ++profile.kinds[stack.kind];
    for (std::size_t i = 0; i < profile.deciles.size(); ++i)
      profile.deciles[i] += stack.deciles[i] / static_cast<double>(cohort.size());
    for (const Rule& rule : rules) {
      if (rule.of_heart && !stack.heart_found) continue;
      const double value = stack.*rule.trait;
      const auto [at, first] =
          profile.ranges.try_emplace(rule.name, CohortProfile::Range{value, value});
      if (first) continue;
      at->second.low = std::min(at->second.low, value);
      at->second.high = std::max(at->second.high, value);
    }
  }
  for (const StackTraits& stack : cohort)
    profile.decile_distance =
        std::max(profile.decile_distance, distance(stack.deciles, profile.deciles));
  return profile;
}

std::vector<std::string> strangeness(const CohortProfile& profile, const StackTraits& stack) {
  std::vector<std::string> found;
  if (profile.stacks == 0) return found;
  if (!stack.heart_found) found.emplace_back("no heart was found in it");
  if (!profile.kinds.contains(stack.kind) && stack.kind != "unknown" &&
      !profile.kinds.contains("unknown")) {
    std::string known;
    for (const auto& [kind, count] : profile.kinds) known += (known.empty() ? "" : " and ") + kind;
    found.push_back("it is a " + stack.kind + " image, and the networks were trained on " + known);
  }
  for (const Rule& rule : rules) {
    if (rule.of_heart && !stack.heart_found) continue;
    const auto range = profile.ranges.find(rule.name);
    if (range == profile.ranges.end()) continue;
    const double value = stack.*rule.trait;
    const double low = range->second.low, high = range->second.high;
    if (value >= low - std::max(rule.share * low, rule.at_least) &&
        value <= high + std::max(rule.share * high, rule.at_least))
      continue;
    const std::string unit = *rule.unit != '\0' ? " " + std::string(rule.unit) : "";
    found.push_back(std::string(rule.what) + " " + number(value, rule.digits) + unit +
                    ", in training " + number(low, rule.digits) + " to " +
                    number(high, rule.digits) + unit);
  }
  // Half as much again as the strangest of the cohort, and a tenth of a standard deviation.
  const double apart = distance(stack.deciles, profile.deciles);
  if (apart > std::max(1.5 * profile.decile_distance, profile.decile_distance + 0.1))
    found.push_back("its grey values are spread unlike those in training (" + number(apart, 2) +
                    " from their mean, in training at most " + number(profile.decile_distance, 2) +
                    ")");
  return found;
}

std::string toJson(const CohortProfile& profile) {
  json ranges = json::object();
  for (const auto& [name, range] : profile.ranges) ranges[name] = {range.low, range.high};
  return json{{"version", 1},
              {"stacks", profile.stacks},
              {"kinds", profile.kinds},
              {"ranges", ranges},
              {"deciles", profile.deciles},
              {"decile_distance", profile.decile_distance}}
      .dump(2, ' ', false, json::error_handler_t::replace);
}

Result<CohortProfile> profileFromJson(const std::string& text) {
  const json document = json::parse(text, nullptr, false);
  CohortProfile profile;
  try {
    if (document.at("version").get<int>() > 1)
      return Error{
          ErrorCode::NewerVersion,
          "This profile of a training cohort was written by a newer Gadolin. Update this one."};
    profile.stacks = document.at("stacks").get<int>();
    profile.kinds = document.at("kinds").get<std::map<std::string, int>>();
    for (const auto& [name, range] : document.at("ranges").items())
      profile.ranges[name] = {range.at(0).get<double>(), range.at(1).get<double>()};
    profile.deciles = document.at("deciles").get<std::array<double, 9>>();
    profile.decile_distance = document.at("decile_distance").get<double>();
  } catch (const json::exception& fault) {
    return Error{ErrorCode::Corrupt, std::string("This is not the profile of a training cohort (") +
                                         fault.what() + ")."};
  }
  return profile;
}

}  // namespace gadolin::ml
