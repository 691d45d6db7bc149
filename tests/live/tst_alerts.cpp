// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/alert_trial.h"
#include "core/alerts/rule_reading.h"
#include "core/sources/prometheus/prometheus_fields.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"
#include "tests/ui/load_service.h"

#include <QRegularExpression>
#include <QTest>

#include <thread>

using namespace cachedeck;
using namespace cachedeck::test;
using namespace std::chrono_literals;

/// Alertmanager and Prometheus as the page of alerts uses them.
class TestAlerts : public QObject {
  Q_OBJECT
  LoadService m_hook;
  SystemClock m_clock;
  AlertmanagerServer m_manager{QStringLiteral("route:\n  receiver: hook\n  group_by: [instance]\n  group_wait: 1s\n  routes:\n  - {receiver: nobody, matchers: ['severity=\"info\"']}\n  - {receiver: broken, matchers: ['severity=\"critical\"']}\n  - {receiver: slow, group_wait: 30s, matchers: ['severity=\"slow\"']}\n"
                                              "receivers:\n- name: hook\n  webhook_configs: [{url: '%1/hook'}]\n- name: nobody\n- name: broken\n  webhook_configs: [{url: 'http://127.0.0.1:%2/'}]\n- name: slow\n  webhook_configs: [{url: '%1/slow'}]\n")
                                   .arg(m_hook.url())
                                   .arg(freePort())};
  PrometheusServer m_prometheus{QStringLiteral("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: ['@DIR@/rules.yml']\nscrape_configs:\n- {job_name: self, static_configs: [{targets: ['127.0.0.1:@PORT@']}]}\n")};

  template <typename Client>
  static Client clientOf(const QString& url, std::span<const FieldInfo> fields) {
    return Client(httpSettings(httpSettingsFromUrl(url).value(), fields).value());
  }
  AlertmanagerClient manager() const { return clientOf<AlertmanagerClient>(m_manager.url(), alertmanagerFields()); }
  static bool isWithoutTests(AlertmanagerClient& client) {
    const auto alerts = client.alerts(QStringLiteral("cachedeck_test=\"true\""), {});
    return alerts && alerts->isEmpty();
  }
  Result<TrialOutcome> attempt(const char* severity, QStringList* steps = nullptr, std::chrono::seconds patience = 60s, const std::stop_token& stop = {}) {
    AlertmanagerClient client = manager();
    return tryAlert(client, {QString::fromLatin1(severity), QStringLiteral("on call"), patience}, m_clock, [steps](const TrialStep& step) { if (steps) *steps << step.text; }, stop);
  }

