#include "ui/session/stack_store.h"

#include "tests/session/qt_main.h"
#include "tests/session/sample_project.h"

namespace gadolin::session {
namespace {

using Store = test::SampleProject;

TEST_F(Store, LoadedStackIsKeptAndShared) {
  StackStore store(project->paths());
  EXPECT_EQ(store.cached("P1-s1"), nullptr);
  auto first = store.load("P1-s1");
  auto second = store.load("P1-s1");
  first.waitForFinished();
  second.waitForFinished();
  ASSERT_TRUE(first.result().ok());
  EXPECT_EQ(*first.result(), *second.result()) << "two reads of one file";
  EXPECT_EQ(store.cached("P1-s1"), *first.result());
  EXPECT_EQ((*first.result())->image.voxels, test::sampleImage(1, 6).image.voxels);
  EXPECT_EQ(store.heldBytes(), std::size_t{16 * 12 * 6 * 4});
}

TEST_F(Store, MissingStackIsNamedAndNotRemembered) {
  StackStore store(project->paths());
  auto future = store.load("P9-s1");
  future.waitForFinished();
  ASSERT_FALSE(future.result().ok());
  EXPECT_NE(future.result().error().message.find("P9-s1"), std::string::npos);
  ASSERT_TRUE(writeStack(project->paths().stack("P9-s1"), test::sampleImage(9, 3)).ok());
  auto again = store.load("P9-s1");
  again.waitForFinished();
  EXPECT_TRUE(again.result().ok());
}

TEST_F(Store, OldestGoesWhenTheBudgetIsSpent) {
  StackStore store(project->paths(), 16 * 12 * 11 * 4);  // P1 (6 slices) and P2 (5) fit exactly
  for (const char* id : {"P1-s1", "P2-s1"}) store.load(id).waitForFinished();
  EXPECT_NE(store.cached("P1-s1"), nullptr);  // used: P2 is now the older one
  store.load("P3-s1").waitForFinished();
  EXPECT_NE(store.cached("P1-s1"), nullptr);
  EXPECT_EQ(store.cached("P2-s1"), nullptr);
  EXPECT_NE(store.cached("P3-s1"), nullptr);
  EXPECT_LE(store.heldBytes(), std::size_t{16 * 12 * 11 * 4});
}

TEST_F(Store, PrefetchedStacksAreThereBeforeTheyAreAskedFor) {
  StackStore store(project->paths());
  store.prefetch({"P1-s1", "P2-s1", "P3-s1"});
  EXPECT_TRUE(gadolin::test::waitFor(
      [&] { return store.cached("P1-s1") && store.cached("P2-s1") && store.cached("P3-s1"); }));
}

TEST_F(Store, MaskWhoseContentIsNotItsNameIsRefused) {
  StackStore store(project->paths());
  const Mask mask = test::sampleMask(6, 2);
  const std::string name = contentHash(mask);
  auto future = store.loadMask(name);
  future.waitForFinished();
  ASSERT_TRUE(future.result().ok());
  EXPECT_EQ((*future.result())->voxels, mask.voxels);
  EXPECT_EQ(store.cachedMask(name), *future.result());
  const std::string other(64, 'a');
  ASSERT_TRUE(writeMask(project->paths().mask(other), mask).ok());
  auto wrong = store.loadMask(other);
  wrong.waitForFinished();
  EXPECT_EQ(wrong.result().error().code, ErrorCode::Corrupt);
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_QT_TEST_MAIN();
