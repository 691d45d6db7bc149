// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/privatefile.h"
#include "core/runs/run_outcome.h"
#include "core/runs/run_store.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace cachedeck::runs {

namespace {

constexpr int pinVersion = 1;
constexpr qint64 largestPins = 4 * 1024 * 1024;

/// Why not, of run %1.
QString noBaseline(RunOutcome outcome) {
  switch (outcome) {
    case RunOutcome::Stopped: return QStringLiteral("Run %1 was stopped before its time; a baseline has to be a whole run.");
    case RunOutcome::Invalid: return QStringLiteral("Run %1 is not valid: its figures are partly the load generator's own, and others cannot be held against them.");
    case RunOutcome::DidNotRun: return QStringLiteral("Run %1 measured nothing that others could be held against.");
    default: return QStringLiteral("Run %1 did not come to its end; a baseline has to be a whole run.");
  }
}

}  // namespace

Result<QList<RunStore::Pin>> RunStore::pins() const {
  const auto bytes = readPrivateFile(pinFile(), largestPins);
  if (!bytes && bytes.error().kind == Error::Kind::NotFound) return QList<Pin>{};
  if (!bytes) return bytes.error();
  const QJsonDocument document = QJsonDocument::fromJson(*bytes);
  if (!document.isObject()) return fail(Error::Kind::Protocol, QStringLiteral("%1 is damaged. Move it away and pin the baselines anew.").arg(pinFile()));
  if (document[QLatin1String("version")].toInt() > pinVersion)
    return fail(Error::Kind::Protocol, QStringLiteral("A newer Cachedeck wrote %1. Update Cachedeck to use its baselines.").arg(pinFile()));
  QList<Pin> pins;
  for (const QJsonValue& pin : document[QLatin1String("baselines")].toArray())
    pins.append({pin[QLatin1String("scenario")].toString(), pin[QLatin1String("url")].toString(), pin[QLatin1String("run")].toString()});
  return pins;
}

Result<void> RunStore::writePins(const QList<Pin>& pins) const {
  QJsonArray rows;
  for (const Pin& pin : pins)
    rows.append(QJsonObject{{QStringLiteral("scenario"), pin.scenario}, {QStringLiteral("url"), pin.url}, {QStringLiteral("run"), pin.run}});
  return writePrivateFile(pinFile(), QJsonDocument(QJsonObject{{QStringLiteral("version"), pinVersion}, {QStringLiteral("baselines"), rows}}).toJson());
}

Result<void> RunStore::pin(const QString& id, qint64 nowMs) const {
  return underFolderLock([&]() -> Result<void> {
    const auto run = summary(id, nowMs);
    if (!run) return run.error();
    if (const RunOutcome outcome = outcomeOf(*run); !canBeBaseline(outcome)) return fail(Error::Kind::Usage, noBaseline(outcome).arg(id));
    auto all = pins();
    if (!all) return all.error();
    all->removeIf([&](const Pin& pin) { return pin.scenario == run->scenario && pin.url == run->url; });
    all->append({run->scenario, run->url, id});
    return writePins(*all);
  });
}

Result<void> RunStore::unpin(const QString& scenario, const QString& url) const {
  return underFolderLock([&]() -> Result<void> {
    auto all = pins();
    if (!all) return all.error();
    const QString target = withoutUserInfo(url);
    if (all->removeIf([&](const Pin& pin) { return pin.scenario == scenario && pin.url == target; }) == 0)
      return fail(Error::Kind::NotFound, QStringLiteral("No run is pinned as the baseline of “%1”.").arg(scenario));
    return writePins(*all);
  });
}

Result<QString> RunStore::baseline(const QString& scenario, const QString& url) const {
  const auto all = pins();
  if (!all) return all.error();
  const QString target = withoutUserInfo(url);
  for (const Pin& pin : *all)
    if (pin.scenario == scenario && pin.url == target) return pin.run;
  return QString();
}

}  // namespace cachedeck::runs