 private Q_SLOTS:
  void initTestCase() {
    m_prometheus.addFile(QStringLiteral("rules.yml"),
                         "groups:\n- name: g\n  rules:\n  - {alert: Up, expr: 'up{job=\"self\"} > 0.5', labels: {severity: warning}}\n  - {alert: Far, expr: 'up * 20 > 80', for: 5m}\n"
                         "  - {alert: NoNumber, expr: 'absent(up)'}\n  - {alert: Wrong, expr: 'sum(up) by (x) > on() group_left() sum(up) by (y)'}\n  - {record: r, expr: up}\n");
    QCOMPARE(m_manager.start(), QString());
    QCOMPARE(m_prometheus.start(), QString());
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void aTestAlertArrivesAndIsTakenBack() {
    QStringList steps;
    const int before = m_hook.requests();
    const auto outcome = attempt("warning", &steps);
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().message));
    QVERIFY2(outcome->delivered, qPrintable(outcome->stoppedAt + steps.join(u'|')));
    QCOMPARE(outcome->receivers, QStringList{QStringLiteral("hook")});
    QCOMPARE(outcome->integrations, QStringList{QStringLiteral("webhook")});
    QVERIFY(outcome->resolved);
    QVERIFY(m_hook.requests() > before);
    AlertmanagerClient client = manager();
    QTRY_VERIFY_WITH_TIMEOUT(isWithoutTests(client), 60000);
  }

  void aReceiverWithoutIntegration() {
    const auto outcome = attempt("info");
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().message));
    QVERIFY(!outcome->delivered && outcome->resolved);
    QCOMPARE(outcome->receivers, QStringList{QStringLiteral("nobody")});
    QVERIFY2(outcome->stoppedAt.contains(QLatin1String("no integration")), qPrintable(outcome->stoppedAt));
  }

  void aWebhookThatNobodyAnswers() {
    const auto outcome = attempt("critical");
    QVERIFY(outcome);
    QVERIFY(!outcome->delivered);
    QVERIFY2(!outcome->unclear && outcome->stoppedAt.contains(QLatin1String("Check its URL and credentials")), qPrintable(outcome->stoppedAt));
  }

  // Each of these was told the contrary of what happened: one counter stands for all receivers.
  void otherReceiversOfTheSameCounter() {
    LoadService hook;
    AlertmanagerServer server(QStringLiteral("route:\n  receiver: warnings\n  group_by: [instance]\n  group_wait: 2s\n  routes:\n  - {receiver: critical, group_wait: 3s, matchers: ['severity=\"critical\"']}\n  - {receiver: late, group_wait: 9s, matchers: ['severity=\"late\"']}\n"
                                             "receivers:\n- name: warnings\n  webhook_configs: [{url: '%1/'}]\n- name: late\n  webhook_configs: [{url: '%1/'}]\n- name: critical\n  webhook_configs: [{url: 'http://127.0.0.1:%2/'}]\n")
                                  .arg(hook.url()).arg(freePort()));
    QCOMPARE(server.start(), QString());
    AlertmanagerClient client = clientOf<AlertmanagerClient>(server.url(), alertmanagerFields());
    const auto fire = [&](const char* severity) {
      const qint64 now = m_clock.now().wallMs;
      return client.post({{QStringLiteral("alertname"), QStringLiteral("Real")}, {QStringLiteral("severity"), QLatin1String(severity)}, {QStringLiteral("instance"), QStringLiteral("%1 %2").arg(QLatin1String(severity)).arg(now)}}, {}, now, now + 600'000, {}).ok();
    };
    const auto attemptAt = [&](const char* severity) { return tryAlert(client, {QString::fromLatin1(severity), QStringLiteral("on call"), 0s}, m_clock, {}, {}); };

    // A warning went out while a test of “late” waited for its group_wait: "delivered", and the test was taken back before it was sent.
    QVERIFY(fire("warning"));
    const auto late = attemptAt("late");
    QVERIFY(late && late->resolved);
    QVERIFY2(late->delivered && hook.requests() == 2, qPrintable(late->stoppedAt + QString::number(hook.requests())));

    // A warning went out while the webhook of “critical” was dead: "delivered".
    QVERIFY(fire("warning"));
    const auto critical = attemptAt("critical");
    QVERIFY(critical);
    QVERIFY2(!critical->delivered, qPrintable(critical->integrations.join(u',')));

    // “critical” is tried again and again, and a test of “warnings”, which arrives, "did not arrive".
    QVERIFY(fire("critical"));
    QTest::qWait(4000);
    const auto warning = attemptAt("warning");
    QVERIFY(warning);
    QVERIFY2(warning->delivered || warning->unclear, qPrintable(warning->stoppedAt));
    QVERIFY2(warning->delivered || (warning->stoppedAt.contains(QLatin1String("receiver-name-in-metrics")) && warning->stoppedAt.contains(QLatin1String("cachedeck-test-"))), qPrintable(warning->stoppedAt));
  }

  // The group of a first test tells of its end with the next group_interval: whether a second one arrived could not be told, with each test by its own group as with all in one.
  void aSecondTestSoonAfter_data() {
    QTest::addColumn<QString>("groupBy");
    QTest::newRow("groups of their own") << QStringLiteral("instance");
    QTest::newRow("one group") << QStringLiteral("alertname");
  }
  void aSecondTestSoonAfter() {
    QFETCH(QString, groupBy);
    LoadService hook;
    AlertmanagerServer server(QStringLiteral("route: {receiver: hook, group_by: [%2], group_wait: 1s, group_interval: 10s}\nreceivers:\n- name: hook\n  webhook_configs: [{url: '%1/'}]\n").arg(hook.url(), groupBy));
    QCOMPARE(server.start(), QString());
    AlertmanagerClient client = clientOf<AlertmanagerClient>(server.url(), alertmanagerFields());
    for (int i = 0; i < 2; ++i) {
      QStringList steps;
      const auto outcome = tryAlert(client, {QStringLiteral("warning"), QStringLiteral("on call"), 0s}, m_clock, [&](const TrialStep& step) { steps << step.text; }, {});
      QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().message));
      QVERIFY2(outcome->delivered && outcome->resolved, qPrintable(steps.join(u'|')));
      QVERIFY(becomes([&] {
        const auto groups = client.groups({});
        return groups && groups->isEmpty();
      }));
      QCOMPARE(steps.front().startsWith(QLatin1String("Waiting up to 55 s until alerts that have ended are told of")), i == 1);
    }
  }

  void silences() {
    AlertmanagerClient client = manager();
    const qint64 now = m_clock.now().wallMs;
    Silence silence{{}, {{QStringLiteral("alertname"), QStringLiteral("CachedeckTest")}}, now, now + 600'000, QStringLiteral("me"), QStringLiteral("maintenance \"x\""), {}};
    const auto id = client.silence(silence, {});
    QVERIFY2(id, id ? "" : qPrintable(id.error().message));
    const auto listed = client.silences({});
    QVERIFY(listed);
    QCOMPARE(listed->front().id, *id);
    QCOMPARE(listed->front().comment, QStringLiteral("maintenance \"x\""));
    QCOMPARE(listed->front().state, QStringLiteral("active"));
    const auto outcome = attempt("warning");
    QVERIFY(outcome);
    QVERIFY2(!outcome->delivered && outcome->stoppedAt.contains(*id), qPrintable(outcome->stoppedAt));
    QVERIFY(client.expire(*id, {}));
    QCOMPARE(client.silences({})->front().state, QStringLiteral("expired"));
    QCOMPARE(client.expire(QStringLiteral("../status"), {}).error().kind, Error::Kind::Usage);
    QVERIFY(!client.expire(QStringLiteral("00000000-0000-0000-0000-000000000000"), {}));
    silence.comment.clear();
    QCOMPARE(client.silence(silence, {}).error().kind, Error::Kind::Usage);
    silence.comment = QStringLiteral("x");
    silence.matchers = {{QStringLiteral("bad name"), QStringLiteral("x"), true}};
    const auto refused = client.silence(silence, {});
    QVERIFY(!refused && refused.error().message.contains(QLatin1String("refused")));
    QCOMPARE(*client.receivers({}), (QStringList{QStringLiteral("hook"), QStringLiteral("nobody"), QStringLiteral("broken"), QStringLiteral("slow")}));
    QVERIFY(client.status({})->config.contains(QLatin1String("group_wait")));
  }

  void cancelledItIsTakenBackToo() {
    std::stop_source stop;
    std::jthread later([&] {
      std::this_thread::sleep_for(700ms);
      stop.request_stop();
    });
    const auto outcome = attempt("slow", nullptr, 60s, stop.get_token());
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, Error::Kind::Cancelled);
    AlertmanagerClient client = manager();
    QTRY_VERIFY_WITH_TIMEOUT(isWithoutTests(client), 60000);
  }

  void nobodyThere() {
    AlertmanagerClient client = clientOf<AlertmanagerClient>(QStringLiteral("http://127.0.0.1:%1").arg(freePort()), alertmanagerFields());
    QVERIFY(!tryAlert(client, {}, m_clock, {}, {}));
    AlertmanagerClient other = clientOf<AlertmanagerClient>(m_prometheus.url(), alertmanagerFields());
    QVERIFY(!other.alerts({}, {}));
  }

  void rulesWithTheirDistance() {
    PrometheusClient client = clientOf<PrometheusClient>(m_prometheus.url(), prometheusFields());
    const auto find = [](const QList<RuleReading>& all, const char* name) { return *std::find_if(all.begin(), all.end(), [&](const RuleReading& one) { return one.rule.name == QLatin1String(name); }); };
    // All four, of one moment: a scrape that came late is an "up" of 0 for a while.
    std::optional<Result<QList<RuleReading>>> read;
    const auto isFiring = [&] { return read.emplace(readRules(client, {})).ok() && (*read)->size() == 4 && find(**read, "Up").rule.state == QLatin1String("firing") && find(**read, "Up").reach() == 2.0; };
    QTRY_VERIFY_WITH_TIMEOUT(isFiring(), 60000);
    const Result<QList<RuleReading>>& all = *read;
    QCOMPARE(all->size(), 4);
    QCOMPARE(find(*all, "Up").reach(), 2.0);
    QCOMPARE(find(*all, "Far").reach(), 0.25);
    QCOMPARE(find(*all, "Far").rule.state, QStringLiteral("inactive"));
    QVERIFY(!find(*all, "NoNumber").threshold);
    QVERIFY(!find(*all, "Wrong").threshold);
    QString severity;
    const auto isInHistory = [&] {
      const qint64 now = m_clock.now().wallMs;
      const auto bands = alertHistory(client, now - 60'000, now + 30'000, {});
      if (!bands) return false;
      const auto up = std::find_if(bands->begin(), bands->end(), [](const AlertBand& band) { return band.name == QLatin1String("Up"); });
      if (up != bands->end()) severity = up->severity;
      return up != bands->end();
    };
    QTRY_VERIFY_WITH_TIMEOUT(isInHistory(), 60000);
    QCOMPARE(severity, QStringLiteral("warning"));
  }
};

QTEST_GUILESS_MAIN(TestAlerts)
#include "tst_alerts.moc"
