// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/rule_threshold.h"
#include "tests/live/monitoring_files.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <algorithm>

using namespace cachedeck::test;

/// Rules, routes and dashboards of monitoring/, read by the tools that they are for.
class TestMonitoring : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void filesAreValid();
  void refusesWhatDoesNotFit_data();
  void refusesWhatDoesNotFit();
  void rulesDoWhatTheyAreFor();
  void everyAlertIsTried();
  void everyAlertHasItsThreshold_data();
  void everyAlertHasItsThreshold();
  void measuredIsPromql();
  void everyAlertHasItsRunbook();
  void routesBySeverity_data();
  void routesBySeverity();
  void onlyRealPairsAreInhibited();
  void webhooksStandInFiles();
  void theRunbookIsInstalled();
  void slackLinksToTheRunbook_data();
  void slackLinksToTheRunbook();
  void legendsTellLinesApart();
  void dashboardsAreCurrent_data();
  void dashboardsAreCurrent();
  void referencePanelsAreThere();
  void grafanaFindsItsFiles();

 private:
  QJsonArray alerts() const;
  QTemporaryDir m_out;  // what compose's servers are given
};

namespace {

QJsonObject objectOf(const QString& path) { return readYaml(path).json(); }

QString text(const QJsonValue& value, const char* key) { return value[QLatin1String(key)].toString(); }

QString nameOf(const QJsonValue& alert) { return text(alert, "alert") + QLatin1Char(' ') + text(alert[QStringLiteral("labels")], "severity"); }

/// What the page of alerts shows; empty: none, since it fires by one of two comparisons.
struct ShownThreshold {
  const char* alert;
  const char* text;
};
constexpr ShownThreshold thresholds[] = {
    {"LowCacheHitRate warning", "< 75"},
    {"HighRedisMemory critical", "> 85"},
    {"HighRedisMemory warning", "> 75"},
    {"HighDatabaseConnections warning", "> 40"},
    {"SlowDatabaseQueries warning", "> 1"},
    {"RedisEvictions warning", "> 0"},
    {"BlockedSessions warning", "> 0"},
    {"HighErrorRate critical", "> 1"},
    {"HighErrorRate warning", "> 0.1"},
    {"HighLatency critical", "> 0.3"},
    {"HighLatency warning", "> 0.1"},
    {"TargetDown critical", "== 0"},
    {"RedisDown critical", "== 0"},
    {"PostgresDown critical", "== 0"},
    {"CacheUnavailable warning", "== 0"},
    {"RedisRejectedConnections critical", "> 0"},
    {"RedisReplicationBroken critical", ""},
    {"PostgresReplicationLag warning", "> 60"},
    {"PostgresQueryStatsMissing warning", "== 1"},
    {"PostgresScrapeErrors warning", "== 1"},
};

}  // namespace

void TestMonitoring::initTestCase() {
  const Run run = fillInForCompose(m_out.path());
  QVERIFY2(run.code == 0, run.err.constData());
}

QJsonArray TestMonitoring::alerts() const {
  QJsonArray all;
  const QJsonArray groups = objectOf(shipped(QStringLiteral("prometheus/alerts.yml"))).value(QStringLiteral("groups")).toArray();
  for (const QJsonValue& group : groups)
    for (const QJsonValue& rule : group[QStringLiteral("rules")].toArray()) all << rule;
  return all;
}

