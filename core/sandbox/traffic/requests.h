// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

#include <random>
#include <span>

namespace cachedeck::traffic {

/// One request of the reference service: under which key its answer is cached, and how the database computes it.
struct Request {
  QByteArray key;
  const char* sql = "";
  QList<QByteArray> parameters;
  int ttlSeconds = 0;
};

/// A kind of request, as the service's routes are: how often it comes and how one is made.
struct RequestKind {
  const char* route;
  int weight;
  int ttlSeconds;  ///< a tenth of the service's own, so that expiry shows within a minute
  const char* sql;
  /// Fills in key and parameters. `cold`: anywhere instead of the popular ones.
  void (*fill)(Request& request, bool cold, std::mt19937_64& random);
};

std::span<const RequestKind> requestKinds();

/// One request, the kinds by their weights.
Request drawRequest(bool cold, std::mt19937_64& random);

}  // namespace cachedeck::traffic
