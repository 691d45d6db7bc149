// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/operation_log_walk.h"

#include <QtEndian>

#include <algorithm>
#include <array>

namespace cachedeck::keys::oplog {

namespace {

class Walker {
 public:
  Walker(const OpenedFile& file, Seal& seal, Images images, const ImageVisit* visit) : m_file(file), m_seal(seal), m_images(images), m_visit(visit) {
    m_walked.summary.id = file.id;
    m_walked.summary.fileBytes = file.bytes;
  }

  Result<Walked> run() {
    auto more = head();
    while (more && *more && !m_stopped) more = record();
    if (!more) return more.error();
    return std::move(m_walked);
  }

 private:
  Result<bool> torn() {
    m_walked.summary.torn = true;
    return false;
  }
  Error damaged() const {
    return fail(Error::Kind::Protocol, QStringLiteral("%1 was changed or damaged at byte %2, so nothing from there on is used. Put the file back from a backup if there is one.")
                                           .arg(m_file.path, QString::number(m_walked.goodBytes)));
  }
  Error newer() const {
    return fail(Error::Kind::Usage, QStringLiteral("%1 was written by a newer Cachedeck. Open it with that version.").arg(m_file.path));
  }

  Result<bool> head();
  Result<bool> record();
  Result<bool> overRecord(RecordType type, qint64 size, const uchar* nonce);
  Result<bool> badLength();
  Result<bool> notOpened(qint64 size);
  Result<void> take(RecordType type, QByteArrayView body);
  Result<void> takeBatch(RecordType type, QByteArrayView body);
  Result<void> takeResult(QByteArrayView body);
  Result<void> takeJson(RecordType type, QByteArrayView body);
  void addBatch(const LoggedBatch& batch, qint64 limit);

