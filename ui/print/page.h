#pragma once
// A PDF page in millimetres: text styles, paragraphs, rules and pictures. Text stays text
// (searchable, fonts embedded), lines stay vectors.

#include <QBuffer>
#include <QColor>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QRectF>
#include <QString>
#include <QStringList>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "core/base/result.h"

namespace gadolin::print {

enum class Style { Title, Heading, Body, Strong, Small, SmallStrong, Large };

/// Colours of all reports: ink on paper, one accent; overlays are safe for colour-blind readers.
namespace ink {
inline const QColor text{0x1d, 0x24, 0x2b};
inline const QColor quiet{0x5f, 0x6b, 0x76};
inline const QColor rule{0xc9, 0xd0, 0xd6};
inline const QColor shade{0xf2, 0xf4, 0xf6};
inline const QColor accent{0x0b, 0x5c, 0x8a};
inline const QColor warning{0x8a, 0x4b, 0x00};
inline const QColor warning_shade{0xff, 0xf4, 0xdf};
}  // namespace ink

/// ISO 216 A4 and ANSI A, both portrait.
enum class Paper { A4, Letter };
std::string_view toText(Paper paper);  // "a4", "letter"
std::optional<Paper> paperFromText(std::string_view text);

/// The column that content is set in: 182 mm on any paper, centred; mm from the left edge of an A4
/// page (see Document), margins of 14 mm there.
namespace page {
inline constexpr double left = 14.0;
inline constexpr double inner = 182.0;
}  // namespace page

/// What a PDF says of itself.
struct About {
  QString title;
  QString version;      // of Gadolin, which is the author
  QString created_utc;  // ISO 8601
  QStringList keywords;
};

/// Portrait pages. The origin lies so that page::left is where the content begins: 3 mm inside of the
/// edge of a Letter page. Thread: any one thread; needs a QGuiApplication for its fonts.
class Document {
 public:
  Document(About about, Paper paper);
  /// Draws its first page into `page` (made here, white) instead of a PDF: for looking at a report
  /// before it is saved. The image must outlive the document; save() fails.
  Document(QImage& page, double dots_per_inch, Paper paper);
  /// The same on a picture of that size, with the origin in its corner: for figures that stand alone.
  Document(QImage& picture, double dots_per_inch, double width_mm, double height_mm);
  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  [[nodiscard]] double height_mm() const { return height_mm_; }
  /// Nothing but the footer below.
  [[nodiscard]] double foot_mm() const { return height_mm_ - 14.0; }

  void newPage();
  [[nodiscard]] int pages() const { return pages_; }
  /// Ends the document and writes it atomically.
  Result<void> save(const std::filesystem::path& path);

  /// For drawing that the functions below do not cover: coordinates are device units, see px().
  QPainter& painter() { return painter_; }
  [[nodiscard]] double px(double mm) const { return mm * pixels_per_mm_; }
  [[nodiscard]] QRectF rect(double x, double y, double width, double height) const {
    return {px(x), px(y), px(width), px(height)};
  }

  void setStyle(Style style, const QColor& colour = ink::text);
  [[nodiscard]] double lineHeight_mm(Style style) const;
  [[nodiscard]] double textWidth_mm(const QString& text, Style style) const;

  /// One line, cut with an ellipsis when wider than width_mm; y is the top of the line.
  void line(double x, double y, double width, const QString& text, Style style,
            const QColor& colour = ink::text, Qt::Alignment alignment = Qt::AlignLeft);
  /// Wrapped; returns the height in mm. max_lines 0: as many as it takes.
  double paragraph(double x, double y, double width, const QString& text, Style style,
                   const QColor& colour = ink::text, int max_lines = 0);
  /// What paragraph() would return; draws nothing.
  [[nodiscard]] double paragraphHeight_mm(double width, const QString& text, Style style) const;
  void fill(double x, double y, double width, double height, const QColor& colour);
  void rule(double x1, double y1, double x2, double y2, const QColor& colour = ink::rule,
            double thickness = 0.2);
  /// A heading with a rule under it over the given width; returns the y below it.
  double heading(double x, double y, double width, const QString& text);

 private:
  [[nodiscard]] static QFont font(Style style);
  void begin();

  About about_;
  double width_mm_ = 210;
  double height_mm_ = 297;
  double left_mm_ = 0;  // of the origin
  std::unique_ptr<QBuffer> buffer_;
  std::unique_ptr<QPdfWriter> writer_;  // null when drawing into an image
  QPaintDevice* device_ = nullptr;
  QPainter painter_;
  double pixels_per_mm_ = 1;
  int pages_ = 1;
};

/// "Gadolin 0.1.0 - generated 2026-01-31 12:00 UTC" and the research banner at the foot of the
/// page.
void drawFooter(Document& document, const QString& left, const QString& right);
/// The research banner as a strip over the whole width; returns the y below it.
double drawBanner(Document& document, double y);

inline QString text(const std::string& utf8) {
  return QString::fromStdString(utf8);
}

}  // namespace gadolin::print
