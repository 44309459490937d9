// What the writers put on disk, judged by readers that are not Gadolin's: dcmdump, dciodvfy,
// dcm2niix, nibabel and pydicom where they are installed.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/base/files.h"
#include "core/imaging/io/dicom_writer.h"
#include "core/imaging/io/nifti_writer.h"
#include "core/phantom/subject.h"
#include "tests/support/temp_folder.h"

namespace gadolin::io {
namespace {

struct Ran {
  int status = -1;
  std::string text;
};

Ran run(const std::string& command) {
  Ran result;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return result;
  std::array<char, 4096> buffer{};
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    result.text.append(buffer.data(), n);
  }
  result.status = ::pclose(pipe);
  return result;
}

bool installed(const std::string& program) {
  return run("command -v " + program).status == 0;
}
constexpr auto python = "/usr/bin/python3";
bool hasModule(const std::string& module) {
  return run(std::string(python) + " -c 'import " + module + "'").status == 0;
}

std::string quoted(const std::filesystem::path& path) {
  return "'" + path.string() + "'";
}

const phantom::Subject& psirSubject() {
  static const phantom::Subject subject = phantom::makeSubject(3, 4);
  return subject;
}

DicomSeries series() {
  DicomSeries s;
  s.patient_id = "Phantom-005";
  s.patient_name = "Phantom^Five";
  s.study_key = "test 3 4";
  s.study_description = "Cardiac MR";
  s.series_description = "LGE SAX PSIR";
  s.series_number = 7;
  return s;
}

TEST(UidTest, IsADecimalNumberOf128BitsBelow225) {
  // SHA-256("abc") begins with ba7816bf8f01cfea414140de5dae2223.
  EXPECT_EQ(uidFromText("abc"), "2.25.247859944228867399418143717509236138531");
  EXPECT_NE(uidFromText("abc"), uidFromText("abd"));
}

TEST(DicomWriterTest, SameStackSameBytes) {
  test::TempFolder folder;
  const auto a = writeDicomSeries(folder.path() / "a", *psirSubject().psir, series());
  const auto b = writeDicomSeries(folder.path() / "b", *psirSubject().psir, series());
  ASSERT_TRUE(a.ok()) << a.error().message;
  ASSERT_EQ(a->size(), static_cast<std::size_t>(psirSubject().psir->sliceCount()));
  for (std::size_t i = 0; i < a->size(); ++i) {
    EXPECT_EQ(readFile((*a)[i]).value(), readFile((*b)[i]).value());
  }
}

TEST(DicomWriterTest, TextsThatDicomCannotHoldAreRefused) {
  test::TempFolder folder;
  DicomSeries s = series();
  s.patient_id = "a\\b";
  const auto written = writeDicomSeries(folder.path() / "x", *psirSubject().psir, s);
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::InvalidInput);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "x"));
}

TEST(DicomWriterTest, DciodvfyFindsNoError) {
  if (!installed("dciodvfy")) GTEST_SKIP() << "dciodvfy (dicom3tools) is not installed";
  test::TempFolder folder;
  const auto files = writeDicomSeries(folder.path(), *psirSubject().psir, series());
  ASSERT_TRUE(files.ok()) << files.error().message;
  const auto magnitude = writeDicomSeries(folder.path() / "m", psirSubject().magnitude, series());
  ASSERT_TRUE(magnitude.ok()) << magnitude.error().message;
  for (const auto& file : {files->front(), magnitude->front()}) {
    const Ran verdict = run("dciodvfy " + quoted(file));
    EXPECT_EQ(verdict.text.find("Error"), std::string::npos) << verdict.text;
    EXPECT_NE(verdict.text.find("MRImage"), std::string::npos) << verdict.text;
  }
}

TEST(DicomWriterTest, PydicomReadsValuesAndGeometryBack) {
  if (!hasModule("pydicom,numpy")) GTEST_SKIP() << "python3-pydicom is not installed";
  test::TempFolder folder;
  const Stack& stack = *psirSubject().psir;
  ASSERT_TRUE(writeDicomSeries(folder.path(), stack, series()).ok());
  const int last = stack.sliceCount() - 1;
  const std::string script =
      "import pydicom,sys,glob\n"
      "fs=[pydicom.dcmread(f) for f in sorted(glob.glob(sys.argv[1]+'/*.dcm'))]\n"
      "d=fs[-1]\n"
      "v=d.pixel_array*float(d.RescaleSlope)+float(d.RescaleIntercept)\n"
      "print(len(fs),len({f.SOPInstanceUID for f in fs}),len({f.SeriesInstanceUID for f in "
      "fs}),d.Rows,d.Columns,"
      "d.BitsStored,d.file_meta.TransferSyntaxUID,d.ImageType[2])\n"
      "print('%.6f'%v.sum(),'%.1f'%(v[d.Rows//2,d.Columns//2]+0))\n"
      "print(*['%.5f'%float(x) for x in "
      "list(d.ImagePositionPatient)+list(d.ImageOrientationPatient)+"
      "list(d.PixelSpacing)+[d.SpacingBetweenSlices,d.SliceThickness,d.InversionTime]])\n";
  ASSERT_TRUE(writeFileAtomically(folder.path() / "read.py", script));
  const Ran read = run(std::string(python) + " " + quoted(folder.path() / "read.py") + " " +
                       quoted(folder.path()));
  ASSERT_EQ(read.status, 0) << read.text;
  const Geometry& g = stack.image.geometry;
  double sum = 0;
  for (const float v : stack.image.slice(last)) sum += double{v};
  const SliceInfo& slice = stack.slices.back();
  char expected[1024];
  std::snprintf(expected, sizeof expected,
                "%d %d 1 %d %d 12 1.2.840.10008.1.2.1 PSIR\n%.6f %.1f\n%.5f %.5f %.5f %.5f %.5f "
                "%.5f %.5f %.5f %.5f "
                "%.5f %.5f %.5f %.5f %.5f\n",
                last + 1, last + 1, g.size[1], g.size[0], sum,
                double{stack.image.at(g.size[0] / 2, g.size[1] / 2, last)} + 0.0,
                slice.origin_mm[0], slice.origin_mm[1], slice.origin_mm[2], g.axes[0][0],
                g.axes[0][1], g.axes[0][2], g.axes[1][0], g.axes[1][1], g.axes[1][2],
                g.spacing_mm[1], g.spacing_mm[0], g.spacing_mm[2], *slice.thickness_mm,
                *slice.inversion_time_ms);
  EXPECT_EQ(read.text, expected);
}

