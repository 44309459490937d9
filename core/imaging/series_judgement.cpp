#include "core/imaging/series_judgement.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <span>

#include "core/imaging/series.h"

namespace gadolin {
namespace {

constexpr int taken_from = 2;
constexpr int left_below = 0;

/// Lower case ASCII letters and digits in runs; all else parts them, and so do a letter beside a digit.
/// Umlauts and accents of UTF-8 and Latin-1 stay inside their word as '?'.
std::vector<std::string> wordsOf(std::string_view text) {
  std::vector<std::string> words(1);
  int last = 0;  // 0 nothing, 1 letter, 2 digit
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const int kind = byte >= 0x80 || std::isalpha(byte) != 0 ? 1 : std::isdigit(byte) != 0 ? 2 : 0;
    if (kind != last && !words.back().empty()) words.emplace_back();
    last = kind;
    if (kind == 0) continue;
    if (byte >= 0x80) {
      if (words.back().empty() || words.back().back() != '?') words.back() += '?';
    } else {
      words.back() += static_cast<char>(std::tolower(byte));
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// A word or several that follow each other. A single one of four letters and more also counts as
/// the beginning of a word ("perf" of "perfusion"), or anywhere in it from six on.
bool contains(const std::vector<std::string>& words, std::string_view term) {
  const auto wanted = wordsOf(term);
  if (wanted.empty()) return false;
  if (wanted.size() == 1) {
    const std::string& one = wanted.front();
    return std::ranges::any_of(words, [&one](const std::string& word) {
      if (word == one) return true;
      if (one.size() >= 6) return word.find(one) != std::string::npos;
      return one.size() >= 4 && word.starts_with(one);
    });
  }
  return !std::ranges::search(words, wanted).empty();
}

const std::string_view* firstOf(const std::vector<std::string>& words,
                                std::span<const std::string_view> terms) {
  const auto found =
      std::ranges::find_if(terms, [&](std::string_view term) { return contains(words, term); });
  return found == terms.end() ? nullptr : &*found;
}

// English, German, Dutch and French, and the names that the makers give. Whether a description is in
// UTF-8 or Latin-1 makes no difference: see wordsOf.
constexpr std::array enhancement_words{
    std::string_view{"lge"}, std::string_view{"late gad"}, std::string_view{"late gadolinium"},
    std::string_view{"late enh"}, std::string_view{"late enhancement"}, std::string_view{"delayed"},
    std::string_view{"psir"}, std::string_view{"psmde"}, std::string_view{"mde"},
    std::string_view{"dhe"}, std::string_view{"viab"}, std::string_view{"scar"},
    std::string_view{"narbe"}, std::string_view{"spätanreicherung"}, std::string_view{"spät"},
    std::string_view{"aankleuring"}, std::string_view{"litteken"},
    std::string_view{"rehaussement"}, std::string_view{"tardif"}, std::string_view{"cicatrice"},
    std::string_view{"fibros"}};

/// Count at the beginning alone: "de" and "le" are words of their own in Dutch and French.
constexpr std::array first_words{std::string_view{"de"}, std::string_view{"le"}};

constexpr std::array other_words{
    std::string_view{"scout"}, std::string_view{"tiscout"}, std::string_view{"localizer"},
    std::string_view{"localiser"}, std::string_view{"survey"}, std::string_view{"pilot"},
    std::string_view{"look locker"}, std::string_view{"looklocker"}, std::string_view{"molli"}, std::string_view{"shmolli"},
    std::string_view{"sasha"}, std::string_view{"map"}, std::string_view{"maps"},
    std::string_view{"mapping"}, std::string_view{"t2star"}, std::string_view{"stir"},
    std::string_view{"tirm"}, std::string_view{"t2w"}, std::string_view{"t2 tse"},
    std::string_view{"cine"}, std::string_view{"ciné"}, std::string_view{"perf"},
    std::string_view{"first pass"}, std::string_view{"stress"}, std::string_view{"flow"},
    std::string_view{"fluss"}, std::string_view{"flux"}, std::string_view{"venc"},
    std::string_view{"angio"}, std::string_view{"mra"}, std::string_view{"haste"},
    std::string_view{"tagging"}, std::string_view{"mip"}, std::string_view{"mpr"},
    std::string_view{"subtraction"}};

constexpr std::array short_axis_words{
    std::string_view{"sax"}, std::string_view{"sa"}, std::string_view{"short axis"},
    std::string_view{"shortaxis"}, std::string_view{"korte as"}, std::string_view{"kurze achse"},
    std::string_view{"kurzachse"}, std::string_view{"petit axe"}, std::string_view{"pa"},
    std::string_view{"ka"}};

constexpr std::array long_axis_words{
    std::string_view{"lax"}, std::string_view{"long axis"}, std::string_view{"longaxis"},
    std::string_view{"lange as"}, std::string_view{"lange achse"}, std::string_view{"langachse"},
    std::string_view{"grand axe"}, std::string_view{"ch"}, std::string_view{"cv"},
    std::string_view{"chamber"}, std::string_view{"kammer"}, std::string_view{"kamer"},
    std::string_view{"cavités"}, std::string_view{"hla"}, std::string_view{"vla"},
    std::string_view{"lvot"}, std::string_view{"rvot"}, std::string_view{"axial"},
    std::string_view{"transversal"}, std::string_view{"tra"}, std::string_view{"coronal"},
    std::string_view{"sagittal"}};

class Judge {
 public:
  explicit Judge(const SeriesFacts& facts)
      : facts_(facts), words_(wordsOf(facts.description)) {
    // Many sites leave the scanner's protocol name where the description says nothing.
    if (words_.empty()) words_ = wordsOf(facts.protocol);
  }

  SeriesJudgement judge() {
    lookAtWords();
    lookAtImageType();
    lookAtInversionTime();
    lookAtPlane();
    lookAtSlices();
    return sum();
  }

  SeriesJudgement judgeWords() {
    lookAtWords();
    return sum();
  }

 private:
  SeriesJudgement sum() {
    std::ranges::stable_sort(reasons_, [](const auto& a, const auto& b) {
      return std::abs(a.points) > std::abs(b.points);
    });
    SeriesJudgement judgement;
    for (const auto& reason : reasons_) {
      judgement.points += reason.points;
      char sign[16];
      std::snprintf(sign, sizeof sign, "%+d ", reason.points);
      judgement.reasons.push_back(sign + reason.text);
    }
    judgement.verdict = judgement.points >= taken_from  ? SeriesVerdict::Take
                        : judgement.points < left_below ? SeriesVerdict::Leave
                                                        : SeriesVerdict::Check;
    return judgement;
  }

  struct Reason {
    int points;
    std::string text;
  };

  void add(int points, std::string text) { reasons_.push_back({points, std::move(text)}); }

  static std::string quoted(std::string_view term) { return "'" + std::string(term) + "'"; }

  void lookAtWords() {
    const auto* first = words_.empty() ? nullptr
                                       : firstOf({words_.front()}, first_words);
    if (const auto* term = firstOf(words_, enhancement_words))
      add(3, quoted(*term) + " in the description");
    else if (first != nullptr)
      add(3, quoted(*first) + " at the beginning of the description");
    if (const auto* term = firstOf(words_, other_words))
      add(-8, quoted(*term) + " in the description");
    if (const auto* term = firstOf(words_, short_axis_words))
      add(1, quoted(*term) + " in the description");
    else if (const auto* long_axis = firstOf(words_, long_axis_words))
      add(-6, quoted(*long_axis) + " in the description");
  }

  void lookAtImageType() {
    std::string type = "\\" + facts_.image_type + "\\";
    std::ranges::transform(type, type.begin(), [](unsigned char c) {
      return static_cast<char>(std::toupper(c));
    });
    const auto has = [&type](std::string_view value) {
      return type.find("\\" + std::string(value) + "\\") != std::string::npos;
    };
    for (const char* map : {"T1 MAP", "T2 MAP", "T2_STAR MAP", "T1_MAP", "T2_MAP", "B0 MAP", "FITPARAMS",
                            "LOCALIZER", "PROJECTION IMAGE", "MIN_IP", "CPR", "MPR"}) {
      if (has(map)) return add(-10, "image type " + quoted(map));
    }
    const bool psir = type.find("PSIR") != std::string::npos;
    if (psir) return add(2, "image type 'PSIR'");
    // Some makers mark the phase-sensitive image as a phase image.
    const bool said = contains(words_, "psir");
    if (!said && (has("P") || has("PHASE MAP") || has("PHASE"))) add(-8, "a phase image");
    if (has("SECONDARY")) add(-1, "computed from other images (image type 'SECONDARY')");
  }

  void lookAtInversionTime() {
    if (!facts_.inversion_time_ms || !(*facts_.inversion_time_ms > 0)) return;
    const double ms = *facts_.inversion_time_ms;
    const std::string text =
        "inversion time " + std::to_string(static_cast<int>(std::lround(ms))) + " ms";
    if (ms >= 150 && ms <= 600) add(2, text);
    if (ms > 600) add(-1, text + " (late enhancement has 150 to 600)");
  }

  void lookAtPlane() {
    const Vec3& normal = facts_.geometry.axes[2];
    const double along = std::max({std::abs(normal[0]), std::abs(normal[1]), std::abs(normal[2])});
    constexpr double straight = 0.995;        // 6 degrees: planned on the body, not on the heart
    constexpr double heart_axis = 0.71;       // 45 degrees from a usual heart's long axis
    constexpr double across = 0.34;           // 70 degrees: the long axis lies in the plane
    const double cosine = std::abs(dot(normal, towardsApex()));
    if (along > straight) return add(-1, "a plane along the body's axes");
    if (cosine >= heart_axis) return add(2, "a plane across the heart's long axis");
    if (cosine < across) add(-2, "a plane along the heart's long axis");
  }

  void lookAtSlices() {
    const int slices = facts_.geometry.size[2];
    const double distance_mm = facts_.geometry.spacing_mm[2];
    const std::string count = std::to_string(slices) + " slices";
    if (slices >= 6 && slices <= 20) add(1, count);
    if (slices > 60) add(-2, count);
    char distance[32];
    std::snprintf(distance, sizeof distance, "%.3g mm between slices", distance_mm);
    if (distance_mm >= 4 && distance_mm <= 16) add(1, distance);
    if (distance_mm < 2) add(-2, distance);
  }

  const SeriesFacts& facts_;
  std::vector<std::string> words_;
  std::vector<Reason> reasons_;
};

}  // namespace

std::string_view toText(SeriesVerdict verdict) {
  switch (verdict) {
    case SeriesVerdict::Take: return "take";
    case SeriesVerdict::Check: return "check";
    case SeriesVerdict::Leave: return "leave";
  }
  return "check";
}

SeriesJudgement judgeSeries(const SeriesFacts& facts) {
  return Judge(facts).judge();
}

SeriesJudgement judgeDescription(std::string_view description) {
  SeriesFacts facts;
  facts.description = description;
  return Judge(facts).judgeWords();
}

std::string decisionKey(std::string_view description) {
  std::string key;
  for (const auto& word : wordsOf(description)) {
    if (std::isdigit(static_cast<unsigned char>(word.front())) != 0) continue;
    if (!key.empty()) key += ' ';
    key += word;
  }
  return key.empty() ? "none" : key;
}

bool isSeriesWord(std::string_view word) {
  // The "2" of "t2 tse" is no word: it may be of a date of birth.
  const bool letters = word.size() >= 2 && std::ranges::none_of(word, [](unsigned char c) {
    return std::isdigit(c) != 0;
  });
  if (!letters) return false;
  constexpr std::array common{std::string_view{"mag"},   std::string_view{"magnitude"}, std::string_view{"phase"},
                              std::string_view{"real"},  std::string_view{"heart"},     std::string_view{"cardiac"},
                              std::string_view{"herz"},  std::string_view{"hart"},      std::string_view{"coeur"},
                              std::string_view{"image"}, std::string_view{"test"}};
  const auto knows = [word](std::span<const std::string_view> terms) {
    return std::ranges::any_of(terms, [word](std::string_view term) {
      const auto words = wordsOf(term);
      return std::ranges::find(words, word) != words.end();
    });
  };
  return knows(enhancement_words) || knows(other_words) || knows(short_axis_words) || knows(long_axis_words) ||
         knows(common);
}

std::string toSentence(const SeriesJudgement& judgement) {
  std::string text = judgement.verdict == SeriesVerdict::Take    ? "It looks like late enhancement"
                     : judgement.verdict == SeriesVerdict::Leave ? "It does not look like late enhancement"
                                                                 : "It may be no late enhancement";
  text += " (" + std::to_string(judgement.points) +
          (std::abs(judgement.points) == 1 ? " point" : " points");
  for (std::size_t i = 0; i < judgement.reasons.size(); ++i)
    text += (i == 0 ? ": " : ", ") + judgement.reasons[i];
  return text + ").";
}

}  // namespace gadolin
