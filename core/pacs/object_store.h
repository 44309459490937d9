#pragma once
// Objects that arrive by C-STORE, onto the disk. Nothing from the wire becomes a name, and nothing
// is acknowledged that a power cut could still take away.

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/dimse.h>

#include <functional>
#include <string>

#include "core/pacs/receiver.h"

namespace gadolin::pacs {

/// SOP classes that are taken: images and segmentations.
const std::vector<const char*>& storageClasses();
/// Every transfer syntax that is taken, the uncompressed ones first.
const std::vector<const char*>& transferSyntaxes();

/// The objects of one association. Thread: one at a time.
class ObjectStore {
 public:
  /// Makes a folder for what is arriving, below rules.folder.
  static Result<ObjectStore> open(const StoreRules& rules);
  ObjectStore(ObjectStore&& other) noexcept;
  ObjectStore(const ObjectStore&) = delete;
  ObjectStore& operator=(const ObjectStore&) = delete;
  ObjectStore& operator=(ObjectStore&&) = delete;
  /// Removes what had not arrived whole.
  ~ObjectStore();

  /// Receives the data set of the request and answers it. Returns bad when the association cannot
  /// go on. `event` gets Stored or Refused.
  OFCondition take(T_ASC_Association* association, T_ASC_PresentationContextID context,
                   const T_DIMSE_C_StoreRQ& request, int idle_timeout_s,
                   const std::function<void(const ReceiveEvent&)>& event);

 private:
  ObjectStore(StoreRules rules, std::filesystem::path arriving)
      : rules_(std::move(rules)), arriving_(std::move(arriving)) {}
  struct Arrival;
  OFCondition receive(T_ASC_Association* association, T_ASC_PresentationContextID context,
                      const T_DIMSE_C_StoreRQ& request, int idle_timeout_s, Arrival& arrival);
  void examine(const T_DIMSE_C_StoreRQ& request, Arrival& arrival) const;
  void keep(Arrival& arrival);

  StoreRules rules_;
  std::filesystem::path arriving_;
  int count_ = 0;
};

}  // namespace gadolin::pacs
