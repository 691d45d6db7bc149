// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/after_action.h"

#include "core/metrics/format.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

constexpr qint64 beforeMs = 5 * 60'000, afterMs = 60'000;
constexpr qint64 stretchMs = 6000;  // becomes eight of one-second samples, as the history joins powers of two; a single second with few look-ups says little
constexpr qint64 fewestStretches = 8, mostStretches = 240;
constexpr double backWithin = 1;  // point

#define ID(text) QLatin1String(text)

/// What else is compared; of several that say the same, the first that is measured.
struct Row {
  std::array<QLatin1String, 2> metrics;
  const char* words;
};
const Row rows[] = {
    {{ID("postgres.calls"), ID("postgres.transactions")}, "database calls"},
    {{ID("postgres.query_mean"), {}}, "mean query"},
    {{ID("app.latency_p95"), {}}, "p95 of the service"},
};
const QLatin1String hitRatios[] = {ID("redis.hit_ratio"), ID("app.hit_ratio")};

#undef ID

BeforeAfter compared(const History& history, QLatin1String metric, qint64 beginMs, qint64 endMs, qint64 atMs) {
  return {metric, history.summary(metric, beginMs - beforeMs, beginMs - 1).mean, history.summary(metric, std::max(endMs, atMs - afterMs), atMs).mean};
}

void lookForDip(const History& history, qint64 beginMs, qint64 endMs, qint64 atMs, AfterFigures& figures) {
  const auto count = static_cast<int>(std::clamp((atMs - beginMs) / stretchMs, fewestStretches, mostStretches));
  std::vector<Bucket> stretches = history.window(figures.hitRatio.metric, beginMs, atMs, count);
  std::erase_if(stretches, [](const Bucket& stretch) { return stretch.isGap(); });
  const auto lowest = std::ranges::min_element(stretches, {}, &Bucket::mean);
  if (lowest == stretches.end()) return;
  figures.lowestHitRatio = static_cast<double>(lowest->mean);
  const double enough = figures.hitRatio.before - backWithin;
  const auto back = std::find_if(lowest, stretches.end(), [&](const Bucket& stretch) { return static_cast<double>(stretch.mean) >= enough; });
  if (back == lowest) figures.recoverSeconds = 0;
  else if (back != stretches.end()) figures.recoverSeconds = std::max(0.0, static_cast<double>(back->fromMs - endMs) * 1e-3);
}

QString valueOf(QLatin1String metric, double value) {
  const MetricInfo* info = findMetric(metric);
  return formatValue(value, info ? info->unit : Unit::None);
}

QString comparison(const char* words, const BeforeAfter& figure) {
  return QStringLiteral("%1 %2 before, %3 now").arg(QLatin1String(words), valueOf(figure.metric, figure.before), valueOf(figure.metric, figure.after));
}

QString hitRatioText(const AfterFigures& figures) {
  QString text = comparison("hit ratio", figures.hitRatio);
  if (!std::isfinite(figures.lowestHitRatio)) return text;
  if (figures.lowestHitRatio >= figures.hitRatio.before - backWithin) return text + QStringLiteral(", never more than 1 point lower");
  text += QStringLiteral(", lowest %1").arg(valueOf(figures.hitRatio.metric, figures.lowestHitRatio));
  if (!std::isfinite(figures.recoverSeconds)) return text + QStringLiteral(", not back within 1 point yet");
  return text + QStringLiteral(", back within 1 point after %1").arg(formatDuration(figures.recoverSeconds));
}

const char* wordsOf(QLatin1String metric) {
  const Row* row = std::ranges::find_if(rows, [&](const Row& one) { return std::ranges::find(one.metrics, metric) != one.metrics.end(); });
  return row->words;
}

bool hasChanged(const QJsonObject& counts) {
  for (const char* const key : {"deleted", "changed", "restored"})
    if (counts[QLatin1String(key)].toInteger() > 0) return true;
  return false;
}

void addFigure(QJsonObject& counts, const BeforeAfter& figure) {
  counts[figure.metric + QLatin1String(".before")] = figure.before;
  counts[figure.metric + QLatin1String(".after")] = figure.after;
}

}  // namespace

AfterFigures afterFigures(const History& history, qint64 beginMs, qint64 endMs, qint64 atMs) {
  AfterFigures figures;
  for (const QLatin1String metric : hitRatios)
    if (!figures.hitRatio.isKnown()) figures.hitRatio = compared(history, metric, beginMs, endMs, atMs);
  if (figures.hitRatio.isKnown()) lookForDip(history, beginMs, endMs, atMs, figures);
  for (const Row& row : rows) {
    BeforeAfter figure;
    for (const QLatin1String metric : row.metrics)
      if (!figure.isKnown() && !metric.isEmpty()) figure = compared(history, metric, beginMs, endMs, atMs);
    if (figure.isKnown()) figures.others.push_back(figure);
  }
  return figures;
}

QString afterSentence(const AfterFigures& figures, int minutes) {
  if (figures.isEmpty()) return {};
  QStringList parts;
  if (figures.hitRatio.isKnown()) parts << hitRatioText(figures);
  for (const BeforeAfter& figure : figures.others) parts << comparison(wordsOf(figure.metric), figure);
  return QStringLiteral("%1 min after: %2.").arg(minutes).arg(parts.join(QStringLiteral("; ")));
}

void AfterActions::take(const JournalEntry& entry) {
  const auto key = std::pair(entry.operation, entry.action);
  if (entry.phase == QLatin1String("begin")) m_begins[key] = entry.wallMs;
  if (entry.phase != QLatin1String("end")) return;
  const auto begin = m_begins.find(key);
  const qint64 beginMs = begin == m_begins.end() ? entry.wallMs : std::min(begin->second, entry.wallMs);
  if (begin != m_begins.end()) m_begins.erase(begin);
  if (!entry.action.startsWith(QLatin1String("keys.")) || !hasChanged(entry.counts)) return;
  for (const int minutes : minutesAfter) m_due.push_back({entry, beginMs, minutes});
  std::ranges::stable_sort(m_due, {}, &Due::atMs);
}

std::vector<AfterActions::Due> AfterActions::due(qint64 nowMs) {
  const auto later = std::ranges::find_if(m_due, [&](const Due& one) { return one.atMs() > nowMs; });
  std::vector<Due> ready(std::make_move_iterator(m_due.begin()), std::make_move_iterator(later));
  m_due.erase(m_due.begin(), later);
  return ready;
}

void AfterActions::clear() {
  m_begins.clear();
  m_due.clear();
}

JournalEntry afterNote(const AfterActions::Due& due, const AfterFigures& figures) {
  JournalEntry note;
  note.action = due.end.action;
  note.phase = QStringLiteral("note");
  note.operation = due.end.operation;
  note.profile = due.end.profile;
  note.where = due.end.where;
  note.planDigest = due.end.planDigest;
  note.text = afterSentence(figures, due.minutes);
  note.counts[QLatin1String("minutes_after")] = due.minutes;
  if (figures.hitRatio.isKnown()) addFigure(note.counts, figures.hitRatio);
  if (std::isfinite(figures.lowestHitRatio)) note.counts[figures.hitRatio.metric + QLatin1String(".lowest")] = figures.lowestHitRatio;
  if (std::isfinite(figures.recoverSeconds)) note.counts[QLatin1String("recover_seconds")] = figures.recoverSeconds;
  for (const BeforeAfter& figure : figures.others) addFigure(note.counts, figure);
  return note;
}

}  // namespace cachedeck::keys