void TestMonitoring::filesAreValid() {
  int files = 0;
  QDirIterator each(m_out.path(), QDir::Files, QDirIterator::Subdirectories);
  static const QRegularExpression left(QStringLiteral("@[A-Z_]+@"));
  while (each.hasNext()) {
    const QString path = each.next();
    QVERIFY2(!QString::fromUtf8(contentOf(path)).contains(left), qPrintable(path));
    QVERIFY2(!(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther)), qPrintable(path));
    ++files;
  }
  QCOMPARE(files, 14);
  const Run config = runCommand(QStringLiteral("promtool"), {QStringLiteral("check"), QStringLiteral("config"), m_out.filePath(QStringLiteral("prometheus/prometheus.yml"))});
  QVERIFY2(config.code == 0, (config.out + config.err).constData());
  QVERIFY(config.out.contains("2 rule files found"));
  const Run rules = runCommand(QStringLiteral("promtool"), {QStringLiteral("check"), QStringLiteral("rules"), shipped(QStringLiteral("prometheus/recording.yml")),
                                                            shipped(QStringLiteral("prometheus/alerts.yml"))});
  QVERIFY2(rules.code == 0, (rules.out + rules.err).constData());
  const Run manager = runCommand(QStringLiteral("amtool"), {QStringLiteral("check-config"), m_out.filePath(QStringLiteral("alertmanager/alertmanager.yml"))});
  QVERIFY2(manager.code == 0, (manager.out + manager.err).constData());
  QVERIFY(manager.out.contains("1 templates"));
}

void TestMonitoring::refusesWhatDoesNotFit_data() {
  QTest::addColumn<QString>("setting");
  QTest::addColumn<QByteArray>("sentence");
  const QByteArray password = " in .env: at least 16 letters, digits, - and _ are wanted. Make one with: openssl rand -hex 24\n";
  QTest::newRow("no password") << QStringLiteral("APP_PASSWORD=") << "APP_PASSWORD" + password;
  QTest::newRow("a short one") << QStringLiteral("CONSOLE_PASSWORD=redis") << "CONSOLE_PASSWORD" + password;
  QTest::newRow("one that ends the statement") << QStringLiteral("EXPORTER_PASSWORD=aaaaaaaaaaaaaaaa' SUPERUSER --") << "EXPORTER_PASSWORD" + password;
  QTest::newRow("one of two lines") << QStringLiteral("EXPORTER_PASSWORD=aaaaaaaaaaaaaaaaaaaa\nbbbbbbbbbbbbbbbbbbbb") << "EXPORTER_PASSWORD" + password;
  QTest::newRow("no webhook") << QStringLiteral("SLACK_CRITICAL_URL=") << QByteArray("SLACK_CRITICAL_URL in .env: the URL of an incoming webhook of Slack is wanted.\n");
  QTest::newRow("a runbook that runs something") << QStringLiteral("RUNBOOK_BASE=javascript:alert(1)") << QByteArray("RUNBOOK_BASE in .env: the address where docs/ is served is wanted, or nothing.\n");
  QTest::newRow("no size") << QStringLiteral("REDIS_MAXMEMORY=much") << QByteArray("REDIS_MAXMEMORY in .env: a size such as 512mb is wanted.\n");
}

void TestMonitoring::refusesWhatDoesNotFit() {
  QFETCH(QString, setting);
  QFETCH(QByteArray, sentence);
  QTemporaryDir out;
  const Run run = fillInForCompose(out.path(), {setting});
  QCOMPARE(run.code, 1);
  QCOMPARE(run.err, sentence);
  QVERIFY(QDir(out.path()).isEmpty());
}

void TestMonitoring::rulesDoWhatTheyAreFor() {
  const Run run = runCommand(QStringLiteral("promtool"), {QStringLiteral("test"), QStringLiteral("rules"), shipped(QStringLiteral("prometheus/alerts_test.yml")),
                                                          shipped(QStringLiteral("prometheus/alerts_day_test.yml"))});
  QVERIFY2(run.code == 0, (run.out + run.err).constData());
}

