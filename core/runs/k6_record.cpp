// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/k6_run.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>

namespace cachedeck::runs {

RunRecord beginK6Record(const K6Plan& plan, qint64 nowMs) {
  RunRecord record = beginRecord(plan.load.scenario, QString::fromStdString(plan.load.baseUrl), nowMs);
  record.engine = QString::fromLatin1(k6Engine);
  if (plan.script.isEmpty()) return record;
  // A script may hold passwords: its text is not kept, but a comparison can say that it was changed.
  QCryptographicHash digest(QCryptographicHash::Sha256);
  if (QFile file(plan.script); file.open(QIODevice::ReadOnly)) digest.addData(&file);
  record.definition = QJsonObject{{QStringLiteral("k6Script"), QFileInfo(plan.script).fileName()}, {QStringLiteral("sha256"), QString::fromLatin1(digest.result().toHex())}};
  return record;
}

}  // namespace cachedeck::runs
