// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/profile_fields.h"
#include "core/profiles/profilewriter.h"
#include "core/profiles/settings.h"
#include "tests/core/tst_profile_fakes.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLockFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <atomic>

#include <sys/stat.h>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

mode_t modeOf(const QString& path) {
  struct stat found {};
  return stat(QFile::encodeName(path).constData(), &found) == 0 ? found.st_mode & 07777 : 0;
}

QByteArray read(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString& path, const QByteArray& bytes) {
  QFile file(path);
  QVERIFY(file.open(QIODevice::WriteOnly));
  QCOMPARE(file.write(bytes), bytes.size());
}

Profile sampleProfile(const QString& name) {
  Profile profile;
  profile.id = QUuid::createUuid();
  profile.name = name;
  profile.environment = Environment::Staging;
  profile.sources[QStringLiteral("fake")].fields = {{QStringLiteral("host"), QStringLiteral("10.0.0.5")},
                                                    {QStringLiteral("mode"), QStringLiteral("require")}};
  profile.sources[QStringLiteral("fake")].secretFields = QStringList{QStringLiteral("password")};
  return profile;
}

QStringList badCopies(const QString& folder) {
  return QDir(folder).entryList({QStringLiteral("*.bad-*")}, QDir::Files | QDir::Hidden);
}

}  // namespace