void TestMonitoring::everyAlertIsTried() {
  QSet<QString> names, fired, silent;
  const QJsonArray rules = alerts();
  for (const QJsonValue& alert : rules) names << nameOf(alert);
  const QJsonArray tests = objectOf(shipped(QStringLiteral("prometheus/alerts_test.yml"))).value(QStringLiteral("tests")).toArray();
  for (const QJsonValue& test : tests)
    for (const QJsonValue& check : test[QStringLiteral("alert_rule_test")].toArray()) {
      const QJsonArray expected = check[QStringLiteral("exp_alerts")].toArray();
      if (expected.isEmpty()) silent << text(check, "alertname");
      for (const QJsonValue& one : expected) fired << text(check, "alertname") + QLatin1Char(' ') + text(one[QStringLiteral("exp_labels")], "severity");
    }
  QCOMPARE(fired, names);
  for (const QString& name : names) QVERIFY2(silent.contains(name.section(QLatin1Char(' '), 0, 0)), qPrintable(name));
  for (const char* one : {"LowCacheHitRate warning", "HighRedisMemory critical", "HighRedisMemory warning", "HighDatabaseConnections warning", "SlowDatabaseQueries warning",
                          "TargetDown critical", "RedisEvictions warning", "RedisRejectedConnections critical", "RedisReplicationBroken critical", "BlockedSessions warning",
                          "HighErrorRate critical", "HighLatency critical", "PostgresQueryStatsMissing warning"})
    QVERIFY2(names.contains(QLatin1String(one)), one);
}

// PostgresScrapeErrors, which takes away by "unless" those whose server is down, showed none.
void TestMonitoring::everyAlertHasItsThreshold_data() {
  QTest::addColumn<QString>("expression");
  QTest::addColumn<QString>("shown");
  const QJsonArray rules = alerts();
  for (const QJsonValue& alert : rules) {
    const auto* row = std::find_if(std::begin(thresholds), std::end(thresholds), [&](const ShownThreshold& one) { return nameOf(alert) == QLatin1String(one.alert); });
    QTest::newRow(qPrintable(nameOf(alert))) << text(alert, "expr") << (row == std::end(thresholds) ? QStringLiteral("it is not in the table") : QString::fromLatin1(row->text));
  }
}

void TestMonitoring::everyAlertHasItsThreshold() {
  QFETCH(QString, expression);
  const auto threshold = cachedeck::thresholdOf(expression);
  QTEST(threshold ? threshold->text : QString(), "shown");
  // What "unless" takes away may be beyond the threshold all the time, and fires nothing.
  if (threshold) QCOMPARE(threshold->measured.contains(QLatin1String("unless")), expression.contains(QLatin1String("unless")));
}

void TestMonitoring::measuredIsPromql() {
  QJsonArray records;
  const QJsonArray rules = alerts();
  for (const QJsonValue& alert : rules)
    if (const auto threshold = cachedeck::thresholdOf(text(alert, "expr")))
      records << QJsonObject{{QStringLiteral("record"), QStringLiteral("measured:%1").arg(records.size())}, {QStringLiteral("expr"), threshold->measured}};
  QCOMPARE(records.size(), rules.size() - 1);
  const QTemporaryDir folder;
  QFile file(folder.filePath(QStringLiteral("measured.yml")));  // JSON is YAML
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write(QJsonDocument(QJsonObject{{QStringLiteral("groups"), QJsonArray{QJsonObject{{QStringLiteral("name"), QStringLiteral("measured")}, {QStringLiteral("rules"), records}}}}}).toJson());
  file.close();
  const Run run = runCommand(QStringLiteral("promtool"), {QStringLiteral("check"), QStringLiteral("rules"), file.fileName()});
  QVERIFY2(run.code == 0, (run.out + run.err).constData());
}

