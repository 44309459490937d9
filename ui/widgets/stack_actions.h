#pragma once
// What a person can say of the stacks selected in the cohort: what the images are, and that they
// are not wanted.

#include <QString>
#include <functional>
#include <string>
#include <vector>

#include "core/imaging/stack.h"

class QMenu;
class QWidget;

namespace gadolin::widgets {

struct Desk;

/// Says what the images are, off the GUI thread; Project::cohortChanged() tells that it is done. Where it
/// cannot be stored there is a notice, and `refused` is called. The project may be closed meanwhile: of
/// `desk` only the window's notices are used then.
void setKind(QWidget* context, Desk& desk, const std::vector<std::string>& stacks, ImageKind kind,
             std::function<void()> refused = {});

/// Adds "The images are" and "Set aside" with their choices to the menu. The work is done off the
/// GUI thread; a notice says what could not be done. desk and `context` outlive the menu's actions.
void addStackActions(QMenu& menu, QWidget* context, Desk& desk, std::vector<std::string> stacks);

/// Only the choices of "Set aside".
void addAsideActions(QMenu& menu, QWidget* context, Desk& desk, std::vector<std::string> stacks);

}  // namespace gadolin::widgets
