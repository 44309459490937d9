#include "ui/session/agreement_queries.h"

#include "ui/session/project.h"

namespace gadolin::session {

QFuture<Result<LabelAgreement>> readLabelAgreement(Project& project) {
  return project.read<LabelAgreement>(
      [](db::Database& database) { return labelAgreement(database); });
}

QFuture<Result<std::vector<Disagreement>>> readDisagreements(Project& project, std::string stack) {
  return project.read<std::vector<Disagreement>>(
      [stack = std::move(stack)](db::Database& database) {
        return disagreementsOf(database, stack);
      });
}

QFuture<Result<MaskAgreement>> readMaskAgreement(Project& project, ModelChoice model,
                                                 std::function<void(int, int)> progress,
                                                 std::shared_ptr<const std::atomic<bool>> cancel) {
  return project.read<MaskAgreement>([paths = project.paths(), model = std::move(model),
                                      progress = std::move(progress),
                                      cancel = std::move(cancel)](db::Database& database) {
    return maskAgreement(paths, database, model, progress, cancel.get());
  });
}

}  // namespace gadolin::session
