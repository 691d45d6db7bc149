// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/operation_log_file.h"
#include "core/keys/operation_log_seal.h"

namespace cachedeck::keys::oplog {

using ImageVisit = std::function<bool(const LoggedBatch&, std::span<const KeyImage>)>;

/// What a walk does with the records of images.
enum class Images {
  Check,  ///< decrypts them, keeps none
  Skip,   ///< reads only their tags: their batches have no names and are not known to be good
};

/// What stands in a file, from its beginning to its last whole record.
struct Walked {
  OperationSummary summary;
  bool hasPlan = false;
  qint64 goodBytes = 0;        ///< where the last whole record ends
  qint64 imageBytes = 0;       ///< of the image records
  std::vector<qint64> limits;  ///< a batch's number of indices that a result may name; -1: not known
};

/// Reads every record of the file. Afterwards `seal` stands behind the last whole one.
Result<Walked> walk(const OpenedFile& file, Seal& seal, Images images);
/// The same, giving each batch with images to `visit` (without results) until it returns false.
Result<Walked> walk(const OpenedFile& file, Seal& seal, const ImageVisit& visit);

/// Time of creation in the file's head (ms since the Unix epoch), without a key and so unchecked; nothing for a foreign file.
std::optional<qint64> createdMs(const OpenedFile& file);

}  // namespace cachedeck::keys::oplog
