// SPDX-License-Identifier: GPL-3.0-or-later
// The code of the backend developer's guides: it works on real servers, and the guides show it as it is.
#include "tests/examples/products.h"
#include "tests/examples/setup.h"
#include "tests/support/process.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace cachedeck::cacheaside;
using namespace cachedeck::test;

namespace {

QString textOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// Lines without indentation and without empty ones: how a piece is indented does not matter.
QStringList linesOf(const QString& text) {
  QStringList lines;
  for (const QString& line : text.split(QLatin1Char('\n')))
    if (!line.trimmed().isEmpty()) lines << line.trimmed();
  return lines;
}

bool holds(const QStringList& whole, const QStringList& part) {
  for (qsizetype at = 0; at + part.size() <= whole.size(); ++at)
    if (whole.mid(at, part.size()) == part) return true;
  return false;
}

}  // namespace

class TestGuides : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void initTestCase();
  void theExamplesWork();
  void thePageCanBeBuiltAsItIs();
  void theGuidesShowThem_data();
  void theGuidesShowThem();

 private:
  RedisServer m_redis;
  PostgresServer m_postgres;
};

void TestGuides::initTestCase() {
  QCOMPARE(m_redis.start(), QString());
  QCOMPARE(m_postgres.start(), QString());
  QString error;
  m_postgres.psql(textOf(QStringLiteral(SOURCE_DIR "/tests/examples/schema.sql")), QStringLiteral("postgres"), QStringLiteral("postgres"), &error);
  QCOMPARE(error, QString());
}

void TestGuides::theExamplesWork() {
  auto setup = makeSetup(m_postgres.conninfo().toStdString(), "redis://127.0.0.1:" + std::to_string(m_redis.port()) + "/0");
  QVERIFY(setup.ok());
  Products products(*setup->pool, *setup->cache);
  QTRY_VERIFY_WITH_TIMEOUT(setup->backend->available(), 60000);

  const Reply first = products.get("7"), second = products.get("7");
  QCOMPARE(first.status, 200);
  QCOMPARE(first.xCache, "MISS");
  QCOMPARE(second.xCache, "HIT");
  QCOMPARE(second.body, first.body);
  QCOMPARE(products.get("999").status, 404);
  QCOMPARE(m_redis.cli({QStringLiteral("exists"), QStringLiteral("product:id:999")}), "0");

  QCOMPARE(products.list({{"category", "cat1"}}).xCache, "MISS");
  QCOMPARE(products.list({{"category", "cat1"}, {"page", ""}}).xCache, "HIT");
  QCOMPARE(m_redis.cli({QStringLiteral("exists"), QStringLiteral("product:list:cat:cat1:page:1")}), "1");
  QCOMPARE(products.list({{"page", "07"}}).status, 400);
  QCOMPARE(products.get("7x").status, 400);

  // Once an empty or a literal "all" category filled the key of the whole list with nothing.
  QCOMPARE(products.list({{"category", "all"}}).body, "[]");
  const Reply whole = products.list({{"category", ""}});
  QCOMPARE(whole.xCache, "MISS");
  QVERIFY(whole.body != "[]");
  QCOMPARE(products.list({}).body, whole.body);

  QCOMPARE(products.rename("7", "Seven").status, 200);
  const Reply renamed = products.get("7");
  QCOMPARE(renamed.xCache, "MISS");
  QVERIFY(renamed.body.find("Seven") != std::string::npos);
  QCOMPARE(products.list({{"category", "cat1"}}).xCache, "MISS");
  QCOMPARE(products.rename("999", "x").status, 404);

  QCOMPARE(products.setStock("3", 41).body, "41");
  QCOMPARE(m_redis.cli({QStringLiteral("get"), QStringLiteral("stock:3")}), "41");
  const std::vector<std::string> ids{"3", "4", "999"};
  const std::vector<Value> stocks = products.stocks(ids);
  QCOMPARE(*stocks[0], "41");
  QCOMPARE(*stocks[1], "5");
  QVERIFY(!stocks[2]);
  QCOMPARE(m_redis.cli({QStringLiteral("get"), QStringLiteral("stock:4")}), "5");

  std::vector<std::jthread> threads;
  const CacheAside::Executor run = [&](std::function<void()> task) { threads.emplace_back(std::move(task)); };
  std::atomic<int> answers = 0;
  const auto count = [&](const Reply& reply) { answers += reply.status == 200 ? 1 : 100; };
  products.getWithoutWaiting("11", count, run);
  QTRY_COMPARE_WITH_TIMEOUT(answers.load(), 1, 60000);
  threads.clear();
  products.getWithoutWaiting("11", count, run);
  QCOMPARE(answers.load(), 2);  // a hit is answered at once
  QVERIFY(threads.empty());

  QVERIFY2(figures(*setup).starts_with("product: hits 4, misses 8"), figures(*setup).c_str());
  QVERIFY(figures(*setup).find("of 20 open, 0 in use") != std::string::npos);
}

