// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/redis_reply.h"

#include <hiredis.h>

#include <cstdint>
#include <new>
#include <utility>

namespace cachedeck::cacheaside {

/// What hiredis' reader calls for each object. A null pointer makes it fail; nothing may be thrown through it.
struct ReplyObjects {
  static ReplyReader* reader(const redisReadTask* task) {
    while (task->parent) task = task->parent;
    return static_cast<ReplyReader*>(task->privdata);
  }
  static Reply* place(const redisReadTask* task) {
    if (!task->parent) return &reader(task)->m_root;
    return &static_cast<Reply*>(task->parent->obj)->elements[static_cast<std::size_t>(task->idx)];
  }
  static void* text(const redisReadTask* task, char* bytes, size_t size) {
    const bool bulk = task->type == REDIS_REPLY_STRING;
    if (!bulk && task->type != REDIS_REPLY_STATUS && task->type != REDIS_REPLY_ERROR) return nullptr;  // RESP3
    // hiredis skips these two bytes unread: without a look at them a wrong length would go unnoticed.
    if (bulk && (bytes[size] != '\r' || bytes[size + 1] != '\n')) return nullptr;
    std::size_t& sum = reader(task)->m_text;
    if (size > ReplyReader::maxText || (sum += size) > ReplyReader::maxText) return nullptr;
    try {
      Reply* reply = place(task);
      reply->type = bulk ? Reply::Type::Text : task->type == REDIS_REPLY_ERROR ? Reply::Type::Error : Reply::Type::Status;
      reply->text.assign(bytes, size);
      return reply;
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  }
  // int in hiredis 0.14, size_t later
  template <typename Count>
  static void* array(const redisReadTask* task, Count size) {
    if (task->type != REDIS_REPLY_ARRAY) return nullptr;  // RESP3
    const auto count = static_cast<std::int64_t>(size);
    if (count < 0 || count > ReplyReader::maxElements) return nullptr;
    try {
      Reply* reply = place(task);
      reply->type = Reply::Type::Array;
      reply->elements.resize(static_cast<std::size_t>(count));
      return reply;
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  }
  static void* integer(const redisReadTask* task, long long value) {
    Reply* reply = place(task);
    reply->type = Reply::Type::Integer;
    reply->integer = value;
    return reply;
  }
  static void* nil(const redisReadTask* task) {
    if (task->type != REDIS_REPLY_STRING && task->type != REDIS_REPLY_ARRAY) return nullptr;  // RESP3 has a type for it
    Reply* reply = place(task);
    reply->type = Reply::Type::Nil;
    return reply;
  }
  static void nothing(void*) {}  // m_root owns all of them
  /// By name, as later versions of hiredis have others in between.
  template <typename Functions>
  static Functions table() {
    Functions out{};
    out.createString = &text;
    out.createArray = &array;
    out.createInteger = &integer;
    out.createNil = &nil;
    out.freeObject = &nothing;
    if constexpr (requires { out.createDouble; }) {  // RESP3, which is not asked for
      out.createDouble = [](const redisReadTask*, double, char*, size_t) -> void* { return nullptr; };
      out.createBool = [](const redisReadTask*, int) -> void* { return nullptr; };
    }
    return out;
  }
  static redisReplyObjectFunctions* functions() {
    static redisReplyObjectFunctions all = table<redisReplyObjectFunctions>();
    return &all;
  }
};

void ReplyReader::Deleter::operator()(redisReader* reader) const { redisReaderFree(reader); }

ReplyReader::ReplyReader() : m_reader(redisReaderCreateWithFunctions(ReplyObjects::functions())) {
  if (!m_reader) throw std::bad_alloc();
  m_reader->privdata = this;
}

ReplyReader::~ReplyReader() = default;

void ReplyReader::feed(const char* bytes, std::size_t size) { redisReaderFeed(m_reader.get(), bytes, size); }  // next() tells a failure

ReplyReader::Step ReplyReader::next(Reply& reply) {
  void* done = nullptr;
  if (redisReaderGetReply(m_reader.get(), &done) != REDIS_OK) return Step::Broken;
  if (!done) return m_reader->len - m_reader->pos > maxPending ? Step::Broken : Step::More;
  reply = std::exchange(m_root, Reply());
  m_text = 0;
  return Step::Done;
}

bool ReplyReader::drained() const { return m_reader->pos == m_reader->len && m_reader->ridx <= 0; }

}  // namespace cachedeck::cacheaside
