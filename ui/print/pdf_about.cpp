#include "ui/print/pdf_about.h"

#include <QDateTime>
#include <QRegularExpression>

namespace gadolin::print {
namespace {

/// A text string as UTF-16 with its byte order mark, in hexadecimal: nothing in it needs an escape.
QByteArray pdfText(const QString& text) {
  QByteArray bytes("\xFE\xFF", 2);
  for (const QChar unit : text) {
    bytes.append(static_cast<char>(unit.unicode() >> 8));
    bytes.append(static_cast<char>(unit.unicode() & 0xff));
  }
  return '<' + bytes.toHex().toUpper() + '>';
}

/// "D:20260131120000Z"; empty for what is no time.
QByteArray pdfDate(const QString& utc) {
  const QDateTime time = QDateTime::fromString(utc, Qt::ISODateWithMs).toUTC();
  return time.isValid() ? "(D:" + time.toString(QStringLiteral("yyyyMMddHHmmss")).toLatin1() + "Z)"
                        : QByteArray();
}

/// The number after a key of the trailer, such as "/Info 5 0 R" and "/Size 40".
std::optional<qint64> numberAfter(const QByteArray& text, const char* key) {
  const qsizetype at = text.indexOf(key);
  if (at < 0) return std::nullopt;
  static const QRegularExpression digits(QStringLiteral("^\\s*(\\d+)"));
  const auto match = digits.match(
      QString::fromLatin1(text.mid(at + static_cast<qsizetype>(qstrlen(key)), 24)));
  if (!match.hasMatch()) return std::nullopt;
  return match.captured(1).toLongLong();
}

}  // namespace

QByteArray withAbout(const QByteArray& pdf, const About& about) {
  const qsizetype trailer_at = pdf.lastIndexOf("trailer");
  if (trailer_at < 0) return pdf;
  const QByteArray trailer = pdf.mid(trailer_at);
  const auto size = numberAfter(trailer, "/Size");
  const auto info = numberAfter(trailer, "/Info");
  const auto root = numberAfter(trailer, "/Root");
  const auto table = numberAfter(trailer, "startxref");
  if (!size || !info || !root || !table) return pdf;

  QByteArray added = pdf;
  if (!added.endsWith('\n')) added += '\n';
  const qsizetype object_at = added.size();
  const QString author = QStringLiteral("Gadolin ") + about.version;
  added += QByteArray::number(*info) + " 0 obj\n<<\n/Title " + pdfText(about.title) + "\n/Author " +
           pdfText(author) + "\n/Keywords " + pdfText(about.keywords.join(QStringLiteral(", "))) +
           "\n/Creator " + pdfText(author) + "\n/Producer " +
           pdfText(QStringLiteral("Qt ") + QString::fromLatin1(qVersion())) + '\n';
  if (const QByteArray date = pdfDate(about.created_utc); !date.isEmpty())
    added += "/CreationDate " + date + '\n';
  added += ">>\nendobj\n";
  const qsizetype table_at = added.size();
  // Entries of the table are 20 bytes, the end of the line included.
  added += "xref\n" + QByteArray::number(*info) + " 1\n" +
           QByteArray::number(object_at).rightJustified(10, '0') + " 00000 n \ntrailer\n<<\n/Size " +
           QByteArray::number(*size) + "\n/Info " + QByteArray::number(*info) + " 0 R\n/Root " +
           QByteArray::number(*root) + " 0 R\n/Prev " + QByteArray::number(*table) +
           "\n>>\nstartxref\n" + QByteArray::number(table_at) + "\n%%EOF\n";
  return added;
}

}  // namespace gadolin::print
