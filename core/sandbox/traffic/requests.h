// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sandbox/traffic/http_link.h"

#include <random>
#include <span>

namespace cachedeck::traffic {

/// A kind of reading request, as the service's routes are: how often it comes and how one is made.
struct RequestKind {
  const char* route;
  int weight;
  /// The path with its query. `cold`: anywhere instead of the popular ones.
  QByteArray (*path)(bool cold, std::mt19937_64& random);
};

std::span<const RequestKind> requestKinds();

/// One reading request, the kinds by their weights.
Request drawRequest(bool cold, std::mt19937_64& random);

/// A new state for one of the popular risks.
Request changeRisk(std::mt19937_64& random);
Request createRisk(std::mt19937_64& random);
Request deleteRisk(qint64 id);

}  // namespace cachedeck::traffic
