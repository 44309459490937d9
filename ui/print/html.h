#pragma once
// A page of HTML in one file: no script, no reference to anything outside, every text escaped.

#include <QImage>
#include <QString>
#include <QStringList>
#include <filesystem>
#include <functional>
#include <vector>

#include "core/base/result.h"
#include "ui/print/page.h"

namespace gadolin::print {

class HtmlPage {
 public:
  explicit HtmlPage(const About& about);

  // Everything given as a text is text: what looks like a tag is shown as it is written.
  void title(const QString& left, const QString& right, const QString& below);
  void banner();
  void heading(const QString& words);
  void subheading(const QString& words);
  void paragraph(const QString& words, const char* css_class = "");
  void facts(const std::vector<std::pair<QString, QString>>& facts);
  /// The first column is aligned left, numbers right. strong: one a row, or empty.
  void table(const QStringList& head, const std::vector<QStringList>& rows,
             const std::vector<bool>& strong = {}, int text_columns = 1);
  /// A picture as a data URI, width_px wide on screen.
  void picture(const QImage& image, const QString& alternative, int width_px);
  /// Side by side where the window is wide enough: pictures, or figures with a name above each (none
  /// where it is empty).
  void beginRow();
  void endRow();
  void beginFigure(const QString& name);
  void endFigure();
  Result<void> save(const std::filesystem::path& path, const QString& foot);

 private:
  QString body_;
  QString head_;
};

/// What `draw` draws on a page of that size in mm, at 220 dots an inch.
QImage drawn(double width_mm, double height_mm, const std::function<void(Document&)>& draw);

}  // namespace gadolin::print
