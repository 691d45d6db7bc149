// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/undo.h"

#include "core/keys/page_runner.h"
#include "core/base/text.h"
#include "core/sources/redis/redis_info.h"

#include <QSet>

#include <algorithm>

namespace cachedeck::keys {

namespace {

constexpr std::chrono::milliseconds exchangeDeadline{20000};
constexpr std::size_t keysAtOnce = 500;
constexpr qsizetype bytesAtOnce = 1 << 20;

/// One undo, batch by batch of what was kept.
class Undo {
 public:
  Undo(const QString& id, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress, const std::stop_token& stop)
      : m_place(place), m_progress(progress), m_stop(stop), m_connection(server, permit) {
    m_report.id = id;
  }
  Result<UndoReport> run();

 private:
  Result<void> check(const OperationSummary& summary);
  Result<void> fits(qint64 bytes);
  Result<void> batch(const LoggedBatch& batch, std::span<const KeyImage> images);
  Result<void> restore(std::span<const KeyImage* const> images);
  Result<void> expiries(std::span<const KeyImage* const> images);
  Result<std::vector<Reply>> exchange(std::span<const RedisCommand> commands) { return m_connection.pipeline(commands, Deadline(exchangeDeadline), m_stop); }
  bool puts(const LoggedBatch& batch, std::uint32_t number, const KeyImage& image) const;
  void refused(const Reply& error);
  JournalEntry entry(const QString& phase) const;
  void tell();

