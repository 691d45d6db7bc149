// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/bundled.h"
#include "core/load/duration_text.h"
#include "core/load/random.h"
#include "core/load/scenario_json.h"
#include "core/load/schedule.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck::load;
using namespace std::chrono_literals;

namespace {

/// A scenario of one step with further fields, or other steps.
std::string with(const std::string& fields, const std::string& steps = R"([{"name": "list", "path": "/a"}])") {
  return R"({"name": "x", "executor": "constant-vus", "duration": "1m", "steps": )" + steps + (fields.empty() ? "" : ",\n" + fields) + "}";
}

// Every field of a scenario for HTTP.
constexpr const char* everything = R"({
      "name": "warm-cache", "title": "Warm", "description": "d",
      "executor": "ramping-vus", "startVUs": 2, "gracefulRampDown": "5s", "gracefulStop": "1s",
      "stages": [{"duration": "1m", "target": 5}, {"duration": "0s", "target": 0}],
      "variables": {"user": "demo"}, "secretVariables": ["password"],
      "setup": [{"name": "login", "method": "POST", "path": "/login", "body": {"user": "${user}", "password": "${password}", "n": [1, 2.50, true, null], "$${x": "${pick:a\"b|c}\n"}, "extract": {"token": "/token"}}],
      "steps": [{"name": "list", "path": "/risks?page=${random:1:3}", "headers": {"Authorization": "Bearer ${token}"}, "thinkTime": {"min": "300ms", "max": "1s"}, "tags": {"endpoint": "risks"},
                 "checks": [{"status": 200}, {"status": "2xx", "name": "fine"}, {"header": "X-Cache", "is": "HIT"}, {"bodyContains": "x"}, {"json": "/a/0", "is": 2.50}], "weight": 2.5},
                {"name": "raw", "path": "https://other/x", "body": "a=${token}", "thinkTime": "1s"}],
      "order": "random", "cache": "flushed", "preparedPrefixes": ["risk:"], "timeout": "5s", "maxRedirects": 0,
      "events": [{"at": "30s", "dropPrefix": "risk:"}, {"at": "60s", "pauseRedis": "5s"}],
      "thresholds": {"http_req_duration{endpoint:risks}": ["p(95)<100", {"threshold": "p(99)<200", "abortOnFail": true, "delayAbortEval": "10s"}], "errors": ["count<100"]},
      "tags": {"team": "one"}
    })";

QString problems(const std::string& text) {
  const auto scenario = parseScenario(text);
  return scenario ? QString() : QString::fromStdString(scenario.error());
}

Scenario read(const std::string& text) {
  const auto scenario = parseScenario(text);
  if (!scenario) qFatal("%s", scenario.error().c_str());
  return *scenario;
}

/// Scenarios of every shape, as far as a file can say them.
class Maker {
 public:
  explicit Maker(std::uint64_t seed) : m_random(seed) {}

  Scenario scenario() {
    Scenario scenario;
    scenario.name = "s-" + std::to_string(m_random.below(1000));
    if (maybe()) scenario.title = text();
    if (maybe()) scenario.description = text();
    makeExecutor(scenario.executor);
    if (maybe()) scenario.variables["v" + std::to_string(m_random.below(5))] = text();
    if (maybe()) scenario.secretVariables = {"secret"};
    if (maybe()) makeDirect(scenario);
    else makeHttp(scenario);
    scenario.timeout = time();
    scenario.cache = static_cast<CachePreparation>(m_random.below(3));
    if (maybe() || scenario.cache == CachePreparation::Flushed) scenario.preparedPrefixes = {"risk:", text() + "x"};
    if (maybe()) scenario.events = {{Event::Kind::DropPrefix, Millis{1}, "p:" + text(), {}}, {Event::Kind::PauseRedis, Millis{1}, {}, time()}};
    scenario.thresholds = {{"errors", "count<100", false, {}}, {"http_req_duration", "p(95)<100", maybe(), maybe() ? time() : Millis{0}}};
    if (maybe()) scenario.tags = {{"team", "a \u00fc"}};
    return scenario;
  }

