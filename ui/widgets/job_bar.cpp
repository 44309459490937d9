#include "ui/widgets/job_bar.h"

#include <QBoxLayout>
#include <QFrame>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

#include "ui/widgets/jobs.h"
#include "ui/widgets/small_parts.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

QString jobProgressText(const JobEntry& job) {
  if (!job.words.isEmpty()) return job.words;
  QStringList parts;
  if (job.total > 0)
    parts << JobBar::tr("%1 of %2").arg(job.done).arg(job.total);
  else if (job.done > 0)
    parts << QString::number(job.done);
  if (const auto rate = job.rate())
    parts << (*rate >= 0.95 ? JobBar::tr("%1 a second").arg(*rate, 0, 'f', *rate < 10 ? 1 : 0)
                            : JobBar::tr("%1 s each").arg(1.0 / *rate, 0, 'f', 1));
  if (const auto left = job.secondsLeft()) parts << JobBar::tr("%1 left").arg(durationText(*left));
  return parts.join(u" · "_s);
}

JobBar::JobBar(JobList& jobs, QWidget* parent) : QWidget(parent), jobs_(jobs) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 8, 0);
  row->setSpacing(8);
  title_ = makeButton({}, {}, "flat");
  title_->setFocusPolicy(Qt::NoFocus);
  title_->setToolTip(tr("All jobs of this session"));
  progress_text_ = makeLabel({}, "muted");
  progress_ = new QProgressBar;
  progress_->setFixedWidth(160);
  progress_->setTextVisible(false);
  cancel_ = makeButton(tr("Cancel"), u"cross"_s, "flat");
  cancel_->setFocusPolicy(Qt::NoFocus);
  row->addWidget(title_);
  row->addWidget(progress_);
  row->addWidget(progress_text_);
  row->addWidget(cancel_);
  connect(title_, &QPushButton::clicked, this, &JobBar::showList);
  connect(cancel_, &QPushButton::clicked, this, [this] { jobs_.cancel(shown_job_); });
  connect(&jobs_, &JobList::changed, this, &JobBar::refresh);
  refresh();
}

void JobBar::refresh() {
  const JobEntry* running = nullptr;
  for (const JobEntry& job : jobs_.jobs())
    if (job.state == JobState::Running) running = &job;
  shown_job_ = running != nullptr ? running->id : 0;
  progress_->setVisible(running != nullptr);
  progress_text_->setVisible(running != nullptr);
  cancel_->setVisible(running != nullptr && running->cancel);
  title_->setVisible(!jobs_.jobs().empty());
  if (running != nullptr) {
    const int count = jobs_.running();
    title_->setText(count > 1 ? tr("%1 (and %2 more)").arg(running->title).arg(count - 1)
                              : running->title);
    const bool counted = running->total > 0;
    showProgress(progress_, counted ? static_cast<int>(running->done * 1000 / running->total) : 0,
                 counted ? 1000 : 0);
    progress_text_->setText(jobProgressText(*running));
  } else if (!jobs_.jobs().empty()) {
    title_->setText(tr("Jobs: %1 ended").arg(jobs_.jobs().size()));
  }
  if (list_ != nullptr && list_->isVisible()) fillList();
}

void JobBar::showList() {
  if (list_ == nullptr) {
    list_ = new QFrame(this, Qt::Popup);
    list_->setObjectName(u"card"_s);
    list_rows_ = new QVBoxLayout(list_);
    list_rows_->setContentsMargins(14, 12, 14, 12);
    list_rows_->setSpacing(10);
  }
  fillList();
  const QPoint corner = mapToGlobal(QPoint(width(), 0));
  list_->move(corner - QPoint(list_->width(), list_->height() + 6));
  list_->show();
}

void JobBar::fillList() {
  while (QLayoutItem* item = list_rows_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  list_rows_->addWidget(makeLabel(tr("Jobs"), "heading"));
  for (const JobEntry& job : jobs_.jobs()) {
    const char* role = job.state == JobState::Failed ? "bad" : "muted";
    QString state;
    switch (job.state) {
      case JobState::Running:
        state = jobProgressText(job);
        break;
      case JobState::Done:
        state = tr("Done in %1").arg(durationText(job.seconds));
        break;
      case JobState::Failed:
        state = tr("Failed");
        break;
      case JobState::Cancelled:
        state = tr("Cancelled");
        break;
    }
    auto* text = makeLabel(
        job.title + u"\n"_s + state + (job.detail.isEmpty() ? QString() : u" · "_s + job.detail),
        role);
    text->setWordWrap(true);
    text->setFixedWidth(420);
    list_rows_->addWidget(text);
  }
  list_->adjustSize();
}

}  // namespace gadolin::widgets
