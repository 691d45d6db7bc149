// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/operation_log.h"

#include <QFile>
#include <QTest>
#include <QtEndian>

namespace cachedeck::test {

using namespace cachedeck::keys;

constexpr qint64 wide = qint64{1} << 40;  ///< a cap that is never reached

inline Secret logKey(char salt = 'k') {
  QByteArray bytes;
  for (int i = 0; i < 32; ++i) bytes.append(static_cast<char>(salt + 7 * i));
  return Secret(std::move(bytes));
}

/// Names that hurt: NUL, invalid UTF-8, empty, 10 kB; every image of every batch is different.
inline KeyImage imageOf(qint64 batch, int index) {
  KeyImage image;
  image.name = "user:" + QByteArray::number(batch) + ':' + QByteArray::number(index);
  if (index == 0) image.name.clear();
  if (index == 1) image.name = QByteArray("a\0b\n\xff\xfe*[", 8) + QByteArray::number(batch);
  if (index == 2) image.name = QByteArray(10'000, static_cast<char>('a' + batch % 26));
  for (int i = 0; i < 40 + index * 3; ++i) image.dump.append(static_cast<char>((batch * 31 + index * 17 + i * 7) & 0xff));
  if (index % 5 == 3) image.dump.clear();
  image.expiresAtMs = index % 2 ? KeyImage::noExpiry : 1'700'000'000'000 + batch * 1000 + index;
  image.idleSeconds = index % 3 ? -1 : batch + index;
  image.newExpiresAtMs = index % 4 ? KeyImage::noExpiry : std::numeric_limits<qint64>::max() - index;
  return image;
}

inline std::vector<KeyImage> imagesOf(qint64 batch, int count = 6) {
  std::vector<KeyImage> images;
  for (int i = 0; i < count; ++i) images.push_back(imageOf(batch, i));
  return images;
}

inline bool sameImage(const KeyImage& a, const KeyImage& b) {
  return a.name == b.name && a.dump == b.dump && a.expiresAtMs == b.expiresAtMs && a.idleSeconds == b.idleSeconds && a.newExpiresAtMs == b.newExpiresAtMs;
}

/// Whether these are the batch's images, all and in order.
inline bool areImagesOf(qint64 batch, std::span<const KeyImage> images) {
  for (size_t i = 0; i < images.size(); ++i)
    if (!sameImage(images[i], imageOf(batch, static_cast<int>(i)))) return false;
  return images.size() == 6;
}

inline QString logPath(const QString& folder, const QString& id) { return folder + QLatin1Char('/') + id + QStringLiteral(".cdop"); }

inline QByteArray readAll(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline bool writeAll(const QString& path, const QByteArray& bytes) {
  QFile file(path);
  return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes) == bytes.size();
}

/// Where the records of a whole file begin, and its end.
inline std::vector<qsizetype> recordStarts(const QByteArray& bytes) {
  std::vector<qsizetype> starts;
  qsizetype at = 14;
  for (; at + 8 <= bytes.size(); at += 8 + qFromLittleEndian<quint32>(bytes.constData() + at)) starts.push_back(at);
  starts.push_back(at);
  return starts;
}

}  // namespace cachedeck::test
