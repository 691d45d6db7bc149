// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/journal/journal.h"
#include "core/journal/owned_file.h"
#include "core/profiles/privatefile.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/random.h>
#include <thread>

namespace cachedeck {

namespace {

// The file is one line: "cachedeck-state-key-1 KEY CHECK", KEY 64 hex digits, CHECK the first 16 of its SHA-256. With the check a damaged file
// is told from another key.
constexpr char fileStart[] = "cachedeck-state-key-1 ";
constexpr qsizetype keyBytes = 32;
constexpr qsizetype checkDigits = 16;
constexpr std::chrono::seconds patience{10};

QString keyFile(const QString& configFolder) { return configFolder + QStringLiteral("/state.key"); }

QByteArray lineOf(const QByteArray& key) {
  const QByteArray hex = key.toHex();
  return fileStart + hex + ' ' + QCryptographicHash::hash(hex, QCryptographicHash::Sha256).toHex().left(checkDigits) + '\n';
}

Result<void> makeKey(const QString& path) {
  QByteArray key(keyBytes, '\0');
  if (getrandom(key.data(), static_cast<size_t>(key.size()), 0) != keyBytes) return fileError(path, "made without random numbers", errno);
  QByteArray line = lineOf(key);
  const auto written = writePrivateFile(path, line);
  wipe(key);
  wipe(line);
  return written;
}

Error damaged(const QString& path) {
  return fail(Error::Kind::Protocol, QStringLiteral("%1 is damaged. Bring it back from a backup; without it the journal cannot be checked and deletions made so far cannot be "
                                                    "undone. To begin anew, move it and the journal away.")
                                         .arg(path));
}

Result<Secret> keyOf(QByteArray line, const QString& path) {
  QByteArray key = QByteArray::fromHex(line.mid(sizeof fileStart - 1, 2 * keyBytes));
  QByteArray expected = key.size() == keyBytes ? lineOf(key) : QByteArray();
  const bool good = !expected.isEmpty() && line == expected;
  wipe(expected);
  wipe(line);
  if (good) return Secret(std::move(key));
  wipe(key);
  return damaged(path);
}

}  // namespace

QString stateDirectory() {
  QString state = qEnvironmentVariable("XDG_STATE_HOME");
  if (!QDir::isAbsolutePath(state)) state = QDir::homePath() + QStringLiteral("/.local/state");
  return state + QStringLiteral("/cachedeck");
}

Result<Secret> existingStateKey(const QString& configFolder) {
  const QString path = keyFile(configFolder);
  const auto handle = openOwned(path, O_RDONLY);
  if (!handle) return handle.error();
  QFile file;
  if (!file.open(handle->fd(), QIODevice::ReadOnly | QIODevice::Unbuffered, QFileDevice::DontCloseHandle)) return fileError(path, "read", EIO);
  QByteArray line = file.read(1024);
  if (file.error() != QFileDevice::NoError) return fail(Error::Kind::Io, QStringLiteral("%1 could not be read: %2.").arg(path, file.errorString()));
  return keyOf(std::move(line), path);
}

Result<Secret> stateKey(const QString& configFolder) {
  if (auto folder = makePrivateFolder(configFolder); !folder) return folder.error();
  const QString path = keyFile(configFolder);
  const Deadline deadline(patience);
  while (true) {
    auto key = existingStateKey(configFolder);
    if (key || key.error().kind != Error::Kind::NotFound) return key;
    const auto made = underLock(path, [&path] { return QFileInfo::exists(path) ? Result<void>() : makeKey(path); });
    if (made) continue;
    if (made.error().kind != Error::Kind::Busy || deadline.expired()) return made.error();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

}  // namespace cachedeck
