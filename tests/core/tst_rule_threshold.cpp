// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/alertmanager_json.h"
#include "core/alerts/manager_config.h"
#include "core/alerts/rule_threshold.h"

#include <QJsonDocument>
#include <QTest>

#include <cmath>

using namespace cachedeck;

/// What of a rule's expression is measured, and against which number.
class TestRuleThreshold : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void found_data() {
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QString>("measured");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* expression, const char* measured, const char* text) { QTest::newRow(expression) << QString::fromUtf8(expression) << QString::fromUtf8(measured) << QString::fromUtf8(text); };
    row("up == 0", "up", "== 0");
    row("a > 85", "a", "> 85");
    row("a>=1e3", "a", ">= 1e3");
    row("a < -2.5", "a", "< -2.5");
    row("100 * used / (max > 0) > 85", "100 * used / (max > 0)", "> 85");
    row("(100 * a / (a + b)) < 75 and sum(rate(a[5m])) > 1", "(100 * a / (a + b))", "< 75");
    row("(a > 3)", "a", "> 3");
    row("((a / b) > 3)", "(a / b)", "> 3");
    row("a > bool 3", "a", "> 3");
    row("a{x=\"> 5 and\"} > 7", "a{x=\"> 5 and\"}", "> 7");
    row("sum by (instance) (a) > 40", "sum by (instance) (a)", "> 40");
    row("(a or b) > 1", "(a or b)", "> 1");
    row("a # > 4\n > 2", "a # > 4", "> 2");
    row("band > 1", "band", "> 1");
    row("a <= 3 and b", "a", "<= 3");
    row("a > 1 unless b", "a unless b", "> 1");
    row("(a or c) == 1 unless on (x) b == 0", "(a or c) unless on (x) b == 0", "== 1");
    row("((a > 1) unless b) unless ignoring (y) c", "a unless b unless ignoring (y) c", "> 1");
    row("a > 1 and b unless c and d unless e", "a unless c unless e", "> 1");
    row("a{x=\"unless\"} > 1 and (b unless c)", "a{x=\"unless\"}", "> 1");
  }
  void found() {
    QFETCH(QString, expression);
    const auto threshold = thresholdOf(expression);
    QVERIFY(threshold.has_value());
    QTEST(threshold->measured, "measured");
    QTEST(threshold->text, "text");
  }

  void nothingToCompareWith() {
    for (const char* expression : {"", "up", "absent(a)", "a > b", "a != 0", "a > 1 or b > 2", "a > 1 and b or c > 2", "(a == 1 or b == 0) unless c", "a == 1 unless b or c", "a > on(x) b", "> 3", "a unless b", "a unless b > 1", "(((", "a > NaN", "a{x=\"", "5 > 3 > x"})
      QVERIFY2(!thresholdOf(QString::fromUtf8(expression)), expression);
    QVERIFY(!thresholdOf(QString(50'000, QLatin1Char('('))));
  }

  void reach() {
    const auto above = thresholdOf(QStringLiteral("a > 80")), below = thresholdOf(QStringLiteral("a < 75")), zero = thresholdOf(QStringLiteral("a > 0")), down = thresholdOf(QStringLiteral("up == 0"));
    QCOMPARE(above->reach(40), 0.5);
    QCOMPARE(above->reach(160), 2.0);
    QCOMPARE(above->reach(-5), 0.0);
    QCOMPARE(below->reach(150), 0.5);
    QVERIFY(std::isinf(below->reach(0)));
    QVERIFY(std::isnan(zero->reach(0)));
    QCOMPARE(zero->reach(1), 1.0);
    QCOMPARE(down->reach(0), 1.0);
    QCOMPARE(down->reach(1), 0.0);
    QVERIFY(std::isnan(above->reach(NAN)));
  }

  void groupWait() {
    using namespace std::chrono_literals;
    const auto waits = [](const char* yaml) {
      QList<std::chrono::milliseconds> all;
      for (const AlertRoute& route : routesOf(QString::fromLatin1(yaml))) all << route.groupWait;
      return all;
    };
    using Waits = QList<std::chrono::milliseconds>;
    QCOMPARE(waits(""), Waits());
    QCOMPARE(waits("route:\n  receiver: a\n"), Waits{30s});
    QCOMPARE(waits("route:\n  routes:\n  - group_wait: 2m\n  - receiver: b\n  group_wait: 500ms\n"), (Waits{500ms, 120s, 500ms}));
    QCOMPARE(waits("route:\n  group_wait: 99999999999999h\n"), Waits{365 * 24h});
  }

  void integrations() {
    const QString config = QStringLiteral("route:\n  receiver: a\nreceivers:\n- name: a\n  slack_configs:\n  - send_resolved: true\n  webhook_configs:\n  - url: x\n- name: \"b c\"\n- name: d\n  email_configs:\n  - to: x\ntemplates: []\n");
    QCOMPARE(*integrationsOf(config, QStringLiteral("a")), (QStringList{QStringLiteral("slack"), QStringLiteral("webhook")}));
    QCOMPARE(*integrationsOf(config, QStringLiteral("b c")), QStringList());
    QCOMPARE(*integrationsOf(config, QStringLiteral("d")), QStringList{QStringLiteral("email")});
    QVERIFY(!integrationsOf(config, QStringLiteral("x")));
    QVERIFY(!integrationsOf(QString(), QStringLiteral("a")));
  }

  void answers() {
    const QJsonArray alerts = QJsonDocument::fromJson(R"([{"annotations":{"summary":"s"},"endsAt":"2026-11-29T07:00:00.000Z","fingerprint":"ab","receivers":[{"name":"slack"}],"startsAt":"2026-11-29T06:00:00.000Z",
      "status":{"inhibitedBy":["x"],"silencedBy":[],"state":"suppressed"},"updatedAt":"2026-11-29T06:30:00.000Z","labels":{"alertname":"A"}}, 5, {}])").array();
    const auto all = managedAlerts(alerts);
    QCOMPARE(all.size(), 3);
    QCOMPARE(all[0].inhibitedBy, QStringList{QStringLiteral("x")});
    QCOMPARE(all[0].endsAtMs - all[0].startsAtMs, 3'600'000);
    QCOMPARE(matcherText({QStringLiteral("a"), QStringLiteral("b.*"), true, false}), QStringLiteral("a!~\"b.*\""));
    const Silence silence{{}, {{QStringLiteral("alertname"), QStringLiteral("A")}}, 1000, 2000, QStringLiteral("me"), QStringLiteral("why"), {}};
    QCOMPARE(silences(QJsonArray{toJson(silence)}).front().matchers, silence.matchers);
    QCOMPARE(toJson(silence)[QLatin1String("startsAt")].toString(), QStringLiteral("1970-01-01T00:00:01.000Z"));
  }
};

QTEST_GUILESS_MAIN(TestRuleThreshold)
#include "tst_rule_threshold.moc"