 private:
  bool maybe() { return m_random.below(2) == 0; }
  Millis time() { return Millis{static_cast<std::int64_t>(1 + m_random.below(100'000'000))}; }
  int users() { return static_cast<int>(1 + m_random.below(500)); }
  double rate() { return maybe() ? users() : static_cast<double>(1 + m_random.below(1000)) / 7; }
  std::string text() {
    static const std::vector<std::string> pieces{"a", "\"", "\\", "\n", "\u00e9", "\u2028", "$", "</script>", "\x01", "z "};
    std::string all;
    for (std::uint64_t i = m_random.below(6); i > 0; --i) all += pieces[m_random.below(pieces.size())];
    return all;
  }
  void makeExecutor(Executor& executor) {
    executor.kind = static_cast<ExecutorKind>(m_random.below(6));
    const bool ramp = executor.kind == ExecutorKind::RampingVus;
    if (ramp || executor.kind == ExecutorKind::RampingArrivalRate) executor.stages = {{time(), ramp ? users() : rate()}, {Millis{0}, 0}};
    if (executor.kind == ExecutorKind::ConstantVus || executor.kind == ExecutorKind::ConstantArrivalRate) executor.duration = time();
    if (isOpenModel(executor.kind)) makeOpen(executor);
    else if (ramp) executor.startVus = users() - 1, executor.gracefulRampDown = time();
    else executor.vus = users();
    if (executor.kind == ExecutorKind::SharedIterations || executor.kind == ExecutorKind::PerVuIterations) executor.iterations = executor.vus + 3, executor.maxDuration = time();
    if (maybe()) executor.gracefulStop = Millis{0};
  }
  void makeOpen(Executor& executor) {
    if (executor.kind == ExecutorKind::ConstantArrivalRate) executor.rate = rate();
    else executor.startRate = maybe() ? rate() : 0;
    executor.timeUnit = time();
    executor.preAllocatedVus = users();
    executor.maxVus = executor.preAllocatedVus + (maybe() ? users() : 0);
  }
  void makeDirect(Scenario& scenario) {
    scenario.target = Target::CacheAside;
    CacheAsideWorkload& workload = scenario.workload;
    workload.keys = users();
    workload.distribution = maybe() ? CacheAsideWorkload::Keys::Uniform : CacheAsideWorkload::Keys::Zipf;
    workload.skew = 1 + 1.0 / users();
    workload.writeFraction = 1.0 / users();
    if (maybe()) workload.hitRatio = 1.0 / users();
    workload.ttl = time();
    workload.poolMode = maybe() ? "dev" : "prod";
    workload.cache = maybe();
  }
  void makeHttp(Scenario& scenario) {
    if (maybe()) scenario.setup = {step("login")};
    for (int i = 0; i < 3; ++i) scenario.steps.push_back(step("step " + std::to_string(i)));
    scenario.order = maybe() ? StepOrder::Random : StepOrder::Sequence;
    scenario.maxRedirects = users() % 20;
  }
  Step step(const std::string& name) {
    Step step;
    step.name = name;
    step.method = maybe() ? "POST" : "GET";
    step.path = maybe() ? "/a?b=${random:1:9}&c=$${" : "https://h/x";
    if (maybe()) step.headers = {{"X-B", "1"}, {"X-A", "\u00e9 \"quoted\""}};
    if (maybe()) step.body = "{\"a\": " + text() + "}";
    if (step.body.find("${") != std::string::npos) step.body.clear();
    if (maybe()) step.think = {Millis{0}, time()};
    if (maybe()) step.extract = {{"token", "/a~1b/0"}, {"id", ""}};
    if (maybe()) step.tags = {{"endpoint", name}};
    if (maybe()) step.checks = {{Check::Kind::Status, "s", "", "2xx"}, {Check::Kind::Header, "h", "X-Cache", "HIT"}, {Check::Kind::BodyContains, "b", "", "x" + text()}, {Check::Kind::Json, text() + "j", "/a", text()}};
    if (maybe()) step.weight = rate();
    return step;
  }

  Random m_random;
};

}  // namespace

