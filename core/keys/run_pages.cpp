// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/run_job.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

Error cancelled() { return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled.")); }

}  // namespace

PageRunner& Run::runner() {
  if (!m_runner)
    m_runner = PageRunner::make({*m_log, m_action, m_options, *m_clock, m_servers, m_servers.mark().hasExpireTime(), !m_plan.detailed || m_plan.largest > Plan::largestImage, m_report.own,
                                 m_lastCall.token(), [this](const QString& reason) { return waitFor(reason); }});
  return *m_runner;
}

Result<void> Run::pages(SpoolReader& reader) {
  for (;;) {
    Result<void> done = m_recovered ? Result<void>() : recover(reader);
    m_recovered = true;  // or reconnect() sees to it
    if (done) done = runner().isDirect() ? onePageAtATime(reader) : lanesAtATime(reader);
    if (done) done = atEnd();
    if (done || !lost(done.error()) || m_stop.stop_requested()) return done;
    if (std::chrono::steady_clock::now() - m_moved > m_options.pauseLimit) return done;
    // Nobody knows what of it was done. The servers are asked.
    if (const Result<void> again = reconnect(reader); !again) return again;
  }
}

Result<void> Run::onePageAtATime(SpoolReader& reader) {
  while (!m_stop.stop_requested()) {
    if (const Result<void> held = heed(); !held) return held;
    if (const Result<void> checked = check(); !checked) return checked;
    const Result<std::vector<QByteArray>> names = reader.next(m_pace.page());
    if (!names) return names.error();
    if (names->empty()) return {};
    if (const Result<void> done = page(*names, m_next); !done) return done;
    m_next += static_cast<qint64>(names->size());
    rest(names->size());
  }
  return cancelled();
}