/// CACHE_CODE.md and nothing else: each file that it shows, in a folder with a checkout of Cachedeck beside them; built and run. Without the rest of
/// Cachedeck and without Qt. Once the page named a main.cpp that it did not show. By the generator that this project's build needs: on a machine with
/// nothing else CMake's own choice, make, is not there.
void TestGuides::thePageCanBeBuiltAsItIs() {
  QTemporaryDir dir;
  const QString page = textOf(QStringLiteral(SOURCE_DIR "/docs/CACHE_CODE.md"));
  static const QRegularExpression shown(QStringLiteral("^## (\\S+\\.\\w+)\n\n```\\w+\n(.*?)^```"),
                                        QRegularExpression::DotMatchesEverythingOption | QRegularExpression::MultilineOption);
  QStringList names;
  for (auto each = shown.globalMatch(page); each.hasNext();) {
    const QRegularExpressionMatch match = each.next();
    QFile file(dir.filePath(match.captured(1)));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(match.captured(2).toUtf8());
    names << match.captured(1);
  }
  names.sort();
  QCOMPARE(names, QDir(QStringLiteral(SOURCE_DIR "/tests/examples")).entryList(QDir::Files, QDir::Name));
  QVERIFY(QFile::link(QStringLiteral(SOURCE_DIR), dir.filePath(QStringLiteral("cachedeck"))));

  QByteArray said;
  const auto runs = [&](const QString& program, const QStringList& arguments, const QStringList& environment = {}) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setEnvironment(QProcess::systemEnvironment() + environment);
    process.start(program, arguments);
    const bool ended = process.waitForFinished(500'000);
    said = process.readAll();
    return ended && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
  };
  const QString build = dir.filePath(QStringLiteral("build"));
  QVERIFY2(runs(QStringLiteral("cmake"), {QStringLiteral("-G"), QStringLiteral("Ninja"), QStringLiteral("-S"), dir.path(), QStringLiteral("-B"), build}), said);
  QVERIFY(!said.contains("Qt6"));
  QVERIFY2(runs(QStringLiteral("cmake"), {QStringLiteral("--build"), build}), said);
  m_redis.cli({QStringLiteral("flushall")});
  QVERIFY2(runs(build + QStringLiteral("/shop"), {}, {QStringLiteral("DATABASE=") + m_postgres.conninfo(), QStringLiteral("REDIS=redis://127.0.0.1:%1/0").arg(m_redis.port())}),
           said);
  const QList<QByteArray> lines = said.split('\n');
  QVERIFY2(lines.value(0).startsWith("200 MISS {\"id\" : 7,") && lines.value(1).startsWith("200 HIT {\"id\" : 7,"), said);
  QVERIFY2(lines.value(2).startsWith("product: hits 1, misses 1, bypassed 0; "), said);
}

void TestGuides::theGuidesShowThem_data() {
  QTest::addColumn<QString>("guide");
  for (const char* name : {"CACHE_QUICK_REFERENCE.md", "CACHE_GUIDE.md", "CACHE_CODE.md"}) QTest::newRow(name) << QString::fromLatin1(name);
}

void TestGuides::theGuidesShowThem() {
  QFETCH(QString, guide);
  const QDir source(QStringLiteral(SOURCE_DIR));
  QList<QStringList> files;
  for (const QString& name : QDir(source.filePath(QStringLiteral("tests/examples"))).entryList(QDir::Files))
    files << linesOf(textOf(source.filePath(QStringLiteral("tests/examples/") + name)));
  const QString text = textOf(source.filePath(QStringLiteral("docs/") + guide));
  static const QRegularExpression block(QStringLiteral("```(?:cpp|sql|cmake)\\n(.*?)```"), QRegularExpression::DotMatchesEverythingOption);
  int blocks = 0;
  for (auto each = block.globalMatch(text); each.hasNext(); ++blocks) {
    const QString code = each.next().captured(1);
    const QStringList part = linesOf(code);
    QVERIFY2(std::any_of(files.begin(), files.end(), [&](const QStringList& file) { return holds(file, part); }), qPrintable(code));
  }
  QVERIFY(blocks > 0);
}

QTEST_GUILESS_MAIN(TestGuides)
#include "tst_guides.moc"
