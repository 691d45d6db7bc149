// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/chart_data.h"
#include "tests/ui/tst_window_pictures.h"
#include "ui/alerts/alertspage.h"
#include "ui/alerts/alertstext.h"
#include "ui/alerts/factlist.h"
#include "ui/alerts/historystrip.h"
#include "ui/alerts/managerpanel.h"
#include "ui/alerts/matcherlines.h"
#include "ui/alerts/rulemodel.h"
#include "ui/alerts/rulepainter.h"
#include "ui/alerts/ruleview.h"
#include "ui/alerts/runbooklink.h"
#include "ui/alerts/silencedialog.h"
#include "ui/alerts/trialpanel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celltable.h"
#include "ui/widgets/notice.h"

#include <QComboBox>
#include <QDesktopServices>
#include <QFileInfo>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>

using namespace cachedeck;
using namespace cachedeck::charttest;

/// What would have been opened by the desktop.
class UrlRecorder : public QObject {
  Q_OBJECT
 public:
  QList<QUrl> urls;
 public Q_SLOTS:
  void open(const QUrl& url) { urls << url; }
};

/// The page of alerts with values made up, without servers.
class TestAlertsPage : public QObject {
  Q_OBJECT
  static constexpr qint64 now = 1'750'000'000'000;
  static constexpr const char* hostile = "<b>bold</b><img src=x>";
  FixedClock m_clock;
  std::unique_ptr<AlertsPage> m_page;
  bool m_quiet = false;  ///< nothing is asked any more