/// While the log is synced for one group of lanes, the servers answer the questions of the next.
Result<void> Run::lanesAtATime(SpoolReader& reader) {
  std::array<Group, 2> groups;
  std::size_t at = 0;
  if (const Result<void> asked = fill(groups[at], at, reader); !asked) return asked;
  while (!groups[at].empty()) {
    if (const Result<void> held = heed(groups[at]); !held) return held;
    if (const Result<void> checked = check(); !checked) return checked;
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
Result<void> Run::fill(Group& group, std::size_t number, SpoolReader& reader) {
  group.clear();
  m_lanes.giveBack(number);
  if (m_stop.stop_requested()) return {};
  for (auto left = static_cast<std::size_t>(m_pace.page()); left > 0; left -= group.back().page.size()) {
    if (const Result<void> looked = look(reader); !looked) return looked;
    const Result<bool> added = addLane(group, number, std::min(left, runner().longestPage()));
    if (!added) return added.error();
    if (!*added) break;
    if (const Result<void> asked = runner().ask(group.back()); !asked) return asked;
  }
  return {};
}

Result<void> Run::look(SpoolReader& reader) {
  if (m_ahead.size() >= std::min<std::size_t>(runner().longestPage(), static_cast<std::size_t>(m_options.page))) return {};
  Result<std::vector<QByteArray>> names = reader.next(m_options.page);
  if (!names) return names.error();
  std::ranges::move(*names, std::back_inserter(m_ahead));
  return {};
}

/// The next names that are of one slot; false when there are none, or their server has lanes enough.
Result<bool> Run::addLane(Group& group, std::size_t number, std::size_t most) {
  if (m_ahead.empty()) return false;
  const int slot = m_servers.slot(m_ahead.front());
  const Result<RedisConnection*> link = m_lanes.take(m_servers.serverOf(slot), number, m_stop);
  if (!link) return link.error();
  if (!*link) return false;
  Lane lane;
  lane.way.connection = *link;
  lane.first = m_next;
  while (!m_ahead.empty() && lane.page.size() < most && m_servers.slot(m_ahead.front()) == slot) {
    lane.page.push_back(std::move(m_ahead.front()));
    m_ahead.pop_front();
  }
  m_next += static_cast<qint64>(lane.page.size());
  group.push_back(std::move(lane));
  return true;
}

Result<void> Run::carryOut(Group& group) {
  const auto all = [&group](auto step) -> Result<void> {
    for (Lane& lane : group)
      if (const Result<void> done = step(lane); !done) return done;
    return {};
  };
  PageRunner& runner = this->runner();
  m_waited = false;
  if (const Result<void> taken = all([&](Lane& lane) { return runner.take(lane); }); !taken) return taken;
  if (const Result<void> kept = all([&](Lane& lane) { return runner.keep(lane); }); !kept) return kept;
  if (m_options.undo)
    if (const Result<void> synced = m_log->sync(); !synced) return synced;
  if (const Result<void> sent = all([&](Lane& lane) { return runner.act(lane); }); !sent) return sent;
  if (const Result<void> concluded = all([&](Lane& lane) { return runner.conclude(lane); }); !concluded) return concluded;
  return all([&](Lane& lane) { return settle(lane); });
}

/// What a lane came to; one that stands alone, has to wait or is elsewhere is carried out here.
Result<void> Run::settle(Lane& lane) {
  Result<PageOutcome> outcome = lane.state == Lane::State::Alone ? runner().alone(lane) : Result<PageOutcome>(std::move(lane.outcome));
  if (!outcome) return outcome.error();
  take(*outcome);
  if (!outcome->waits.isEmpty() && !std::exchange(m_waited, true))  // once for all lanes of a group
    if (const Result<void> waited = waitFor(outcome->waits); !waited) return waited;
  return page(std::span(lane.page).subspan(outcome->handled), lane.first + static_cast<qint64>(outcome->handled), outcome->redirect);
}

void Run::take(const PageOutcome& outcome) {
  count(outcome.counts, static_cast<qint64>(outcome.handled));
  if (m_report.reason.isEmpty()) m_report.reason = outcome.refusal;
}

void Run::rest(std::size_t names) {
  m_pace.after(static_cast<qsizetype>(names), m_stop);
  m_progress.setPage(m_pace.page());
  m_progress.setProbeMs(m_probe.recentMs());
  mark();
}

/// The names from the first one on that may go in one page.
std::span<const QByteArray> Run::together(std::span<const QByteArray> names, const std::optional<Redirect>& redirect) {
  if (!m_servers.isCluster() || runner().isDirect()) return names;
  if (redirect && redirect->ask) return names.first(1);
  const int slot = m_servers.slot(names.front());
  const auto other = std::ranges::find_if(names, [&](const QByteArray& name) { return m_servers.slot(name) != slot; });
  return names.first(static_cast<std::size_t>(other - names.begin()));
}

Result<Way> Run::wayTo(const QByteArray& name, const std::optional<Redirect>& redirect) {
  if (redirect)
    if (const Result<void> learnt = m_servers.learn(*redirect, m_stop); !learnt) return learnt.error();
  const Result<RedisConnection*> connection = redirect ? m_servers.at(*redirect, m_stop) : m_servers.connectionFor(m_servers.slot(name), m_stop);
  if (!connection) return connection.error();
  return Way{*connection, redirect && redirect->ask};
}

Result<void> Run::page(std::span<const QByteArray> names, qint64 first, std::optional<Redirect> redirect) {
  for (int redirects = 0; !names.empty();) {
    const Result<Way> way = wayTo(names.front(), redirect);
    if (!way) return way.error();
    const QString tooOften = QStringLiteral("%1 sends one of its keys on and on: over %2 times.").arg(m_plan.server.text(), QString::number(Servers::mostRedirects));
    const Result<PageOutcome> outcome = redirects > Servers::mostRedirects ? runner().refuse(tooOften, first) : runner().run(*way, together(names, redirect), first);
    if (!outcome) return outcome.error();
    take(*outcome);
    names = names.subspan(outcome->handled);
    first += static_cast<qint64>(outcome->handled);
    redirect = outcome->redirect;
    redirects = (outcome->handled > 0 ? 0 : redirects) + redirect.has_value();
    if (outcome->waits.isEmpty()) continue;
    if (const Result<void> waited = waitFor(outcome->waits); !waited) return waited;
  }
  return {};
}

void Run::count(const BatchResult& result, qint64 names) {
  RunCounts& counts = m_report.counts;
  counts.done += result.done;
  counts.gone += result.gone;
  counts.changed += result.changed;
  counts.refused += result.refused;
  counts.kept += std::max<qint64>(0, names - result.done - result.gone - result.changed - result.refused);
  if (names > 0) {
    m_moved = std::chrono::steady_clock::now();
    m_paused = {};
    m_progress.setWaitsFor({});
  }
  m_progress.set(counts);
}

}  // namespace cachedeck::keys
