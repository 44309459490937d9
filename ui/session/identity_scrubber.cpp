#include "ui/session/identity_scrubber.h"

#include <QSet>
#include <QStringList>
#include <algorithm>
#include <array>
#include <utility>

#include "core/imaging/series_judgement.h"

namespace gadolin::session {
using namespace Qt::StringLiterals;
namespace {

constexpr qsizetype shortest_word = 3;
constexpr qsizetype shortest_within = 5;
constexpr qsizetype shortest_ideograms = 2;
constexpr char16_t first_ideogram = 0x2e80;
constexpr std::size_t most_words = 5;  // of a name whose words are tried in pairs

/// Without case and accents.
QString folded(const QString& word) {
  QString plain;
  for (const QChar c : word.normalized(QString::NormalizationForm_KD))
    if (!c.isMark()) plain += c;
  plain = plain.toCaseFolded();
  return plain.replace(u"\u00df"_s, u"ss"_s);
}

struct Word {
  qsizetype begin, length;
  QString folded;
};

std::vector<Word> wordsOf(const QString& text) {
  std::vector<Word> words;
  const auto inWord = [](QChar c) { return c.isLetterOrNumber() || c.isMark(); };
  for (qsizetype i = 0; i < text.size();) {
    const qsizetype begin = i;
    while (i < text.size() && inWord(text[i])) ++i;
    if (i == begin)
      ++i;
    else
      words.push_back({begin, i - begin, folded(text.mid(begin, i - begin))});
  }
  return words;
}

/// Words that stand where a name should, and with which sentences of an import speak: by themselves they name
/// nobody, and every sentence would turn into pseudonyms. No surname is among them.
bool namesNobody(const QString& word) {
  static const QSet<QString> words = [] {
    QSet<QString> set;
    for (const auto& one :
         QStringLiteral(
             "about after again all also and announces anonymized anonymised anonymous another any are "
             "before begins beside between both but cannot copy cropped damaged data descriptions "
             "dicom different dimensions does each enhanced enhancement examination file files folder for "
             "from has have header holds image imageorientationpatient imagepositionpatient images "
             "inversion its label layer looks made mask masks missing modality more mosaic most name "
             "named names needs neither none not nothing number numbers one only orientation other others "
             "patient patients picture pictures pixel pixels pixelspacing position positions refused "
             "repeat same scanner segment segmentation segmentations series slice slices some spacing "
             "stack stacks study subject subjects test tests than that the their them there they this "
             "time times twice unknown value values volume volumes voxel voxels was were where which "
             "with without")
             .split(u' '))
      set.insert(one);
    return set;
  }();
  return words.contains(word);
}

/// Without digits at its ends.
QString withoutNumber(const QString& word) {
  qsizetype begin = 0, end = word.size();
  while (begin < end && word[begin].isDigit()) ++begin;
  while (end > begin && word[end - 1].isDigit()) --end;
  return word.mid(begin, end - begin);
}

/// As written, and with umlauts written the other way.
std::vector<QString> spellings(const QString& original) {
  using Pair = std::pair<QStringView, QStringView>;
  constexpr std::array<Pair, 3> umlauts{Pair(u"\u00e4", u"ae"), Pair(u"\u00f6", u"oe"),
                                        Pair(u"\u00fc", u"ue")};
  const QString written = original.normalized(QString::NormalizationForm_C).toCaseFolded();
  QString expanded = written, contracted = folded(original);
  for (const auto& [umlaut, letters] : umlauts) {
    expanded.replace(umlaut.front(), letters.toString());
    contracted.replace(letters.toString(), letters.first(1).toString());
  }
  std::vector<QString> all{folded(original), folded(expanded), contracted};
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace

void IdentityScrubber::add(const std::vector<QString>& words, const std::string& replacement) {
  qsizetype length = 0;
  for (const auto& word : words) length += word.size();
  const bool ideograms = std::ranges::any_of(words, [](const QString& word) {
    return !word.isEmpty() && word.front().unicode() >= first_ideogram;
  });
  if (length < (ideograms ? shortest_ideograms : shortest_word)) return;
  if (words.size() == 1 && namesNobody(words.front())) return;
  const auto into = [&](std::vector<Phrase>& known) {
    if (std::ranges::any_of(known, [&](const Phrase& phrase) { return phrase.words == words; }))
      return;
    known.push_back({words, QString::fromStdString(replacement)});
    std::ranges::stable_sort(known, std::ranges::greater(),
                             [](const Phrase& phrase) { return phrase.words.size(); });
  };
  into(phrases_[words.front()]);
  if (words.size() == 1 && length >= shortest_within)
    into(long_words_[words.front().left(shortest_within)]);
}

void IdentityScrubber::learnPhrase(const std::string& text, const std::string& pseudonym) {
  std::vector<QString> words;
  QString together;
  for (auto& word : wordsOf(QString::fromStdString(text))) {
    together += word.folded;
    words.push_back(std::move(word.folded));
  }
  add(words, pseudonym);
  if (words.size() > 1) add({together}, pseudonym);
}

void IdentityScrubber::learnName(const std::string& name, const std::string& replacement) {
  const QString whole = QString::fromStdString(name);
  for (const QString& writing : whole.split(u'=')) {  // in letters, in ideograms, by sound
    const auto words = wordsOf(writing);
    for (std::size_t i = 0; i < words.size(); ++i) {
      const auto ways = spellings(writing.mid(words[i].begin, words[i].length));
      for (const auto& way : ways) add({way}, replacement);
      // Short ones and particles name somebody together with their neighbours alone: "Li Bo",
      // "dewit".
      for (std::size_t k = 0; k < words.size() && words.size() <= most_words; ++k) {
        if (k == i) continue;
        for (const auto& way : ways) {
          add({way, words[k].folded}, replacement);
          add({words[k].folded, way}, replacement);
          add({way + words[k].folded}, replacement);
          add({words[k].folded + way}, replacement);
        }
      }
    }
  }
}

void IdentityScrubber::learnBirthDate(const QString& date, const std::string& replacement) {
  if (date.size() != 8) return;
  constexpr std::array<QStringView, 12> months{u"jan", u"feb", u"mar", u"apr", u"may", u"jun",
                                               u"jul", u"aug", u"sep", u"oct", u"nov", u"dec"};
  const QString year = date.left(4), month = date.mid(4, 2), day = date.mid(6, 2);
  const auto short_of = [](const QString& two) { return QString::number(two.toInt()); };
  std::vector<QString> month_ways{month, short_of(month)}, day_ways{day, short_of(day)};
  if (const int number = month.toInt(); number >= 1 && number <= 12)
    month_ways.push_back(months[static_cast<std::size_t>(number - 1)].toString());
  for (const QString& y : {year, year.right(2)}) {
    for (const auto& m : month_ways) {
      for (const auto& d : day_ways) {
        add({y, m, d}, replacement);
        add({d, m, y}, replacement);
        add({m, d, y}, replacement);
        if (m.size() >= 2 && d.size() == 2) {  // fewer digits would be any number
          add({d + m + y}, replacement);
          add({y + m + d}, replacement);
        }
      }
    }
  }
}

void IdentityScrubber::learn(const DicomHeader& header, const std::string& pseudonym) {
  constexpr qsizetype shortest_number = 5;
  learnPhrase(header.patient_id, pseudonym);
  QString digits;
  for (const char c : header.patient_id + ' ') {
    if (c >= '0' && c <= '9') {
      digits += QLatin1Char(c);
    } else if (!digits.isEmpty()) {
      if (digits.size() >= shortest_number) add({digits}, pseudonym);
      digits.clear();
    }
  }
  learnName(header.patient_name, pseudonym);
  for (const auto& other : header.other_identities) learnName(other, "[name]");
  learnBirthDate(QString::fromStdString(header.birth_date), pseudonym);
}

std::string IdentityScrubber::cleanDescription(const std::string& text) const {
  return cleanBut(text, [](const QString& word) { return isSeriesWord(word.toStdString()); });
}

std::string IdentityScrubber::cleanBut(
    const std::string& text, const std::function<bool(const QString& word)>& stays) const {
  if (phrases_.empty()) return text;
  const QString whole = QString::fromStdString(text);
  const auto words = wordsOf(whole);
  QString cleaned;
  qsizetype copied = 0;
  const auto replace = [&](std::size_t first, std::size_t count, const QString& by) {
    const auto& last = words[first + count - 1];
    cleaned += whole.mid(copied, words[first].begin - copied) + by;
    copied = last.begin + last.length;
    return count;
  };
  /// How many words were replaced from the one at `i` on.
  const auto replaceAt = [&](std::size_t i) -> std::size_t {
    if (stays && stays(words[i].folded)) return 0;
    if (const auto found = phrases_.find(words[i].folded); found != phrases_.end()) {
      for (const Phrase& phrase : found->second) {
        if (stays && std::ranges::any_of(phrase.words, stays)) continue;
        if (i + phrase.words.size() <= words.size() &&
            std::equal(phrase.words.begin(), phrase.words.end(),
                       words.begin() + static_cast<std::ptrdiff_t>(i),
                       [](const QString& known, const Word& word) { return known == word.folded; }))
          return replace(i, phrase.words.size(), phrase.replacement);
      }
    }
    if (const QString name = withoutNumber(words[i].folded);
        name.size() < words[i].folded.size()) {  // "LiBo77"
      if (const auto found = phrases_.find(name); found != phrases_.end()) {
        for (const Phrase& phrase : found->second)
          if (phrase.words.size() == 1) return replace(i, 1, phrase.replacement);
      }
    }
    for (qsizetype at = 0; at + shortest_within <= words[i].folded.size(); ++at) {
      const auto found = long_words_.find(words[i].folded.mid(at, shortest_within));
      if (found == long_words_.end()) continue;
      for (const Phrase& known : found->second)
        if (QStringView(words[i].folded).sliced(at).startsWith(known.words.front()))
          return replace(i, 1, known.replacement);
    }
    return 0;
  };
  for (std::size_t i = 0; i < words.size();) i += std::max<std::size_t>(replaceAt(i), 1);
  cleaned += whole.mid(copied);
  return cleaned.toStdString();
}

}  // namespace gadolin::session
