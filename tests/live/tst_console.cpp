// SPDX-License-Identifier: GPL-3.0-or-later
// The whole console, as the program makes it, on real servers that freeze, die and come back.
#include "app/console/console.h"
#include "core/profiles/fromurls.h"
#include "core/sources/prometheus/backfill.h"
#include "core/sources/prometheus/prometheus_fields.h"
#include "tests/support/no_keyring.h"
#include "tests/live/service_exporter.h"
#include "tests/support/process.h"
#include "ui/charts/chartpanel.h"
#include "ui/overview/kpitile.h"
#include "ui/overview/overviewpage.h"
#include "ui/window/welcomepage.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cmath>

using namespace cachedeck;
using namespace cachedeck::test;
using Kind = SourceState::Kind;

class TestConsole : public QObject {
  Q_OBJECT
  RedisServer m_redis{{QStringLiteral("maxmemory 64mb")}};
  PostgresServer m_postgres{{QStringLiteral("shared_preload_libraries = 'pg_stat_statements'")}};
  PrometheusServer m_prometheus;

  QMap<QString, QString> urls() const {
    return {{QStringLiteral("redis"), QStringLiteral("redis://") + m_redis.address()},
            {QStringLiteral("postgres"), QStringLiteral("postgresql://postgres:%1@%2/postgres").arg(PostgresServer::password(), m_postgres.address())},
            {QStringLiteral("prometheus"), m_prometheus.url()}};
  }
  TestServer& server(const QString& source) {
    if (source == QLatin1String("redis")) return m_redis;
    if (source == QLatin1String("postgres")) return m_postgres;
    return m_prometheus;
  }
  static Kind kindOf(const Console& console, const QString& source) {
    const auto found = console.pollers().find(source);
    return found == console.pollers().end() ? Kind::Idle : found->second->state().kind;
  }
  static bool allLive(const Console& console) {
    return console.pollers().size() == 3 &&
           std::all_of(console.pollers().begin(), console.pollers().end(), [](const auto& p) { return p.second->state().kind == Kind::Live; });
  }
  std::unique_ptr<Console> openConsole(const QString& folder) {
    auto console = std::make_unique<Console>(noSecrets(), folder);
    auto made = profileFromUrls(QStringLiteral("test"), urls());
    if (!made) return nullptr;
    made->handOver(console->secrets());
    console->window().resize(1600, 1000);
    console->window().show();
    console->open(made->profile);
    return console;
  }

 private Q_SLOTS:
  void initTestCase() {
    QCOMPARE(m_redis.start(), QString());
    QCOMPARE(m_postgres.start(), QString());
    QCOMPARE(m_prometheus.start(), QString());
    m_postgres.psql(QStringLiteral("CREATE EXTENSION pg_stat_statements"));
  }

  // A setting that could not be written was forgotten with nothing said, and of the profiles the log had an empty reason.
  void whatIsNotRememberedIsLogged() {
    QTemporaryDir folder;
    const QString config = folder.filePath(QStringLiteral("config"));
    Console console(noSecrets(), config);
    QVERIFY(QFile::rename(config, config + QStringLiteral(".away")));
    QFile file(config);
    QVERIFY(file.open(QIODevice::WriteOnly));
    static std::atomic<int> logged;
    const QtMessageHandler before = qInstallMessageHandler([](QtMsgType type, const QMessageLogContext&, const QString& text) { logged += type == QtWarningMsg && text.contains(QLatin1String("/config")) ? 1 : 0; });
    Q_EMIT console.window().rangeChosen(300);
    const bool isLogged = QTest::qWaitFor([] { return logged >= 1; }, 60000);
    qInstallMessageHandler(before);
    QVERIFY(isLogged);
  }

  void everyPanelShowsWhatTheServersDo() {
    QTemporaryDir folder;
    const auto console = openConsole(folder.path());
    QVERIFY(console);
    QTRY_VERIFY_WITH_TIMEOUT(allLive(*console), 60000);
    for (int i = 0; i < 200; ++i) m_redis.cli({QStringLiteral("get"), QStringLiteral("absent")});
    m_postgres.psql(QStringLiteral("SELECT count(*) FROM pg_class"));
    for (const char* metric : {"redis.ops", "redis.misses", "redis.memory_used", "postgres.connections", "postgres.calls", "prometheus.targets_up"})
      QTRY_VERIFY2_WITH_TIMEOUT(!std::isnan(console->history().last(QLatin1String(metric))), metric, 60000);
    const auto panels = console->window().findChildren<ChartPanel*>();
    QVERIFY(panels.size() >= 7);
    const auto withoutAChart = [&] {
      console->drawNow();
      QByteArrayList ids;
      for (const ChartPanel* panel : panels)
        if (panel->status().body != PanelStatus::Body::Chart) ids += panel->info().id.data();
      return ids.join(' ');
    };
    QTRY_COMPARE_WITH_TIMEOUT(withoutAChart(), QByteArray(), 60000);
    QVERIFY(console->window().findChildren<KpiTile*>().size() >= 6);
  }

