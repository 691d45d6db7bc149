// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sample/http/exchange.h"

namespace cachedeck::sample {

/// Exchanges of one thread, used again: a request then allocates nothing of its own. All of a connection's calls come
/// on the same thread of the server.
class ExchangeStore {
 public:
  static Exchange* take(MHD_Connection* connection, std::string_view target);
  static void giveBack(Exchange* exchange);
};

}  // namespace cachedeck::sample
