// SPDX-License-Identifier: GPL-3.0-or-later
// A real Prometheus scrapes a service whose counters the test moves: every expression of the catalog against what they imply.
#include "core/metrics/metric.h"
#include "core/sources/prometheus/backfill.h"
#include "core/sources/prometheus/prometheus_fields.h"
#include "core/sources/prometheus/prometheus_source.h"
#include "tests/live/service_exporter.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <set>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

const SystemClock systemClock;

double valueOf(const Result<Sample>& sample, const char* id) {
  if (sample)
    for (const auto& [metric, value] : sample->values)
      if (metric == QLatin1String(id)) return value;
  return NAN;
}

bool near(double value, double expected, double tolerance) { return std::abs(value - expected) <= tolerance * std::abs(expected); }

/// Of a figure over a window, which may have to go by first, also after a scrape that was missed.
template <typename Condition>
bool settles(Condition condition) {
  return becomes(condition) || becomes(condition);
}

}  // namespace

class TestPrometheusServiceLive : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() {
    m_prometheus = std::make_unique<PrometheusServer>(config(QStringLiteral("- job_name: api\n  static_configs: [{targets: ['%1', '%2']}]\n")
                                                                 .arg(m_exporters[0].address(), m_exporters[1].address())));
    QCOMPARE(m_prometheus->start(), QString());
    m_source = sourceAt(m_prometheus->url());
    QVERIFY(m_source->connect({}).ok());
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void everyExpressionSaysWhatTheCountersDo() {
    Result<Sample> sample = measure();
    // Rates grow until the window is full; a fifth is for the jitter of scrapes on a busy machine.
    QVERIFY(settles([&] {
      sample = measure();
      return near(valueOf(sample, "app.requests"), 200, 0.2) && near(valueOf(sample, "app.pool_waits"), 8, 0.25) && near(valueOf(sample, "app.cpu"), 50, 0.25) &&
             valueOf(sample, "prometheus.targets_up") == 2;
    }));
    QCOMPARE(sample->notes, QStringList());
    QCOMPARE(valueOf(sample, "app.errors"), 0.0);  // none so far, and the counter has no series yet
    QCOMPARE(valueOf(sample, "app.error_ratio"), 0.0);
    QVERIFY(near(valueOf(sample, "app.latency_mean"), 0.03, 1e-6));
    QVERIFY(near(valueOf(sample, "app.latency_p50"), 0.01, 0.01));
    QVERIFY(near(valueOf(sample, "app.latency_p95"), 0.1, 0.01));
    QVERIFY(near(valueOf(sample, "app.latency_p99"), 0.25, 0.01));
    QVERIFY(near(valueOf(sample, "app.hit_ratio"), 100.0 * 69 / 95, 1e-6));
    QVERIFY(near(valueOf(sample, "app.hit_ratio_risk"), 75, 1e-6));
    QCOMPARE(valueOf(sample, "app.hit_ratio_dashboard"), 0.0);
    QVERIFY(near(valueOf(sample, "app.hit_ratio_connector"), 90, 1e-6));
    QVERIFY(std::isnan(valueOf(sample, "app.hit_ratio_marketplace")));
    QCOMPARE(valueOf(sample, "app.pool_in_use"), 12.0);  // both instances together
    QCOMPARE(valueOf(sample, "app.pool_idle"), 6.0);
    QCOMPARE(valueOf(sample, "app.pool_max"), 50.0);
    QCOMPARE(valueOf(sample, "app.pool_waiting"), 4.0);
    for (const MetricInfo& metric : metricCatalog())
      if (metric.id.startsWith(QLatin1String("app.")) && metric.id != QLatin1String("app.hit_ratio_marketplace"))
        QVERIFY2(std::isfinite(valueOf(sample, metric.id.data())), metric.id.data());
  }

  void errorsAreCounted() {
    for (ServiceExporter& exporter : m_exporters) exporter.setFailing(true);
    QVERIFY(settles([&] { return near(valueOf(measure(), "app.errors"), 1, 0.2); }));
    QVERIFY(settles([&] { return near(valueOf(measure(), "app.error_ratio"), 0.5, 0.05); }));
  }

  void theSelectorPicksAnInstance() {
    const auto source = sourceAt(m_prometheus->url(), QStringLiteral("instance=\"%1\"").arg(m_exporters[0].address()));
    QVERIFY(source->connect({}).ok());
    Result<Sample> sample = source->sample({});
    QVERIFY(settles([&] {
      sample = source->sample({});
      return near(valueOf(sample, "app.requests"), 100, 0.2) && valueOf(sample, "app.pool_max") == 25;
    }));
    const auto nobody = sourceAt(m_prometheus->url(), QStringLiteral("instance=\"nobody:1\""));
    QVERIFY(nobody->connect({}).ok());
    QVERIFY(becomes([&] {
      sample = nobody->sample({});
      return sample.ok() && sample->notes.size() == 1 && sample->notes.first().contains(QStringLiteral("“Service selector”"));
    }));
    QVERIFY(std::isnan(valueOf(sample, "app.requests")));
  }

