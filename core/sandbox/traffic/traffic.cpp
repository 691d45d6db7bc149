// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/traffic/traffic.h"

#include "core/sandbox/traffic/actors.h"

#include <array>

namespace cachedeck {
namespace traffic {

static constexpr std::array table{
    Actor{"reader", readerThreads, readRequests}, Actor{"writer", 1, writeRisks},        Actor{"reports", 1, renderReports},
    Actor{"editor", 3, editInTransactions},       Actor{"export", 1, exportSlowly},
};

std::span<const Actor> actors() { return table; }

}  // namespace traffic

Traffic::Traffic(const TrafficTarget& target) {
  unsigned seed = 1;
  for (const traffic::Actor& actor : traffic::actors())
    for (int i = 0; i < actor.threads; ++i)
      m_threads.emplace_back([target, run = actor.run, seed = seed++](std::stop_token stop) {
        std::mt19937_64 random(seed);
        run(target, random, stop);
      });
}

void Traffic::requestStop() {
  for (std::jthread& thread : m_threads) thread.request_stop();
}

void Traffic::join() {
  requestStop();
  m_threads.clear();
}

}  // namespace cachedeck
