#pragma once
// Agreement of readers for a window: off the GUI thread.

#include <QFuture>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "ui/session/label_agreement.h"
#include "ui/session/mask_agreement.h"

namespace gadolin::session {

class Project;

QFuture<Result<LabelAgreement>> readLabelAgreement(Project& project);
/// Of one stack.
QFuture<Result<std::vector<Disagreement>>> readDisagreements(Project& project, std::string stack);
/// `progress` (done, total) is called in the pool's thread. Ends soon with Cancelled when `cancel`
/// becomes true: a project waits for its readers when it is closed.
QFuture<Result<MaskAgreement>> readMaskAgreement(Project& project, ModelChoice model,
                                                 std::function<void(int, int)> progress,
                                                 std::shared_ptr<const std::atomic<bool>> cancel);

}  // namespace gadolin::session
