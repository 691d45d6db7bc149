// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/closed_model.h"

#include "core/load/schedule.h"

#include <algorithm>
#include <cmath>

namespace cachedeck::load {

namespace {

constexpr double burstSeconds = 0.1;  // of the allowed rate that may begin at once

std::int64_t nsOf(Millis time) { return std::int64_t{time.count()} * 1'000'000; }

}  // namespace

bool ClosedModel::countsIterations() const { return m_parts.executor.kind == ExecutorKind::SharedIterations || m_parts.executor.kind == ExecutorKind::PerVuIterations; }

bool ClosedModel::mayBegin(const VirtualUser& user) const {
  if (m_finishing || m_paused || user.leaving || user.isBusy()) return false;
  switch (m_parts.executor.kind) {
    case ExecutorKind::SharedIterations: return m_begun < m_parts.executor.iterations;
    case ExecutorKind::PerVuIterations: return user.iterationsDone < m_parts.executor.iterations;
    default: return true;
  }
}

void ClosedModel::start(std::int64_t nowNs) {
  m_startNs = m_refilledNs = nowNs;
  m_allowed = std::max(1.0, burstSeconds * m_parts.mostPerSecond);
  setUsers(countsIterations() ? m_parts.executor.vus : usersAt(m_parts.executor, Millis{0}), nowNs);
}

void ClosedModel::setUsers(int wanted, std::int64_t nowNs) {
  wanted = std::clamp(wanted, 0, m_parts.mostUsers);
  // The last to come are the first to go.
  for (std::size_t i = m_users.size(); i-- > 0 && users() > wanted;) {
    VirtualUser& user = *m_users[i];
    if (user.leaving) continue;
    user.leaving = true;
    user.leaveByNs = nowNs + nsOf(m_parts.executor.gracefulRampDown);
    ++m_gone;
  }
  for (std::size_t i = 0; i < m_users.size() && users() < wanted; ++i)
    if (m_users[i]->leaving) {
      m_users[i]->leaving = false;
      --m_gone;
    }
  while (users() < wanted && addUser()) {}
  m_most = std::max(m_most, users());
  beginAll();
}

void ClosedModel::beginAll() {
  for (std::size_t i = 0; i < m_users.size(); ++i)
    if (mayBegin(*m_users[i])) beginNext(*m_users[i]);
}

void ClosedModel::beginNext(VirtualUser& user) {
  if (m_allowed < 1 && m_isPaced) return;  // the next tick begins it
  m_allowed -= 1;
  ++m_begun;
  begin(user, 0);
}

void ClosedModel::refill(std::int64_t nowNs) {
  const double seconds = static_cast<double>(nowNs - m_refilledNs) * 1e-9, most = std::max(1.0, burstSeconds * m_parts.mostPerSecond);
  m_allowed = std::min(most, m_allowed + seconds * m_parts.mostPerSecond);
  m_refilledNs = nowNs;
}

void ClosedModel::iterationEnded(VirtualUser& user, bool completed) {
  --m_busy;
  ++user.iterationsDone;
  if (completed) m_parts.recorder.iteration();
  if (mayBegin(user)) beginNext(user);
}

void ClosedModel::tick(std::int64_t nowNs) {
  watch(nowNs);
  refill(nowNs);
  if (m_finishing || m_paused) return;
  const auto at = std::chrono::duration_cast<Millis>(std::chrono::nanoseconds(nowNs - m_startNs - m_pausedNs));
  if (at >= lengthOf(m_parts.executor)) return finish(nowNs + nsOf(m_parts.executor.gracefulStop));
  if (countsIterations()) {
    beginAll();
    const bool all = std::none_of(m_users.begin(), m_users.end(), [&](const auto& user) { return user->isBusy() || mayBegin(*user); });
    if (all) finish(nowNs);
    return;
  }
  setUsers(m_level ? *m_level : usersAt(m_parts.executor, at), nowNs);
}

void ClosedModel::setPaused(bool paused, std::int64_t nowNs) {
  if (paused == m_paused) return;
  m_paused = paused;
  if (paused) {
    m_pausedSinceNs = nowNs;
  } else {
    m_pausedNs += nowNs - m_pausedSinceNs;
    beginAll();
  }
}

void ClosedModel::setLevel(double level, std::int64_t nowNs) {
  m_level = std::clamp(static_cast<int>(std::lround(level)), 0, m_parts.mostUsers);
  if (!m_finishing && !countsIterations()) setUsers(*m_level, nowNs);
}

}  // namespace cachedeck::load
