#pragma once
// The table of settings for people: on a terminal, and as the page docs/settings.md, which a test
// compares with it.

#include <string>

#include "core/run/settings.h"

namespace gadolin::run {

/// One paragraph a setting: key, values of the presets, range with unit, meaning.
std::string settingsAsText();

/// docs/settings.md.
std::string settingsAsMarkdown();

}  // namespace gadolin::run