/// Scenario files: what they say, and what is said about mistakes.
class TestLoadScenarioJson : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void durations() {
    const auto ms = [](const char* text) { return parseDuration(text).value_or(Millis{-1}).count(); };
    QCOMPARE(ms("1m30s"), 90'000);
    QCOMPARE(ms("300ms"), 300);
    QCOMPARE(ms("24h"), 86'400'000);
    QCOMPARE(ms("1.5h"), 5'400'000);
    QCOMPARE(ms("2d"), 172'800'000);
    QCOMPARE(ms("2000us"), 2);
    QCOMPARE(ms("0"), 0);
    QCOMPARE(ms("0s"), 0);
    for (const char* wrong : {"", "s", "5", "-5s", "5 s", "1s ", "+1s", "1x", "1e3s", "0x1s", "infs", "nan", "1us", "367d", "99999999999999999999h", ".s"}) QVERIFY2(!parseDuration(wrong), wrong);
    for (const std::int64_t each : {0, 1, 999, 1000, 61'001, 3'600'000, 90'061'001}) QCOMPARE(ms(durationText(Millis{each}).c_str()), each);
    QCOMPARE(durationText(90s), std::string("1m30s"));
  }

  void readsAll() {
    const Scenario scenario = read(everything);
    QCOMPARE(scenario.executor.stages.size(), std::size_t{2});
    QCOMPARE(scenario.executor.startVus, 2);
    QCOMPARE(scenario.setup[0].body, std::string("{\"user\":\"${user}\",\"password\":\"${password}\",\"n\":[1,2.50,true,null],\"$${x\":\"${pick:a\"b|c}\\n\"}"));
    QVERIFY(scenario.setup[0].headers == (std::vector<std::pair<std::string, std::string>>{{"Content-Type", "application/json"}}));
    QVERIFY(scenario.setup[0].extract == (std::vector<Extraction>{{"token", "/token"}}));
    QVERIFY((scenario.steps[0].think == ThinkTime{300ms, 1s}));
    QVERIFY((scenario.steps[1].think == ThinkTime{1s, 1s}));
    QVERIFY(scenario.steps[1].headers.empty());
    QCOMPARE(scenario.steps[0].checks.size(), std::size_t{5});
    QVERIFY((scenario.steps[0].checks[0] == Check{Check::Kind::Status, "status is 200", "", "200"}));
    QVERIFY((scenario.steps[0].checks[4] == Check{Check::Kind::Json, "/a/0 is 2.50", "/a/0", "2.50"}));
    QVERIFY((scenario.events[1] == Event{Event::Kind::PauseRedis, 60s, {}, 5s}));
    QCOMPARE(scenario.thresholds.size(), std::size_t{3});
    QVERIFY((scenario.thresholds[1] == ThresholdRule{"http_req_duration{endpoint:risks}", "p(99)<200", true, 10s}));
    QVERIFY(read(scenarioToJson(scenario)) == scenario);
  }

  void whatIsWritten() {
    Maker maker(11);
    for (int i = 0; i < 500; ++i) {
      const Scenario scenario = maker.scenario();
      const std::string json = scenarioToJson(scenario);
      const auto again = parseScenario(json);
      QVERIFY2(again, again ? "" : (again.error() + "\n" + json).c_str());
      QVERIFY2(*again == scenario, json.c_str());
      QCOMPARE(scenarioToJson(*again), json);
    }
  }

  void secretsAreNeverWritten() {
    Scenario scenario = read(with("\"secretVariables\": [\"password\"]"));
    scenario.variables["password"] = "hunter2";
    QVERIFY(scenarioToJson(scenario).find("hunter2") == std::string::npos);
  }

  void mistakes_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    const auto row = [](const std::string& text, const char* message) {
      QTest::newRow(message) << QString::fromStdString(text) << QString::fromUtf8(message);
    };
    const auto steps = [](const std::string& list) { return with({}, "\n[" + list + "]"); };
    row("{\"name\": \"x\", \"executor\": \"ramping-vus\",\n\"stages\": [{\"duration\": \"1m\", \"target\": 1},\n{\"duration\": \"-5s\", \"target\": 1}],\n\"steps\": [{\"name\": \"a\", \"path\": \"/\"}]}",
        "line 3: stages[1].duration: \"-5s\" is not a length of time; write e.g. \"30s\", \"1m30s\" or \"300ms\", at most a year");
    row("{\"name\": \"x\", \"executor\": \"ramping-vus\",\n\"stages\": [{\"duration\": \"1m\", \"target\": -1}],\n\"steps\": [{\"name\": \"a\", \"path\": \"/\"}]}",
        "line 2: stages[0].target: -1 does not fit; write a whole number from 0 to 1000000");
    row("{\"name\": \"x\", \"executor\": \"ramping-vus\", \"stages\": [\n],\n\"steps\": [{\"name\": \"a\", \"path\": \"/\"}]}",
        "line 1: stages: last no time in all; give at least one a duration, e.g. {\"duration\": \"1m\", \"target\": 10}");
    row("{\"name\": \"x\", \"executor\": \"constant-arrival-rate\", \"rate\": 5, \"duration\": \"1s\",\n\"steps\": [{\"name\": \"a\", \"path\": \"/\"}]}",
        "line 1: preAllocatedVUs: missing; a scenario needs it, e.g. 50");
    row("[]", "line 1: a list is not a scenario; write an object: {…}");
    row("", "line 1: this is not JSON: syntax error while parsing value - unexpected end of input…");
    row("{\n\"name\": \"x\"\n\"title\": 1}", "line 3: this is not JSON: syntax error while parsing object - unexpected string literal…");
    row("{\n\"name\": \"x\",\n\"name\": \"y\"}", "line 3: \"name\" stands twice in this object; leave one away");
    row(with("\"vuss\": 3"), "line 2: vuss: not a field of a scenario; did you mean vus?");
    row(with("\"vus\":\n\"3\""), "line 3: vus: \"3\" does not fit; write a whole number from 1 to 1000000");
    row(with("\"vus\": 1.5"), "line 2: vus: 1.5 does not fit; write a whole number from 1 to 1000000");
    row(with("\"stages\": []"), "line 2: stages: not a field of constant-vus; it belongs to ramping-vus, ramping-arrival-rate");
    row(with("\"gracefulStop\": 30"), "line 2: gracefulStop: 30 is not a length of time; write e.g. \"30s\", \"1m30s\" or \"300ms\", at most a year");
    row(with("\"target\": \"htp\""), "line 2: target: \"htp\" is not known; did you mean http?");
    row(with("\"title\": 7"), "line 2: title: 7 is not a text; write e.g. \"Warm cache\"");
    row(with("\"workload\": {}"), "line 2: workload: belongs to \"target\": \"cache-aside\"; leave it away, or set the target");
    row(with("\"cache\": \"flushed\""), "line 2: cache: \"flushed\" needs preparedPrefixes, the beginnings of the keys that are removed, e.g. [\"risk:\"]");
    row(with("\"preparedPrefixes\": [\"\"]"), "line 2: preparedPrefixes[0]: \"\" is no beginning of keys; write e.g. \"risk:\"");
    row(with("\"variables\": {\"a\": 1}"), "line 2: variables.a: 1 is not a text; write it in quotes");
    row(with("\"variables\": {\"a b\": \"\"}"), "line 2: variables.a b: a variable's name is a letter, then letters, digits and _");
    row(with("\"variables\": {\"a\": \"\"}, \"secretVariables\": [\"a\"]"), "line 2: secretVariables[0]: \"a\" has a value in variables; a secret must have none in the file");
    row(with("\"events\": [\n{\"at\": \"2m\", \"dropPrefix\": \"a\"}]"), "line 3: events[0].at: \"2m\" is after the end of the run; it lasts 1m");
    row(with("\"events\": [{\"at\": \"1s\"}]"), "line 2: events[0]: an event has exactly one of dropPrefix, pauseRedis; write e.g. {\"at\": \"30s\", \"dropPrefix\": \"risk:\"}");
    row(with("\"events\": [{\"at\": \"1s\", \"dropPrefix\": \"\"}]"), "line 2: events[0].dropPrefix: is empty, which would be every key; write e.g. \"risk:\"");
    row(with("\"thresholds\": {\"http_req_duration\":\n[\"p(95)\"]}"), "line 3: thresholds.http_req_duration[0]: p(95) needs a comparison: p(95)<100");
    row(with("\"thresholds\": {\"errors\": \"count<1\"}"), "line 2: thresholds.errors: \"count<1\" is not a list; write e.g. [\"p(95)<100\"]");
    row(with("\"thresholds\": {\"errors{step:lst}\": [\"count<1\"]}"), "line 2: thresholds.errors{step:lst}[0]: no step has these tags; write e.g. {step:NAME} with the name of a step");
    row(with("\"thresholds\": {\"errors\": [{\"treshold\": \"count<1\"}]}"),
        "line 2: thresholds.errors[0].threshold: missing; a threshold needs it, e.g. \"p(95)<100\"\nline 2: thresholds.errors[0].treshold: not a field of a threshold; did you mean threshold?");
    row(with({}, "[]"), "line 1: steps: there is none; write at least one, e.g. {\"name\": \"list\", \"path\": \"/api/v1/risks\"}");
    row(steps("{\"name\": \"a\"}"), "line 2: steps[0].path: missing; a step needs it, e.g. \"/api/v1/risks\"");
    row(steps("{\"path\": \"/\"}"), "line 2: steps[0].name: missing; a step needs it, e.g. \"list\"");
    row(steps("{\"name\": \"\", \"path\": \"/\"}"), "line 2: steps[0].name: \"\" does not fit; a name has 1 to 100 characters, none of them {},:\"'");
    row(steps("{\"name\": \"a\", \"path\": \"/\"},\n{\"name\": \"a\", \"path\": \"/\"}"), "line 3: steps[1].name: \"a\" is the name of a step before; names are unique, since figures go by them");
    row(steps("{\"name\": \"a\", \"path\": \"risks\"}"), "line 2: steps[0].path: \"risks\" is no path; write e.g. \"/api/v1/risks\", or a whole URL with http:// or https://");
    row(steps("{\"name\": \"a\", \"path\": \"/${id}\"}"), "line 2: steps[0].path: ${id} is set by nothing: name it in variables or secretVariables, or extract it in a step");
    row(steps("{\"name\": \"a\", \"path\": \"/\", \"method\": \"get\"}"), "line 2: steps[0].method: \"get\" is not known; there are GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    row(steps("{\"name\": \"a\", \"path\": \"/\", \"headers\": {\"A\": \"1\", \"a\": \"2\"}}"), "line 2: steps[0].headers.a: stands twice, as A; leave one away");
    row(steps("{\"name\": \"a\", \"path\": \"/\", \"headers\": {\"Host\": \"1\"}}"), "line 2: steps[0].headers.Host: is set by the engine; leave it away");
    row(steps("{\"name\": \"a\", \"path\": \"/\", \"headers\": {\"A\": \"x\\r\\ny\"}}"), "line 2: steps[0].headers.A: a header must not hold a line break");
    row(steps("{\"name\": \"a\", \"path\": \"/\", \"thinkTime\": {\"min\": \"2s\", \"max\": \"1s\"}}"), "line 2: steps[0].thinkTime: min is longer than max; exchange them");
    row(steps("{\"name\": \"a\", \"path\": \"/\", \"extract\": {\"t\": \"a.b\"}}"), "line 2: steps[0].extract.t: \"a.b\" is no JSON pointer; write e.g. \"/data/0/id\"");
    row(steps("{\"name\": \"a\", \"path\": \"/\", \"checks\": [{\"status\": 700}]}"), "line 2: steps[0].checks[0].status: 700 is no status; write e.g. \"200\" or \"2xx\"");
    row(steps("{\"name\": \"a\", \"path\": \"/\", \"checks\": [{\"json\": \"/a\"}]}"), "line 2: steps[0].checks[0].is: missing; a check needs it, e.g. \"HIT\"");
    row(steps("{\"name\": \"a\", \"path\": \"/\", \"checks\": [{}]}"),
        "line 2: steps[0].checks[0]: a check has exactly one of status, header, bodyContains, json; write e.g. {\"status\": \"200\"}");
    row(steps("{\"name\": \"a\", \"path\": \"/\", \"weight\": 0}"), "line 2: steps[0].weight: 0 does not fit; write a number from 0.001 to 1000000");
    row(steps("{\"name\": \"a\", \"path\": \"/\", \"tags\": {\"step\": \"b\"}}"), "line 2: steps[0].tags.step: a step always has this tag, which is its name; leave it away");
    row("{\"executor\": \"ramping-vu\",\n\"steps\": 3}",
        "line 1: name: missing; a scenario needs it, e.g. \"warm-cache\"\nline 1: executor: \"ramping-vu\" is not known; did you mean ramping-vus?\nline 2: steps: 3 is not a list; write e.g. […]");
    row(with("\"a\": 1") + "x", "line 2: this is not JSON: syntax error while parsing value - invalid literal…");
  }
  void mistakes() {
    QFETCH(QString, text);
    QFETCH(QString, message);
    const QString told = problems(text.toStdString());
    // What the JSON parser itself says differs between its versions.
    if (message.endsWith(QStringLiteral("…"))) QVERIFY2(told.startsWith(message.chopped(1)), qPrintable(told));
    else QCOMPARE(told, message);
  }

  void caps() {
    QCOMPARE(problems(std::string(1024 * 1024 + 1, ' ')), QStringLiteral("line 1: larger than 1 MiB, which no scenario is"));
    QCOMPARE(problems(std::string(100'000, '[')), QStringLiteral("line 1: nested deeper than 32 levels"));
    QCOMPARE(problems(std::string("{\n\0}", 4)), QStringLiteral("line 2: this is not JSON: a zero byte"));
    std::string many = "[";
    for (int i = 0; i < 201; ++i) many += (i ? "," : "") + std::string("{\"name\": \"s") + std::to_string(i) + "\", \"path\": \"/\"}";
    QVERIFY(problems(with({}, many + "]")).startsWith(QStringLiteral("line 1: steps: has 201 elements; at most 200 are taken")));
    QVERIFY(problems(with("\"a\": 1, \"b\": 1, \"c\": 1, \"d\": 1, \"e\": 1, \"f\": 1, \"g\": 1, \"h\": 1, \"i\": 1, \"j\": 1, \"k\": 1, \"l\": 1")).endsWith(QStringLiteral("\nand 2 more")));
    QVERIFY(!problems(with("\"title\": \"\xff\"")).isEmpty());
    QVERIFY(!problems(with("\"vus\": 1e999")).isEmpty());
    QVERIFY(!problems(with("\"vus\": 99999999999999999999999")).isEmpty());
  }

  // Whatever is broken in a file, it is read or told with a line.
  void brokenFiles() {
    Random random(3);
    for (int i = 0; i < 4000; ++i) {
      std::string text = bundledScenarios()[random.below(bundledScenarios().size())].json;
      for (std::uint64_t changes = 1 + random.below(3); changes > 0; --changes) {
        const std::size_t at = random.below(text.size());
        static const std::string alphabet = "{}[]\",:0-9e.ntf\n\\$ \x80\xff";
        if (random.below(3) == 0) text.erase(at, 1 + random.below(20));
        else text[at] = alphabet[random.below(alphabet.size())];
        if (text.empty()) text = "{";
      }
      const auto scenario = parseScenario(text);
      if (scenario) QVERIFY(read(scenarioToJson(*scenario)) == *scenario);
      else QVERIFY2(scenario.error().starts_with("line "), scenario.error().c_str());
    }
  }

  void bundled() {
    QStringList names;
    for (const BundledScenario& one : bundledScenarios()) {
      names.append(QString::fromStdString(one.name));
      const auto scenario = loadScenario(one.name);
      QVERIFY2(scenario, scenario ? "" : scenario.error().c_str());
      QCOMPARE(scenario->name, one.name);
      QVERIFY(read(scenarioToJson(*scenario)) == *scenario);
      QVERIFY(!scenario->title.empty() && !scenario->description.empty() && !scenario->thresholds.empty());
    }
    QCOMPARE(names.join(QLatin1Char(' ')), QStringLiteral("baseline cold-start warm-cache peak soak direct-baseline direct-cold-start direct-warm direct-peak direct-soak"));
    QCOMPARE(peakOf(loadScenario("peak")->executor), 50.0);
    QCOMPARE(lengthOf(loadScenario("soak")->executor), Millis(24h));
  }

  // What testers copy has to be right.
  void theExampleOfTheDocumentation() {
    QFile file(QFINDTESTDATA("../../docs/SCENARIOS.md"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    const qsizetype begin = text.indexOf("```json\n") + 8, end = text.indexOf("```", begin);
    QVERIFY(begin > 8 && end > begin);
    const Scenario scenario = read(text.mid(begin, end - begin).toStdString());
    QCOMPARE(scenario.steps.size(), std::size_t{2});
    QCOMPARE(scenario.thresholds.size(), std::size_t{4});
  }

  void files() {
    QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("own.json")).toStdString();
    const auto write = [&](const QByteArray& text) {
      QFile file(QString::fromStdString(path));
      QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    };
    write(QByteArray::fromStdString(with("\"vus\": 9")));
    QCOMPARE(loadScenario(path)->executor.vus, 9);
    write(QByteArray::fromStdString(with("\"vus\": 0,\n\"x\": 1")));
    const QString told = QString::fromStdString(loadScenario(path).error()), own = QString::fromStdString(path);
    QVERIFY2(told.startsWith(QStringLiteral("%1, line 2: vus: 0 does not fit; write a whole number from 1 to 1000000\n%1, line 3: x: not a field of a scenario; ").arg(own)), qPrintable(told));
    QVERIFY(loadScenario(folder.path().toStdString()).error().ends_with("it is a folder. Name a scenario file."));
    QCOMPARE(loadScenario("nosuch").error(), std::string("There is no scenario and no file \"nosuch\". Bundled are baseline, cold-start, warm-cache, peak, soak, direct-baseline, "
                                                         "direct-cold-start, direct-warm, direct-peak, direct-soak."));
  }
};

QTEST_GUILESS_MAIN(TestLoadScenarioJson)
#include "tst_load_scenario_json.moc"
