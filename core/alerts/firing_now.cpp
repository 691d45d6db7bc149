// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/firing_now.h"

#include <algorithm>

namespace cachedeck {

qint64 stateSinceMs(const PromAlert& alert, const PromRule& rule) {
  const bool isFiring = alert.state == QLatin1String("firing");
  return alert.activeAtMs + (isFiring ? static_cast<qint64>(rule.holdSeconds * 1000) : 0);
}

QList<AlertBand> bandsUntil(const QList<AlertBand>& history, const QList<RuleReading>& rules, qint64 nowMs) {
  QList<AlertBand> bands = history;
  for (const RuleReading& reading : rules)
    for (const PromAlert& alert : reading.rule.alerts) {
      if (alert.state != QLatin1String("firing")) continue;
      PromLabels labels = alert.labels;
      labels.remove(QStringLiteral("alertname"));
      const qint64 since = std::min(stateSinceMs(alert, reading.rule), nowMs);
      // Steps of the history are coarse: the last band of this alert is the one that goes on unless it ended before this firing began.
      const auto same = std::find_if(bands.rbegin(), bands.rend(), [&](const AlertBand& band) { return band.name == reading.rule.name && band.labels == labels && band.toMs >= since; });
      if (same != bands.rend()) same->toMs = nowMs;
      else bands << AlertBand{reading.rule.name, labels.value(QStringLiteral("severity")), labels, since, nowMs};
    }
  std::stable_sort(bands.begin(), bands.end(), [](const AlertBand& a, const AlertBand& b) { return a.fromMs < b.fromMs; });
  return bands;
}

}  // namespace cachedeck
