// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/undo_job.h"

#include "core/base/rest.h"
#include "core/base/text.h"
#include "core/keys/lane_links.h"
#include "core/keys/last_call.h"
#include "core/sources/redis/redis_info.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds askDeadline{20000};
constexpr std::chrono::milliseconds pauseStep{500};
constexpr std::chrono::milliseconds replicaPatience{1000};
constexpr int keysAtOnce = 500;
constexpr qsizetype bytesAtOnce = 1 << 20;

/// "Undo: Delete: cat:* (why)"
QString undoneText(const QJsonObject& plan, const WritePermit& permit) {
  const Result<Action> action = Action::fromJson(plan[QLatin1String("action")].toObject());
  const QString text = QStringLiteral("Undo: %1: %2").arg(action ? action->text() : QString(), plan[QLatin1String("selected")].toString());
  return permit.reason().isEmpty() ? text : text + QStringLiteral(" (%1)").arg(permit.reason());
}

}  // namespace

Undo::Undo(const QString& id, const UndoOptions& options, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress, const std::stop_token& stop)
    : m_options(options), m_permit(permit), m_place(place), m_progress(progress), m_stop(stop), m_servers(server, permit), m_pace(keysAtOnce, options.budgetMs, place.rate(options.keysPerSecond), m_probe),
      m_holdBack(m_servers, {options.replicaLagBytes, options.replicaLagTime}, 0, options.holdBack) {
  m_report.id = id;
}

/// Whether an image is one of something that this batch took away.
bool Undo::puts(const LoggedBatch& batch, std::uint32_t number, const KeyImage& image) const {
  if (batch.result) return std::ranges::find(batch.result->notDone, number) == batch.result->notDone.end();
  return !m_triedAgain.contains(image.name);
}

void Undo::refused(QByteArrayView error) {
  ++m_report.refused;
  if (m_report.reason.isEmpty()) m_report.reason = printable(error.toByteArray());
}

void Undo::tell() {
  RunCounts counts;
  counts.planned = m_report.images;
  counts.done = m_report.restored;
  counts.kept = m_report.kept;
  counts.gone = m_report.expired;
  counts.refused = m_report.refused;
  m_progress.set(counts);
}

JournalEntry Undo::entry(const QString& phase) const {
  JournalEntry entry;
  entry.action = QStringLiteral("keys.undo");
  entry.phase = phase;
  entry.operation = m_report.id;
  entry.profile = m_place.profile;
  entry.where = whereText(m_place, m_plan.server, m_servers.entry().user);
  entry.planDigest = QString::fromLatin1(m_plan.digest);
  entry.counts = m_report.toJson();
  for (const char* other : {"operation", "outcome", "seconds", "reason", "note"}) entry.counts.remove(QLatin1String(other));
  entry.outcome = m_report.outcome;
  entry.text = m_undoes;
  for (const QString& more : {m_report.reason, m_report.note})
    if (!more.isEmpty()) entry.text += QStringLiteral(" – ") + more;
  return entry;
}

Result<void> Undo::connect() {
  if (const Result<void> asked = m_servers.refresh(m_stop); !asked) return asked;
  const ServerMark& server = m_servers.mark();
  if (!server.primary) return fail(Error::Kind::Permission, QStringLiteral("%1 is a replica. Connect to its primary.").arg(server.text()));
  m_clock.emplace(server.clockMs, m_place.clock);
  if (m_options.budgetMs > 0) m_probe.aim(m_servers.primaries());
  return {};
}

Result<void> Undo::check(const OperationSummary& summary) {
  Result<Plan> plan = Plan::fromJson(summary.plan);
  if (!plan) return plan.error();
  m_plan = std::move(*plan);
  if (!summary.hasUndo())
    return fail(Error::Kind::Usage, QStringLiteral("The operation %1 was made without undo: no images were kept.").arg(m_report.id));
  const ServerMark& server = m_servers.mark();
  if (!server.isSameSystem(m_plan.server)) return fail(Error::Kind::Usage, QStringLiteral("The operation %1 was made on %2, not on %3.").arg(m_report.id, m_plan.server.text(), server.text()));

  // A batch whose end is not known, and of which a later one has the same names, was tried again: that one's images count.
  const auto triedAgain = [&summary](const LoggedBatch& batch) {
    return std::ranges::any_of(summary.batches, [&](const LoggedBatch& other) {
      return !other.result && other.batch < batch.batch && other.firstName < batch.firstName + batch.names && batch.firstName < other.firstName + other.names;
    });
  };
  std::vector<qint64> bytes(m_servers.primaries().size());
  const auto sum = [&](const LoggedBatch& batch, std::span<const KeyImage> images) {
    const bool again = triedAgain(batch);
    for (const KeyImage& image : images) {
      if (again) m_triedAgain.insert(image.name);
    }
    return !m_stop.stop_requested();
  };
  if (const Result<void> read = readImages(m_place.folder, m_report.id, m_place.key, sum); !read) return read;
  bool expiries = false;
  const auto count = [&](const LoggedBatch& batch, std::span<const KeyImage> images) {
    for (std::uint32_t i = 0; i < images.size(); ++i) {
      const KeyImage& image = images[i];
      if (!puts(batch, i, image)) continue;
      ++m_report.images;
      expiries |= image.dump.isEmpty();
      if (!image.dump.isEmpty() && !isOver(image)) bytes[std::min(m_servers.indexOf(m_servers.slot(image.name)), bytes.size() - 1)] += image.dump.size() + image.name.size();
    }
    return !m_stop.stop_requested();
  };
  if (const Result<void> read = readImages(m_place.folder, m_report.id, m_place.key, count); !read) return read;
  if (expiries)
    if (const Result<void> may = m_servers.checkTransactions(m_stop); !may) return may;
  return fits(bytes);
}

