// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/chiptext.h"

#include "core/base/text.h"
#include "core/metrics/format.h"

#include <QCoreApplication>
#include <QDateTime>

#include <cmath>

namespace cachedeck {

namespace {

using Kind = SourceState::Kind;

constexpr qsizetype longestVersion = 16;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(SourceState)
};

// Whole seconds, so that the text changes once a second.
QString secondsBetween(qint64 fromMs, qint64 toMs) {
  return formatDuration(std::floor(static_cast<double>(qMax<qint64>(0, toMs - fromMs)) / 1000.0));
}

QString untilRetry(const SourceState& state, qint64 nowMs) {
  const double seconds = std::ceil(static_cast<double>(state.retryAtMs - nowMs) / 1000.0);
  return seconds >= 1 ? Words::tr("retry in %1").arg(formatDuration(seconds)) : Words::tr("retrying");
}

QString needsPerson(const SourceState& state) {
  if (state.error && state.error->kind == Error::Kind::Auth) return Words::tr("sign-in failed");
  if (state.error && state.error->kind == Error::Kind::Tls) return Words::tr("not trusted");
  return Words::tr("failed");
}

// "15.8 (Debian 15.8-0+deb12u1)" → "15.8"
QString shortVersion(const Identity& identity) {
  return printable(identity.version.section(QLatin1Char(' '), 0, 0), longestVersion);
}

QString clockTime(qint64 wallMs) {
  return QDateTime::fromMSecsSinceEpoch(wallMs).toString(QStringLiteral("HH:mm:ss"));
}

}  // namespace

QString chipDetail(const SourceState& state, qint64 nowMs) {
  switch (state.kind) {
    case Kind::Idle: return Words::tr("idle");
    case Kind::Connecting: return Words::tr("connecting");
    case Kind::Stale: return Words::tr("stale %1").arg(secondsBetween(state.lastGoodMs, nowMs));
    case Kind::Failed: return state.retryAtMs > 0 ? untilRetry(state, nowMs) : needsPerson(state);
    case Kind::Kept:
    case Kind::Live: break;
  }
  const QString version = shortVersion(state.identity);
  if (state.roundTripSeconds <= 0) return version;
  const QString roundTrip = formatValue(state.roundTripSeconds, Unit::Seconds);
  return version.isEmpty() ? roundTrip : version + QStringLiteral(" · ") + roundTrip;
}

QString stateSentence(const SourceState& state, qint64 nowMs) {
  const QString last = state.lastGoodMs > 0 ? Words::tr("Last good sample at %1.").arg(clockTime(state.lastGoodMs))
                                            : Words::tr("No sample yet.");
  switch (state.kind) {
    case Kind::Idle: return Words::tr("Not connected.");
    case Kind::Connecting: return Words::tr("Connecting.");
    case Kind::Kept: return Words::tr("Kept in a snapshot: nothing is asked of it.");
    case Kind::Live: return Words::tr("Live: answers in %1.").arg(formatValue(state.roundTripSeconds, Unit::Seconds));
    case Kind::Stale: return Words::tr("Stale: no answer for %1. %2").arg(secondsBetween(state.lastGoodMs, nowMs), last);
    case Kind::Failed: break;
  }
  const QString next = state.retryAtMs > 0 ? Words::tr("Failed; %1. %2").arg(untilRetry(state, nowMs), last)
                                           : Words::tr("Failed; not tried again until you say so. %1").arg(last);
  return next;
}

}  // namespace cachedeck
