// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/redis_reply.h"

#include <hiredis/read.h>

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
  static Reply::Type type(int hiredisType) {
    switch (hiredisType) {
      case REDIS_REPLY_STATUS: return Reply::Type::Status;
      case REDIS_REPLY_ERROR: return Reply::Type::Error;
      default: return Reply::Type::Text;
    }
  }
  static void* text(const redisReadTask* task, char* bytes, size_t size) {
    std::size_t& sum = reader(task)->m_text;
    if (size > ReplyReader::maxText || (sum += size) > ReplyReader::maxText) return nullptr;
    try {
      Reply* reply = place(task);
      reply->type = type(task->type);
      reply->text.assign(bytes, size);
      return reply;
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  }
  static void* array(const redisReadTask* task, int size) {
    if (size < 0 || size > ReplyReader::maxElements) return nullptr;
    try {
      Reply* reply = place(task);
      reply->type = Reply::Type::Array;
      reply->elements.resize(static_cast<std::size_t>(size));
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
    Reply* reply = place(task);
    reply->type = Reply::Type::Nil;
    return reply;
  }
  static void nothing(void*) {}  // m_root owns all of them
  static redisReplyObjectFunctions* functions() {
    static redisReplyObjectFunctions table{text, array, integer, nil, nothing};
    return &table;
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
