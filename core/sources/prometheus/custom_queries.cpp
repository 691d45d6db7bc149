// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/prometheus/custom_queries.h"

#include "core/sources/prometheus/prometheus_client.h"
#include "core/sources/prometheus/prometheus_fields.h"
#include "core/sources/prometheus/series_names.h"

#include <QElapsedTimer>

#include <algorithm>
#include <map>

namespace cachedeck {

namespace {

constexpr int shortestMs = 5000, longestMs = 15000;
// A round takes at most a twentieth of the time, so that own charts are no load on the server.
constexpr double roundsShare = 20;
constexpr qint64 pastMs = 3600'000, pastStepMs = 10'000;
// More series than that are not asked for their past: it would be many times what is drawn.
constexpr size_t mostPastSeries = 40;
// Series that come and go get ids anew; more than that of one chart are not kept apart.
constexpr int mostIds = 64;

constexpr qint64 longestStepMs = longestMs * 5 / 2;

QLatin1String view(const QByteArray& bytes) { return QLatin1String(bytes.constData(), bytes.size()); }

bool isGone(const Error& error) {
  using Kind = Error::Kind;
  return error.kind != Kind::Usage && error.kind != Kind::Server && error.kind != Kind::Protocol && error.kind != Kind::NotFound;
}

}  // namespace

CustomQueries::CustomQueries(const Clock& clock, History& history, QObject* parent) : QObject(parent), m_clock(clock), m_history(history), m_periodMs(shortestMs) {
  m_timer.setSingleShot(true);
  connect(&m_timer, &QTimer::timeout, this, &CustomQueries::ask);
}

CustomQueries::~CustomQueries() = default;

void CustomQueries::open(const std::optional<SourceSettings>& prometheus) {
  m_worker.reset();  // a query under way returns at once
  m_busy = false;
  m_settings = prometheus;
  m_periodMs = shortestMs;
  if (m_settings) m_worker = std::make_unique<Worker>(QStringLiteral("own charts"));
  ask();
}

void CustomQueries::setPanels(const QList<CustomPanel>& panels) {
  QList<Entry> entries;
  for (const CustomPanel& panel : panels) {
    const auto before = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& one) { return one.panel.number == panel.number; });
    Entry entry;
    if (before != m_entries.end()) {
      entry = *before;
      if (entry.panel.query != panel.query) entry.lines.clear(), entry.shown.clear(), entry.trouble.clear(), entry.asked = false;
    }
    entry.panel = panel;
    entry.group = "custom." + QByteArray::number(panel.number);
    entries.append(entry);
  }
  m_entries = entries;
  Q_EMIT changed();
  ask();
}

QList<CustomPanelState> CustomQueries::states() const {
  QList<CustomPanelState> states;
  for (const Entry& entry : m_entries) {
    CustomPanelState state{entry.panel, {}, entry.trouble};
    for (const QString& key : entry.shown) state.series.append({entry.lines[key].metric, entry.lines[key].label});
    states.append(state);
  }
  return states;
}

void CustomQueries::ask() {
  if (m_busy || !m_worker || m_entries.isEmpty()) return;
  m_busy = true;
  m_timer.stop();
  std::vector<Ask> asks;
  for (const Entry& entry : m_entries) asks.emplace_back(entry.panel, !entry.asked);
  m_worker->post(
      this, [settings = *m_settings, asks, nowMs = m_clock.now().wallMs](std::stop_token stop) { return run(settings, asks, nowMs, stop); },
      [this](const Round& round) { take(round); });
}

CustomQueries::Round CustomQueries::run(const SourceSettings& settings, const std::vector<Ask>& asks, qint64 nowMs, std::stop_token stop) {
  QElapsedTimer timer;
  timer.start();
  Round round{};
  const Result<HttpSettings> http = httpSettings(settings, prometheusFields());
  if (!http) {
    for (const Ask& one : asks) round.answers.push_back({one.first.number, one.first.query, http.error().message, {}, {}});
    return round;
  }
  PrometheusClient client(*http);
  QString gone;
  for (const auto& [panel, wantsPast] : asks) {
    if (!gone.isEmpty()) {  // the others would only wait for the same
      round.answers.push_back({panel.number, panel.query, gone, {}, {}});
      continue;
    }
    Answer answer{panel.number, panel.query, {}, {}, {}};
    Result<PromResult> now = client.query(panel.query, stop);
    if (now) answer.now = std::move(*now);
    else answer.failure = now.error().message;
    if (!now && isGone(now.error())) gone = answer.failure;
    if (now && wantsPast && answer.now.series.size() <= mostPastSeries)
      if (Result<PromResult> past = client.queryRange(panel.query, nowMs - pastMs, nowMs - 1000, pastStepMs, stop)) answer.past = std::move(*past);
    round.answers.push_back(std::move(answer));
  }
  round.seconds = static_cast<double>(timer.elapsed()) * 1e-3;
  return round;
}

