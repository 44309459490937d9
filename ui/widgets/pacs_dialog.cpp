#include "ui/widgets/pacs_dialog.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QGridLayout>
#include <QJsonObject>
#include <QLineEdit>
#include <QProgressBar>
#include <utility>

#include "ui/session/ctl_job.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/pacs_results.h"
#include "ui/widgets/peer_dialog.h"
#include "ui/widgets/small_parts.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

PacsDialog::PacsDialog(Chores& chores, session::PacsListener& listener, QWidget* parent)
    : QDialog(parent), chores_(chores) {
  setObjectName(u"pacsDialog"_s);
  setWindowTitle(tr("From PACS"));
  resizeOnScreen(this, {980, 720});
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 14, 16, 14);
  column->setSpacing(10);
  column->addWidget(makePeers());
  column->addWidget(makeSearch());
  state_ = makeLabel({}, "muted");
  state_->setObjectName(u"pacsState"_s);
  state_->setWordWrap(true);
  column->addWidget(state_);
  results_ = new PacsResults;
  column->addWidget(results_, 1);
  auto* row = new QHBoxLayout;
  chosen_ = makeLabel({}, "muted");
  chosen_->setObjectName(u"pacsChosen"_s);
  row->addWidget(chosen_, 1);
  progress_ = new QProgressBar;
  progress_->setTextVisible(false);
  progress_->setFixedWidth(180);
  progress_->hide();
  row->addWidget(progress_);
  auto* close = makeButton(tr("Close"));
  row->addWidget(close);
  fetch_ = makeButton(tr("Fetch"), u"import"_s, "primary");
  fetch_->setObjectName(u"pacsFetch"_s);
  row->addWidget(fetch_);
  column->addLayout(row);
  column->addWidget(new ReceivePanel(listener, chores_.project()));

  // Enter in a field searches, and does nothing else.
  for (auto* button : findChildren<QPushButton*>()) button->setAutoDefault(false);
  connect(close, &QPushButton::clicked, this, &QDialog::close);
  connect(results_, &PacsResults::choiceChanged, this, &PacsDialog::refresh);
  connect(fetch_, &QPushButton::clicked, this, &PacsDialog::fetch);
  connect(&chores_, &Chores::importProgress, this,
          [this](qint64 done, qint64 total, const QString& what) {
            if (!fetching_) return;
            showProgress(progress_, total > 0 ? static_cast<int>(done * 1000 / total) : 0,
                         total > 0 ? 1000 : 0);
            say(total > 0 ? tr("%1: %2 of %3").arg(what).arg(done).arg(total) : what, "muted");
          });
  connect(&chores_, &Chores::importEnded, this, [this](bool failed, const QString& text) {
    if (!std::exchange(fetching_, false)) return;
    say(text, failed ? "bad" : "good");
    refresh();
  });
  say(tr("Choose an archive and search it. The fields may be left empty; * stands for anything."),
      "muted");
  loadPeers({});
  refresh();
}

QWidget* PacsDialog::makePeers() {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(makeLabel(tr("Archive"), "muted"));
  peers_ = new QComboBox;
  peers_->setObjectName(u"pacsPeers"_s);
  row->addWidget(peers_, 1);
  const auto button = [row](const char* name, const QString& text) {
    auto* made = makeButton(text);
    made->setObjectName(QLatin1String(name));
    row->addWidget(made);
    return made;
  };
  test_ = button("pacsTest", tr("Test"));
  test_->setToolTip(tr("Asks whether it answers (C-ECHO)"));
  auto* add = button("pacsAdd", tr("New…"));
  edit_ = button("pacsEdit", tr("Change…"));
  remove_ = button("pacsRemove", tr("Remove"));
  connect(test_, &QPushButton::clicked, this, &PacsDialog::test);
  connect(add, &QPushButton::clicked, this, [this] { editPeer(true); });
  connect(edit_, &QPushButton::clicked, this, [this] { editPeer(false); });
  connect(remove_, &QPushButton::clicked, this, &PacsDialog::removePeer);
  connect(peers_, &QComboBox::currentIndexChanged, this, &PacsDialog::refresh);
  return box;
}

