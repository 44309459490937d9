#pragma once
// A project on which a training can start: six patients in three parts, labelled, with masks.

#include <vector>

#include "database/labels.h"
#include "database/splits.h"
#include "tests/session/sample_project.h"

namespace gadolin::session::test {

class TrainableProject : public ::testing::Test {
 protected:
  TrainableProject() {
    auto made = Project::create(folder.path() / "lab.gadolin");
    EXPECT_TRUE(made.ok());
    project = std::move(made).value();
    for (int i = 1; i <= 6; ++i)
      addSample(*project, "P" + std::to_string(i), 4, i % 2 == 0 ? 0 : 2);
    const auto stored = project->writeNow<int>([](db::Database& database) -> Result<int> {
      std::vector<db::SplitRecord> split;
      for (int i = 1; i <= 6; ++i) {
        const std::string patient = "P" + std::to_string(i);
        split.push_back({patient,
                         i <= 3   ? dataset::Part::Train
                         : i <= 4 ? dataset::Part::Validation
                                  : dataset::Part::Test,
                         {}});
        std::vector<db::SliceChange> labels;
        for (int z = 0; z < 4; ++z) {
          labels.push_back({z, i % 2 == 1 && z < 2 ? SliceLabel::Fibrosis : SliceLabel::None});
        }
        GADOLIN_CHECK(db::setSliceLabels(database, patient + "-s1", labels, "anna", 8, "import"));
      }
      GADOLIN_CHECK(db::replaceSplit(database, split));
      return 0;
    });
    EXPECT_TRUE(stored.ok());
  }

  gadolin::test::TempFolder folder;
  std::unique_ptr<Project> project;
};

}  // namespace gadolin::session::test
