#include "core/labels/reader_name.h"

#include <string>

#include "core/labels/label_csv.h"

namespace gadolin {

Result<void> checkReaderName(std::string_view name) {
  const char* meant = consensusAuthor(name) ? "a decision"
                      : name == "reference" ? "imported masks"
                      : name == "model"     ? "predictions"
                                            : nullptr;
  if (meant == nullptr) return {};
  return Error{ErrorCode::InvalidInput, "'" + std::string(name) + "' is how tables name " + meant +
                                            ", not a reader. Choose another name."};
}

}  // namespace gadolin
