// Names of segments: a wrong guess is a wrong number, so an unclear one must not be guessed.

#include "core/imaging/io/label_words.h"

#include <gtest/gtest.h>

#include "core/imaging/io/label_meaning.h"

namespace gadolin::io {
namespace {

using Says = NameMeaning::Says;

struct Phrase {
  const char* name;
  Says says;
  int tissue = 0;
};
std::ostream& operator<<(std::ostream& out, const Phrase& phrase) {
  return out << phrase.name;
}

class NameOfASegment : public testing::TestWithParam<Phrase> {};

TEST_P(NameOfASegment, IsReadAsAPersonWouldReadIt) {
  const NameMeaning meaning = meaningOfName(GetParam().name);
  EXPECT_EQ(static_cast<int>(meaning.says), static_cast<int>(GetParam().says));
  EXPECT_EQ(meaning.tissue, GetParam().tissue);  // 0 where it says none
}

Phrase is(const char* name, int tissue) {
  return {name, Says::Tissue, tissue};
}
Phrase nothing(const char* name) {
  return {name, Says::Nothing};
}
Phrase negated(const char* name) {
  return {name, Says::Negated};
}
Phrase several(const char* name) {
  return {name, Says::Several};
}

INSTANTIATE_TEST_SUITE_P(
    Plain, NameOfASegment,
    testing::Values(is("LV cavity", 1), is("Blutpool", 1), is("LV_blood", 1), is("LV lumen", 1),
                    is("endo", 1), is("LVendo", 1), is("Myocardium", 2), is("Myokard", 2),
                    is("LV_myo", 2), is("LVmyo", 2), is("LVMyo", 2), is("LV wall", 2),
                    is("Normal myocardium", 2), is("Viable myocardium", 2), is("Scar", 3),
                    is("Narbe", 3), is("Infarkt", 3), is("LGE", 3), is("infarcted myocardium", 3),
                    is("LV myocardial scar", 3), is("Litteken", 3), is("Cicatrice", 3),
                    is("infarziertes Myokard", 3), is("Infarct of LV free wall", 3),
                    is("Subendocardial infarct", 3), is("Endocardial scar", 3), is("MVO", 4),
                    is("no-reflow", 4), is("No reflow", 4), is("noreflow", 4),
                    is("no-reflow in the infarct", 4), is("microvascular obstruction", 4),
                    is("RV cavity", 0), is("RV myocardium", 0), is("Scar tissue of RV", 0),
                    is("Left atrium", 0), nothing("LV"), nothing("LV epi"), nothing("epi"),
                    nothing("Mitral valve"), nothing("reference ROI remote"), nothing(""),
                    nothing("Segment 7"), is("LV cavity and papillary muscles", 1)));

INSTANTIATE_TEST_SUITE_P(
    NegatedForCertain, NameOfASegment,
    testing::Values(is("Non-infarcted myocardium", 2), is("Non-infarcted remote myocardium", 2),
                    is("noninfarcted myocardium", 2), is("NonInfarctedMyocardium", 2),
                    is("not infarcted myocardium", 2), is("non-scarred myocardium", 2),
                    is("unenhanced myocardium", 2), is("nicht infarziertes Myokard", 2),
                    is("nichtinfarziertes Myokard", 2), is("narbenfreies Myokard", 2),
                    is("scar-free myocardium", 2), is("infarct free myocardium", 2),
                    is("myocarde non infarci", 2), is("niet-infarcerend myocard", 2),
                    is("healthy myocardium", 2), is("remote myocardium", 2),
                    is("gesundes Myokard", 2), is("Non-ischemic fibrosis", 3),
                    is("non-transmural infarct", 3), is("LV cavity excluding papillary muscles", 1),
                    is("Myocardium without trabeculae", 2)));

INSTANTIATE_TEST_SUITE_P(
    Negated, NameOfASegment,
    testing::Values(negated("no scar"), negated("artefact not scar"), negated("non-scar"),
                    negated("healthy myocardium (no LGE)"), negated("myocardium without scar"),
                    negated("myocardium w/o scar"), negated("LV myocardium excluding scar"),
                    negated("LV wall minus infarct"), negated("non-viable myocardium"),
                    negated("nonviable myocardium"), negated("avital myocardium"),
                    negated("abnormal myocardium"), negated("sans cicatrice"),
                    negated("myocarde hors cicatrice"), negated("Myokard ohne Narbe"),
                    negated("keine Narbe"), negated("Narbe: nicht"), negated("narbenfrei"),
                    negated("scar-free"), negated("scar free wall"), negated("geen litteken"),
                    negated("myocard zonder litteken"), negated("littekenvrij"),
                    negated("Peri-infarct zone"), negated("periinfarct"), negated("infarct border"),
                    negated("LGE-negative"), negated("LGE-"), negated("Scar excluded"),
                    negated("Scar without MVO"), negated("LV not RV"), negated("non-infarcted"),
                    negated("hypoenhancement")));

INSTANTIATE_TEST_SUITE_P(
    Several, NameOfASegment,
    testing::Values(several("LV myocardium and scar"), several("Myokard und Narbe"),
                    several("myocarde et cicatrice"), several("myocard en litteken"),
                    several("Myocardium + scar"), several("myocardium, scar"),
                    several("Myocardium (incl. scar)"), several("scar/MVO"),
                    several("LV wall & cavity"), several("LV and RV myocardium"),
                    several("cavity myocardium"), several("remote from infarct")));

TEST(SegmentsOfSlicer, WithANegatedNameAreRefusedWithAllNames) {
  VoxelHeader header;
  header.segments = {{"Myocardium", 1, 0}, {"myocardium without scar", 2, 0}};
  const auto meaning = LabelMeaning::of(header, LabelTable::Tissue);
  ASSERT_FALSE(meaning.ok());
  EXPECT_EQ(meaning.error().message,
            "Its segment 'myocardium without scar' says what it is not or lies beside, which can "
            "be meant in several ways: name it cavity, myocardium, scar or MVO. Its segments are "
            "'Myocardium', 'myocardium without scar'.");
}

}  // namespace
}  // namespace gadolin::io
