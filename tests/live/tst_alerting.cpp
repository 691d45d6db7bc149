// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/monitoring_files.h"
#include "tests/support/hostile_server.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QJsonDocument>
#include <QMutex>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <sys/stat.h>
#include <vector>

using namespace cachedeck::test;

namespace {

QString text(const QJsonValue& value, const char* key) { return value[QLatin1String(key)].toString(); }

/// One message as Slack would get it.
struct Message {
  QByteArray path;
  QJsonObject body;
  QString title() const { return text(body.value(QStringLiteral("attachments"))[0], "title"); }
  QString content() const { return text(body.value(QStringLiteral("attachments"))[0], "text"); }
  QString color() const { return text(body.value(QStringLiteral("attachments"))[0], "color"); }
};

/// Stands in for Slack.
class Slack {
 public:
  Slack() : m_server([this](const QByteArray& bytes, int turn) { return answer(bytes, turn); }) {}
  quint16 port() const { return m_server.port(); }
  QList<Message> messages() {
    QMutexLocker lock(&m_mutex);
    return m_messages;
  }
  /// The first message with this title, if one came.
  std::optional<Message> find(const QString& title) {
    const QList<Message> all = messages();
    for (const Message& message : all)
      if (message.title() == title) return message;
    return std::nullopt;
  }

 private:
  // A message comes in one piece as a rule, or in the next as well; the connection is closed after each.
  HostileAnswer answer(const QByteArray& bytes, int turn) {
    if (turn < 0) return {};
    QMutexLocker lock(&m_mutex);
    if (bytes.startsWith("POST ")) m_buffer.clear();
    m_buffer += bytes;
    const qsizetype end = m_buffer.indexOf("\r\n\r\n");
    const QJsonDocument body = QJsonDocument::fromJson(m_buffer.mid(end + 4));
    if (end < 0 || !body.isObject()) return {};
    m_messages << Message{m_buffer.split(' ').value(1), body.object()};
    m_buffer.clear();
    return {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", true};
  }
  QMutex m_mutex;
  QByteArray m_buffer;
  QList<Message> m_messages;
  HostileServer m_server;
};

/// Whether a message with this title comes within two minutes; `meanwhile` is done again and again until then.
bool comes(Slack& slack, const char* title, const std::function<void()>& meanwhile) {
  const QDeadlineTimer deadline(120'000);
  while (!slack.find(QLatin1String(title))) {
    if (deadline.hasExpired()) return false;
    meanwhile();
    QTest::qWait(500);
  }
  return true;
}

}  // namespace

/// The four alerts of the reference system, made to fire by what they are for, up to the message that Slack gets.
class TestAlerting : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void cleanup();
  void theFourReachSlack();

