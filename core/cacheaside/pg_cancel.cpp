// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pg_cancel.h"

#include <libpq-fe.h>

#include <array>
#include <deque>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

namespace cachedeck::cacheaside {

namespace {

// Each may hang for as long as the server is frozen; a pool whose statements all time out asks for many at once.
constexpr int mostThreads = 8;
constexpr std::size_t mostWaiting = 256;

struct FreeCancel {
  void operator()(PGcancel* cancel) const { PQfreeCancel(cancel); }
};
using Cancel = std::unique_ptr<PGcancel, FreeCancel>;

struct Queue {
  std::mutex mutex;
  std::deque<Cancel> waiting;
  int threads = 0;
};

void workOff(const std::shared_ptr<Queue>& queue) {
  std::unique_lock lock(queue->mutex);
  while (!queue->waiting.empty()) {
    const Cancel next = std::move(queue->waiting.front());
    queue->waiting.pop_front();
    lock.unlock();
    std::array<char, 256> message{};
    PQcancel(next.get(), message.data(), static_cast<int>(message.size()));
    lock.lock();
  }
  --queue->threads;
}

}  // namespace

void cancelInBackground(pg_conn* link) {
  static const auto queue = std::make_shared<Queue>();  // shared with threads that may outlive main()
  Cancel cancel(PQgetCancel(link));
  if (!cancel) return;
  const std::lock_guard lock(queue->mutex);
  if (queue->waiting.size() >= mostWaiting) return;
  queue->waiting.push_back(std::move(cancel));
  if (queue->threads >= mostThreads) return;
  try {
    std::thread([shared = queue] { workOff(shared); }).detach();
    ++queue->threads;
  } catch (const std::system_error&) {
    // No thread to be had: the next one, or the server's statement_timeout, has to do.
  }
}

}  // namespace cachedeck::cacheaside
