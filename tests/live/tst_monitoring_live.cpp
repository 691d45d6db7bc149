// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/monitoring_files.h"

#include "core/runs/push.h"
#include "tests/core/tst_run_support.h"
#include "tests/support/wait.h"

#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <sys/stat.h>

using namespace cachedeck;
using namespace cachedeck::test;

/// Every expression of rules and dashboards, run on the sandbox's Prometheus.
class TestMonitoringLive : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void cleanupTestCase();
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void rulesAreThoseOfTheFiles();
  void recordingRulesGiveData_data();
  void recordingRulesGiveData();
  void alertsHaveTheirSource_data();
  void alertsHaveTheirSource();
  void panelsGiveData_data();
  void panelsGiveData();
  void annotationsGiveData_data();
  void annotationsGiveData();
  void variablesFindTheirValues();

 private:
  QJsonArray rules(const char* type) const;
  QTemporaryDir m_base;
  QJsonObject m_info;
};

namespace {

/// What the sandbox cannot show, and why. Where something else tells that the source is there, it is asked instead.
struct Exception {
  const char* alert;
  const char* instead;  // empty: may be without data
  const char* why;
};
constexpr Exception exceptions[] = {
    {"RedisReplicationBroken", "redis_connected_slaves", "the sandbox's Redis has no replica, so redis_master_link_up is not there; a primary's half is"},
    {"PostgresReplicationLag", "", "Debian 12's exporter (0.11) has no collector of replication, and the sandbox's PostgreSQL has no replica"},
    {"PostgresScrapeErrors", "pg_exporter_last_scrape_error and on (job, instance) pg_scrape_collector_success", "it leaves out servers that are down by a comparison too"},
    {"PostgresQueryStatsMissing", "pg_up", "it finds what is missing, and the sandbox has it"},
};
constexpr const char* quietAnnotations[] = {"Alerts"};  // none fires within the time of this test

QString text(const QJsonValue& value, const char* key) { return value[QLatin1String(key)].toString(); }

struct Answer {
  bool understood = false;
  QJsonArray result;
  QString error;
};

Answer ask(const QJsonObject& info, const QString& query) {
  const QJsonObject answer = httpJson(text(info, "prometheus") + QStringLiteral("/api/v1/query?query=") + QString::fromLatin1(QUrl::toPercentEncoding(query)));
  return {text(answer, "status") == QStringLiteral("success"), answer.value(QStringLiteral("data"))[QStringLiteral("result")].toArray(), text(answer, "error")};
}

/// Real numbers; NaN is what 0/0 gives.
bool hasData(const QJsonArray& result) {
  for (const QJsonValue& series : result)
    if (series[QStringLiteral("value")][1].toString() != QStringLiteral("NaN")) return true;
  return false;
}

/// Grafana's variables as Grafana fills them in.
QString withVariables(QString expr) {
  expr.replace(QStringLiteral("$__rate_interval"), QStringLiteral("40s")).replace(QStringLiteral("$__range"), QStringLiteral("5m"));
  for (const char* name : {"$redis", "$postgres", "$scenario", "$service"}) expr.replace(QLatin1String(name), QStringLiteral(".*"));
  return expr;
}

/// An alert's expression without what makes it fire: the figures that it compares.
QString withoutComparisons(QString expr) {
  static const QRegularExpression comparison(QStringLiteral("\\s(<|>|==)\\s[0-9.]+"));
  return expr.remove(comparison);
}

}  // namespace

void TestMonitoringLive::initTestCase() {
  ::chmod(QFile::encodeName(m_base.path()).constData(), 0711);  // as root, the servers' account has to pass
  qputenv("XDG_CACHE_HOME", m_base.path().toUtf8());
  const Run run = sandbox({QStringLiteral("up"), QStringLiteral("--json")});
  QVERIFY2(run.code == 0, run.err.constData());
  m_info = run.json();
  runs::RunRecord record = recordOf({.perSecond = 50, .seconds = 4}, 1, QDateTime::currentMSecsSinceEpoch() - 60'000);
  record.figures.steps = {record.figures.all, record.figures.all};
  record.figures.steps[1].name = "search";
  const auto pushed = runs::pushRun(text(m_info, "pushgateway"), record, {}, {});
  QVERIFY2(pushed.ok(), pushed.ok() ? "" : qPrintable(pushed.error().message));
}

void TestMonitoringLive::cleanupTestCase() { sandbox({QStringLiteral("down"), QStringLiteral("--dir"), text(m_info, "dir")}); }

QJsonArray TestMonitoringLive::rules(const char* type) const {
  QJsonArray all;
  const QJsonArray groups = httpJson(text(m_info, "prometheus") + QStringLiteral("/api/v1/rules")).value(QStringLiteral("data"))[QStringLiteral("groups")].toArray();
  for (const QJsonValue& group : groups)
    for (const QJsonValue& rule : group[QStringLiteral("rules")].toArray())
      if (text(rule, "type") == QLatin1String(type)) all << rule;
  return all;
}

void TestMonitoringLive::rulesAreThoseOfTheFiles() {
  QStringList shippedNames, loaded;
  for (const char* file : {"prometheus/recording.yml", "prometheus/alerts.yml"}) {
    const QJsonArray groups = readYaml(shipped(QString::fromLatin1(file))).json().value(QStringLiteral("groups")).toArray();
    for (const QJsonValue& group : groups)
      for (const QJsonValue& rule : group[QStringLiteral("rules")].toArray()) shippedNames << text(rule, "alert") + text(rule, "record");
  }
  for (const char* type : {"recording", "alerting"})
    for (const QJsonValue& rule : rules(type)) loaded << text(rule, "name");
  shippedNames.sort();
  loaded.sort();
  QVERIFY(loaded.size() > 30);
  QCOMPARE(loaded, shippedNames);
}

void TestMonitoringLive::recordingRulesGiveData_data() {
  QTest::addColumn<QString>("name");
  for (const QJsonValue& rule : rules("recording")) QTest::newRow(qPrintable(text(rule, "name"))) << text(rule, "name");
}

void TestMonitoringLive::recordingRulesGiveData() {
  QFETCH(QString, name);
  QVERIFY(becomes([&] { return hasData(ask(m_info, name).result); }));  // a scrape that is missed takes data away for a moment
  for (const QJsonValue& rule : rules("recording"))
    if (text(rule, "name") == name) QCOMPARE(text(rule, "health"), QStringLiteral("ok"));
}

void TestMonitoringLive::alertsHaveTheirSource_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<QString>("query");
  for (const QJsonValue& rule : rules("alerting"))
    QTest::newRow(qPrintable(text(rule, "name") + QLatin1Char(' ') + text(rule[QStringLiteral("labels")], "severity"))) << text(rule, "name") << text(rule, "query");
}

