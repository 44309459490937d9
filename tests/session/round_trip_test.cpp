// Phantom to DICOM to a project to NIfTI to another project: every voxel comes back with its value,
// at its place in the body, whatever the order and direction of the axes.

#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QProcess>
#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "core/imaging/io/dicom_writer.h"
#include "core/imaging/series.h"
#include "core/imaging/stack_file.h"
#include "database/stacks.h"
#include "tests/session/import_main.h"
#include "tests/support/temp_folder.h"
#include "ui/session/importer.h"

namespace gadolin::session {
namespace {

namespace fs = std::filesystem;

using Axes = std::array<Vec3, 3>;

/// The 48 ways in which x, y and z can run along the body's axes; half of them are left-handed.
std::vector<Axes> signedPermutations() {
  std::vector<Axes> all;
  std::array<std::size_t, 3> order{0, 1, 2};
  do {
    for (int signs = 0; signs < 8; ++signs) {
      Axes axes{};
      for (std::size_t i = 0; i < 3; ++i) axes[i][order[i]] = (signs >> i & 1) != 0 ? -1 : 1;
      all.push_back(axes);
    }
  } while (std::ranges::next_permutation(order).found);
  return all;
}

/// Turned by 45 degrees about the body's z axis, then by 45 about its x axis.
Vec3 oblique(const Vec3& v) {
  const double s = std::numbers::sqrt2 / 2;
  const Vec3 once{s * (v[0] - v[1]), s * (v[0] + v[1]), v[2]};
  return {once[0], s * (once[1] - once[2]), s * (once[1] + once[2])};
}

std::vector<Axes> allOrders() {
  std::vector<Axes> all = signedPermutations();
  for (std::size_t i = 0; i < 48; ++i)
    all.push_back({oblique(all[i][0]), oblique(all[i][1]), oblique(all[i][2])});
  return all;
}

/// Three sizes, three spacings, and no value twice. Every other one is signed (PSIR).
Stack phantom(const Axes& axes, int number) {
  Geometry g;
  g.size = {6, 5, 4};
  g.spacing_mm = {1.25, 0.9375, 7.3};
  g.origin_mm = {-37.123, 81.06 + number, 12.9};
  g.axes = axes;
  Stack stack;
  stack.image = Volume<float>(g);
  const bool psir = number % 2 == 1;
  stack.kind = psir ? ImageKind::Psir : ImageKind::Magnitude;
  for (std::size_t i = 0; i < stack.image.voxels.size(); ++i) {
    const auto uneven = static_cast<float>((i * 61) % 121 * 8);  // 61 and 121 share no factor
    stack.image.voxels[i] = psir ? uneven - 400 : uneven;
  }
  for (int z = 0; z < g.size[2]; ++z) {
    SliceInfo slice;
    slice.origin_mm = g.toWorld(0, 0, z);
    stack.slices.push_back(slice);
  }
  return stack;
}

/// Where each value lies in the body.
std::map<float, Vec3> placesOf(const Volume<float>& image) {
  std::map<float, Vec3> places;
  const auto& g = image.geometry;
  for (int z = 0; z < g.size[2]; ++z)
    for (int y = 0; y < g.size[1]; ++y)
      for (int x = 0; x < g.size[0]; ++x) places[image.at(x, y, z)] = g.toWorld(x, y, z);
  return places;
}

/// The largest distance between the places of one value; a large number when the values differ.
double apart_mm(const Volume<float>& a, const Volume<float>& b) {
  const auto first = placesOf(a), second = placesOf(b);
  if (first.size() != a.voxels.size() || second.size() != first.size()) return 1e9;
  double largest = 0;
  for (const auto& [value, place] : first) {
    const auto there = second.find(value);
    if (there == second.end()) return 1e9;
    largest = std::max(largest, norm(place - there->second));
  }
  return largest;
}

std::string nameOf(int number) {
  return "order-" + std::to_string(100 + number);
}

void importInto(const fs::path& project_file, const ImportRequest& request) {
  auto project = Project::create(project_file);
  ASSERT_TRUE(project.ok()) << project.error().message;
  Importer importer(**project);
  const auto summary = importer.run(request);
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->stacks, 96);
  for (const auto& refusal : summary->refused) ADD_FAILURE() << refusal.path << refusal.reason;
}

Stack stackIn(const fs::path& project_file, const std::string& id) {
  auto stack = readStack(ProjectPaths{project_file}.stack(id));
  EXPECT_TRUE(stack.ok()) << stack.error().message;
  return stack ? std::move(*stack) : Stack();
}

TEST(RoundTrip, EveryVoxelComesBackAtItsPlaceInAll48OrdersStraightAndOblique) {
  const test::TempFolder folder;
  const auto orders = allOrders();
  ASSERT_EQ(orders.size(), 96U);
  for (int i = 0; i < 96; ++i) {
    io::DicomSeries series;
    series.patient_id = series.study_key = nameOf(i);
    series.patient_name = "Phantom^Order";
    series.series_description = "Round trip";
    const auto written =
        io::writeDicomSeries(folder.path() / "dicom" / nameOf(i),
                             phantom(orders[static_cast<std::size_t>(i)], i), series);
    ASSERT_TRUE(written.ok()) << written.error().message;
  }
  ImportRequest request;
  request.paths = {folder.path() / "dicom"};
  request.identity = Identity::Keep;
  request.take = {"Round trip"};  // planes along the body's axes are no short axis
  const fs::path first = folder.path() / "first.gadolin", second = folder.path() / "second.gadolin";
  importInto(first, request);

  const fs::path nifti = folder.path() / "nifti";
  QProcess program;
  program.start(
      QStringLiteral(GADOLIN_BIN_DIR "/gadolinctl"),
      {QStringLiteral("export"), QString::fromStdString(first.string()), QStringLiteral("--format"),
       QStringLiteral("nifti"), QStringLiteral("--out"), QString::fromStdString(nifti.string())});
  ASSERT_TRUE(program.waitForFinished(60'000));
  ASSERT_EQ(program.exitCode(), 0) << program.readAllStandardError().toStdString();
  ImportRequest again;
  again.paths = {nifti};
  importInto(second, again);

  int turned = 0;
  for (int i = 0; i < 96; ++i) {
    const Stack made = phantom(orders[static_cast<std::size_t>(i)], i);
    const Stack from_dicom = stackIn(first, nameOf(i) + "-s1");
    const Stack from_nifti = stackIn(second, nameOf(i) + "-s1-s1");
    EXPECT_LT(apart_mm(made.image, from_dicom.image), 1e-4) << nameOf(i);
    EXPECT_LT(apart_mm(made.image, from_nifti.image), 1e-4) << nameOf(i);
    // NIfTI keeps the order of the voxels as well.
    EXPECT_EQ(from_nifti.image.voxels, from_dicom.image.voxels) << nameOf(i);
    EXPECT_TRUE(sameGrid(from_nifti.image.geometry, from_dicom.image.geometry, 1e-4, 1e-6))
        << nameOf(i);
    // DICOM keeps rows and columns and puts the base first: the slices of every other order are
    // turned round, and so is the hand.
    const Geometry& g = from_dicom.image.geometry;
    EXPECT_LT(norm(g.axes[0] - made.image.geometry.axes[0]), 1e-12) << nameOf(i);
    EXPECT_LT(norm(g.axes[1] - made.image.geometry.axes[1]), 1e-12) << nameOf(i);
    const double towards_apex = dot(g.axes[2], towardsApex());
    EXPECT_GT(towards_apex, -1e-12) << nameOf(i);
    if (towards_apex > 1e-6) {
      EXPECT_FALSE(from_nifti.apex_first) << nameOf(i);
    }
    if (dot(g.axes[2], made.image.geometry.axes[2]) < 0) ++turned;
  }
  EXPECT_EQ(turned, 48);
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_IMPORT_TEST_MAIN();