QWidget* PacsDialog::makeSearch() {
  auto* box = new QWidget;
  auto* grid = new QGridLayout(box);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(4);
  int column = 0;
  const auto field = [grid, &column, this](const char* name, const QString& label,
                                           const QString& hint) {
    grid->addWidget(makeLabel(label, "caption"), 0, column);
    auto* edit = new QLineEdit;
    edit->setObjectName(QLatin1String(name));
    edit->setPlaceholderText(hint);
    edit->setClearButtonEnabled(true);
    grid->addWidget(edit, 1, column++);
    connect(edit, &QLineEdit::returnPressed, this, &PacsDialog::search);
    return edit;
  };
  patient_ = field("pacsPatient", tr("Patient ID"), {});
  name_ = field("pacsName", tr("Name"), tr("a part is enough"));
  from_ = field("pacsFrom", tr("Studies from"), tr("YYYY-MM-DD"));
  to_ = field("pacsTo", tr("to"), tr("YYYY-MM-DD"));
  description_ = field("pacsDescription", tr("Series description"), tr("for example LGE"));
  search_ = makeButton(tr("Search"), u"search"_s);
  search_->setObjectName(u"pacsSearch"_s);
  grid->addWidget(search_, 1, column);
  connect(search_, &QPushButton::clicked, this, [this] {
    if (searching_ != nullptr) {
      stopSearch();
    } else {
      search();
    }
  });
  return box;
}

void PacsDialog::say(const QString& text, const char* role) {
  state_->setText(text);
  setRole(state_, role);
}

QString PacsDialog::peer() const {
  return peers_->currentData().toString();
}

session::CtlJob* PacsDialog::ask(const QStringList& arguments,
                                 std::function<void(const QJsonObject&)> done) {
  auto* job = new session::CtlJob(tr("PACS"), this);
  connect(job, &session::CtlJob::finished, this,
          [this, job, done = std::move(done)](const QJsonObject& summary) {
            job->deleteLater();
            if (searching_ == job) searching_ = nullptr;
            done(summary);
            refresh();
          });
  connect(job, &session::CtlJob::failed, this, [this, job](const Error& error) {
    job->deleteLater();
    if (searching_ == job) searching_ = nullptr;
    if (error.code == ErrorCode::Cancelled) {
      say(tr("The search was ended."), "muted");
    } else {
      say(QString::fromStdString(error.message), "bad");
    }
    refresh();
  });
  job->start(QStringList{u"pacs"_s} + arguments);
  return job;
}

void PacsDialog::loadPeers(const QString& select) {
  ask({u"peers"_s}, [this, select](const QJsonObject& summary) {
    const QString before = select.isEmpty() ? peer() : select;
    list_ = summary.value("peers"_L1).toArray();
    peers_->clear();
    for (const QJsonValue& each : std::as_const(list_)) {
      const QJsonObject one = each.toObject();
      const QString name = one.value("name"_L1).toString();
      peers_->addItem(
          tr("%1   (%2 at %3:%4)")
              .arg(name, one.value("aet"_L1).toString(), one.value("host"_L1).toString())
              .arg(one.value("port"_L1).toInt()),
          name);
    }
    peers_->setCurrentIndex(std::max(0, peers_->findData(before)));
    if (list_.isEmpty()) say(tr("No archive is known yet. Enter one with \"New…\"."), "muted");
    refresh();
  });
}

void PacsDialog::editPeer(bool add) {
  const auto at = peers_->currentIndex();
  auto* dialog = new PeerDialog(add || at < 0 ? QJsonObject() : list_.at(at).toObject(), this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &PeerDialog::saved, this, &PacsDialog::loadPeers);
  dialog->open();
}

