// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/whole_file.h"

#include <QFile>
#include <QSaveFile>

#include <sys/stat.h>

namespace cachedeck {

namespace {

Result<void> notWritten(const QString& path, const QString& why) { return fail(Error::Kind::Io, QStringLiteral("%1 was not written: %2.").arg(path, why)); }

constexpr QFile::Permissions ownerAlone = QFile::ReadOwner | QFile::WriteOwner;

Result<void> write(const QByteArray& bytes, const QString& path, bool narrow) {
  if (isStream(path)) {  // a rename would put a file in place of /dev/null, for every program of the machine
    QFile stream(path);
    if (stream.open(QIODevice::WriteOnly | QIODevice::ExistingOnly | QIODevice::Unbuffered) && stream.write(bytes) == bytes.size()) return {};
    return notWritten(path, stream.errorString());
  }
  narrow = narrow || !QFile::exists(path);
  QSaveFile file(path);
  const bool isOpen = file.open(QIODevice::WriteOnly) && (!narrow || file.setPermissions(ownerAlone));
  if (isOpen && file.write(bytes) == bytes.size() && file.commit()) return {};
  return notWritten(path, file.errorString());
}

}  // namespace

bool isStream(const QString& path) {
  struct stat found {};
  return stat(QFile::encodeName(path).constData(), &found) == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode);
}

Result<void> writeWhole(const QByteArray& bytes, const QString& path) { return write(bytes, path, false); }

Result<void> writeWholeForOwner(const QByteArray& bytes, const QString& path) { return write(bytes, path, true); }

}  // namespace cachedeck
