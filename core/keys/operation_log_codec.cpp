// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/operation_log_codec.h"

#include <QJsonDocument>

#include <limits>

namespace cachedeck::keys::oplog {

namespace {

constexpr qint64 smallestImage = 5;  // five varints of one byte, both strings empty

quint64 zigzag(qint64 value) { return (static_cast<quint64>(value) << 1) ^ static_cast<quint64>(value >> 63); }
qint64 unzigzag(quint64 value) { return static_cast<qint64>((value >> 1) ^ (~(value & 1) + 1)); }

qint64 sizeOf(quint64 value) {
  qint64 bytes = 1;
  for (; value >= 0x80; value >>= 7) ++bytes;
  return bytes;
}
qint64 sizeOf(qint64 value) { return sizeOf(zigzag(value)); }
qint64 sizeOf(const QByteArray& bytes) { return sizeOf(static_cast<quint64>(bytes.size())) + bytes.size(); }

void put(QByteArray& out, quint64 value) {
  for (; value >= 0x80; value >>= 7) out.append(static_cast<char>((value & 0x7f) | 0x80));
  out.append(static_cast<char>(value));
}
void put(QByteArray& out, qint64 value) { put(out, zigzag(value)); }
void put(QByteArray& out, const QByteArray& bytes) {
  put(out, static_cast<quint64>(bytes.size()));
  out.append(bytes);
}

/// Takes values off the front; after anything that does not fit all further ones are empty and ok() is false.
class Cursor {
 public:
  explicit Cursor(QByteArrayView bytes) : m_rest(bytes) {}
  bool ok() const { return m_ok; }
  bool atEnd() const { return m_ok && m_rest.isEmpty(); }
  qint64 left() const { return m_rest.size(); }

  quint64 number() {
    quint64 value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (m_rest.isEmpty()) break;
      const auto byte = static_cast<quint8>(m_rest.front());
      m_rest = m_rest.sliced(1);
      if (shift == 63 && byte > 1) break;  // more than 64 bits
      value |= quint64{byte & 0x7fu} << shift;
      if ((byte & 0x80) == 0) return value;
    }
    m_ok = false;
    return 0;
  }
  qint64 signedNumber() { return unzigzag(number()); }
  /// A signed number that must not be negative: an offset, a count.
  qint64 count() {
    const qint64 value = signedNumber();
    if (value < 0) m_ok = false;
    return m_ok ? value : 0;
  }
  QByteArray bytes() {
    const quint64 size = number();
    if (!m_ok || size > static_cast<quint64>(m_rest.size())) {
      m_ok = false;
      return {};
    }
    const QByteArray taken = m_rest.first(static_cast<qsizetype>(size)).toByteArray();
    m_rest = m_rest.sliced(static_cast<qsizetype>(size));
    return taken;
  }

 private:
  QByteArrayView m_rest;
  bool m_ok = true;
};

KeyImage takeImage(Cursor& cursor) {
  KeyImage image;
  image.name = cursor.bytes();
  image.dump = cursor.bytes();
  image.expiresAtMs = cursor.signedNumber();
  image.idleSeconds = cursor.signedNumber();
  image.newExpiresAtMs = cursor.signedNumber();
  return image;
}

}  // namespace

qint64 batchSize(const BatchBody& batch, std::span<const KeyImage> images) {
  qint64 size = sizeOf(batch.batch) + sizeOf(batch.firstName) + sizeOf(batch.names) + sizeOf(quint64{images.size()});
  for (const KeyImage& image : images)
    size += sizeOf(image.name) + sizeOf(image.dump) + sizeOf(image.expiresAtMs) + sizeOf(image.idleSeconds) + sizeOf(image.newExpiresAtMs);
  return size;
}

void appendBatch(QByteArray& out, const BatchBody& batch, std::span<const KeyImage> images) {
  put(out, batch.batch);
  put(out, batch.firstName);
  put(out, batch.names);
  put(out, quint64{images.size()});
  for (const KeyImage& image : images) {
    put(out, image.name);
    put(out, image.dump);
    put(out, image.expiresAtMs);
    put(out, image.idleSeconds);
    put(out, image.newExpiresAtMs);
  }
}

void appendResult(QByteArray& out, const BatchResult& result) {
  for (const qint64 value : {result.batch, result.done, result.gone, result.changed, result.refused}) put(out, value);
  put(out, quint64{result.notDone.size()});
  for (const std::uint32_t index : result.notDone) put(out, quint64{index});
}

void appendJson(QByteArray& out, const QJsonObject& object) { out.append(QJsonDocument(object).toJson(QJsonDocument::Compact)); }

std::optional<ReadBatch> readBatch(QByteArrayView body, std::vector<KeyImage>* images) {
  Cursor cursor(body);
  ReadBatch read;
  read.batch = {cursor.count(), cursor.count(), cursor.count()};
  const quint64 count = cursor.number();
  if (!cursor.ok() || count > static_cast<quint64>(cursor.left() / smallestImage)) return std::nullopt;
  read.images = static_cast<qint64>(count);
  if (!images) return read;
  images->clear();
  images->reserve(static_cast<size_t>(count));
  for (quint64 i = 0; i < count && cursor.ok(); ++i) images->push_back(takeImage(cursor));
  return cursor.atEnd() ? std::optional(read) : std::nullopt;
}

std::optional<BatchResult> readResult(QByteArrayView body) {
  Cursor cursor(body);
  BatchResult result;
  for (qint64* value : {&result.batch, &result.done, &result.gone, &result.changed, &result.refused}) *value = cursor.count();
  const quint64 count = cursor.number();
  if (!cursor.ok() || count > static_cast<quint64>(cursor.left())) return std::nullopt;
  result.notDone.reserve(static_cast<size_t>(count));
  for (quint64 i = 0; i < count; ++i) {
    const quint64 index = cursor.number();
    if (!cursor.ok() || index > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    result.notDone.push_back(static_cast<std::uint32_t>(index));
  }
  return cursor.atEnd() ? std::optional(result) : std::nullopt;
}

std::optional<QJsonObject> readJson(QByteArrayView body) {
  const QJsonDocument document = QJsonDocument::fromJson(body.toByteArray());
  return document.isObject() ? std::optional(document.object()) : std::nullopt;
}

}  // namespace cachedeck::keys::oplog
