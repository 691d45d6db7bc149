// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/push_groups.h"

#include "core/runs/run_record.h"

#include <QJsonArray>

#include <algorithm>

namespace cachedeck::runs {

QStringList pushedRuns(const QJsonDocument& answer, const QString& scenario) {
  QStringList runs;
  for (const QJsonValue& group : answer[QLatin1String("data")].toArray()) {
    const QJsonObject labels = group[QLatin1String("labels")].toObject();
    const QString run = labels[QLatin1String("run")].toString();
    if (labels.size() == 3 && labels[QLatin1String("job")] == QLatin1String(pushJob) && labels[QLatin1String("scenario")] == scenario && isRunId(run)) runs.append(run);
  }
  std::sort(runs.begin(), runs.end(), std::greater<>());
  return runs;
}

}  // namespace cachedeck::runs