/// With a policy that evicts, 20 keys put back evicted 12,624 others (measured): so not unless there is room, on each server.
Result<void> Undo::fits(std::span<const qint64> bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == 0) continue;  // nothing is put back there: a changed TTL takes no room
    const Result<RedisConnection*> connection = m_servers.connectionTo(i, m_stop);
    if (!connection) return connection.error();
    const Result<Reply> reply = (*connection)->command({"INFO", "memory"}, Deadline(askDeadline), m_stop);
    if (!reply) return reply.error();
    const RedisInfo info = RedisInfo::parse(reply->text());
    const qint64 most = info.text("maxmemory").toLongLong(), used = info.text("used_memory").toLongLong();
    const double needed = 1.5 * static_cast<double>(bytes[i]);
    if (most <= 0 || static_cast<double>(used) + needed < 0.9 * static_cast<double>(most)) continue;
    return fail(Error::Kind::Busy, QStringLiteral("The keys would need about %1 MB, and %2 uses %3 of %4 MB: putting them back could evict others. Make room or raise maxmemory first.")
                                       .arg(needed / 1048576, 0, 'f', 1).arg((*connection)->options().endpoint()).arg(used >> 20).arg(most >> 20));
  }
  return {};
}

/// Redis would say OK and keep nothing.
bool Undo::isOver(const KeyImage& image) const { return !image.dump.isEmpty() && image.expiresAtMs != KeyImage::noExpiry && image.expiresAtMs <= m_clock->nowMs(); }

Result<void> Undo::batch(const LoggedBatch& batch, std::span<const KeyImage> images) {
  std::vector<const KeyImage*> part;
  qsizetype bytes = 0;
  const auto flush = [&]() -> Result<void> {
    if (part.empty()) return {};
    if (const Result<void> held = heed(); !held) return held;
    const Result<void> done = putBack(part);
    m_pace.after(static_cast<qsizetype>(part.size()), m_stop);
    m_progress.setPage(m_pace.page());
    m_progress.setProbeMs(m_probe.recentMs());
    part.clear();
    bytes = 0;
    tell();
    return done;
  };
  for (std::uint32_t i = 0; i < images.size(); ++i) {
    const KeyImage& image = images[i];
    if (!puts(batch, i, image)) continue;
    if (isOver(image)) {
      ++m_report.expired;
      continue;
    }
    part.push_back(&image);
    bytes += image.dump.size();
    const auto most = static_cast<std::size_t>(m_pace.page());
    if (part.size() >= (image.dump.isEmpty() ? std::min(most, PageRunner::longestWatched) : most) || bytes >= bytesAtOnce)
      if (const Result<void> done = flush(); !done) return done;
  }
  return flush();
}

/// A part of a batch, again when a server went away in the middle of it.
Result<void> Undo::putBack(Images images) {
  for (;;) {
    const UndoReport before = m_report;
    const Result<void> done = images.front()->dump.isEmpty() ? expiries(images) : restore(images);
    if (done) m_paused = {};
    if (done || !isPassing(done.error()) || m_stop.stop_requested()) return done;
    m_report = before;
    if (const Result<void> again = reconnect(done.error()); !again) return again;
  }
}

Result<void> Undo::reconnect(const Error& cause) {
  m_again = true;
  m_progress.setWaitsFor(cause.message);
  Result<void> connected = cause;
  while (!connected && isPassing(connected.error()) && !m_stop.stop_requested() && m_paused < m_options.pauseLimit) {
    restFor(pauseStep, m_stop);
    m_paused += pauseStep;
    connected = connect();
  }
  m_progress.setWaitsFor({});
  return connected;
}

