// SPDX-License-Identifier: GPL-3.0-or-later
// What a record keeps, and what it must never keep.
#include "core/base/secret.h"
#include "core/runs/figures_json.h"
#include "core/runs/run_summary.h"
#include "tests/core/tst_run_support.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace cachedeck;
using namespace cachedeck::runs;
using namespace cachedeck::test;

namespace {

RunRecord fullRecord() {
  RunRecord record = recordOf({.errorRatio = 0.05}, 1);
  record.target = load::Target::CacheAside;
  record.profile = QStringLiteral("shop");
  record.environment = QStringLiteral("staging");
  record.labels = {{QStringLiteral("team"), QStringLiteral("risk")}};
  record.tags = {QStringLiteral("release-7"), QStringLiteral("before")};
  record.note = QStringLiteral("new index on risks");
  record.console = QStringLiteral("0.1.0");
  record.cache = QStringLiteral("redis");
  record.host = thisHost();
  record.definition = {{QStringLiteral("name"), QStringLiteral("warm-cache")}};
  load::RunFigures& figures = record.figures;
  load::StepFigures step = figures.all;
  step.name = "list risks";
  figures.steps = {step, figures.all};
  figures.failureExamples = {{"503 from the gateway", 4}};
  figures.checks = {{"is 200", 10, 2}};
  figures.thresholds = {{"http_req_duration", "p(95)<100", true, true, 43.5}, {"errors", "count<5", false, true, 12}};
  figures.marks = {{1500, "cache warmed"}};
  figures.statuses = {{200, 100}, {503, 4}};
  figures.dropped = 7;
  figures.elapsedMs = std::max<std::int64_t>(figures.elapsedMs, 2000);
  figures.pausedMs = 1200;
  figures.cpuSeconds = 1.25;
  record.series = {{QStringLiteral("postgres.connections"), Unit::Count, {{figures.startedMs, 12}, {figures.startedMs + 1000, std::nan("")}}}};
  return record;
}

QJsonObject definitionWithSecrets() {
  const QJsonObject login{{QStringLiteral("email"), QStringLiteral("a@b")}, {QStringLiteral("password"), QStringLiteral("Sesame-open")}};
  const QJsonObject setup{{QStringLiteral("name"), QStringLiteral("login")},
                          {QStringLiteral("body"), QString::fromUtf8(QJsonDocument(login).toJson(QJsonDocument::Compact))},
                          {QStringLiteral("extract"), QJsonObject{{QStringLiteral("token"), QStringLiteral("/data/token")}}}};
  const QJsonObject headers{{QStringLiteral("Authorization"), QStringLiteral("Bearer Sesame-open")}, {QStringLiteral("Cookie"), QStringLiteral("session=${id}")},
                            {QStringLiteral("X-Api-Key"), QStringLiteral("${key}Sesame-open")}, {QStringLiteral("Accept"), QStringLiteral("text/html")}};
  const QJsonObject first{{QStringLiteral("path"), QStringLiteral("/x?api_key=Sesame-open&y=1")}, {QStringLiteral("headers"), headers}};
  const QJsonObject second{{QStringLiteral("path"), QStringLiteral("/y")}, {QStringLiteral("headers"), QJsonObject{{QStringLiteral("authorization"), QStringLiteral("Bearer ${token}")}}},
                           {QStringLiteral("extract"), QJsonObject{{QStringLiteral("token"), QStringLiteral("/token")}}}, {QStringLiteral("body"), QStringLiteral("user=a&password=${password}")}};
  return {{QStringLiteral("variables"), QJsonObject{{QStringLiteral("password"), QStringLiteral("Sesame-open")}, {QStringLiteral("page"), QStringLiteral("1")}}},
          {QStringLiteral("secretVariables"), QJsonArray{QStringLiteral("password"), QStringLiteral("token")}},
          {QStringLiteral("setup"), QJsonArray{setup}},
          {QStringLiteral("steps"), QJsonArray{first, second}}};
}

}  // namespace

