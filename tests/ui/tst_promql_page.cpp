// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/prometheus/custom_queries.h"
#include "core/sources/prometheus/series_names.h"
#include "tests/core/tst_http.h"
#include "tests/ui/chart_data.h"
#include "tests/ui/tst_window_pictures.h"
#include "ui/charts/chartbackend.h"
#include "ui/charts/chartpanel.h"
#include "ui/charts/frameclock.h"
#include "ui/charts/plotitem.h"
#include "ui/overview/overviewpage.h"
#include "ui/promql/examplequeries.h"
#include "ui/promql/promqlchart.h"
#include "ui/promql/promqlpage.h"
#include "ui/promql/promqltext.h"
#include "ui/promql/querybox.h"
#include "ui/promql/resulttable.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"

#include <QAbstractItemView>
#include <QClipboard>
#include <QComboBox>
#include <QCompleter>
#include <QContextMenuEvent>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace cachedeck;
using namespace cachedeck::charttest;

namespace {

constexpr qint64 now = 1'750'000'000'000;
const QString hostile = QStringLiteral("<b>x</b>&lt;%1\u202E");

QByteArray json(const QByteArray& body, const QByteArray& status = "200 OK") { return test::httpAnswer(status, "application/json", body); }

/// What the server says for a request line.
QByteArray answerTo(const QByteArray& request) {
  const QByteArray line = QByteArray::fromPercentEncoding(request.left(request.indexOf("\r\n")));
  if (line.contains("/label/__name__/values")) return json(R"({"status":"success","data":["up","redis_commands_total","redis_memory_used_bytes",7,null]})");
  if (line.contains("/api/v1/labels")) return json(R"({"status":"success","data":["__name__","instance","job","odd.name",7]})");
  if (line.contains("/label/job/values")) return json("{\"status\":\"success\",\"data\":[\"redis\",\"a.b\\\"c\",\"<b>x</b>&lt;%1\",\"two\\nlines\",\"turned\\u202e\",\"" + QByteArray(300, 'l') + "\"]}");
  if (line.contains("/label/instance/values")) return json(R"({"status":"error","errorType":"bad_data","error":"no"})", "400 Bad Request");
  const bool range = line.contains("query_range");
  if (line.contains("query=hangs")) return {};
  if (line.contains("query=sum(")) return json(R"({"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:8: parse error: unexpected right parenthesis"})", "400 Bad Request");
  if (line.contains("query=nothing")) return json(R"({"status":"success","data":{"resultType":"vector","result":[]}})");
  const QByteArray type = range ? "matrix" : "vector";
  const auto series = [range](const QByteArray& labels, const QByteArray& value, double base) {
    QByteArray one = "{\"metric\":{" + labels + "},";
    if (!range) return one + "\"value\":[1750000000,\"" + value + "\"]}";
    one += "\"values\":[";
    for (int i = 0; i <= 90; ++i) one += (i ? ",[" : "[") + QByteArray::number(1749999100 + i * 10) + ",\"" + QByteArray::number(base + std::sin(i / 7.0) * base / 3) + "\"]";
    return one + "]}";
  };
  QByteArrayList all;
  if (line.contains("query=strange")) all << series("\"a\":\"1\"", "NaN", 1) << series("\"a\":\"2\"", "+Inf", 2) << series("\"a\":\"3\"", "-Inf", -3) << series("\"a\":\"<b>x</b>&lt;%1\\u202e\"", "4", 4);
  else if (line.contains("query=many")) for (int i = 0; i < 30; ++i) all << series("\"__name__\":\"many\",\"i\":\"" + QByteArray::number(i) + "\"", QByteArray::number(i), i + 1);
  else all << series(R"("__name__":"redis_memory_used_bytes","instance":"cache-1:9121","job":"redis")", "1073741824", 1073741824) << series(R"("__name__":"redis_memory_used_bytes","instance":"cache-2:9121","job":"redis")", "536870912", 536870912);
  const QByteArray warning = line.contains("query=strange") ? R"("warnings":["<b>mind</b> this"],)" : "";
  return json("{\"status\":\"success\"," + warning + "\"data\":{\"resultType\":\"" + type + "\",\"result\":[" + all.join(',') + "]}}");
}

}  // namespace

