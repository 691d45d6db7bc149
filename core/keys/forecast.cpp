// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/forecast.h"

#include "core/metrics/format.h"

#include <QCoreApplication>

#include <cmath>

namespace cachedeck {

using namespace keys;

namespace {

constexpr qint64 day = 86'400'000;
constexpr qint64 pointsOfAClass = 200;
constexpr qint64 atOnceMs = 10'000;
constexpr qint64 bytesOfAnExpiry = 60;  // name, two times and the record's frame, roughly

QString tr(const char* text) { return QCoreApplication::translate("Forecast", text); }

}  // namespace

qint64 ttlInClass(qsizetype number, double share) {
  const auto& classes = TtlHistogram::classes();
  const bool last = number == classes.size() - 1;
  const double low = number <= 1 ? 1000 : static_cast<double>(classes[number - 1].belowMs);
  const double high = last ? 60.0 * day : static_cast<double>(classes[number].belowMs);
  return static_cast<qint64>(low * std::pow(high / low, share));
}

TtlForecast ttlForecast(const TtlHistogram& before, const Action& action) {
  TtlForecast forecast;
  if (action.deletes()) {
    forecast.changes = before.total();
    return forecast;
  }
  constexpr qint64 now = 1000 * day;  // any
  double draw = 0.5;
  for (qsizetype number = 0; number < before.counts().size(); ++number) {
    const qint64 count = before.counts()[number], points = std::min(count, pointsOfAClass);
    for (qint64 i = 0; i < points; ++i) {
      const qint64 weight = count / points + (i < count % points ? 1 : 0);
      const qint64 ttl = number == 0 ? -1 : ttlInClass(number, (static_cast<double>(i) + 0.5) / static_cast<double>(points));
      draw = std::fmod(draw + 0.6180339887498949, 1.0);  // golden ratio: even, and not in step with the points
      const ExpiryChange change = newExpiry(action, ttl < 0 ? KeyImage::noExpiry : now + ttl, now, draw);
      forecast.changes += change.changes ? weight : 0;
      const bool sooner = change.changes && change.expiresAtMs != KeyImage::noExpiry && (ttl < 0 || change.expiresAtMs < now + ttl);
      forecast.atOnce += sooner && change.expiresAtMs - now < atOnceMs ? weight : 0;
      if (!change.changes) forecast.after.add(ttl, weight);
      else forecast.after.add(change.expiresAtMs == KeyImage::noExpiry ? -1 : change.expiresAtMs - now, weight);
    }
  }
  return forecast;
}

UndoForecast undoText(const Plan& plan, const Action& action, bool undo, qint64 cap) {
  if (!undo) return {tr("No images are kept: this cannot be undone."), false};
  if (!action.deletes()) return {tr("The expiry of each key before is kept (about %1): undo puts it back where nobody changed it since.").arg(bytesText(plan.keys * bytesOfAnExpiry)), false};
  if (!plan.sizesKnown()) return {tr("Images of at most %1, encrypted, are kept for a day; how large the keys are is not known. Undo puts keys back that are still absent, with the TTL they would have then.").arg(bytesText(cap)), false};
  if (plan.bytes > cap)
    return {tr("Images for undo would take about %1, more than the %2 that are allowed. Raise the bound, choose fewer keys, or go without undo.").arg(bytesText(plan.bytes), bytesText(cap)), true};
  return {tr("Images of about %1 (at most %2), encrypted, are kept for a day. Undo puts keys back that are still absent, with the TTL they would have then.").arg(bytesText(plan.bytes), bytesText(cap)), false};
}

}  // namespace cachedeck
