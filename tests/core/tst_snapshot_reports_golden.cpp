// SPDX-License-Identifier: GPL-3.0-or-later
// What each text format and each comparison looks like, byte for byte. CACHEDECK_WRITE_GOLDEN=1 writes the files anew: read the difference before it is committed.
#include "core/snapshot/compare.h"
#include "core/snapshot/report_formats.h"
#include "tests/support/example_snapshot.h"

#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::snapshot;

class TestSnapshotReportsGolden : public QObject {
  Q_OBJECT

  static void compareWith(const char* name, const QByteArray& bytes) {
    QFile file(QStringLiteral(GOLDEN_DIRECTORY) + QLatin1Char('/') + QLatin1String(name));
    if (qEnvironmentVariableIsSet("CACHEDECK_WRITE_GOLDEN")) QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.flush());
    file.close();
    QVERIFY2(file.open(QIODevice::ReadOnly), name);
    const QByteArray golden = file.readAll();
    if (golden == bytes) return;
    const QList<QByteArray> wanted = golden.split('\n'), found = bytes.split('\n');
    for (qsizetype i = 0; i < std::min(wanted.size(), found.size()); ++i)
      if (wanted[i] != found[i]) QFAIL(qPrintable(QStringLiteral("%1 line %2:\n  was  %3\n  is   %4").arg(QLatin1String(name)).arg(i + 1).arg(QString::fromUtf8(wanted[i].left(300)), QString::fromUtf8(found[i].left(300)))));
    QFAIL(qPrintable(QStringLiteral("%1 has %2 lines, not %3").arg(QLatin1String(name)).arg(found.size()).arg(wanted.size())));
  }

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void exports() {
    const Snapshot snapshot = test::exampleSnapshot();
    const ReportLook look = test::exampleLook();
    for (const ReportFormat& format : textFormats()) {
      const auto bytes = format.write(snapshot, look, {});
      QVERIFY2(bytes, format.id);
      // On one line nobody could read a difference.
      compareWith((QByteArray("snapshot") + format.suffix).constData(), QByteArray(format.id) == "json" ? QJsonDocument::fromJson(*bytes).toJson() : *bytes);
      if (QTest::currentTestFailed()) return;
    }
  }

  void onePanel() {
    const auto svg = snapshotSvg(test::exampleSnapshot(), test::exampleLook(), {QStringLiteral("connections"), false});
    QVERIFY(svg);
    compareWith("snapshot_connections.svg", *svg);
  }

  void comparisons() {
    const Snapshot before = test::exampleSnapshot({.slower = 3, .hitRatio = 61});
    Snapshot after = test::exampleSnapshot({.fromMs = 1'796'000'000'000});
    after.title = QStringLiteral("After the pool change");
    after.facts[1].rows[1][1] = QStringLiteral("allkeys-lfu");
    after.facts[3].rows[1][4] = QStringLiteral("4");
    const SnapshotComparison comparison = compareSnapshots(before, after);
    compareWith("comparison.txt", comparisonText(comparison, before, after).toUtf8());
    if (QTest::currentTestFailed()) return;
    compareWith("comparison.md", comparisonMarkdown(comparison, before, after).toUtf8());
    if (QTest::currentTestFailed()) return;
    compareWith("comparison.json", QJsonDocument(comparisonJson(comparison, before, after)).toJson());
    if (QTest::currentTestFailed()) return;
    compareWith("comparison.html", comparisonHtml(comparison, before, after, test::exampleLook()));
  }
};

QTEST_GUILESS_MAIN(TestSnapshotReportsGolden)
#include "tst_snapshot_reports_golden.moc"
