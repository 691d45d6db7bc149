// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_cancel.h"

#include <libpq-fe.h>

#include <atomic>
#include <memory>
#include <system_error>
#include <thread>

namespace cachedeck {

namespace {

// Each of them may hang for minutes on a dead host; statement_timeout ends the statement without them too.
constexpr int mostAtOnce = 4;
std::atomic<int> underWay = 0;

struct Slot {
  bool free = ++underWay <= mostAtOnce;
  ~Slot() { --underWay; }
};

}  // namespace

void cancelInBackground(pg_conn* link) {
  auto slot = std::make_shared<Slot>();
  if (!slot->free) return;
  const std::shared_ptr<PGcancel> cancel(PQgetCancel(link), PQfreeCancel);
  if (!cancel) return;
  try {
    std::thread([cancel, slot = std::move(slot)] {
      char message[256];
      PQcancel(cancel.get(), message, sizeof message);
    }).detach();
  } catch (const std::system_error&) {
    // No thread to be had: the server's own timeout has to do.
  }
}

}  // namespace cachedeck
