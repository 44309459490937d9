#pragma once
// What an import has to say besides refusals, with the many of one kind as one.

#include <map>
#include <string>
#include <vector>

namespace gadolin::session {

class ImportWarnings {
 public:
  /// `who`: a stack or file; empty where the sentence speaks for itself. Sentences that differ in their
  /// numbers alone are of one kind.
  void add(const std::string& who, const std::string& sentence);
  /// In the order in which each kind came first; of more than three of a kind the first, with a count.
  [[nodiscard]] std::vector<std::string> list() const;

 private:
  std::vector<std::string> order_;
  std::map<std::string, std::vector<std::string>> kinds_;
};

}  // namespace gadolin::session
