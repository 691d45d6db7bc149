// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/model.h"

#include "core/load/closed_model.h"
#include "core/load/open_model.h"
#include "core/load/schedule.h"

#include <algorithm>

namespace cachedeck::load {

namespace {

constexpr std::int64_t millisecond = 1'000'000, secondNs = 1000 * millisecond;

}  // namespace

std::unique_ptr<Model> Model::make(const Parts& parts) {
  if (isOpenModel(parts.executor.kind)) return std::make_unique<OpenModel>(parts);
  return std::make_unique<ClosedModel>(parts);
}

VirtualUser* Model::addUser() {
  if (users() >= m_parts.mostUsers) return nullptr;
  m_users.push_back(m_parts.users.make(static_cast<int>(m_users.size()), *this));
  m_most = std::max(m_most, users());
  return m_users.back().get();
}

void Model::begin(VirtualUser& user, std::int64_t intendedNs) {
  ++m_busy;
  user.begin(intendedNs);
}

void Model::cutOff(VirtualUser& user) {
  if (!user.isBusy()) return;
  user.cutOff();
  --m_busy;
  m_parts.recorder.interrupted();
}

// A request that was given the whole graceful time has had no answer, which a k6 that counts it as interrupted alone does not tell. Where that time is short, an answer may just be slow.
std::int64_t Model::longWaitNs(Millis graceful) const {
  const std::int64_t given = std::int64_t{graceful.count()} * millisecond;
  return given >= secondNs ? given : std::max(secondNs, m_parts.recorder.longestNs());
}

void Model::watch(std::int64_t nowNs) {
  const bool over = m_finishing && nowNs >= m_finishByNs;
  const std::int64_t longNs = over ? longWaitNs(m_parts.executor.gracefulStop) : 0;
  for (const auto& user : m_users) {
    if (!user->isBusy()) continue;
    if (!over && !(user->leaving && nowNs >= user->leaveByNs)) {
      user->watchDeadline(nowNs);
      continue;
    }
    user->recordUnanswered(nowNs, over ? longNs : longWaitNs(m_parts.executor.gracefulRampDown));
    cutOff(*user);
  }
  if (over) dropWaiting();
}

void Model::finish(std::int64_t byNs) {
  if (m_finishing) return;
  m_finishing = true;
  m_finishByNs = byNs;
}

void Model::abort() {
  m_finishing = true;
  m_finishByNs = 0;
  for (const auto& user : m_users) cutOff(*user);
  dropWaiting();
}

}  // namespace cachedeck::load