  void everyPageOpens() {
    QTemporaryDir folder;
    const auto console = openConsole(folder.path());
    QVERIFY(console);
    QTRY_VERIFY_WITH_TIMEOUT(allLive(*console), 60000);
    for (const char* page : {"keys", "load", "alerts", "query", "snapshots", "doctor", "connections", "overview"}) {
      console->window().showPage(QLatin1String(page));
      QCOMPARE(console->window().currentPage(), QLatin1String(page));
      QTest::qWait(300);
      QVERIFY(!console->window().grab().isNull());
    }
    // And again without servers.
    console->showWelcome();
    auto empty = std::make_unique<Console>(noSecrets(), folder.path());
    empty->window().show();
    for (const char* page : {"keys", "load", "alerts", "query", "snapshots", "doctor"}) empty->window().showPage(QLatin1String(page));
    QTest::qWait(200);
  }

  void aScrapedServiceBringsItsPanelsAndItsPast() {
    ServiceExporter exporter;
    PrometheusServer prometheus(QStringLiteral("global: {scrape_interval: 1s}\nscrape_configs:\n- job_name: api\n  static_configs: [{targets: ['%1']}]\n").arg(exporter.address()));
    QCOMPARE(prometheus.start(), QString());
    PrometheusClient client(httpSettings(findSource(QStringLiteral("prometheus"))->fromUrl(prometheus.url()).value(), prometheusFields()).value());
    const auto past = [&] {
      const qint64 now = SystemClock().now().wallMs;
      const auto rows = fetchHistory(client, QStringLiteral("app"), QString(), now - 24 * 3600'000, now, 15'000, {});  // on the console's grid of times
      return rows ? rows->size() : 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(past() >= 1, 60000);

    QTemporaryDir folder;
    const auto console = openConsole(folder.path());
    QTRY_VERIFY_WITH_TIMEOUT(allLive(*console), 60000);
    console->drawNow();
    const auto shown = [&] { return console->window().findChild<OverviewPage*>()->panels().size(); };
    QTRY_COMPARE_WITH_TIMEOUT(shown(), 7u, 60000);  // this one scrapes only itself
    auto made = profileFromUrls(QStringLiteral("service"), {{QStringLiteral("prometheus"), prometheus.url()}});
    QVERIFY(made);
    const qint64 opened = SystemClock().now().wallMs;
    console->open(made->profile);
    QTRY_VERIFY_WITH_TIMEOUT(!std::isnan(console->history().last(QLatin1String("app.requests"))), 60000);
    QTRY_VERIFY_WITH_TIMEOUT(console->history().firstMs(QLatin1String("app.pool_max")) < opened, 60000);
    QTRY_COMPARE_WITH_TIMEOUT(shown(), 11u, 60000);
    QTRY_COMPARE_WITH_TIMEOUT(console->history().last(QLatin1String("app.pool_max")), 25.0, 60000);
  }

  void aFrozenServerIsStaleAndTheOthersGoOn_data() { sources(); }
  void aFrozenServerIsStaleAndTheOthersGoOn() {
    QFETCH(QString, source);
    QTemporaryDir folder;
    const auto console = openConsole(folder.path());
    QTRY_VERIFY_WITH_TIMEOUT(allLive(*console), 60000);
    server(source).freeze();
    const auto states = [&] {
      QMap<QString, QString> names;
      for (const auto& [id, poller] : console->pollers()) names.insert(id, stateName(poller->state().kind));
      if (names[source] == QLatin1String("failed")) names[source] = QStringLiteral("stale");  // after a while
      return names;
    };
    QMap<QString, QString> expected{{QStringLiteral("redis"), QStringLiteral("live")}, {QStringLiteral("postgres"), QStringLiteral("live")}, {QStringLiteral("prometheus"), QStringLiteral("live")}};
    expected[source] = QStringLiteral("stale");
    QTRY_COMPARE_WITH_TIMEOUT(states(), expected, 60000);
    const SourceState& state = console->pollers().at(source)->state();
    QVERIFY(state.lastGoodMs > 0);
    QVERIFY(state.error);
    server(source).thaw();
    QTRY_VERIFY_WITH_TIMEOUT(allLive(*console), 60000);
  }

  void aKilledServerFailsAndComesBackByItself_data() { sources(); }
  void aKilledServerFailsAndComesBackByItself() {
    QFETCH(QString, source);
    QTemporaryDir folder;
    const auto console = openConsole(folder.path());
    QTRY_VERIFY_WITH_TIMEOUT(allLive(*console), 60000);
    server(source).kill9();
    QTRY_COMPARE_WITH_TIMEOUT(stateName(kindOf(*console, source)), QStringLiteral("failed"), 60000);
    const SourceState& state = console->pollers().at(source)->state();
    QVERIFY(state.retryAtMs > 0);
    QVERIFY2(state.error->message.contains(server(source).address()), qPrintable(state.error->message));
    const QString group = source + QLatin1Char('.');
    console->drawNow();
    for (const ChartPanel* panel : console->window().findChildren<ChartPanel*>()) {
      const auto& needed = panel->info().sources;
      const bool concerned = std::any_of(needed.begin(), needed.end(), [&](QLatin1String id) { return QString(id) == source; });
      if (concerned) QVERIFY2(panel->status().body != PanelStatus::Body::Chart, panel->info().id.data());
    }
    QCOMPARE(server(source).start(), QString());
    QTRY_VERIFY_WITH_TIMEOUT(allLive(*console), 60000);
  }

  void aRestartIsAGapAndNoNegativeRate() {
    QTemporaryDir folder;
    const auto console = openConsole(folder.path());
    QTRY_VERIFY_WITH_TIMEOUT(allLive(*console), 60000);
    QTRY_VERIFY_WITH_TIMEOUT(!std::isnan(console->history().last(QLatin1String("redis.ops"))), 60000);
    // It may have come back before this thread looks.
    bool fell = false;
    QObject listener;
    const Poller* const poller = console->pollers().at(QStringLiteral("redis")).get();
    connect(poller, &Poller::stateChanged, &listener, [&fell, poller] { fell |= poller->state().kind == Kind::Failed; });
    QCOMPARE(m_redis.restart(), QString());
    QTRY_VERIFY_WITH_TIMEOUT(fell, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(allLive(*console), 60000);
    QTRY_VERIFY_WITH_TIMEOUT(!std::isnan(console->history().last(QLatin1String("redis.ops"))), 60000);
    const qint64 last = console->history().lastMs(QLatin1String("redis.ops"));
    const auto buckets = console->history().window(QLatin1String("redis.ops"), last - 60'000, last, 1000);
    QVERIFY(std::any_of(buckets.begin(), buckets.end(), [](const Bucket& b) { return b.isGap(); }));
    QVERIFY(std::none_of(buckets.begin(), buckets.end(), [](const Bucket& b) { return b.min < 0; }));
  }

  void withoutAProfileItOffersTwoWaysToBegin() {
    QTemporaryDir folder;
    Console console(noSecrets(), folder.path());
    QVERIFY(!console.openLast());
    console.showWelcome();
    console.window().show();
    QVERIFY(console.window().welcome()->isVisible());
    QVERIFY(console.pollers().empty());
  }

  void theLastProfileIsOpenedAgain() {
    QTemporaryDir folder;
    {
      ProfileStore store(folder.path());
      QVERIFY(store.load());
      auto made = profileFromUrls(QStringLiteral("mine"), {{QStringLiteral("redis"), QStringLiteral("redis://") + m_redis.address()}});
      QVERIFY(made);
      QVERIFY(store.save(made->profile));
      QVERIFY(store.setLastUsed(made->profile.id));
    }
    Console console(noSecrets(), folder.path());
    QVERIFY(console.openLast());
    QTRY_COMPARE_WITH_TIMEOUT(stateName(kindOf(console, QStringLiteral("redis"))), QStringLiteral("live"), 60000);
    QVERIFY(console.window().windowTitle().contains(QStringLiteral("mine")));
  }

 private:
  static void sources() {
    QTest::addColumn<QString>("source");
    for (const char* source : {"redis", "postgres", "prometheus"}) QTest::newRow(source) << QString::fromLatin1(source);
  }
};

QTEST_MAIN(TestConsole)
#include "tst_console.moc"
