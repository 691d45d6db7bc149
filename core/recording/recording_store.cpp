// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recording/recording_store.h"

#include "core/profiles/privatefile.h"
#include "core/recording/recording_aside.h"
#include "core/recording/recording_format.h"
#include "core/recording/recording_lock.h"

#include <QFile>
#include <QFileInfo>
#include <QtEndian>

#include <cerrno>
#include <cmath>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cachedeck::recording {

namespace {

const QString rowsFact = QStringLiteral("rows"), openFact = QStringLiteral("open");

// SQLite's own files take the mode of this one. An existing file is not opened here: see recording_lock.h.
Result<void> makeFile(const QString& path) {
  const QByteArray name = QFile::encodeName(path);
  struct stat found {};
  if (lstat(name.constData(), &found) == 0) {
    if (!S_ISREG(found.st_mode)) return fail(Error::Kind::Permission, QStringLiteral("%1 is not a regular file. Name another one.").arg(path));
    if (found.st_uid != geteuid()) return fail(Error::Kind::Permission, QStringLiteral("%1 belongs to another user. Name another file.").arg(path));
    if ((found.st_mode & 077) != 0 && chmod(name.constData(), 0600) != 0) return fileError(path, "narrowed to its owner", errno);
    return {};
  }
  const FileHandle made(open(name.constData(), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (made.fd() < 0) return fileError(path, "made", errno);
  return {};
}

// Somebody's notes under a name that was typed wrongly are not to be taken for a damaged recording.
Result<void> refuseOther(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly) || file.size() == 0 || file.read(15) == "SQLite format 3") return {};
  return fail(Error::Kind::Usage, QStringLiteral("%1 is not a recording of Cachedeck, and is left as it is. Name another file.").arg(path));
}

Result<void> quickCheck(SqliteFile& file) {
  const auto found = file.value(QStringLiteral("PRAGMA quick_check(1)"));
  if (!found) return found.error();
  return found->toString() == QLatin1String("ok") ? Result<void>() : damaged(file.path(), found->toString().section(QLatin1Char('\n'), -1));
}

}  // namespace

RecordingStore::RecordingStore(const RecordingPlace& place, const RecordingBounds& bounds, FileHandle lock)
    : m_place(place), m_bounds{std::max<qint64>(bounds.mostBytes, 1024 * 1024), bounds.mostAge}, m_lock(std::move(lock)) {}

RecordingStore::~RecordingStore() {
  if (m_sqlite && m_isWhole) static_cast<void>(setFact(*m_sqlite, openFact, 0));  // else it is looked through at the next start
}

Result<std::unique_ptr<RecordingStore>> RecordingStore::open(const RecordingPlace& place, const RecordingBounds& bounds, qint64 nowMs, const std::optional<Error>& knownDamage) {
  if (place.isOwn)
    if (auto folder = makePrivateFolder(QFileInfo(place.file).absolutePath()); !folder) return folder.error();
  auto lock = lockRecording(place.file);
  if (!lock) return lock.error();
  if (!place.isOwn)
    if (auto ours = refuseOther(place.file); !ours) return ours.error();
  std::unique_ptr<RecordingStore> store(new RecordingStore(place, bounds, std::move(*lock)));
  const auto opened = knownDamage ? Result<void>(*knownDamage) : store->openFile();
  if (opened) return store;
  if (opened.error().kind != Error::Kind::Protocol) {
    store->m_isWhole = false;
    return opened.error();
  }
  store->m_sqlite.reset();
  const auto aside = setRecordingAside(place.file, nowMs);
  if (!aside) return aside.error();
  store->m_notice = QStringLiteral("%1 It was kept as %2, and a new recording was begun.").arg(opened.error().message, *aside);
  if (auto again = store->openFile(); !again) return again.error();
  return store;
}

