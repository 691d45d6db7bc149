// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/k6_run.h"

#include "core/load/k6_export.h"
#include "core/load/schedule.h"
#include "core/load/url.h"
#include "core/runs/json_numbers.h"
#include "core/runs/k6_exit.h"
#include "core/runs/k6_feed.h"
#include "core/runs/k6_summary.h"
#include "core/sandbox/server_process.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <optional>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cachedeck::runs {

using load::RunFigures;

namespace {

constexpr qsizetype keptLog = 64 * 1024;      // its end, for the reason of a failure
constexpr qint64 readAtOnce = 1 << 20;        // so that a flood does not keep a stop waiting
constexpr qint64 mostAfterEnd = 16 << 20;     // k6 is gone; what a child of it may still write is not waited for
constexpr int tickMs = 50;
constexpr std::chrono::milliseconds hurriedGrace{1000};

Result<void> withinCaps(const load::RunPlan& plan, const load::LoadLimits& limits) {
  const bool open = load::isOpenModel(plan.scenario.executor.kind);
  const load::Caps caps = load::limited(plan.caps, limits);
  const double peak = load::peakOf(plan.scenario.executor), most = open ? caps.perSecond : caps.users;
  if (peak <= most) return {};
  return fail(Error::Kind::Usage, QStringLiteral("The scenario asks for %1 %2; at most %3 are allowed here. Lower it, or raise the limit.")
                                      .arg(peak).arg(open ? QStringLiteral("iterations a second") : QStringLiteral("users")).arg(most));
}

Result<void> fits(const K6Plan& plan, const load::LoadPermit& permit) {
  if (!permit.covers(plan.load)) return fail(Error::Kind::Permission, QStringLiteral("What was permitted is load on another target."));
  // The guard looked at the host of this URL: what it could not read is not left to k6 to read in another way.
  if (const auto url = load::parseUrl(plan.load.baseUrl); !url) return fail(Error::Kind::Usage, textOf(url.error()));
  const load::LoadLimits& limits = permit.limits();
  if (!plan.script.isEmpty()) {
    if (const QFileInfo file(plan.script); !file.isFile() || !file.isReadable()) return fail(Error::Kind::NotFound, QStringLiteral("The k6 script %1 cannot be read.").arg(plan.script));
    return withinK6Limits(plan.load.scenario, true, limits);
  }
  if (const Result<void> may = withinK6Limits(plan.load.scenario, false, limits); !may) return may.error();
  for (const std::string& name : plan.load.scenario.secretVariables)
    if (!plan.load.variables.contains(name))
      return fail(Error::Kind::Usage, QStringLiteral("The scenario needs a value for %1. Put it into %2 in the environment.").arg(textOf(name), textOf(load::k6Environment(name))));
  if (const auto exported = load::k6Script(plan.load.scenario, plan.load.baseUrl); !exported) return fail(Error::Kind::Usage, textOf(exported.error()));
  return withinCaps(plan.load, limits);
}

/// One run, from the folder to the figures.
class Job {
 public:
  Job(const K6Plan& plan, const std::function<void(const RunFigures&)>& moved, std::stop_token stop, std::stop_token hurry) : m_plan(plan), m_moved(moved), m_stop(std::move(stop)), m_hurry(std::move(hurry)) {}

  Result<RunFigures> run() {
    const Result<QString> program = findK6();
    if (!program) return program.error();
    Result<std::unique_ptr<K6Folder>> folder = K6Folder::make(m_plan);
    if (!folder) return folder.error();
    m_folder = std::move(*folder);
    m_launchedMs = m_clock.now().wallMs;
    Result<ServerProcess> process = ServerProcess::start(m_folder->launch(*program, m_plan));
    if (!process) return process.error();
    publish();
    attend(*process);
    return finished(process->status());
  }

 private:
  void attend(ServerProcess& process) {
    std::optional<Deadline> patience;
    bool hurried = false;
    while (process.running()) {
      waitForWords();
      readSome(readAtOnce);
      if (m_feed.takeChange()) publish();
      if (m_stop.stop_requested() && !patience) {
        m_asked = true;
        patience.emplace(m_plan.grace);
        process.requestStop();
        publish();
      }
      if (patience && m_hurry.stop_requested() && !hurried) {
        hurried = true;
        patience.emplace(std::min(m_plan.grace, hurriedGrace));
      }
      if (!patience || !patience->expired()) continue;
      m_killed = true;
      process.signal(SIGKILL, true);
      process.wait(Deadline(std::chrono::seconds(5)));
      break;
    }
    readSome(mostAfterEnd);
  }

  void waitForWords() const {
    pollfd ends[] = {{m_folder->feed(), POLLIN, 0}, {m_folder->log(), POLLIN, 0}};
    ::poll(ends, 2, tickMs);
  }

  void readSome(qint64 most) {
    drain(m_folder->feed(), most, [this](const QByteArray& piece) { m_feed.read(piece); });
    drain(m_folder->log(), most, [this](const QByteArray& piece) {
      m_log += piece;
      if (m_log.size() > 2 * keptLog) m_log = m_log.last(keptLog);
    });
  }