/// A server said that it cannot write now. `mayMove`: another one may take its place meanwhile. What was put back by then is counted.
Result<void> Undo::waitFor(const QString& reason, bool mayMove) {
  m_progress.setWaitsFor(reason);
  tell();
  Result<void> connected = fail(Error::Kind::Busy, reason);
  do {
    if (m_paused >= m_options.pauseLimit) {
      m_progress.setWaitsFor({});
      return fail(Error::Kind::Server, QStringLiteral("%1 could not go on for %2 s: %3. Undo it again when it can: what is back already stays.").arg(m_plan.server.text(), QString::number(m_options.pauseLimit.count()), reason));
    }
    restFor(pauseStep, m_stop);
    m_paused += pauseStep;
    if (m_stop.stop_requested()) return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
    connected = mayMove ? connect() : Result<void>();
  } while (!connected && isPassing(connected.error()));
  m_progress.setWaitsFor({});
  return connected;
}

Result<void> Undo::heed() {
  for (;;) {
    const Result<std::optional<QString>> reason = m_holdBack.look({}, m_stop);
    if (!reason && isPassing(reason.error()) && !m_stop.stop_requested()) {
      if (const Result<void> again = reconnect(reason.error()); !again) return again;
      continue;
    }
    if (!reason) return reason.error();
    if (!*reason) return {};
    if (const Result<void> waited = waitFor(**reason, false); !waited) return waited;
  }
}

Result<void> Undo::pass() {
  m_report.restored = m_report.kept = m_report.expired = m_report.expiredMeanwhile = m_report.refused = 0;
  m_report.reason.clear();
  Result<void> result;
  const auto visit = [&](const LoggedBatch& logged, std::span<const KeyImage> images) {
    result = batch(logged, images);
    if (result && m_stop.stop_requested()) result = fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
    return result.ok();
  };
  if (const Result<void> read = readImages(m_place.folder, m_report.id, m_place.key, visit); !read) return read;
  return result;
}

/// All over again when servers restarted or were replaced meanwhile: they may have lost some of it.
Result<void> Undo::passes() {
  for (;;) {
    const QString lineage = m_servers.mark().lineage;
    if (const Result<void> done = pass(); !done) return done;
    if (m_servers.hasReplicas()) {
      std::vector<RedisConnection*> connections;
      for (std::size_t i = 0; i < m_servers.primaries().size(); ++i)
        if (const Result<RedisConnection*> connection = m_servers.connectionTo(i, m_stop)) connections.push_back(*connection);
      awaitReplicas(connections, replicaPatience, m_stop);
    }
    Result<void> asked = connect();
    if (!asked && isPassing(asked.error())) asked = reconnect(asked.error());
    if (!asked || m_servers.mark().lineage == lineage) return asked;
    m_again = true;
  }
}

Result<UndoReport> Undo::run() {
  const auto begin = std::chrono::steady_clock::now();
  const Result<OperationSummary> summary = readOperation(m_place.folder, m_report.id, m_place.key);
  if (!summary) return summary.error();
  const OperationOwner owner = ownerOf(*summary, m_place.journal);
  if (!owner.isSatisfiedBy(m_permit, m_report.id)) return fail(Error::Kind::Permission, QStringLiteral("Undoing %1, of the profile “%2”, was not confirmed.").arg(m_report.id, owner.profile));
  const RunPlace its = m_place.forOperation(owner);
  m_place.profile = its.profile;
  m_place.environment = its.environment;
  m_undoes = undoneText(summary->plan, m_permit);
  if (const Result<void> connected = connect(); !connected) return connected.error();
  const auto log = OperationLog::resume(m_place.folder, m_report.id, m_place.key, 0);  // from here on nobody else works on this operation
  if (!log) return log.error();
  if (const Result<void> checked = check(*summary); !checked) return checked.error();
  if (const Result<JournalEntry> begun = m_place.journal.append(entry(QStringLiteral("begin"))); !begun) return begun.error();
  const Result<void> result = passes();
  m_report.outcome = result ? QStringLiteral("done") : result.error().isCancelled() ? QStringLiteral("cancelled") : QStringLiteral("failed");
  if (!result && !result.error().isCancelled()) m_report.reason = result.error().message;
  if (result && m_report.refused > 0 && m_report.restored == 0) m_report.outcome = QStringLiteral("failed");  // it can be undone by an account that may
  if (summary->torn) m_report.note = QStringLiteral("The end of the operation's log was damaged and was cut off: of keys that stood there nothing was put back.");
  if (m_report.expiredMeanwhile > 0)
    m_report.note += (m_report.note.isEmpty() ? QString() : QStringLiteral(" ")) + QStringLiteral("%1 keys keep the TTL they have: their old end has passed, and with it they would be gone.").arg(m_report.expiredMeanwhile);
  m_probe.stop();
  m_report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (const Result<void> added = (*log)->addUndo(m_report.toJson()); !added) return added.error();
  if (const Result<void> synced = (*log)->sync(); !synced) return synced.error();
  if (const Result<JournalEntry> ended = m_place.journal.append(entry(QStringLiteral("end"))); !ended) return ended.error();
  return m_report;
}

}  // namespace cachedeck::keys