void TestMonitoring::everyAlertHasItsRunbook() {
  QStringList sections;
  const QList<QByteArray> lines = contentOf(QStringLiteral(RUNBOOK)).split('\n');
  for (const QByteArray& line : lines)
    if (line.startsWith("## ")) sections << QString::fromUtf8(line.mid(3));
  QSet<QString> names;
  const QJsonArray rules = alerts();
  for (const QJsonValue& alert : rules) {
    const QString name = text(alert, "alert");
    names << name;
    const QJsonValue annotations = alert[QStringLiteral("annotations")];
    QVERIFY2(!text(annotations, "summary").isEmpty() && !text(annotations, "description").isEmpty(), qPrintable(name));
    QCOMPARE(text(annotations, "runbook_url"), QStringLiteral("docs/RUNBOOK.md#") + name.toLower());
    QVERIFY2(sections.contains(name), qPrintable(name));
  }
  QCOMPARE(QSet<QString>(sections.cbegin(), sections.cend()), names);  // and none about an alert that is gone
  QCOMPARE(sections.size(), names.size());
  for (const char* name : {"LowCacheHitRate", "HighRedisMemory", "HighDatabaseConnections", "SlowDatabaseQueries"})
    for (const QJsonValue& alert : rules)
      if (text(alert, "alert") == QLatin1String(name)) QCOMPARE(text(alert, "for"), QStringLiteral("5m"));
}

void TestMonitoring::routesBySeverity_data() {
  QTest::addColumn<QString>("labels");
  QTest::addColumn<QByteArray>("receiver");
  QTest::newRow("critical") << QStringLiteral("alertname=HighRedisMemory severity=critical service=redis") << QByteArray("slack-critical");
  QTest::newRow("warning") << QStringLiteral("alertname=LowCacheHitRate severity=warning service=redis") << QByteArray("slack-performance");
  QTest::newRow("info") << QStringLiteral("alertname=Other severity=info") << QByteArray("default");
  QTest::newRow("no severity") << QStringLiteral("alertname=Other") << QByteArray("default");
}

void TestMonitoring::routesBySeverity() {
  QFETCH(QString, labels);
  QFETCH(QByteArray, receiver);
  const QStringList arguments{QStringLiteral("config"), QStringLiteral("routes"), QStringLiteral("test"),
                              QStringLiteral("--config.file=") + m_out.filePath(QStringLiteral("alertmanager/alertmanager.yml")),
                              QStringLiteral("--verify.receivers=") + QString::fromLatin1(receiver)};
  const Run run = runCommand(QStringLiteral("amtool"), arguments + labels.split(QLatin1Char(' ')));
  QVERIFY2(run.code == 0, (run.out + run.err).constData());
  QCOMPARE(run.out.trimmed(), receiver);
}

void TestMonitoring::onlyRealPairsAreInhibited() {
  QMap<QString, QSet<QString>> severities;
  const QJsonArray rules = alerts();
  for (const QJsonValue& alert : rules) severities[text(alert, "alert")] << text(alert[QStringLiteral("labels")], "severity");
  QStringList pairs;
  for (auto it = severities.cbegin(); it != severities.cend(); ++it)
    if (it->size() == 2) pairs << it.key();
  QCOMPARE(pairs, (QStringList{QStringLiteral("HighErrorRate"), QStringLiteral("HighLatency"), QStringLiteral("HighRedisMemory")}));
  const QJsonObject config = objectOf(m_out.filePath(QStringLiteral("alertmanager/alertmanager.yml")));
  const QJsonValue rule = config.value(QStringLiteral("inhibit_rules"))[0];
  QCOMPARE(rule[QStringLiteral("equal")].toArray(), (QJsonArray{QStringLiteral("alertname"), QStringLiteral("instance")}));
  const QJsonArray receivers = config.value(QStringLiteral("receivers")).toArray();
  QCOMPARE(receivers.size(), 3);
  for (const QJsonValue& receiver : receivers)
    for (const QJsonValue& slack : receiver[QStringLiteral("slack_configs")].toArray()) QVERIFY(slack[QStringLiteral("send_resolved")].toBool());
}

