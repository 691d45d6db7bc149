// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/glob.h"
#include "core/keys/last_call.h"
#include "core/keys/selector.h"
#include "core/keys/spool.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace cachedeck;
using namespace cachedeck::keys;

/// Selectors, lists of names and the spool, without a server.
class TestKeysScanParts : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  // The pattern of a picked prefix once matched other keys: `u[ab]` as a folder removed `ua:*` and `ub:*` and missed itself.
  void aPickedPrefixMatchesOnlyItself() {
    const QByteArray characters("ab*?[]^-\\:\0\n\xff", 13);
    QRandomGenerator random(7);
    const auto text = [&](int longest) {
      QByteArray out;
      for (int i = random.bounded(longest + 1); i > 0; --i) out += characters[random.bounded(static_cast<int>(characters.size()))];
      return out;
    };
    for (int i = 0; i < 20000; ++i) {
      const QByteArray prefix = text(5), name = text(7), pattern = Selector::prefixPattern(prefix);
      QCOMPARE(cacheaside::globMatches(pattern.toStdString(), name.toStdString()), name.startsWith(prefix));
    }
  }

  // A run that ended in the moment in which the person cancelled it never came back: the callback waited for the lock, and the lock's owner for the callback.
  void cancelledAsItEnds() {
    for (int round = 0; round < 5000; ++round) {
      std::stop_source source;
      std::optional<LastCall> call(source.get_token());
      const std::jthread person([&source] { source.request_stop(); });
      call.reset();
    }
  }

  void severalPatterns() {
    Selector selector;
    QVERIFY(selector.matchesAll());
    QCOMPARE(selector.serverPattern(), QByteArray("*"));
    selector.patterns = {"a*", "b?"};
    QVERIFY(!selector.matchesAll());
    QCOMPARE(selector.serverPattern(), QByteArray("*"));
    QVERIFY(selector.matches(QByteArrayView("axe")));
    QVERIFY(selector.matches(QByteArrayView("bx")));
    QVERIFY(!selector.matches(QByteArrayView("bxx")));
  }

  void namesFromFiles() {
    QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("names"));
    const auto read = [&](const QByteArray& text) {
      QFile file(path);
      if (!file.open(QIODevice::WriteOnly)) qFatal("no file");
      file.write(text);
      file.close();
      return namesFromFile(path);
    };
    const auto names = read("plain\r\n\n\"quoted \\\"name\\\"\"\nbytes\\x00\\xff\\n\n last");
    QVERIFY(names);
    QCOMPARE(*names, (QList<QByteArray>{"plain", "quoted \"name\"", QByteArray("bytes\0\xff\n", 8), " last"}));
    const auto wrong = read("fine\nbad\\q\n");
    QVERIFY(!wrong);
    QVERIFY2(wrong.error().message.contains(QLatin1String("Line 2")), qPrintable(wrong.error().message));
    QVERIFY(!namesFromFile(dir.filePath(QStringLiteral("none"))));
    QVERIFY(!namesFromFile(path, 3));
  }

  void spool() {
    QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("plans/a.names"));
    std::vector<QByteArray> names{"", QByteArray("\0\n", 2), QByteArray(10000, 'x')};
    for (int i = 0; i < 50000; ++i) names.push_back("key:" + QByteArray::number(i));
    QByteArray digest;
    {
      auto writer = SpoolWriter::create(path);
      QVERIFY(writer);
      QVERIFY(!SpoolWriter::create(path));
      for (const QByteArray& name : names) QVERIFY((*writer)->add(name));
      digest = *(*writer)->finish();
      (*writer)->keep();
    }
    QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    auto reader = SpoolReader::open(path, digest);
    QVERIFY2(reader, reader ? "" : qPrintable(reader.error().message));
    std::vector<QByteArray> seen;
    for (;;) {
      const auto page = (*reader)->next(777);
      QVERIFY(page);
      if (page->empty()) break;
      seen.insert(seen.end(), page->begin(), page->end());
    }
    QVERIFY(seen == names);
    QVERIFY((*reader)->seek(2));
    QCOMPARE((*reader)->next(1)->front(), names[2]);
    QVERIFY((*reader)->seek(50000));
    QCOMPARE((*reader)->next(1)->front(), names[50000]);

    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    file.seek(30);
    file.write("!");
    file.close();
    const auto changed = SpoolReader::open(path, digest);
    QVERIFY(!changed);
    QCOMPARE(changed.error().kind, Error::Kind::Protocol);
    {
      auto dropped = SpoolWriter::create(dir.filePath(QStringLiteral("plans/b.names")));
      QVERIFY(dropped);
    }
    QVERIFY(!QFile::exists(dir.filePath(QStringLiteral("plans/b.names"))));
  }
};

QTEST_GUILESS_MAIN(TestKeysScanParts)
#include "tst_keys_scan_parts.moc"