  void historyHasEveryMetric() {
    PrometheusClient client(httpSettings(prometheusSourceInfo().fromUrl(m_prometheus->url()).value(), prometheusFields()).value());
    const auto seen = [&] {
      std::set<std::string> ids;
      const qint64 now = systemClock.now().wallMs;
      const auto rows = fetchHistory(client, QStringLiteral("app"), QString(), now - 3600'000, now, 1000, {});
      if (!rows) return ids;
      for (const BackfillRow& row : *rows)
        for (const auto& [metric, value] : row.values) {
          ids.insert(std::string(metric.data(), static_cast<size_t>(metric.size())));
          if (metric == QLatin1String("app.hit_ratio_risk") && !near(value, 75, 1e-6)) return std::set<std::string>{};
          if (metric == QLatin1String("app.latency_p95") && !near(value, 0.1, 0.01)) return std::set<std::string>{};
        }
      return ids;
    };
    for (const MetricInfo& metric : metricCatalog())
      if (metric.id.startsWith(QLatin1String("app.")) && metric.id != QLatin1String("app.hit_ratio_marketplace"))
        QVERIFY2(settles([&] { return seen().contains(metric.id.data()); }), metric.id.data());
  }

  void nothingIsDividedByNothing() {
    for (ServiceExporter& exporter : m_exporters) exporter.setBusy(false);
    Result<Sample> sample = measure();
    QVERIFY(settles([&] {
      sample = measure();
      return valueOf(sample, "app.requests") == 0 && valueOf(sample, "app.pool_max") == 50;
    }));
    for (const char* id : {"app.error_ratio", "app.latency_mean", "app.latency_p50", "app.latency_p95", "app.latency_p99", "app.hit_ratio", "app.hit_ratio_risk"})
      QVERIFY2(std::isnan(valueOf(sample, id)), id);
    QCOMPARE(valueOf(sample, "app.errors"), 0.0);
    QCOMPARE(sample->notes, QStringList());
    for (ServiceExporter& exporter : m_exporters) exporter.setBusy(true);
    QVERIFY(settles([&] { return valueOf(measure(), "app.latency_p95") > 0; }));
  }

  // Rates would go on over the rest of their window; what nobody measures has to be a gap.
  void aServiceThatIsDownHasNoFigures() {
    PrometheusClient client(httpSettings(prometheusSourceInfo().fromUrl(m_prometheus->url()).value(), prometheusFields()).value());
    m_exporters[0].setDown(true);
    QVERIFY(becomes([&] { return valueOf(measure(), "app.pool_max") == 25; }));  // the other one still answers
    m_exporters[1].setDown(true);
    Result<Sample> sample = measure();
    QVERIFY(becomes([&] {
      sample = measure();
      return sample.ok() && std::isnan(valueOf(sample, "app.pool_max"));
    }));
    const Result<PromResult> rate = client.query(QStringLiteral("sum(rate(http_requests_total[60s]))"), {});
    QVERIFY(rate.ok() && rate->series.size() == 1 && rate->series.front().points.front().second > 0);
    for (const auto& [metric, value] : sample->values) QVERIFY2(!metric.startsWith(QLatin1String("app.")), metric.data());
    QVERIFY(becomes([&] {
      sample = measure();
      return sample.ok() && sample->notes.size() == 3 && sample->notes.join(QLatin1Char(' ')).contains(QLatin1String("cannot scrape api (127.0.0.1:"));
    }));
    for (const QString& note : sample->notes.first(2)) QVERIFY2(note.startsWith(QLatin1String("Target api (127.0.0.1:")), qPrintable(note));
    QVERIFY2(sample->notes.last().startsWith(QLatin1String("The service's figures stopped: ")), qPrintable(sample->notes.last()));
    for (ServiceExporter& exporter : m_exporters) exporter.setDown(false);
    QVERIFY(becomes([&] { return valueOf(measure(), "app.pool_max") == 50; }));
  }

  void severalServicesAreNotSummed() {
    PrometheusServer second(config(QStringLiteral("- job_name: api\n  static_configs: [{targets: ['%1']}]\n- job_name: web\n  static_configs: [{targets: ['%2']}]\n")
                                       .arg(m_exporters[0].address(), m_exporters[1].address())));
    QCOMPARE(second.start(), QString());
    const auto source = sourceAt(second.url());
    QVERIFY(source->connect({}).ok());
    Result<Sample> sample = source->sample({});
    const QLatin1String both("scrapes 2 services: job=\"api\"; job=\"web\"");
    QVERIFY(becomes([&] {
      sample = source->sample({});
      return sample.ok() && sample->notes.join(QLatin1Char(' ')).contains(both);
    }));
    QVERIFY(std::isnan(valueOf(sample, "app.pool_max")));
    const auto chosen = sourceAt(second.url(), QStringLiteral("job=\"web\""));
    QVERIFY(chosen->connect({}).ok());
    QVERIFY(becomes([&] { return valueOf(chosen->sample({}), "app.pool_max") == 25; }));
  }

 private:
  static QString config(const QString& jobs) { return QStringLiteral("global: {scrape_interval: 1s}\nscrape_configs:\n") + jobs; }
  static std::unique_ptr<Source> sourceAt(const QString& url, const QString& selector = {}) {
    SourceSettings settings = prometheusSourceInfo().fromUrl(url).value();
    settings.fields.insert(QStringLiteral("app_selector"), selector);
    return prometheusSourceInfo().create(settings, systemClock);
  }
  Result<Sample> measure() { return m_source->sample({}); }

  ServiceExporter m_exporters[2];
  std::unique_ptr<PrometheusServer> m_prometheus;
  std::unique_ptr<Source> m_source;
};

QTEST_GUILESS_MAIN(TestPrometheusServiceLive)
#include "tst_prometheus_service_live.moc"