Result<void> RecordingStore::openFile() {
  if (auto made = makeFile(m_place.file); !made) return made;
  auto file = SqliteFile::open(m_place.file, SqliteFile::Mode::Write);
  if (!file) return file.error();
  if (auto ready = prepareFormat(**file); !ready) return ready;
  // With synchronous = NORMAL a power cut never damages the file, but may lose what was committed since the last sync(): a minute at most, as the Recorder calls it.
  // A killed program loses nothing that was committed. Figures are no secret: removed rows need not be overwritten.
  for (const char* const pragma : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA secure_delete = OFF"})
    if (auto set = (*file)->run(QLatin1String(pragma)); !set) return set;
  if (auto set = (*file)->run(QStringLiteral("PRAGMA journal_size_limit = %1").arg(logAllowance())); !set) return set;
  if (auto set = (*file)->run(QStringLiteral("PRAGMA wal_autocheckpoint = %1").arg(logAllowance() / 4096)); !set) return set;
  // Whoever closed the file well left it whole; looking through half a gigabyte takes seconds.
  const auto wasOpen = fact(**file, openFact);
  if (!wasOpen) return wasOpen.error();
  if (wasOpen->toInt() != 0)
    if (auto whole = quickCheck(**file); !whole) return whole;
  const auto count = fact(**file, rowsFact);
  if (!count) return count.error();
  m_rows = count->toLongLong();
  for (const auto& [name, value] : {std::pair(openFact, QVariant(1)), {QStringLiteral("profile"), m_place.profile}, {QStringLiteral("environment"), m_place.environment}})
    if (auto set = setFact(**file, name, value); !set) return set;
  m_sqlite = std::move(*file);
  return readGroups();
}

Result<void> RecordingStore::readGroups() {
  m_groups.clear();
  auto rows = m_sqlite->rows(QStringLiteral("SELECT g.id, g.name, c.metric, c.position FROM groups g LEFT JOIN columns c ON c.grp = g.id"));
  if (!rows) return rows.error();
  while (rows->next()) {
    Group& group = m_groups[rows->value(1).toByteArray()];
    group.id = rows->value(0).toLongLong();
    if (!rows->isNull(2)) group.positions.insert(rows->value(2).toByteArray(), rows->value(3).toLongLong());
  }
  if (rows->lastError().isValid()) return m_sqlite->error(rows->lastError());
  return {};
}

Result<void> RecordingStore::inTransaction(const std::function<Result<void>()>& change) {
  auto done = m_sqlite->run(QStringLiteral("BEGIN IMMEDIATE"));
  if (done) done = change();
  if (done) done = m_sqlite->run(QStringLiteral("COMMIT"));
  if (done) return done;
  static_cast<void>(m_sqlite->run(QStringLiteral("ROLLBACK")));  // SQLite may have done that already
  if (done.error().kind == Error::Kind::Protocol) m_isWhole = false;
  return done;
}

Result<void> RecordingStore::append(std::span<const RecordingRow> rows) {
  if (rows.empty()) return {};
  const qint64 rowsBefore = m_rows;
  const auto groupsBefore = m_groups;
  auto done = inTransaction([&] { return insert(rows); });
  if (done) return done;
  m_rows = rowsBefore;
  m_groups = groupsBefore;
  return done;
}

Result<void> RecordingStore::insert(std::span<const RecordingRow> rows) {
  if (!m_insert) {
    auto statement = m_sqlite->prepared(QStringLiteral("INSERT OR IGNORE INTO samples(ms, grp, gap, figures) VALUES(?, ?, ?, ?)"));
    if (!statement) return statement.error();
    m_insert = std::move(*statement);
  }
  for (const RecordingRow& row : rows)
    if (auto inserted = insertRow(row); !inserted) return inserted;
  return setFact(*m_sqlite, rowsFact, m_rows);
}

Result<void> RecordingStore::insertRow(const RecordingRow& row) {
  const auto group = groupOf(row.group);
  if (!group) return group.error();
  const auto figures = figuresOf(**group, row);
  if (!figures) return figures.error();
  const qint64 step = row.wallMs - (*group)->lastMs;
  m_insert->bindValue(0, row.wallMs);
  m_insert->bindValue(1, (*group)->id);
  m_insert->bindValue(2, row.restarted || step > row.maxStepMs || step < 0 ? 1 : 0);
  m_insert->bindValue(3, *figures);
  const bool inserted = m_insert->exec();
  const Error error = inserted ? Error() : m_sqlite->error(m_insert->lastError());
  if (inserted) m_rows += m_insert->numRowsAffected();
  m_insert->finish();  // an open statement would keep the transaction from ending
  if (!inserted) return error;
  (*group)->lastMs = row.wallMs;
  return {};
}

Result<RecordingStore::Group*> RecordingStore::groupOf(const QByteArray& name) {
  if (const auto found = m_groups.find(name); found != m_groups.end()) return &*found;
  auto made = m_sqlite->rows(QStringLiteral("INSERT INTO groups(name) VALUES(?)"), {QString::fromUtf8(name)});
  if (!made) return made.error();
  Group& group = m_groups[name];
  group.id = made->lastInsertId().toLongLong();
  return &group;
}

Result<QByteArray> RecordingStore::figuresOf(Group& group, const RecordingRow& row) {
  std::vector<float> figures(static_cast<size_t>(group.positions.size()), NAN);
  for (const auto& [metric, value] : row.values) {
    const QByteArray name = QByteArray::fromRawData(metric.data(), metric.size());
    qsizetype position = group.positions.value(name, -1);
    if (position < 0) {
      position = group.positions.size();
      if (auto added = m_sqlite->run(QStringLiteral("INSERT INTO columns(grp, position, metric) VALUES(?, ?, ?)"), {group.id, position, QString(metric)}); !added)
        return added.error();
      group.positions.insert(QByteArray(metric.data(), metric.size()), position);
      figures.push_back(NAN);
    }
    figures[static_cast<size_t>(position)] = static_cast<float>(value);
  }
  QByteArray bytes(static_cast<qsizetype>(figures.size() * sizeof(float)), Qt::Uninitialized);
  qToLittleEndian<float>(figures.data(), static_cast<qsizetype>(figures.size()), bytes.data());
  return bytes;
}

}  // namespace cachedeck::recording
