// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/operation_log.h"

namespace cachedeck::keys::oplog {

/// The kinds of record; the numbers stand in files.
enum class RecordType : quint8 { Plan = 1, Intent = 2, Image = 3, Result = 4, End = 5, Undo = 6 };

/// A batch as one record's body: numbers as varints (signed ones in zigzag), byte strings with their length before them.
struct BatchBody {
  qint64 batch = 0, firstName = 0, names = 0;
};

/// Bytes that the body of these images takes, exactly: known before gigabytes are copied.
qint64 batchSize(const BatchBody& batch, std::span<const KeyImage> images);
void appendBatch(QByteArray& out, const BatchBody& batch, std::span<const KeyImage> images);
void appendResult(QByteArray& out, const BatchResult& result);
void appendJson(QByteArray& out, const QJsonObject& object);

/// Nothing when the bytes are not exactly one body of the kind. `images`: null leaves them unread, only their count is given.
struct ReadBatch {
  BatchBody batch;
  qint64 images = 0;
};
std::optional<ReadBatch> readBatch(QByteArrayView body, std::vector<KeyImage>* images);
std::optional<BatchResult> readResult(QByteArrayView body);
std::optional<QJsonObject> readJson(QByteArrayView body);

}  // namespace cachedeck::keys::oplog
