// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/doctor/evidence.h"

namespace cachedeck::doctor {

// What Prometheus does not know yet because it started, or took up another configuration, a moment ago is nobody's fault.

/// Its discovery reports every five seconds: until it has, targets and Alertmanagers are missing.
inline constexpr double discoverySeconds = 15;

/// Since it started or took up another configuration; infinite where it does not tell.
double sinceLoaded(const PrometheusEvidence& prometheus);
/// So short a time ago that a job of its configuration has no target yet.
bool isDiscovering(const PrometheusEvidence& prometheus);
/// So short a time ago that targets may not have been scraped, nor rules evaluated, as often as they must be.
bool isYoung(const PrometheusEvidence& prometheus);

}  // namespace cachedeck::doctor
