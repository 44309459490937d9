#pragma once
// The session's futures in the GUI thread.

#include "ui/session/when_done.h"

namespace gadolin::widgets {

using session::whenDone;

}  // namespace gadolin::widgets
