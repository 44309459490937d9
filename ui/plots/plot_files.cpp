#include "ui/plots/plot_files.h"

#include <QBuffer>
#include <QTemporaryDir>
#include <span>

#include "core/base/files.h"
#include "ui/plots/qcustomplot_header.h"

namespace gadolin::plots {
namespace {

Error notWritten(const QString& path, const char* what, const std::string& why) {
  return {ErrorCode::Io, std::string("The ") + what + " could not be written to " +
                             path.toStdString() + ". Check that the folder exists and can be " +
                             "written to." + (why.empty() ? "" : " (" + why + ")")};
}

}  // namespace

Result<void> writePng(QCustomPlot& plot, const QString& path, QSize size, const char* what) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  if (!plot.toPixmap(size.width() / 2, size.height() / 2, 2.0).save(&buffer, "PNG"))
    return notWritten(path, what, "no picture could be made");
  if (const auto written = writeFileAtomically(
          path.toStdString(), std::as_bytes(std::span(bytes.constData(), bytes.size())));
      !written)
    return notWritten(path, what, written.error().message);
  return {};
}

Result<void> writePdf(QCustomPlot& plot, const QString& path, QSize size, const char* what) {
  // The plot writes to a name alone.
  const QTemporaryDir folder;
  const QString scratch = folder.filePath(QStringLiteral("plot.pdf"));
  if (!folder.isValid() || !plot.savePdf(scratch, size.width(), size.height(), QCP::epNoCosmetic))
    return notWritten(path, what, "no room for temporary files");
  GADOLIN_TRY(const std::string bytes, readFile(scratch.toStdString()));
  if (const auto written = writeFileAtomically(path.toStdString(), bytes); !written)
    return notWritten(path, what, written.error().message);
  return {};
}

}  // namespace gadolin::plots
