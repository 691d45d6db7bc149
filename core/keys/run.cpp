// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/run.h"

#include "core/keys/pace.h"
#include "core/keys/page_runner.h"
#include "core/keys/probe.h"
#include "core/keys/spool.h"

#include <algorithm>
#include <array>
#include <condition_variable>

namespace cachedeck::keys {

namespace {

using namespace std::chrono_literals;

constexpr auto pauseStep = 500ms;

void pause(std::chrono::milliseconds span, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, span, [] { return false; });
}

Error cancelled() { return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled.")); }

bool linkBroke(const Error& error) {
  return error.kind == Error::Kind::Unreachable || error.kind == Error::Kind::Timeout || error.kind == Error::Kind::Refused || error.kind == Error::Kind::Busy;
}

JournalEntry entryOf(const Plan& plan, const Action& action, const RunPlace& place, const WritePermit& permit) {
  JournalEntry entry;
  entry.action = action.deletes() ? QStringLiteral("keys.delete") : QStringLiteral("keys.ttl");
  entry.operation = plan.id;
  entry.profile = place.profile;
  entry.where = place.environment + QLatin1Char(' ') + plan.server.text();
  entry.planDigest = QString::fromLatin1(plan.digest);
  entry.text = action.text() + QStringLiteral(": ") + plan.selector.text();
  if (!permit.reason().isEmpty()) entry.text += QStringLiteral(" (%1)").arg(permit.reason());
  return entry;
}

/// Ends an exchange that is still under way a second after the person asked to stop: a page that is nearly done comes to its end, a server that hangs does not hold the person up.
class LastCall {
 public:
  explicit LastCall(std::stop_token asked) : m_thread([this, asked = std::move(asked)](const std::stop_token& over) { wait(asked, over); }) {}
  std::stop_token token() const { return m_now.get_token(); }

 private:
  void wait(const std::stop_token& asked, const std::stop_token& over) {
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    const std::stop_callback wake(asked, [&] { const std::scoped_lock held(mutex); woken.notify_all(); });
    woken.wait(lock, over, [&] { return asked.stop_requested(); });
    if (!over.stop_requested()) woken.wait_for(lock, over, 1s, [] { return false; });
    if (!over.stop_requested()) m_now.request_stop();
  }
  std::stop_source m_now;
  std::jthread m_thread;
};

/// One run from its first page, or from where it was left, to its end.
class Run {
 public:
  Run(const Plan& plan, const Action& action, const RunOptions& options, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress,
      const std::stop_token& stop)
      : m_plan(plan), m_action(action), m_options(options), m_place(place), m_permit(permit), m_progress(progress), m_stop(stop), m_lastCall(stop), m_connection(server, permit),
        m_probe(server), m_pace(options.page, options.budgetMs, options.keysPerSecond, m_probe) {
    m_report.id = plan.id;
    m_report.counts.planned = plan.keys;
  }

  Result<RunReport> fresh();
  Result<RunReport> resumed();

 private:
  Result<void> connect();
  Result<void> reconnect(SpoolReader& reader);
  Result<void> journal(const QString& phase, const QString& text = {});
  Result<RunReport> carryOut(SpoolReader& names);
  using Group = std::vector<Lane>;
  PageRunner& runner();
  Result<void> pages(SpoolReader& reader);
  Result<void> onePageAtATime(SpoolReader& reader);
  Result<void> lanesAtATime(SpoolReader& reader);
  Result<void> fill(Group& group, std::size_t parity, SpoolReader& reader);
  Result<RedisConnection*> link(std::size_t number);
  Result<void> carryOut(Group& group);
  Result<void> settle(Lane& lane);
  void take(const PageOutcome& outcome);
  void rest(std::size_t names);
  Result<void> page(RedisConnection& connection, std::span<const QByteArray> names, qint64 first);
  Result<void> recover(SpoolReader& reader);
  Result<void> settle(const LoggedBatch& batch, const OperationSummary& summary, SpoolReader& reader);
  Result<void> waitFor(const QString& reason);
  void count(const BatchResult& result, qint64 names);
  void finish(const Result<void>& result);

  const Plan& m_plan;
  const Action& m_action;
  const RunOptions& m_options;
  const RunPlace& m_place;
  const WritePermit& m_permit;
  RunProgress& m_progress;
  const std::stop_token& m_stop;
  LastCall m_lastCall;
  RedisConnection m_connection;
  Probe m_probe;
  Pace m_pace;
  std::optional<ServerClock> m_clock;
  std::unique_ptr<OperationLog> m_log;
  std::unique_ptr<PageRunner> m_runner;
  std::vector<std::unique_ptr<RedisConnection>> m_links;  // of the lanes: those of one group have even numbers, those of the other odd ones
  RunReport m_report;
  ServerMark m_server;
  qint64 m_next = 0;  // of the plan's names
  std::chrono::milliseconds m_paused{0};
};

Result<void> Run::connect() {
  if (const Result<void> opened = m_connection.open(m_stop); !opened) return opened;
  Result<ServerMark> server = askServer(m_connection, m_stop);
  if (!server) return server.error();
  m_server = *server;
  m_clock.emplace(m_server.clockMs, m_place.clock);
  if (m_server.primary) return {};
  return fail(Error::Kind::Permission, QStringLiteral("%1 is a replica now: nothing more was changed there. Connect to the primary and resume.").arg(m_plan.server.text()));
}

/// Keeps trying while the server is away, as long as a pause may last; what was under way is then asked of it. The link may break again meanwhile.
Result<void> Run::reconnect(SpoolReader& reader) {
  const auto begin = std::chrono::steady_clock::now();
  for (std::chrono::milliseconds span = 100ms;; span = std::min<std::chrono::milliseconds>(2 * span, 2s)) {
    Result<void> connected = connect();
    if (connected) connected = recover(reader);
    m_report.waitedSeconds += connected ? 0 : std::chrono::duration<double>(span).count();
    if (connected || !linkBroke(connected.error()) || m_stop.stop_requested() || std::chrono::steady_clock::now() - begin > m_options.pauseLimit) {
      m_progress.setWaitsFor({});
      return connected;
    }
    m_progress.setWaitsFor(connected.error().message);
    pause(span, m_stop);
  }
}

Result<void> Run::journal(const QString& phase, const QString& text) {
  JournalEntry entry = entryOf(m_plan, m_action, m_place, m_permit);
  entry.phase = phase;
  entry.counts = m_report.counts.toJson(m_action.deletes());
  entry.outcome = m_report.outcome;
  if (!text.isEmpty()) entry.text = text;
  const Result<JournalEntry> written = m_place.journal.append(entry);
  return written ? Result<void>() : Result<void>(written.error());
}

Result<RunReport> Run::fresh() {
  if (const Result<void> connected = connect(); !connected) return connected.error();
  if (!m_server.isSame(m_plan.server))
    return fail(Error::Kind::Permission, QStringLiteral("%1 has restarted or is another server since the plan was made. Make the plan again.").arg(m_plan.server.text()));
  const Result<std::unique_ptr<SpoolReader>> names = SpoolReader::open(m_plan.spoolFile, m_plan.digest);
  if (!names) return names.error();
  QJsonObject plan = m_plan.toJson();
  plan[QLatin1String("action")] = m_action.toJson();
  plan[QLatin1String("undo")] = m_options.undo;
  plan[QLatin1String("profile")] = m_place.profile;
  auto log = OperationLog::create(m_place.folder, m_plan.id, m_place.key, plan, m_options.undo ? m_options.undoCap : 0);
  if (!log) return log.error();
  m_log = std::move(*log);
  return carryOut(**names);
}

Result<RunReport> Run::resumed() {
  if (const Result<void> connected = connect(); !connected) return connected.error();
  if (m_server.endpoint != m_plan.server.endpoint || m_server.database != m_plan.server.database)
    return fail(Error::Kind::Usage, QStringLiteral("The operation %1 was made on %2, not on %3.").arg(m_plan.id, m_plan.server.text(), m_server.text()));
  const Result<std::unique_ptr<SpoolReader>> names = SpoolReader::open(m_plan.spoolFile, m_plan.digest);
  if (!names) return names.error();
  auto log = OperationLog::resume(m_place.folder, m_plan.id, m_place.key, m_options.undo ? m_options.undoCap : 0);
  if (!log) return log.error();
  m_log = std::move(*log);
  if (const Result<void> recovered = recover(**names); !recovered) return recovered.error();
  return carryOut(**names);
}

Result<RunReport> Run::carryOut(SpoolReader& names) {
  const auto begin = std::chrono::steady_clock::now();
  if (const Result<void> begun = journal(QStringLiteral("begin")); !begun) return begun.error();
  const Result<void> result = pages(names);
  m_report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  finish(result);
  const QString said = m_report.reason.isEmpty() ? QString() : m_action.text() + QStringLiteral(": ") + m_report.reason;
  if (const Result<void> ended = journal(QStringLiteral("end"), said); !ended) return ended.error();
  return m_report;
}

PageRunner& Run::runner() {
  if (!m_runner)
    m_runner = PageRunner::make({*m_log, m_action, m_options, *m_clock, m_server.hasExpireTime(), !m_plan.detailed || m_plan.largest > (8 << 20), m_report.own, m_lastCall.token()});
  return *m_runner;
}

Result<void> Run::pages(SpoolReader& reader) {
  for (;;) {
    const Result<void> done = runner().isDirect() ? onePageAtATime(reader) : lanesAtATime(reader);
    if (done || !linkBroke(done.error()) || m_stop.stop_requested()) return done;
    if (std::ranges::all_of(m_links, [](const auto& link) { return link->isOpen(); }) && m_connection.isOpen()) return done;
    // Nobody knows whether the server has done it. It is asked.
    m_links.clear();
    if (const Result<void> again = reconnect(reader); !again) return again;
  }
}

Result<void> Run::onePageAtATime(SpoolReader& reader) {
  while (!m_stop.stop_requested()) {
    const Result<std::vector<QByteArray>> names = reader.next(m_pace.page());
    if (!names) return names.error();
    if (names->empty()) return {};
    if (const Result<void> done = page(m_connection, *names, m_next); !done) return done;
    m_next += static_cast<qint64>(names->size());
    rest(names->size());
  }
  return cancelled();
}

/// While the log is synced for one group of lanes, the server answers the questions of the next.
Result<void> Run::lanesAtATime(SpoolReader& reader) {
  std::array<Group, 2> groups;
  std::size_t at = 0;
  if (const Result<void> asked = fill(groups[at], at, reader); !asked) return asked;
  while (!groups[at].empty()) {
    if (const Result<void> asked = fill(groups[1 - at], 1 - at, reader); !asked) return asked;
    std::size_t names = 0;
    for (const Lane& lane : groups[at]) names += lane.page.size();
    if (const Result<void> done = carryOut(groups[at]); !done) return done;
    rest(names);
    at = 1 - at;
  }
  return m_stop.stop_requested() ? cancelled() : Result<void>();
}

/// The next names, spread over lanes, and their questions sent; an empty group at the end or when the run is to stop.
Result<void> Run::fill(Group& group, std::size_t parity, SpoolReader& reader) {
  group.clear();
  if (m_stop.stop_requested()) return {};
  const Result<std::vector<QByteArray>> names = reader.next(m_pace.page());
  if (!names) return names.error();
  for (std::size_t from = 0; from < names->size(); from += PageRunner::longestWatched) {
    const Result<RedisConnection*> link = this->link(2 * group.size() + parity);
    if (!link) return link.error();
    Lane lane;
    lane.connection = *link;
    lane.page.assign(names->begin() + static_cast<std::ptrdiff_t>(from), names->begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(names->size(), from + PageRunner::longestWatched)));
    lane.first = m_next;
    m_next += static_cast<qint64>(lane.page.size());
    if (const Result<void> asked = runner().ask(lane); !asked) return asked;
    group.push_back(std::move(lane));
  }
  return {};
}

Result<RedisConnection*> Run::link(std::size_t number) {
  while (m_links.size() <= number) m_links.push_back(std::make_unique<RedisConnection>(m_connection.options(), m_permit));
  RedisConnection& link = *m_links[number];
  if (!link.isOpen())
    if (const Result<void> opened = link.open(m_stop); !opened) return opened.error();
  return &link;
}

Result<void> Run::carryOut(Group& group) {
  const auto all = [&group](auto step) -> Result<void> {
    for (Lane& lane : group)
      if (const Result<void> done = step(lane); !done) return done;
    return {};
  };
  PageRunner& runner = this->runner();
  if (const Result<void> taken = all([&](Lane& lane) { return runner.take(lane); }); !taken) return taken;
  if (const Result<void> kept = all([&](Lane& lane) { return runner.keep(lane); }); !kept) return kept;
  if (m_options.undo)
    if (const Result<void> synced = m_log->sync(); !synced) return synced;
  if (const Result<void> sent = all([&](Lane& lane) { return runner.act(lane); }); !sent) return sent;
  if (const Result<void> concluded = all([&](Lane& lane) { return runner.conclude(lane); }); !concluded) return concluded;
  return all([&](Lane& lane) { return settle(lane); });
}

/// What a lane came to; one that stands alone or has to wait is carried out here.
Result<void> Run::settle(Lane& lane) {
  Result<PageOutcome> outcome = lane.state == Lane::State::Alone ? runner().alone(lane) : Result<PageOutcome>(std::move(lane.outcome));
  if (!outcome) return outcome.error();
  take(*outcome);
  if (outcome->waits.isEmpty()) return {};
  if (const Result<void> waited = waitFor(outcome->waits); !waited) return waited;
  return page(*lane.connection, std::span(lane.page).subspan(outcome->handled), lane.first + static_cast<qint64>(outcome->handled));
}

void Run::take(const PageOutcome& outcome) {
  count(outcome.counts, static_cast<qint64>(outcome.handled));
  if (m_report.reason.isEmpty()) m_report.reason = outcome.refusal;
}

void Run::rest(std::size_t names) {
  m_pace.after(static_cast<qsizetype>(names), m_stop);
  m_progress.setPage(m_pace.page());
  m_progress.setProbeMs(m_probe.recentMs());
}

Result<void> Run::page(RedisConnection& connection, std::span<const QByteArray> names, qint64 first) {
  while (!names.empty()) {
    const Result<PageOutcome> outcome = runner().run(connection, names, first);
    if (!outcome) return outcome.error();
    take(*outcome);
    names = names.subspan(outcome->handled);
    first += static_cast<qint64>(outcome->handled);
    if (outcome->waits.isEmpty()) continue;
    if (const Result<void> waited = waitFor(outcome->waits); !waited) return waited;
  }
  return {};
}

/// The log says how far the run came; of batches whose end it does not know, the server is asked. Then the run goes on behind the last one.
Result<void> Run::recover(SpoolReader& reader) {
  if (const Result<void> synced = m_log->sync(); !synced) return synced;
  const Result<OperationSummary> summary = readOperation(m_place.folder, m_plan.id, m_place.key);
  if (!summary) return summary.error();
  m_runner.reset();  // its clock is that of the old connection
  m_report.counts = {};
  m_report.counts.planned = m_plan.keys;
  qint64 end = 0;
  for (const LoggedBatch& batch : summary->batches) {
    end = std::max(end, batch.firstName + batch.names);
    if (batch.result) count(*batch.result, 0);
  }
  for (const LoggedBatch& batch : summary->batches)
    if (!batch.result)
      if (const Result<void> settled = settle(batch, *summary, reader); !settled) return settled;
  m_next = end;
  return reader.seek(end);
}

Result<void> Run::settle(const LoggedBatch& batch, const OperationSummary& summary, SpoolReader& reader) {
  if (const Result<void> found = reader.seek(batch.firstName); !found) return found;
  const Result<std::vector<QByteArray>> names = reader.next(batch.names);
  if (!names) return names.error();
  // Names that a later batch has are that one's.
  std::vector<std::size_t> ours;
  for (std::size_t i = 0; i < names->size(); ++i) {
    const qint64 number = batch.firstName + static_cast<qint64>(i);
    const auto has = [&](const LoggedBatch& later) { return later.batch > batch.batch && number >= later.firstName && number < later.firstName + later.names; };
    if (std::ranges::none_of(summary.batches, has)) ours.push_back(i);
  }
  std::vector<QByteArray> asked;
  for (const std::size_t i : ours) asked.push_back((*names)[i]);
  std::vector<KeyImage> images;
  const auto take = [&](const LoggedBatch& seen, std::span<const KeyImage> found) {
    if (seen.batch == batch.batch) images.assign(found.begin(), found.end());
    return seen.batch < batch.batch;
  };
  if (batch.hasImages)
    if (const Result<void> read = readImages(m_place.folder, m_plan.id, m_place.key, take); !read) return read;
  BatchResult result;
  result.batch = batch.batch;
  Result<std::vector<std::size_t>> left = runner().unfinished(m_connection, asked, images, result);
  if (!left) return left.error();
  for (std::size_t& at : *left) at = ours[at];
  // What is left, or somebody else's batch, has images of its own; these are none of something that was taken away.
  for (std::uint32_t i = 0; i < images.size(); ++i) {
    const auto at = std::ranges::find(*names, images[i].name) - names->begin();
    const auto is = [at](std::size_t one) { return static_cast<std::ptrdiff_t>(one) == at; };
    if (std::ranges::any_of(*left, is) || std::ranges::none_of(ours, is)) result.notDone.push_back(i);
  }
  if (const Result<void> said = m_log->addResult(result); !said) return said;
  count(result, 0);
  for (std::size_t at = 0; at < left->size();) {  // what stands side by side in the plan is one batch
    std::size_t after = at + 1;
    while (after < left->size() && (*left)[after] == (*left)[after - 1] + 1) ++after;
    if (const Result<void> done = page(m_connection, std::span(*names).subspan((*left)[at], after - at), batch.firstName + static_cast<qint64>((*left)[at])); !done) return done;
    at = after;
  }
  return {};
}

/// The server said why it cannot go on: the same page again, until it can or the pause has lasted too long.
Result<void> Run::waitFor(const QString& reason) {
  m_progress.setWaitsFor(reason);
  pause(pauseStep, m_stop);
  m_report.waitedSeconds += std::chrono::duration<double>(pauseStep).count();
  m_paused += pauseStep;
  if (m_stop.stop_requested()) return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
  if (m_paused <= m_options.pauseLimit) return {};
  return fail(Error::Kind::Server, QStringLiteral("%1 could not go on for %2 s: %3. Resume the operation when it can.").arg(m_plan.server.text()).arg(m_options.pauseLimit.count()).arg(reason));
}

void Run::count(const BatchResult& result, qint64 names) {
  RunCounts& counts = m_report.counts;
  counts.done += result.done;
  counts.gone += result.gone;
  counts.changed += result.changed;
  counts.refused += result.refused;
  counts.kept += std::max<qint64>(0, names - result.done - result.gone - result.changed - result.refused);
  if (names > 0) {
    m_paused = {};
    m_progress.setWaitsFor({});
  }
  m_progress.set(counts);
}

void Run::finish(const Result<void>& result) {
  m_probe.stop();
  m_report.probeP50Ms = m_probe.percentile(0.5);
  m_report.probeP99Ms = m_probe.percentile(0.99);
  m_report.probeMaxMs = m_probe.largestMs();
  m_report.imageBytes = m_log->imageBytes();
  m_report.outcome = result ? QStringLiteral("done") : result.error().isCancelled() ? QStringLiteral("cancelled") : QStringLiteral("failed");
  if (!result && !result.error().isCancelled()) m_report.reason = result.error().message;
  if (result) {
    m_report.counts.kept = m_report.counts.planned - (m_report.counts.handled() - m_report.counts.kept);
    m_progress.set(m_report.counts);
  }
  if (!result) return;
  // Only a run that came to its end has one: all others can be resumed.
  Result<void> ended = m_log->addEnd(m_report.toJson(m_action.deletes()));
  if (ended) ended = m_log->sync();
  if (ended) m_plan.forget();
  if (!ended) m_report.reason = ended.error().message;
}

}  // namespace