 private:
  void change(const char* file, const QList<std::pair<QByteArray, QByteArray>>& pairs);
  void reload(const char* server);
  QTemporaryDir m_base;
  QJsonObject m_info;
};

void TestAlerting::cleanup() {
  const pid_t supervisor = static_cast<pid_t>(m_info.value(QStringLiteral("pids"))[QStringLiteral("supervisor")].toInteger());
  if (supervisor > 1) ::kill(supervisor, SIGCONT);
  sandbox({QStringLiteral("down"), QStringLiteral("--dir"), text(m_info, "dir")});
}

/// Each pair is replaced in a file that the sandbox filled in; all have to be there.
void TestAlerting::change(const char* file, const QList<std::pair<QByteArray, QByteArray>>& pairs) {
  QFile conf(text(m_info, "dir") + QStringLiteral("/conf/") + QLatin1String(file));
  QVERIFY(conf.open(QIODevice::ReadWrite));
  QByteArray content = conf.readAll();
  for (const auto& [from, to] : pairs) {
    QVERIFY2(content.contains(from), from.constData());
    content.replace(from, to);
  }
  conf.resize(0);
  QCOMPARE(conf.write(content), content.size());
}

void TestAlerting::reload(const char* server) {
  QCOMPARE(askService(text(m_info, server), QStringLiteral("/-/reload"), "{}").status, 200);
}

void TestAlerting::theFourReachSlack() {
  ::chmod(QFile::encodeName(m_base.path()).constData(), 0711);  // as root, the servers' account has to pass
  qputenv("XDG_CACHE_HOME", m_base.path().toUtf8());
  Slack slack;
  const Run up = sandbox({QStringLiteral("up"), QStringLiteral("--json")});
  QVERIFY2(up.code == 0, up.err.constData());
  m_info = up.json();
  // The traffic stands still, so that nothing but what follows decides: its hits and quick statements would thin ours out.
  const pid_t supervisor = static_cast<pid_t>(m_info.value(QStringLiteral("pids"))[QStringLiteral("supervisor")].toInteger());
  QVERIFY(supervisor > 1);
  ::kill(supervisor, SIGSTOP);

  // The shipped files; only the waits are shorter, and Slack is here.
  const QByteArray base = "http://127.0.0.1:" + QByteArray::number(slack.port());
  QFile url(text(m_info, "dir") + QStringLiteral("/conf/slack-critical.url"));
  QVERIFY(url.open(QIODevice::ReadOnly));
  const QByteArray inbox = url.readAll().split('/').mid(0, 3).join('/');  // the sandbox's own
  change("slack-critical.url", {{inbox, base}});
  change("slack-performance.url", {{inbox, base}});
  change("alerts.yml", {{"for: 5m", "for: 5s"}});
  change("alertmanager.yml", {{"group_wait: 10s", "group_wait: 6s"}, {"group_interval: 30s", "group_interval: 5s"}});
  reload("alertmanager");
  reload("prometheus");

  // 45 sessions whose statements take three seconds, most of the memory, and look-ups that find nothing.
  std::vector<std::unique_ptr<QProcess>> sessions;
  for (int i = 0; i < 45; ++i) {
    sessions.push_back(std::make_unique<QProcess>());
    sessions.back()->setStandardOutputFile(QProcess::nullDevice());
    sessions.back()->start(QStringLiteral("psql"), {text(m_info, "postgres"), QStringLiteral("-XAtq")});
    sessions.back()->write("SELECT pg_sleep(3) \\watch 0.01\n");
  }
  for (const char* key : {"filler:1", "filler:2"})
    QCOMPARE(redisCli(m_info, {QStringLiteral("setrange"), QLatin1String(key), QStringLiteral("28000000"), QStringLiteral("x")}), QByteArray("28000001"));
  const QStringList misses{QStringLiteral("eval"), QStringLiteral("for i = 1, 5000 do redis.call('get', 'nothing:' .. i) end return 1"), QStringLiteral("0")};
  for (const char* title : {"[FIRING:1] HighRedisMemory", "[FIRING:1] HighDatabaseConnections", "[FIRING:1] LowCacheHitRate", "[FIRING:1] SlowDatabaseQueries"})
    QVERIFY2(comes(slack, title, [&] { redisCli(m_info, misses); }), title);

  struct Expected {
    const char *alert, *path, *channel, *color, *text;
  };
  static constexpr Expected expected[] = {
      {"HighRedisMemory", "/critical", "#critical-alerts", "danger", "^\\*Redis memory high on 127\\.0\\.0\\.1:\\d+\\*\nUsing (8[5-9]|9\\d)\\.\\d% of maxmemory \\(> 85%\\)\n"},
      {"HighDatabaseConnections", "/performance", "#performance-alerts", "warning", "^\\*Many database connections on 127\\.0\\.0\\.1:\\d+\\*\n\\d+ connections \\(> 40\\)\n"},
      {"LowCacheHitRate", "/performance", "#performance-alerts", "warning", "^\\*Low cache hit rate on 127\\.0\\.0\\.1:\\d+\\*\nHit rate \\d+\\.\\d% \\(< 75%\\)\n"},
      {"SlowDatabaseQueries", "/performance", "#performance-alerts", "warning", "^\\*Slow database queries on 127\\.0\\.0\\.1:\\d+\\*\nMean query time [1-9]\\.\\d\\ds \\(> 1s\\)\n"}};
  for (const Expected& one : expected) {
    const std::optional<Message> message = slack.find(QStringLiteral("[FIRING:1] ") + QLatin1String(one.alert));
    QVERIFY2(message, one.alert);
    QCOMPARE(message->path, QByteArray(one.path));
    QCOMPARE(text(message->body, "channel"), QLatin1String(one.channel));
    QCOMPARE(message->color(), QLatin1String(one.color));
    QVERIFY2(message->content().contains(QRegularExpression(QLatin1String(one.text))), qPrintable(message->content()));
    QVERIFY2(message->content().contains(QStringLiteral("\nRunbook: docs/RUNBOOK.md#") + QString::fromLatin1(one.alert).toLower() + QLatin1Char('\n')), qPrintable(message->content()));
  }
  // The warning of the same name fires as well, and the critical one keeps it from Slack.
  const Run query = runCommand(QStringLiteral("amtool"), {QStringLiteral("--alertmanager.url=") + text(m_info, "alertmanager"), QStringLiteral("--output=json"), QStringLiteral("alert"),
                                                          QStringLiteral("query"), QStringLiteral("--inhibited"), QStringLiteral("alertname=HighRedisMemory"), QStringLiteral("severity=warning")});
  const QJsonArray inhibited = QJsonDocument::fromJson(query.out).array();
  QCOMPARE(inhibited.size(), 1);
  QCOMPARE(text(inhibited.at(0)[QStringLiteral("status")], "state"), QStringLiteral("suppressed"));
  const QList<Message> sent = slack.messages();
  for (const Message& message : sent) QVERIFY(!(message.path == "/performance" && message.title().contains(QStringLiteral("HighRedisMemory"))));

  // What caused them ends; within the window of five minutes quick statements and hits have to outweigh the slow ones and the misses.
  for (const std::unique_ptr<QProcess>& session : sessions) session->kill();
  for (const std::unique_ptr<QProcess>& session : sessions) session->waitForFinished();
  QCOMPARE(redisCli(m_info, {QStringLiteral("unlink"), QStringLiteral("filler:1"), QStringLiteral("filler:2")}), QByteArray("2"));
  QCOMPARE(redisCli(m_info, {QStringLiteral("set"), QStringLiteral("found"), QStringLiteral("x")}), QByteArray("OK"));
  const QStringList hits{QStringLiteral("eval"), QStringLiteral("for i = 1, 200000 do redis.call('get', 'found') end return 1"), QStringLiteral("0")};
  const auto recover = [&] {
    redisCli(m_info, hits);
    psql(m_info, QStringLiteral("DO $$ BEGIN FOR i IN 1..5000 LOOP PERFORM count(*) FROM pg_am; END LOOP; END $$"));
  };
  for (const char* title : {"[RESOLVED] HighRedisMemory", "[RESOLVED] HighDatabaseConnections", "[RESOLVED] LowCacheHitRate", "[RESOLVED] SlowDatabaseQueries"})
    QVERIFY2(comes(slack, title, recover), title);
  for (const Expected& one : expected) {
    const std::optional<Message> message = slack.find(QStringLiteral("[RESOLVED] ") + QLatin1String(one.alert));
    QCOMPARE(message->path, QByteArray(one.path));
    QCOMPARE(message->color(), QStringLiteral("good"));
    QVERIFY2(message->content().contains(QRegularExpression(QStringLiteral("\nResolved at \\d\\d:\\d\\d:\\d\\d UTC\\. It was: "))), qPrintable(message->content()));
  }
}

QTEST_GUILESS_MAIN(TestAlerting)
#include "tst_alerting.moc"
