// SPDX-License-Identifier: GPL-3.0-or-later
// What keeps a recording within its bounds.
#include "core/recording/recording_store.h"

#include "core/recording/recording_format.h"

#include <QFileInfo>

namespace cachedeck::recording {

namespace {

constexpr qint64 pageBytes = 4096;  // SQLite's default; only used to turn bytes into a number of pages
constexpr qint64 mostRemovedAtOnce = 20'000;

}  // namespace

// How far the log of writes may grow before it is moved into the file.
qint64 RecordingStore::logAllowance() const { return std::min<qint64>(4 * 1024 * 1024, m_bounds.mostBytes / 8); }

qint64 RecordingStore::bytes() const { return QFileInfo(m_place.file).size() + QFileInfo(m_place.file + QStringLiteral("-wal")).size(); }

Result<qint64> RecordingStore::pages(const char* pragma) {
  const auto count = m_sqlite->value(QStringLiteral("PRAGMA %1").arg(QLatin1String(pragma)));
  if (!count) return count.error();
  return count->toLongLong();
}

// Some of the oldest rows, of those before `beforeMs`; false when there was none. A transaction stays small, since it goes through the log of writes.
Result<bool> RecordingStore::removeOldest(qint64 beforeMs) {
  const qint64 most = std::clamp<qint64>(m_rows / 64, 16, mostRemovedAtOnce);
  const auto edge = m_sqlite->value(QStringLiteral("SELECT ms FROM samples ORDER BY ms LIMIT 1 OFFSET ?"), {most});
  if (!edge) return edge.error();
  const qint64 before = edge->isValid() ? std::min(edge->toLongLong(), beforeMs) : beforeMs;
  qint64 removed = 0;
  auto done = inTransaction([&]() -> Result<void> {
    auto gone = m_sqlite->rows(QStringLiteral("DELETE FROM samples WHERE ms < ?"), {before});
    if (!gone) return gone.error();
    removed = gone->numRowsAffected();
    gone->finish();
    return removed > 0 ? setFact(*m_sqlite, QStringLiteral("rows"), m_rows - removed) : Result<void>();
  });
  if (!done) return done.error();
  m_rows -= removed;
  return removed > 0;
}

Result<void> RecordingStore::removeTooMuch(std::stop_token stop) {
  const qint64 most = (m_bounds.mostBytes - 2 * logAllowance()) / pageBytes;
  while (!stop.stop_requested()) {
    const auto all = pages("page_count"), unused = pages("freelist_count");
    if (!all) return all.error();
    if (!unused) return unused.error();
    if (*all - *unused <= most) return {};
    // The newest row stays, whatever its size.
    const auto newest = m_sqlite->value(QStringLiteral("SELECT max(ms) FROM samples"));
    if (!newest) return newest.error();
    const auto removed = removeOldest(newest->toLongLong());
    if (!removed) return removed.error();
    if (!*removed) return {};
  }
  return {};
}

// QtSql takes one step of a statement without columns, and a step of this pragma is a page.
Result<void> RecordingStore::freePages(qint64 count) {
  auto statement = m_sqlite->prepared(QStringLiteral("PRAGMA incremental_vacuum(1)"));
  if (!statement) return statement.error();
  for (qint64 page = 0; page < count; ++page) {
    if (!statement->exec()) return m_sqlite->error(statement->lastError());
    statement->finish();
  }
  return {};
}

// A few unused pages are left for the next rows; the rest goes back in steps, so that no commit waits long.
Result<void> RecordingStore::giveBack() {
  const auto all = pages("page_count"), unused = pages("freelist_count");
  if (!all) return all.error();
  if (!unused) return unused.error();
  const qint64 step = logAllowance() / pageBytes / 2;
  const qint64 tooMany = std::max(*all - (m_bounds.mostBytes - 2 * logAllowance()) / pageBytes, *unused - *all / 8);
  if (const qint64 count = std::min({tooMany, *unused, step}); count > 0)
    if (auto given = inTransaction([&] { return freePages(count); }); !given) return given;
  return QFileInfo(m_place.file + QStringLiteral("-wal")).size() > logAllowance() ? m_sqlite->run(QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)")) : Result<void>();
}

Result<void> RecordingStore::keepBounds(qint64 nowMs, std::stop_token stop) {
  const qint64 tooOld = nowMs - m_bounds.mostAge.count();
  while (!stop.stop_requested()) {
    const auto oldest = m_sqlite->value(QStringLiteral("SELECT min(ms) FROM samples"));
    if (!oldest) return oldest.error();
    if (oldest->isNull() || oldest->toLongLong() >= tooOld) break;
    if (const auto removed = removeOldest(tooOld); !removed) return removed.error();
  }
  if (auto removed = removeTooMuch(stop); !removed) return removed;
  return giveBack();
}

Result<void> RecordingStore::sync() { return m_sqlite->run(QStringLiteral("PRAGMA wal_checkpoint(PASSIVE)")); }

}  // namespace cachedeck::recording
