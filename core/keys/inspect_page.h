// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/inspect.h"
#include "core/keys/inspect_ask.h"

namespace cachedeck::keys {

/// Where a page begins, and how many rows fit into one: "12345", "12345/40".
struct PagePosition {
  QByteArray at;
  std::optional<qint64> most;
  static std::optional<PagePosition> parse(const QByteArray& text);
  QByteArray text() const { return most ? at + '/' + QByteArray::number(*most) : at; }
};

/// Reads one page of one value.
class PageReader {
 public:
  PageReader(RedisConnection& connection, const QByteArray& name, const QByteArray& type, const std::stop_token& stop);
  Result<ValuePage> read(const PagePosition& position, int rows);

 private:
  Result<Reply> ask(const RedisCommand& command);
  Result<ValuePage> readString(const PagePosition& from);
  Result<ValuePage> readRows(PagePosition from, int rows);
  Result<void> readList(const PagePosition& from, int rows);
  Result<void> readScan(const PagePosition& from, int rows);
  Result<void> readStream(const PagePosition& from, int rows);
  Result<void> measure(PagePosition& from);
  Error wrongPosition() const;

  RedisConnection& m_connection;
  const QByteArray& m_name;
  const std::stop_token& m_stop;
  ValuePage m_page;
  int m_lookups = 0;  // of every try
};

// How the replies of reading commands become rows. False: it does not fit the command.
bool listRows(const Reply& reply, qint64 index, qsizetype most, QList<ValueRow>& rows);
/// HSCAN, SSCAN, ZSCAN, by the type; the cursor goes to `cursor`.
bool scanRows(const Reply& reply, QByteArrayView type, QList<ValueRow>& rows, QByteArray& cursor);
/// The id after the first `most` entries goes to `next`.
bool streamRows(const Reply& reply, qsizetype most, QList<ValueRow>& rows, QByteArray& next);
/// A number of 64 bits, as cursors are.
bool isUnsigned(QByteArrayView text);
bool isStreamId(QByteArrayView text);

}  // namespace cachedeck::keys
