#pragma once
// For table_*.cpp of this folder: columns whose values say who a patient is, whatever their name.

#include <cstddef>
#include <string>
#include <string_view>

namespace gadolin {

/// How many cells of a column look like what a person can be found by.
struct IdentitySigns {
  int addresses = 0;  // a@b.de
  int names = 0;      // Hans Meier; MEIER, Hans; Meier^Hans
  int records = 0;    // whole numbers of six digits or more
};
/// Adds what `cell` looks like; it says something (see saysNothing()).
void noteSigns(std::string_view cell, IdentitySigns& signs);

/// Why the column may say who a patient is, as the begin of a sentence; empty where it does not.
/// One e-mail address is enough. Most cells must look like names and more than three quarters
/// differ ("Dilated Cardiomyopathy" is on many rows); nine of ten must be long numbers and as many
/// differ. filled: cells that say something; distinct: different ones among them.
std::string identityReason(const IdentitySigns& signs, int filled, std::size_t distinct);

}  // namespace gadolin
