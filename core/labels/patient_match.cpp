#include "core/labels/patient_match.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/labels/table_words.h"

namespace gadolin {
namespace {

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

/// "Case_P001" and "P1" become "p 1": words of the kind "patient" and leading zeros do not tell
/// patients apart; letters and the order of everything do.
std::string matchKey(std::string_view id) {
  constexpr auto idle = std::to_array<std::string_view>(
      {"case", "patient", "pat", "subject", "sub", "id", "fall", "cas"});
  const std::string folded = foldedWord(id);
  std::string key;
  for (std::size_t at = 0; at < folded.size();) {
    if (folded[at] == ' ') {
      ++at;
      continue;
    }
    std::size_t end = at;
    const bool digits = isDigit(folded[at]);
    while (end < folded.size() && folded[end] != ' ' && isDigit(folded[end]) == digits) ++end;
    std::string_view token = std::string_view(folded).substr(at, end - at);
    at = end;
    if (!digits && std::ranges::find(idle, token) != idle.end()) continue;
    if (digits) token.remove_prefix(std::min(token.find_first_not_of('0'), token.size() - 1));
    if (!key.empty()) key += ' ';
    key += token;
  }
  return key;
}

/// The identity with leading zeros taken away and added, as far as hospitals use them.
std::vector<std::string> zeroVariants(const std::string& id) {
  std::vector<std::string> variants;
  if (id.empty() || !std::ranges::all_of(id, isDigit)) return variants;
  const std::string bare = id.substr(std::min(id.find_first_not_of('0'), id.size() - 1));
  constexpr std::size_t longest = 10;
  for (std::size_t length = bare.size(); length <= std::max(longest, id.size()); ++length) {
    const std::string variant = std::string(length - bare.size(), '0') + bare;
    if (variant != id) variants.push_back(variant);
  }
  return variants;
}

}  // namespace

PatientMatcher::PatientMatcher(const KnownCohort& cohort)
    : cohort_(cohort), patients_(cohort.patients.begin(), cohort.patients.end()) {
  for (const auto& patient : cohort.patients) by_key_.emplace(matchKey(patient), patient);
  for (const auto& stack : cohort.stacks) {
    stacks_.emplace(stack.id, &stack);
    stacks_of_[stack.patient].push_back(&stack);
  }
}

const PatientMatch& PatientMatcher::match(const std::string& id) {
  const auto known = found_.find(id);
  return known != found_.end() ? known->second : found_.emplace(id, find(id)).first->second;
}

PatientMatch PatientMatcher::find(const std::string& id) const {
  if (patients_.contains(id)) return {id, true, {}, {}};
  std::map<std::string, std::string> alike;  // patient, how
  const auto add = [&](const std::string& patient, const char* how) {
    if (patients_.contains(patient)) alike.emplace(patient, how);
  };
  if (cohort_.safe_name) add(cohort_.safe_name(id), "as the project spells it");
  if (cohort_.pseudonym) {
    add(cohort_.pseudonym(id), "as its pseudonym");
    if (cohort_.safe_name) add(cohort_.pseudonym(cohort_.safe_name(id)), "as its pseudonym");
    for (const auto& variant : zeroVariants(id))
      add(cohort_.pseudonym(variant), "as its pseudonym, with other leading zeros");
  }
  if (const std::string key = matchKey(id); !key.empty()) {
    const auto [first, last] = by_key_.equal_range(key);
    for (auto each = first; each != last; ++each)
      add(each->second, "without case, leading zeros and words such as 'Case'");
  }
  PatientMatch match;
  if (alike.size() == 1) {
    match.patient = alike.begin()->first;
    match.how = alike.begin()->second;
  } else {
    for (const auto& [patient, how] : alike) match.alike.push_back(patient);
  }
  return match;
}

const KnownStack* PatientMatcher::stack(std::string_view id) const {
  const auto found = stacks_.find(id);
  return found == stacks_.end() ? nullptr : found->second;
}

const std::vector<const KnownStack*>& PatientMatcher::stacksOf(const std::string& patient) const {
  static const std::vector<const KnownStack*> none;
  const auto found = stacks_of_.find(patient);
  return found == stacks_of_.end() ? none : found->second;
}

}  // namespace gadolin
