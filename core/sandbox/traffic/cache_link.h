// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

#include <memory>

struct redisContext;
struct redisReply;

namespace cachedeck::traffic {

/// One blocking Redis connection of the traffic, to our own server; opened when first needed and after each loss.
class CacheLink {
 public:
  CacheLink(quint16 port, QByteArray user, QByteArray password);
  ~CacheLink();
  CacheLink(const CacheLink&) = delete;
  CacheLink& operator=(const CacheLink&) = delete;

  /// Opens the link when needed; false while the server is away.
  bool connected();
  void set(const QByteArray& key, const QByteArray& value, int ttlSeconds);

 private:
  struct Free {
    void operator()(redisContext* context) const;
    void operator()(redisReply* reply) const;
  };
  using Reply = std::unique_ptr<redisReply, Free>;
  /// The answer, or nothing when the link broke or the server refused.
  Reply send(const QList<QByteArray>& words);

  const quint16 m_port;
  const QByteArray m_user, m_password;
  std::unique_ptr<redisContext, Free> m_context;
};

}  // namespace cachedeck::traffic
