#pragma once
// Worklists in words, the same in Cohort and Label.

#include <QString>

#include "ui/session/worklists.h"

class QComboBox;

namespace gadolin::widgets {

QString worklistText(session::Worklist worklist);
/// One item each, with its number as data.
void addWorklists(QComboBox* box);

}  // namespace gadolin::widgets
