// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/bundle_tail.h"

#include "core/snapshot/bundle_reason.h"

#include <QByteArray>
#include <QtEndian>

#include <algorithm>
#include <unistd.h>

namespace cachedeck::snapshot {

namespace {

// APPNOTE.TXT of PKWARE, 4.3.16: the end record has 22 bytes and a comment of up to 65535; the locator of the 64-bit one, 20 bytes, stands before it.
constexpr qsizetype endBytes = 22, locatorBytes = 20, longestComment = 65535;

QByteArray bytesAt(int fd, qint64 offset, qint64 count) {
  QByteArray bytes(count, Qt::Uninitialized);
  const ssize_t got = pread(fd, bytes.data(), static_cast<size_t>(count), offset);
  bytes.resize(std::max<ssize_t>(0, got));
  return bytes;
}

int word(const QByteArray& bytes, qsizetype at) { return qFromLittleEndian<quint16>(bytes.constData() + at); }

Error noEnd(int fd) {
  if (bytesAt(fd, 0, 4) == "PK\x03\x04") return reason(QStringLiteral("its end is missing"), QStringLiteral("It was cut off on the way: copy it again."));
  return reason(QStringLiteral("it is not a zip"), QStringLiteral("Choose a file that Cachedeck saved, *.cdsnap."));
}

}  // namespace

Result<void> checkTail(int fd, qint64 fileBytes, int mostMembers) {
  if (fileBytes == 0) return reason(QStringLiteral("it is empty"), QStringLiteral("It was cut off on the way: copy it again."));
  const qint64 tailBytes = std::min<qint64>(fileBytes, longestComment + endBytes + locatorBytes);
  const QByteArray tail = bytesAt(fd, fileBytes - tailBytes, tailBytes);
  bool found = false;
  // All that could be taken for the end record are looked at: libzip must not choose one that was not.
  for (qsizetype at = tail.size() - endBytes; at >= 0; --at) {
    if (QByteArrayView(tail).sliced(at, 4) != QByteArrayView("PK\x05\x06") || at + endBytes + word(tail, at + 20) != tail.size()) continue;
    found = true;
    if (at >= locatorBytes && QByteArrayView(tail).sliced(at - locatorBytes, 4) == QByteArrayView("PK\x06\x07"))
      return reason(QStringLiteral("it is a 64-bit zip, which no snapshot needs"));
    if (const int members = word(tail, at + 10); members > mostMembers)
      return reason(QStringLiteral("it has %1 members; at most %2 are read").arg(members).arg(mostMembers), QStringLiteral("No Cachedeck writes such a file. Do not trust where it came from."));
  }
  if (!found) return noEnd(fd);
  return {};
}

}  // namespace cachedeck::snapshot
