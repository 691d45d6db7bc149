// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/reply_reader.h"

#include <hiredis.h>

namespace cachedeck {

/// The object functions that hiredis calls: they append to the reply under construction.
struct ReplyReader::Builder {
  static void* append(const redisReadTask* task, Reply::Type type, qint64 value, std::uint32_t size) {
    ReplyReader& self = *static_cast<ReplyReader*>(task->privdata);
    if (static_cast<std::int64_t>(self.m_building.m_nodes.size()) >= ReplyLimits::nodes)
      return refuse(self, QStringLiteral("holds more than %1 elements").arg(ReplyLimits::nodes));
    self.m_building.m_nodes.push_back({value, size, 1, type});
    return &self;  // hiredis wants something that is not null; nothing reads it
  }

  static void* refuse(ReplyReader& self, const QString& what, ReplyFault::Kind kind = ReplyFault::Kind::TooBig) {
    self.fail(kind, what);
    return nullptr;
  }

  static void* createString(const redisReadTask* task, char* bytes, size_t size) {
    ReplyReader& self = *static_cast<ReplyReader*>(task->privdata);
    const bool bulk = task->type == REDIS_REPLY_STRING;
    if (!bulk && task->type != REDIS_REPLY_STATUS && task->type != REDIS_REPLY_ERROR)
      return refuse(self, QStringLiteral("holds a string of a kind that only RESP3 has"), ReplyFault::Kind::Resp3);
    // hiredis skips these two bytes unread: without a look at them a wrong length would go unnoticed.
    if (bulk && (bytes[size] != '\r' || bytes[size + 1] != '\n'))
      return refuse(self, QStringLiteral("holds a string that does not end where its length says"), ReplyFault::Kind::Broken);
    if (!bulk && static_cast<std::int64_t>(size) > ReplyLimits::line)
      return refuse(self, QStringLiteral("holds a line of more than %1 bytes").arg(ReplyLimits::line));
    std::string& text = self.m_building.m_text;
    if (static_cast<std::int64_t>(text.size() + size) > ReplyLimits::text)
      return refuse(self, QStringLiteral("holds more than %1 MiB of text").arg(ReplyLimits::text >> 20));
    const auto at = static_cast<qint64>(text.size());
    const Reply::Type type = bulk ? Reply::Type::Text : task->type == REDIS_REPLY_ERROR ? Reply::Type::Error : Reply::Type::Status;
    text.append(bytes, size);
    return append(task, type, at, static_cast<std::uint32_t>(size));
  }

  // int in hiredis 0.14, size_t later
  template <typename Count>
  static void* createArray(const redisReadTask* task, Count elements) {
    ReplyReader& self = *static_cast<ReplyReader*>(task->privdata);
    if (task->type != REDIS_REPLY_ARRAY)
      return refuse(self, QStringLiteral("holds a collection of a kind that only RESP3 has"), ReplyFault::Kind::Resp3);
    if (static_cast<std::int64_t>(elements) > ReplyLimits::elements)
      return refuse(self, QStringLiteral("announces an array of %1 elements, more than the %2 that are read")
                              .arg(static_cast<qint64>(elements)).arg(ReplyLimits::elements));
    return append(task, Reply::Type::Array, 0, static_cast<std::uint32_t>(elements));
  }

  static void* createInteger(const redisReadTask* task, long long value) { return append(task, Reply::Type::Integer, value, 0); }
  static void* createNil(const redisReadTask* task) { return append(task, Reply::Type::Nil, 0, 0); }
  static void freeObject(void*) {}

  template <typename Functions>
  static Functions functions() {
    Functions table{};
    table.createString = &createString;
    table.createArray = &createArray;
    table.createInteger = &createInteger;
    table.createNil = &createNil;
    table.freeObject = &freeObject;
    if constexpr (requires { table.createDouble; }) {
      table.createDouble = [](const redisReadTask* task, double, char*, size_t) { return resp3(task); };
      table.createBool = [](const redisReadTask* task, int) { return resp3(task); };
    }
    return table;
  }

  static void* resp3(const redisReadTask* task) {
    return refuse(*static_cast<ReplyReader*>(task->privdata), QStringLiteral("holds a value of a kind that only RESP3 has"), ReplyFault::Kind::Resp3);
  }
};

redisReplyObjectFunctions* ReplyReader::objectFunctions() {
  static redisReplyObjectFunctions functions = Builder::functions<redisReplyObjectFunctions>();
  return &functions;
}

}  // namespace cachedeck
