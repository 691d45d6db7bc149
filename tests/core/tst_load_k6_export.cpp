// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/bundled.h"
#include "core/load/k6_export.h"
#include "core/load/k6_operator.h"
#include "core/load/scenario_json.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace cachedeck::load;
using namespace std::chrono_literals;

namespace {

// Texts that would mean something in JavaScript, were they not escaped.
constexpr const char* hostile = R"js({
  "name": "hostile", "executor": "ramping-arrival-rate", "startRate": 2.5, "timeUnit": "1s", "preAllocatedVUs": 3, "maxVUs": 9, "gracefulStop": "0s",
  "stages": [{"duration": "1m30s", "target": 10}, {"duration": "0s", "target": 0}],
  "variables": {"word": "\"; throw 1; \"`${2}`\\\u2028\n", "user": "demo"}, "secretVariables": ["password"],
  "setup": [{"name": "login", "method": "POST", "path": "/login", "body": {"p": "${password}", "q": "${pick:a\"b|c\\d}"}, "extract": {"token": "/t/a~1b/0"}}],
  "steps": [
    {"name": "one`$()\\", "path": "/a/${word}/${raw:user}?n=${random:5:6}${iteration}&$${x}", "headers": {"Authorization": "Bearer ${token}", "__proto__": "p"}, "body": "${raw:word}|${word}",
     "thinkTime": {"min": "300ms", "max": "1s"}, "tags": {"endpoint": "e`$"}, "weight": 2,
     "checks": [{"status": "2xx"}, {"status": 200, "name": "\"); throw 2; (\""}, {"header": "x-cache", "is": "HIT"}, {"bodyContains": "`\"'\\"}, {"json": "/n", "is": 3}]},
    {"name": "two", "path": "https://other/${zipf:1000}"}
  ],
  "order": "random", "cache": "warmed", "events": [{"at": "30s", "dropPrefix": "risk:\n\u2028*/"}], "timeout": "5s", "maxRedirects": 0,
  "thresholds": {"http_req_duration{step:two}": ["p(95)<2s", "p(99) <= baseline*1.1 + 2ms", {"threshold": "avg<10", "abortOnFail": true, "delayAbortEval": "10s"}], "errors": ["count===0"]},
  "tags": {"team": "one"}
})js";

constexpr const char* testRun = R"yaml(---
apiVersion: k6.io/v1alpha1
kind: TestRun
metadata:
  name: "cachedeck-hostile"
  namespace: "load\nx: \x7F\L\x85\uFEFF"
  labels:
    app.kubernetes.io/managed-by: cachedeck
spec:
  parallelism: 3
  script:
    configMap:
      name: "cachedeck-hostile"
      file: script.js
  runner:
    env:
      - name: CACHEDECK_LOAD_URL
        value: "http://h/\"\n"
      - name: "CACHEDECK_LOAD_PASSWORD"
        valueFrom:
          secretKeyRef:
            name: "cachedeck-hostile-secrets"
            key: "password"
)yaml";

// How "word" above has to stand in the script.
constexpr const char* escapedWord = "\"\\\"; throw 1; \\\"`${2}`\\\\\\u2028\\n\"";

Scenario hostileScenario() {
  const auto scenario = parseScenario(hostile);
  if (!scenario) qFatal("%s", scenario.error().c_str());
  return *scenario;
}