  template <typename Take>
  static void drain(int fd, qint64 most, Take take) {
    QByteArray piece(64 * 1024, Qt::Uninitialized);
    for (qint64 total = 0; total < most;) {
      const ssize_t got = ::read(fd, piece.data(), static_cast<size_t>(piece.size()));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return;
      take(piece.first(got));
      total += got;
    }
  }

  /// As far as it has come. Where the feed says nothing yet, the time since the launch does not stand for the run's.
  RunFigures current() const {
    RunFigures figures = m_feed.figures();
    figures.all.name = "all";
    if (!m_feed.started()) figures.startedMs = m_launchedMs;
    figures.state = m_asked ? RunFigures::State::Stopping : m_feed.started() ? RunFigures::State::Running : RunFigures::State::Preparing;
    for (const QString& what : m_folder->leftOut()) figures.marks.push_back({0, QStringLiteral("k6 left out: %1").arg(what).toStdString()});
    return figures;
  }

  void publish() const {
    if (m_moved) m_moved(current());
  }

  void note(const QString& text, RunFigures& figures) const { figures.marks.push_back({figures.elapsedMs, text.toStdString()}); }

  Result<K6Summary> summary() const {
    // k6 wrote it, or whatever stands in its place: a link or a pipe is not read.
    struct stat about {};
    const QByteArray path = QFile::encodeName(m_folder->summaryFile());
    if (::lstat(path.constData(), &about) != 0) return fail(Error::Kind::NotFound, QStringLiteral("k6 left no summary"));
    QFile file(m_folder->summaryFile());
    if (!S_ISREG(about.st_mode) || about.st_size > largestK6Summary || !file.open(QIODevice::ReadOnly)) return fail(Error::Kind::Protocol, QStringLiteral("k6's summary cannot be read"));
    return parseK6Summary(file.read(largestK6Summary));
  }

  RunFigures finished(int status) const {
    RunFigures figures = current();
    const Result<K6Summary> end = summary();
    if (end) takeSummary(*end, figures);
    takeK6Exit(status, m_asked, m_log, figures);
    if (m_killed) note(QStringLiteral("k6 did not stop when it was asked to, and was killed"), figures);
    if (!end && m_feed.started()) note(QStringLiteral("%1: these are the last figures that it told while it ran").arg(end.error().message), figures);
    if (!m_feed.started() && figures.end != RunFigures::End::Failed) note(QStringLiteral("k6 told nothing while it ran: there are no seconds"), figures);
    if (m_feed.passedOver() > 0) note(QStringLiteral("%1 lines of what k6 told were not understood").arg(m_feed.passedOver()), figures);
    if (m_feed.secondsLeftOut()) note(QStringLiteral("the run was longer than its seconds are kept"), figures);
    if (!end && !m_feed.started() && figures.end == RunFigures::End::Completed) {
      figures.end = RunFigures::End::Failed;
      figures.problem = QStringLiteral("k6 ended without any figures: it told nothing while it ran, and left no summary. Is it older than 0.49, or something else of that name? %1").arg(k6Reason(m_log)).trimmed().toStdString();
    }
    // Requests that it cuts off at the end k6 counts nowhere.
    if (figures.end == RunFigures::End::Completed && figures.all.requests == 0 && figures.iterations == 0) {
      figures.end = RunFigures::End::Failed;
      figures.problem = "k6 ended, and not one request was answered and no iteration came to its end. Check that the service answers at all, or give it longer (duration, gracefulStop).";
    }
    return figures;
  }

  const K6Plan& m_plan;
  const std::function<void(const RunFigures&)>& m_moved;
  const std::stop_token m_stop, m_hurry;
  SystemClock m_clock;
  std::unique_ptr<K6Folder> m_folder;
  K6Feed m_feed;
  QByteArray m_log;
  qint64 m_launchedMs = 0;
  bool m_asked = false, m_killed = false;
};

}  // namespace

Result<RunFigures> runK6(const K6Plan& plan, const load::LoadPermit& permit, const std::function<void(const RunFigures&)>& moved, std::stop_token stop, std::stop_token hurry) {
  if (const Result<void> may = fits(plan, permit); !may) return may.error();
  return Job(plan, moved, std::move(stop), std::move(hurry)).run();
}

Result<void> withinK6Limits(const load::Scenario& scenario, bool script, const load::LoadLimits& limits) {
  if (script && (limits.users != 0 || limits.perSecond != 0))
    return fail(Error::Kind::Permission, QStringLiteral("The profile limits the load on it, and what a k6 script asks for cannot be known before. Run a scenario, or take the limit away under Connections."));
  if (!script && limits.perSecond != 0 && !load::isOpenModel(scenario.executor.kind))
    return fail(Error::Kind::Permission, QStringLiteral("The profile allows at most %1 iterations a second, and k6 cannot make users wait for that. Let Cachedeck make the load, run a scenario with an arrival rate, or take the limit away under Connections.")
                                             .arg(limits.perSecond, 0, 'g', 9));
  return {};
}

Result<void> checkK6(const K6Plan& plan, const load::LoadPermit& permit) {
  if (const Result<void> may = fits(plan, permit); !may) return may.error();
  const Result<QString> program = findK6();
  return program ? Result<void>() : Result<void>(program.error());
}

}  // namespace cachedeck::runs
