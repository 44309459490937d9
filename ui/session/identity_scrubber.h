#pragma once
// Takes what identifies patients out of texts that stay in a project: descriptions of series, names
// of files and folders, sentences.

#include <QString>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/imaging/series.h"

namespace gadolin::session {

/// Knows the identities of one import. Compares words without case, accents and the two ways of
/// writing umlauts. What has fewer than three letters (two ideograms) is left: every text is full
/// of such words; so is a word that names nobody by itself ("Patient", "Test", "Unknown").
class IdentityScrubber {
 public:
  /// The patient's names, number and date of birth (in the ways in which dates are written) are to
  /// read as `pseudonym`, the other names and numbers of the header as "[name]". Texts in UTF-8.
  void learn(const DicomHeader& header, const std::string& pseudonym);
  /// A number or name as a whole: its words in this order, whatever stands between them.
  void learnPhrase(const std::string& text, const std::string& pseudonym);
  /// A person's name as DICOM writes it: each word by itself, and in pairs, also written together.
  void learnName(const std::string& name, const std::string& replacement);

  /// UTF-8, with every known word or phrase replaced. A word that holds a known one of five
  /// characters or more ("MuellerHans01") goes as a whole.
  [[nodiscard]] std::string clean(const std::string& text) const { return cleanBut(text, {}); }
  /// The same, but words of the trade stay (isSeriesWord): a patient may be called Sax.
  [[nodiscard]] std::string cleanDescription(const std::string& text) const;

 private:
  struct Phrase {
    std::vector<QString> words;  // folded
    QString replacement;
  };
  using Phrases = std::map<QString, std::vector<Phrase>>;

  void learnBirthDate(const QString& date, const std::string& replacement);
  void add(const std::vector<QString>& words, const std::string& replacement);
  [[nodiscard]] std::string cleanBut(const std::string& text,
                                     const std::function<bool(const QString& word)>& stays) const;

  Phrases phrases_;     // by their first word, the longest first
  Phrases long_words_;  // by their first characters
};

}  // namespace gadolin::session
