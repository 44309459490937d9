#pragma once
// `gadolinctl labels import`: foreign tables, shown before they are taken.

#include "app/ctl/command.h"

namespace gadolin::ctl {

void addLabelsImport(CLI::App& labels, Context& context);

/// Name of the account for the audit trail and for labels without a reader.
std::string accountName();

}  // namespace gadolin::ctl
