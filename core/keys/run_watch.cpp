// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/run_job.h"

#include "core/base/rest.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto pauseStep = 500ms;
constexpr auto checkedEvery = 1s;  ///< a primary that was replaced and came back takes writes for ten seconds, and loses them (measured)
constexpr std::chrono::milliseconds replicaPatience{1000};

}  // namespace

Result<void> Run::connect() {
  m_lanes.clear();
  m_runner.reset();  // its clock is that of the servers before
  if (const Result<void> asked = m_servers.refresh(m_stop); !asked) return asked;
  m_clock.emplace(m_servers.mark().clockMs, m_place.clock);
  m_checked = Steady::now();
  m_changed = false;
  if (!m_servers.mark().primary)
    return fail(Error::Kind::Permission, QStringLiteral("%1 is a replica now: nothing more was changed there. Connect to the primary and resume.").arg(m_plan.server.text()));
  m_probe.aim(m_servers.primaries());
  return {};
}

/// Before anything is noted or touched.
Result<void> Run::mayBegin() { return PageRunner::goesDirect(m_action, m_options) ? Result<void>() : m_servers.checkTransactions(m_stop); }

Result<void> Run::check() { return Steady::now() - m_checked < checkedEvery ? Result<void>() : checkNow(); }

Result<void> Run::checkNow() {
  if (const Result<void> asked = m_servers.refresh(m_stop); !asked) return asked;
  m_checked = Steady::now();
  if (!m_servers.mark().primary)
    return fail(Error::Kind::Permission, QStringLiteral("%1 is a replica now: nothing more was changed there. Connect to the primary and resume.").arg(m_plan.server.text()));
  m_changed = m_servers.mark().lineage != m_lineage;
  if (!m_changed) return {};
  return fail(Error::Kind::Unreachable, QStringLiteral("%1 has restarted or has another primary.").arg(m_plan.server.text()));
}

/// Replicas have what was done last, and no other server has taken over meanwhile.
Result<void> Run::atEnd() {
  if (m_servers.hasReplicas()) {
    std::vector<RedisConnection*> links = m_lanes.opened();
    for (std::size_t i = 0; i < m_servers.primaries().size(); ++i)
      if (const Result<RedisConnection*> link = m_servers.connectionTo(i, m_stop)) links.push_back(*link);
    awaitReplicas(links, replicaPatience, m_stop);
  }
  return checkNow();
}

/// True when a server that is away, or another one, is the cause: then it may go on after a while.
bool Run::lost(const Error& error) const { return isPassing(error) && (m_servers.isLost() || m_changed || m_lanes.isBroken()); }

/// Keeps trying while a server is away, as long as a pause may last; what was under way is then asked of it. The link may break again meanwhile.
Result<void> Run::reconnect(SpoolReader& reader) {
  const auto begin = Steady::now();
  for (std::chrono::milliseconds span = 100ms;; span = std::min<std::chrono::milliseconds>(2 * span, 2s)) {
    Result<void> connected = connect();
    const bool away = !connected;
    if (connected) connected = recover(reader);
    const bool again = !connected && (away ? isPassing(connected.error()) : lost(connected.error()));
    if (!again || m_stop.stop_requested() || Steady::now() - begin > m_options.pauseLimit) {
      m_progress.setWaitsFor({});
      return connected;
    }
    m_report.waitedSeconds += std::chrono::duration<double>(span).count();
    m_progress.setWaitsFor(connected.error().message);
    restFor(span, m_stop);
  }
}

/// The server said why it cannot go on: the same page again, until it can or the pause has lasted too long.
Result<void> Run::waitFor(const QString& reason) {
  m_progress.setWaitsFor(reason);
  restFor(pauseStep, m_stop);
  m_report.waitedSeconds += std::chrono::duration<double>(pauseStep).count();
  m_paused += pauseStep;
  if (m_stop.stop_requested()) return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
  if (m_paused > m_options.pauseLimit)
    return fail(Error::Kind::Server, QStringLiteral("%1 could not go on for %2 s: %3. Resume the operation when it can.").arg(m_plan.server.text(), QString::number(m_options.pauseLimit.count()), reason));
  return check();
}

/// Waits as long as somebody or something says that nothing more should be done now. `underWay`: lanes whose look-ups the servers count already.
Result<void> Run::heed(const Group& underWay) {
  OwnLookups own = m_report.own;
  for (const Lane& lane : underWay) own.hits += static_cast<qint64>(lane.asked.size()) * (m_action.deletes() ? 2 : 1);
  for (;;) {
    const Result<std::optional<QString>> reason = m_holdBack.look(own, m_stop);
    if (!reason) return reason.error();
    if (!*reason) return {};
    if (const Result<void> waited = waitFor(**reason); !waited) return waited;
  }
}

}  // namespace cachedeck::keys
