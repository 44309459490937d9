#pragma once
// `gadolinctl labels import`: foreign tables, shown before they are taken.

#include "app/ctl/command.h"

namespace gadolin::ctl {

void addLabelsImport(CLI::App& labels, Context& context);

}  // namespace gadolin::ctl
