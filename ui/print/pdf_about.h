#pragma once
// Author, keywords and time in the information dictionary of a PDF, which QPdfWriter of Qt 6.4 cannot
// set.

#include <QByteArray>

#include "ui/print/page.h"

namespace gadolin::print {

/// The PDF with its information dictionary replaced by an incremental update (ISO 32000-1, 7.5.6):
/// Title, Author ("Gadolin VERSION"), Keywords, Creator, Producer, CreationDate. A file without the
/// plain cross-reference table and trailer that QPdfWriter writes is returned as it is.
QByteArray withAbout(const QByteArray& pdf, const About& about);

}  // namespace gadolin::print
