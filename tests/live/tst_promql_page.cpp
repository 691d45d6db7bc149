// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/prometheus/custom_queries.h"
#include "core/sources/prometheus/prometheus_client.h"
#include "core/sources/prometheus/prometheus_fields.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"
#include "tests/ui/tst_window_pictures.h"
#include "ui/charts/chartbackend.h"
#include "ui/charts/chartpanel.h"
#include "ui/charts/frameclock.h"
#include "ui/charts/plotitem.h"
#include "ui/overview/overviewpage.h"
#include "ui/promql/promqlchart.h"
#include "ui/promql/promqlpage.h"
#include "ui/promql/querybox.h"
#include "ui/promql/resulttable.h"
#include "ui/widgets/notice.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::test;

/// The page of queries and own charts against a Prometheus that scrapes itself each second.
class TestPromqlPageLive : public QObject {
  Q_OBJECT
  PrometheusServer m_prometheus;
  SystemClock m_clock;
  TimeView m_view;
  std::unique_ptr<FrameClock> m_frames;
  std::unique_ptr<PromqlPage> m_page;

  SourceSettings settings() const { return httpSettingsFromUrl(m_prometheus.url()).value(); }
  PromqlAnswer run(const QString& query) {
    QSignalSpy answered(&m_page->controller(), &PromqlController::answered);
    m_page->box()->setPlainText(query);
    m_page->run();
    [&] { QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 1, 60000); }();
    return answered.isEmpty() ? PromqlAnswer{} : answered.front().front().value<PromqlAnswer>();
  }
  QString cell(int row, int column) const { return m_page->table()->cells()->index(row, column).data().toString(); }

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_prometheus.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    // Two scrapes, so that there are names and rates.
    PrometheusClient client(httpSettings(settings(), prometheusFields()).value());
    QVERIFY(becomes([&] {
      const Result<PromResult> scrapes = client.query(QStringLiteral("count_over_time(up[1m]) >= 4"), {});
      return scrapes.ok() && scrapes->series.size() == 1;
    }));
  }
  void init() {
    failOnWarnings();
    m_frames = std::make_unique<FrameClock>(m_clock);
    m_page = std::make_unique<PromqlPage>(m_clock, m_view, *m_frames);
    m_page->resize(1300, 850);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_frames->start();
    m_page->open(settings(), QStringLiteral("shop"));
  }
  void cleanup() {
    m_page.reset();
    m_frames.reset();
  }

  void namesAreSortedAndCapped() {
    PrometheusClient client(httpSettings(settings(), prometheusFields()).value());
    const Result<QStringList> names = client.metricNames({});
    QVERIFY2(names.ok(), names.ok() ? "" : qPrintable(names.error().message));
    QVERIFY(names->contains(QStringLiteral("up")) && names->contains(QStringLiteral("prometheus_build_info")));
    QVERIFY(std::is_sorted(names->begin(), names->end()));
    QCOMPARE(client.metricNames({}, 3)->size(), 3);
  }

  void labelsAndValuesOfTheSeriesThatAreMeant() {
    PrometheusClient client(httpSettings(settings(), prometheusFields()).value());
    const qint64 from = m_clock.now().wallMs - 3600'000;
    const QString up = QStringLiteral("up"), requests = QStringLiteral("prometheus_http_requests_total{handler!=\"/metrics & +\"}");
    const Result<QStringList> names = client.labelNames({up}, from, {});
    QVERIFY2(names.ok(), names.ok() ? "" : qPrintable(names.error().message));
    QCOMPARE(*names, QStringList({QStringLiteral("__name__"), QStringLiteral("instance"), QStringLiteral("job")}));
    const QStringList both = client.labelNames({up, requests}, from, {}).value();
    QVERIFY(both.contains(QStringLiteral("code")) && both.contains(QStringLiteral("job")) && !both.contains(QStringLiteral("quantile")));
    QVERIFY(client.labelNames({}, from, {}).value().size() > both.size());
    QCOMPARE(client.labelNames({}, from, {}, 2).value().size(), 2);
    QVERIFY(client.labelValues(QStringLiteral("handler"), {requests}, from, {}).value().contains(QStringLiteral("/api/v1/query")));
    QCOMPARE(client.labelValues(QStringLiteral("handler"), {up}, from, {}).value(), QStringList());
    QCOMPARE(client.labelValues(QStringLiteral("handler"), {}, from, {}, 3).value().size(), 3);
    QVERIFY(!client.labelValues(QStringLiteral("../x"), {}, from, {}).ok());
    QVERIFY(!client.labelValues(QStringLiteral("handler"), {QStringLiteral("up{")}, from, {}).ok());
    QVERIFY(!client.labelNames({QString(3000, QLatin1Char('x'))}, from, {}).ok());
  }

  void completesALabelAndItsValue() {
    QueryBox& box = *m_page->box();
    QAbstractItemView& list = *box.completer()->popup();
    box.setFocus();
    QTest::keyClicks(&box, QStringLiteral("sum(rate(prometheus_http_requests_total{han"));
    QTRY_VERIFY_WITH_TIMEOUT(list.isVisible() && box.completer()->completionCount() == 1, 60000);
    QTest::keyClick(&list, Qt::Key_Return);
    QTest::keyClicks(&box, QStringLiteral("=~\"/api/v1/quer"));
    QTRY_VERIFY_WITH_TIMEOUT(list.isVisible(), 60000);
    QTest::keyClick(&list, Qt::Key_Return);
    QTest::keyClicks(&box, QStringLiteral("}[1m])) by (co"));
    QTRY_VERIFY_WITH_TIMEOUT(list.isVisible() && box.completer()->completionCount() == 1, 60000);  // what the series have, once Prometheus has said it
    QTest::keyClick(&list, Qt::Key_Return);
    QTest::keyClicks(&box, QStringLiteral(")"));
    QVERIFY2(box.toPlainText().startsWith(QLatin1String("sum(rate(prometheus_http_requests_total{handler=~\"/api/v1/quer")) && box.toPlainText().endsWith(QLatin1String("\"}[1m])) by (code)")), qPrintable(box.toPlainText()));
    QVERIFY(run(box.toPlainText()).failure.isEmpty());
  }

  void completesRunsAndDraws() {
    QueryBox& box = *m_page->box();
    box.setFocus();
    const auto offered = [&] {
      box.completer()->setCompletionPrefix(QStringLiteral("prometheus_http_requests_tot"));
      return box.completer()->completionCount();
    };
    QTRY_COMPARE_WITH_TIMEOUT(offered(), 1, 60000);
    QTest::keyClicks(&box, QStringLiteral("sum by (code) (rate(prometheus_http_requests_tot"));
    QTRY_VERIFY_WITH_TIMEOUT(box.completer()->popup()->isVisible(), 60000);
    QTest::keyClick(box.completer()->popup(), Qt::Key_Return);
    QTest::keyClicks(&box, QStringLiteral("[30s]))"));
    QCOMPARE(box.toPlainText(), QStringLiteral("sum by (code) (rate(prometheus_http_requests_total[30s]))"));
    QSignalSpy answered(&m_page->controller(), &PromqlController::answered);
    QTest::keyClick(&box, Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 1, 60000);
    QVERIFY(m_page->table()->cells()->rowCount() >= 1);
    QVERIFY(cell(0, 0).startsWith(QLatin1String("{code=\"")));
    QVERIFY(cell(0, 1).endsWith(QLatin1String("/s")));
    QTRY_VERIFY_WITH_TIMEOUT(!m_page->chart()->panel()->backend().plot().data().isEmpty(), 60000);
    picture(*m_page, QStringLiteral("promql-live"));
  }

  void strangeValues() {
    run(QStringLiteral("vector(0)/0 or label_replace(vector(1)/0, \"x\", \"<b>&\", \"\", \"\")"));
    QCOMPARE(m_page->table()->cells()->rowCount(), 2);
    QCOMPARE(cell(0, 1), QStringLiteral("NaN"));
    QCOMPARE(cell(1, 1), QStringLiteral("+Inf"));
    QCOMPARE(cell(1, 0), QStringLiteral("{x=\"<b>&\"}"));
    // A range vector has values now, and no chart.
    const PromqlAnswer answer = run(QStringLiteral("up[20s]"));
    QVERIFY(answer.failure.isEmpty() && answer.values.front().samples > 1 && !answer.past);
    QTRY_VERIFY_WITH_TIMEOUT(m_page->chart()->panel()->status().notice.sentence.contains(QLatin1String("range vector")), 60000);
  }

  void parseErrorsAreMarked() {
    const auto marked = [&](const QString& query) {
      run(query);
      const auto marks = m_page->box()->extraSelections();
      return marks.isEmpty() ? QStringLiteral("none") : marks.front().cursor.selectedText();
    };
    QCOMPARE(marked(QStringLiteral("sum(up))")), QStringLiteral(")"));
    QCOMPARE(marked(QStringLiteral("up{job=\"ü\"} + wrong_function(up)")), QStringLiteral("wrong_function"));
    QCOMPARE(marked(QStringLiteral("up +\n  foo bar")), QStringLiteral("bar"));
    QVERIFY(m_page->message()->isVisible() && m_page->message()->text().sentence.contains(QLatin1String("parse error")));
    QCOMPARE(marked(QStringLiteral("up * on(x) group_left() up")), QStringLiteral("none"));  // read, but not carried out, or empty
    QCOMPARE(marked(QStringLiteral("up")), QStringLiteral("none"));
  }

  void anOwnChartGetsSamples() {
    History history;
    CustomQueries queries(m_clock, history);
    OverviewPage page(history, m_view, *m_frames);
    connect(&queries, &CustomQueries::changed, &page, [&] { page.setCustomPanels(queries.states()); });
    connect(m_page.get(), &PromqlPage::panelWanted, &page, [&](CustomPanel panel) {
      panel.number = 1;
      queries.setPanels({panel});
    });
    const size_t before = page.panels().size();
    run(QStringLiteral("process_resident_memory_bytes"));
    m_page->addButton()->click();
    QCOMPARE(page.panels().size(), before + 1);
    queries.open(settings());
    QTRY_VERIFY_WITH_TIMEOUT(history.last(QLatin1String("custom.1.0")) > 1e6, 60000);
    const qint64 first = history.lastMs(QLatin1String("custom.1.0"));
    QTRY_VERIFY_WITH_TIMEOUT(history.lastMs(QLatin1String("custom.1.0")) > first, 60000);  // and again after a while
    QCOMPARE(queries.states().front().series.size(), 1);
    QVERIFY(queries.states().front().trouble.isEmpty());
    m_prometheus.kill9();
    QTRY_VERIFY_WITH_TIMEOUT(!queries.states().front().trouble.isEmpty(), 60000);
    QCOMPARE(m_prometheus.start(), QString());
    QTRY_VERIFY_WITH_TIMEOUT(queries.states().front().trouble.isEmpty(), 60000);
  }
};

QTEST_MAIN(TestPromqlPageLive)
#include "tst_promql_page.moc"
