// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/open_model.h"

#include "core/load/schedule.h"

#include <algorithm>

namespace cachedeck::load {

namespace {

constexpr std::size_t mostWaiting = 1'000'000;

std::int64_t nsOf(Millis time) { return std::int64_t{time.count()} * 1'000'000; }

}  // namespace

void OpenModel::start(std::int64_t nowNs) {
  m_startNs = m_lastDueNs = nowNs;
  const int first = std::min(m_parts.executor.preAllocatedVus, m_parts.mostUsers);
  for (int i = 0; i < first; ++i)
    if (VirtualUser* user = addUser()) m_free.push_back(user);
  std::reverse(m_free.begin(), m_free.end());
  armNext();
}

// −1: none any more, or not while the rate is zero.
std::int64_t OpenModel::nextDueNs() const {
  if (m_level) return *m_level > 0 ? m_lastDueNs + static_cast<std::int64_t>(1e9 / *m_level) : -1;
  const std::int64_t at = startOf(m_parts.executor, m_arrivals);
  return at < 0 ? -1 : m_startNs + m_pausedNs + at;
}

std::int64_t OpenModel::endNs() const { return m_startNs + m_pausedNs + nsOf(lengthOf(m_parts.executor)); }

// Not what would come after the end: due at once, and never begun, it would keep the loop from the tick that ends the run.
void OpenModel::armNext() {
  ++m_token;
  if (m_finishing || m_paused) return;
  if (const std::int64_t next = nextDueNs(); next >= 0 && next < endNs()) m_parts.loop.arm(next, *this, m_token);
}

void OpenModel::due(std::int64_t dueNs, std::uint64_t token) {
  if (token != m_token || m_finishing || m_paused) return;
  std::int64_t now = monotonicNs();
  m_parts.recorder.late(now - dueNs);
  // All that is due by now; not for longer than a millisecond, or answers would wait for us.
  const std::int64_t untilNs = now + 1'000'000;
  for (std::int64_t next = dueNs; next >= 0 && next <= now && next < endNs(); next = nextDueNs()) {
    ++m_arrivals;
    m_lastDueNs = next;
    arrive(next);
    if ((now = monotonicNs()) > untilNs) break;
  }
  armNext();
}

VirtualUser* OpenModel::freeUser() {
  if (m_free.empty()) return users() < m_parts.executor.maxVus ? addUser() : nullptr;
  VirtualUser* const user = m_free.back();
  m_free.pop_back();
  return user;
}

void OpenModel::arrive(std::int64_t intendedNs) {
  if (VirtualUser* const user = freeUser()) begin(*user, intendedNs);
  else if (m_waiting.size() < mostWaiting) m_waiting.push_back(intendedNs);
  else m_parts.recorder.dropped();
}

void OpenModel::iterationEnded(VirtualUser& user, bool completed) {
  --m_busy;
  if (completed) m_parts.recorder.iteration();
  if (m_waiting.empty() || m_paused) {
    m_free.push_back(&user);
    return;
  }
  const std::int64_t intendedNs = m_waiting.front();
  m_waiting.pop_front();
  begin(user, intendedNs);
}

void OpenModel::tick(std::int64_t nowNs) {
  watch(nowNs);
  if (m_finishing || m_paused) return;
  if (nowNs >= endNs()) finish(nowNs + nsOf(m_parts.executor.gracefulStop));
}

void OpenModel::dropWaiting() {
  m_parts.recorder.dropped(m_waiting.size());
  m_waiting.clear();
}

void OpenModel::setPaused(bool paused, std::int64_t nowNs) {
  if (paused == m_paused) return;
  m_paused = paused;
  if (paused) {
    m_pausedSinceNs = nowNs;
    ++m_token;
    return;
  }
  const std::int64_t pausedNs = nowNs - m_pausedSinceNs;
  m_pausedNs += pausedNs;
  m_lastDueNs += pausedNs;
  for (std::int64_t& intendedNs : m_waiting) intendedNs += pausedNs;  // nobody waits for what stands still
  while (!m_waiting.empty() && !m_free.empty()) {
    VirtualUser* const user = m_free.back();
    m_free.pop_back();
    const std::int64_t intendedNs = m_waiting.front();
    m_waiting.pop_front();
    begin(*user, intendedNs);
  }
  armNext();
}

void OpenModel::setLevel(double level, std::int64_t nowNs) {
  m_level = std::clamp(level, 0.0, m_parts.mostPerSecond);
  m_lastDueNs = std::max(m_lastDueNs, m_paused ? m_pausedSinceNs : nowNs);  // the end of a pause adds all of it
  armNext();
}

}  // namespace cachedeck::load
