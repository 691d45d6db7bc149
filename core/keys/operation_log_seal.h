// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/operation_log_codec.h"

#include <array>

struct evp_cipher_ctx_st;

namespace cachedeck::keys::oplog {

// A record: u32 length | u32 complement | u8 type | nonce | ciphertext | tag.
constexpr qsizetype lengthSize = 8, nonceSize = 12, tagSize = 16;
constexpr qsizetype headSize = lengthSize + 1 + nonceSize;          ///< before the ciphertext
constexpr qsizetype sealedExtra = 1 + nonceSize + tagSize;          ///< what the length counts besides the ciphertext
constexpr qint64 largestRecord = qint64{1} << 30;                   ///< of the length

/// Seals and opens the records of one file in their order (AES-256-GCM). Each is bound to its type, its number and the tag of the one before.
class Seal {
 public:
  /// `key`: the 32 bytes of the state key, from which the file's own is derived (HMAC-SHA256 over a label and the id). Usage when it has another size.
  static Result<std::unique_ptr<Seal>> make(const Secret& key, const QString& id);
  ~Seal();
  Seal(const Seal&) = delete;
  Seal& operator=(const Seal&) = delete;

  /// Binds the first record to the file's beginning.
  void begin(QByteArrayView fileHead);
  /// `record`: headSize bytes of room, then the clear body. Becomes the whole record. False when the library has no random bytes or fails.
  bool seal(RecordType type, QByteArray& record);
  /// Decrypts `body` in place; false when anything was changed.
  bool open(RecordType type, const uchar* nonce, std::span<uchar> body, const uchar* tag);
  /// Goes on to the next record, after the one with this tag.
  void advance(const uchar* tag);

  qint64 number() const { return m_number; }

 private:
  Seal();
  std::array<uchar, 25> additional(RecordType type) const;
  evp_cipher_ctx_st* m_encrypt;
  evp_cipher_ctx_st* m_decrypt;
  qint64 m_number = 0;
  std::array<uchar, tagSize> m_previous{};
};

}  // namespace cachedeck::keys::oplog
