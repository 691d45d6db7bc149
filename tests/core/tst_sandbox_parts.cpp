// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/programs.h"
#include "core/sandbox/sandbox_dir.h"
#include "core/sandbox/sandbox_info.h"
#include "core/sandbox/server_table.h"
#include "core/sandbox/templates.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace cachedeck;

/// What the sandbox is made of, without its servers.
class TestSandboxParts : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void fillsInTemplates();
  void tableKeepsToTheRules();
  void namesMissingPrograms();
  void findsProgramsBesideItself();
  void stateSurvivesTheFile();
  void claimsANewDirectory();
  void claimsOneOnce();
  void keepsAwayFromOtherFiles();
  void leavesAnOwnDirectoryOfTheUser();
  void cleansWhatAKilledOneLeft();
  void seesWhereAnAccountCannotGo();

 private:
  QTemporaryDir m_base;
};

namespace {

uint modeOf(const QString& path) {
  struct stat info {};
  ::stat(QFile::encodeName(path).constData(), &info);
  return info.st_mode & 0777;
}

void writeFile(const QString& path) {
  QFile file(path);
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write("precious");
}

}  // namespace

void TestSandboxParts::initTestCase() {
  ::chmod(QFile::encodeName(m_base.path()).constData(), 0711);  // as root, the servers' account has to pass
  qputenv("XDG_CACHE_HOME", m_base.path().toUtf8());
}

void TestSandboxParts::fillsInTemplates() {
  const TemplateValues values{{QStringLiteral("A"), QStringLiteral("1@B@")}, {QStringLiteral("B_C"), QStringLiteral("x")}};
  QCOMPARE(*fillIn(QStringLiteral("@A@:@B_C@, me@example"), values), QStringLiteral("1@B@:x, me@example"));
  const auto missing = fillIn(QStringLiteral("@NOPE@"), values);
  QVERIFY(!missing.ok());
  QCOMPARE(missing.error().message, QStringLiteral("The placeholder @NOPE@ has no value."));
  QVERIFY(filledInFile(QStringLiteral("prometheus/alerts.yml"), {}).ok());
  QVERIFY(!filledInFile(QStringLiteral("no/such.yml"), {}).ok());
}

void TestSandboxParts::tableKeepsToTheRules() {
  for (const ServerInfo& server : serverTable()) {
    const QByteArray arguments = server.arguments;
    QVERIFY2(!arguments.contains("PASSWORD"), server.id);  // anyone can read a process's arguments
    QVERIFY2(!arguments.contains("0.0.0.0"), server.id);
    QVERIFY2(!arguments.contains("listen-address=@") && !arguments.contains("listen-address=:"), server.id);
    QVERIFY(qstrlen(server.package) > 0 && server.ready);
  }
}

void TestSandboxParts::namesMissingPrograms() {
  QTemporaryDir bin;
  for (const ServerInfo& server : serverTable()) {
    const QString name = QString::fromLatin1(server.programs).section(QLatin1Char('|'), -1);  // the upstream name does
    if (qstrcmp(server.id, "redis") != 0) QVERIFY(QFile::link(QStringLiteral("/bin/true"), bin.filePath(name)));
  }
  const QByteArray path = qgetenv("PATH");
  qputenv("PATH", bin.path().toUtf8());
  const auto programs = findServerPrograms();
  qputenv("PATH", path);
  QVERIFY(!programs.ok());
  QCOMPARE(programs.error().kind, Error::Kind::NotFound);
  QCOMPARE(programs.error().message, QStringLiteral("The sandbox needs redis-server, which is not installed. Install with: apt install redis-server"));
}

void TestSandboxParts::findsProgramsBesideItself() {
  const QString self = QFile::symLinkTarget(QStringLiteral("/proc/self/exe"));
  QCOMPARE(findProgram({QStringLiteral("no-such-program"), QFileInfo(self).fileName()}), self);
  QCOMPARE(findProgram({QStringLiteral("no-such-program")}), QString());
}

void TestSandboxParts::stateSurvivesTheFile() {
  QTemporaryDir dir;
  SandboxInfo info;
  info.dir = dir.path();
  info.owned = true;
  info.urls = {{QStringLiteral("redis"), QStringLiteral("redis://console:pw@127.0.0.1:1/0")}};
  info.services = {{QStringLiteral("sample"), QStringLiteral("http://demo:pw@127.0.0.1:2")}};
  info.pids = {{QStringLiteral("redis"), 42}};
  info.ports = {{QStringLiteral("redis"), 60000}};
  QVERIFY(!readState(dir.path()).ok());
  QVERIFY(writeState(info).ok());
  QCOMPARE(modeOf(dir.filePath(QStringLiteral("state.json"))), 0600U);
  const auto back = readState(dir.path());
  QVERIFY(back.ok());
  QCOMPARE(QJsonDocument(back->toJson()).toJson(), QJsonDocument(info.toJson()).toJson());
  QCOMPARE(back->urls, info.urls);  // what a profile is made of, and no more
  QCOMPARE(back->services, info.services);
  QCOMPARE(back->toJson().value(QStringLiteral("sample")).toString(), QStringLiteral("http://demo:pw@127.0.0.1:2"));
  QCOMPARE(back->ports.value(QStringLiteral("redis")), quint16(60000));
}

