// `gadolinctl pacs listen`: receives, and imports each study when it is complete.

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <QEventLoop>
#include <QThread>
#include <QTimer>
#include <memory>
#include <set>

#include "app/ctl/import_run.h"
#include "app/ctl/interrupt.h"
#include "app/files/pacs_command.h"
#include "app/files/pacs_inbox.h"
#include "app/files/pacs_reception.h"
#include "core/pacs/identifiers.h"
#include "ui/session/project.h"

namespace gadolin::ctl {
namespace {

using pacs::ReceiveEvent;
using Kind = ReceiveEvent::Kind;

/// One import in a thread of its own: the port stays served meanwhile.
class StudyImport {
 public:
  StudyImport(const ListenArguments& arguments, const std::filesystem::path& folder,
              std::function<void(Result<session::ImportSummary>)> done)
      : done_(std::move(done)) {
    thread_.reset(
        QThread::create([this, arguments, folder] { answer_ = import(arguments, folder); }));
    QObject::connect(
        thread_.get(), &QThread::finished, &home_, [this] { done_(std::move(*answer_)); },
        Qt::QueuedConnection);
    thread_->start();
  }
  ~StudyImport() { thread_->wait(); }

 private:
  static Result<session::ImportSummary> import(const ListenArguments& arguments,
                                               const std::filesystem::path& folder) {
    GADOLIN_TRY(const auto opened, session::Project::open(arguments.project));
    session::ImportRequest request;
    arguments.wishes.applyTo(request);
    request.paths = {folder};
    request.layout = session::Layout::Dicom;
    request.afresh = true;  // the folder is another one each time
    return session::Importer(*opened).run(request);
  }

  std::function<void(Result<session::ImportSummary>)> done_;
  std::optional<Result<session::ImportSummary>> answer_;
  QObject home_;
  std::unique_ptr<QThread> thread_;
};

/// The state of one `listen`.
class Listening {
 public:
  Listening(const ListenArguments& arguments, Output& output, Inbox inbox)
      : arguments_(arguments), output_(output), inbox_(std::move(inbox)), reception_(setup()) {
    reception_.on_event = [this](const std::string& association, const ReceiveEvent& event) {
      take(association, event);
    };
    reception_.on_end = [this](const std::string& association) { inbox_.ended(association); };
    constexpr int look_ms = 250;
    look_.setInterval(look_ms);
    QObject::connect(&look_, &QTimer::timeout, &loop_, [this] { look(); });
  }

  int run() {
    if (const auto listening = reception_.listen(); !listening)
      return output_.fail(listening.error());
    const Interrupt interrupt([this] { stop(); });
    output_.event({{"type", "listening"},
                   {"aet", arguments_.ae_title},
                   {"bind", arguments_.address},
                   {"port", reception_.port()}});
    output_.note("Listening on " + arguments_.address + ":" + std::to_string(reception_.port()) +
                 " as " + arguments_.ae_title + ". Ctrl-C ends it.");
    look_.start();
    loop_.exec();
    return conclude();
  }

 private:
  [[nodiscard]] ReceptionSetup setup() const {
    ReceptionSetup setup;
    setup.address = arguments_.address;
    setup.port = arguments_.port;
    setup.rules.ae_title = arguments_.ae_title;
    setup.rules.only_callers = arguments_.callers;
    setup.rules.idle_timeout_s = arguments_.idle_s;
    setup.rules.store.folder = inbox_.folder();
    setup.rules.store.most_bytes = static_cast<std::uint64_t>(arguments_.most_mb) << 20;
    return setup;
  }

  void take(const std::string& association, const ReceiveEvent& event) {
    if (event.kind == Kind::Stored) {
      inbox_.stored(association, event.study);
      ++images_;
      series_.insert(event.series);
      told_ = false;
      return;
    }
    if (event.kind == Kind::Refused || event.kind == Kind::Broken) {
      ++refused_;
      const std::string who = event.caller.empty() ? std::string("A peer") : event.caller;
      output_.warn(who + ": " + event.why);
    }
    static const std::map<Kind, const char*> names{{Kind::Opened, "opened"},
                                                   {Kind::Refused, "refused"},
                                                   {Kind::Closed, "closed"},
                                                   {Kind::Broken, "broken"}};
    output_.event({{"type", "peer"},
                   {"what", names.at(event.kind)},
                   {"caller", event.caller},
                   {"why", event.why}});
    if (event.kind == Kind::Opened) output_.note(event.caller + " sends.");
  }

