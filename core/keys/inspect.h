// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/redis_connection.h"

#include <QList>
#include <QString>

#include <optional>

namespace cachedeck::keys {

/// What a key is, without its value. Absent facts: the server is too old or the account may not ask. Asking for the length touches the key (its idle time
/// begins anew, an LFU counter may rise), so it is asked last: `idleSeconds` and `frequency` are those from before, and nothing else here touches it.
struct KeyFacts {
  QByteArray name;
  bool exists = false;
  QByteArray type;                      ///< "string", "hash", "list", "set", "zset", "stream", or a module's
  QByteArray encoding;                  ///< "listpack", "raw", …
  qint64 ttlMs = -1;                    ///< -1: no expiry
  qint64 expiresAtMs = -1;              ///< wall clock of the server, -1: no expiry
  std::optional<qint64> bytes;          ///< MEMORY USAGE
  std::optional<qint64> idleSeconds;
  std::optional<qint64> frequency;      ///< LFU counter, instead of the idle time
  std::optional<qint64> references;
  qint64 length = -1;                   ///< bytes of a string, elements of anything else; -1: not known (a module's type, or the account may not ask)
  int ownLookups = 0;                   ///< look-ups that the server counted because of this question: hits where the key exists, else misses
};
/// A key that is not there is no error: `exists` is false.
Result<KeyFacts> keyFacts(RedisConnection& connection, const QByteArray& name, const std::stop_token& stop);

/// One row of a value: a field and its value, a list's index and element, a set's member, a sorted set's member and score, a stream's id and fields.
struct ValueRow {
  QByteArray head;   ///< field (cut like the value), index, score or id; empty for a set
  QByteArray value;  ///< cut after `ValuePage::longestCell` bytes
  qint64 fullSize = 0;  ///< bytes of the whole value
};

/// A piece of a value. A value of any size opens at once, since only a piece is read: GETRANGE, HSCAN, SSCAN, ZSCAN (cursor), LRANGE (index), XRANGE (id).
/// Every one of them touches the key: its idle time begins anew, an LFU counter may rise. Read keyFacts() first.
struct ValuePage {
  static constexpr qint64 stringPiece = 64 << 10;   ///< bytes of a string that are read at once
  static constexpr qsizetype longestCell = 4096;
  QByteArray type;
  QByteArray text;         ///< of a string: the piece
  qint64 offset = 0;       ///< where the piece begins
  QList<ValueRow> rows;    ///< of anything else
  QByteArray next;         ///< opaque position of the next page; empty: this was the last
  int ownLookups = 0;      ///< look-ups that the server counted: hits where the key exists, else misses
};
/// `position`: empty for the first page, else ValuePage::next. `rows`: how many at most, roughly (a server's SCAN decides; a small hash, set or sorted set comes
/// whole; of large elements fewer come). A collection that changes meanwhile gives what SCAN guarantees: all that stays from the first page to the last, some perhaps twice.
/// A key that is gone gives an empty last page. Errors: Usage for a position that is none or a module's type, Busy when the key now has another type.
Result<ValuePage> valuePage(RedisConnection& connection, const QByteArray& name, const QByteArray& type, const QByteArray& position, int rows, const std::stop_token& stop);

/// How bytes can be shown.
enum class Shown { Text, Json, Hex, Unpacked };
struct Decoded {
  QString format;        ///< "text", "JSON", "hex", "gzip", "zstd", "zlib"
  QString text;          ///< plain text to show
  bool cut = false;      ///< the piece is not all of it
  bool exact = true;     ///< false when something (bytes that are not UTF-8, control characters, marks of direction) is shown as \xNN or U+NNNN
};
/// The best way to show a piece of bytes: compressed data is opened (at most 8 MB come out), JSON is indented, text stays text, all else is a hex dump
/// (more than one byte in ten that no text has). Not `whole`: the bytes are the beginning of more, JSON is not tried. Broken data shows what could be opened, with `cut`.
Decoded decodeBest(const QByteArray& bytes, bool whole);
/// In a chosen way; text where it is not JSON, hex where it cannot be unpacked: `format` tells.
Decoded decodeAs(Shown how, const QByteArray& bytes, bool whole);
/// "gzip", "zstd", "zlib" or empty.
QString packedFormat(const QByteArray& bytes);
/// A hex dump with offsets and printable characters, 16 bytes a line.
QString hexDump(const QByteArray& bytes, qint64 offset = 0);

/// A key's name as a person can read and type it: UTF-8 as it is, everything else (control characters, quotes, backslash, invalid bytes) as \xNN, \n, \", \\ like redis-cli.
/// fromEscaped(escaped(x)) == x for all bytes.
QString escaped(const QByteArray& name);
/// Usage error with the position of a wrong escape.
Result<QByteArray> fromEscaped(const QString& text);

/// The longest value that can be edited, in bytes.
constexpr qsizetype longestEdit = 32 << 20;

/// Changes a string's value and keeps its TTL: SET … XX KEEPTTL (Redis 6 and later), only if its value is still `before` (WATCH). Needs a connection that may write.
/// Errors: Busy when it has changed meanwhile, NotFound when the key is gone (it is not made anew), Usage for a value of more than `longestEdit` bytes. After a
/// broken connection or a cancel in the middle it is not known whether it was changed: the message says so. `ownLookups` gets what the server counted.
Result<void> editString(RedisConnection& connection, const QByteArray& name, const QByteArray& before, const QByteArray& after, const std::stop_token& stop,
                        int* ownLookups = nullptr);

}  // namespace cachedeck::keys
