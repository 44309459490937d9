#pragma once
// The methods section of a paper, from a project's own facts: sections of sentences.

#include <string>
#include <vector>

namespace gadolin::report {

struct MethodsSection {
  std::string title;
  std::string text;  // sentences; one paragraph
};

/// Title and paragraph one after the other, with empty lines between, for a text file. Lines are not
/// broken: whoever pastes them has a width of his own.
std::string methodsText(const std::vector<MethodsSection>& sections);

/// "a", "a and b", "a, b and c"; empty for none.
std::string listed(const std::vector<std::string>& items);

}  // namespace gadolin::report
