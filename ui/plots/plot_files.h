#pragma once
// A plot as a file that is whole or not there.

#include <QSize>
#include <QString>

#include "core/base/result.h"

class QCustomPlot;

namespace gadolin::plots {

/// Two pixels a point. `what` names the plot in the sentence of an error. Io: the folder is not
/// there or cannot be written to; a file of that name is left as it was. Thread: the GUI's.
Result<void> writePng(QCustomPlot& plot, const QString& path, QSize size, const char* what);
/// The same as vectors, `size` in points.
Result<void> writePdf(QCustomPlot& plot, const QString& path, QSize size, const char* what);

}  // namespace gadolin::plots
