#pragma once
// Whether a DICOM series looks like a late-gadolinium short-axis stack: points for and against, each
// with its reason, so that a person can follow the choice and overrule it. Weights are ours; what they
// look at is what readers go by: the words of the description, the inversion time, the plane, the
// number and distance of slices.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/imaging/geometry.h"

namespace gadolin {

/// What a series says about itself. Texts as in the header, in UTF-8 or Latin-1.
struct SeriesFacts {
  std::string description;  // SeriesDescription
  std::string protocol;     // ProtocolName
  std::string image_type;   // values joined with a backslash
  std::optional<double> inversion_time_ms;  // the shortest of its images
  Geometry geometry;
};

enum class SeriesVerdict {
  Take,
  Check,  // taken, with a word of doubt
  Leave,
};
std::string_view toText(SeriesVerdict verdict);  // "take", "check", "leave"

struct SeriesJudgement {
  int points = 0;  // 2 and more: taken; below 0: left
  SeriesVerdict verdict = SeriesVerdict::Check;
  /// "+3 'LGE' in the description", in the order of their weight.
  std::vector<std::string> reasons;
};

SeriesJudgement judgeSeries(const SeriesFacts& facts);

/// What the words of the description alone say, before there is an image: for a list of series that an
/// archive has. The import judges again, by everything.
SeriesJudgement judgeDescription(std::string_view description);

/// Under what a person's decision about a series is remembered: its description without case, numbers
/// and padding, so that it holds for the next patient as well. "none" for one without words.
std::string decisionKey(std::string_view description);

/// Whether the judgement knows this word, or it is as common in descriptions ("sax", "psir", "mag"): it names nobody
/// there, even where a patient is called so. Lower case.
bool isSeriesWord(std::string_view word);

/// In one sentence: the verdict, the points and the reasons.
std::string toSentence(const SeriesJudgement& judgement);

}  // namespace gadolin
