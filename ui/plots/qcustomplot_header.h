#pragma once
// QCustomPlot's header uses the Qt keywords that the tree is compiled without. They are lent to it
// here and taken back.

#include <QObject>

#define signals Q_SIGNALS
#define slots Q_SLOTS
#define emit Q_EMIT
#define foreach(variable, container) for (variable : container)
#include <qcustomplot.h>
#undef signals
#undef slots
#undef emit
#undef foreach
