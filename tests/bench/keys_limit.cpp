// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/keys_limit.h"

#include <hiredis/hiredis.h>

#include <cstdio>
#include <memory>
#include <string>

namespace cachedeck {

namespace {

struct Free {
  void operator()(redisContext* context) const { redisFree(context); }
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, Free>;

Reply next(redisContext& context) {
  void* reply = nullptr;
  if (redisGetReply(&context, &reply) != REDIS_OK || reply == nullptr) return nullptr;
  return Reply(static_cast<redisReply*>(reply));
}

}  // namespace

int setExpiriesInOnePass(int port, int seconds) {
  const std::unique_ptr<redisContext, Free> context(redisConnect("127.0.0.1", port));
  if (!context || context->err != 0) return 1;
  std::size_t waiting = 0;
  std::string cursor = "0";
  do {
    // The expiries of a page and the next page go out in one write.
    redisAppendCommand(context.get(), "SCAN %s MATCH risk:* COUNT 1000", cursor.c_str());
    for (; waiting > 0; --waiting)
      if (!next(*context)) return 1;
    const Reply page = next(*context);
    if (!page || page->type != REDIS_REPLY_ARRAY || page->elements != 2) return 1;
    cursor = page->element[0]->str;
    waiting = page->element[1]->elements;
    for (std::size_t i = 0; i < waiting; ++i) redisAppendCommand(context.get(), "EXPIRE %b %d", page->element[1]->element[i]->str, page->element[1]->element[i]->len, seconds);
  } while (cursor != "0");
  for (; waiting > 0; --waiting)
    if (!next(*context)) return 1;
  return 0;
}

}  // namespace cachedeck
