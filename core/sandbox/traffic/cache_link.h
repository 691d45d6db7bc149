// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

#include <memory>
#include <optional>

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

  /// False while the server is away; then the database has to do alone.
  bool connected();
  std::optional<QByteArray> get(const QByteArray& key);
  void set(const QByteArray& key, const QByteArray& value, int ttlSeconds);
  /// Removes every key of a pattern, in batches with SCAN and UNLINK.
  void invalidate(const QByteArray& pattern);

 private:
  struct Free {
    void operator()(redisContext* context) const;
    void operator()(redisReply* reply) const;
  };
  using Reply = std::unique_ptr<redisReply, Free>;
  /// The answer, or nothing when the link broke or the server refused.
  Reply command(const QList<QByteArray>& words);
  Reply send(const QList<QByteArray>& words);

  const quint16 m_port;
  const QByteArray m_user, m_password;
  std::unique_ptr<redisContext, Free> m_context;
};

}  // namespace cachedeck::traffic