std::string script(const Scenario& scenario) {
  const auto exported = k6Script(scenario, "http://h/\"+1+\"/");
  if (!exported) qFatal("%s", exported.error().c_str());
  return exported->text;
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

/// Scenarios as k6 scripts, and as a run of k6-operator.
class TestLoadK6Export : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  // CACHEDECK_WRITE_GOLDEN=1 writes the file anew; look at the difference, and at what `node --check` says.
  void asTheGoldenText() {
    const QByteArray text = QByteArray::fromStdString(script(hostileScenario()));
    QFile golden(QFINDTESTDATA("load_export.golden.js"));
    if (qEnvironmentVariableIsSet("CACHEDECK_WRITE_GOLDEN")) QVERIFY(golden.open(QIODevice::WriteOnly) && golden.write(text) == text.size());
    golden.close();
    QVERIFY(golden.open(QIODevice::ReadOnly));
    const QList<QByteArray> expected = golden.readAll().split('\n'), found = text.split('\n');
    for (qsizetype i = 0; i < std::min(expected.size(), found.size()); ++i) QCOMPARE(found[i], expected[i]);
    QCOMPARE(found.size(), expected.size());
  }

  void isAscii() {
    const std::string text = script(hostileScenario());
    for (const char c : text) QVERIFY((c >= 0x20 && c < 0x7F) || c == '\n');
    // Texts are in double quotes; nowhere is a template literal that would look into them.
    QVERIFY(has(text, escapedWord));
  }

  void secretsComeFromTheEnvironment() {
    Scenario scenario = hostileScenario();
    scenario.variables["password"] = "hunter2";
    QVERIFY(!has(script(scenario), "hunter2"));
    QVERIFY(has(script(scenario), "\"password\": __ENV[\"CACHEDECK_LOAD_PASSWORD\"],"));
    QVERIFY(!has(k6TestRun(scenario, "http://h")->text, "hunter2"));
  }

  void executors() {
    Scenario scenario = hostileScenario();
    scenario.executor = {};
    scenario.executor.vus = 50;
    scenario.executor.duration = 500ms;
    QVERIFY2(has(script(scenario), "\"duration\": \"1s\""), "k6 takes no less than a second");
    scenario.executor.kind = ExecutorKind::PerVuIterations;
    scenario.executor.iterations = 20;
    QVERIFY(has(script(scenario), "\"iterations\": 20") && has(script(scenario), "\"maxDuration\": \"10m\""));
    scenario.executor.kind = ExecutorKind::ConstantArrivalRate;
    scenario.executor.rate = 0.25;
    scenario.executor.timeUnit = 2s;
    QVERIFY2(has(script(scenario), "\"timeUnit\": \"3m20s\"") && has(script(scenario), "\"rate\": 25"), "k6 takes whole rates only");
    scenario.executor.kind = ExecutorKind::RampingVus;
    scenario.executor.stages = {{1s, 3}};
    QVERIFY(has(script(scenario), "\"startVUs\": 1") && has(script(scenario), "\"gracefulRampDown\": \"30s\""));
  }

  void whatCannotBe() {
    QVERIFY(!k6Script(*loadScenario("direct-peak"), "http://h").ok());
    QVERIFY(!k6TestRun(*loadScenario("direct-peak"), "http://h").ok());
    Scenario scenario = hostileScenario();
    scenario.thresholds[0].expression = "p(95)";
    QCOMPARE(k6Script(scenario, "http://h").error(), std::string("p(95) needs a comparison: p(95)<100"));
    scenario = hostileScenario();
    scenario.steps[0].path = "/${nothing}";
    QVERIFY(!k6Script(scenario, "http://h").ok());
  }

  void bundled() {
    for (const BundledScenario& one : bundledScenarios()) {
      const auto scenario = loadScenario(one.name);
      QCOMPARE(k6Script(*scenario, "http://h").ok(), scenario->target == Target::Http);
    }
    QVERIFY(has(k6Script(*loadScenario("cold-start"), "http://h")->text, "// Left out: at 1m30s removing the keys \"risk:*\".\n"));
  }

  void manifest() {
    K6Fleet fleet;
    fleet.parallelism = 40;
    fleet.nameSpace = "load\nx: \x7f\u2028\u0085\ufeff";
    const Scenario scenario = hostileScenario();
    const std::string text = k6TestRun(scenario, "http://h/\"\n", fleet)->text;
    const std::size_t second = text.find("---\n");
    QCOMPARE(QString::fromStdString(text.substr(second)), QString::fromUtf8(testRun));
    // The script stands in it line by line, indented by four.
    QVERIFY(text.starts_with("# For k6-operator, written by Cachedeck: kubectl apply -f this file.\n# Before: kubectl create secret generic cachedeck-hostile-secrets --from-file=\"password\"=FILE\n"));
    std::string back;
    const std::string begin = "data:\n  script.js: |\n";
    for (std::size_t at = text.find(begin) + begin.size(); at < second;) {
      const std::size_t end = text.find('\n', at);
      back += end > at ? text.substr(at + 4, end - at - 3) : "\n";
      at = end + 1;
    }
    QCOMPARE(back, k6Script(scenario, "http://h/\"\n")->text);
  }

  void namesOfKubernetes() {
    Scenario scenario = hostileScenario();
    for (const auto& [name, expected] : {std::pair{"Warm_Cache", "name: \"cachedeck-warm-cache\""}, {"--", "name: \"cachedeck-load\""}, {"a--", "name: \"cachedeck-a\""}}) {
      scenario.name = name;
      QVERIFY2(has(k6TestRun(scenario, "http://h")->text, expected), name);
    }
  }
};

QTEST_GUILESS_MAIN(TestLoadK6Export)
#include "tst_load_k6_export.moc"
