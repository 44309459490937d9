// A second process for the tests: label_writer PROJECT STACK READER COUNT
// Labels slice 0 COUNT times and says "done N" when the N-th label's future has completed; then
// waits for the end of stdin, or to be killed.

#include <QCoreApplication>
#include <cstdio>
#include <cstdlib>

#include "ui/session/label_desk.h"

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  if (argc != 5) return 2;
  auto project = gadolin::session::Project::open(argv[1]);
  if (!project) {
    std::fprintf(stderr, "%s\n", project.error().message.c_str());
    return 3;
  }
  gadolin::session::LabelDesk desk(**project);
  desk.setReader(QString::fromLocal8Bit(argv[3]));
  const int count = std::atoi(argv[4]);
  for (int i = 1; i <= count; ++i) {
    auto future = desk.label(
        argv[2], 0, i % 2 == 1 ? gadolin::SliceLabel::Fibrosis : gadolin::SliceLabel::None, 0.5);
    future.waitForFinished();
    if (!future.result().ok()) {
      std::fprintf(stderr, "%s\n", future.result().error().message.c_str());
      return 4;
    }
    std::printf("done %d\n", i);
    std::fflush(stdout);
  }
  while (std::getchar() != EOF) {
  }
  return 0;
}
