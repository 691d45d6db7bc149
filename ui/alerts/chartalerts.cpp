// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/chartalerts.h"

#include "core/base/text.h"
#include "ui/alerts/alertstext.h"

#include <QHash>

namespace cachedeck {

QList<ChartAlert> chartAlerts(const QList<AlertBand>& bands, const QList<RuleReading>& rules, qint64 nowMs) {
  QHash<QString, QString> queries;
  for (const RuleReading& reading : rules) queries.insert(reading.rule.name, reading.rule.query);  // rules of one name differ in their thresholds
  QList<ChartAlert> alerts;
  alerts.reserve(bands.size());
  for (const AlertBand& band : bands)
    alerts << ChartAlert{band.fromMs, band.toMs >= nowMs ? 0 : band.toMs, printable(band.name, 80), printable(instanceText(band.labels), 200), queries.value(band.name),
                         severityRank(band.severity) == severityRank(QStringLiteral("critical")) ? Level::Critical : Level::Warning};
  return alerts;
}

}  // namespace cachedeck