  const RunPlace& m_place;
  RunProgress& m_progress;
  const std::stop_token& m_stop;
  RedisConnection m_connection;
  std::optional<ServerClock> m_clock;
  Plan m_plan;
  bool m_hasExpireTime = true;
  QSet<QByteArray> m_triedAgain;
  UndoReport m_report;
};

/// Whether an image is one of something that this batch took away.
bool Undo::puts(const LoggedBatch& batch, std::uint32_t number, const KeyImage& image) const {
  if (batch.result) return std::ranges::find(batch.result->notDone, number) == batch.result->notDone.end();
  return !m_triedAgain.contains(image.name);
}

void Undo::refused(const Reply& error) {
  ++m_report.refused;
  if (m_report.reason.isEmpty()) m_report.reason = printable(error.text().toByteArray());
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
  entry.where = m_place.environment + QLatin1Char(' ') + m_plan.server.text();
  entry.planDigest = QString::fromLatin1(m_plan.digest);
  entry.counts = m_report.toJson();
  entry.counts.remove(QStringLiteral("reason"));
  entry.outcome = m_report.outcome;
  entry.text = m_report.reason;
  return entry;
}

Result<void> Undo::check(const OperationSummary& summary) {
  Result<Plan> plan = Plan::fromJson(summary.plan);
  if (!plan) return plan.error();
  m_plan = std::move(*plan);
  if (!summary.plan[QLatin1String("undo")].toBool())
    return fail(Error::Kind::Usage, QStringLiteral("The operation %1 was made without undo: no images were kept.").arg(m_report.id));
  const Result<ServerMark> server = askServer(m_connection, m_stop);
  if (!server) return server.error();
  if (server->endpoint != m_plan.server.endpoint || server->database != m_plan.server.database)
    return fail(Error::Kind::Usage, QStringLiteral("The operation %1 was made on %2, not on %3.").arg(m_report.id, m_plan.server.text(), server->text()));
  if (!server->primary) return fail(Error::Kind::Permission, QStringLiteral("%1 is a replica. Connect to its primary.").arg(server->text()));
  m_hasExpireTime = server->hasExpireTime();
  m_clock.emplace(server->clockMs, m_place.clock);

  // A batch whose end is not known, and of which a later one has the same names, was tried again: that one's images count.
  const auto triedAgain = [&summary](const LoggedBatch& batch) {
    return std::ranges::any_of(summary.batches, [&](const LoggedBatch& other) {
      return !other.result && other.batch < batch.batch && other.firstName < batch.firstName + batch.names && batch.firstName < other.firstName + other.names;
    });
  };
  qint64 bytes = 0;
  const auto sum = [&](const LoggedBatch& batch, std::span<const KeyImage> images) {
    const bool again = triedAgain(batch);
    for (const KeyImage& image : images) {
      bytes += image.dump.size() + image.name.size();
      if (again) m_triedAgain.insert(image.name);
    }
    return !m_stop.stop_requested();
  };
  if (const Result<void> read = readImages(m_place.folder, m_report.id, m_place.key, sum); !read) return read;
  const auto count = [&](const LoggedBatch& batch, std::span<const KeyImage> images) {
    for (std::uint32_t i = 0; i < images.size(); ++i) m_report.images += puts(batch, i, images[i]);
    return !m_stop.stop_requested();
  };
  if (const Result<void> read = readImages(m_place.folder, m_report.id, m_place.key, count); !read) return read;
  return fits(bytes);
}

/// With a policy that evicts, 20 keys put back evicted 12,624 others (measured): so not unless there is room.
Result<void> Undo::fits(qint64 bytes) {
  const Result<Reply> reply = m_connection.command({"INFO", "memory"}, Deadline(exchangeDeadline), m_stop);
  if (!reply) return reply.error();
  const RedisInfo info = RedisInfo::parse(reply->text());
  const qint64 most = info.text("maxmemory").toLongLong(), used = info.text("used_memory").toLongLong();
  if (most <= 0 || static_cast<double>(used) + 1.5 * static_cast<double>(bytes) < 0.9 * static_cast<double>(most)) return {};
  return fail(Error::Kind::Busy, QStringLiteral("The keys would need about %1 MB, and %2 uses %3 of %4 MB: putting them back could evict others. Make room or raise maxmemory first.")
                                     .arg(static_cast<double>(bytes) * 1.5 / 1048576, 0, 'f', 1).arg(m_plan.server.text()).arg(used >> 20).arg(most >> 20));
}

Result<void> Undo::restore(std::span<const KeyImage* const> images) {
  std::vector<RedisCommand> commands;
  for (const KeyImage* image : images) {
    RedisCommand command{"RESTORE", image->name, QByteArray::number(std::max<qint64>(0, image->expiresAtMs)), image->dump, "ABSTTL"};
    if (image->idleSeconds >= 0) command << "IDLETIME" << QByteArray::number(image->idleSeconds);
    commands.push_back(std::move(command));
  }
  const Result<std::vector<Reply>> replies = exchange(commands);
  if (!replies) return replies.error();
  for (const Reply& reply : *replies) {
    if (!reply.isError())
      ++m_report.restored;
    else if (reply.text().startsWith("BUSYKEY"))
      ++m_report.kept;
    else
      refused(reply);
  }
  return {};
}

/// Only where the expiry is still the one that was set.
Result<void> Undo::expiries(std::span<const KeyImage* const> images) {
  std::vector<RedisCommand> commands{{"WATCH"}};
  for (const KeyImage* image : images) commands.front().append(image->name);
  for (const KeyImage* image : images) commands.push_back({m_hasExpireTime ? "PEXPIRETIME" : "PTTL", image->name});
  Result<std::vector<Reply>> replies = exchange(commands);
  if (!replies) return replies.error();
  if (replies->front().isError()) {
    if (images.size() == 1) {
      refused(replies->front());
      return {};
    }
  }
  std::vector<RedisCommand> transaction{{"MULTI"}};
  qint64 kept = 0, expired = 0;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const qint64 value = (*replies)[i + 1].integer(), slack = m_hasExpireTime ? 0 : 1000;
    const qint64 now = value < 0 || m_hasExpireTime ? value : m_clock->nowMs() + value;
    if (value == -2) ++expired;
    else if (std::abs(now - images[i]->newExpiresAtMs) > (now < 0 ? 0 : slack)) ++kept;
    else if (images[i]->expiresAtMs == KeyImage::noExpiry) transaction.push_back({"PERSIST", images[i]->name});
    else transaction.push_back({"PEXPIREAT", images[i]->name, QByteArray::number(std::max(images[i]->expiresAtMs, m_clock->nowMs() + 1))});
  }
  const auto planned = static_cast<qint64>(transaction.size()) - 1;
  transaction.push_back({"EXEC"});
  if (planned == 0) transaction = {{"UNWATCH"}};
  replies = exchange(transaction);
  if (!replies) return replies.error();
  if (planned > 0 && replies->back().type() != Reply::Type::Array) {
    if (images.size() == 1) {
      if (replies->back().isError()) refused(replies->back());
      else ++m_report.kept;
      return {};
    }
    for (const auto part : {images.first(images.size() / 2), images.subspan(images.size() / 2)})
      if (const Result<void> done = expiries(part); !done) return done;
    return {};
  }
  m_report.restored += planned;
  m_report.kept += kept;
  m_report.expired += expired;
  return {};
}

Result<void> Undo::batch(const LoggedBatch& batch, std::span<const KeyImage> images) {
  std::vector<const KeyImage*> part;
  qsizetype bytes = 0;
  const auto flush = [&]() -> Result<void> {
    if (part.empty()) return {};
    const Result<void> done = part.front()->dump.isEmpty() ? expiries(part) : restore(part);
    part.clear();
    bytes = 0;
    tell();
    return done;
  };
  for (std::uint32_t i = 0; i < images.size(); ++i) {
    const KeyImage& image = images[i];
    if (!puts(batch, i, image)) continue;
    if (!image.dump.isEmpty() && image.expiresAtMs != KeyImage::noExpiry && image.expiresAtMs <= m_clock->nowMs()) {  // Redis would say OK and keep nothing
      ++m_report.expired;
      continue;
    }
    part.push_back(&image);
    bytes += image.dump.size();
    if (part.size() >= keysAtOnce || bytes >= bytesAtOnce)
      if (const Result<void> done = flush(); !done) return done;
  }
  return flush();
}

Result<UndoReport> Undo::run() {
  const auto begin = std::chrono::steady_clock::now();
  const Result<OperationSummary> summary = readOperation(m_place.folder, m_report.id, m_place.key);
  if (!summary) return summary.error();
  if (const Result<void> opened = m_connection.open(m_stop); !opened) return opened.error();
  const auto log = OperationLog::resume(m_place.folder, m_report.id, m_place.key, 0);  // from here on nobody else works on this operation
  if (!log) return log.error();
  if (const Result<void> checked = check(*summary); !checked) return checked.error();
  if (const Result<JournalEntry> begun = m_place.journal.append(entry(QStringLiteral("begin"))); !begun) return begun.error();
  Result<void> result;
  const auto visit = [&](const LoggedBatch& logged, std::span<const KeyImage> images) {
    result = batch(logged, images);
    if (result && m_stop.stop_requested()) result = fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
    return result.ok();
  };
  if (const Result<void> read = readImages(m_place.folder, m_report.id, m_place.key, visit); !read) result = read;
  m_report.outcome = result ? QStringLiteral("done") : result.error().isCancelled() ? QStringLiteral("cancelled") : QStringLiteral("failed");
  if (!result && !result.error().isCancelled()) m_report.reason = result.error().message;
  m_report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (const Result<void> added = (*log)->addUndo(m_report.toJson()); !added) return added.error();
  if (const Result<void> synced = (*log)->sync(); !synced) return synced.error();
  if (const Result<JournalEntry> ended = m_place.journal.append(entry(QStringLiteral("end"))); !ended) return ended.error();
  return m_report;
}

}  // namespace

