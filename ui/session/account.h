#pragma once
// Who works at this computer, for the audit trail.

#include <string>

namespace gadolin::session {

/// The account's name; "unknown" where the system does not say.
std::string accountName();

}  // namespace gadolin::session
