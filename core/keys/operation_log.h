// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secret.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace cachedeck::keys {

/// What a key was before it was touched.
struct KeyImage {
  static constexpr qint64 noExpiry = -1;
  QByteArray name;
  QByteArray dump;             ///< of DUMP; empty when only the expiry is changed
  qint64 expiresAtMs = noExpiry;  ///< absolute, server's clock
  qint64 idleSeconds = -1;     ///< -1: not known
  qint64 newExpiresAtMs = noExpiry;  ///< what a change of TTL sets; unused by a deletion
};

/// Outcome of one batch.
struct BatchResult {
  qint64 batch = 0;
  qint64 done = 0, gone = 0, changed = 0, refused = 0;
  std::vector<std::uint32_t> notDone;  ///< indices into the batch's images of those that were not touched
};

/// The file of one operation (undo images and how far it came): $STATE/undo/<id>.cdop, mode 0600 in a folder of 0700.
/// Layout, numbers little-endian: the magic "CDOP1\n" and the i64 time of creation (ms since the Unix epoch), then records: u32 length of what follows the check | u32 check (the
/// length's complement) | u8 type | 12 bytes nonce | ciphertext | 16 bytes tag. AES-256-GCM with a key derived from the state key and the id; the additional data are the type, the
/// record's number and the tag of the record before (the first: a digest of the file's beginning), so that nothing can be changed, swapped, taken out or brought from another file.
/// A torn tail ends the file where the last whole record ends. What this cannot see: a file cut exactly between two records.
/// Types: Plan (JSON), Intent (a batch without images: number, offset and count of the names in the plan's spool), Image (the same with the batch's KeyImages: one record, so that a
/// batch is there with all its images or not at all), Result (BatchResult), End (JSON), Undo (JSON). Used by one thread at a time.
class OperationLog {
 public:
  /// Makes the file, with its plan on disk; the directory is synced once. `cap`: bytes that image records may take in all; beyond it addBatch fails with Busy and says so.
  /// `id`: [a-z0-9-]{1,64}, not there yet; `key`: 32 bytes. Usage when they are not.
  static Result<std::unique_ptr<OperationLog>> create(const QString& folder, const QString& id, const Secret& key, const QJsonObject& plan, qint64 cap);
  /// Opens one to go on after its last whole record; a torn tail is cut off first. Busy while somebody else has it open for writing.
  static Result<std::unique_ptr<OperationLog>> resume(const QString& folder, const QString& id, const Secret& key, qint64 cap);
  ~OperationLog();

  const QString& id() const;
  /// The batch's number, from 0; `firstName` is its first name's number in the spool. Without images (no undo) only the intent is written.
  /// Not durable before sync(). When a write fails (Io) the file stays as it was before the call and the call may be repeated; after a failed sync() only resume() helps.
  Result<qint64> addBatch(qint64 firstName, qint64 names, std::span<const KeyImage> images);
  /// Usage when its batch was never added or an index is not one of the batch's. A later result of the same batch replaces it.
  Result<void> addResult(const BatchResult& result);
  Result<void> addEnd(const QJsonObject& end);
  Result<void> addUndo(const QJsonObject& undo);
  Result<void> sync();
  /// Bytes that the image records take in the file.
  qint64 imageBytes() const;

 private:
  class Impl;
  explicit OperationLog(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> m_impl;
};

/// A batch as it was found in the file.
struct LoggedBatch {
  qint64 batch = 0, firstName = 0, names = 0;
  bool hasImages = false;
  std::optional<BatchResult> result;  ///< nothing: it is not known whether it was carried out
};

/// What is known of an operation without reading its images into memory.
struct OperationSummary {
  QString id;
  QJsonObject plan;
  QList<LoggedBatch> batches;
  std::optional<QJsonObject> end;  ///< nothing while it is not ended: a batch after an End opens it again
  QList<QJsonObject> undos;
  bool torn = false;      ///< the file ended in the middle of a record
  qint64 fileBytes = 0;

  /// It was begun with images or old expiries for undo.
  bool hasUndo() const;
  /// An undo came to its end, and either put something back or found nothing that it was not allowed to put back.
  bool isUndone() const;
};

/// Reads and checks the whole file; Usage for a foreign or newer file, Permission when the key does not fit, Protocol when a record in the middle was tampered with.
Result<OperationSummary> readOperation(const QString& folder, const QString& id, const Secret& key);
/// The images of every batch that has some, in order and with its result, one batch in memory at a time; `visit` returns false to stop. Damage is an error when it is reached, after
/// the batches before it.
Result<void> readImages(const QString& folder, const QString& id, const Secret& key, const std::function<bool(const LoggedBatch&, std::span<const KeyImage>)>& visit);
/// Ids of the operations in the folder, newest (made last) first.
QStringList listOperations(const QString& folder);
/// Removes the operation's file. Whoever asks for it holds the operation open for writing, or has just made it.
Result<void> removeOperation(const QString& folder, const QString& id);
/// Bytes of all operations in the folder.
qint64 operationBytes(const QString& folder);
/// Removes those last written more than `keepMs` before `nowMs`, and the oldest that are ended or undone until all together take at most `totalCap` bytes; never a younger one that can be resumed, and
/// none that is open for writing or cannot be read with this key. The ids removed.
QStringList pruneOperations(const QString& folder, const Secret& key, qint64 nowMs, qint64 keepMs, qint64 totalCap);

}  // namespace cachedeck::keys
