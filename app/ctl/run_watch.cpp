#include "app/ctl/run_watch.h"

#include <QEventLoop>
#include <cstdio>

#include "app/ctl/interrupt.h"
#include "core/run/pseudo_review.h"

namespace gadolin::ctl {
namespace {

using session::RunController;
using session::RunStatus;

std::string figure(const char* name, const std::optional<double>& value) {
  char text[64];
  std::snprintf(text, sizeof text, "  %s %.4f", name, value.value_or(0));
  return value ? text : "";
}

std::string lineOf(const run::Epoch& epoch) {
  char speed[64];
  std::snprintf(speed, sizeof speed, "  %.1f s, %.0f images/s", epoch.seconds, epoch.images_per_s);
  return epoch.stage + " " + std::to_string(epoch.epoch) + "/" + std::to_string(epoch.epochs) +
         figure("loss", epoch.train_loss) + figure("val loss", epoch.val_loss) +
         figure("val Dice", epoch.val_dice) + figure("val AUROC", epoch.val_auroc) + speed;
}

void tell(RunController& controller, Output& output) {
  QObject::connect(&controller, &RunController::prepared, &controller, [&](const QString& id) {
    output.event({{"type", "prepared"}, {"run", id.toStdString()}});
    output.note("Run " + id.toStdString());
  });
  QObject::connect(&controller, &RunController::seen, &controller,
                   [&](const QString& sentence) { output.note(sentence.toStdString()); });
  QObject::connect(&controller, &RunController::event, &controller, [&](const run::Event& event) {
    if (output.json) output.event(nlohmann::json::parse(run::encode(event)));
  });
  QObject::connect(&controller, &RunController::epoch, &controller,
                   [&](const run::Epoch& epoch) { output.note(lineOf(epoch)); });
  QObject::connect(&controller, &RunController::warning, &controller,
                   [&](const QString&, const QString& text) { output.warn(text.toStdString()); });
  QObject::connect(&controller, &RunController::statusChanged, &controller,
                   [&](const RunStatus& status) {
                     if (const auto* preparing = std::get_if<session::Preparing>(&status)) {
                       if (preparing->total > 0) {
                         output.progress("Freezing", preparing->done, preparing->total);
                       }
                     } else if (const auto* running = std::get_if<session::Running>(&status)) {
                       const auto& now = running->progress;
                       if (output.json || now.steps == 0) return;
                       output.progress(now.stage.toStdString(),
                                       std::int64_t{now.epoch - 1} * now.steps + now.step,
                                       std::int64_t{now.epochs} * now.steps);
                     }
                   });
}

int conclude(const RunController& controller, Output& output) {
  const RunStatus& status = controller.status();
  nlohmann::json summary{{"type", "summary"},
                         {"run", controller.runId()},
                         {"status", session::statusName(status).toStdString()}};
  if (std::holds_alternative<session::Finished>(status)) {
    output.summary(summary, "Run " + controller.runId() + " has finished.");
    return exit_done;
  }
  if (const auto* cancelled = std::get_if<session::Cancelled>(&status)) {
    if (controller.runId().empty()) {
      return output.fail({ErrorCode::Cancelled, "Cancelled before the run began."});
    }
    summary["resumable"] = cancelled->resumable;
    if (run::waitsForReview(controller.folder())) {
      summary["waits_for_review"] = true;
      output.summary(summary, "Run " + controller.runId() +
                                  " waits for its pseudo-masks to be judged: `runs pseudo`, then "
                                  "`runs resume`.");
      return exit_part;
    }
    output.summary(
        summary,
        "Run " + controller.runId() + " was stopped" +
            (cancelled->resumable ? "; `runs resume` goes on from its last checkpoint." : "."));
    return exit_part;
  }
  const auto& failed = std::get<session::Failed>(status);
  const int exit_status = output.fail(failed.error);
  if (controller.runId().empty()) return exit_status;
  summary["resumable"] = failed.resumable;
  summary["code"] = codeName(failed.error.code);
  summary["message"] = failed.error.message;
  output.summary(
      summary, "Run " + controller.runId() + " has failed" +
                   (failed.resumable ? "; `runs resume` goes on from its last checkpoint." : "."));
  return exit_failed;
}

}  // namespace

int watchRun(RunController& controller, session::Launch launch, Output& output) {
  QEventLoop loop;
  bool hello = false;
  tell(controller, output);
  QObject::connect(&controller, &RunController::ended, &loop, &QEventLoop::quit);
  if (launch == session::Launch::Detached) {
    QObject::connect(&controller, &RunController::statusChanged, &loop,
                     [&loop, &hello](const RunStatus& status) {
                       hello = hello || std::holds_alternative<session::Running>(status);
                       if (hello) loop.quit();
                     });
  }
  const Interrupt interrupt([&] {
    output.warn("Stopping; the worker writes a checkpoint first. Ctrl-C again leaves at once.");
    controller.stop();
  });
  // A request that was refused at once has ended before the loop began.
  if (!isOver(controller.status())) loop.exec();
  if (!hello || isOver(controller.status())) return conclude(controller, output);
  output.summary(
      {{"type", "summary"}, {"run", controller.runId()}, {"status", "running"}, {"detached", true}},
      "Run " + controller.runId() + " goes on by itself.");
  return exit_done;
}

session::RunStatus followRun(RunController& controller, Output& output) {
  QEventLoop loop;
  tell(controller, output);
  QObject::connect(&controller, &RunController::ended, &loop, &QEventLoop::quit);
  const Interrupt interrupt([&] {
    output.warn("Stopping; the worker writes a checkpoint first. Ctrl-C again leaves at once.");
    controller.stop();
  });
  if (!isOver(controller.status())) loop.exec();
  return controller.status();
}

}  // namespace gadolin::ctl