void CustomQueries::take(const Round& round) {
  m_busy = false;
  const QList<CustomPanelState> before = states();
  const qint64 nowMs = m_clock.now().wallMs;
  for (const Answer& answer : round.answers)
    for (Entry& entry : m_entries)
      if (entry.panel.number == answer.number && entry.panel.query == answer.query) takeOne(entry, answer, nowMs);
  m_periodMs = std::clamp(static_cast<int>(round.seconds * 1000 * roundsShare), shortestMs, longestMs);
  const bool isNew = std::any_of(m_entries.begin(), m_entries.end(), [](const Entry& entry) { return !entry.asked && entry.trouble.isEmpty(); });
  m_timer.start(isNew ? 0 : m_periodMs);  // one that was added meanwhile need not wait
  if (states() != before) Q_EMIT changed();
}

void CustomQueries::takeOne(Entry& entry, const Answer& answer, qint64 nowMs) {
  entry.trouble = answer.failure;
  if (!answer.failure.isEmpty()) return;
  chooseLines(entry, answer.now);
  if (!std::exchange(entry.asked, true)) putPast(entry, answer.past, nowMs);
  History::Values values;
  for (const PromSeries& series : answer.now.series) {
    const QString key = seriesText(series.labels);
    if (series.points.empty() || !entry.shown.contains(key)) continue;
    const double value = series.points.back().second;
    if (std::isfinite(value)) values.emplace_back(view(entry.lines[key].metric), value);  // what has no bound cannot be drawn
  }
  m_history.append(view(entry.group), nowMs, values, false, longestStepMs);
}

void CustomQueries::chooseLines(Entry& entry, const PromResult& result) {
  const QStringList names = seriesNames(result.series, entry.panel.title);
  QStringList now, shown;
  for (const PromSeries& series : result.series) now << seriesText(series.labels);
  for (const QString& key : entry.shown)
    if (now.contains(key)) shown << key;  // a line stays where it is, whatever comes beside it
  for (qsizetype i = 0; i < now.size(); ++i) {
    const bool known = entry.lines.contains(now[i]);
    if (!shown.contains(now[i]) && shown.size() < mostLines && (known || entry.nextLine < mostIds)) {
      if (!known) entry.lines[now[i]].metric = entry.group + '.' + QByteArray::number(entry.nextLine++);
      shown << now[i];
    }
    if (entry.lines.contains(now[i])) entry.lines[now[i]].label = names[i];
  }
  if (!now.isEmpty()) entry.shown = shown;  // while there is nothing, the lines of before are shown with their gap
  if (now.isEmpty()) entry.trouble = QStringLiteral("The query gives no series now.");
  else if (now.size() > shown.size()) entry.trouble = QStringLiteral("%1 of %2 series").arg(shown.size()).arg(now.size());
  else if (!result.warnings.isEmpty()) entry.trouble = result.warnings.first();
}

void CustomQueries::putPast(Entry& entry, const PromResult& past, qint64 nowMs) {
  for (const QString& key : entry.shown)
    if (m_history.lastMs(view(entry.lines[key].metric)) > 0) return;  // the window knows it better
  std::map<qint64, History::Values> rows;
  for (const PromSeries& series : past.series) {
    const QString key = seriesText(series.labels);
    if (!entry.shown.contains(key)) continue;
    for (const auto& [at, value] : series.points)
      if (std::isfinite(value) && at * 1000 < static_cast<double>(nowMs)) rows[static_cast<qint64>(at * 1000)].emplace_back(view(entry.lines[key].metric), value);
  }
  if (!rows.empty()) m_history.backfill(view(entry.group), {rows.begin(), rows.end()}, longestStepMs);
}

}  // namespace cachedeck