/// The page of queries, on a server that answers what the test wants.
class TestPromqlPage : public QObject {
  Q_OBJECT
  FixedClock m_clock;
  std::unique_ptr<test::ScriptedHttp> m_server;
  std::unique_ptr<FrameClock> m_frames;
  std::unique_ptr<TimeView> m_view;
  std::unique_ptr<PromqlPage> m_page;

  SourceSettings settings() const {
    SourceSettings settings;
    settings.fields.insert(QStringLiteral("url"), QStringLiteral("http://127.0.0.1:%1").arg(m_server->port()));
    return settings;
  }
  void run(const QString& query) {
    QSignalSpy answered(&m_page->controller(), &PromqlController::answered);
    m_page->box()->setPlainText(query);
    m_page->run();
    QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 1, 60000);
  }
  QString cell(int row, int column) const { return m_page->table()->cells()->index(row, column).data().toString(); }
  int rows() const { return m_page->table()->cells()->rowCount(); }

 private Q_SLOTS:
  void init() {
    test::failOnWarnings();
    Theme::instance().setScheme(Theme::Scheme::Dark);
    m_server = std::make_unique<test::ScriptedHttp>(answerTo);
    m_frames = std::make_unique<FrameClock>(m_clock);
    m_view = std::make_unique<TimeView>();
    m_view->advance(now, now - 600'000, now);
    m_page = std::make_unique<PromqlPage>(m_clock, *m_view, *m_frames);
    m_page->resize(1300, 850);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_frames->start();
    m_page->open(settings(), QStringLiteral("shop"));
  }

  void valuesAreCopiedWhole() {
    ResultTable table;
    table.setValues({{QStringLiteral("up{job=1}"), 1, 1}}, Unit::None);
    QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Series\tValue\nup{job=1}\t1\n"));
  }
  void cleanup() {
    m_page.reset();
    m_view.reset();
    m_frames.reset();
    m_server.reset();
  }

  void placesOfErrors() {
    const auto at = [](const char* words, const char* query) { return parseErrorAt(QString::fromUtf8(words), QString::fromUtf8(query)).value_or(-1); };
    QCOMPARE(at("x refused the query: invalid parameter \"query\": 1:6: parse error: unexpected end", "up + "), 5);
    QCOMPARE(at("2:3: parse error: y", "up +\n  )"), 7);
    QCOMPARE(at("1:5: parse error: y", "\"ü\")"), 4 - 1 + 0);  // bytes, not characters
    QCOMPARE(at("9:1: parse error: y", "up"), -1);
    QCOMPARE(at("1:99999: parse error: y", "up"), 2);
    QCOMPARE(at("1:0: parse error: y", "up"), 0);
    QCOMPARE(at("no such thing", "up"), -1);
    QCOMPARE(partAt(QStringLiteral("up foo"), 3).length, 3);
    QCOMPARE(partAt(QStringLiteral("up + "), 5).from, 3);
    QCOMPARE(partAt(QString(), 0).length, 0);
  }

  void unitsByTheQuery() {
    QCOMPARE(likelyUnit(QStringLiteral("redis_memory_used_bytes")), Unit::Bytes);
    QCOMPARE(likelyUnit(QStringLiteral("sum(rate(net_bytes_total[1m]))")), Unit::BytesPerSecond);
    QCOMPARE(likelyUnit(QStringLiteral("rate(http_requests_total[1m])")), Unit::PerSecond);
    QCOMPARE(likelyUnit(QStringLiteral("histogram_quantile(0.99, sum by (le) (rate(x_seconds_bucket[5m])))")), Unit::Seconds);
    QCOMPARE(likelyUnit(QStringLiteral("rate(x_seconds_total[1m])")), Unit::None);
    QCOMPARE(likelyUnit(QStringLiteral("100 * a / b")), Unit::Percent);
    QCOMPARE(likelyUnit(QStringLiteral("a_bytes / b_bytes")), Unit::None);
    QCOMPARE(likelyUnit(QStringLiteral("count(up_bytes)")), Unit::Count);
    QCOMPARE(valueText(NAN, Unit::Bytes), QStringLiteral("NaN"));
    QCOMPARE(valueText(-INFINITY, Unit::None), QStringLiteral("-Inf"));
    QCOMPARE(valueText(0.1, Unit::None), QStringLiteral("0.1"));
  }

  void namesOfSeries() {
    const auto series = [](PromLabels labels) { return PromSeries{std::move(labels), {}}; };
    const QString name = QStringLiteral("__name__"), job = QStringLiteral("job"), one = QStringLiteral("one"), two = QStringLiteral("two"), up = QStringLiteral("up");
    QCOMPARE(seriesNames({series({{name, up}, {job, one}}), series({{name, up}, {job, two}})}, {}), QStringList({one, two}));
    QCOMPARE(seriesNames({series({{name, up}, {job, one}})}, QStringLiteral("alone")), QStringList{up});
    QCOMPARE(seriesNames({series({})}, QStringLiteral("alone")), QStringList{QStringLiteral("alone")});
    QCOMPARE(seriesNames({}, {}), QStringList());
    QCOMPARE(seriesText({{name, up}, {job, QStringLiteral("a\"b")}}), QStringLiteral("up{job=\"a\\\"b\"}"));
    QCOMPARE(seriesText({}), QStringLiteral("{}"));
  }

  void completes() {
    QTRY_COMPARE_WITH_TIMEOUT(m_server->requests().size(), 1, 60000);
    QueryBox& box = *m_page->box();
    box.setFocus();
    const auto offered = [&](const char* begun) {
      box.completer()->setCompletionPrefix(QLatin1String(begun));
      return box.completer()->completionCount();
    };
    QTRY_COMPARE_WITH_TIMEOUT(offered("redis_"), 2, 60000);
    QTest::keyClicks(&box, QStringLiteral("sum(rate(memory"));
    QTRY_VERIFY_WITH_TIMEOUT(box.completer()->popup()->isVisible(), 60000);
    QTest::keyClick(box.completer()->popup(), Qt::Key_Return);
    QCOMPARE(box.toPlainText(), QStringLiteral("sum(rate(redis_memory_used_bytes"));
    // What begins so comes before what has it somewhere.
    box.clear();
    QTest::keyClicks(&box, QStringLiteral("up"));
    QTRY_VERIFY_WITH_TIMEOUT(box.completer()->popup()->isVisible(), 60000);
    QCOMPARE(box.completer()->popup()->currentIndex().data().toString(), QStringLiteral("up"));
  }

  void completesLabelsAndValues() {
    QueryBox& box = *m_page->box();
    QAbstractItemView& list = *box.completer()->popup();
    box.setFocus();
    const auto offered = [&] {
      QStringList words;
      for (int i = 0; i < box.completer()->completionCount(); ++i) words << box.completer()->completionModel()->index(i, 0).data().toString();
      return words;
    };
    const auto asked = [&](const char* path) {
      const QList<QByteArray> requests = m_server->requests();
      return std::count_if(requests.begin(), requests.end(), [path](const QByteArray& one) { return one.contains(path); });
    };
    QTest::keyClicks(&box, QStringLiteral("sum(up{"));
    QTRY_VERIFY_WITH_TIMEOUT(list.isVisible(), 60000);
    QCOMPARE(offered(), QStringList({QStringLiteral("instance"), QStringLiteral("job")}));  // no name twice, none that needs quotes
    QTest::keyClicks(&box, QStringLiteral("jo"));
    QTest::keyClick(&list, Qt::Key_Return);
    QCOMPARE(box.toPlainText(), QStringLiteral("sum(up{job"));
    QVERIFY(!list.isVisible());
    QTest::keyClicks(&box, QStringLiteral("=\""));
    QTRY_VERIFY_WITH_TIMEOUT(list.isVisible(), 60000);
    QCOMPARE(offered(), QStringList({QStringLiteral("<b>x</b>&lt;%1"), QStringLiteral("a.b\"c"), QStringLiteral("redis")}));  // exactly as they are, or not at all
    const QByteArray request = m_server->requests().last();
    QVERIFY2(request.contains("/api/v1/label/job/values?start=") && request.contains("match%5B%5D=up") && request.contains("limit="), request.constData());
    test::picture(list, QStringLiteral("promql-values"));
    QTest::keyClicks(&box, QStringLiteral("b"));
    QTest::keyClicks(&box, QStringLiteral("\\\"c"));
    QTRY_COMPARE_WITH_TIMEOUT(offered(), QStringList{QStringLiteral("a.b\"c")}, 60000);
    QTest::keyClick(&list, Qt::Key_Return);
    QCOMPARE(box.toPlainText(), QStringLiteral("sum(up{job=\"a.b\\\"c\""));
    QCOMPARE(asked("/label/job/values"), 1);  // letters are no further question
    // Matchers that are there already narrow it, with everything that a URL would trip over; what the server refuses is silence.
    QTest::keyClicks(&box, QStringLiteral(",instance=\""));
    QTRY_COMPARE_WITH_TIMEOUT(asked("/label/instance/values"), 1, 60000);
    QVERIFY(m_server->requests().last().contains("match%5B%5D=up%7Bjob%3D%22a.b%5C%22c%22%7D"));
    QTest::keyClicks(&box, QStringLiteral("xyz"));
    QTest::qWait(50);
    QVERIFY(!list.isVisible() && !m_page->message()->isVisible());
    QCOMPARE(asked("/label/instance/values"), 1);  // nor is it asked over and over
    // In the list of an aggregation; its other labels are not offered again.
    box.setPlainText(QStringLiteral("sum by (job,) (redis_commands_total)"));
    QTextCursor cursor = box.textCursor();
    cursor.setPosition(12);
    box.setTextCursor(cursor);
    QTest::keyClick(&box, Qt::Key_Space, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(list.isVisible(), 60000);
    QCOMPARE(offered(), QStringList({QStringLiteral("__name__"), QStringLiteral("instance")}));
    QVERIFY(m_server->requests().last().contains("/api/v1/labels?start=") && m_server->requests().last().contains("match%5B%5D=redis_commands_total"));
    // An expression in a value is one that means this value alone.
    box.setPlainText(QStringLiteral("up{job=~\"redis|"));
    box.moveCursor(QTextCursor::End);
    QTest::keyClicks(&box, QStringLiteral("a"));
    QTRY_VERIFY_WITH_TIMEOUT(list.isVisible(), 60000);
    QTest::keyClick(&list, Qt::Key_Return);
    QCOMPARE(box.toPlainText(), QStringLiteral("up{job=~\"redis|a\\\\.b\\\"c\""));
    // Running it takes away what is on show or comes late.
    QTest::keyClicks(&box, QStringLiteral(", jo"));
    QTest::keyClick(&box, Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!m_page->controller().isRunning(), 60000);
    QVERIFY(!list.isVisible());
  }

  void examplesToBeginWith() {
    QTRY_COMPARE_WITH_TIMEOUT(m_page->examples()->queries(), QStringList({QStringLiteral("topk(5, sum by (cmd) (rate(redis_commands_total[1m])))"), QStringLiteral("redis_memory_used_bytes"), QStringLiteral("up")}), 60000);
    QVERIFY(m_page->examples()->isVisible());
    test::picture(*m_page, QStringLiteral("promql-examples"));
    QSignalSpy answered(&m_page->controller(), &PromqlController::answered);
    m_page->examples()->findChildren<QPushButton*>().at(1)->click();
    QCOMPARE(m_page->box()->toPlainText(), QStringLiteral("redis_memory_used_bytes"));
    QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 1, 60000);
    QCOMPARE(rows(), 2);
    m_page->open(std::nullopt, {});
    QVERIFY(m_page->examples()->queries().isEmpty());
    test::picture(*m_page, QStringLiteral("promql-nobody"));
  }

  void tableAndChart() {
    QVERIFY(!m_page->addButton()->isEnabled());
    run(QStringLiteral("redis_memory_used_bytes"));
    QCOMPARE(rows(), 2);
    QCOMPARE(cell(0, 0), QStringLiteral("redis_memory_used_bytes{instance=\"cache-1:9121\", job=\"redis\"}"));
    QCOMPARE(cell(0, 1), QStringLiteral("1.00 GiB"));
    m_page->unit()->setCurrentIndex(1);
    QCOMPARE(cell(0, 1), QStringLiteral("1073741824"));
    m_page->unit()->setCurrentIndex(0);
    ChartPanel& panel = *m_page->chart()->panel();
    QTRY_COMPARE_WITH_TIMEOUT(panel.backend().plot().data().series.size(), size_t{2}, 60000);
    QVERIFY(!panel.backend().plot().data().isEmpty());
    QCOMPARE(panel.backend().plot().data().series[0].name, QStringLiteral("cache-1:9121"));
    QCOMPARE(panel.backend().plot().data().span, (TimeSpan{now - 900'000, now}));
    QVERIFY(m_page->state()->text().startsWith(QLatin1String("2 series, asked at ")));
    QTRY_VERIFY_WITH_TIMEOUT(m_page->chart()->height() > 3 * m_page->table()->height(), 60000);  // two rows need no more
    m_page->title()->setText(QStringLiteral("Memory of both"));
    m_page->box()->setFocus();
    test::picture(*m_page, QStringLiteral("promql-dark"));
    Theme::instance().setScheme(Theme::Scheme::Light);
    m_frames->request();
    QTest::qWait(50);
    test::picture(*m_page, QStringLiteral("promql-light"));
    QSignalSpy wanted(m_page.get(), &PromqlPage::panelWanted);
    m_page->addButton()->click();
    QCOMPARE(wanted.size(), 1);
    const auto panelWanted = wanted.front().front().value<CustomPanel>();
    QCOMPARE(panelWanted.title, QStringLiteral("Memory of both"));
    QCOMPARE(panelWanted.query, QStringLiteral("redis_memory_used_bytes"));
    QCOMPARE(panelWanted.unit, Unit::Bytes);
  }

  void strangeValuesAndHostileTexts() {
    run(QStringLiteral("strange"));
    QCOMPARE(rows(), 4);
    QCOMPARE(cell(0, 1), QStringLiteral("NaN"));
    QCOMPARE(cell(1, 1), QStringLiteral("+Inf"));
    QCOMPARE(cell(2, 1), QStringLiteral("-Inf"));
    QVERIFY(cell(3, 0).contains(QLatin1String("<b>x</b>&lt;%1")) && !cell(3, 0).contains(QChar(0x202E)));
    QVERIFY(m_page->message()->isVisible());
    QCOMPARE(m_page->message()->text().sentence, QStringLiteral("<b>mind</b> this"));
    ChartPanel& panel = *m_page->chart()->panel();
    QTRY_COMPARE_WITH_TIMEOUT(panel.backend().plot().data().series.size(), size_t{4}, 60000);
    QVERIFY(panel.backend().plot().data().low < -3);  // an axis that holds what is below zero
    test::verifyPlainText(*m_page, hostile);
    test::picture(*m_page, QStringLiteral("promql-strange"));
    m_page->title()->setText(hostile);
    QSignalSpy wanted(m_page.get(), &PromqlPage::panelWanted);
    m_page->addButton()->click();
    QCOMPARE(wanted.size(), 1);
  }

  void manySeriesAreAllInTheTable() {
    run(QStringLiteral("many"));
    QCOMPARE(rows(), 30);
    QTRY_COMPARE_WITH_TIMEOUT(m_page->chart()->panel()->backend().plot().data().series.size(), size_t{8}, 60000);
    QCOMPARE(m_page->chart()->panel()->backend().plot().data().series.front().name, QStringLiteral("22"));  // the largest ones
    test::picture(*m_page, QStringLiteral("promql-many"));
  }

  void anErrorIsMarkedAndWhatWasThereStays() {
    run(QStringLiteral("up"));
    run(QStringLiteral("sum(up))"));
    QVERIFY(m_page->message()->isVisible() && m_page->message()->text().sentence.contains(QLatin1String("unexpected right parenthesis")));
    QVERIFY(m_page->box()->hasMark());
    QCOMPARE(m_page->box()->extraSelections().front().cursor.selectionStart(), 7);
    QCOMPARE(rows(), 2);
    QVERIFY(!m_page->addButton()->isEnabled());
    test::picture(*m_page, QStringLiteral("promql-error"));
    m_page->box()->appendPlainText(QStringLiteral(" "));
    QVERIFY(!m_page->box()->hasMark());
    m_server.reset();
    run(QStringLiteral("up"));
    QCOMPARE(m_page->message()->text().title, QStringLiteral("No answer to the query"));
    QVERIFY(!m_page->box()->hasMark());
  }

  void nothingIsSaid() {
    run(QStringLiteral("nothing"));
    QCOMPARE(rows(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(m_page->chart()->panel()->status().body == PanelStatus::Body::Covered, 60000);
    QVERIFY(m_page->chart()->panel()->status().notice.sentence.contains(QLatin1String("gives nothing")));
  }

  void cancelledAtOnce() {
    QSignalSpy answered(&m_page->controller(), &PromqlController::answered);
    m_page->box()->setPlainText(QStringLiteral("hangs"));
    m_page->runButton()->click();
    QVERIFY(m_page->controller().isRunning());
    QCOMPARE(m_page->runButton()->text(), QStringLiteral("Cancel"));
    QTRY_VERIFY_WITH_TIMEOUT(m_server->requests().size() >= 2, 60000);
    m_page->runButton()->click();
    QVERIFY(!m_page->controller().isRunning());
    QCOMPARE(m_page->state()->text(), QStringLiteral("Cancelled"));
    QTest::qWait(20);
    QVERIFY(answered.isEmpty());
    run(QStringLiteral("up"));
    QCOMPARE(rows(), 2);
  }

  void queriesOfTheSession() {
    run(QStringLiteral("up"));
    run(QStringLiteral("many"));
    run(QStringLiteral("up"));
    QCOMPARE(m_page->history()->count(), 2);
    QCOMPARE(m_page->history()->item(0)->text(), QStringLiteral("up"));
    Q_EMIT m_page->history()->itemClicked(m_page->history()->item(1));
    QCOMPARE(m_page->box()->toPlainText(), QStringLiteral("many"));
    m_page->open(settings(), QStringLiteral("other"));
    QCOMPARE(m_page->history()->count(), 0);
    m_page->open(std::nullopt, QStringLiteral("shop"));
    QCOMPARE(m_page->history()->count(), 2);
    QVERIFY(!m_page->runButton()->isEnabled());
    m_page->run();
    QVERIFY(!m_page->controller().isRunning());
    test::picture(*m_page, QStringLiteral("promql-none"));
  }

  void anotherRangeAsksAnew() {
    run(QStringLiteral("up"));
    QSignalSpy answered(&m_page->controller(), &PromqlController::answered);
    m_view->zoom(now - 300'000, now - 60'000);
    QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 1, 60000);
    QCOMPARE(answered.front().front().value<PromqlAnswer>().span, (TimeSpan{now - 300'000, now - 60'000}));
    m_view->resetZoom();
    QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 2, 60000);
    m_view->setRange(3600);
    QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 3, 60000);
    QCOMPARE(answered.back().front().value<PromqlAnswer>().span, (TimeSpan{now - 3600'000, now}));
  }

  // The charts of an alert that fires were five minutes ahead of the present: asked at their end, Prometheus has nothing there.
  void theFutureIsNotAsked() {
    const auto asked = [&](const QByteArray& path, const QByteArray& name) {
      QByteArray line;
      for (const QByteArray& request : m_server->requests())
        if (request.contains(path)) line = request.left(request.indexOf("\r\n"));
      static const QRegularExpression number(QStringLiteral("[0-9.]+"));
      const qsizetype at = line.indexOf(name + '=');
      return at < 0 ? 0.0 : number.match(QString::fromLatin1(line), at + name.size() + 1).captured().toDouble();
    };
    constexpr double present = now / 1000.0;
    const TimeSpan ahead{now - 600'000, now + 300'000};
    m_view->zoom(ahead.fromMs, ahead.toMs);
    run(QStringLiteral("up"));
    QCOMPARE(rows(), 2);
    QCOMPARE(asked("/query?", "time"), present);
    QCOMPARE(asked("/query_range?", "start"), present - 600);
    QCOMPARE(asked("/query_range?", "end"), present);
    QSignalSpy answered(&m_page->controller(), &PromqlController::answered);
    m_page->run();
    QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 1, 60000);
    QCOMPARE(answered.front().front().value<PromqlAnswer>().atMs, now);
    QCOMPARE(answered.front().front().value<PromqlAnswer>().span, ahead);  // another change of the charts is none of the range
    m_view->zoom(now + 60'000, now + 300'000);
    QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 2, 60000);
    QCOMPARE(asked("/query?", "time"), present);
    QCOMPARE(asked("/query_range?", "start"), present);
    QCOMPARE(asked("/query_range?", "end"), present);
  }

  void panelsAsJson() {
    CustomPanels panels;
    QCOMPARE(panels.add({QStringLiteral("a"), QStringLiteral("up"), Unit::Bytes}), 1);
    QCOMPARE(panels.add({hostile, QStringLiteral(" sum(up) ")}), 2);
    QCOMPARE(panels.add({QStringLiteral("empty"), QStringLiteral("  ")}), 0);
    QVERIFY(panels.remove(2) && !panels.remove(2));
    QCOMPARE(panels.add({{}, QStringLiteral("up")}), 3);  // never the number of one that was
    QCOMPARE(panels.panels.last().title, QStringLiteral("up"));
    const QJsonObject written = QJsonDocument::fromJson(QJsonDocument(customPanelsJson(panels)).toJson()).object();
    QCOMPARE(customPanelsOf(written), panels);
    QCOMPARE(customPanelsOf({}), CustomPanels());
    const QByteArray odd = R"({"next":-4,"panels":[3,{"number":0,"query":"up"},{"number":5,"query":"a","unit":"furlongs"},{"number":5,"query":"b"},{"number":6},{"number":7,"query":["x"]}]})";
    const CustomPanels read = customPanelsOf(QJsonDocument::fromJson(odd).object());
    QCOMPARE(read.panels.size(), 1);
    QCOMPARE(read.panels.first().unit, Unit::None);
    QCOMPARE(read.next, 6);
    while (panels.add({{}, QStringLiteral("up")}) > 0) {}
    QCOMPARE(panels.panels.size(), CustomPanels::most);
  }

  void ownChartsGetSamples() {
    History history;
    CustomQueries queries(m_clock, history);
    QSignalSpy changed(&queries, &CustomQueries::changed);
    queries.setPanels({{QStringLiteral("Memory"), QStringLiteral("up"), Unit::Bytes, 4}, {QStringLiteral("Broken"), QStringLiteral("sum(up))"), Unit::None, 5}, {QStringLiteral("Many"), QStringLiteral("many"), Unit::None, 6}});
    queries.open(settings());
    QTRY_COMPARE_WITH_TIMEOUT(history.last(QLatin1String("custom.4.0")), 1073741824.0, 60000);
    QTRY_COMPARE_WITH_TIMEOUT(queries.states()[2].series.size(), CustomQueries::mostLines, 60000);
    const QList<CustomPanelState> states = queries.states();
    QCOMPARE(states[0].series[1].label, QStringLiteral("cache-2:9121"));
    QCOMPARE(history.lastMs(states[0].series[0].metric.constData() ? QLatin1String("custom.4.0") : QLatin1String()), now);
    QVERIFY(history.firstMs(QLatin1String("custom.4.0")) < now - 800'000);  // the past came along
    QVERIFY(states[0].trouble.isEmpty() && states[1].trouble.contains(QLatin1String("unexpected right parenthesis")));
    QVERIFY(states[1].series.isEmpty());
    QCOMPARE(states[2].trouble, QStringLiteral("8 of 30 series"));
    // Another query under the same number does not go on with the old line.
    m_clock.wallMs += 5000;
    queries.setPanels({{QStringLiteral("Memory"), QStringLiteral("many"), Unit::Bytes, 4}});
    QTRY_COMPARE_WITH_TIMEOUT(queries.states()[0].series.size(), CustomQueries::mostLines, 60000);
    QCOMPARE(queries.states()[0].series[0].metric, QByteArray("custom.4.2"));
    m_clock.wallMs = now;
    queries.open(std::nullopt);
    QCOMPARE(queries.states().size(), 1);
  }

  void ownChartsOnTheOverview() {
    History history;
    fill(history, now, 600);
    OverviewPage page(history, *m_view, *m_frames);
    page.resize(1540, 1300);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    const size_t before = page.panels().size();
    for (const char* source : {"redis", "postgres", "prometheus"}) page.setSourceState(QLatin1String(source), live(now - 60'000));
    for (int i = 60; i >= 0; --i) history.append(QLatin1String("custom.1"), now - i * 5000, {{QLatin1String("custom.1.0"), 4e8 + i * 1e6}, {QLatin1String("custom.1.1"), 3e8}}, false, 30'000);
    const CustomPanelState memory{{QStringLiteral("Memory of both"), QStringLiteral("redis_memory_used_bytes"), Unit::Bytes, 1}, {{"custom.1.0", QStringLiteral("cache-1")}, {"custom.1.1", hostile}}};
    const CustomPanelState broken{{hostile, QStringLiteral("sum(up))"), Unit::None, 2}, {}, QStringLiteral("127.0.0.1:9090 refused the query: 1:8: parse error: unexpected right parenthesis")};
    page.setCustomPanels({memory, broken});
    QCOMPARE(page.panels().size(), before + 2);
    ChartPanel* first = page.panels()[before];
    page.refresh(now);
    QCoreApplication::processEvents();
    page.refresh(now);
    QCOMPARE(first->accessibleName(), QStringLiteral("Memory of both"));
    QCOMPARE(first->backend().plot().data().series.size(), size_t{2});
    QVERIFY(page.panels()[before + 1]->status().notice.sentence.contains(QLatin1String("unexpected right parenthesis")));
    test::verifyPlainText(page, hostile);
    test::picture(page, QStringLiteral("promql-overview"));
    // What did not change is not made anew; what did is.
    CustomPanelState other = broken;
    other.trouble.clear();
    page.setCustomPanels({memory, other});
    QCOMPARE(page.panels()[before], first);
    QSignalSpy removed(&page, &OverviewPage::customPanelRemoved);
    QContextMenuEvent asks(QContextMenuEvent::Keyboard, {10, 10}, first->mapToGlobal(QPoint(10, 10)));
    QCoreApplication::sendEvent(first, &asks);
    auto* menu = first->findChild<QMenu*>();
    QVERIFY(menu && menu->actions().last()->text().contains(QLatin1String("Remove")));
    menu->actions().last()->trigger();
    QCOMPARE(removed.size(), 1);
    QCOMPARE(removed.front().front().toInt(), 1);
    page.setCustomPanels({other});  // with its menu still open
    QCOMPARE(page.panels().size(), before + 1);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    page.setCustomPanels({});
    QCOMPARE(page.panels().size(), before);
    page.refresh(now);
  }
};

QTEST_MAIN(TestPromqlPage)
#include "tst_promql_page.moc"