  const OpenedFile& m_file;
  Seal& m_seal;
  const Images m_images;
  const ImageVisit* const m_visit;
  Walked m_walked;
  std::vector<uchar> m_body;
  std::vector<KeyImage> m_taken;
  bool m_stopped = false;
};

Result<bool> Walker::head() {
  std::array<uchar, fileHeadSize> bytes{};
  auto got = readAt(m_file, 0, bytes);
  if (!got) return got.error();
  const QByteArrayView found(bytes.data(), *got);
  const QByteArrayView expected(magic, magicSize);
  if (const auto size = std::min(magicSize, *got); found.first(size) != expected.first(size)) {
    if (found.startsWith("CDOP")) return newer();
    return fail(Error::Kind::Usage, QStringLiteral("%1 is not the file of an operation.").arg(m_file.path));
  }
  if (*got < fileHeadSize) return torn();
  m_seal.begin(found);
  m_walked.goodBytes = fileHeadSize;
  return true;
}

Result<bool> Walker::record() {
  const qint64 left = m_file.bytes - m_walked.goodBytes;
  if (left == 0) return false;
  std::array<uchar, headSize> bytes{};
  auto got = readAt(m_file, m_walked.goodBytes, std::span(bytes).first(static_cast<size_t>(std::min<qint64>(left, headSize))));
  if (!got) return got.error();
  if (*got < lengthSize) return torn();
  const auto length = qFromLittleEndian<quint32>(bytes.data());
  if (qFromLittleEndian<quint32>(bytes.data() + 4) != ~length || length < sealedExtra || length > largestRecord) return badLength();
  if (*got < headSize || lengthSize + qint64{length} > left) return torn();
  return overRecord(static_cast<RecordType>(bytes[lengthSize]), lengthSize + qint64{length}, bytes.data() + lengthSize + 1);
}

/// A tail of zeros is what a power cut leaves where the length of the file was saved and its content was not.
Result<bool> Walker::badLength() {
  std::array<uchar, 65536> piece{};
  for (qint64 at = m_walked.goodBytes; at < m_file.bytes;) {
    auto got = readAt(m_file, at, piece);
    if (!got) return got.error();
    if (*got == 0) break;
    if (std::any_of(piece.begin(), piece.begin() + *got, [](uchar byte) { return byte != 0; })) return damaged();
    at += *got;
  }
  return torn();
}

Result<bool> Walker::overRecord(RecordType type, qint64 size, const uchar* nonce) {
  const bool skipped = type == RecordType::Image && m_images == Images::Skip && m_walked.hasPlan;
  const qint64 from = skipped ? size - tagSize : headSize;
  m_body.resize(static_cast<size_t>(size - from));
  auto got = readAt(m_file, m_walked.goodBytes + from, m_body);
  if (!got) return got.error();
  if (*got < size - from) return torn();  // its writer took a half record back meanwhile
  const std::span<uchar> body = std::span(m_body).first(m_body.size() - tagSize);
  const uchar* const tag = body.data() + body.size();
  if (!skipped && !m_seal.open(type, nonce, body, tag)) return notOpened(size);
  if (skipped) {
    addBatch({static_cast<qint64>(m_walked.limits.size()), 0, 0, true, std::nullopt}, -1);
  } else if (auto taken = take(type, QByteArrayView(body.data(), static_cast<qsizetype>(body.size()))); !taken) {
    return taken.error();
  }
  m_seal.advance(tag);
  m_walked.goodBytes += size;
  if (type == RecordType::Image) m_walked.imageBytes += size;
  return true;
}

Result<bool> Walker::notOpened(qint64 size) {
  if (m_seal.number() == 0)
    return fail(Error::Kind::Permission, QStringLiteral("%1 cannot be opened with this user's state key: the key was replaced, or the file was renamed or "
                                                        "changed. Put the key back (state.key in the configuration folder).").arg(m_file.path));
  // Blocks of the last record may reach the disk in any order before a power cut.
  if (m_walked.goodBytes + size == m_file.bytes) return torn();
  return damaged();
}

Result<void> Walker::take(RecordType type, QByteArrayView body) {
  if ((type == RecordType::Plan) == m_walked.hasPlan) return damaged();  // the plan is the first, and the only one
  switch (type) {
    case RecordType::Intent:
    case RecordType::Image: return takeBatch(type, body);
    case RecordType::Result: return takeResult(body);
    case RecordType::Plan:
    case RecordType::End:
    case RecordType::Undo: return takeJson(type, body);
  }
  return newer();
}

void Walker::addBatch(const LoggedBatch& batch, qint64 limit) {
  m_walked.summary.batches.append(batch);
  m_walked.limits.push_back(limit);
  m_walked.summary.end.reset();
}

Result<void> Walker::takeBatch(RecordType type, QByteArrayView body) {
  const bool withImages = type == RecordType::Image;
  const auto read = readBatch(body, m_visit || !withImages ? &m_taken : nullptr);
  if (!read || read->batch.batch != static_cast<qint64>(m_walked.limits.size()) || withImages != (read->images > 0)) return damaged();
  const LoggedBatch batch{read->batch.batch, read->batch.firstName, read->batch.names, withImages, std::nullopt};
  addBatch(batch, withImages ? read->images : batch.names);
  if (withImages && m_visit) m_stopped = !(*m_visit)(batch, m_taken);
  return {};
}

Result<void> Walker::takeResult(QByteArrayView body) {
  auto result = readResult(body);
  if (!result || result->batch >= static_cast<qint64>(m_walked.limits.size())) return damaged();
  const qint64 limit = m_walked.limits[static_cast<size_t>(result->batch)];
  if (limit >= 0 && std::any_of(result->notDone.begin(), result->notDone.end(), [limit](std::uint32_t index) { return index >= limit; })) return damaged();
  m_walked.summary.batches[result->batch].result = std::move(*result);
  return {};
}

Result<void> Walker::takeJson(RecordType type, QByteArrayView body) {
  auto object = readJson(body);
  if (!object) return damaged();
  if (type == RecordType::Undo) {
    m_walked.summary.undos.append(*object);
  } else if (type == RecordType::End) {
    m_walked.summary.end = *object;
  } else {
    m_walked.summary.plan = *object;
    m_walked.hasPlan = true;
  }
  return {};
}

}  // namespace

Result<Walked> walk(const OpenedFile& file, Seal& seal, Images images) { return Walker(file, seal, images, nullptr).run(); }

Result<Walked> walk(const OpenedFile& file, Seal& seal, const ImageVisit& visit) { return Walker(file, seal, Images::Check, &visit).run(); }

std::optional<qint64> createdMs(const OpenedFile& file) {
  std::array<uchar, fileHeadSize> bytes{};
  const auto got = readAt(file, 0, bytes);
  if (!got || *got < fileHeadSize || QByteArrayView(bytes.data(), magicSize) != QByteArrayView(magic, magicSize)) return std::nullopt;
  return qFromLittleEndian<qint64>(bytes.data() + magicSize);
}

}  // namespace cachedeck::keys::oplog
