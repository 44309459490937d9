#include "ui/session/stack_store.h"

#include <QPromise>
#include <QThreadPool>
#include <list>
#include <map>
#include <mutex>
#include <variant>

#include "core/imaging/stack_file.h"

namespace gadolin::session {
namespace {

std::size_t bytesOf(const Stack& stack) {
  return stack.image.voxels.size() * sizeof(float);
}
std::size_t bytesOf(const Mask& mask) {
  return mask.voxels.size();
}

Result<Stack> readChecked(const ProjectPaths& paths, const std::string& id, const Stack*) {
  auto stack = readStack(paths.stack(id));
  if (!stack) return stack.error().within("Stack " + id);
  return stack;
}

Result<Mask> readChecked(const ProjectPaths& paths, const std::string& sha256, const Mask*) {
  auto mask = readMask(paths.mask(sha256));
  if (!mask) return mask.error().within("Mask " + sha256.substr(0, 12));
  if (contentHash(*mask) != sha256) {
    return Error{ErrorCode::Corrupt, "Mask " + paths.mask(sha256).string() +
                                         " does not hold what its name says. Run 'gadolinctl "
                                         "check' on the project."};
  }
  return mask;
}

}  // namespace

struct StackStore::Shelf {
  using Item = std::variant<StackPointer, MaskPointer>;
  struct Kept {
    std::string key;
    Item item;
    std::size_t bytes;
  };

  ProjectPaths paths;
  std::size_t budget;
  std::size_t held = 0;
  std::mutex mutex;
  std::list<Kept> kept;  // most recently used first
  std::map<std::string, std::list<Kept>::iterator> index;
  std::map<std::string, QFuture<Result<StackPointer>>> stacks_on_their_way;
  std::map<std::string, QFuture<Result<MaskPointer>>> masks_on_their_way;
  std::list<std::string> wanted;  // stacks to prefetch
  QThreadPool pool;

  auto& onTheirWay(const Stack*) { return stacks_on_their_way; }
  auto& onTheirWay(const Mask*) { return masks_on_their_way; }
  static std::string keyOf(const std::string& name, const Stack*) { return "stack/" + name; }
  static std::string keyOf(const std::string& name, const Mask*) { return "mask/" + name; }

  /// With the mutex held.
  template <typename T>
  std::shared_ptr<const T> find(const std::string& name) {
    const auto found = index.find(keyOf(name, static_cast<const T*>(nullptr)));
    if (found == index.end()) return nullptr;
    kept.splice(kept.begin(), kept, found->second);
    return std::get<std::shared_ptr<const T>>(found->second->item);
  }

  /// With the mutex held.
  template <typename T>
  void keep(const std::string& name, const std::shared_ptr<const T>& item) {
    const std::string key = keyOf(name, static_cast<const T*>(nullptr));
    if (index.contains(key)) return;
    kept.push_front({key, item, bytesOf(*item)});
    index[key] = kept.begin();
    held += kept.front().bytes;
    while (held > budget && kept.size() > 1) {
      held -= kept.back().bytes;
      index.erase(kept.back().key);
      kept.pop_back();
    }
  }

  template <typename T>
  QFuture<Result<std::shared_ptr<const T>>> load(const std::string& name, int priority) {
    using Pointer = std::shared_ptr<const T>;
    constexpr const T* tag = nullptr;
    auto promise = std::make_shared<QPromise<Result<Pointer>>>();
    auto future = promise->future();
    {
      const std::lock_guard lock(mutex);
      if (auto found = find<T>(name)) {
        promise->start();
        promise->addResult(Result<Pointer>(std::move(found)));
        promise->finish();
        return future;
      }
      auto& on_their_way = onTheirWay(tag);
      if (const auto found = on_their_way.find(name); found != on_their_way.end()) {
        return found->second;
      }
      on_their_way.emplace(name, future);
    }
    promise->start();
    pool.start(
        [this, name, promise] {
          Result<Pointer> outcome = readInto<T>(name);
          {
            const std::lock_guard lock(mutex);
            if (outcome) keep<T>(name, *outcome);
            onTheirWay(tag).erase(name);
          }
          promise->addResult(std::move(outcome));
          promise->finish();
        },
        priority);
    return future;
  }

  template <typename T>
  Result<std::shared_ptr<const T>> readInto(const std::string& name) {
    try {
      GADOLIN_TRY(T item, readChecked(paths, name, static_cast<const T*>(nullptr)));
      return std::shared_ptr<const T>(std::make_shared<T>(std::move(item)));
    } catch (const std::bad_alloc&) {
      return Error{ErrorCode::OutOfMemory, "There is not enough memory to load " + name + "."};
    }
  }

  void prefetchNext() {
    std::string name;
    {
      const std::lock_guard lock(mutex);
      if (wanted.empty()) return;
      name = std::move(wanted.front());
      wanted.pop_front();
      if (find<Stack>(name) || stacks_on_their_way.contains(name)) name.clear();
    }
    if (!name.empty()) load<Stack>(name, 0);
    pool.start([this] { prefetchNext(); }, -1);
  }
};

StackStore::StackStore(ProjectPaths paths, std::size_t budget_bytes)
    : shelf_(std::make_unique<Shelf>()) {
  shelf_->paths = std::move(paths);
  shelf_->budget = budget_bytes;
  shelf_->pool.setMaxThreadCount(2);
}

StackStore::~StackStore() {
  {
    const std::lock_guard lock(shelf_->mutex);
    shelf_->wanted.clear();
  }
  shelf_->pool.waitForDone();
}

StackStore::StackPointer StackStore::cached(const std::string& id) {
  const std::lock_guard lock(shelf_->mutex);
  return shelf_->find<Stack>(id);
}

QFuture<Result<StackStore::StackPointer>> StackStore::load(const std::string& id) {
  return shelf_->load<Stack>(id, 1);
}

void StackStore::prefetch(const std::vector<std::string>& ids) {
  {
    const std::lock_guard lock(shelf_->mutex);
    shelf_->wanted.assign(ids.begin(), ids.end());
  }
  shelf_->pool.start([shelf = shelf_.get()] { shelf->prefetchNext(); }, -1);
}

StackStore::MaskPointer StackStore::cachedMask(const std::string& sha256) {
  const std::lock_guard lock(shelf_->mutex);
  return shelf_->find<Mask>(sha256);
}

QFuture<Result<StackStore::MaskPointer>> StackStore::loadMask(const std::string& sha256) {
  return shelf_->load<Mask>(sha256, 1);
}

std::size_t StackStore::heldBytes() const {
  const std::lock_guard lock(shelf_->mutex);
  return shelf_->held;
}

}  // namespace gadolin::session