void TestSandboxParts::claimsANewDirectory() {
  auto dir = SandboxDir::claim({}, unprivilegedUser());
  QVERIFY2(dir.ok(), dir.ok() ? "" : qPrintable(dir.error().message));
  QVERIFY(dir->path().startsWith(m_base.path()));
  QCOMPARE(modeOf(dir->path()), 0700U);
  QCOMPARE(sandboxHolder(dir->path()), ::getpid());
  QCOMPARE(runningSandboxes(), QStringList{dir->path()});
  auto second = SandboxDir::claim({}, unprivilegedUser());
  QVERIFY(second.ok());
  QVERIFY(second->path() != dir->path());
  QCOMPARE(runningSandboxes().size(), 2);
  dir->remove();
  second->remove();
  QVERIFY(!QDir(dir->path()).exists());
  QCOMPARE(runningSandboxes(), QStringList());
}

void TestSandboxParts::claimsOneOnce() {
  const QString path = m_base.filePath(QStringLiteral("deep/er/one"));
  auto dir = SandboxDir::claim(path, unprivilegedUser());
  QVERIFY(dir.ok());
  const auto again = SandboxDir::claim(path, unprivilegedUser());
  QVERIFY(!again.ok());
  QCOMPARE(again.error().message, QStringLiteral("A sandbox runs in %1 already. Stop it with: cachedeck sandbox down --dir %1").arg(path));
  QVERIFY(!removeLeftOver(path));
  dir->remove();
  QVERIFY(!QDir(path).exists());
}

void TestSandboxParts::keepsAwayFromOtherFiles() {
  const QString path = m_base.filePath(QStringLiteral("mine"));
  QVERIFY(QDir().mkpath(path));
  writeFile(path + QStringLiteral("/lock"));
  writeFile(path + QStringLiteral("/thesis.tex"));
  const auto refused = SandboxDir::claim(path, unprivilegedUser());
  QVERIFY(!refused.ok());
  QCOMPARE(refused.error().kind, Error::Kind::Usage);
  QVERIFY(!removeLeftOver(path));
  QCOMPARE(QDir(path).entryList(QDir::Files), (QStringList{QStringLiteral("lock"), QStringLiteral("thesis.tex")}));
}

void TestSandboxParts::leavesAnOwnDirectoryOfTheUser() {
  const QString path = m_base.filePath(QStringLiteral("empty"));
  QVERIFY(QDir().mkpath(path));
  auto dir = SandboxDir::claim(path, unprivilegedUser());
  QVERIFY(dir.ok());
  writeFile(path + QStringLiteral("/data"));
  dir->remove();
  QVERIFY(QDir(path).exists());
  QVERIFY(QDir(path).isEmpty());
  QCOMPARE(QFileInfo(path).ownerId(), uint(::getuid()));
}

void TestSandboxParts::cleansWhatAKilledOneLeft() {
  QString left;
  {
    auto dir = SandboxDir::claim({}, unprivilegedUser());
    QVERIFY(dir.ok());
    left = dir->path();
    writeFile(left + QStringLiteral("/data"));
  }  // let go without remove(), as by kill -9
  QVERIFY(QDir(left).exists());
  QCOMPARE(sandboxHolder(left), 0);
  auto next = SandboxDir::claim({}, unprivilegedUser());
  QVERIFY(next.ok());
  QVERIFY(!QDir(left).exists());
  next->remove();
}

void TestSandboxParts::seesWhereAnAccountCannotGo() {
  const RunUser stranger{QStringLiteral("stranger"), 64999, 64999};
  const QString closed = m_base.filePath(QStringLiteral("closed"));
  QVERIFY(QDir().mkpath(closed + QStringLiteral("/inside")));
  ::chmod(QFile::encodeName(closed).constData(), 0700);
  QCOMPARE(blockedOnTheWay(closed + QStringLiteral("/inside/not/yet"), stranger), closed);
  ::chmod(QFile::encodeName(closed).constData(), 0711);
  QCOMPARE(blockedOnTheWay(closed + QStringLiteral("/inside/not/yet"), stranger), QString());
  const QString program = closed + QStringLiteral("/inside/program");
  writeFile(program);
  ::chmod(QFile::encodeName(program).constData(), 0700);
  QCOMPARE(blockedOnTheWay(program, stranger), program);
  ::chmod(QFile::encodeName(program).constData(), 0711);
  QCOMPARE(blockedOnTheWay(program, stranger), QString());
  const auto refused = [&] {
    ::chmod(QFile::encodeName(closed).constData(), 0700);
    return SandboxDir::claim(closed + QStringLiteral("/sandbox"), stranger);
  }();
  QVERIFY(!refused.ok());
  QCOMPARE(refused.error().kind, Error::Kind::Permission);
  QVERIFY(refused.error().message.contains(closed));
}

QTEST_GUILESS_MAIN(TestSandboxParts)
#include "tst_sandbox_parts.moc"
