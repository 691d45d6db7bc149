// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/http/exchange_store.h"

namespace cachedeck::sample {
namespace {

constexpr std::size_t keptExchanges = 256;
constexpr std::size_t keptBodyBytes = 4096;

thread_local std::vector<std::unique_ptr<Exchange>> spare;

}  // namespace

Exchange* ExchangeStore::take(MHD_Connection* connection, std::string_view target) {
  std::unique_ptr<Exchange> exchange;
  if (spare.empty()) {
    exchange = std::make_unique<Exchange>();
  } else {
    exchange = std::move(spare.back());
    spare.pop_back();
  }
  exchange->begin(connection, target);
  return exchange.release();
}

void ExchangeStore::giveBack(Exchange* exchange) {
  std::unique_ptr<Exchange> owned(exchange);
  if (spare.size() >= keptExchanges) return;
  owned->m_reply = Reply();
  owned->m_start = nullptr;
  if (owned->m_body.capacity() > keptBodyBytes) owned->m_body = std::string();
  spare.push_back(std::move(owned));
}

}  // namespace cachedeck::sample
