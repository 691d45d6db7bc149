// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/operation_log_walk.h"

#include <QFile>
#include <QtEndian>

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace cachedeck::keys {

using namespace oplog;

namespace {

constexpr qsizetype keptBuffer = 16 << 20;  ///< a rare huge batch does not hold its memory to the end

constexpr qint64 mebibyte = 1 << 20;

/// Rounded up, so that a limit set to it is enough.
QString atLeast(qint64 bytes) {
  if (bytes < mebibyte) return QStringLiteral("%1 bytes").arg(bytes);
  return QStringLiteral("%1 MiB").arg((bytes + mebibyte - 1) / mebibyte);
}

QString exactly(qint64 bytes) { return bytes % mebibyte == 0 ? QStringLiteral("%1 MiB").arg(bytes / mebibyte) : QStringLiteral("%1 bytes").arg(bytes); }

Error overCap(const QString& id, qint64 needed, qint64 cap) {
  return fail(Error::Kind::Busy, QStringLiteral("The undo images of operation %1 need at least %2, and its undo limit is %3. Nothing further was deleted or changed; "
                                                "resume it with an undo limit of at least %2.").arg(id, atLeast(needed), exactly(cap)));
}

}  // namespace

class OperationLog::Impl {
 public:
  Impl(OpenedFile file, std::unique_ptr<Seal> seal, qint64 cap) : m_file(std::move(file)), m_seal(std::move(seal)), m_cap(cap) {}

  Result<void> writeHead();
  void continueAfter(Walked walked);
  Result<void> cutTail();
  Result<qint64> addBatch(const BatchBody& batch, std::span<const KeyImage> images);
  Result<void> addResult(const BatchResult& result);
  Result<void> addJson(RecordType type, const QJsonObject& object);
  Result<void> sync();

  const QString& id() const { return m_file.id; }
  qint64 imageBytes() const { return m_imageBytes; }
  qint64 batches() const { return static_cast<qint64>(m_limits.size()); }

 private:
  template <typename Fill>
  Result<void> append(RecordType type, qint64 bodySize, const Fill& fill);
  Result<void> write(QByteArrayView bytes);

  const OpenedFile m_file;
  const std::unique_ptr<Seal> m_seal;
  const qint64 m_cap;
  qint64 m_end = 0;  ///< where the last whole record ends
  qint64 m_imageBytes = 0;
  std::vector<qint64> m_limits;  ///< see Walked
  std::optional<Error> m_broken;  ///< what made the file unusable until it is opened anew
  QByteArray m_record;
};

Result<void> OperationLog::Impl::write(QByteArrayView bytes) {
  if (m_broken) return *m_broken;
  const int error = writeAt(m_file.fd, m_end, bytes);
  if (error == 0) {
    m_end += bytes.size();
    return {};
  }
  const Error failed = cannotWrite(m_file.path, error);
  if (ftruncate(m_file.fd.get(), m_end) != 0) m_broken = failed;  // the next record would stand behind half a one
  return failed;
}

template <typename Fill>
Result<void> OperationLog::Impl::append(RecordType type, qint64 bodySize, const Fill& fill) {
  if (bodySize + sealedExtra > largestRecord)
    return fail(Error::Kind::Usage, QStringLiteral("One record of operation %1 would take %2; it may take 1024 MiB. Use smaller batches.").arg(id(), atLeast(bodySize)));
  if (m_record.capacity() > keptBuffer) m_record = QByteArray();
  m_record.reserve(headSize + bodySize + tagSize);
  m_record.resize(headSize);
  fill(m_record);
  if (!m_seal->seal(type, m_record))
    return fail(Error::Kind::Io, QStringLiteral("The undo images of operation %1 could not be encrypted (OpenSSL). Nothing further was deleted or changed; restart Cachedeck and "
                                                "resume the operation.").arg(id()));
  auto written = write(m_record);
  if (written) m_seal->advance(reinterpret_cast<const uchar*>(m_record.constData()) + m_record.size() - tagSize);
  return written;
}

Result<void> OperationLog::Impl::writeHead() {
  QByteArray head(magic, magicSize);
  head.resize(fileHeadSize);
  qToLittleEndian(m_file.changedMs, head.data() + magicSize);
  m_seal->begin(head);
  return write(head);
}

void OperationLog::Impl::continueAfter(Walked walked) {
  m_end = walked.goodBytes;
  m_imageBytes = walked.imageBytes;
  m_limits = std::move(walked.limits);
}

Result<void> OperationLog::Impl::cutTail() {
  if (ftruncate(m_file.fd.get(), m_end) != 0) return cannotWrite(m_file.path, errno);
  return sync();
}

Result<qint64> OperationLog::Impl::addBatch(const BatchBody& batch, std::span<const KeyImage> images) {
  if (batch.firstName < 0 || batch.names < 0) return fail(Error::Kind::Usage, QStringLiteral("A batch of operation %1 has a negative place or count of names.").arg(id()));
  const qint64 body = batchSize(batch, images);
  const qint64 whole = headSize + body + tagSize;
  if (!images.empty() && m_imageBytes + whole > m_cap) return overCap(id(), m_imageBytes + whole, m_cap);
  auto written = append(images.empty() ? RecordType::Intent : RecordType::Image, body, [&](QByteArray& out) { appendBatch(out, batch, images); });
  if (!written) return written.error();
  if (!images.empty()) m_imageBytes += whole;
  m_limits.push_back(images.empty() ? batch.names : static_cast<qint64>(images.size()));
  return batch.batch;
}

Result<void> OperationLog::Impl::addResult(const BatchResult& result) {
  const bool known = result.batch >= 0 && result.batch < batches();
  const auto outside = [&](std::uint32_t index) { return index >= m_limits[static_cast<size_t>(result.batch)]; };
  const bool counted = std::min({result.done, result.gone, result.changed, result.refused}) >= 0;
  if (!known || !counted || std::any_of(result.notDone.begin(), result.notDone.end(), outside))
    return fail(Error::Kind::Usage, QStringLiteral("The result of batch %1 of operation %2 does not fit what was noted of that batch.").arg(result.batch).arg(id()));
  const auto largest = static_cast<qint64>((6 + result.notDone.size()) * 10);
  return append(RecordType::Result, largest, [&](QByteArray& out) { appendResult(out, result); });
}

Result<void> OperationLog::Impl::addJson(RecordType type, const QJsonObject& object) {
  QByteArray json;
  appendJson(json, object);
  return append(type, json.size(), [&](QByteArray& out) { out.append(json); });
}

Result<void> OperationLog::Impl::sync() {
  if (m_broken) return *m_broken;
  if (fdatasync(m_file.fd.get()) == 0) return {};
  // The kernel may have dropped the pages and would report success the next time.
  m_broken = cannotWrite(m_file.path, errno);
  return *m_broken;
}

OperationLog::OperationLog(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
OperationLog::~OperationLog() = default;

Result<std::unique_ptr<OperationLog>> OperationLog::create(const QString& folder, const QString& id, const Secret& key, const QJsonObject& plan, qint64 cap) {
  if (!isOperationId(id)) return badOperationId(id);
  auto seal = Seal::make(key, id);
  if (!seal) return seal.error();
  auto directory = makeFolder(folder);
  if (!directory) return directory.error();
  auto file = createOperation(*directory, folder, id);
  if (!file) return file.error();
  auto impl = std::make_unique<Impl>(std::move(*file), std::move(*seal), cap);
  auto done = impl->writeHead();
  if (done) done = impl->addJson(RecordType::Plan, plan);
  if (done) done = impl->sync();
  if (done) done = syncFolder(*directory, folder);
  if (!done) {
    unlinkat(directory->get(), QFile::encodeName(operationFileName(id)).constData(), 0);
    return done.error();
  }
  return std::unique_ptr<OperationLog>(new OperationLog(std::move(impl)));
}

Result<std::unique_ptr<OperationLog>> OperationLog::resume(const QString& folder, const QString& id, const Secret& key, qint64 cap) {
  auto file = openOperation(folder, id, Access::Write);
  if (!file) return file.error();
  auto seal = Seal::make(key, id);
  if (!seal) return seal.error();
  auto walked = walk(*file, **seal, Images::Check);
  if (!walked) return walked.error();
  if (!walked->hasPlan)
    return fail(Error::Kind::Usage, QStringLiteral("Operation %1 was cut off before its plan was written, so nothing was deleted or changed by it. Make a new plan.").arg(id));
  const bool torn = walked->summary.torn;
  auto impl = std::make_unique<Impl>(std::move(*file), std::move(*seal), cap);
  impl->continueAfter(std::move(*walked));
  if (torn) {
    if (auto cut = impl->cutTail(); !cut) return cut.error();
  }
  return std::unique_ptr<OperationLog>(new OperationLog(std::move(impl)));
}

const QString& OperationLog::id() const { return m_impl->id(); }

Result<qint64> OperationLog::addBatch(qint64 firstName, qint64 names, std::span<const KeyImage> images) {
  return m_impl->addBatch({m_impl->batches(), firstName, names}, images);
}

Result<void> OperationLog::addResult(const BatchResult& result) { return m_impl->addResult(result); }
Result<void> OperationLog::addEnd(const QJsonObject& end) { return m_impl->addJson(RecordType::End, end); }
Result<void> OperationLog::addUndo(const QJsonObject& undo) { return m_impl->addJson(RecordType::Undo, undo); }
Result<void> OperationLog::sync() { return m_impl->sync(); }
qint64 OperationLog::imageBytes() const { return m_impl->imageBytes(); }

}  // namespace cachedeck::keys
