// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/model.h"

#include "core/load/closed_model.h"
#include "core/load/open_model.h"
#include "core/load/schedule.h"

#include <algorithm>

namespace cachedeck::load {

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

void Model::watch(std::int64_t nowNs) {
  for (const auto& user : m_users) {
    if (!user->isBusy()) continue;
    if ((m_finishing && nowNs >= m_finishByNs) || (user->leaving && nowNs >= user->leaveByNs)) cutOff(*user);
    else user->watchDeadline(nowNs);
  }
  if (m_finishing && nowNs >= m_finishByNs) dropWaiting();
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
