// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/run_guard.h"

#include <QUrl>

namespace cachedeck::test {

/// Starts a run on servers of this machine, for which the guard asks nothing.
inline auto startLoad(load::RunPlan plan) {
  const Result<load::LoadPermit> permit = runs::RunGuard(runs::withoutProfile(), nullptr).permit(plan, QUrl(QString::fromStdString(plan.baseUrl)).host(), SystemClock());
  if (!permit) qFatal("%s", qPrintable(permit.error().message));
  return load::LoadRun::start(std::move(plan), *permit);
}

}  // namespace cachedeck::test
