// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/argv_secrets.h"
#include "app/sample/log.h"
#include "app/sample/options.h"
#include "app/sample/service/credentials.h"
#include "app/sample/service/key_template.h"
#include "app/sample/service/route.h"
#include "app/sample/service/task_pool.h"
#include "core/cacheaside/key.h"

#include <QRegularExpression>
#include <QTest>

#include <atomic>
#include <set>

using namespace cachedeck;
using namespace cachedeck::sample;
using namespace std::chrono_literals;

/// Parts of the service that need no server.
class TestSampleParts : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void passwordsAreFound_data() {
    QTest::addColumn<QByteArray>("hidden");
    const auto row = [](const char* argument, const char* hidden) { QTest::newRow(argument) << QByteArray(hidden); };
    row("--redis=redis://user:secret@host:1/0", "--redis=redis://user:******@host:1/0");
    row("redis://:secret@host", "redis://:******@host");
    row("postgresql://u:p@ss@host/db", "postgresql://u:****@host/db");
    row("postgresql://u:a/b@host/db", "postgresql://u:***@host/db");
    row("postgresql://u@host:5432/db", "postgresql://u@host:5432/db");
    row("postgresql://host:5432", "postgresql://host:5432");
    row("postgresql://host:5432/mail@example", "postgresql://host:5432/mail@example");
    row("postgresql://u@host/db?password=secret&sslmode=require", "postgresql://u@host/db?password=******&sslmode=require");
    row("host=h password=secret user=u", "host=h password=****** user=u");
    row("host=h password = 'se cret' user=u", "host=h password = '*******' user=u");
    row("password='it\\'s' user=u", "password='*****' user=u");
    row("password=", "password=");
    row("passwords of users", "passwords of users");
    row("--listen=127.0.0.1:80", "--listen=127.0.0.1:80");
  }
  void passwordsAreFound() {
    QFETCH(QByteArray, hidden);
    std::string argument = QTest::currentDataTag();
    char* argv[] = {argument.data()};
    const TakenArguments taken = takeArguments(1, argv);
    QCOMPARE(QByteArray(argv[0]), hidden);
    QCOMPARE(taken.list.at(0).c_str(), QTest::currentDataTag());
    QCOMPARE(taken.secrets.empty(), !hidden.contains('*'));
  }

  void secretsAreRedacted() {
    hideInLog("Rosebud");
    QCOMPARE(redacted("Rosebud! Rosebud").c_str(), "***! ***");
    QCOMPARE(redacted("nothing").c_str(), "nothing");
  }

  void spans_data() {
    QTest::addColumn<qlonglong>("microseconds");
    const auto row = [](const char* text, qlonglong value) { QTest::newRow(text) << value; };
    row("20ms", 20000);
    row("0", 0);
    row("1.5s", 1500000);
    row("250us", 250);
    row("2min", 120000000);
    row("3", 3000000);
    for (const char* wrong : {"", "ms", "-1s", "1 s", "1h", "nan", "inf", "1e9", "0x10"}) row(wrong, -1);
  }
  void spans() {
    QFETCH(qlonglong, microseconds);
    const auto span = readSpan(QTest::currentDataTag());
    QCOMPARE(span ? static_cast<qlonglong>(span->count()) : -1, microseconds);
  }

  void credentials() {
    QCOMPARE(credentialOf("Bearer abc").value, std::string_view("abc"));
    QVERIFY(credentialOf("bEARER   abc").scheme == Credential::Scheme::Bearer);
    QVERIFY(credentialOf("Basic eDp5").scheme == Credential::Scheme::Basic);
    for (const char* none : {"", "Bearer", "Bearerabc", "Basics x", "abc"}) QVERIFY(credentialOf(none).scheme == Credential::Scheme::None);
    const auto decoded = decodedBasic("dXNlcjpwYTpzcw==");
    QVERIFY(decoded && decoded->user == "user" && decoded->password == "pa:ss");
    for (int length = 0; length < 60; ++length) {
      QByteArray text("u:");
      for (int i = 0; i < length; ++i) text.append(static_cast<char>(i * 37));
      const auto back = decodedBasic(text.toBase64().toStdString());
      QVERIFY(back && back->password == text.mid(2).toStdString());
    }
    for (const char* wrong : {"", "!!!!", "dXNlcg==", "dXNl cjp4"}) QVERIFY2(!decodedBasic(wrong), wrong);
    std::set<std::string> tokens;
    for (int i = 0; i < 100; ++i) tokens.insert(*randomToken());
    QCOMPARE(tokens.size(), 100u);
    QCOMPARE(tokens.begin()->size(), 64u);
  }

  void tokensExpireAndAreBounded() {
    CredentialTable table;
    const cacheaside::Time now{};
    table.add("one", now);
    QVERIFY(table.has("one", now + 12h - 1s));
    QVERIFY(!table.has("one", now + 12h));
    QVERIFY(!table.has("two", now));
    for (int i = 0; i < 100000; ++i) table.add("token" + std::to_string(i), now + std::chrono::seconds(1 + i));
    int known = 0;
    for (int i = 0; i < 100000; ++i) known += table.has("token" + std::to_string(i), now + 1h);
    QCOMPARE(known, 16 * 1024);
    QVERIFY(table.has("token99999", now + 1h));
    QVERIFY(!table.has("one", now + 1h));
  }

  void keysAreThoseOfTheLibrary() {
    const std::array<std::string_view, 2> choices{"a", "b"};
    const std::array rules{ParameterRule{.name = "page", .most = 9, .fallback = "1"}, 
                           ParameterRule{.name = "sev", .kind = ParameterRule::Kind::Choice, .choices = choices},
                           ParameterRule{.name = "limit", .most = 99, .fallback = "20"}};
    const std::string text = "x:{page}:{sev}";
    const KeyTemplate keys(text, rules);
    for (const char* query : {"", "page=3", "sev=b", "page=2&sev=a", "limit=20"}) {
      Arguments arguments;
      QVERIFY(!readArguments(rules, {}, query, arguments));
      QCOMPARE(keys.key(arguments), cacheaside::filledKey(text, {{"page", arguments[0]}, {"sev", arguments[1]}}));
    }
    Arguments more;
    QVERIFY(!readArguments(rules, {}, "limit=50", more));
    QCOMPARE(keys.key(more), std::string("x:1:all:limit:50"));
  }

  void digestsOfSearchesDoNotMeet() {
    const std::array rules{ParameterRule{.name = "search", .kind = ParameterRule::Kind::Text, .most = 100, .required = true},
                           ParameterRule{.name = "page", .most = 9, .fallback = "1"}};
    const KeyTemplate keys("s:{hash}", rules);
    std::set<std::string> all;
    for (const char* query : {"search=a", "search=a&page=2", "search=a:page:2", "search=a%3Apage%3A2", "search=A", "search=a&page=3"}) {
      Arguments arguments;
      QVERIFY2(!readArguments(rules, {}, query, arguments), query);
      all.insert(keys.key(arguments));
    }
    QCOMPARE(all.size(), 5u);
    QVERIFY(all.contains("s:" + cacheaside::textHash("a")));
  }

  void everyRouteIsReached() {
    for (const Route& route : routes()) {
      std::string path(route.path);
      if (const std::size_t at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, "7");
      const std::string query = route.onlyWith.empty() ? "" : std::string(route.onlyWith) + "=x";
      const Match match = matchRoute(route.method, path, query);
      QCOMPARE(match.route, &route);
      QCOMPARE(routeLabels()[match.label], route.label);
      QVERIFY(route.parameters.size() <= mostParameters);
      QCOMPARE(route.action == Action::Read, route.sql && !route.key.empty() && !route.cacheClass.empty());
      KeyTemplate(route.key, route.parameters);  // throws when it names what is not there
    }
    QCOMPARE(routeLabels()[matchRoute(Method::Get, "/nowhere", {}).label], std::string_view("other"));
  }

  void texts_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qlonglong>("length");
    QTest::newRow("ascii") << QByteArray("abc") << 3ll;
    QTest::newRow("empty") << QByteArray() << 0ll;
    QTest::newRow("all lengths") << QByteArray("a\xC3\xA4\xE2\x98\x83\xF0\x9F\x94\xA5") << 4ll;
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << -1ll;
    QTest::newRow("cut short") << QByteArray("\xE2\x98") << -1ll;
    QTest::newRow("overlong 2") << QByteArray("\xC0\xAF") << -1ll;
    QTest::newRow("overlong 3") << QByteArray("\xE0\x80\xAF") << -1ll;
    QTest::newRow("overlong 4") << QByteArray("\xF0\x80\x80\xAF") << -1ll;
    QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << -1ll;
    QTest::newRow("beyond") << QByteArray("\xF4\x90\x80\x80") << -1ll;
    QTest::newRow("lone continuation") << QByteArray("\x80") << -1ll;
    QTest::newRow("last") << QByteArray("\xF4\x8F\xBF\xBF") << 1ll;
  }
  void texts() {
    QFETCH(QByteArray, text);
    QFETCH(qlonglong, length);
    QCOMPARE(qlonglong(textLength(text.toStdString())), length);
  }

  void tasksAreCarriedOut() {
    std::atomic<int> done = 0;
    {
      TaskPool pool(8, 10000);
      for (int i = 0; i < 5000; ++i) QVERIFY(pool.post([&done] { ++done; }));
    }
    QCOMPARE(done, 5000);
  }

  void tasksAreBounded() {
    TaskPool pool(2, 3);
    std::atomic<bool> go = false;
    std::atomic<int> running = 0;
    const auto task = [&] {
      ++running;
      go.wait(false);
    };
    QVERIFY(pool.post(task));
    QVERIFY(pool.post(task));
    QTRY_COMPARE_WITH_TIMEOUT(running.load(), 2, 60000);
    for (int i = 0; i < 3; ++i) QVERIFY(pool.post(task));
    QVERIFY(!pool.post(task));
    go = true;
    go.notify_all();
    pool.stop();
    QCOMPARE(running, 5);
    QVERIFY(!pool.post(task));
  }
};

QTEST_GUILESS_MAIN(TestSampleParts)
#include "tst_sample_parts.moc"
