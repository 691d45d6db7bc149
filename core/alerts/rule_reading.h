// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/rule_threshold.h"
#include "core/sources/prometheus/prometheus_client.h"

#include <QList>

namespace cachedeck {

/// An alerting rule, and how far what it measures is from its threshold.
struct RuleReading {
  struct Value {
    PromLabels labels;
    double value = 0;
  };
  PromRule rule;
  QString group;
  std::optional<RuleThreshold> threshold;  ///< none: its expression is not one comparison with a number
  QList<Value> values;                     ///< of what is measured, the nearest to the threshold first; empty: there is none
  QString problem;                         ///< why it was not read
  /// Of the nearest; NaN where nothing was measured.
  double reach() const;
};

/// All alerting rules with what they measure now. At most 200 are read so; of further ones only the state is known.
Result<QList<RuleReading>> readRules(PrometheusClient& client, std::stop_token stop);

/// A time in which an alert was firing, as Prometheus has kept it.
struct AlertBand {
  QString name, severity;
  PromLabels labels;
  qint64 fromMs = 0, toMs = 0;
};
/// Of the stretch, oldest first; steps of at least 15 s.
Result<QList<AlertBand>> alertHistory(PrometheusClient& client, qint64 fromMs, qint64 toMs, std::stop_token stop);

}  // namespace cachedeck
