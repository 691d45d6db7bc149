// SPDX-License-Identifier: GPL-3.0-or-later
// A file that was cut off or changed anywhere is refused, or gives exactly what was saved: never a crash, never other values.
#include "tests/core/tst_snapshot_bundle_zip.h"

using namespace cachedeck;
using namespace cachedeck::snapshot;
using namespace cachedeck::test;

class TestSnapshotBundleDamage : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void flippedBytes() {
    std::mt19937 random(11);
    int refused = 0;
    for (int round = 0; round < 3000; ++round) {
      QByteArray bytes = m_good;
      // Half of them in the directory at the end, which is small and which the reader goes by.
      const auto span = static_cast<unsigned>(round % 2 ? bytes.size() : 800);
      for (auto flips = 1 + random() % 3; flips > 0; --flips) {
        const auto at = bytes.size() - 1 - static_cast<qsizetype>(random() % span);
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
      }
      refused += isRefusedOrSame(bytes);
    }
    QVERIFY2(refused > 2000, qPrintable(QString::number(refused)));
  }

  // The guide promised that verify tells of any change of a file. It tells of any that somebody would read: bits of a zip that nothing is read from may differ.
  void whatVerifyCallsIntactHasTheSameValues() {
    const auto whole = textOf(*read(m_good));
    int intact = 0;
    for (qsizetype at = m_good.size() - 800; at < m_good.size(); ++at) {
      QByteArray bytes = m_good;
      bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
      QVERIFY(setContent(m_path, bytes));
      const auto check = verifyBundle(m_path);
      if (!check || !check->intact) continue;
      ++intact;
      const auto back = readBundle(m_path);
      QVERIFY2(back && textOf(*back) == whole, qPrintable(QString::number(at)));
    }
    QVERIFY2(intact < 250, qPrintable(QString::number(intact)));
  }

  void cutOffAnywhere() {
    for (qsizetype length = 0; length < m_good.size(); length += 3) QVERIFY(isRefusedOrSame(m_good.left(length)));
  }

  void piecesLostOrDoubled() {
    std::mt19937 random(12);
    for (int round = 0; round < 1000; ++round) {
      const auto at = static_cast<qsizetype>(random() % static_cast<unsigned>(m_good.size())), length = static_cast<qsizetype>(1 + random() % 300);
      isRefusedOrSame(round % 2 ? m_good.left(at) + m_good.mid(at + length) : m_good.left(at) + m_good.mid(at, length) + m_good.mid(at));
    }
  }

  /// The members themselves, with digests that fit: the parsers alone stand between them and the program.
  void changedMembers() {
    std::mt19937 random(13);
    const Parts good = goodParts();
    for (int round = 0; round < 1500; ++round) {
      Parts parts = good;
      QByteArray& bytes = parts.members[random() % parts.members.size()].bytes;
      constexpr char interesting[] = "0123456789,,\n\"{}[]:-.enai\\\0\xff";
      for (auto flips = 1 + random() % 4; flips > 0; --flips) bytes[static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size()))] = interesting[random() % (sizeof interesting - 1)];
      if (random() % 5 == 0) bytes.truncate(static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size())));
      const auto back = read(zipped(parts));
      if (!back) continue;
      const auto again = encodeBundle(*back);  // what was accepted can be saved again
      QVERIFY2(again.ok(), again ? "" : qPrintable(again.error().message));
    }
  }

  void verifySaysWhichDiffers() {
    Parts parts = goodParts();
    const QJsonArray list = listOf(parts.members);
    parts["series/redis.csv"].replace("16777216", "16777217");
    parts.remove("journal.json");
    parts["facts/more.json"] = "{}";
    QVERIFY(setContent(m_path, zipped(parts, [&](QJsonObject& json) { json[QLatin1String("members")] = list; })));
    const auto check = verifyBundle(m_path);
    QVERIFY(check.ok());
    QVERIFY(!check->intact);
    QStringList lines;
    for (const auto& member : check->members) lines.append(QString::fromLatin1(member.name) + QStringLiteral(": ") + member.problem);
    QCOMPARE(lines.join(QLatin1Char('\n')), QStringLiteral("series/redis.csv: its member series/redis.csv is not the one that was saved (SHA-256)\n"
                                                           "series/postgres.csv: \n"
                                                           "facts/redis-info.json: \n"
                                                           "journal.json: its member journal.json is missing\n"
                                                           "runs/20261129-031500000-000001.json: \n"
                                                           "facts/more.json: its member facts/more.json does not stand in its manifest"));
    QCOMPARE(check->problem, m_path + QStringLiteral(" cannot be opened as a snapshot: its member series/redis.csv is not the one that was saved (SHA-256). It was damaged or changed: get it again from where it was made."));
  }

 private:
  Result<Snapshot> read(const QByteArray& bytes) const {
    if (!setContent(m_path, bytes)) return fail(Error::Kind::Io, QStringLiteral("no room"));
    return readBundle(m_path);
  }

  bool isRefusedOrSame(const QByteArray& bytes) const {
    const auto back = read(bytes);
    if (back && textOf(*back) != m_good) qFatal("other values were returned");
    const auto manifest = readManifest(m_path);
    if (manifest && manifest->title != snapshotSample().title) qFatal("another manifest was returned");
    const auto check = verifyBundle(m_path);
    if (check && check->intact != back.ok()) qFatal("verify and read differ");
    return !back;
  }

  const QTemporaryDir m_folder;
  const QString m_path = m_folder.filePath(QStringLiteral("a.cdsnap"));
  const QByteArray m_good = textOf(snapshotSample());
};

QTEST_GUILESS_MAIN(TestSnapshotBundleDamage)
#include "tst_snapshot_bundle_damage.moc"
