// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/direct_pool.h"

#include <algorithm>

namespace cachedeck::load {

namespace {

constexpr std::int64_t fullForNs = 5'000'000'000;
constexpr std::size_t mostAbandoned = 1000;

}  // namespace

void PgPool::submit(PgCall& call) {
  call.isQueued = true;
  m_queue.push_back(&call);
  serve();
}

PgCall* PgPool::next() {
  PgCall* const call = m_queue.front();
  m_queue.pop_front();
  call->isQueued = false;
  return call;
}

int PgPool::most() const { return m_fullUntilNs != 0 && monotonicNs() < m_fullUntilNs ? m_most : m_target.mostOpen; }

// What fails in here takes its call along, so that it comes to an end.
void PgPool::serve() {
  if (m_serving) return;
  m_serving = true;
  while (!m_queue.empty()) {
    if (!m_idle.empty()) {
      PgPipe* const pipe = m_idle.back();
      m_idle.pop_back();
      pipe->ask(*next());
    } else if (m_open < most() && m_connecting < static_cast<int>(m_queue.size())) {
      openOne();
    } else {
      break;
    }
  }
  m_serving = false;
}

void PgPool::openOne() {
  ++m_open;
  ++m_connecting;
  auto closed = std::find_if(m_pipes.begin(), m_pipes.end(), [](const auto& pipe) { return !pipe->isOpen(); });
  if (closed == m_pipes.end()) closed = m_pipes.insert(closed, std::make_unique<PgPipe>(m_loop, m_target, static_cast<PgPipe::Owner&>(*this)));
  (*closed)->open();
}

void PgPool::pgReady(PgPipe& pipe, bool isNew) {
  if (isNew) --m_connecting;
  m_idle.push_back(&pipe);
  serve();
}

// As long as there are others, open or being opened, nothing fails: who waits, waits for those.
void PgPool::full(const std::string& reason) {
  m_most = m_open;
  m_fullUntilNs = monotonicNs() + fullForNs;
  m_recorder.example("connect: " + reason + " The run goes on with the " + std::to_string(m_open) + " connections that it has.");
}

void PgPool::pgBroke(PgPipe& pipe, PgCall* call, FailureKind kind, const std::string& reason, bool isFull) {
  const bool wasIdle = std::erase(m_idle, &pipe) > 0;
  --m_open;
  const bool wasConnecting = !call && !wasIdle;
  if (wasConnecting) --m_connecting;
  if (wasConnecting && isFull && m_open > 0) full(reason);
  // Who waits has a deadline of his own: a connection that took too long is no answer to him.
  else if (wasConnecting && kind != FailureKind::Timeout && !m_queue.empty()) call = next();
  if (call) call->pgFailed(kind, reason);
  serve();
}

void PgPool::abandon(PgCall& call, bool cancel) {
  if (call.isQueued) {
    std::erase(m_queue, &call);
    call.isQueued = false;
  }
  if (!call.pipe) return;
  PgPipe& pipe = *std::exchange(call.pipe, nullptr);
  if (m_abandoned.size() == mostAbandoned) m_abandoned.erase(m_abandoned.begin());
  m_abandoned.push_back(pipe.serverPid());
  if (cancel) pipe.cancel();
  pipe.close();
  --m_open;
  m_loop.arm(monotonicNs(), *this, 0);  // on a later turn: when all are given up, none must be opened for those whose turn comes next
}

void PgPool::closeAll() {
  for (const auto& pipe : m_pipes) pipe->close();
  m_idle.clear();
  m_open = m_connecting = 0;
}

}  // namespace cachedeck::load
