#include "ui/print/html.h"

#include <QBuffer>
#include <cstddef>
#include <span>

#include "core/base/files.h"
#include "core/report/patient_report.h"

namespace gadolin::print {
namespace {

constexpr double figure_dpi = 220;

// Ink, accent and warning of the printed pages (ui/print/page.h).
constexpr const char* style_sheet =
    "body{font:14px/1.4 'Noto Sans','Liberation Sans',Arial,sans-serif;color:#1d242b;background:#fff;"
    "max-width:980px;margin:24px auto;padding:0 16px}"
    "header{display:flex;justify-content:space-between;align-items:baseline;"
    "border-bottom:2px solid #0b5c8a}"
    "h1{font-size:24px;margin:0;color:#0b5c8a}header .right{font-size:22px;font-weight:bold}"
    "h2{font-size:15px;color:#0b5c8a;border-bottom:1px solid #c9d0d6;margin:22px 0 8px}"
    "h3{font-size:14px;margin:12px 0 2px}p{margin:4px 0}"
    ".quiet{color:#5f6b76}.small{font-size:12px;color:#5f6b76}"
    ".banner{background:#fff4df;border-left:5px solid #8a4b00;color:#8a4b00;font-weight:bold;"
    "padding:6px 10px;margin:8px 0}"
    ".large{font-size:28px;font-weight:bold}"
    "table{border-collapse:collapse;margin:6px 0;width:100%}"
    "th{font-weight:normal;color:#5f6b76;border-bottom:1px solid #1d242b;text-align:right}"
    "td{text-align:right}th,td{padding:2px 8px}td.text,th.text{text-align:left}"
    "tbody tr:nth-child(even){background:#f2f4f6}tr.strong{font-weight:bold}"
    "dl{display:grid;grid-template-columns:160px 1fr;gap:2px 8px;margin:4px 0}dt{color:#5f6b76}dd{margin:0}"
    ".row{display:flex;flex-wrap:wrap;gap:12px}.row>section{flex:1 1 210px}img{max-width:100%;height:auto}"
    "footer{border-top:1px solid #c9d0d6;margin-top:24px;padding-top:6px;font-size:12px;color:#5f6b76}";

QString escaped(const QString& text) {
  return text.toHtmlEscaped().replace(QLatin1Char('\''), QStringLiteral("&#39;"));
}

}  // namespace

HtmlPage::HtmlPage(const About& about) {
  // The policy keeps a browser from loading anything, whatever a text could smuggle in.
  head_ = QStringLiteral(
              "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
              "img-src data:; style-src 'unsafe-inline'\">\n"
              "<meta name=\"viewport\" content=\"width=device-width\">\n<title>") +
          escaped(about.title) + QStringLiteral("</title>\n<meta name=\"author\" content=\"Gadolin ") +
          escaped(about.version) + QStringLiteral("\">\n<meta name=\"date\" content=\"") +
          escaped(about.created_utc) + QStringLiteral("\">\n<meta name=\"keywords\" content=\"") +
          escaped(about.keywords.join(QStringLiteral(", "))) + QStringLiteral("\">\n<style>") +
          QString::fromUtf8(style_sheet) + QStringLiteral("</style>\n</head>\n<body>\n");
}

void HtmlPage::title(const QString& left, const QString& right, const QString& below) {
  body_ += QStringLiteral("<header><h1>") + escaped(left) + QStringLiteral("</h1><div class=\"right\">") +
           escaped(right) + QStringLiteral("</div></header>\n");
  paragraph(below, "quiet");
}

void HtmlPage::banner() {
  paragraph(QString::fromUtf8(report::research_banner), "banner");
}

void HtmlPage::heading(const QString& words) {
  body_ += QStringLiteral("<h2>") + escaped(words) + QStringLiteral("</h2>\n");
}

void HtmlPage::subheading(const QString& words) {
  body_ += QStringLiteral("<h3>") + escaped(words) + QStringLiteral("</h3>\n");
}

void HtmlPage::paragraph(const QString& words, const char* css_class) {
  if (words.isEmpty()) return;
  body_ += QStringLiteral("<p");
  if (*css_class != '\0') body_ += QStringLiteral(" class=\"") + QLatin1String(css_class) + QLatin1Char('"');
  body_ += QLatin1Char('>') + escaped(words) + QStringLiteral("</p>\n");
}

void HtmlPage::facts(const std::vector<std::pair<QString, QString>>& facts) {
  body_ += QStringLiteral("<dl>\n");
  for (const auto& [name, value] : facts)
    body_ += QStringLiteral("<dt>") + escaped(name) + QStringLiteral("</dt><dd>") + escaped(value) +
             QStringLiteral("</dd>\n");
  body_ += QStringLiteral("</dl>\n");
}

void HtmlPage::table(const QStringList& head, const std::vector<QStringList>& rows,
                     const std::vector<bool>& strong, int text_columns) {
  const auto cells = [&](const QStringList& texts, const char* tag) {
    QString line;
    for (qsizetype i = 0; i < texts.size(); ++i)
      line += QLatin1Char('<') + QLatin1String(tag) +
              (i < text_columns ? QStringLiteral(" class=\"text\">") : QStringLiteral(">")) +
              escaped(texts[i]) + QStringLiteral("</") + QLatin1String(tag) + QLatin1Char('>');
    return line;
  };
  body_ += QStringLiteral("<table>\n<thead><tr>") + cells(head, "th") +
           QStringLiteral("</tr></thead>\n<tbody>\n");
  for (std::size_t i = 0; i < rows.size(); ++i)
    body_ += (i < strong.size() && strong[i] ? QStringLiteral("<tr class=\"strong\">")
                                             : QStringLiteral("<tr>")) +
             cells(rows[i], "td") + QStringLiteral("</tr>\n");
  body_ += QStringLiteral("</tbody>\n</table>\n");
}

void HtmlPage::picture(const QImage& image, const QString& alternative, int width_px) {
  QByteArray png;
  QBuffer buffer(&png);
  buffer.open(QIODevice::WriteOnly);
  image.save(&buffer, "PNG");
  body_ += QStringLiteral("<img width=\"%1\" alt=\"").arg(width_px) + escaped(alternative) +
           QStringLiteral("\" src=\"data:image/png;base64,") + QString::fromLatin1(png.toBase64()) +
           QStringLiteral("\">\n");
}

void HtmlPage::beginRow() {
  body_ += QStringLiteral("<div class=\"row\">\n");
}

void HtmlPage::endRow() {
  body_ += QStringLiteral("</div>\n");
}

void HtmlPage::beginFigure(const QString& name) {
  body_ += QStringLiteral("<section>\n");
  if (!name.isEmpty()) subheading(name);
}

void HtmlPage::endFigure() {
  body_ += QStringLiteral("</section>\n");
}

Result<void> HtmlPage::save(const std::filesystem::path& path, const QString& foot) {
  const QByteArray bytes = (head_ + body_ + QStringLiteral("<footer>") + escaped(foot) +
                            QStringLiteral("</footer>\n</body>\n</html>\n"))
                               .toUtf8();
  return writeFileAtomically(
      path, std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))));
}

QImage drawn(double width_mm, double height_mm, const std::function<void(Document&)>& draw) {
  QImage picture;
  Document document(picture, figure_dpi, width_mm, height_mm);
  draw(document);
  return picture;
}

}  // namespace gadolin::print
