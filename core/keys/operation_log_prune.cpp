// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/operation_log_walk.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace cachedeck::keys {

using namespace oplog;

namespace {

struct Stored {
  QString id;
  qint64 createdMs = 0;
  qint64 changedMs = 0;
  qint64 bytes = 0;
};

/// The operations in the folder, newest first; of the same millisecond the one whose id sorts last.
std::vector<Stored> storedOperations(const QString& folder) {
  std::vector<Stored> all;
  const auto names = QDir(folder).entryList({QLatin1Char('*') + QLatin1String(fileEnding)}, QDir::Files | QDir::NoSymLinks);
  for (const QString& name : names) {
    const QString id = name.chopped(static_cast<qsizetype>(sizeof fileEnding) - 1);
    const auto file = openOperation(folder, id, Access::Read);
    if (file) all.push_back({id, createdMs(*file).value_or(file->changedMs), file->changedMs, file->bytes});
  }
  std::sort(all.begin(), all.end(), [](const Stored& a, const Stored& b) { return std::tie(a.createdMs, a.id) > std::tie(b.createdMs, b.id); });
  return all;
}

/// True when it was removed. The lock keeps one that is being run, resumed or undone. `evenOpen`: also one that could be resumed.
bool remove(const Descriptor& directory, const QString& folder, const QString& id, const Secret& key, bool evenOpen) {
  const auto file = openOperation(folder, id, Access::Write);
  if (!file) return false;
  auto seal = Seal::make(key, id);
  if (!seal) return false;
  const auto walked = walk(*file, **seal, Images::Skip);
  if (!walked || (!evenOpen && !walked->summary.end && !walked->summary.isUndone())) return false;
  return unlinkat(directory.get(), QFile::encodeName(operationFileName(id)).constData(), 0) == 0;
}

}  // namespace

QStringList listOperations(const QString& folder) {
  QStringList ids;
  for (const Stored& stored : storedOperations(folder)) ids.append(stored.id);
  return ids;
}

Result<void> removeOperation(const QString& folder, const QString& id) {
  if (!isOperationId(id)) return badOperationId(id);
  const auto directory = openFolder(folder);
  if (!directory) return directory.error();
  if (unlinkat(directory->get(), QFile::encodeName(operationFileName(id)).constData(), 0) == 0) return {};
  return fail(Error::Kind::Io, QStringLiteral("The log of operation %1 in %2 could not be removed: %3.").arg(id, folder, qt_error_string(errno)));
}

qint64 operationBytes(const QString& folder) {
  qint64 total = 0;
  for (const Stored& one : storedOperations(folder)) total += one.bytes;
  return total;
}

QStringList pruneOperations(const QString& folder, const Secret& key, qint64 nowMs, qint64 keepMs, qint64 totalCap) {
  const auto directory = openFolder(folder);
  if (!directory) return {};
  auto stored = storedOperations(folder);
  std::reverse(stored.begin(), stored.end());
  qint64 total = 0;
  for (const Stored& one : stored) total += one.bytes;
  QStringList removed;
  const auto removeWhere = [&](bool evenOpen, const auto& unwanted) {
    std::erase_if(stored, [&](const Stored& one) {
      if (!unwanted(one) || !remove(*directory, folder, one.id, key, evenOpen)) return false;
      total -= one.bytes;
      removed.append(one.id);
      return true;
    });
  };
  removeWhere(true, [&](const Stored& one) { return nowMs - one.changedMs > keepMs; });
  removeWhere(false, [&](const Stored&) { return total > totalCap; });
  return removed;
}

}  // namespace cachedeck::keys
