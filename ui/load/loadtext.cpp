// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/loadtext.h"

#include "core/base/amounts.h"
#include "core/base/text.h"
#include "core/load/schedule.h"
#include "core/metrics/format.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QUrl>

#include <cmath>

namespace cachedeck {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Load", text); }

using Kind = load::ExecutorKind;
using Outcome = runs::RunOutcome;

QString number(double value) { return QString::number(value, 'g', 6); }

}  // namespace

QString outcomeName(Outcome outcome) { return QCoreApplication::translate("Runs", runs::outcomeWord(outcome)); }

QString outcomeDetail(const runs::RunRecord& run) { return runs::outcomeText(run).section(QStringLiteral(", "), 1); }

QString outcomeIcon(Outcome outcome) {
  switch (outcome) {
    case Outcome::UnderWay: return QStringLiteral("play");
    case Outcome::Passed: return QStringLiteral("check");
    case Outcome::Failed: return QStringLiteral("cross");
    case Outcome::Stopped: return QStringLiteral("pause");
    case Outcome::Invalid: return QStringLiteral("warning");
    case Outcome::Interrupted: return QStringLiteral("unplug");
    case Outcome::DidNotRun: return QStringLiteral("failed");
    case Outcome::NotJudged: break;
  }
  return QStringLiteral("info");
}

QColor outcomeColour(Outcome outcome) {
  const Palette& p = Theme::instance().palette();
  switch (outcome) {
    case Outcome::UnderWay: return p.info;
    case Outcome::Passed: return p.good;
    case Outcome::Failed:
    case Outcome::DidNotRun: return p.critical;
    case Outcome::Invalid: return p.warning;
    case Outcome::Stopped:
    case Outcome::Interrupted: return p.stale;
    case Outcome::NotJudged: break;
  }
  return p.text3;
}

QString engineText(const std::string& text, qsizetype longest) { return printable(QByteArray::fromStdString(text), longest); }

QString millisText(double ms) { return std::isfinite(ms) ? formatValue(ms / 1000, Unit::Seconds) : QStringLiteral("–"); }

QString ratioText(double ratio) { return ratio < 0 || !std::isfinite(ratio) ? QStringLiteral("–") : formatValue(100 * ratio, Unit::Percent); }

QString lengthText(load::Millis length) {
  const double seconds = static_cast<double>(length.count()) / 1000;
  if (length.count() < 1000) return tr("%1 ms").arg(length.count());
  return seconds < 10 ? tr("%1 s").arg(number(seconds)) : formatDuration(std::round(seconds));
}

QString clockText(qint64 ms) {
  const qint64 seconds = std::max<qint64>(0, ms) / 1000;
  const auto two = [](qint64 part) { return QStringLiteral("%1").arg(part, 2, 10, QLatin1Char('0')); };
  if (seconds < 3600) return QStringLiteral("%1:%2").arg(seconds / 60).arg(two(seconds % 60));
  return QStringLiteral("%1:%2:%3").arg(seconds / 3600).arg(two(seconds / 60 % 60), two(seconds % 60));
}

QString levelText(const load::Executor& executor) {
  const bool open = load::isOpenModel(executor.kind);
  const QString unit = !open ? tr("users") : executor.timeUnit.count() == 1000 ? tr("iterations/s") : tr("iterations each %1").arg(lengthText(executor.timeUnit));
  switch (executor.kind) {
    case Kind::ConstantVus: return executor.vus == 1 ? tr("1 user") : tr("%1 users").arg(executor.vus);
    case Kind::SharedIterations: return tr("%1 iterations, shared by %2 users").arg(countText(executor.iterations)).arg(executor.vus);
    case Kind::PerVuIterations: return tr("%1 iterations by each of %2 users").arg(countText(executor.iterations)).arg(executor.vus);
    case Kind::ConstantArrivalRate: return tr("%1 %2").arg(number(executor.rate), unit);
    case Kind::RampingVus:
    case Kind::RampingArrivalRate: break;
  }
  QStringList steps{number(open ? executor.startRate : executor.startVus)};
  for (const load::Stage& stage : executor.stages)
    if (const QString target = number(stage.target); target != steps.last()) steps << target;
  if (steps.size() > 6) steps = steps.mid(0, 3) << QStringLiteral("…") << steps.last();
  return steps.join(QStringLiteral(" → ")) + QLatin1Char(' ') + unit;
}

QString modelText(const load::Executor& executor) {
  switch (executor.kind) {
    case Kind::ConstantVus: return tr("constant users");
    case Kind::RampingVus: return tr("ramping users");
    case Kind::ConstantArrivalRate: return tr("constant rate");
    case Kind::RampingArrivalRate: return tr("ramping rate");
    case Kind::SharedIterations: return tr("shared iterations");
    case Kind::PerVuIterations: return tr("iterations a user");
  }
  return {};
}

QString preparationText(const load::Scenario& scenario) {
  QStringList prefixes;
  for (const std::string& prefix : scenario.preparedPrefixes) prefixes << engineText(prefix, 60) + QLatin1Char('*');
  switch (scenario.cache) {
    case load::CachePreparation::None: return tr("left as it is");
    case load::CachePreparation::Flushed: return prefixes.isEmpty() ? tr("emptied first") : tr("emptied first: %1").arg(prefixes.join(QStringLiteral(", ")));
    case load::CachePreparation::Warmed: return tr("warmed first");
  }
  return {};
}

QString eventText(const load::Event& event) {
  if (event.kind == load::Event::Kind::DropPrefix) return tr("drop %1*").arg(engineText(event.prefix, 60));
  return tr("pause Redis for %1").arg(lengthText(event.lasts));
}

QString scaleText(double factor) {
  if (factor == 1) return QStringLiteral("1×");
  if (factor == 0.5) return QStringLiteral("½");
  if (factor == 0.25) return QStringLiteral("¼");
  return factor > 0 && factor < 1 ? QStringLiteral("1/%1").arg(std::lround(1 / factor)) : QStringLiteral("%1×").arg(number(factor));
}

QString hostOf(const QString& url) { return QUrl(url.trimmed(), QUrl::StrictMode).host(); }

QString urlProblem(const QString& text) {
  if (text.trimmed().isEmpty()) return tr("Name the service: http://host:port");
  const QUrl url(text.trimmed(), QUrl::StrictMode);
  if (url.scheme() != QLatin1String("http") && url.scheme() != QLatin1String("https")) return tr("The URL begins with http:// or https://.");
  if (url.host().isEmpty()) return tr("The URL names no host.");
  if (!url.userName().isEmpty() || !url.password().isEmpty()) return tr("Leave user and password out of the URL: scenarios have variables for them.");
  if (url.hasQuery() || url.hasFragment()) return tr("Leave out what follows ? and #: the scenario's steps have their own.");
  return {};
}

}  // namespace cachedeck
