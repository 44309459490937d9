#include "app/ctl/campaign_watch.h"

#include "app/ctl/predict_run.h"
#include "app/ctl/run_watch.h"
#include "ui/session/project.h"
#include "ui/session/run_catalog.h"

namespace gadolin::ctl {
namespace {

using session::PlannedRun;
using session::Standing;

Result<void> trainOne(session::Project& project, const PlannedRun& planned, Output& output) {
  GADOLIN_TRY(const Standing standing,
              session::standingOf(project.reader(), project.paths(), planned));
  if (standing == Standing::Trained) return {};
  session::RunController controller(project);
  if (standing == Standing::Absent)
    controller.start(planned.request, session::Launch::Attached);
  else
    controller.resume(planned.request.id, session::Launch::Attached);
  const session::RunStatus status = followRun(controller, output);
  if (const auto* failed = std::get_if<session::Failed>(&status))
    return failed->error.within(planned.name);
  if (std::holds_alternative<session::Cancelled>(status))
    return Error{ErrorCode::Cancelled,
                 "Stopped in " + planned.name + ". The same command goes on with what is missing."};
  return {};
}

}  // namespace

Result<std::vector<session::EvaluatedRun>> carryOut(session::Project& project,
                                                    session::Campaign& campaign, Output& output) {
  GADOLIN_TRY(campaign, session::keepPlan(project.paths(), campaign));
  GADOLIN_CHECK(project.writeNow<int>([paths = project.paths()](db::Database& database) {
    return session::reconcileRuns(database, paths);
  }));
  int number = 0;
  for (const PlannedRun& planned : campaign.runs) {
    output.note(planned.name + " (" + std::to_string(++number) + " of " +
                std::to_string(campaign.runs.size()) + ")");
    output.event({{"type", "campaign"},
                  {"campaign", campaign.id},
                  {"name", planned.name},
                  {"run", planned.request.id},
                  {"index", number},
                  {"count", campaign.runs.size()}});
    GADOLIN_CHECK(trainOne(project, planned, output));
    GADOLIN_TRY(const auto missing,
                session::unpredicted(project.reader(), project.paths(), planned));
    if (!missing.empty())
      GADOLIN_CHECK(predictStacks(project, planned.request.id, missing, output));
  }
  return session::evaluateCampaign(project.paths(), project.reader(), campaign, GADOLIN_VERSION);
}

int conclude(const session::Campaign& campaign, const Result<std::string>& report, Output& output) {
  const bool cancelled = !report && report.error().code == ErrorCode::Cancelled;
  if (campaign.id.empty() || (!report && !cancelled)) return output.fail(report.error());
  nlohmann::json runs = nlohmann::json::array();
  for (const PlannedRun& run : campaign.runs) runs.push_back(run.request.id);
  nlohmann::json summary{{"type", "summary"},
                         {campaign.kind, campaign.id},
                         {"folder", "studies/" + campaign.id},
                         {"runs", runs},
                         {"status", cancelled ? "cancelled" : "finished"}};
  if (!campaign.assumption.empty()) summary["assumption"] = campaign.assumption;
  output.summary(summary, cancelled ? report.error().message : *report);
  return cancelled ? exit_part : exit_done;
}

}  // namespace gadolin::ctl