QJsonObject UndoReport::toJson() const {
  QJsonObject json{{QStringLiteral("operation"), id}, {QStringLiteral("images"), images}, {QStringLiteral("restored"), restored}, {QStringLiteral("kept"), kept},
                   {QStringLiteral("expired"), expired}, {QStringLiteral("refused"), refused}, {QStringLiteral("outcome"), outcome}, {QStringLiteral("seconds"), seconds}};
  if (!reason.isEmpty()) json[QLatin1String("reason")] = reason;
  return json;
}

Result<UndoReport> undoOperation(const QString& id, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress, const std::stop_token& stop) {
  return Undo(id, server, permit, place, progress, stop).run();
}

QList<OperationRow> operations(const QString& folder, const Secret& key) {
  QList<OperationRow> rows;
  for (const QString& id : listOperations(folder)) {
    const Result<OperationSummary> summary = readOperation(folder, id, key);
    const Result<Plan> plan = summary ? Plan::fromJson(summary->plan) : Result<Plan>(summary.error());
    const Result<Action> action = summary ? Action::fromJson(summary->plan[QLatin1String("action")].toObject()) : Result<Action>(summary.error());
    if (!plan || !action) continue;
    OperationRow row;
    row.id = id;
    row.profile = summary->plan[QLatin1String("profile")].toString();
    row.where = plan->server.text();
    row.action = action->text();
    row.selected = summary->plan[QLatin1String("selected")].toString();
    row.createdMs = plan->createdMs;
    row.planned = plan->keys;
    row.ended = summary->end.has_value();
    row.undoable = summary->plan[QLatin1String("undo")].toBool();
    row.torn = summary->torn;
    row.undos = static_cast<int>(summary->undos.size());
    row.bytes = summary->fileBytes;
    rows.append(row);
  }
  return rows;
}

}  // namespace cachedeck::keys
