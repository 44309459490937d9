#include "ui/widgets/theme.h"

#include <QApplication>
#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QPixmapCache>
#include <QStyleFactory>
#include <QSvgRenderer>
#include <algorithm>
#include <utility>
#include <vector>

// Resources of a static library are linked in only when somebody asks for them by name, and the
// macro must stand outside every namespace.
static void initResources() {
  Q_INIT_RESOURCE(icons);
  Q_INIT_RESOURCE(styles);
}

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

ThemeColours darkColours() {
  return {.ground = QColor(0x0f, 0x11, 0x13),
          .bar = QColor(0x0b, 0x0c, 0x0e),
          .panel = QColor(0x17, 0x1a, 0x1d),
          .raised = QColor(0x22, 0x26, 0x2b),
          .field = QColor(0x10, 0x12, 0x15),
          .stripe = QColor(0x1a, 0x1d, 0x21),
          .hover = QColor(0x2a, 0x2f, 0x35),
          .selected = QColor(0x1f, 0x3f, 0x58),
          .line = QColor(0x2b, 0x30, 0x36),
          .edge = QColor(0x43, 0x4b, 0x54),
          .text = QColor(0xd9, 0xdd, 0xe2),
          .muted = QColor(0x93, 0x9c, 0xa6),
          .faint = QColor(0x58, 0x60, 0x69),
          .accent = QColor(0x56, 0xb4, 0xe9),
          .accent_hover = QColor(0x78, 0xc4, 0xf0),
          .accent_dim = QColor(0x2f, 0x6e, 0x99),
          .on_accent = QColor(0x06, 0x18, 0x24),
          .good = QColor(0x3d, 0xc0, 0x93),
          .warn = QColor(0xe6, 0xb0, 0x3a),
          .danger = QColor(0xec, 0x76, 0x5a),
          .banner = QColor(0x3a, 0x2f, 0x12)};
}

ThemeColours lightColours() {
  return {.ground = QColor(0xee, 0xf0, 0xf2),
          .bar = QColor(0xe2, 0xe5, 0xe9),
          .panel = QColor(0xfb, 0xfc, 0xfd),
          .raised = QColor(0xff, 0xff, 0xff),
          .field = QColor(0xff, 0xff, 0xff),
          .stripe = QColor(0xf3, 0xf5, 0xf7),
          .hover = QColor(0xe4, 0xe9, 0xee),
          .selected = QColor(0xcb, 0xe3, 0xf4),
          .line = QColor(0xd0, 0xd5, 0xdb),
          .edge = QColor(0xa9, 0xb2, 0xbb),
          .text = QColor(0x1c, 0x22, 0x28),
          .muted = QColor(0x59, 0x62, 0x6c),
          .faint = QColor(0x9a, 0xa3, 0xac),
          .accent = QColor(0x00, 0x6b, 0xa8),
          .accent_hover = QColor(0x0a, 0x7f, 0xc2),
          .accent_dim = QColor(0x7f, 0xb8, 0xdb),
          .on_accent = QColor(0xff, 0xff, 0xff),
          .good = QColor(0x0b, 0x7d, 0x59),
          .warn = QColor(0x93, 0x66, 0x00),
          .danger = QColor(0xb7, 0x35, 0x1a),
          .banner = QColor(0xfd, 0xf1, 0xcf)};
}

ThemeColours current = darkColours();
Scheme current_scheme = Scheme::Dark;

/// Longest names first, so that @accentHover is not read as @accent.
QString withColours(QString sheet, const ThemeColours& c, Scheme scheme) {
  const std::vector<std::pair<QString, QColor>> names{{u"@accentHover"_s, c.accent_hover},
                                                      {u"@accentDim"_s, c.accent_dim},
                                                      {u"@onAccent"_s, c.on_accent},
                                                      {u"@selected"_s, c.selected},
                                                      {u"@ground"_s, c.ground},
                                                      {u"@raised"_s, c.raised},
                                                      {u"@stripe"_s, c.stripe},
                                                      {u"@accent"_s, c.accent},
                                                      {u"@danger"_s, c.danger},
                                                      {u"@banner"_s, c.banner},
                                                      {u"@panel"_s, c.panel},
                                                      {u"@field"_s, c.field},
                                                      {u"@hover"_s, c.hover},
                                                      {u"@muted"_s, c.muted},
                                                      {u"@faint"_s, c.faint},
                                                      {u"@line"_s, c.line},
                                                      {u"@edge"_s, c.edge},
                                                      {u"@text"_s, c.text},
                                                      {u"@good"_s, c.good},
                                                      {u"@warn"_s, c.warn},
                                                      {u"@bar"_s, c.bar}};
  sheet.replace(u"@scheme"_s, scheme == Scheme::Dark ? u"dark"_s : u"light"_s);
  for (const auto& [name, colour] : names) sheet.replace(name, colour.name());
  return sheet;
}

