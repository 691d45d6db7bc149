// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/promql/promqlcontroller.h"

#include "core/sources/prometheus/prometheus_client.h"
#include "core/sources/prometheus/prometheus_fields.h"
#include "core/sources/prometheus/series_names.h"

#include <QElapsedTimer>

#include <algorithm>

namespace cachedeck {

namespace {

constexpr std::chrono::milliseconds deadline{30'000};
constexpr qint64 points = 600, shortestStepMs = 1000;
// What was there longer ago is no help to who writes a query now, and dear to look up.
constexpr qint64 labelsBackMs = 12 * 3600'000;
constexpr int mostKnown = 64, namesGoodMs = 30'000, goodMs = 60'000, failedMs = 5'000;

QString keyOf(const LabelQuestion& question) { return question.label + QLatin1Char('\n') + question.selectors.join(QLatin1Char('\n')); }

void putValues(PromqlAnswer& answer, const PromResult& result) {
  for (const PromSeries& series : result.series)
    if (!series.points.empty()) answer.values.push_back({seriesText(series.labels, 1000), series.points.back().second, static_cast<int>(series.points.size())});
}

/// Series side by side over the times that any of them has.
SeriesGroup tableOf(const std::vector<PromSeries>& series, bool* unbounded, double* largest) {
  SeriesGroup group;
  group.name = "promql";
  for (const PromSeries& one : series)
    for (const auto& point : one.points) group.timesMs.push_back(static_cast<qint64>(std::llround(point.first * 1000)));
  std::sort(group.timesMs.begin(), group.timesMs.end());
  group.timesMs.erase(std::unique(group.timesMs.begin(), group.timesMs.end()), group.timesMs.end());
  for (size_t i = 0; i < series.size(); ++i) {
    SeriesGroup::Column column{"promql." + QByteArray::number(i), std::vector<float>(group.timesMs.size(), NAN)};
    for (const auto& [at, value] : series[i].points) {
      const auto place = std::lower_bound(group.timesMs.begin(), group.timesMs.end(), static_cast<qint64>(std::llround(at * 1000)));
      *unbounded = *unbounded || std::isinf(value);
      if (!std::isfinite(value)) continue;
      *largest = std::max(*largest, std::abs(value));
      column.values[static_cast<size_t>(place - group.timesMs.begin())] = static_cast<float>(value);
    }
    group.columns.push_back(std::move(column));
  }
  return group;
}

/// Those whose newest value is farthest from zero, in the order in which they stand.
void keepLargest(std::vector<PromSeries>& series) {
  const auto size = [](const PromSeries& one) { return one.points.empty() || !std::isfinite(one.points.back().second) ? -1.0 : std::abs(one.points.back().second); };
  std::vector<double> sizes;
  for (const PromSeries& one : series) sizes.push_back(size(one));
  std::sort(sizes.begin(), sizes.end(), std::greater<>());
  const double smallest = sizes[PromqlController::mostLines - 1];
  // Of equal ones as many as there is room for.
  auto room = std::count(sizes.begin(), sizes.begin() + PromqlController::mostLines, smallest);
  std::erase_if(series, [&](const PromSeries& one) { return size(one) < smallest || (size(one) == smallest && room-- <= 0); });
}

void putChart(PromqlAnswer& answer, Result<PromResult> result) {
  if (!result) {
    answer.chartNote = result.error().message;
    return;
  }
  const size_t count = result->series.size();
  if (count > PromqlController::mostLines) {
    keepLargest(result->series);
    answer.chartNote = PromqlController::tr("the %1 largest of %2 series").arg(PromqlController::mostLines).arg(count);
  }
  answer.lines = seriesNames(result->series, PromqlController::tr("value"));
  bool unbounded = false;
  answer.past = History::past({tableOf(result->series, &unbounded, &answer.largest)});
  if (unbounded) answer.chartNote += (answer.chartNote.isEmpty() ? QString() : QStringLiteral(" · ")) + PromqlController::tr("infinite values are gaps");
  if (count == 0) answer.chartNote = PromqlController::tr("The query gives nothing in this time range.");
}

PromqlAnswer ask(const SourceSettings& settings, const QString& query, const TimeSpan& span, qint64 nowMs, const std::stop_token& stop) {
  QElapsedTimer timer;
  timer.start();
  PromqlAnswer answer;
  answer.query = query;
  answer.span = span;
  // Prometheus knows of no future: some minutes ahead a query finds nothing, and a range goes on with what was last.
  const qint64 toMs = answer.atMs = std::min(span.toMs, nowMs), fromMs = std::min(span.fromMs, toMs);
  const Result<HttpSettings> http = httpSettings(settings, prometheusFields());
  if (!http) {
    answer.failure = http.error().message;
    return answer;
  }
  PrometheusClient client(*http);
  const Result<PromResult> now = client.query(query, stop, toMs, deadline);
  if (now) {
    answer.warnings = now->warnings;
    putValues(answer, *now);
    putChart(answer, client.queryRange(query, fromMs, toMs, std::max(shortestStepMs, (toMs - fromMs) / points), stop));
  } else {
    answer.failure = now.error().message;
  }
  answer.elapsedMs = timer.elapsed();
  return answer;
}

}  // namespace

PromqlController::PromqlController(const Clock& clock, QObject* parent) : QObject(parent), m_clock(clock), m_known(mostKnown) {}
PromqlController::~PromqlController() = default;

void PromqlController::setRunning(bool running) {
  if (std::exchange(m_running, running) != running) Q_EMIT runningChanged(running);
}

void PromqlController::open(const std::optional<SourceSettings>& prometheus) {
  cancel();
  m_names.reset();
  m_known.clear();
  m_next.reset();
  m_asking = m_naming = false;
  m_metrics.clear();
  m_metricsUntil = {};
  m_settings = prometheus;
  if (!m_settings) return;
  m_names = std::make_unique<Worker>(QStringLiteral("metric names"));
  readNames();
}

void PromqlController::readNames() {
  if (!m_names || m_naming || !m_metricsUntil.hasExpired()) return;
  m_naming = true;
  m_names->post(
      this,
      [settings = *m_settings](std::stop_token stop) -> QStringList {
        const Result<HttpSettings> http = httpSettings(settings, prometheusFields());
        if (!http) return {};
        const Result<QStringList> names = PrometheusClient(*http).metricNames(stop);
        return names ? *names : QStringList();  // without them one writes the names oneself
      },
      [this](const QStringList& names) {
        m_naming = false;
        if (names.isEmpty()) return;  // a server that has just been started has some soon
        m_metricsUntil = QDeadlineTimer(namesGoodMs);
        if (std::exchange(m_metrics, names) != names) Q_EMIT named(names);
      });
}

void PromqlController::askLabels(const LabelQuestion& question) {
  m_next.reset();
  const Known* const known = m_known.object(keyOf(question));
  if (known && !known->until.hasExpired()) {
    if (!known->words.isEmpty()) Q_EMIT labelled(question, known->words);
    return;
  }
  m_next = question;
  askNext();
}

void PromqlController::askNext() {
  if (m_asking || !m_next || !m_names) return;
  m_asking = true;
  const LabelQuestion question = *std::exchange(m_next, std::nullopt);
  m_names->post(
      this,
      [settings = *m_settings, question, fromMs = m_clock.now().wallMs - labelsBackMs](std::stop_token stop) -> Result<QStringList> {
        const Result<HttpSettings> http = httpSettings(settings, prometheusFields());
        if (!http) return http.error();
        PrometheusClient client(*http);
        return question.label.isEmpty() ? client.labelNames(question.selectors, fromMs, stop) : client.labelValues(question.label, question.selectors, fromMs, stop);
      },
      [this, question](const Result<QStringList>& words) {
        m_asking = false;
        // A server that did not say is not asked again with every letter.
        m_known.insert(keyOf(question), new Known{words ? *words : QStringList(), QDeadlineTimer(words ? goodMs : failedMs)});
        // By way of what is known now: letters that were typed meanwhile ask the same again.
        if (m_next) return askLabels(*std::exchange(m_next, std::nullopt));
        if (words) Q_EMIT labelled(question, *words);
      });
}

void PromqlController::run(const QString& query, const TimeSpan& span) {
  if (!m_settings) return;
  m_queries = std::make_unique<Worker>(QStringLiteral("query"));
  setRunning(true);
  m_queries->post(
      this, [settings = *m_settings, query, span, nowMs = m_clock.now().wallMs](std::stop_token stop) { return ask(settings, query, span, nowMs, stop); },
      [this](const PromqlAnswer& answer) {
        setRunning(false);
        Q_EMIT answered(answer);
      });
}

void PromqlController::cancel() {
  m_queries.reset();  // the connection is shut down, so this returns at once
  setRunning(false);
}

}  // namespace cachedeck
