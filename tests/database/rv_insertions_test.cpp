#include "database/rv_insertions.h"

#include <limits>

#include "tests/database/raw_sql.h"
#include "tests/database/sample.h"

namespace gadolin::db {
namespace {

class Insertions : public test::Sample {
 protected:
  Insertions() { EXPECT_TRUE(addStack(database, test::sampleStack("P1", 1)).ok()); }
  Result<void> set(int slice, InsertionKind kind, std::optional<std::array<double, 2>> place,
                   const char* reader = "ann") {
    return addInsertion(database, {"P1-s1", slice, kind, place, reader, {}});
  }
};

TEST_F(Insertions, NewestOfEachSliceAndKindCountsAndCanBeTakenBack) {
  ASSERT_TRUE(set(3, InsertionKind::Anterior, {{10.25, 20.5}}).ok());
  ASSERT_TRUE(set(3, InsertionKind::Inferior, {{11, 40}}).ok());
  ASSERT_TRUE(set(5, InsertionKind::Anterior, {{9, 21}}).ok());
  ASSERT_TRUE(set(3, InsertionKind::Anterior, {{12, 22}}, "ute").ok());
  auto found = insertionsOfStack(database, "P1-s1").value();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].slice, 3);
  EXPECT_EQ(found[0].kind, InsertionKind::Anterior);
  EXPECT_EQ(found[0].place, (std::array{12.0, 22.0}));
  EXPECT_EQ(found[0].reader, "ute");
  EXPECT_EQ(found[1].kind, InsertionKind::Inferior);
  EXPECT_EQ(found[2].slice, 5);
  ASSERT_TRUE(set(3, InsertionKind::Anterior, std::nullopt).ok());
  found = insertionsOfStack(database, "P1-s1").value();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].kind, InsertionKind::Inferior);
}

TEST_F(Insertions, OnlyGrowAndRefuseWhatIsNoPlace) {
  ASSERT_TRUE(set(0, InsertionKind::Anterior, {{1, 2}}).ok());
  EXPECT_EQ(set(0, InsertionKind::Anterior, {{1, 2}}, "").error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(set(8, InsertionKind::Anterior, {{1, 2}}).error().code, ErrorCode::NotFound)
      << "the stack has eight slices";
  EXPECT_EQ(set(-1, InsertionKind::Anterior, {{1, 2}}).error().code, ErrorCode::NotFound);
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(set(0, InsertionKind::Anterior, {{nothing, 2}}).error().code, ErrorCode::InvalidInput);
  for (const char* sql : {"UPDATE rv_insertion SET reader = 'x'", "DELETE FROM rv_insertion",
                          "REPLACE INTO rv_insertion SELECT * FROM rv_insertion"})
    EXPECT_FALSE(test::execute(folder.path() / "project.sqlite", sql)) << sql;
  EXPECT_EQ(insertionsOfStack(database, "P1-s1")->size(), 1u);
}

}  // namespace
}  // namespace gadolin::db