  /// Four times a second: say what came, import what is complete.
  void look() {
    if (!told_) {
      told_ = true;
      output_.event({{"type", "received"}, {"images", images_}, {"series", series_.size()}});
    }
    if (import_) return;
    const auto study = inbox_.ready(std::chrono::seconds(arguments_.quiet_s), stopping_);
    if (stopping_ && (faulty_ || (!study && !inbox_.unfinished()))) return loop_.quit();
    if (faulty_ && Inbox::Clock::now() < try_again_) return;
    faulty_ = false;
    if (const auto waiting = inbox_.unfinished()) return begin(*waiting);
    if (!study) return;
    const auto folder = inbox_.take(*study);
    if (folder) return begin(*folder);
    keep(folder.error());
  }

  /// A fault of this machine: what came stays where it is, and is tried again.
  void keep(const Error& error) {
    output_.warn(error.message + " What came stays in the project and is imported later.");
    output_.event({{"type", "kept"}, {"code", codeName(error.code)}, {"message", error.message}});
    constexpr std::chrono::seconds pause(30);
    try_again_ = Inbox::Clock::now() + pause;
    faulty_ = true;
  }

  void begin(const std::filesystem::path& folder) {
    output_.event({{"type", "importing"}});
    import_ = std::make_unique<StudyImport>(
        arguments_, folder,
        [this](Result<session::ImportSummary> summary) { imported(std::move(summary)); });
  }

  void imported(Result<session::ImportSummary> summary) {
    QTimer::singleShot(0, &loop_, [this] {
      import_.reset();
      look();
    });
    const bool useless = !summary && summary.error().code == ErrorCode::InvalidInput;
    const bool whole = summary && !summary->ended_by;
    if (!whole && !useless) return keep(summary ? *summary->ended_by : summary.error());
    if (const auto finished = inbox_.finish(); !finished) keep(finished.error());
    if (useless) {
      output_.warn(summary.error().message);
      return;
    }
    ++studies_;
    stacks_ += summary->new_stacks;
    for (const auto& warning : summary->warnings) output_.warn(warning);
    for (const auto& refusal : summary->refused) output_.warn(refusal.path + ": " + refusal.reason);
    auto object = toJson(*summary);
    object["type"] = "imported";
    output_.event(object);
    output_.note("Imported: " + toText(*summary));
  }

  void stop() {
    output_.note(
        "No more is received; what came is imported. Ctrl-C again leaves it for the next start.");
    output_.event({{"type", "stopping"}});
    stopping_ = true;
    reception_.stop();
    look();
  }

  int conclude() {
    output_.summary({{"type", "summary"},
                     {"images", images_},
                     {"series", series_.size()},
                     {"studies", studies_},
                     {"new_stacks", stacks_},
                     {"refused_by_network", refused_},
                     {"waiting", !inbox_.empty()}},
                    std::to_string(images_) + " images of " + std::to_string(series_.size()) +
                        " series received, " + std::to_string(stacks_) + " new stacks." +
                        (inbox_.empty() ? "" : " Some of it waits for the next start."));
    return inbox_.empty() ? exit_done : exit_part;
  }

  const ListenArguments& arguments_;
  Output& output_;
  Inbox inbox_;
  Reception reception_;
  QEventLoop loop_;
  QTimer look_;
  std::unique_ptr<StudyImport> import_;
  std::set<std::string> series_;
  int images_ = 0;
  int refused_ = 0;
  int studies_ = 0;
  int stacks_ = 0;
  bool told_ = true;
  bool stopping_ = false;
  bool faulty_ = false;
  Inbox::Clock::time_point try_again_;
};

}  // namespace

int listenFor(const ListenArguments& asked, Output& output) {
  ListenArguments arguments = asked;
  ::signal(SIGPIPE,
           SIG_IGN);  // who started this one may be gone; what came is imported all the same
  if (arguments.with_parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() == 1) return exit_failed;  // it was gone before that
  }
  auto title = pacs::aeTitle(arguments.ae_title, "of Gadolin");
  if (!title) return output.fail(title.error());
  arguments.ae_title = *title;
  for (std::string& caller : arguments.callers) {
    auto checked = pacs::aeTitle(caller, "of a peer");
    if (!checked) return output.fail(checked.error());
    caller = *checked;
  }
  // Whether it can be written to is better known now than when images have come.
  std::filesystem::path folder;
  {
    const auto project = session::Project::open(arguments.project);
    if (!project) return output.fail(project.error());
    folder = (*project)->paths().scratch() / "received";
  }
  auto inbox = Inbox::open(folder);
  if (!inbox) return output.fail(inbox.error());
  return Listening(arguments, output, std::move(*inbox)).run();
}

}  // namespace gadolin::ctl
