// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/poller.h"
#include "ui/charts/panelinfo.h"
#include "ui/widgets/notice.h"

namespace cachedeck {

/// A source as panels know it.
struct PanelSource {
  QString id;      ///< "redis"
  QString title;   ///< "Redis"
  SourceState state;
};

/// What a panel shows of the state of its sources.
struct PanelStatus {
  enum class Body { Chart, Covered, Banner };
  Body body = Body::Chart;    ///< the chart; a notice in its place; the dimmed chart with a banner over it
  bool stale = false;         ///< lines lose colour
  Level edge = Level::Good;
  QString pillIcon, pillText;
  Level pillLevel = Level::Good;
  Notice::Text notice;
  QString retrySource;        ///< whom the notice's button tries again; empty without one
};

/// `hasData`: something was measured in the stretch in view. `known`: something was measured at any time.
/// `info` says what keeps the panel's figures away; null gives the general words. `gone`: the sources answer, but the figures
/// that make this panel (PanelInfo::onlyWith) are not among what they say any more.
PanelStatus panelStatus(const std::vector<PanelSource>& sources, bool hasData, bool known, qint64 nowMs, const PanelInfo* info = nullptr, bool gone = false);

}  // namespace cachedeck
