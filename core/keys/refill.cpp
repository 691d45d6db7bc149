// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/amounts.h"
#include "core/keys/forecast.h"
#include "core/keys/key_text.h"
#include "core/metrics/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <vector>

namespace cachedeck {

using namespace keys;

namespace {

constexpr qint64 now = qint64{1000} * 86'400'000;  // any
constexpr qint64 piecesOfAClass = 50;
constexpr double cliffMs = 15'000, leastKeys = 1000, leastShare = 0.05;  // as CliffFinder has them
constexpr double suggestedJitter = 0.1;

QString tr(const char* text) { return QCoreApplication::translate("Forecast", text); }

/// Keys that end evenly over a time.
struct Ends {
  double from = 0, to = 0, keys = 0;
  double density() const { return keys / (to - from); }
  double within(double begin, double end) const { return std::max(0.0, std::min(end, to) - std::max(begin, from)) * density(); }
};

/// Where keys end whose TTL lies between two: what newExpiry() makes of the corners, old TTL by draw. No action: where they end by themselves.
std::optional<Ends> endsOf(qint64 low, qint64 high, qint64 keys, const Action* action) {
  std::optional<Ends> ends;
  for (const qint64 ttl : {low, high})
    for (const double draw : {0.0, 0.999999}) {
      const qint64 old = ttl < 0 ? KeyImage::noExpiry : now + ttl;
      const ExpiryChange change = action ? newExpiry(*action, old, now, draw) : ExpiryChange{};
      const qint64 at = change.changes ? change.expiresAtMs : old;
      if (at == KeyImage::noExpiry) continue;
      const double left = static_cast<double>(at - now);
      if (!ends) ends = Ends{left, left, static_cast<double>(keys)};
      ends->from = std::min(ends->from, left);
      ends->to = std::max(ends->to, left);
    }
  if (ends) ends->to = std::max(ends->to, ends->from + 1000);
  return ends;
}

std::vector<Ends> endsAfter(const TtlHistogram& before, const Action* action) {
  std::vector<Ends> all;
  for (qsizetype number = 0; number < before.counts().size(); ++number) {
    const qint64 count = before.counts()[number], pieces = number == 0 ? std::min<qint64>(count, 1) : std::min(count, piecesOfAClass);
    for (qint64 i = 0; i < pieces; ++i) {
      const auto ttl = [&](qint64 piece) { return number == 0 ? qint64{-1} : ttlInClass(number, static_cast<double>(piece) / static_cast<double>(pieces)); };
      if (const auto ends = endsOf(ttl(i), ttl(i + 1), count / pieces + (i < count % pieces ? 1 : 0), action)) all.push_back(*ends);
    }
  }
  return all;
}

struct Peak {
  double perSecond = 0, atMs = 0;
};

Peak peakOf(const std::vector<Ends>& all) {
  std::vector<std::pair<double, double>> steps;
  for (const Ends& ends : all) {
    steps.emplace_back(ends.from, ends.density());
    steps.emplace_back(ends.to, -ends.density());
  }
  std::ranges::sort(steps);
  Peak peak;
  double density = 0;
  for (const auto& [at, step] : steps) {
    density += step;
    if (1000 * density > peak.perSecond * (1 + 1e-9)) peak = {1000 * density, at};
  }
  return peak;
}

/// The most keys that end within `cliffMs`, and from when on.
Peak steepest(const std::vector<Ends>& all) {
  Peak most;
  for (const Ends& one : all)
    for (const double begin : {one.from, one.to - cliffMs}) {
      double sum = 0;
      for (const Ends& ends : all) sum += ends.within(begin, begin + cliffMs);
      if (sum > most.perSecond) most = {sum, begin};
    }
  return most;
}

QString rateText(double rate) { return rate < 10 ? QString::number(rate, 'g', 2) : shortCount(static_cast<qint64>(rate)); }

QString loadText(double rate, std::optional<double> meanMs) {
  if (!meanMs || !(*meanMs > 0)) return tr("How long a query takes is not known (no PostgreSQL figures).");
  return tr("Asked for again, that is %1 queries/s of %2: about %3 connections busy.").arg(rateText(rate), formatValue(*meanMs / 1000, Unit::Seconds), QString::number(rate * *meanMs / 1000, 'g', 2));
}

QString adviceOn(const Action& action) {
  const ActionInfo& info = infoOf(action.kind);
  if (info.takesTime && info.takesJitter && action.jitter < suggestedJitter)
    return tr("A jitter of 10% spreads them over %1.").arg(ttlText(static_cast<qint64>(2 * suggestedJitter * static_cast<double>(action.amountMs))));
  if (action.kind == ActionKind::SoftExpire) return tr("A longer time spreads them further.");
  return info.takesJitter ? tr("A longer time or more jitter spreads them further.") : tr("Spread them with Spread TTL, or expire softly over a longer time.");
}

RefillForecast ofDeletion(qint64 keys, double keysPerSecond, std::optional<double> meanMs) {
  RefillForecast forecast;
  if (keysPerSecond > 0) {
    forecast.peakPerSecond = std::min(keysPerSecond, static_cast<double>(keys));
    forecast.text = tr("At most %1 keys/s go, for %2. %3").arg(rateText(keysPerSecond), formatDuration(static_cast<double>(keys) / keysPerSecond), loadText(forecast.peakPerSecond, meanMs));
  } else if (meanMs && *meanMs > 0) {
    const double mean = *meanMs / 1000;
    forecast.text = tr("If each key is asked for again, the database answers %1 queries of %2: %3 of its time. All at once: the cache is cold from then on. A rate, or Expire softly, spreads it.")
                        .arg(countText(keys), formatValue(mean, Unit::Seconds), formatDuration(static_cast<double>(keys) * mean));
  } else {
    forecast.text = tr("All go at once: the cache is cold from then on. How long a query takes is not known (no PostgreSQL figures).");
  }
  return forecast;
}

}  // namespace

RefillForecast refillForecast(const TtlHistogram& before, qint64 keys, const Action& action, double keysPerSecond, std::optional<double> meanQueryMs) {
  if (keys == 0) return {};
  if (action.deletes()) return ofDeletion(keys, keysPerSecond, meanQueryMs);
  const std::vector<Ends> was = endsAfter(before, nullptr), ends = endsAfter(before, &action);
  RefillForecast forecast;
  if (ends.empty()) {
    forecast.text = tr("These keys do not end any more: nothing has to be read again because of this.");
    return forecast;
  }
  const Peak peak = peakOf(ends), old = peakOf(was), cliff = steepest(ends);
  forecast.peakPerSecond = peak.perSecond;
  forecast.peakAfterMs = static_cast<qint64>(peak.atMs);
  forecast.cliff = cliff.perSecond >= leastKeys && cliff.perSecond >= leastShare * static_cast<double>(keys) && cliff.perSecond > 1.5 * steepest(was).perSecond;
  QStringList parts;
  if (forecast.cliff)
    parts << tr("A cliff: about %1 keys end within %2, in %3.").arg(countText(std::min(keys, static_cast<qint64>(cliff.perSecond + 0.5))), formatDuration(cliffMs / 1000), ttlText(forecast.peakAfterMs)) << adviceOn(action);
  parts << tr("At the fastest about %1 keys/s end, in %2 (%3 without this).").arg(rateText(peak.perSecond), ttlText(forecast.peakAfterMs), rateText(old.perSecond)) << loadText(peak.perSecond, meanQueryMs);
  forecast.text = parts.join(QLatin1Char(' '));
  return forecast;
}

}  // namespace cachedeck
