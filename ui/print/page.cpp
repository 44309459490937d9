#include "ui/print/page.h"

#include <QFont>
#include <QFontMetricsF>
#include <QPageLayout>
#include <QPageSize>
#include <QTextLayout>
#include <cstddef>
#include <span>

#include "core/base/files.h"
#include "core/report/patient_report.h"
#include "ui/print/pdf_about.h"

namespace gadolin::print {

namespace {

constexpr double a4_width_mm = 210;

QPageSize sizeOf(Paper paper) {
  return QPageSize(paper == Paper::Letter ? QPageSize::Letter : QPageSize::A4);
}

}  // namespace

std::string_view toText(Paper paper) {
  return paper == Paper::Letter ? "letter" : "a4";
}

std::optional<Paper> paperFromText(std::string_view text) {
  for (const Paper paper : {Paper::A4, Paper::Letter})
    if (text == toText(paper)) return paper;
  return std::nullopt;
}

Document::Document(About about, Paper paper)
    : about_(std::move(about)), buffer_(std::make_unique<QBuffer>()) {
  buffer_->open(QIODevice::WriteOnly);
  writer_ = std::make_unique<QPdfWriter>(buffer_.get());
  writer_->setResolution(1200);
  const QSizeF size = sizeOf(paper).size(QPageSize::Millimeter);
  writer_->setPageLayout(
      QPageLayout(sizeOf(paper), QPageLayout::Portrait, QMarginsF(), QPageLayout::Millimeter));
  writer_->setTitle(about_.title);
  writer_->setCreator(QStringLiteral("Gadolin"));
  pixels_per_mm_ = writer_->resolution() / 25.4;
  width_mm_ = size.width();
  height_mm_ = size.height();
  left_mm_ = (width_mm_ - a4_width_mm) / 2;
  device_ = writer_.get();
  begin();
}

Document::Document(QImage& page, double dots_per_inch, Paper paper)
    : Document(page, dots_per_inch, sizeOf(paper).size(QPageSize::Millimeter).width(),
               sizeOf(paper).size(QPageSize::Millimeter).height()) {
  left_mm_ = (width_mm_ - a4_width_mm) / 2;
  painter_.translate(px(left_mm_), 0);  // begin() knew of no margin yet
}

Document::Document(QImage& page, double dots_per_inch, double width_mm, double height_mm)
    : width_mm_(width_mm), height_mm_(height_mm) {
  pixels_per_mm_ = dots_per_inch / 25.4;
  page = QImage(qRound(width_mm * pixels_per_mm_), qRound(height_mm * pixels_per_mm_),
                QImage::Format_RGB32);
  page.setDotsPerMeterX(qRound(pixels_per_mm_ * 1000));
  page.setDotsPerMeterY(qRound(pixels_per_mm_ * 1000));
  page.fill(Qt::white);
  device_ = &page;
  begin();
  painter_.setRenderHint(QPainter::SmoothPixmapTransform);
}

void Document::begin() {
  painter_.begin(device_);
  painter_.setRenderHint(QPainter::Antialiasing);
  painter_.translate(px(left_mm_), 0);
}

Document::~Document() {
  if (painter_.isActive()) painter_.end();
}

void Document::newPage() {
  // An image holds the first page; what comes later is drawn over nothing.
  if (writer_)
    writer_->newPage();
  else
    painter_.setClipRect(QRectF());
  ++pages_;
}

Result<void> Document::save(const std::filesystem::path& path) {
  if (!writer_ || !painter_.isActive() || !painter_.end()) {
    return Error{ErrorCode::Internal, "The PDF could not be drawn; nothing was written."};
  }
  writer_.reset();
  const QByteArray bytes = withAbout(buffer_->data(), about_);
  return writeFileAtomically(
      path, std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))));
}

QFont Document::font(Style style) {
  QFont font;
  font.setFamilies({QStringLiteral("Noto Sans"), QStringLiteral("Liberation Sans"),
                    QStringLiteral("DejaVu Sans")});
  font.setHintingPreference(QFont::PreferNoHinting);
  // Any spacing turns ligatures off: 'fibrosis' must be found by a search for it in the PDF.
  font.setLetterSpacing(QFont::PercentageSpacing, 100.2);
  double points = 8.0;
  switch (style) {
    case Style::Title:
      points = 15.0;
      font.setBold(true);
      break;
    case Style::Heading:
      points = 8.5;
      font.setBold(true);
      break;
    case Style::Body:
      points = 8.0;
      break;
    case Style::Strong:
      points = 8.0;
      font.setBold(true);
      break;
    case Style::Small:
      points = 6.8;
      break;
    case Style::SmallStrong:
      points = 6.8;
      font.setBold(true);
      break;
    case Style::Large:
      points = 17.0;
      font.setBold(true);
      break;
  }
  font.setPointSizeF(points);
  return font;
}