class TestRunRecord : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void everythingComesBack() {
    const RunRecord record = fullRecord();
    const QJsonObject json = toJson(record);
    const auto back = recordFromJson(QJsonDocument::fromJson(QJsonDocument(json).toJson()).object());
    QVERIFY2(back.ok(), back.ok() ? "" : qPrintable(back.error().message));
    QCOMPARE(toJson(*back), json);
    QCOMPARE(back->host, record.host);
    QCOMPARE(back->tags, record.tags);
    QVERIFY(std::isnan(back->series[0].points[1].value));
    const load::Histogram &before = record.figures.all.latency, &after = back->figures.all.latency;
    QCOMPARE(after.count(), before.count());
    for (const double percent : {0.0, 50.0, 95.0, 99.0, 100.0}) QCOMPARE(after.percentileNs(percent), before.percentileNs(percent));
    QCOMPARE(after.meanNs(), before.meanNs());
    QCOMPARE(back->figures.seconds.size(), record.figures.seconds.size());
    QCOMPARE(back->figures.seconds[3].p95Ms, record.figures.seconds[3].p95Ms);
    QCOMPARE(back->figures.thresholds[1].passed, false);
    QCOMPARE(back->figures.failures, record.figures.failures);
    QCOMPARE(back->figures.pausedMs, 1200);  // or its throughput were another when it is read again
    QCOMPARE(back->figures.perSecond(), record.figures.perSecond());
  }

  void summaryComesBack() {
    const RunSummary summary = summaryOf(fullRecord());
    const auto back = summaryFromJson(toJson(summary), 0);
    QVERIFY(back.ok());
    QCOMPARE(*back, summary);
    QCOMPARE(summary.failedThresholds, 1);
  }

  void idsSortByTime() {
    QString before = newRunId(1'000'000'000'000);
    for (qint64 ms = 1'000'000'000'001; ms < 4'000'000'000'000; ms += 123'456'789'012) {
      const QString id = newRunId(ms);
      QVERIFY2(isRunId(id), qPrintable(id));
      QVERIFY(before < id);
      before = id;
    }
    QVERIFY(newRunId(5) != newRunId(5));
    for (const char* other : {"", "../x", "20261129-032512123-4F3A9C", "20261129-032512123-4f3a9c.json", "20261129-032512123-4f3a9c\n"}) QVERIFY(!isRunId(QString::fromLatin1(other)));
  }

  void urlsLoseTheirPassword() {
    QCOMPARE(withoutUserInfo(QStringLiteral("https://me:Sesame-open@host:8443/api?token=1#x")), QStringLiteral("https://host:8443/api"));
    QCOMPARE(withoutUserInfo(QStringLiteral("redis://:Sesame-open@10.0.0.5:6379/0")), QStringLiteral("redis://10.0.0.5:6379/0"));
    QCOMPARE(withoutUserInfo(QStringLiteral("postgresql://me@db/app?password=Sesame-open")), QStringLiteral("postgresql://db/app"));
    QCOMPARE(withoutUserInfo(QStringLiteral("unix:///run/redis.sock")), QStringLiteral("unix:///run/redis.sock"));
    QCOMPARE(withoutUserInfo(QStringLiteral("host=db password=Sesame-open")), QString());
    QCOMPARE(withoutUserInfo({}), QString());
  }

  void noSecretIsKept() {
    const Secret living = Secret::fromString(QStringLiteral("hunter-of-red-october"));
    RunRecord record = fullRecord();
    record.url = QStringLiteral("http://me:Sesame-open@host:80");
    record.note = QStringLiteral("ran with hunter-of-red-october");
    record.tags = {QStringLiteral("hunter-of-red-october")};
    record.labels = {{QStringLiteral("key"), QStringLiteral("hunter-of-red-october")}};
    record.figures.problem = "AUTH failed for hunter-of-red-october";
    record.figures.failureExamples = {{"bad password=Sesame-open", 1}};
    record.definition = definitionWithSecrets();
    const QByteArray json = QJsonDocument(toJson(record)).toJson() + QJsonDocument(toJson(summaryOf(record))).toJson();
    QVERIFY2(!json.contains("Sesame-open"), json.constData());
    QVERIFY(!json.contains("hunter"));
    for (const char* kept : {"session=${id}", "Bearer ${token}", "/data/token", "text/html", "a@b", "\"page\": \"1\"", "\"token\""})
      QVERIFY2(json.contains(kept), kept);
    QCOMPARE(withoutSecrets(withoutSecrets(record.definition)), withoutSecrets(record.definition));
  }

  void beginsWithScenarioAndHost() {
    load::Scenario scenario;
    scenario.name = "peak";
    scenario.tags = {{"team", "risk"}};
    scenario.executor.duration = std::chrono::seconds(5);
    const RunRecord record = beginRecord(scenario, QStringLiteral("http://a:b@h:1"), 1'795'922'712'123);
    QVERIFY(record.id.startsWith(QLatin1String("20261129-")));
    QCOMPARE(record.scenario, QStringLiteral("peak"));
    QCOMPARE(record.url, QStringLiteral("http://h:1"));
    QCOMPARE(record.labels.value(QStringLiteral("team")), QStringLiteral("risk"));
    QVERIFY(!record.definition.isEmpty());
    QVERIFY(record.host.cpus > 0 && record.host.memoryBytes > 0 && !record.host.cpu.isEmpty());
    QCOMPARE(stateOf(true, record.writer, 1'795'922'712'123), RunState::Running);
  }

  void aRunWhoseProcessDiedIsInterrupted() {
    const RunWriter here = thisWriter(1000);
    QCOMPARE(stateOf(false, here, 1000), RunState::Complete);
    QCOMPARE(stateOf(true, here, 10'000'000), RunState::Running);  // the process lives, however slow its disk
    RunWriter reused = here;  // another process has the number now
    --reused.startTicks;
    QCOMPARE(stateOf(true, reused, 1000), RunState::Interrupted);
    RunWriter earlier = here;
    earlier.boot = QStringLiteral("before the restart");
    QCOMPARE(stateOf(true, earlier, 1000), RunState::Interrupted);
    RunWriter elsewhere = here;
    elsewhere.host = QStringLiteral("another");
    QCOMPARE(stateOf(true, elsewhere, 20'000), RunState::Running);
    QCOMPARE(stateOf(true, elsewhere, 40'000), RunState::Interrupted);
    QCOMPARE(stateOf(true, {}, 1000), RunState::Interrupted);
  }

  void hostileRecords_data() {
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const char* path, const char* value, const char* sentence) {
      QTest::newRow(name) << QByteArray(path) << QByteArray(value) << QString::fromUtf8(sentence);
    };
    row("newer", "version", "2", "a newer Cachedeck wrote it (version 2, this one reads up to 1). Update Cachedeck to open it");
    row("no version", "version", "\"one\"", "it does not say the version of its format");
    row("other format", "format", "\"cdsnap\"", "it is not the record of a load run");
    row("id", "id", "\"../../etc/passwd\"", "its id “../../etc/passwd” is none of a run");
    row("figures", "figures", "[]", "its figures of all requests, or of a step, are missing");
    row("cell", "cells", "[99999999, 1]", "the latencies of “all” are not cells of a histogram");
    row("half a cell", "cells", "[1]", "the latencies of “all” are not cells of a histogram");
    row("negative", "cells", "[5, -3]", "the latencies of “all” are not cells of a histogram");
    row("no number", "cells", "[\"a\", {}]", "the latencies of “all” are not cells of a histogram");
    row("far too many", "cells", "[5, 1e300]", "the latencies of “all” are not cells of a histogram");
    row("counts", "requests", "-5", "");
    row("huge", "elapsed", "1e300", "");
    row("text for a number", "started", "\"x\"", "");
    row("rows", "rows", "[[1e300, -1e300, \"a\", null, {}], 7, {}]", "");
    row("series", "series", "[{\"metric\": 5, \"points\": [1, {}, 3]}, 7]", "");
  }
  void hostileRecords() {
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, value);
    QFETCH(QString, sentence);
    const QJsonValue wrong = QJsonDocument::fromJson('[' + value + ']').array().first();
    QJsonObject json = toJson(fullRecord()), figures = json[QLatin1String("figures")].toObject(), all = figures[QLatin1String("all")].toObject();
    if (path == "cells") all[QLatin1String("latency")] = QJsonObject{{QStringLiteral("cells"), wrong}};
    if (path == "requests") all[QLatin1String("requests")] = wrong;
    figures[QLatin1String("all")] = all;
    if (path == "elapsed") figures[QLatin1String("elapsed_ms")] = wrong;
    if (path == "started") figures[QLatin1String("started_ms")] = wrong;
    if (path == "rows") figures[QLatin1String("seconds")] = QJsonObject{{QStringLiteral("columns"), QJsonArray{QStringLiteral("from_ms"), QStringLiteral("requests"), QStringLiteral("p95_ms"), QStringLiteral("unknown")}}, {QStringLiteral("rows"), wrong}};
    json[QLatin1String("figures")] = figures;
    for (const char* top : {"version", "format", "id", "figures", "series"})
      if (path == top) json[QLatin1String(top)] = wrong;
    const auto record = recordFromJson(json);
    QCOMPARE(record.ok(), sentence.isEmpty());
    if (!sentence.isEmpty()) {
      QCOMPARE(record.error().message, sentence);
      return;
    }
    const RunSummary summary = summaryOf(*record);
    QVERIFY(std::isfinite(summary.perSecond) && std::isfinite(summary.p95Ms));
  }

  void tooManySteps() {
    QJsonObject json = toJson(fullRecord()), figures = json[QLatin1String("figures")].toObject();
    QJsonArray steps;
    for (int i = 0; i < 501; ++i) steps.append(QJsonObject());
    figures[QLatin1String("steps")] = steps;
    QCOMPARE(figuresFromJson(figures).error().message, QStringLiteral("it has 501 steps; at most 500 are read"));
  }

  void numbersOfMany() {
    RunRecord record = fullRecord();
    record.figures.all.requests = std::numeric_limits<std::uint64_t>::max();
    record.figures.cpuSeconds = std::nan("");
    const auto back = recordFromJson(QJsonDocument::fromJson(QJsonDocument(toJson(record)).toJson()).object());
    QVERIFY(back.ok());
    QCOMPARE(back->figures.all.requests, std::uint64_t{1} << 53);  // as many as JSON can say
    QCOMPARE(back->figures.cpuSeconds, 0.0);
  }
};

QTEST_GUILESS_MAIN(TestRunRecord)
#include "tst_run_record.moc"