void PacsDialog::removePeer() {
  const QString name = peer();
  if (name.isEmpty()) return;
  askFirst(this, u"removePeer"_s, tr("Remove %1?").arg(name),
           tr("Its address is forgotten. What was fetched from it stays in the projects."),
           tr("Remove"), [this, name] {
             ask({u"peers"_s, u"remove"_s, u"--"_s, name},
                 [this](const QJsonObject&) { loadPeers({}); });
           });
}

void PacsDialog::test() {
  say(tr("Asking %1").arg(peer()), "muted");
  ask({u"echo"_s, u"--"_s, peer()}, [this](const QJsonObject& summary) {
    say(tr("%1 answers, after %2 ms.")
            .arg(summary.value("peer"_L1).toString())
            .arg(qRound(summary.value("ms"_L1).toDouble())),
        "good");
  });
}

void PacsDialog::search() {
  if (peer().isEmpty() || searching_ != nullptr) return;
  QStringList arguments{u"find"_s};
  const auto option = [&arguments](const QString& name, const QLineEdit* edit) {
    const QString text = edit->text().trimmed();
    if (!text.isEmpty()) arguments << name + u'=' + text;
  };
  option(u"--patient"_s, patient_);
  option(u"--name"_s, name_);
  option(u"--from"_s, from_);
  option(u"--to"_s, to_);
  option(u"--description"_s, description_);
  arguments << u"--"_s << peer();
  results_->clear();
  say(tr("Searching %1").arg(peer()), "muted");
  searching_ = ask(arguments, [this](const QJsonObject& summary) {
    const int count = summary.value("series"_L1).toInt();
    QString text =
        count == 0
            ? tr("No MR series fits.")
            : tr("%1 series in %2 studies.").arg(count).arg(summary.value("studies"_L1).toInt());
    if (summary.value("more"_L1).toBool()) text += u' ' + tr("There are more; narrow the search.");
    say(text, "muted");
  });
  connect(searching_, &session::CtlJob::message, this, [this](const QJsonObject& object) {
    if (object.value("type"_L1).toString() == "series"_L1) results_->addSeries(object);
  });
  refresh();
}

void PacsDialog::stopSearch() {
  if (searching_ != nullptr) searching_->cancel();
}

void PacsDialog::fetch() {
  if (fetching_) return chores_.cancelImport();
  const PacsResults::Chosen chosen = results_->chosen();
  if (chosen.series.isEmpty() || peer().isEmpty()) return;
  fetching_ = true;
  say(tr("Fetching from %1").arg(peer()), "muted");
  showProgress(progress_, 0, 0);
  chores_.fetchSeries(peer(), chosen.series, chosen.take);
  refresh();
}

void PacsDialog::refresh() {
  const bool known = !peer().isEmpty();
  const bool searching = searching_ != nullptr;
  test_->setEnabled(known);
  edit_->setEnabled(known);
  remove_->setEnabled(known);
  search_->setEnabled(known);
  search_->setText(searching ? tr("Stop") : tr("Search"));
  const PacsResults::Chosen chosen = results_->chosen();
  const auto count = chosen.series.size();
  QString text;
  if (results_->seriesCount() > 0)
    text = tr("%1 of %2 series chosen").arg(count).arg(results_->seriesCount());
  if (chosen.images > 0) text += u", "_s + tr("%1 images").arg(chosen.images);
  if (!chosen.take.isEmpty())
    text +=
        u". "_s + tr("What you ticked is taken, also if it does not look like late enhancement.");
  chosen_->setText(text);
  chosen_->setWordWrap(true);
  fetch_->setEnabled(fetching_ || (count > 0 && !searching));
  fetch_->setText(fetching_   ? tr("Cancel")
                  : count > 0 ? tr("Fetch %1 series").arg(count)
                              : tr("Fetch"));
  progress_->setVisible(fetching_);
}

}  // namespace gadolin::widgets
