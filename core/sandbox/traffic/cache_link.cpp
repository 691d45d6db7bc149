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

CacheLink::Reply CacheLink::command(const QList<QByteArray>& words) { return connected() ? send(words) : Reply(); }

std::optional<QByteArray> CacheLink::get(const QByteArray& key) {
  const Reply reply = command({"GET", key});
  if (!reply || reply->type != REDIS_REPLY_STRING) return {};
  return QByteArray(reply->str, static_cast<qsizetype>(reply->len));
}

void CacheLink::set(const QByteArray& key, const QByteArray& value, int ttlSeconds) {
  command({"SET", key, value, "EX", QByteArray::number(ttlSeconds)});
}

void CacheLink::invalidate(const QByteArray& pattern) {
  QByteArray cursor = "0";
  do {
    const Reply page = command({"SCAN", cursor, "MATCH", pattern, "COUNT", "500"});
    if (!page || page->type != REDIS_REPLY_ARRAY || page->elements != 2) return;
    cursor = QByteArray(page->element[0]->str);
    QList<QByteArray> unlink{"UNLINK"};
    const redisReply* keys = page->element[1];
    for (size_t i = 0; i < keys->elements; ++i)
      unlink.append(QByteArray(keys->element[i]->str, static_cast<qsizetype>(keys->element[i]->len)));
    if (unlink.size() > 1) command(unlink);
  } while (cursor != "0");
}

}  // namespace cachedeck::traffic
