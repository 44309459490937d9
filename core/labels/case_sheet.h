#pragma once
// Text files with one fact a line ("Age : 65"), one file a patient: EMIDEC's "Case P100.txt",
// ACDC's "Info.cfg".

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/text_table.h"

namespace gadolin {

struct CaseSheet {
  std::string file;     // its name, for messages
  std::string patient;  // as written
  std::vector<std::pair<std::string, std::string>> facts;
  TextEncoding encoding = TextEncoding::Utf8;
};

/// Nothing when the text is no such sheet: at least two lines "name : value" and at most one other,
/// the first, which names the patient. `file`: its name; `folder_patient`: the patient where the
/// text names none.
std::optional<CaseSheet> readCaseSheet(std::string_view bytes, const std::string& file,
                                       const std::string& folder_patient);

/// One row a sheet, one column a fact; the first column is "Case". "13 mm" in every sheet is a
/// column in mm.
TextTable tableOfSheets(const std::vector<CaseSheet>& sheets);

}  // namespace gadolin