QPalette paletteOf(const ThemeColours& c) {
  QPalette palette;
  palette.setColor(QPalette::Window, c.ground);
  palette.setColor(QPalette::WindowText, c.text);
  palette.setColor(QPalette::Base, c.field);
  palette.setColor(QPalette::AlternateBase, c.stripe);
  palette.setColor(QPalette::Text, c.text);
  palette.setColor(QPalette::PlaceholderText, c.faint);
  palette.setColor(QPalette::Button, c.raised);
  palette.setColor(QPalette::ButtonText, c.text);
  palette.setColor(QPalette::BrightText, c.danger);
  palette.setColor(QPalette::ToolTipBase, c.raised);
  palette.setColor(QPalette::ToolTipText, c.text);
  palette.setColor(QPalette::Highlight, c.selected);
  palette.setColor(QPalette::HighlightedText, c.text);
  palette.setColor(QPalette::Link, c.accent);
  palette.setColor(QPalette::Mid, c.line);
  palette.setColor(QPalette::Dark, c.bar);
  palette.setColor(QPalette::Light, c.hover);
  for (const QPalette::ColorRole role :
       {QPalette::Text, QPalette::WindowText, QPalette::ButtonText})
    palette.setColor(QPalette::Disabled, role, c.faint);
  return palette;
}

/// Draws with the colours of the moment: a QIcon of pixmaps would keep those of its making.
class TintedIcon : public QIconEngine {
 public:
  TintedIcon(QString name, QByteArray svg, QColor ThemeColours::*tint)
      : name_(std::move(name)), svg_(std::move(svg)), tint_(tint) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
    const qreal ratio = painter->device()->devicePixelRatio();
    const QPixmap drawn = scaledPixmap(rect.size() * ratio, mode, state, ratio);
    painter->drawPixmap(rect, drawn);
  }
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    return scaledPixmap(size, mode, state, 1);
  }
  /// size: in pixels of the screen.
  QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal ratio) override {
    const QColor colour = mode == QIcon::Disabled ? current.faint : current.*tint_;
    const QString key = u"gadolin-icon %1 %2 %3x%4 %5"_s.arg(name_, colour.name())
                            .arg(size.width())
                            .arg(size.height())
                            .arg(ratio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) return pixmap;
    QByteArray tinted = svg_;
    tinted.replace("currentColor", colour.name().toLatin1());
    QSvgRenderer renderer(tinted);
    pixmap = QPixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    const int side = std::min(size.width(), size.height());
    renderer.render(&painter,
                    QRectF((size.width() - side) / 2.0, (size.height() - side) / 2.0, side, side));
    painter.end();
    pixmap.setDevicePixelRatio(ratio);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
  }
  [[nodiscard]] QIconEngine* clone() const override { return new TintedIcon(*this); }

 private:
  QString name_;
  QByteArray svg_;
  QColor ThemeColours::*tint_;
};

}  // namespace

const ThemeColours& colours() {
  return current;
}
Scheme scheme() {
  return current_scheme;
}

void applyTheme(QApplication& application, Scheme wanted) {
  initResources();
  current = wanted == Scheme::Dark ? darkColours() : lightColours();
  current_scheme = wanted;
  QApplication::setStyle(QStyleFactory::create(u"Fusion"_s));
  QApplication::setPalette(paletteOf(current));
  QFile file(u":/styles/gadolin.qss"_s);
  if (file.open(QIODevice::ReadOnly))
    application.setStyleSheet(withColours(QString::fromUtf8(file.readAll()), current, wanted));
}

QIcon icon(const QString& name, QColor ThemeColours::*tint) {
  initResources();
  QFile file(u":/icons/"_s + name + u".svg"_s);
  if (!file.open(QIODevice::ReadOnly)) return {};
  return QIcon(new TintedIcon(name, file.readAll(), tint));
}

QIcon programIcon() {
  initResources();
  const QIcon small(u":/icons/gadolin-small.svg"_s), large(u":/icons/gadolin.svg"_s);
  QIcon icon;
  for (const int size : {16, 24, 32}) icon.addPixmap(small.pixmap(size));
  for (const int size : {48, 64, 128}) icon.addPixmap(large.pixmap(size));
  return icon;
}

}  // namespace gadolin::widgets