void TestMonitoring::webhooksStandInFiles() {
  QVERIFY(!contentOf(m_out.filePath(QStringLiteral("alertmanager/alertmanager.yml"))).contains("hooks.slack.com"));
  QCOMPARE(contentOf(m_out.filePath(QStringLiteral("alertmanager/slack-critical.url"))), QByteArray("https://hooks.slack.com/services/T0/B0/critical\n"));
  QCOMPARE(contentOf(m_out.filePath(QStringLiteral("alertmanager/slack-performance.url"))), QByteArray("https://hooks.slack.com/services/T0/B0/performance\n"));
  const QJsonArray receivers = objectOf(m_out.filePath(QStringLiteral("alertmanager/alertmanager.yml"))).value(QStringLiteral("receivers")).toArray();
  QStringList files;
  for (const QJsonValue& receiver : receivers)
    for (const QJsonValue& slack : receiver[QStringLiteral("slack_configs")].toArray()) files << text(slack, "channel") + QLatin1Char(' ') + text(slack, "api_url_file");
  QCOMPARE(files, (QStringList{QStringLiteral("#performance-alerts /etc/alertmanager/slack-performance.url"), QStringLiteral("#critical-alerts /etc/alertmanager/slack-critical.url"), QStringLiteral("#performance-alerts /etc/alertmanager/slack-performance.url")}));
}

// Where the page of alerts looks for it: beside the program, in share/doc.
void TestMonitoring::theRunbookIsInstalled() {
  QTemporaryDir prefix;
  const Run run = runCommand(QStringLiteral(CMAKE_PROGRAM), {QStringLiteral("--install"), QStringLiteral(BUILD_DIR), QStringLiteral("--component"), QStringLiteral("docs"), QStringLiteral("--prefix"), prefix.path()});
  QVERIFY2(run.code == 0, (run.out + run.err).constData());
  QCOMPARE(contentOf(prefix.filePath(QStringLiteral("share/doc/cachedeck/RUNBOOK.md"))), contentOf(QStringLiteral(RUNBOOK)));
}

void TestMonitoring::slackLinksToTheRunbook_data() {
  QTest::addColumn<QString>("base");
  QTest::addColumn<QString>("url");
  QTest::addColumn<QByteArray>("line");
  const QString ours = QStringLiteral("docs/RUNBOOK.md#redisdown"), served = QStringLiteral("https://wiki.example.org/c/docs");
  QTest::newRow("served nowhere") << QString() << ours << QByteArray("Runbook: docs/RUNBOOK.md#redisdown");
  QTest::newRow("served") << served << ours << QByteArray("<https://wiki.example.org/c/docs/RUNBOOK.md#redisdown|Runbook>");
  QTest::newRow("served, with a slash") << served + QLatin1Char('/') << ours << QByteArray("<https://wiki.example.org/c/docs/RUNBOOK.md#redisdown|Runbook>");
  QTest::newRow("another's") << QString() << QStringLiteral("http://books.example.org/disk") << QByteArray("<http://books.example.org/disk|Runbook>");
  QTest::newRow("no address of a page") << served << QStringLiteral("javascript:alert(1)") << QByteArray("Runbook: javascript:alert(1)");
  QTest::newRow("one that ends the link") << served << QStringLiteral("https://a.example.org/|<!channel>") << QByteArray("Runbook: https://a.example.org/|<!channel>");
  QTest::newRow("none") << served << QString() << QByteArray();
}

// The message named a file of the repository: at night nobody knew where that is.
void TestMonitoring::slackLinksToTheRunbook() {
  QFETCH(QString, base);
  QFETCH(QString, url);
  QFETCH(QByteArray, line);
  QTemporaryDir out;
  const Run filled = fillInForCompose(out.path(), {QStringLiteral("RUNBOOK_BASE=") + base});
  QVERIFY2(filled.code == 0, filled.err.constData());
  const QJsonObject alert{{QStringLiteral("status"), QStringLiteral("firing")},
                          {QStringLiteral("annotations"), QJsonObject{{QStringLiteral("summary"), QStringLiteral("Redis is away")}, {QStringLiteral("description"), QStringLiteral("redis_up == 0")},
                                                                      {QStringLiteral("runbook_url"), url}}}};
  QFile data(out.filePath(QStringLiteral("alerts.json")));
  QVERIFY(data.open(QIODevice::WriteOnly));
  data.write(QJsonDocument(QJsonObject{{QStringLiteral("status"), QStringLiteral("firing")}, {QStringLiteral("alerts"), QJsonArray{alert}}}).toJson());
  data.close();
  const Run run = runCommand(QStringLiteral("amtool"), {QStringLiteral("template"), QStringLiteral("render"), QStringLiteral("--template.glob=") + out.filePath(QStringLiteral("alertmanager/slack.tmpl")),
                                                        QStringLiteral("--template.text={{ template \"cachedeck.text\" . }}"), QStringLiteral("--template.data=") + data.fileName()});
  QVERIFY2(run.code == 0, run.err.constData());
  QCOMPARE(run.out.trimmed(), ("*Redis is away*\nredis_up == 0\n" + line).trimmed());
}

