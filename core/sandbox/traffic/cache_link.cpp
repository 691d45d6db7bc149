// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/traffic/cache_link.h"

#include <hiredis/hiredis.h>

#include <vector>

namespace cachedeck::traffic {

void CacheLink::Free::operator()(redisContext* context) const { redisFree(context); }
void CacheLink::Free::operator()(redisReply* reply) const { freeReplyObject(reply); }

CacheLink::CacheLink(quint16 port, QByteArray user, QByteArray password)
    : m_port(port), m_user(std::move(user)), m_password(std::move(password)) {}
CacheLink::~CacheLink() = default;

CacheLink::Reply CacheLink::send(const QList<QByteArray>& words) {
  std::vector<const char*> data;
  std::vector<size_t> sizes;
  for (const QByteArray& word : words) {
    data.push_back(word.constData());
    sizes.push_back(static_cast<size_t>(word.size()));
  }
  Reply reply(static_cast<redisReply*>(
      redisCommandArgv(m_context.get(), static_cast<int>(data.size()), data.data(), sizes.data())));
  if (!reply) m_context.reset();  // the stream is lost: start anew
  if (reply && reply->type == REDIS_REPLY_ERROR) reply.reset();
  return reply;
}

bool CacheLink::connected() {
  if (m_context) return true;
  const timeval patience{1, 0};
  m_context.reset(redisConnectWithTimeout("127.0.0.1", m_port, patience));
  if (!m_context || m_context->err != 0 || redisSetTimeout(m_context.get(), patience) != REDIS_OK ||
      !send({"AUTH", m_user, m_password}) || !send({"CLIENT", "SETNAME", "app"}))
    m_context.reset();
  return m_context != nullptr;
}

void CacheLink::set(const QByteArray& key, const QByteArray& value, int ttlSeconds) {
  if (connected()) send({"SET", key, value, "EX", QByteArray::number(ttlSeconds)});
}

}  // namespace cachedeck::traffic