void Document::setStyle(Style style, const QColor& colour) {
  painter_.setFont(QFont(font(style), device_));
  painter_.setPen(colour);
}

double Document::lineHeight_mm(Style style) const {
  return QFontMetricsF(font(style), device_).lineSpacing() / pixels_per_mm_;
}

double Document::textWidth_mm(const QString& text, Style style) const {
  return QFontMetricsF(font(style), device_).horizontalAdvance(text) / pixels_per_mm_;
}

void Document::line(double x, double y, double width, const QString& text, Style style,
                    const QColor& colour, Qt::Alignment alignment) {
  setStyle(style, colour);
  const QFontMetricsF metrics(font(style), device_);
  const QString shown = metrics.horizontalAdvance(text) > px(width) + 1.0
                            ? metrics.elidedText(text, Qt::ElideRight, px(width))
                            : text;
  double left = px(x);
  const double advance = metrics.horizontalAdvance(shown);
  if (alignment & Qt::AlignRight) left += px(width) - advance;
  if (alignment & Qt::AlignHCenter) left += (px(width) - advance) / 2;
  painter_.drawText(QPointF(left, px(y) + metrics.ascent()), shown);
}

double Document::paragraph(double x, double y, double width, const QString& text, Style style,
                           const QColor& colour, int max_lines) {
  setStyle(style, colour);
  const QFontMetricsF metrics(font(style), device_);
  QTextLayout layout(text, QFont(font(style), device_), device_);
  layout.beginLayout();
  double height = 0;
  int count = 0;
  for (QTextLine one = layout.createLine(); one.isValid(); one = layout.createLine()) {
    one.setLineWidth(px(width));
    ++count;
    const bool last = max_lines > 0 && count == max_lines;
    QString piece = text.mid(one.textStart(), one.textLength()).trimmed();
    if (last) piece = metrics.elidedText(text.mid(one.textStart()), Qt::ElideRight, px(width));
    painter_.drawText(QPointF(px(x), px(y) + height + metrics.ascent()), piece);
    height += metrics.lineSpacing();
    if (last) break;
  }
  layout.endLayout();
  return height / pixels_per_mm_;
}

double Document::paragraphHeight_mm(double width, const QString& text, Style style) const {
  QTextLayout layout(text, QFont(font(style), device_), device_);
  layout.beginLayout();
  int count = 0;
  for (QTextLine one = layout.createLine(); one.isValid(); one = layout.createLine()) {
    one.setLineWidth(px(width));
    ++count;
  }
  layout.endLayout();
  return count * QFontMetricsF(font(style), device_).lineSpacing() / pixels_per_mm_;
}

void Document::fill(double x, double y, double width, double height, const QColor& colour) {
  painter_.fillRect(rect(x, y, width, height), colour);
}

void Document::rule(double x1, double y1, double x2, double y2, const QColor& colour,
                    double thickness) {
  painter_.setPen(QPen(colour, px(thickness), Qt::SolidLine, Qt::FlatCap));
  painter_.drawLine(QPointF(px(x1), px(y1)), QPointF(px(x2), px(y2)));
}

double Document::heading(double x, double y, double width, const QString& text) {
  line(x, y, width, text, Style::Heading, ink::accent);
  const double below = y + lineHeight_mm(Style::Heading) + 0.5;
  rule(x, below, x + width, below, ink::rule, 0.25);
  return below + 1.3;
}

void drawFooter(Document& document, const QString& left, const QString& right) {
  const double y = document.height_mm() - 10.5;
  const double x = page::left;
  document.rule(x, y - 1.2, x + page::inner, y - 1.2);
  const double right_width = document.textWidth_mm(right, Style::Small) + 1;
  document.line(x, y, page::inner - right_width - 3, left, Style::Small, ink::quiet);
  document.line(x, y, page::inner, right, Style::Small, ink::quiet, Qt::AlignRight);
}

double drawBanner(Document& document, double y) {
  const double height = 5.2;
  document.fill(page::left, y, page::inner, height, ink::warning_shade);
  document.fill(page::left, y, 1.0, height, ink::warning);
  document.line(page::left + 3, y + (height - document.lineHeight_mm(Style::Strong)) / 2,
                page::inner - 6, QString::fromUtf8(report::research_banner), Style::Strong,
                ink::warning);
  return y + height;
}

}  // namespace gadolin::print