// Of two PostgreSQL the states of one were named like those of the other.
void TestMonitoring::legendsTellLinesApart() {
  static const QRegularExpression outermost(QStringLiteral("^[a-z]+ by \\(([^)]*)\\)"));
  int labels = 0;
  for (const QString& name : dashboardNames())
    for (const QJsonValue& panel : dashboard(name).value(QStringLiteral("panels")).toArray())
      for (const QJsonValue& target : panel[QStringLiteral("targets")].toArray()) {
        const QString by = outermost.match(text(target, "expr")).captured(1);
        if (by.isEmpty() || text(panel, "type") == QStringLiteral("table")) continue;  // a table has a column a label
        for (const QString& label : by.split(QStringLiteral(", "))) {
          if (label == QStringLiteral("scenario")) continue;  // a run has one
          QVERIFY2(text(target, "legendFormat").contains(QStringLiteral("{{") + label + QStringLiteral("}}")), qPrintable(name + QStringLiteral(": ") + text(panel, "title") + QStringLiteral(" ") + text(target, "refId")));
          ++labels;
        }
      }
  QVERIFY(labels >= 16);
}

void TestMonitoring::dashboardsAreCurrent_data() {
  QTest::addColumn<QString>("name");
  QCOMPARE(dashboardNames(), (QStringList{QStringLiteral("load.json"), QStringLiteral("performance.json")}));
  for (const QString& name : dashboardNames()) QTest::newRow(qPrintable(name)) << name;
}

void TestMonitoring::dashboardsAreCurrent() {
  QFETCH(QString, name);
  QJsonParseError error;
  QJsonDocument::fromJson(contentOf(shipped(QStringLiteral("grafana/dashboards/") + name)), &error);
  QCOMPARE(error.error, QJsonParseError::NoError);
  const QJsonObject board = dashboard(name);
  QVERIFY(board.value(QStringLiteral("schemaVersion")).toInt() >= 39);
  QVERIFY(!text(board, "uid").isEmpty() && text(board, "uid").size() <= 40 && !text(board, "title").isEmpty() && !text(board, "description").isEmpty());
  QVERIFY(board.value(QStringLiteral("id")).isNull());  // Grafana gives it
  const QJsonValue source = board.value(QStringLiteral("templating"))[QStringLiteral("list")][0];
  QCOMPARE(text(source, "name"), QStringLiteral("DS"));
  QCOMPARE(text(source, "type"), QStringLiteral("datasource"));
  static const QSet<QString> current{QStringLiteral("timeseries"), QStringLiteral("stat"), QStringLiteral("piechart"), QStringLiteral("table"), QStringLiteral("bargauge"), QStringLiteral("barchart")};
  const QJsonObject wanted{{QStringLiteral("type"), QStringLiteral("prometheus")}, {QStringLiteral("uid"), QStringLiteral("${DS}")}};
  QSet<int> ids;
  QSet<QPair<int, int>> cells;
  const QJsonArray panels = board.value(QStringLiteral("panels")).toArray();
  for (const QJsonValue& panel : panels) {
    const QByteArray title = text(panel, "title").toUtf8();
    QVERIFY2(current.contains(text(panel, "type")), title.constData());
    QVERIFY2(!title.isEmpty() && !text(panel, "description").isEmpty(), title.constData());
    QVERIFY2(!text(panel[QStringLiteral("fieldConfig")][QStringLiteral("defaults")], "unit").isEmpty(), title.constData());
    QCOMPARE(panel[QStringLiteral("datasource")].toObject(), wanted);
    ids << panel[QStringLiteral("id")].toInt();
    const QJsonValue place = panel[QStringLiteral("gridPos")];
    for (int x = 0; x < place[QStringLiteral("w")].toInt(); ++x)
      for (int y = 0; y < place[QStringLiteral("h")].toInt(); ++y) {
        const QPair<int, int> cell(place[QStringLiteral("x")].toInt() + x, place[QStringLiteral("y")].toInt() + y);
        QVERIFY2(cell.first < 24 && !cells.contains(cell), title.constData());  // none over another
        cells << cell;
      }
    QSet<QString> refs;
    for (const QJsonValue& target : panel[QStringLiteral("targets")].toArray()) {
      QCOMPARE(target[QStringLiteral("datasource")].toObject(), wanted);
      QVERIFY2(!text(target, "expr").isEmpty(), title.constData());
      refs << text(target, "refId");
    }
    QCOMPARE(refs.size(), panel[QStringLiteral("targets")].toArray().size());
    QVERIFY2(!refs.isEmpty(), title.constData());
  }
  QCOMPARE(ids.size(), panels.size());
}

