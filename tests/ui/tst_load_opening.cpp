// SPDX-License-Identifier: GPL-3.0-or-later
// What the page of load runs is opened on.
#include "app/console/load_opening.h"
#include "core/profiles/fromurls.h"

#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck;

class TestLoadOpening : public QObject {
  Q_OBJECT
  QTemporaryDir m_folder;

  Profile named(const QMap<QString, QString>& urls, QMap<QString, SourceSettings>& sources) const {
    auto made = profileFromUrls(QStringLiteral("named"), urls);
    if (!made) qFatal("no profile");
    for (auto source = made->profile.sources.cbegin(); source != made->profile.sources.cend(); ++source) sources.insert(source.key(), SourceSettings{source->fields, {}});
    return made->profile;
  }

 private Q_SLOTS:
  void initTestCase() { qputenv("XDG_STATE_HOME", m_folder.path().toUtf8()); }

  // The command that the page shows has to find the same servers when it is pasted into a terminal.
  void serversThatNobodySavedGoWithIt() {
    QMap<QString, SourceSettings> sources;
    const Profile profile = named({{QStringLiteral("redis"), QStringLiteral("redis://127.0.0.1:6399/2")}}, sources);
    const LoadTarget target = loadTargetOf(profile, false, sources, nullptr, m_folder.path());
    QCOMPARE(target.servers.keys(), QStringList{QStringLiteral("redis")});
    QVERIFY(target.sandboxDir.isEmpty() && !target.saved);
    QVERIFY(loadTargetOf(profile, true, sources, nullptr, m_folder.path()).servers.isEmpty());
  }

  void theSandboxIsNamedByItsDirectory() {
    QMap<QString, SourceSettings> sources;
    const Profile profile = named({{QStringLiteral("redis"), QStringLiteral("redis://127.0.0.1:6399/0")}}, sources);
    SandboxInfo sandbox;
    sandbox.dir = QStringLiteral("/tmp/own place");
    sandbox.services.insert(QStringLiteral("sample"), QStringLiteral("http://demo:secret@127.0.0.1:8080"));
    const LoadTarget target = loadTargetOf(profile, false, sources, &sandbox, m_folder.path());
    QCOMPARE(target.sandboxDir, sandbox.dir);
    QVERIFY(target.servers.isEmpty());
    QCOMPARE(target.serviceUrl, QStringLiteral("http://127.0.0.1:8080"));
    QCOMPARE(QString::fromStdString(target.variables.at("password")), QStringLiteral("secret"));
  }
};

QTEST_GUILESS_MAIN(TestLoadOpening)
#include "tst_load_opening.moc"