TEST(DicomWriterTest, Dcm2niixMakesOneVolumeOfTheRightSize) {
  if (!installed("dcm2niix") || !hasModule("nibabel"))
    GTEST_SKIP() << "dcm2niix or python3-nibabel is not installed";
  test::TempFolder folder;
  const Stack& stack = psirSubject().magnitude;
  ASSERT_TRUE(writeDicomSeries(folder.path() / "in", stack, series()).ok());
  std::filesystem::create_directory(folder.path() / "out");
  const Ran converted = run("dcm2niix -f v -z n -o " + quoted(folder.path() / "out") + " " +
                            quoted(folder.path() / "in"));
  ASSERT_EQ(converted.status, 0) << converted.text;
  const Ran read = run(std::string(python) + " -c \"import nibabel;i=nibabel.load('" +
                       (folder.path() / "out" / "v.nii").string() +
                       "');print(*i.shape,*['%.4f'%z for z in i.header.get_zooms()])\"");
  const Geometry& g = stack.image.geometry;
  char expected[128];
  std::snprintf(expected, sizeof expected, "%d %d %d %.4f %.4f %.4f\n", g.size[0], g.size[1],
                g.size[2], g.spacing_mm[0], g.spacing_mm[1], g.spacing_mm[2]);
  EXPECT_EQ(read.text, expected) << converted.text;
}

// Voxel centres in nibabel's RAS millimetres are ours with the first two signs turned.
TEST(NiftiWriterTest, NibabelReadsValuesAndGeometryBack) {
  if (!hasModule("nibabel")) GTEST_SKIP() << "python3-nibabel is not installed";
  test::TempFolder folder;
  const phantom::Subject& s = psirSubject();
  const auto image = folder.path() / "image.nii.gz", mask = folder.path() / "mask.nii.gz";
  ASSERT_TRUE(writeNifti(image, s.psir->image).ok());
  ASSERT_TRUE(writeNifti(mask, s.truth).ok());
  const std::string script =
      "import nibabel,numpy,sys\n"
      "i=nibabel.load(sys.argv[1]);m=nibabel.load(sys.argv[2])\n"
      "a=numpy.asarray(i.dataobj);b=numpy.asarray(m.dataobj)\n"
      "print(*a.shape,a.dtype,b.dtype,'%.1f'%a[40,50,3],int((b==3).sum()),int((b==1).sum()))\n"
      "for h in (i,m):\n"
      " for q in (h.get_qform(),h.get_sform()): print(*['%.3f'%v for v in (q@[10,20,5,1])[:3]])\n";
  ASSERT_TRUE(writeFileAtomically(folder.path() / "read.py", script));
  const Ran read = run(std::string(python) + " " + quoted(folder.path() / "read.py") + " " +
                       quoted(image) + " " + quoted(mask));
  ASSERT_EQ(read.status, 0) << read.text;
  const Geometry& g = s.truth.geometry;
  const auto count = [&](int label) {
    return static_cast<int>(std::count(s.truth.voxels.begin(), s.truth.voxels.end(), label));
  };
  char first[256];
  std::snprintf(first, sizeof first, "%d %d %d float32 uint8 %.1f %d %d\n", g.size[0], g.size[1],
                g.size[2], double{s.psir->image.at(40, 50, 3)}, count(3), count(1));
  ASSERT_EQ(read.text.substr(0, std::string(first).size()), first) << read.text;
  std::istringstream points(read.text.substr(std::string(first).size()));
  const Vec3 world = g.toWorld(10, 20, 5);
  for (int k = 0; k < 4; ++k) {
    Vec3 point{};
    points >> point[0] >> point[1] >> point[2];
    EXPECT_NEAR(point[0], -world[0], 2e-3) << read.text;
    EXPECT_NEAR(point[1], -world[1], 2e-3) << read.text;
    EXPECT_NEAR(point[2], world[2], 2e-3) << read.text;
  }
}

TEST(NiftiWriterTest, FailureLeavesNothingBehind) {
  test::TempFolder folder;
  EXPECT_FALSE(writeNifti(folder.path() / "image.png", psirSubject().truth).ok());
  EXPECT_FALSE(writeNifti(folder.path() / "absent" / "image.nii.gz", psirSubject().truth).ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace gadolin::io