void TestMonitoringLive::alertsHaveTheirSource() {
  QFETCH(QString, name);
  QFETCH(QString, query);
  const Answer whole = ask(m_info, query);
  QVERIFY2(whole.understood, qPrintable(whole.error));
  QString source = withoutComparisons(query);
  for (const Exception& exception : exceptions)
    if (name == QLatin1String(exception.alert)) source = QLatin1String(exception.instead);
  if (source.isEmpty()) return;
  QVERIFY(source != query);
  const Answer understood = ask(m_info, source);
  QVERIFY2(understood.understood, qPrintable(source + understood.error));
  QVERIFY2(becomes([&] { return hasData(ask(m_info, source).result); }), qPrintable(source));
}

void TestMonitoringLive::panelsGiveData_data() {
  QTest::addColumn<QString>("expr");
  for (const QString& name : dashboardNames()) {
    const QJsonArray panels = dashboard(name).value(QStringLiteral("panels")).toArray();
    for (const QJsonValue& panel : panels)
      for (const QJsonValue& target : panel[QStringLiteral("targets")].toArray())
        QTest::newRow(qPrintable(name + QStringLiteral(": ") + text(panel, "title") + QLatin1Char(' ') + text(target, "refId"))) << withVariables(text(target, "expr"));
  }
}

void TestMonitoringLive::panelsGiveData() {
  QFETCH(QString, expr);
  QVERIFY2(!expr.contains(QLatin1Char('$')), qPrintable(expr));
  const Answer answer = ask(m_info, expr);
  QVERIFY2(answer.understood, qPrintable(answer.error));
  QVERIFY2(becomes([&] { return hasData(ask(m_info, expr).result); }), qPrintable(expr));
}

void TestMonitoringLive::annotationsGiveData_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<QString>("expr");
  for (const QString& file : dashboardNames()) {
    const QJsonArray annotations = dashboard(file).value(QStringLiteral("annotations"))[QStringLiteral("list")].toArray();
    for (const QJsonValue& annotation : annotations)
      if (!text(annotation, "expr").isEmpty())
        QTest::newRow(qPrintable(file + QStringLiteral(": ") + text(annotation, "name"))) << text(annotation, "name") << withVariables(text(annotation, "expr"));
  }
}

void TestMonitoringLive::annotationsGiveData() {
  QFETCH(QString, name);
  QFETCH(QString, expr);
  const Answer answer = ask(m_info, expr);
  QVERIFY2(answer.understood, qPrintable(answer.error));
  for (const char* quiet : quietAnnotations)
    if (name == QLatin1String(quiet)) return;
  QVERIFY2(becomes([&] {
             redisCli(m_info, {QStringLiteral("persist"), QStringLiteral("no:such:key")});
             return hasData(ask(m_info, expr).result);
           }),
           qPrintable(expr));
}

void TestMonitoringLive::variablesFindTheirValues() {
  static const QRegularExpression values(QStringLiteral("^label_values\\(([a-z_]+), ([a-z]+)\\)$"));
  int found = 0;
  for (const QString& file : dashboardNames()) {
    const QJsonArray variables = dashboard(file).value(QStringLiteral("templating"))[QStringLiteral("list")].toArray();
    for (const QJsonValue& variable : variables) {
      if (text(variable, "type") != QStringLiteral("query")) continue;
      const QRegularExpressionMatch match = values.match(text(variable[QStringLiteral("query")], "query"));
      QVERIFY2(match.hasMatch(), qPrintable(text(variable, "name")));
      const QString count = QStringLiteral("count by (%2) (%1)").arg(match.captured(1), match.captured(2));
      QVERIFY2(becomes([&] { return hasData(ask(m_info, count).result); }), qPrintable(text(variable, "name")));
      ++found;
    }
  }
  QCOMPARE(found, 4);
}

QTEST_GUILESS_MAIN(TestMonitoringLive)
#include "tst_monitoring_live.moc"