void TestMonitoring::referencePanelsAreThere() {
  QStringList panels;
  const QJsonArray list = dashboard(QStringLiteral("performance.json")).value(QStringLiteral("panels")).toArray();
  for (const QJsonValue& panel : list) panels << text(panel, "title") + QStringLiteral(": ") + text(panel, "type");
  QCOMPARE(panels, (QStringList{QStringLiteral("Redis operations: timeseries"), QStringLiteral("Cache hit ratio: piechart"), QStringLiteral("PostgreSQL connections: stat"),
                                QStringLiteral("Redis memory: timeseries"), QStringLiteral("Query performance: timeseries"), QStringLiteral("Query throughput: timeseries")}));
  QCOMPARE(text(list.at(5)[QStringLiteral("fieldConfig")][QStringLiteral("defaults")][QStringLiteral("custom")], "drawStyle"), QStringLiteral("bars"));
  QStringList marks;
  const QJsonArray annotations = dashboard(QStringLiteral("load.json")).value(QStringLiteral("annotations"))[QStringLiteral("list")].toArray();
  for (const QJsonValue& annotation : annotations) marks << text(annotation, "name");
  QVERIFY(marks.contains(QStringLiteral("Load runs")) && marks.contains(QStringLiteral("Operator actions")));
}

void TestMonitoring::grafanaFindsItsFiles() {
  const QJsonValue source = objectOf(shipped(QStringLiteral("grafana/provisioning/datasources/prometheus.yml"))).value(QStringLiteral("datasources"))[0];
  QCOMPARE(text(source, "url"), QStringLiteral("http://prometheus:9090"));
  for (const QString& name : dashboardNames())
    QCOMPARE(text(dashboard(name).value(QStringLiteral("templating"))[QStringLiteral("list")][0][QStringLiteral("current")], "value"), text(source, "uid"));
  const QJsonValue provider = objectOf(shipped(QStringLiteral("grafana/provisioning/dashboards/cachedeck.yml"))).value(QStringLiteral("providers"))[0];
  QCOMPARE(text(provider, "type"), QStringLiteral("file"));
  const QJsonArray mounts = objectOf(shipped(QStringLiteral("docker-compose.yml"))).value(QStringLiteral("services"))[QStringLiteral("grafana")][QStringLiteral("volumes")].toArray();
  QVERIFY(mounts.contains(QStringLiteral("./grafana/dashboards:") + text(provider[QStringLiteral("options")], "path") + QStringLiteral(":ro")));
}

QTEST_GUILESS_MAIN(TestMonitoring)
#include "tst_monitoring.moc"
