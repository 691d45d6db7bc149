// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/snapshot.h"

#include <QLatin1String>

#include <utility>

namespace cachedeck::snapshot {

/// Makes a group of series row by row, with History's rules: a row later than `maxStepMs` after the one before, or after a restart, has a row without values before
/// it, so that lines break; one that is not later than the one before is dropped.
class SeriesBuilder {
 public:
  explicit SeriesBuilder(const QByteArray& name) { m_group.name = name; }

  void add(qint64 wallMs, const std::vector<std::pair<QLatin1String, double>>& values, bool restarted, qint64 maxStepMs);
  const SeriesGroup& group() const { return m_group; }

 private:
  std::vector<float>& column(const QByteArray& metric);
  void addEmpty(qint64 wallMs);

  SeriesGroup m_group;
};

}  // namespace cachedeck::snapshot
