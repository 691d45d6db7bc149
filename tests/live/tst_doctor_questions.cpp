// SPDX-License-Identifier: GPL-3.0-or-later
// What the doctor asks Prometheus, answered by Prometheus's own engine (promtool) on series that tell an incident.
#include "core/doctor/query_table.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck::doctor;

namespace {

QString question(const char* id) {
  for (const Question& one : questionTable())
    if (QLatin1String(one.id) == QLatin1String(id)) return QString::fromLatin1(one.promql).remove(QStringLiteral("$redis")).remove(QStringLiteral("$app"));
  return {};
}

/// Whether the answer is above 0, at minutes of the series' time: "2=1 9=0", and "-" where there is none.
QByteArray answered(const QString& promql, const QStringList& series, const QString& expected) {
  QString yaml = QStringLiteral("evaluation_interval: 30s\ntests:\n- interval: 30s\n  input_series:\n");
  for (const QString& one : series) yaml += QStringLiteral("  - {series: '%1', values: '%2'}\n").arg(one.section(QLatin1Char(' '), 0, 0), one.section(QLatin1Char(' '), 1));
  yaml += QStringLiteral("  promql_expr_test:\n");
  for (const QString& one : expected.split(QLatin1Char(' '))) {
    const QString value = one.section(QLatin1Char('='), 1);
    yaml += QStringLiteral("  - expr: 'sum((%1) > bool 0)'\n    eval_time: %2m\n    exp_samples: [%3]\n")
                .arg(promql, one.section(QLatin1Char('='), 0, 0), value == QLatin1String("-") ? QString() : QStringLiteral("{labels: '{}', value: %1}").arg(value));
  }
  const QTemporaryDir folder;
  QFile file(folder.filePath(QStringLiteral("test.yml")));
  if (!file.open(QIODevice::WriteOnly)) return "no file";
  file.write(yaml.toUtf8());
  file.close();
  QProcess promtool;
  promtool.setProcessChannelMode(QProcess::MergedChannels);
  promtool.start(QStringLiteral("promtool"), {QStringLiteral("test"), QStringLiteral("rules"), file.fileName()});
  if (!promtool.waitForFinished(120'000)) return "promtool does not run";
  return promtool.exitCode() == 0 ? QByteArray() : promtool.readAll() + yaml.toUtf8();
}

}  // namespace

#define VERIFY_ANSWERS(promql, series, expected)           \
  {                                                        \
    const QByteArray said = answered(promql, series, QStringLiteral(expected)); \
    QVERIFY2(said.isEmpty(), said.constData());            \
  }

class TestDoctorQuestions : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void allCanBeAsked() {
    for (const Question& one : questionTable()) VERIFY_ANSWERS(question(one.id), QStringList{QStringLiteral("nothing 1x9")}, "3=-");
  }

  // A webhook was mended after five minutes, and the finding stayed critical for fifteen more.
  void aFailureEndsWithASuccess_data() {
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("failed");
    QTest::addColumn<QString>("all");
    QTest::newRow("Alertmanager's") << QStringLiteral("notify_failed") << QStringLiteral("alertmanager_notification_requests_failed_total{integration=\"slack\"}") << QStringLiteral("alertmanager_notification_requests_total{integration=\"slack\"}");
    QTest::newRow("Prometheus's") << QStringLiteral("send_errors") << QStringLiteral("prometheus_notifications_errors_total{alertmanager=\"am\"}") << QStringLiteral("prometheus_notifications_sent_total{alertmanager=\"am\"}");
  }
  void aFailureEndsWithASuccess() {
    QFETCH(QString, id);
    QFETCH(QString, failed);
    QFETCH(QString, all);
    const QString asked = question(id.toLatin1().constData());
    // Failures until 5 min, a success at 6 min.
    VERIFY_ANSWERS(asked, (QStringList{failed + QStringLiteral(" 0+1x10 10x60"), all + QStringLiteral(" 3+1x10 13 14x60")}), "3=1 5=1 9=0 12=0 16=0 19=0 25=0");
    // It goes on.
    VERIFY_ANSWERS(asked, (QStringList{failed + QStringLiteral(" 0+1x60"), all + QStringLiteral(" 3+1x60")}), "3=1 9=1 20=1 29=1");
    // Nothing was sent since: nobody knows whether it works.
    VERIFY_ANSWERS(asked, (QStringList{failed + QStringLiteral(" 0+1x10 10x60"), all + QStringLiteral(" 3+1x10 13x60")}), "5=1 9=1 12=1 16=1");
    // One receiver is dead, tried every 90 s, and another of the same integration is well.
    VERIFY_ANSWERS(asked, (QStringList{failed + QStringLiteral(" 0 0 1 1 1 2 2 2 3 3 3 4 4 4 5 5 5 6 6 6 7 7 7 8 8 8"), all + QStringLiteral(" 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25")}), "4=1 5=1 6=1 7=1 8=1 9=1 10=1 11=1 12=1");
    VERIFY_ANSWERS(asked, (QStringList{failed + QStringLiteral(" 0x60"), all + QStringLiteral(" 3+1x60")}), "5=0 20=0");
  }

  // increase() does not see the first FLUSHALL, with which the series begins.
  void theFirstFlushIsSeen() {
    const QString asked = question("flushes"), series = QStringLiteral("redis_commands_total{instance=\"a\",job=\"r\",cmd=\"flushall\"}"), up = QStringLiteral("redis_up{instance=\"a\",job=\"r\"} 1x60");
    VERIFY_ANSWERS(asked, (QStringList{up, series + QStringLiteral(" _x19 1x40")}), "8=- 11=1 14=1 16=- 25=-");
    VERIFY_ANSWERS(asked, (QStringList{up, series + QStringLiteral(" 4x20 5x40")}), "8=- 11=1 14=1 17=-");
    // A Prometheus that has just started knows no more than that there were some.
    VERIFY_ANSWERS(asked, (QStringList{QStringLiteral("redis_up{instance=\"a\",job=\"r\"} _x19 1x40"), series + QStringLiteral(" _x19 7x40")}), "11=- 14=- 16=-");
    VERIFY_ANSWERS(question("refused"), (QStringList{up, QStringLiteral("redis_errors_total{instance=\"a\",job=\"r\",err=\"OOM\"} _x19 1x40")}), "8=- 11=1 20=-");
  }

  // A collector that never had data is 0 as well.
  void aCollectorThatFailsAnew() {
    const auto of = [](const char* collector) { return QStringLiteral("pg_scrape_collector_success{instance=\"a\",job=\"p\",collector=\"%1\"} ").arg(QLatin1String(collector)); };
    const QString up = QStringLiteral("pg_up{instance=\"a\",job=\"p\"} 1x60"), asked = QStringLiteral("1 + (%1)").arg(question("pg_collector_failed"));
    VERIFY_ANSWERS(asked, (QStringList{up, of("wal") + QStringLiteral("1x10 0x50"), of("replication") + QStringLiteral("0x60"), of("locks") + QStringLiteral("1x60")}), "5=- 8=- 12=1 20=1");
    VERIFY_ANSWERS(asked, (QStringList{QStringLiteral("pg_up{instance=\"a\",job=\"p\"} 1x10 0x50"), of("wal") + QStringLiteral("1x10 0x50")}), "8=- 12=- 20=-");
  }

  void instancesAreCountedNotPools() {
    const auto of = [](const char* instance, const char* pool) { return QStringLiteral("db_pool_max_open_connections{instance=\"%1\",job=\"app\",pool=\"%2\"} 10x20").arg(QLatin1String(instance), QLatin1String(pool)); };
    VERIFY_ANSWERS(QStringLiteral("%1 == 2").arg(question("pool_instances")), (QStringList{of("a", "read"), of("a", "write"), of("b", "read")}), "3=1");
  }
};

QTEST_GUILESS_MAIN(TestDoctorQuestions)
#include "tst_doctor_questions.moc"
