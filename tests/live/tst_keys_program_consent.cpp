// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/profilestore.h"
#include "tests/live/tst_keys_program.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

/// `cachedeck keys resume`, `undo`, `operations` and `flush`: what they ask for, what they say, which operation they mean.
class TestKeysProgramConsent : public QObject {
  Q_OBJECT

  using Outcome = KeysProgram::Outcome;

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = startAll({&m_server, &m_other});
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    QVERIFY(QDir().mkpath(m_program.config()));
    ProfileStore store(m_program.config());
    QVERIFY(store.load());
    for (const auto& [name, environment] : {std::pair{"desk", Environment::Development}, std::pair{"stage", Environment::Staging}, std::pair{"shop", Environment::Production}, std::pair{"elsewhere", Environment::Development}}) {
      Profile profile;
      profile.id = QUuid::createUuid();
      profile.name = QString::fromLatin1(name);
      profile.environment = environment;
      const quint16 port = profile.name == QLatin1String("elsewhere") ? m_other.port() : m_server.port();
      profile.sources[QStringLiteral("redis")].fields = {{QStringLiteral("host"), QStringLiteral("127.0.0.1")}, {QStringLiteral("port"), QString::number(port)}};
      QVERIFY(store.save(profile));
    }
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    QDir(m_program.state() + QStringLiteral("/undo")).removeRecursively();
    for (RedisServer* server : {&m_server, &m_other}) server->cli({QStringLiteral("flushall")});
    m_server.cli({QStringLiteral("eval"), QStringLiteral("for i=1,20000 do redis.call('SET','risk:'..i,'value'..i) end for i=1,100 do redis.call('SET','other:'..i,'v') end"), QStringLiteral("0")});
    m_digest = digest();
  }

  // `undo --last` undid the newest operation of any profile, on any server, and one that was undone already.
  void lastIsOfThisProfileAndServer() {
    QCOMPARE(keys("delete --match other:* --yes").code, 0);
    m_other.cli({QStringLiteral("set"), QStringLiteral("there:1"), QStringLiteral("v")});
    QCOMPARE(profile("elsewhere", "delete --match there:* --yes").code, 0);
    QCOMPARE(profile("stage", "undo --last --confirm 100").code, 1);  // its profile has none
    const Outcome undone = keys("undo --last --yes --json");
    QVERIFY2(undone.code == 0, undone.all());
    QCOMPARE(undone.json()[QLatin1String("restored")].toInt(), 100);
    QCOMPARE(digest(), m_digest);
    const Outcome again = keys("undo --last --yes");
    QCOMPARE(again.code, 1);
    QVERIFY2(again.err.contains("no operation to undo"), again.err);
    QCOMPARE(m_other.cli({QStringLiteral("dbsize")}), QByteArray("0"));
    QCOMPARE(profile("elsewhere", "undo --last --yes").code, 0);
    QCOMPARE(m_other.cli({QStringLiteral("dbsize")}), QByteArray("1"));
  }

  void resumeIsLookedAtAndConfirmed() {
    const QString id = interrupt({QStringLiteral("delete"), QStringLiteral("--match"), QStringLiteral("risk:*"), QStringLiteral("--confirm"), QStringLiteral("20000")}, "stage");
    QVERIFY(!id.isEmpty());
    const QJsonObject row = operation(id);
    QCOMPARE(row[QLatin1String("state")].toString(), QStringLiteral("interrupted, can be resumed"));
    const qint64 remaining = row[QLatin1String("remaining")].toInteger();
    QVERIFY(remaining > 0 && remaining <= 20000);
    QVERIFY(row[QLatin1String("bytes")].toInteger() > 0);
    QVERIFY(row.contains(QLatin1String("age_s")));
    const QByteArray before = m_server.cli({QStringLiteral("dbsize")});
    const QJsonObject preview = profile("stage", "resume --last --dry-run --json").json();
    QCOMPARE(preview[QLatin1String("operation")].toString(), id);
    QCOMPARE(preview[QLatin1String("remaining")].toInteger(), remaining);
    QVERIFY(preview[QLatin1String("age_ms")].toInteger() > 0);
    QCOMPARE(preview[QLatin1String("options")][QLatin1String("keys_per_second")].toDouble(), 2000.0);
    const Outcome yes = profile("stage", "resume --last --yes");
    QCOMPARE(yes.code, 1);
    QVERIFY2(yes.err.contains(QByteArray::number(remaining)), yes.err);
    QCOMPARE(profile("stage", "resume --last --confirm 1").code, 1);
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), before);
    const Outcome resumed = run("stage", {QStringLiteral("resume"), QStringLiteral("--last"), QStringLiteral("--rate"), QStringLiteral("1000000"), QStringLiteral("--confirm"), QString::number(remaining), QStringLiteral("--json")});
    QVERIFY2(resumed.code == 0, resumed.all());
    QCOMPARE(resumed.json()[QLatin1String("planned")].toInt(), 20000);
    QCOMPARE(resumed.json()[QLatin1String("deleted")].toInt() + resumed.json()[QLatin1String("gone")].toInt(), 20000);
    QVERIFY(!resumed.json().contains(QLatin1String("changed")));
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("100"));

    QCOMPARE(profile("stage", "undo --last --yes").code, 1);
    const QJsonObject undo = profile("stage", "undo --last --dry-run --json").json();
    QVERIFY(undo[QLatin1String("keys")].toInteger() > 0);
    QVERIFY(undo[QLatin1String("age_ms")].toInteger() > 0);
    const Outcome undone = run("stage", {QStringLiteral("undo"), QStringLiteral("--last"), QStringLiteral("--confirm"), QString::number(undo[QLatin1String("keys")].toInteger())});
    QVERIFY2(undone.code == 0, undone.all());
    QCOMPARE(digest(), m_digest);
  }

  // The counts of a resumed TTL run were printed as those of a deletion.
  void resumedTtlsHaveTheirOwnCounts() {
    const QString id = interrupt({QStringLiteral("ttl"), QStringLiteral("--match"), QStringLiteral("risk:*"), QStringLiteral("--set"), QStringLiteral("60d"), QStringLiteral("--yes")}, "desk");
    QVERIFY(!id.isEmpty());
    const Outcome resumed = keys("resume --last --rate 1000000 --yes --json");
    QVERIFY2(resumed.code == 0, resumed.all());
    const QJsonObject json = resumed.json();
    for (const char* field : {"planned", "changed", "gone", "kept"}) QVERIFY2(json.contains(QLatin1String(field)), field);
    QVERIFY(!json.contains(QLatin1String("deleted")));
    QCOMPARE(json[QLatin1String("changed")].toInt() + json[QLatin1String("kept")].toInt(), 20000);
    QVERIFY(m_server.cli({QStringLiteral("ttl"), QStringLiteral("risk:1")}).toInt() > 59 * 86400);
    QCOMPARE(keys("undo --last --yes").code, 0);
    QCOMPARE(digest(), m_digest);
  }

  void productionIsUnlockedToUndo() {
    const Outcome deleted = run("shop", {QStringLiteral("delete"), QStringLiteral("--match"), QStringLiteral("other:*"), QStringLiteral("--unlock"), QStringLiteral("ticket 4711"), QStringLiteral("--confirm"), QStringLiteral("shop 100")});
    QVERIFY2(deleted.code == 0, deleted.all());
    QCOMPARE(profile("shop", "undo --last --yes").code, 1);
    QCOMPARE(run("shop", {QStringLiteral("undo"), QStringLiteral("--last"), QStringLiteral("--unlock"), QStringLiteral("it was wrong"), QStringLiteral("--yes")}).code, 1);
    const Outcome undone = run("shop", {QStringLiteral("undo"), QStringLiteral("--last"), QStringLiteral("--unlock"), QStringLiteral("it was wrong"), QStringLiteral("--confirm"), QStringLiteral("shop 100")});
    QVERIFY2(undone.code == 0, undone.all());
    QCOMPARE(digest(), m_digest);
  }

  // An interrupted deletion in production was carried to its end, and undone, with --yes alone: the same server was named by its URL, or by a profile for trying things out.
  void productionStaysProductionByAnyName() {
    const QString id = interrupt({QStringLiteral("delete"), QStringLiteral("--match"), QStringLiteral("risk:*"), QStringLiteral("--unlock"), QStringLiteral("ticket 4711"), QStringLiteral("--confirm"), QStringLiteral("shop 20000")}, "shop");
    QVERIFY(!id.isEmpty());
    const QByteArray before = m_server.cli({QStringLiteral("dbsize")});
    for (const QStringList& server : {QStringList{QStringLiteral("--redis"), m_program.url()}, QStringList{QStringLiteral("--profile"), QStringLiteral("desk")}})
      for (const char* verb : {"resume", "undo"}) {
        const Outcome refused = m_program.run(QStringList{QStringLiteral("keys"), QString::fromLatin1(verb), id, QStringLiteral("--yes")} + server);
        QVERIFY2(refused.code == 1 && refused.err.contains("production"), refused.all());
      }
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), before);
    const QJsonObject left = run("desk", {QStringLiteral("resume"), id, QStringLiteral("--dry-run"), QStringLiteral("--json")}).json();
    QCOMPARE(left[QLatin1String("environment")].toString(), QStringLiteral("production"));
    const QString phrase = QStringLiteral("shop %1").arg(left[QLatin1String("remaining")].toInteger());
    const Outcome resumed = run("desk", {QStringLiteral("resume"), id, QStringLiteral("--rate"), QStringLiteral("1000000"), QStringLiteral("--unlock"), QStringLiteral("ticket 4712"), QStringLiteral("--confirm"), phrase});
    QVERIFY2(resumed.code == 0, resumed.all());
    // Whose it is, which keys and why stand in the journal, and that it was resumed: it once said "Delete: every key" of "desk", in development.
    const QList<QJsonObject> lines = journalOf(id);
    QVERIFY(lines.size() >= 3);
    for (const QJsonObject& line : lines.last(2)) {
      QCOMPARE(line[QLatin1String("profile")].toString(), QStringLiteral("shop"));
      QVERIFY2(line[QLatin1String("where")].toString().startsWith(QLatin1String("production ")), qPrintable(line[QLatin1String("where")].toString()));
      QCOMPARE(line[QLatin1String("text")].toString(), QStringLiteral("Delete, resumed: risk:* (ticket 4712)"));
    }
  }

  void theServerOfASavedProfileIsThatByItsUrl() {
    const QString local = QStringLiteral("redis://localhost:%1/0").arg(m_server.port());
    for (const QString& url : {m_program.url(), local}) {
      const Outcome refused = m_program.run({QStringLiteral("keys"), QStringLiteral("delete"), QStringLiteral("--match"), QStringLiteral("other:*"), QStringLiteral("--yes"), QStringLiteral("--redis"), url});
      QVERIFY2(refused.code == 1 && refused.err.contains("This is the server of profile “shop” (production)."), refused.all());
    }
    QCOMPARE(digest(), m_digest);
    const Outcome deleted = m_program.keys({QStringLiteral("delete"), QStringLiteral("--match"), QStringLiteral("other:*"), QStringLiteral("--unlock"), QStringLiteral("ticket 4711"), QStringLiteral("--confirm"), QStringLiteral("shop 100")});
    QVERIFY2(deleted.code == 0, deleted.all());
    // Another database of it is none of the profile's.
    const Outcome there = m_program.run({QStringLiteral("keys"), QStringLiteral("count"), QStringLiteral("--redis"), QStringLiteral("redis://127.0.0.1:%1/5").arg(m_server.port())});
    QVERIFY2(there.code == 0 && !there.err.contains("profile"), there.all());
  }

  void whatIsOverCanBeDiscarded() {
    const QString id = keys("delete --match other:* --yes --json").json()[QLatin1String("operation")].toString();
    const QString open = interrupt({QStringLiteral("delete"), QStringLiteral("--match"), QStringLiteral("risk:*"), QStringLiteral("--yes")}, "desk");
    const auto discard = [&](const QString& which) { return keys({QStringLiteral("operations"), QStringLiteral("--discard"), which}); };
    const Outcome refused = discard(open);
    QCOMPARE(refused.code, 2);
    QVERIFY2(refused.err.contains("interrupted"), refused.err);
    QVERIFY(discard(QStringLiteral("../../etc/passwd")).code != 0);
    const Outcome asked = discard(id);
    QVERIFY2(asked.code == 2 && asked.err.contains("--yes"), asked.all());
    QVERIFY(!operation(id).isEmpty());
    QCOMPARE(m_program.run({QStringLiteral("keys"), QStringLiteral("operations"), QStringLiteral("--discard"), id, QStringLiteral("--yes")}).code, 0);
    QVERIFY(operation(id).isEmpty());
    QVERIFY(!operation(open).isEmpty());
    QCOMPARE(keys({QStringLiteral("undo"), id, QStringLiteral("--yes")}).code, 1);
    const Outcome journal = m_program.run({QStringLiteral("journal"), QStringLiteral("export"), QStringLiteral("--format"), QStringLiteral("json")});
    QVERIFY2(journal.out.contains("keys.discard"), journal.all());
  }

  // Images of production were destroyed by anybody's URL, with nothing said.
  void imagesOfProductionAreDiscardedByItsPhrase() {
    const QString id = run("shop", {QStringLiteral("delete"), QStringLiteral("--match"), QStringLiteral("other:*"), QStringLiteral("--unlock"), QStringLiteral("ticket 4711"), QStringLiteral("--confirm"), QStringLiteral("shop 100"), QStringLiteral("--json")}).json()[QLatin1String("operation")].toString();
    const auto discard = [&](const QStringList& consent) { return m_program.run(QStringList{QStringLiteral("keys"), QStringLiteral("operations"), QStringLiteral("--redis"), QStringLiteral("redis://127.0.0.1:1/0"), QStringLiteral("--discard"), id} + consent); };
    for (const QStringList& consent : {QStringList{}, QStringList{QStringLiteral("--yes")}, QStringList{QStringLiteral("--unlock"), QStringLiteral("ticket 4711"), QStringLiteral("--confirm"), QStringLiteral("100")}}) {
      const Outcome refused = discard(consent);
      QVERIFY2(refused.code == 1, refused.all());
    }
    QVERIFY(!operation(id).isEmpty());
    const Outcome done = discard({QStringLiteral("--unlock"), QStringLiteral("ticket 4711"), QStringLiteral("--confirm"), QStringLiteral("shop 100")});
    QVERIFY2(done.code == 0, done.all());
    QVERIFY(operation(id).isEmpty());
  }

  // What lies on this machine was only told to who named a server. A command that only looked put a new key in the place of a lost one.
  void operationsNeedNoServerAndMakeNoKey() {
    const QString id = keys("delete --match other:* --yes --json").json()[QLatin1String("operation")].toString();
    const Outcome listed = m_program.run({QStringLiteral("keys"), QStringLiteral("operations")});
    QVERIFY2(listed.code == 0 && listed.out.contains(id.toUtf8()), listed.all());
    const QString key = m_program.config() + QStringLiteral("/state.key"), away = key + QStringLiteral(".away");
    QVERIFY(QFile::rename(key, away));
    const Outcome unreadable = m_program.run({QStringLiteral("keys"), QStringLiteral("operations")});
    QVERIFY2(unreadable.out.contains("cannot be read") && unreadable.err.contains("state.key"), unreadable.all());
    QVERIFY2(keys("undo --last --yes").code != 0, "without the key");
    QVERIFY2(keys({QStringLiteral("undo"), id, QStringLiteral("--yes")}).code != 0, "without the key");
    QCOMPARE(keys("count --match risk:*").code, 0);
    QVERIFY(!QFile::exists(key));
    QVERIFY(QFile::rename(away, key));
    const Outcome undone = keys("undo --last --yes");
    QVERIFY2(undone.code == 0, undone.all());
    QCOMPARE(digest(), m_digest);
  }

  // A database is emptied by a plan like any other: sizes, TTLs, samples and a digest before, the count typed, a line in the journal.
  void aDatabaseIsEmptiedByAPlan() {
    m_server.cli({QStringLiteral("-n"), QStringLiteral("3"), QStringLiteral("setex"), QStringLiteral("there"), QStringLiteral("100"), QStringLiteral("v")});
    m_digest = digest();
    const QJsonObject plan = keys("flush --dry-run --json").json();
    QCOMPARE(plan[QLatin1String("planned")].toInt(), 20100);
    QCOMPARE(plan[QLatin1String("digest")].toString().size(), 64);
    QVERIFY(plan[QLatin1String("bytes")].toInteger() > 20100 * 40);
    QCOMPARE(plan[QLatin1String("ttl")][QLatin1String("no TTL")].toInt(), 20100);
    QCOMPARE(plan[QLatin1String("samples")].toArray().size(), 20);
    QCOMPARE(plan[QLatin1String("databases")][QLatin1String("0")].toInt(), 20100);
    QVERIFY(plan[QLatin1String("forecast")][QLatin1String("undo")][QLatin1String("fits")].toBool());
    const QJsonObject whole = keys("flush --all-databases --no-undo --dry-run --json").json();
    QCOMPARE(whole[QLatin1String("planned")].toInt(), 20101);
    QCOMPARE(whole[QLatin1String("ttl")][QLatin1String("< 10 min")].toInt(), 1);
    QCOMPARE(whole[QLatin1String("databases")][QLatin1String("3")].toInt(), 1);
    QCOMPARE(profile("stage", "flush --no-undo --yes").code, 1);
    QCOMPARE(profile("stage", "flush --no-undo --confirm 20099").code, 1);
    QCOMPARE(run("shop", {QStringLiteral("flush"), QStringLiteral("--no-undo"), QStringLiteral("--unlock"), QStringLiteral("ticket 4711"), QStringLiteral("--confirm"), QStringLiteral("shop 20100")}).code, 1);
    const Outcome beyond = keys("flush --undo-cap 1 --yes");
    QCOMPARE(beyond.code, 1);
    QVERIFY2(beyond.err.contains("undo"), beyond.err);
    QCOMPARE(digest(), m_digest);
    QVERIFY2(profile("stage", "flush --confirm 20100").code == 0, "with images");
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("0"));
    QCOMPARE(profile("stage", "undo --last --confirm 20100").code, 0);
    const Outcome emptied = run("stage", {QStringLiteral("flush"), QStringLiteral("--no-undo"), QStringLiteral("--unlock"), QStringLiteral("ticket 4711"), QStringLiteral("--confirm"), QStringLiteral("20100"), QStringLiteral("--json")});
    QVERIFY2(emptied.code == 0, emptied.all());
    QCOMPARE(emptied.json()[QLatin1String("deleted")].toInt(), 20100);
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("0"));
    QCOMPARE(m_server.cli({QStringLiteral("-n"), QStringLiteral("3"), QStringLiteral("dbsize")}), QByteArray("1"));
    const Outcome journal = m_program.run({QStringLiteral("journal"), QStringLiteral("export"), QStringLiteral("--format"), QStringLiteral("json")});
    QList<QJsonObject> lines;
    for (const QJsonValue& line : QJsonDocument::fromJson(journal.out).array())
      if (line[QLatin1String("action")].toString() == QLatin1String("keys.flushdb")) lines += line.toObject();
    QVERIFY2(lines.size() == 2, journal.out);
    for (const QJsonObject& line : lines) QVERIFY2(line[QLatin1String("text")].toString().contains(QLatin1String("ticket 4711")), journal.out);
    QVERIFY2(lines.first()[QLatin1String("plan_digest")].toString().size() == 64, journal.out);  // another order than that of the dry run above: the keys went and came back
  }

 private:
  QByteArray digest() { return m_server.cli({QStringLiteral("debug"), QStringLiteral("digest")}); }
  Outcome run(const char* profile, QStringList arguments) {
    arguments.prepend(QStringLiteral("keys"));
    return m_program.run(arguments << QStringLiteral("--profile") << QString::fromLatin1(profile));
  }
  Outcome keys(const QStringList& arguments) { return run("desk", arguments); }
  Outcome keys(const char* words) { return profile("desk", words); }
  Outcome profile(const char* name, const char* words) { return run(name, QString::fromLatin1(words).split(QLatin1Char(' '))); }
  QJsonObject operation(const QString& id) {
    for (const QJsonValue& row : keys("operations --json").json()[QLatin1String("operations")].toArray())
      if (row[QLatin1String("id")].toString() == id) return row.toObject();
    return {};
  }
  QList<QJsonObject> journalOf(const QString& id) {
    QList<QJsonObject> lines;
    for (const QJsonValue& line : QJsonDocument::fromJson(m_program.run({QStringLiteral("journal"), QStringLiteral("export"), QStringLiteral("--format"), QStringLiteral("json")}).out).array())
      if (line[QLatin1String("operation")].toString() == id) lines += line.toObject();
    return lines;
  }
  /// Begins an operation slowly and kills the program in the middle; its id.
  QString interrupt(QStringList arguments, const char* profile) {
    arguments.prepend(QStringLiteral("keys"));
    arguments << QStringLiteral("--rate") << QStringLiteral("2000");
    arguments << QStringLiteral("--profile") << QString::fromLatin1(profile);
    const bool deletes = arguments[1] == QLatin1String("delete");
    const auto touched = [&] {
      return deletes ? m_server.cli({QStringLiteral("dbsize")}).toInt() < 20000 : m_server.cli({QStringLiteral("info"), QStringLiteral("keyspace")}).contains("expires=") && !m_server.cli({QStringLiteral("info"), QStringLiteral("keyspace")}).contains("expires=0");
    };
    QProcess process;
    m_program.start(process, arguments);
    while (process.state() != QProcess::NotRunning && !touched()) process.waitForFinished(5);
    process.kill();  // nothing where it has ended; by id 0 it would be this test and its neighbours
    process.waitForFinished();
    const QJsonArray rows = keys("operations --json").json()[QLatin1String("operations")].toArray();
    return rows.isEmpty() || rows.first()[QLatin1String("ended")].toBool() ? QString() : rows.first()[QLatin1String("id")].toString();
  }

  RedisServer m_server{{QStringLiteral("enable-debug-command yes")}}, m_other;
  KeysProgram m_program{m_server};
  QByteArray m_digest;
};

QTEST_GUILESS_MAIN(TestKeysProgramConsent)
#include "tst_keys_program_consent.moc"