class TestProfiles : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> m_temporary;
  QString m_folder;

  ProfileStore loaded() {
    ProfileStore store(m_folder, fakeRegistry());
    const auto result = store.load();
    if (!result) qFatal("%s", qPrintable(result.error().message));
    return store;
  }
  QString file() const { return m_folder + QStringLiteral("/profiles.json"); }
  QString backup() const { return file() + QStringLiteral(".bak"); }

 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_temporary = std::make_unique<QTemporaryDir>();
    m_folder = m_temporary->filePath(QStringLiteral("cachedeck"));
  }

  void startsEmptyAndPrivate() {
    const ProfileStore store = loaded();
    QVERIFY(store.profiles().isEmpty());
    QVERIFY(store.notices().isEmpty());
    QVERIFY(!store.lastUsed());
    QCOMPARE(modeOf(m_folder), mode_t{0700});
  }

  void roundTrip() {
    ProfileStore store = loaded();
    const Profile shop = sampleProfile(QStringLiteral("Shop “é” <b>"));
    const Profile second = sampleProfile(QStringLiteral("Second"));
    QVERIFY(store.save(shop).ok());
    QVERIFY(store.save(second).ok());
    QVERIFY(store.setLastUsed(second.id).ok());
    QVERIFY(store.setServerId(second.id, QStringLiteral("fake"), QStringLiteral("run-1")).ok());
    const ProfileStore again = loaded();
    QCOMPARE(again.profiles().size(), 2);
    QVERIFY(*again.find(shop.id) == shop);
    QCOMPARE(again.lastUsed()->id, second.id);
    QCOMPARE(again.lastUsed()->sources[QStringLiteral("fake")].lastServerId, QStringLiteral("run-1"));
    QCOMPARE(again.findByName(QStringLiteral("second")), again.find(second.id));
    QVERIFY(store.remove(second.id).ok());
    QVERIFY(!loaded().lastUsed());
    QCOMPARE(modeOf(file()), mode_t{0600});
    QCOMPARE(modeOf(backup()), mode_t{0600});
  }

  void namesAreChecked() {
    ProfileStore store = loaded();
    Profile profile = sampleProfile(QStringLiteral("  "));
    QCOMPARE(store.save(profile).error().kind, Error::Kind::Usage);
    profile.name = QString(65, QLatin1Char('x'));
    QCOMPARE(store.save(profile).error().kind, Error::Kind::Usage);
    profile.name = QStringLiteral(" Shop ");
    QVERIFY(store.save(profile).ok());
    QCOMPARE(store.find(profile.id)->name, QStringLiteral("Shop"));
    QCOMPARE(store.save(sampleProfile(QStringLiteral("sHOP"))).error().kind, Error::Kind::Usage);
    QCOMPARE(store.profiles().size(), 1);
  }

  void modesAreNarrowed() {
    ProfileStore store = loaded();
    QVERIFY(store.save(sampleProfile(QStringLiteral("Shop"))).ok());
    QCOMPARE(chmod(QFile::encodeName(m_folder).constData(), 0755), 0);
    QCOMPARE(chmod(QFile::encodeName(file()).constData(), 0644), 0);
    loaded();
    QCOMPARE(modeOf(m_folder), mode_t{0700});
    QCOMPARE(modeOf(file()), mode_t{0600});
  }

  void damageNeverResets_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("said");
    QTest::newRow("empty") << QByteArray() << QStringLiteral("not JSON");
    QTest::newRow("zeroed") << QByteArray(4096, '\0') << QStringLiteral("not JSON");
    QTest::newRow("text") << QByteArray("hello") << QStringLiteral("not JSON");
    QTest::newRow("another file") << QByteArray("{\"a\":1}") << QStringLiteral("not a profile file");
    QTest::newRow("newer") << QByteArray(R"({"format":"cachedeck-profiles","version":99,"profiles":[]})")
                           << QStringLiteral("newer version");
    QTest::newRow("incomplete") << QByteArray(R"({"format":"cachedeck-profiles","version":1})") << QStringLiteral("incomplete");
    QTest::newRow("deep") << QByteArray(200000, '[') << QStringLiteral("not JSON");
    QTest::newRow("huge") << QByteArray((4 << 20) + 1, ' ') << QStringLiteral("larger than 4096 KiB");
    QByteArray many = R"({"format":"cachedeck-profiles","version":1,"profiles":[{})";
    for (int i = 0; i < 1000; ++i) many += ",{}";
    QTest::newRow("many") << many + "]}" << QStringLiteral("more than 1000");
  }
  void damageNeverResets() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, said);
    ProfileStore store = loaded();
    const Profile shop = sampleProfile(QStringLiteral("Shop"));
    QVERIFY(store.save(shop).ok());
    QVERIFY(store.save(sampleProfile(QStringLiteral("Lost"))).ok());
    write(file(), bytes);
    ProfileStore again = loaded();
    QCOMPARE(again.profiles().size(), 1);
    QVERIFY(*again.find(shop.id) == shop);
    QCOMPARE(again.notices().size(), 1);
    QVERIFY2(again.notices().first().contains(said), qPrintable(again.notices().first()));
    QCOMPARE(badCopies(m_folder).size(), 1);
    QCOMPARE(read(m_folder + QLatin1Char('/') + badCopies(m_folder).first()), bytes);
    loaded();
    QCOMPARE(badCopies(m_folder).size(), 1);
  }

  void truncationAtEveryByte() {
    ProfileStore store = loaded();
    QVERIFY(store.save(sampleProfile(QStringLiteral("Shop"))).ok());
    QVERIFY(store.save(sampleProfile(QStringLiteral("Zwei"))).ok());
    const QByteArray whole = read(file());
    for (qsizetype length = 0; length < whole.trimmed().size(); ++length) {
      write(file(), whole.left(length));
      const ProfileStore again = loaded();
      QCOMPARE(again.profiles().size(), 1);
      QCOMPARE(again.notices().size(), 1);
    }
  }

  void savingAfterDamageKeepsTheLastGoodOne() {
    ProfileStore store = loaded();
    QVERIFY(store.save(sampleProfile(QStringLiteral("Shop"))).ok());
    QVERIFY(store.save(sampleProfile(QStringLiteral("Zwei"))).ok());
    const QByteArray good = read(backup());
    write(file(), "garbage");
    ProfileStore again = loaded();
    QVERIFY(again.save(sampleProfile(QStringLiteral("New"))).ok());
    QCOMPARE(read(backup()), good);
    QCOMPARE(loaded().profiles().size(), 2);
    QVERIFY(loaded().notices().isEmpty());
  }

  void bothDamagedIsSaid() {
    ProfileStore store = loaded();
    QVERIFY(store.save(sampleProfile(QStringLiteral("Shop"))).ok());
    write(file(), "garbage");
    write(backup(), "garbage");
    const ProfileStore again = loaded();
    QVERIFY(again.profiles().isEmpty());
    QVERIFY(again.notices().first().contains(QStringLiteral("no good copy")));
  }

  void aNewerFileIsLeftAlone() {
    ProfileStore store = loaded();
    QVERIFY(store.save(sampleProfile(QStringLiteral("Shop"))).ok());
    const QByteArray newer = R"({"format":"cachedeck-profiles","version":2,"profiles":[]})";
    write(file(), newer);
    ProfileStore again = loaded();
    QCOMPARE(again.save(sampleProfile(QStringLiteral("New"))).error().kind, Error::Kind::Usage);
    QCOMPARE(read(file()), newer);
  }

  void unknownKeysSurvive() {
    ProfileStore store = loaded();
    const Profile shop = sampleProfile(QStringLiteral("Shop"));
    QVERIFY(store.save(shop).ok());
    QJsonObject root = QJsonDocument::fromJson(read(file())).object();
    root.insert(QStringLiteral("later"), QStringLiteral("kept-root"));
    QJsonObject profile = root.value(QStringLiteral("profiles")).toArray().first().toObject();
    profile.insert(QStringLiteral("colour"), QStringLiteral("kept-profile"));
    QJsonObject sources = profile.value(QStringLiteral("sources")).toObject();
    sources.insert(QStringLiteral("memcached"), QJsonObject{{QStringLiteral("shards"), QStringLiteral("kept-source")}});
    profile.insert(QStringLiteral("sources"), sources);
    root.insert(QStringLiteral("profiles"), QJsonArray{profile});
    write(file(), QJsonDocument(root).toJson());
    ProfileStore again = loaded();
    QVERIFY(again.setLastUsed(shop.id).ok());
    for (const char* const kept : {"kept-root", "kept-profile", "kept-source"}) QVERIFY(read(file()).contains(kept));
  }

  void oddProfilesArePutRight() {
    const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    QDir().mkpath(m_folder);
    write(file(), QStringLiteral(R"({"format":"cachedeck-profiles","version":1,"profiles":[
        {"id":"%1","name":"Shop","environment":"moon"}, {"id":"%1","name":"shop","sources":{"fake":{"fields":{"port":6380}}}},
        7, {"id":"../../etc","name":""}]})").arg(id).toUtf8());
    const ProfileStore store = loaded();
    QCOMPARE(store.profiles().size(), 4);
    QCOMPARE(store.profiles()[0].environment, Environment::Production);
    QCOMPARE(store.profiles()[1].name, QStringLiteral("shop (2)"));
    QVERIFY(store.profiles()[1].id != store.profiles()[0].id);
    QCOMPARE(store.profiles()[1].sources[QStringLiteral("fake")].fields[QStringLiteral("port")], QStringLiteral("6380"));
    QVERIFY(!store.profiles()[3].id.isNull());
    QCOMPARE(store.notices().size(), 3);
  }

  void secretsNeverReachTheFile() {
    ProfileStore store = loaded();
    Profile profile = sampleProfile(QStringLiteral("Shop"));
    const QString secret = QStringLiteral("canary4711");
    profile.sources[QStringLiteral("fake")].fields.insert(QStringLiteral("password"), secret);
    profile.sources[QStringLiteral("fake")].fields.insert(QStringLiteral("user"), QStringLiteral("x password='a b ") + secret + QLatin1Char('\''));
    profile.sources[QStringLiteral("web")].fields.insert(QStringLiteral("url"), QStringLiteral("http://joe:%1@host:9090/p?q=a@b").arg(secret));
    profile.sources[QStringLiteral("unknown")].fields.insert(QStringLiteral("sslPassword"), secret);
    QVERIFY(store.save(profile).ok());
    QVERIFY(store.setLastUsed(profile.id).ok());
    for (const QString& name : {file(), backup()}) QVERIFY(!read(name).contains(secret.toUtf8()));
    QCOMPARE(store.find(profile.id)->sources[QStringLiteral("web")].fields[QStringLiteral("url")],
             QStringLiteral("http://joe@host:9090/p?q=a@b"));
    // One that a person wrote into the file is not used either, and it is said.
    QByteArray bytes = read(file());
    bytes.replace("\"host\": \"10.0.0.5\"", "\"host\": \"10.0.0.5\", \"password\": \"canary4711\"");
    write(file(), bytes);
    const ProfileStore again = loaded();
    QVERIFY(again.notices().first().contains(QStringLiteral("keyring")));
    QVERIFY(!again.find(profile.id)->sources[QStringLiteral("fake")].fields.contains(QStringLiteral("password")));
  }

  void twoInstancesKeepEachOthersChanges() {
    ProfileStore first = loaded();
    Profile shop = sampleProfile(QStringLiteral("Shop"));
    QVERIFY(first.save(shop).ok());
    ProfileStore second = loaded();
    QVERIFY(second.save(sampleProfile(QStringLiteral("Of the second"))).ok());
    QVERIFY(second.setServerId(shop.id, QStringLiteral("fake"), QStringLiteral("run-2")).ok());
    shop.environment = Environment::Development;
    QVERIFY(first.save(shop).ok());  // a server id alone is no conflict
    QCOMPARE(first.profiles().size(), 2);
    shop.name = QStringLiteral("Second's name");
    const auto conflict = second.save(shop);
    QCOMPARE(conflict.error().kind, Error::Kind::Busy);
    QCOMPARE(second.find(shop.id)->environment, Environment::Development);
    QVERIFY(second.save(shop).ok());  // after seeing the other's state
    QCOMPARE(loaded().find(shop.id)->name, QStringLiteral("Second's name"));
  }

  // An address that was edited while the profile was open was put back, when the console wrote its own copy for one chart or the switch Record.
  void oneThingIsChangedAlone() {
    ProfileStore form = loaded();
    Profile shop = sampleProfile(QStringLiteral("Shop"));
    QVERIFY(form.save(shop));
    ProfileStore console = loaded();
    Profile edited = *form.find(shop.id);
    edited.sources[QStringLiteral("fake")].fields[QStringLiteral("host")] = QStringLiteral("10.0.0.6");
    QVERIFY(form.save(edited));
    const QJsonObject panels{{QStringLiteral("next"), 2}};
    QVERIFY(console.change(shop.id, [&](Profile& profile) { profile.ownPanels = panels; }));
    QCOMPARE(loaded().find(shop.id)->sources[QStringLiteral("fake")].fields[QStringLiteral("host")], QStringLiteral("10.0.0.6"));
    QCOMPARE(loaded().find(shop.id)->ownPanels, panels);
    QVERIFY(read(file()).contains("\"own_panels\""));
    QVERIFY(console.remove(shop.id));
    QCOMPARE(console.change(shop.id, [](Profile&) {}).error().kind, Error::Kind::NotFound);
  }

  // And a form that was open meanwhile wrote the older charts, the older switch and nothing of a newer version's keys back.
  void aFormKeepsWhatItDoesNotShow() {
    ProfileStore store = loaded();
    const Profile shop = sampleProfile(QStringLiteral("Shop"));
    QVERIFY(store.save(shop));
    const Profile seen = *store.find(shop.id);
    QVERIFY(store.change(shop.id, [](Profile& profile) {
      profile.ownPanels = {{QStringLiteral("next"), 2}};
      profile.fields[QLatin1String(recordField)] = QStringLiteral("true");
      profile.extra[QStringLiteral("later")] = 1;
      profile.sources[QStringLiteral("fake")].extra[QStringLiteral("later")] = 2;
      profile.sources[QStringLiteral("fake")].lastServerId = QStringLiteral("run-1");
    }));
    const Profile noted = *store.find(shop.id);
    Profile edited = seen;
    edited.environment = Environment::Production;
    QVERIFY(store.save(edited, seen));  // none of that is a conflict
    Profile wanted = noted;
    wanted.environment = Environment::Production;
    QVERIFY(*loaded().find(shop.id) == wanted);
    // The switch is the form's where somebody used it there.
    edited = *store.find(shop.id);
    edited.fields.remove(QLatin1String(recordField));
    QVERIFY(store.save(edited, *store.find(shop.id)));
    QVERIFY(!loaded().find(shop.id)->fields.contains(QLatin1String(recordField)));
    // What a person saw is what counts, however often the store was read in between.
    const Profile older = *store.find(shop.id);
    edited = older;
    edited.name = QStringLiteral("Theirs");
    QVERIFY(loaded().save(edited));
    QVERIFY(store.load());
    edited.name = QStringLiteral("Ours");
    QCOMPARE(store.save(edited, older).error().kind, Error::Kind::Busy);
    QCOMPARE(store.find(shop.id)->name, QStringLiteral("Theirs"));
  }

  void whatIsAsItWasIsNotWritten() {
    ProfileStore store = loaded();
    const Profile shop = sampleProfile(QStringLiteral("Shop"));
    QVERIFY(store.save(shop));
    QVERIFY(store.setLastUsed(shop.id));
    const QByteArray before = read(backup());
    QVERIFY(store.setLastUsed(shop.id));
    QVERIFY(store.setServerId(shop.id, QStringLiteral("fake"), QString()));
    QCOMPARE(read(backup()), before);
  }

  // Changes go one after the other on the worker; those that are left at the end are written then, in their order.
  void aWriterLosesNothing() {
    ProfileStore store = loaded();
    Worker worker(QStringLiteral("storage"));
    auto writer = std::make_unique<ProfileWriter>(store, worker);
    const Profile shop = sampleProfile(QStringLiteral("Shop"));
    QStringList done;
    QObject context;
    const auto post = [&](const QString& name, ProfileWriter::Change change) {
      writer->post(std::move(change), &context, [&done, &store, name](const Result<void>& written) {
        done += written ? name + QStringLiteral(": %1 profiles").arg(store.profiles().size()) : written.error().message;
      });
    };
    post(QStringLiteral("added"), [&](ProfileStore& own) { return own.save(shop); });
    post(QStringLiteral("used"), [&](ProfileStore& own) { return own.setLastUsed(shop.id); });
    QVERIFY(store.profiles().isEmpty());  // nobody waited
    QTRY_COMPARE_WITH_TIMEOUT(done, (QStringList{QStringLiteral("added: 1 profiles"), QStringLiteral("used: 1 profiles")}), 60000);
    std::atomic<bool> holds = true;
    worker.post([&](std::stop_token) { while (holds) QThread::msleep(1); });
    for (const QString& name : {QStringLiteral("Second"), QStringLiteral("Third")}) post(name, [&shop, name](ProfileStore& own) { return own.change(shop.id, [&](Profile& profile) { profile.name = name; }); });
    QLockFile lock(file() + QStringLiteral(".lock"));
    QVERIFY(lock.lock());
    holds = false;
    QTRY_VERIFY_WITH_TIMEOUT(done.size() > 2, 60000);
    QVERIFY(done[2].contains(QStringLiteral("Another Cachedeck")));
    lock.unlock();
    holds = true;
    worker.post([&](std::stop_token) { while (holds) QThread::msleep(1); });
    post(QStringLiteral("last"), [&](ProfileStore& own) { return own.change(shop.id, [](Profile& profile) { profile.name += QStringLiteral("!"); }); });
    writer.reset();
    QVERIFY(loaded().find(shop.id)->name.endsWith(QLatin1Char('!')));
    holds = false;
  }

  void aHeldLockIsSaid() {
    ProfileStore store = loaded();
    QLockFile lock(file() + QStringLiteral(".lock"));
    QVERIFY(lock.lock());
    const auto saved = store.save(sampleProfile(QStringLiteral("Shop")));
    QCOMPARE(saved.error().kind, Error::Kind::Busy);
    QVERIFY(!QFile::exists(file()));
    lock.unlock();
    QVERIFY(store.save(sampleProfile(QStringLiteral("Shop"))).ok());
  }

  void aFolderThatIsAFile() {
    write(m_folder, "x");
    ProfileStore store(m_folder, fakeRegistry());
    const auto result = store.load();
    QCOMPARE(result.error().kind, Error::Kind::Io);
    QVERIFY(!store.save(sampleProfile(QStringLiteral("Shop"))).ok());
  }

  void endpoints() {
    const SourceInfo& fake = fakeRegistry()[0];
    const auto text = [&](const QMap<QString, QString>& fields) { return endpointText(fake, fields); };
    QCOMPARE(text({}), QStringLiteral("127.0.0.1:6379"));
    QCOMPARE(text({{QStringLiteral("host"), QStringLiteral("::1")}}), QStringLiteral("[::1]:6379"));
    QCOMPARE(text({{QStringLiteral("socket"), QStringLiteral("/run/redis.sock")}}), QStringLiteral("/run/redis.sock"));
    QCOMPARE(text({{QStringLiteral("host"), QStringLiteral("a\u202eb")}, {QStringLiteral("port"), QStringLiteral("1")}}),
             QStringLiteral("aU+202Eb:1"));
    QCOMPARE(endpointText(fakeRegistry()[1], {}), QStringLiteral("http://127.0.0.1:9090"));
  }

  void environmentOfAddresses_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("local");
    for (const char* const host : {"", "127.0.0.1", "127.9.9.9", "::1", "localhost", "LocalHost.", "0.0.0.0", "/var/run/postgresql"})
      QTest::newRow(host) << QStringLiteral("host") << QString::fromLatin1(host) << true;
    for (const char* const host : {"10.0.0.5", "db", "localhost,db2", "127.0.0.1.example.org"})
      QTest::newRow(host) << QStringLiteral("host") << QString::fromLatin1(host) << false;
    QTest::newRow("url here") << QStringLiteral("url") << QStringLiteral("http://127.0.0.1:9090/x") << true;
    QTest::newRow("url there") << QStringLiteral("url") << QStringLiteral("https://prometheus.example.org") << false;
    QTest::newRow("service") << QStringLiteral("service") << QStringLiteral("shop") << false;
  }
  void environmentOfAddresses() {
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(bool, local);
    Profile profile;
    profile.sources[QStringLiteral("fake")].fields = {{key, value}};
    QCOMPARE(suggestedEnvironment(profile), local ? Environment::Development : Environment::Production);
    profile.sources[QStringLiteral("fake")].enabled = false;
    QVERIFY(isLocal(profile));
  }

  void settings() {
    Settings settings(m_folder);
    QVERIFY(settings.load().ok());
    QCOMPARE(settings.value("theme.scheme"), QStringLiteral("dark"));
    QCOMPARE(settings.set("theme.scheme", QStringLiteral("pink")).error().kind, Error::Kind::Usage);
    QCOMPARE(settings.set("no.such", QStringLiteral("1")).error().kind, Error::Kind::Usage);
    QVERIFY(settings.set("theme.scheme", QStringLiteral("light")).ok());
    Settings other(m_folder);
    QVERIFY(other.load().ok());
    QVERIFY(other.set("view.range", QStringLiteral("900")).ok());
    QVERIFY(settings.set("window.geometry", QStringLiteral("AAAA")).ok());
    QVERIFY(other.load().ok());
    QCOMPARE(other.value("theme.scheme"), QStringLiteral("light"));
    QCOMPARE(other.value("view.range"), QStringLiteral("900"));
    QCOMPARE(modeOf(other.file()), mode_t{0600});
    write(other.file(), "{\"theme.scheme\":\"pink\",\"x\":1}");
    QVERIFY(other.load().ok());
    QCOMPARE(other.value("theme.scheme"), QStringLiteral("dark"));
    write(other.file(), "{");
    QVERIFY(other.load().ok());
    QCOMPARE(other.notices().size(), 1);
    QCOMPARE(badCopies(m_folder).size(), 1);
    for (const SettingInfo& row : settingsCatalog()) QCOMPARE(other.value(row.key), QString::fromLatin1(row.fallback));
  }
};

QTEST_GUILESS_MAIN(TestProfiles)
#include "tst_profiles.moc"
