#pragma once
// Which patient or stack of the project a cell of a table means. Exactly first; what is only alike
// is taken where one alone is alike, and always listed.

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gadolin {

struct KnownStack {
  std::string id;
  std::string patient;
  int slices = 0;
  bool apex_first = false;
};

/// What the project holds, and how it spells patients.
struct KnownCohort {
  std::vector<std::string> patients;
  std::vector<KnownStack> stacks;
  /// How an import spells an identity: as a safe name, and as a pseudonym of this project (empty
  /// without one).
  std::function<std::string(const std::string&)> safe_name;
  std::function<std::string(const std::string&)> pseudonym;
};

struct PatientMatch {
  std::string patient;  // empty: none, or several
  bool exact = false;
  std::string how;  // of one that is alike: "without leading zeros", "as its pseudonym", ...
  std::vector<std::string> alike;  // of several: none of them is taken
};

/// Thread: as its owner. Remembers what it found.
class PatientMatcher {
 public:
  /// `cohort` outlives the matcher.
  explicit PatientMatcher(const KnownCohort& cohort);

  /// Exactly; else, where one patient alone fits: as the safe name; as the pseudonym of the
  /// identity, also with leading zeros added (to ten digits) or taken away; without case, leading
  /// zeros, blanks and words such as "Case".
  const PatientMatch& match(const std::string& id);
  /// Null: no such stack.
  [[nodiscard]] const KnownStack* stack(std::string_view id) const;
  [[nodiscard]] const std::vector<const KnownStack*>& stacksOf(const std::string& patient) const;

 private:
  PatientMatch find(const std::string& id) const;

  const KnownCohort& cohort_;
  std::set<std::string, std::less<>> patients_;
  std::multimap<std::string, std::string> by_key_;
  std::map<std::string, const KnownStack*, std::less<>> stacks_;
  std::map<std::string, std::vector<const KnownStack*>, std::less<>> stacks_of_;
  std::map<std::string, PatientMatch> found_;
};

}  // namespace gadolin