  static QString text(const char* latin) { return QString::fromLatin1(latin); }
  static RuleReading rule(const char* name, const char* severity, const char* query, std::initializer_list<double> values, const char* state = "inactive", qint64 sinceMs = 0) {
    RuleReading reading;
    reading.group = text("performance");
    reading.rule.type = text("alerting");
    reading.rule.name = text(name);
    reading.rule.query = text(query);
    reading.rule.state = text(state);
    reading.rule.health = text("ok");
    reading.rule.holdSeconds = 300;
    reading.rule.labels = {{text("severity"), text(severity)}, {text("service"), text("redis")}};
    reading.rule.annotations = {{text("summary"), text("Redis memory high on {{ $labels.instance }}")}, {text("runbook_url"), text("docs/RUNBOOK.md#highredismemory")}};
    reading.threshold = thresholdOf(reading.rule.query);
    int number = 0;
    for (const double value : values) {
      const PromLabels labels{{text("instance"), QStringLiteral("redis-%1:9121").arg(++number)}};
      reading.values << RuleReading::Value{labels, value};
      if (reading.rule.state == text("inactive") || number > 1) continue;
      PromAlert alert{labels, {{text("summary"), text("Redis memory high on redis-1:9121")}, {text("description"), text("Using 91.2% of maxmemory (> 85%). Evictions or refused writes are next; see the keyspace page for what takes the room.")}}, text(state), sinceMs, value};
      for (auto label = reading.rule.labels.begin(); label != reading.rule.labels.end(); ++label) alert.labels[label.key()] = label.value();
      alert.labels[text("alertname")] = reading.rule.name;
      reading.rule.alerts.push_back(alert);
    }
    return reading;
  }
  static RulesReading rules() {
    RuleReading broken = rule("ReplicationLag", "warning", "pg_replication_lag > 30", {});
    broken.rule.health = text("err");
    broken.rule.lastError = text("found duplicate series for the match group {instance=\"pg\"} on the right hand-side of the operation");
    return {{rule("LowCacheHitRate", "warning", "(\n  100 * sum by (instance) (rate(redis_keyspace_hits_total[5m]))\n  / sum by (instance) (rate(redis_lookups_total[5m]))\n) < 75", {94.2, 96.1}),
             rule("HighDatabaseConnections", "warning", "sum by (instance) (pg_stat_activity_count) > 40", {38}, "pending", now - 130'000),
             broken,
             rule("HighRedisMemory", "warning", "100 * redis_memory_used_bytes / (redis_memory_max_bytes > 0) > 75", {91.2, 41}, "firing", now - 20 * 60'000),
             rule("HighRedisMemory", "critical", "100 * redis_memory_used_bytes / (redis_memory_max_bytes > 0) > 85", {91.2, 41, 12.5}, "firing", now - 8 * 60'000),
             rule("ExporterGone", "critical", "absent(redis_up)", {}),
             rule("SlowDatabaseQueries", "warning", "mean_seconds > 1", {0.0042})},
            text("127.0.0.1:9090"),
            now};
  }
  static AlertHistory history() {
    const qint64 from = now - 24 * 3600'000;
    const auto labels = [](const char* severity) { return PromLabels{{text("instance"), text("redis-1:9121")}, {text("severity"), text(severity)}, {text("service"), text("redis")}}; };
    return {{{text("HighRedisMemory"), text("critical"), labels("critical"), from + 3 * 3600'000, from + 4 * 3600'000}, {text("HighRedisMemory"), text("critical"), labels("critical"), now - 3'000'000, now - 2'900'000}, {text("HighRedisMemory"), text("warning"), labels("warning"), from, now}}, from, now};
  }
  static ManagerReading manager() {
    ManagerReading reading;
    const auto alert = [](const char* name, const char* severity, const char* instance, const char* state) {
      ManagedAlert made;
      made.labels = {{text("alertname"), text(name)}, {text("severity"), text(severity)}, {text("service"), text("redis")}, {text("instance"), text(instance)}};
      made.annotations = {{text("summary"), text("Redis memory high")}};
      made.fingerprint = text(name) + text(severity);
      made.state = text(state);
      made.receivers = {text("slack-performance")};
      made.startsAtMs = now - 480'000;
      return made;
    };
    reading.alerts << alert("HighRedisMemory", "critical", "redis-1:9121", "active") << alert("HighRedisMemory", "warning", "redis-1:9121", "suppressed") << alert("DiskFull", "warning", "pg-main", "suppressed");
    reading.alerts[1].inhibitedBy << text("HighRedisMemorycritical");
    reading.alerts[2].silencedBy << text("11111111-2222");
    reading.silences << Silence{text("11111111-2222"), {{text("alertname"), text("DiskFull")}, {text("instance"), text("pg-.*"), true}}, now - 60'000, now + 3600'000, text("maria"), text("the disk is being exchanged"), text("active")}
                     << Silence{text("33333333-4444"), {{text("alertname"), text("Old")}}, now - 9'000'000, now - 3'000'000, text("maria"), text("done"), text("expired")};
    reading.receivers = {text("slack-performance"), text("slack-critical")};
    reading.status = {text("0.25.0"), text("ready"), {}, now - 86'400'000};
    reading.endpoint = text("127.0.0.1:9093");
    reading.atMs = now;
    return reading;
  }
  /// Both servers are there by name only: nothing listens, and what they say is emitted by hand.
  static SourceSettings nowhere() { return {{{text("url"), text("http://127.0.0.1:1")}}, {}, {}}; }
  void openBoth(const char* environment = "staging") {
    m_page->open(AlertsTarget{text("shop"), text(environment), nowhere(), nowhere(), {}});
    QTRY_VERIFY_WITH_TIMEOUT(!m_page->none()->text().button.isEmpty() && !m_page->manager()->nothing()->text().button.isEmpty(), 60000);
    QSignalSpy rulesFailed(&m_page->controller(), &AlertsController::rulesFailed), managerFailed(&m_page->controller(), &AlertsController::managerFailed);
    m_page->controller().setPeriod(std::chrono::hours(1));
    Q_EMIT m_page->controller().rulesRead(rules());
    Q_EMIT m_page->controller().historyRead(history());
    Q_EMIT m_page->controller().managerRead(manager());
    // What setPeriod asks the first time has failed, and left its banners.
    if (!std::exchange(m_quiet, true)) QTRY_VERIFY_WITH_TIMEOUT(!rulesFailed.isEmpty() && !managerFailed.isEmpty(), 60000);
    Q_EMIT m_page->controller().rulesRead(rules());
    Q_EMIT m_page->controller().managerRead(manager());
  }
  void pick(int row) { m_page->list()->setCurrentIndex(m_page->rules()->index(row)); }
  QMessageBox* question() const { return m_page->findChild<QMessageBox*>(); }

 private Q_SLOTS:
  void initTestCase() { Theme::instance().apply(); }
  void init() {
    QTest::failOnWarning(QRegularExpression(QLatin1String(anyWarning)));
    Theme::instance().setScheme(Theme::Scheme::Dark);
    m_clock.wallMs = now;
    m_quiet = false;
    m_page = std::make_unique<AlertsPage>(m_clock);
    m_page->resize(1300, 850);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
  }
  void cleanup() { m_page.reset(); }

  void nothingConnected() {
    QCOMPARE(m_page->none()->text().title, text("Nothing is connected"));
    QCOMPARE(m_page->manager()->nothing()->text().title, text("Nothing is connected"));
    QVERIFY(!m_page->trial()->button()->isEnabled());
    test::picture(*m_page, text("alerts-nothing"));
    m_page->open(AlertsTarget{text("shop"), text("staging"), std::nullopt, std::nullopt, {}});
    QVERIFY(m_page->none()->text().title.contains(text("No Prometheus")));
    QVERIFY(m_page->manager()->nothing()->text().title.contains(text("No Alertmanager")));
  }

  void onlyAlertmanager() {
    m_page->open(AlertsTarget{text("shop"), text("staging"), std::nullopt, nowhere(), {}});
    QCOMPARE(m_page->tabs()->currentIndex(), static_cast<int>(AlertsPage::ManagerTab));
    QSignalSpy counted(m_page.get(), &AlertsPage::counted);
    Q_EMIT m_page->controller().managerRead(manager());
    QCOMPARE(counted.size(), 1);
    QCOMPARE(counted.front()[0].toInt(), 1);
    QCOMPARE(counted.front()[2].toString(), text("critical"));
    QVERIFY(m_page->none()->text().title.contains(text("No Prometheus")));
    QVERIFY(m_page->trial()->button()->isEnabled());
  }

  void rowsSayStateValueAndDistance() {
    openBoth();
    const auto role = [&](int row, int which) { return m_page->rules()->index(row).data(which); };
    QCOMPARE(m_page->rules()->rowCount(), 7);
    QCOMPARE(role(0, Qt::DisplayRole).toString(), text("HighRedisMemory"));
    QCOMPARE(role(0, SecondLineRole).toString(), QStringLiteral("firing for 3 min · critical"));
    QCOMPARE(role(0, RightRole).toString(), text("91.2"));
    QCOMPARE(role(0, ThresholdRole).toString(), text("> 85"));
    QVERIFY(role(0, ReachRole).toDouble() > 1);
    QVERIFY(role(1, SecondLineRole).toString().contains(text("warning")));
    QVERIFY(role(2, SecondLineRole).toString().startsWith(text("cannot be evaluated")));
    QVERIFY(role(3, SecondLineRole).toString().startsWith(text("pending for 2 min")));
    QCOMPARE(role(4, Qt::DisplayRole).toString(), text("LowCacheHitRate"));
    QVERIFY(std::isnan(role(5, ReachRole).toDouble()));
    QCOMPARE(role(5, RightRole).toString(), QStringLiteral("–"));
    QCOMPARE(role(6, RightRole).toString(), text("0.0042"));
    RulesReading unread = rules();
    unread.rules[0].problem = text("query timed out");
    Q_EMIT m_page->controller().rulesRead(unread);  // Prometheus evaluates it: no fault of the rule
    QCOMPARE(role(4, SecondLineRole).toString(), QStringLiteral("inactive · warning · value not read"));
    // The shapes differ, not the colours alone.
    QSet<QString> shapes;
    for (const int row : {0, 2, 3, 4}) shapes.insert(role(row, IconRole).toString());
    QCOMPARE(shapes.size(), 4);
  }

  void newValuesKeepThePickedRow() {
    openBoth();
    pick(4);
    const QString id = m_page->list()->currentIndex().data(IdRole).toString();
    RulesReading later = rules();
    later.rules[0].values.front().value = 80;
    Q_EMIT m_page->controller().rulesRead(later);
    QCOMPARE(m_page->list()->currentIndex().data(IdRole).toString(), id);
    QCOMPARE(m_page->list()->currentIndex().data(RightRole).toString(), text("80.0"));
    later.rules[0].rule.state = text("firing");
    Q_EMIT m_page->controller().rulesRead(later);  // it moves up, and stays picked
    QCOMPARE(m_page->list()->currentIndex().data(IdRole).toString(), id);
    QVERIFY(m_page->list()->currentIndex().row() < 4);
  }

  void aRuleShowsEverything() {
    openBoth();
    pick(0);
    AlertRuleView& view = *m_page->ruleView();
    QVERIFY(view.expression()->toPlainText().contains(text("redis_memory_used_bytes")));
    QVERIFY(view.expression()->isReadOnly());
    QCOMPARE(view.values()->cells()->rowCount(), 3);
    QCOMPARE(view.values()->cells()->index(0, 0).data().toString(), text("redis-1:9121"));
    QVERIFY(view.values()->cells()->index(0, 3).data().toString().startsWith(text("firing for 3 min")));
    QCOMPARE(view.values()->cells()->index(1, 3).data().toString(), text("inactive"));
    QCOMPARE(view.strip()->bands().size(), 3);  // two of the history, and the one that fires now
    QCOMPARE(view.managed()->cells()->rowCount(), 1);
    QCOMPARE(view.managed()->cells()->index(0, 1).data().toString(), text("active"));
    QCOMPARE(view.runbook()->text(), text("docs/RUNBOOK.md#highredismemory"));
    QCOMPARE(view.annotations()->facts().size(), 2);
    QCOMPARE(view.labels()->facts().size(), 2);
    pick(1);  // of the same name, with another severity
    QCOMPARE(view.strip()->bands().size(), 1);  // the history's, which goes on
    QVERIFY(view.managed()->cells()->index(0, 2).data().toString().contains(text("inhibited by HighRedisMemory")));
    pick(2);
    QVERIFY(view.problem()->isVisibleTo(&view) && view.problem()->text().contains(text("duplicate series")));
    test::picture(*m_page, text("alerts-problem"));
  }

  void theStripLeadsToTheCharts() {
    openBoth();
    pick(0);
    QSignalSpy shown(m_page.get(), &AlertsPage::showAt);
    HistoryStrip& strip = *m_page->ruleView()->strip();
    QTest::qWait(1);
    const AlertBand band = strip.bands().front();
    QTest::mouseClick(&strip, Qt::LeftButton, {}, QPoint(static_cast<int>(strip.xOf((band.fromMs + band.toMs) / 2)), 12));
    QCOMPARE(shown.size(), 1);
    QVERIFY(shown.front()[0].toLongLong() < band.fromMs && shown.front()[1].toLongLong() > band.toMs);
    QTest::mouseClick(&strip, Qt::LeftButton, {}, QPoint(strip.width() / 2, 12));
    QCOMPARE(shown.size(), 2);
    QVERIFY(std::abs((shown.back()[0].toLongLong() + shown.back()[1].toLongLong()) / 2 - (now - 12 * 3600'000)) < 300'000);
    strip.setFocus();
    QTest::keyClick(&strip, Qt::Key_Left);
    QTest::keyClick(&strip, Qt::Key_Return);
    QCOMPARE(shown.size(), 3);
    QVERIFY(shown.back()[0].toLongLong() < strip.bands().back().fromMs);
    QVERIFY(shown.back()[2].toString().contains(text("redis_memory_used_bytes")));  // to the chart of memory
  }

  // The charts of an alert that fires showed five minutes of the future, where queries find nothing.
  void theChartsOfAFiringAlertEndNow() {
    openBoth();
    pick(0);
    QSignalSpy shown(m_page.get(), &AlertsPage::showAt);
    HistoryStrip& strip = *m_page->ruleView()->strip();
    const auto last = [&] { return TimeSpan{shown.back()[0].toLongLong(), shown.back()[1].toLongLong()}; };
    const AlertBand band = strip.bands().back();
    QCOMPARE(band.toMs, now);
    strip.setFocus();
    QTest::keyClick(&strip, Qt::Key_Left);
    QTest::keyClick(&strip, Qt::Key_Return);
    QCOMPARE(last(), (TimeSpan{band.fromMs - 5 * 60'000, now}));
    Q_EMIT strip.showAt(now - 60'000, now + 15 * 60'000);  // a click at its right end
    QCOMPARE(last(), (TimeSpan{now - 5 * 60'000, now}));
    Q_EMIT strip.showAt(now + 60'000, now + 15 * 60'000);  // by a server whose clock is ahead
    QCOMPARE(last(), (TimeSpan{now - 5 * 60'000, now}));
  }

  // What an alert names as its runbook was text alone.
  void theRunbookOpens() {
    UrlRecorder opened;
    for (const QString& scheme : {text("https"), text("http"), text("file"), text("javascript"), text("ftp")}) QDesktopServices::setUrlHandler(scheme, &opened, "open");
    openBoth();
    pick(0);
    AlertRuleView& view = *m_page->ruleView();
    const auto runbook = [&](const QString& address) {
      RulesReading reading = rules();
      for (RuleReading& one : reading.rules) one.rule.annotations[text("runbook_url")] = address;
      Q_EMIT m_page->controller().rulesRead(reading);
      QCOMPARE(view.runbook()->isVisibleTo(&view), !address.isEmpty());
    };
    QVERIFY(view.openButton()->isVisibleTo(&view));
    view.openButton()->click();
    QCOMPARE(opened.urls.size(), 1);
    QVERIFY(opened.urls.back().isLocalFile());
    QFile file(opened.urls.back().toLocalFile());
    QVERIFY(file.open(QIODevice::ReadOnly) && file.readAll().contains("## HighRedisMemory"));
    runbook(text("https://wiki.example.org/docs/RUNBOOK.md#highredismemory"));
    view.openButton()->click();
    QCOMPARE(opened.urls.back(), QUrl(text("https://wiki.example.org/docs/RUNBOOK.md#highredismemory")));
    for (const char* const closed : {"", "docs/RUNBOOKS.md#x", "docs/../README.md", "README.md", "docs/images/alerts.png", "/docs/RUNBOOK.md", "file:///docs/RUNBOOK.md", "javascript:alert(1)", "ftp://a/b", "https://", "https:///x",
                                     "https://user:word@wiki.example.org/", "https://wiki.example.org/{{ $labels.job }}", "https://wiki.example.org/\u202Ecod", "docs/RUNBOOK.md#x\n"}) {
      runbook(QString::fromUtf8(closed));
      QVERIFY2(!view.openButton()->isVisibleTo(&view), closed);
    }
    for (const QString& scheme : {text("https"), text("http"), text("file"), text("javascript"), text("ftp")}) QDesktopServices::unsetUrlHandler(scheme);
    QCOMPARE(opened.urls.size(), 2);
  }

  void theRunbookStandsWhereTheProgramIs() {
    QTemporaryDir installed;
    QVERIFY(!runbookLink(text("docs/RUNBOOK.md"), {installed.path()}));
    QFile file(installed.filePath(text("RUNBOOK.md")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(runbookLink(text("docs/RUNBOOK.md#redisdown"), {text("/nowhere"), installed.path()}), QUrl::fromLocalFile(QFileInfo(file).canonicalFilePath()));
    QVERIFY(documentFolders().front().endsWith(text("/../share/doc/cachedeck")));
  }

  void noticesAreTurnedOffOnThePage() {
    QSignalSpy wanted(m_page.get(), &AlertsPage::muteWanted);
    m_page->muteButton()->click();
    QCOMPARE(wanted.size(), 1);
    QVERIFY(wanted[0][0].toBool());
    QCOMPARE(m_page->muteButton()->text(), text("Notices: off"));
    m_page->setMuted(false);  // by the tray's menu
    QCOMPARE(m_page->muteButton()->text(), text("Notices: on"));
    QCOMPARE(wanted.size(), 1);
  }

  void theChartsAreToldWhenAlertsFired() {
    QSignalSpy read(m_page.get(), &AlertsPage::firingRead);
    openBoth();
    const auto latest = [&] { return read.back()[0].value<QList<ChartAlert>>(); };
    QList<ChartAlert> alerts = latest();
    QVERIFY(!alerts.isEmpty());
    for (const ChartAlert& alert : alerts) {
      QCOMPARE(alert.label, text("HighRedisMemory"));
      QVERIFY(alert.query.contains(text("redis_memory_used_bytes")) && alert.detail.contains(text("redis-1:9121")));
    }
    QCOMPARE(std::count_if(alerts.begin(), alerts.end(), [](const ChartAlert& alert) { return alert.toMs == 0 && alert.level == Level::Critical; }), 1);
    // Resolved before the history is read again: what was seen of it stays.
    RulesReading later = rules();
    later.atMs = now + 60'000;
    for (RuleReading& reading : later.rules) reading.rule.alerts.clear();
    Q_EMIT m_page->controller().rulesRead(later);
    const auto ended = [&] {
      QList<ChartAlert> then = alerts;
      for (ChartAlert& alert : then)
        if (alert.toMs == 0) alert.toMs = now;
      return then;
    };
    QCOMPARE(latest(), ended());
    // The same when Prometheus cannot be asked any more: nobody knows whether it still fires.
    Q_EMIT m_page->controller().rulesRead(rules());
    QVERIFY(latest() != ended());
    Q_EMIT m_page->controller().rulesFailed(text("Prometheus is gone."));
    QCOMPARE(latest(), ended());
    m_page->open(std::nullopt);
    QVERIFY(latest().isEmpty());
  }

  void theBarIsFullAndColouredBeyondTheThreshold() {
    const Palette& p = Theme::instance().palette();
    const auto drawn = [&](double reach) {
      QImage image(100, 11, QImage::Format_RGB32);
      image.fill(p.card);
      QPainter painter(&image);
      paintReach(painter, QRectF(0, 3, 100, 5), reach, p.critical, p.card);
      return image;
    };
    QCOMPARE(drawn(1.3).pixelColor(95, 5), p.critical);
    QCOMPARE(drawn(std::numeric_limits<double>::infinity()).pixelColor(95, 5), p.critical);
    QCOMPARE(drawn(0.5).pixelColor(30, 5), p.series[0]);
    QVERIFY(drawn(0.5).pixelColor(60, 5) != p.series[0]);
    QCOMPARE(drawn(0.5).pixelColor(80, 1), drawn(1.3).pixelColor(80, 1));
    QVERIFY(drawn(0.5).pixelColor(80, 1) != p.card);  // the threshold's tick
    QCOMPARE(drawn(std::nan("")).pixelColor(30, 5), p.card);
  }

  void countsAndWhatIsNew() {
    QSignalSpy counted(m_page.get(), &AlertsPage::counted);
    openBoth();
    QCOMPARE(counted.back()[0].toInt(), 2);
    QCOMPARE(counted.back()[1].toInt(), 1);
    QCOMPARE(counted.back()[2].toString(), text("critical"));
    QVERIFY(counted.back()[3].toStringList().isEmpty());  // they were there at the first reading
    RulesReading later = rules();
    later.rules[1].rule.state = text("firing");
    later.rules[1].rule.alerts.front().state = text("firing");
    Q_EMIT m_page->controller().rulesRead(later);
    QCOMPARE(counted.back()[3].toStringList(), QStringList{text("HighDatabaseConnections (redis-1:9121)")});
    Q_EMIT m_page->controller().rulesRead(later);
    QVERIFY(counted.back()[3].toStringList().isEmpty());
    const auto before = counted.size();
    Q_EMIT m_page->controller().rulesFailed(text("No answer."));  // is no all-clear
    QCOMPARE(counted.size(), before);
    QVERIFY(m_page->stale()->isVisible());
    test::picture(*m_page, text("alerts-stale"));
    QCOMPARE(m_page->rules()->rowCount(), 7);
    m_page->open(std::nullopt);
    QCOMPARE(counted.back()[0].toInt(), 0);
    QCOMPARE(m_page->rules()->rowCount(), 0);
  }

  void alertmanagersSide() {
    openBoth();
    m_page->tabs()->setCurrentIndex(AlertsPage::ManagerTab);
    ManagerPanel& panel = *m_page->manager();
    QVERIFY(panel.status()->text().contains(text("0.25.0")) && panel.status()->text().contains(text("ready")));
    QCOMPARE(panel.alerts()->model()->rowCount(), 3);
    const auto line = [&](const QListView* list, int row) { return list->model()->index(row, 0).data(SecondLineRole).toString(); };
    QVERIFY(line(panel.alerts(), 0).startsWith(text("active")));
    QVERIFY(line(panel.alerts(), 1).contains(text("inhibited by HighRedisMemory")));
    QVERIFY(line(panel.alerts(), 2).contains(text("silenced by maria: the disk")));
    QVERIFY(line(panel.silences(), 0).contains(text("maria")));
    QVERIFY(!panel.expireButton()->isEnabled());
    panel.silences()->setCurrentIndex(panel.silences()->model()->index(1, 0));
    QVERIFY(!panel.expireButton()->isEnabled());  // expired already
    panel.silences()->setCurrentIndex(panel.silences()->model()->index(0, 0));
    QVERIFY(panel.expireButton()->isEnabled());
    panel.expireButton()->click();
    QVERIFY(question() && question()->text().contains(text("alertname=\"DiskFull\"")) && question()->text().contains(text("127.0.0.1:9093")) && question()->text().contains(text("maria")));
    QVERIFY(question()->text().contains(text("profile shop")));
    question()->button(QMessageBox::Cancel)->click();
    Q_EMIT m_page->controller().managerFailed(text("No answer from 127.0.0.1:9093."));
    QCOMPARE(panel.alerts()->model()->rowCount(), 3);
    Q_EMIT m_page->controller().failed(text("Alertmanager refused it."));
    QVERIFY(m_page->message()->isVisible());
  }

  void aSilenceIsAskedForInFull() {
    openBoth("production");
    m_page->tabs()->setCurrentIndex(AlertsPage::ManagerTab);
    m_page->manager()->alerts()->setCurrentIndex(m_page->manager()->alerts()->model()->index(0, 0));
    m_page->manager()->silenceButton()->click();
    QPointer<SilenceDialog> form = m_page->findChild<SilenceDialog*>();
    QVERIFY(form);
    QVERIFY(form->matchers()->toPlainText().contains(text("alertname=\"HighRedisMemory\"")));
    QVERIFY(!form->author()->text().isEmpty());
    QVERIFY(!form->button()->isEnabled() && form->problem().contains(text("comment")));
    form->comment()->setText(text("memory is being added"));
    QVERIFY2(form->button()->isEnabled(), qPrintable(form->problem()));
    test::picture(*form, text("alerts-silence"));
    form->duration()->setCurrentText(text("soon"));
    QVERIFY(!form->button()->isEnabled());
    form->duration()->setCurrentText(text("90m"));
    form->button()->click();
    QMessageBox* const box = form->findChild<QMessageBox*>();
    QVERIFY(box);
    for (const char* const part : {"alertname=\"HighRedisMemory\"", "instance=\"redis-1:9121\"", "1 h 30 min", "memory is being added", "production", "There now (1)"}) QVERIFY2(box->text().contains(text(part)), qPrintable(box->text()));
    QCOMPARE(box->textFormat(), Qt::PlainText);
    test::picture(*box, text("alerts-silence-question"));
    m_page->open(std::nullopt);  // what was asked for another profile is not carried out
    QTRY_VERIFY_WITH_TIMEOUT(!form, 60000);
  }

  void conditionsAsTyped() {
    const auto parsed = matchersOf(text("a = \"x\"\nb=~re.*\n c!=\"q\\\"u\\\\o\\ned\" \n\nd!~\"y\\.z\""));
    QVERIFY2(parsed, parsed ? "" : qPrintable(parsed.error().message));
    QCOMPARE(*parsed, (QList<Matcher>{{text("a"), text("x")}, {text("b"), text("re.*"), true}, {text("c"), text("q\"u\\o\ned"), false, false}, {text("d"), text("y\\.z"), true, false}}));
    for (const Matcher& one : *parsed) QCOMPARE(*matchersOf(text("k=\"v\"\n") + matcherLine(one)), (QList<Matcher>{{text("k"), text("v")}, one}));
    for (const char* const bad : {"", "nothing", "a=\"open", "a=\"x\" b", "1a=\"x\"", "a=~\"(\"", "a!=\"x\"", "a=\"\"", "a=~\".*\""}) QVERIFY2(!matchersOf(text(bad)), bad);
    const PromLabels labels{{text("a"), text("x")}, {text("b"), text("rest")}};
    QVERIFY(matches({{text("a"), text("x")}, {text("b"), text("re.*"), true}, {text("z"), QString()}}, labels));
    QVERIFY(!matches({{text("b"), text("re"), true}}, labels));  // patterns are anchored
    QVERIFY(!matches({{text("b"), text("r.*"), true, false}}, labels));
  }

  void stepsOfATest() {
    openBoth("production");
    m_page->tabs()->setCurrentIndex(AlertsPage::TrialTab);
    TrialPanel& trial = *m_page->trial();
    trial.button()->click();
    QVERIFY(question() && question()->text().contains(text("CachedeckTest")));  // in production nobody is woken by a slip
    question()->button(QMessageBox::Cancel)->click();
    QVERIFY(!trial.isBusy());
    trial.begin();
    QVERIFY(trial.cancelButton()->isVisible() && !trial.button()->isEnabled());
    trial.addStep({TrialStep::State::Done, text("Alertmanager 0.25.0 took the alert.")});
    trial.addStep({TrialStep::State::UnderWay, text("Waiting up to 45 s.")});
    QCOMPARE(trial.steps().size(), 2);
    test::picture(*m_page, text("alerts-trial"));
    trial.addStep({TrialStep::State::Stopped, text(hostile)});
    QCOMPARE(trial.steps().size(), 2);  // what came of the waiting stands in its place
    trial.addStep({TrialStep::State::Done, text("The alert was taken back.")});
    trial.end(false, {});
    QVERIFY(trial.result().contains(text("did not arrive")));
    QVERIFY(trial.button()->isEnabled() && !trial.cancelButton()->isVisible());
    test::verifyPlainText(*m_page, text(hostile));
    trial.begin();
    trial.addStep({TrialStep::State::Unclear, text("Whether team was notified cannot be told.")});
    trial.end(false, {});
    QVERIFY(trial.result().contains(text("cannot be told")));  // neither that it arrived nor that it did not
  }

  // The button that was pressed is disabled, and the keyboard found itself in the window's header.
  void theKeyboardStaysWithATest() {
    openBoth();
    m_page->tabs()->setCurrentIndex(AlertsPage::TrialTab);
    TrialPanel& trial = *m_page->trial();
    QSignalSpy cancelled(&trial, &TrialPanel::cancelWanted);
    trial.button()->setFocus();
    trial.begin();
    QCOMPARE(m_page->focusWidget(), trial.cancelButton());
    QVERIFY(!trial.button()->isEnabled() && !trial.severity()->isEnabled());
    QTest::keyClick(trial.cancelButton(), Qt::Key_Space);
    QTest::keyClick(trial.cancelButton(), Qt::Key_Space);
    QCOMPARE(cancelled.size(), 1);  // it is being taken back
    QCOMPARE(m_page->focusWidget(), trial.cancelButton());
    trial.end(false, {});
    QCOMPARE(m_page->focusWidget(), trial.button());
    trial.begin();
    QCOMPARE(trial.cancelButton()->text(), text("Cancel"));
    trial.setHindrance(text("Nothing is connected."));
    trial.end(true, {});
    QCOMPARE(m_page->focusWidget(), trial.severity());
    trial.setHindrance({});
    m_page->list()->setFocus();  // who is elsewhere stays there
    trial.begin();
    trial.end(true, {});
    QCOMPARE(m_page->focusWidget(), m_page->list());
  }

  void hostileTexts() {
    openBoth();
    const QString bad = text(hostile) + QChar(0x202e) + QString(3000, QLatin1Char('x')) + text("\n%1 %n &amp;\x01");
    RulesReading evil = rules();
    for (RuleReading& reading : evil.rules) {
      reading.rule.name = bad;
      reading.rule.query = bad;
      reading.rule.lastError = bad;
      reading.rule.labels = {{text("severity"), bad}, {bad, bad}};
      reading.rule.annotations = {{text("summary"), bad}, {text("runbook_url"), bad}};
      reading.group = bad;
      for (PromAlert& alert : reading.rule.alerts) alert.labels = alert.annotations = {{bad, bad}};
      for (RuleReading::Value& value : reading.values) value.labels = {{text("instance"), bad}};
    }
    ManagerReading other = manager();
    for (ManagedAlert& alert : other.alerts) {
      alert.labels = {{text("alertname"), bad}, {text("severity"), bad}};
      alert.receivers = {bad};
      alert.silencedBy = {bad};
    }
    for (Silence& silence : other.silences) silence.author = silence.comment = bad;
    other.status = {bad, bad, bad, 0};
    AlertHistory past = history();
    for (AlertBand& band : past.bands) band.name = band.severity = bad;
    Q_EMIT m_page->controller().rulesRead(evil);
    Q_EMIT m_page->controller().historyRead(past);
    Q_EMIT m_page->controller().managerRead(other);
    for (const int tab : {0, 1, 2}) {
      m_page->tabs()->setCurrentIndex(tab);
      test::picture(*m_page, QStringLiteral("alerts-hostile-%1").arg(tab));
      test::verifyPlainText(*m_page, text(hostile));
    }
    QVERIFY(m_page->width() <= 1310);
    for (const QAbstractItemModel* const model : {static_cast<const QAbstractItemModel*>(m_page->rules()), static_cast<const QAbstractItemModel*>(m_page->manager()->alerts()->model()), static_cast<const QAbstractItemModel*>(m_page->manager()->silences()->model())})
      for (int row = 0; row < model->rowCount(); ++row) QVERIFY(!model->index(row, 0).data(Qt::ToolTipRole).toString().contains(text(hostile)));
  }

  void pictures() {
    for (const bool dark : {true, false}) {
      Theme::instance().setScheme(dark ? Theme::Scheme::Dark : Theme::Scheme::Light);
      openBoth();
      pick(0);
      const QString scheme = dark ? text("dark") : text("light");
      for (const int tab : {0, 1}) {
        m_page->tabs()->setCurrentIndex(tab);
        if (tab == 1) m_page->manager()->alerts()->setCurrentIndex(m_page->manager()->alerts()->model()->index(0, 0));
        QVERIFY(!test::picture(*m_page, QStringLiteral("alerts-%1-%2").arg(scheme, QString::number(tab))).isNull());
      }
      m_page->tabs()->setCurrentIndex(0);
      m_page->resize(1220, 744);  // a window of 1280×800
      pick(4);
      test::picture(*m_page, QStringLiteral("alerts-%1-small").arg(scheme));
      m_page->resize(1300, 850);
    }
  }
};

QTEST_MAIN(TestAlertsPage)
#include "tst_alerts_page.moc"