Result<RunReport> runPlan(const Plan& plan, const Action& action, const RunOptions& options, const RedisOptions& server, const WritePermit& permit, const RunPlace& place,
                          RunProgress& progress, const std::stop_token& stop) {
  if (const Result<void> sound = checkAction(action); !sound) return sound.error();
  if (options.undo && action.deletes() && plan.detailed && plan.bytes > options.undoCap)
    return fail(Error::Kind::Busy, QStringLiteral("The images for undo would take about %1 MB, more than the %2 MB that are allowed. Raise the bound, choose fewer keys, or go without undo.")
                                       .arg(plan.bytes >> 20).arg(options.undoCap >> 20));
  return Run(plan, action, options, server, permit, place, progress, stop).fresh();
}

Result<RunReport> resumeRun(const QString& id, const RunOptions& options, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress,
                            const std::stop_token& stop) {
  const Result<OperationSummary> summary = readOperation(place.folder, id, place.key);
  if (!summary) return summary.error();
  if (summary->end) return fail(Error::Kind::Usage, QStringLiteral("The operation %1 has come to its end already.").arg(id));
  const Result<Plan> plan = Plan::fromJson(summary->plan);
  if (!plan) return plan.error();
  const Result<Action> action = Action::fromJson(summary->plan[QLatin1String("action")].toObject());
  if (!action) return action.error();
  RunOptions asBefore = options;
  asBefore.undo = summary->plan[QLatin1String("undo")].toBool();
  return Run(*plan, *action, asBefore, server, permit, place, progress, stop).resumed();
}

}  // namespace cachedeck::keys
