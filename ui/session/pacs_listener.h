#pragma once
// `gadolinctl pacs listen` as a child of the window: on, off, and what came.

#include <QJsonObject>
#include <QObject>
#include <QString>
#include <QStringList>

#include "core/base/result.h"

namespace gadolin::session {

class CtlJob;

/// Thread: that of its owner. Off at first. A stop lets the child import what it has; it goes on
/// with that by itself when this object goes.
class PacsListener : public QObject {
  Q_OBJECT
 public:
  enum class State { Off, Starting, Listening, Stopping };
  explicit PacsListener(QObject* parent = nullptr);
  ~PacsListener() override;

  /// address: IPv4. Does nothing unless it is off. Ends in changed() or failed().
  void start(const QString& project, const QString& ae_title, int port, const QString& address);
  /// Further arguments of `gadolinctl pacs listen`, as for an import; from the next start on.
  void setWishes(const QStringList& wishes) { wishes_ = wishes; }
  void stop();

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool isOn() const { return state_ != State::Off; }
  [[nodiscard]] QString aeTitle() const { return ae_title_; }
  [[nodiscard]] QString address() const { return address_; }
  [[nodiscard]] int port() const { return port_; }
  /// Since it was switched on.
  [[nodiscard]] qint64 images() const { return images_; }
  [[nodiscard]] qint64 series() const { return series_; }
  [[nodiscard]] bool isImporting() const { return importing_; }
  /// What was refused last, in words; empty: nothing.
  [[nodiscard]] QString lastRefusal() const { return refusal_; }

 Q_SIGNALS:
  void changed();
  /// The summary of an import.
  void imported(const QJsonObject& summary);
  void failed(const gadolin::Error& error);

 private:
  void take(const QJsonObject& event);
  void over();

  CtlJob* job_ = nullptr;
  State state_ = State::Off;
  QStringList wishes_;
  QString ae_title_, address_, refusal_;
  int port_ = 0;
  qint64 images_ = 0;
  qint64 series_ = 0;
  bool importing_ = false;
};

}  // namespace gadolin::session
