// EMIDEC's layout: what it may not invent, and what whoever trains on it must be told.

#include "core/imaging/display_orientation.h"
#include "core/imaging/io/volume_reader.h"
#include "tests/session/export_fixture.h"
#include "ui/session/importer.h"

namespace gadolin::session::test {
namespace {

namespace fs = std::filesystem;

class ExportEmidec : public ExportProject {
 protected:
  /// Imports the export into a project of its own.
  std::unique_ptr<Project> importedAgain(int stacks) {
    auto second = Project::create(out("second.gadolin"));
    EXPECT_TRUE(second.ok());
    Importer importer(**second);
    ImportRequest request;
    request.paths = {out("emidec")};
    request.layout = Layout::Emidec;
    const auto summary = importer.run(request);
    EXPECT_TRUE(summary.ok());
    EXPECT_EQ(summary ? summary->stacks : 0, stacks);
    return std::move(second).value();
  }
};

/// As ACDC's files are: unit columns at the origin, the base first.
Stack stackOfUnknownOrientation(int slices, const Vec3& x, const Vec3& y) {
  Stack stack = obliqueStack(2, slices, false);
  Geometry& g = stack.image.geometry;
  g.origin_mm = {0, 0, 0};
  g.axes = {{x, y, {0, 0, 1}}};
  for (int z = 0; z < slices; ++z)
    stack.slices[static_cast<std::size_t>(z)].origin_mm = g.toWorld(0, 0, z);
  return stack;
}

TEST_F(ExportEmidec, AHeartOfUnknownOrientationComesBackWithNoneInvented) {
  add("A", 1, stackOfUnknownOrientation(5, {-1, 0, 0}, {0, -1, 0}));
  add("B", 1, stackOfUnknownOrientation(5, {1, 0, 0}, {0, 1, 0}));
  const auto said = exportAs("emidec", out("emidec"));
  ASSERT_EQ(said.status, 0) << said.error;
  const auto second = importedAgain(2);
  for (const auto& [patient, x] : {std::pair("A", -1.0), std::pair("B", 1.0)}) {
    SCOPED_TRACE(patient);
    const Stack made = stackOfUnknownOrientation(5, {x, 0, 0}, {0, x, 0});
    ASSERT_FALSE(displayOrientation(made.image.geometry).known);
    const std::string id = "Case_" + std::string(patient) + "-s1";
    const auto stack = readStack(second->paths().stack(id));
    const auto record = db::latestPersonMask(second->reader(), id);
    ASSERT_TRUE(stack.ok() && record.ok() && record->has_value());
    const Geometry& g = stack->image.geometry;
    EXPECT_FALSE(displayOrientation(g).known);
    EXPECT_EQ(displayOrientation(g), displayOrientation(made.image.geometry));
    // Turned round, and not mirrored: the slices run the other way in space too.
    EXPECT_TRUE(stack->apex_first);
    EXPECT_LT(norm(g.axes[2] - Vec3{0, 0, -1}), 1e-6);
    EXPECT_EQ(g.spacing_mm, made.image.geometry.spacing_mm);
    const auto mask = readMaskOn(second->paths().mask((*record)->sha256), g);
    ASSERT_TRUE(mask.ok());
    const Mask drawn = obliqueMask(made);
    for (int z = 0; z < 5; ++z) {
      EXPECT_TRUE(std::ranges::equal(stack->image.slice(4 - z), made.image.slice(z))) << z;
      EXPECT_TRUE(std::ranges::equal(mask->slice(4 - z), drawn.slice(z))) << z;
    }
  }
}

TEST_F(ExportEmidec, PatientsWhoseNamesBecomeOneAreTwoCases) {
  add("P1", 1, obliqueStack(1, 5, true));
  add("Case_P1", 1, obliqueStack(2, 6, true));
  const auto said = exportAs("emidec", out("emidec"));
  ASSERT_EQ(said.status, 0) << said.error << said.out;
  for (const auto& [name, seed, slices] :
       {std::tuple("Case_P1", 2, 6), std::tuple("Case_P1-2", 1, 5)}) {
    const auto second = io::readVolumeStack(
        out("emidec") / name / "Images" / (std::string(name) + ".nii.gz"), std::nullopt);
    ASSERT_TRUE(second.ok()) << name;
    EXPECT_EQ(second->image.voxels, obliqueStack(seed, slices, true).image.voxels) << name;
  }
  const auto table = readFile(out("emidec") / "cases.csv");
  ASSERT_TRUE(table.ok());
  EXPECT_NE(table->find("\nCase_P1,Case_P1,Case_P1-s1,"), std::string::npos) << *table;
  EXPECT_NE(table->find("\nCase_P1-2,P1,P1-s1,"), std::string::npos) << *table;
  EXPECT_NE(said.out.find("Case_P1-2"), std::string::npos) << "renamed without a word";
}

TEST_F(ExportEmidec, MasksThatAreNoGroundTruthAreNamed) {
  const Stack stack = obliqueStack(1, 5, true);
  Mask scar = obliqueMask(stack);
  for (auto& label : scar.voxels) label = label == 3 ? 3 : 0;
  Mask edited = obliqueMask(stack);
  edited.at(0, 0, 0) = 2;
  add("drawn", 1, stack, true, "ann");
  for (const char* patient : {"edited", "scar", "none"}) add(patient, 1, stack, false);
  const auto parent = predict("edited-s1", obliqueMask(stack));
  for (const auto& [id, mask, began_as] :
       {std::tuple("edited-s1", edited, std::optional(parent)),
        std::tuple("scar-s1", scar, std::optional<std::int64_t>())}) {
    db::MaskRecord revision;
    revision.stack = id;
    revision.source = db::MaskSource::Reader;
    revision.author = "bob";
    revision.sha256 = contentHash(mask);
    revision.parent = began_as;
    ASSERT_TRUE(writeMask(project->paths().mask(revision.sha256), mask).ok());
    const auto done = project->writeNow<std::int64_t>(
        [&](db::Database& database) { return db::addMask(database, revision); });
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  for (const char* format : {"emidec", "nnunet"}) {
    SCOPED_TRACE(format);
    const auto said = exportAs(format, out(format));
    ASSERT_EQ(said.status, 0) << said.error;
    const auto find = [&said](const std::string& words) {
      return said.out.find(words) != std::string::npos;
    };
    const std::string form = std::string(format) == "emidec" ? "Case_" : "";
    const std::string end = form.empty() ? "-s1" : "";
    EXPECT_TRUE(find("began as predictions: " + form + "edited" + end + ".")) << said.out;
    EXPECT_TRUE(find("learns as background: " + form + "scar" + end + ".")) << said.out;
    const auto table = readFile(out(format) / "cases.csv");
    ASSERT_TRUE(table.ok());
    EXPECT_TRUE(table->starts_with(
        "case,patient,stack,part,fold,folder,image_type,slices,reference_by,reference_made,"
        "reference_sha256,began_as_prediction\n"))
        << *table;
    EXPECT_NE(table->find("," + contentHash(edited) + ",yes\n"), std::string::npos) << *table;
    EXPECT_NE(table->find("," + contentHash(scar) + ",no\n"), std::string::npos) << *table;
    EXPECT_NE(
        table->find("none-s1,,," + std::string(form.empty() ? "" : "Case_none") + ",psir,5,,,,\n"),
        std::string::npos)
        << *table;
  }
}

}  // namespace
}  // namespace gadolin::session::test
