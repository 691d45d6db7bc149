// SPDX-License-Identifier: GPL-3.0-or-later
// A snapshot as picture and as document to print.
#include "core/base/secret.h"
#include "tests/support/example_snapshot.h"
#include "tests/ui/tst_window_pictures.h"
#include "ui/snapshots/pdfcolumns.h"
#include "ui/snapshots/pdfpages.h"
#include "ui/snapshots/pdftext.h"
#include "ui/snapshots/render.h"
#include "ui/snapshots/reportlook.h"

#include <QBuffer>
#include <QDir>
#include <QImage>
#include <QSet>

#include <numeric>

using namespace cachedeck;
using namespace cachedeck::snapshot;

namespace {

// Zlib streams of a PDF, so that a test can look at what is in it.
QList<QByteArray> streamsOf(const QByteArray& pdf) {
  QList<QByteArray> all;
  for (qsizetype at = pdf.indexOf("stream\n"); at >= 0; at = pdf.indexOf("stream\n", at + 7)) {
    if (at >= 3 && pdf.mid(at - 3, 3) == "end") continue;
    const qsizetype begin = at + 7, end = pdf.indexOf("endstream", begin);
    if (end < 0) break;
    QByteArray packed = pdf.mid(begin, end - begin);
    if (packed.startsWith('\x78')) all.append(qUncompress(QByteArray("\x04\x00\x00\x00", 4) + packed));  // a guess of the size: it grows by itself
  }
  return all;
}

QByteArray inflated(const QByteArray& pdf) { return streamsOf(pdf).join(); }

int colours(const QImage& image) {
  QSet<QRgb> seen;
  for (int y = 0; y < image.height(); y += 3)
    for (int x = 0; x < image.width(); x += 3) seen.insert(image.pixel(x, y));
  return static_cast<int>(seen.size());
}

void keep(const char* name, const QByteArray& bytes) {
  const QString folder = qEnvironmentVariable("CACHEDECK_PICTURES");
  if (folder.isEmpty() || !QDir().mkpath(folder)) return;
  QFile file(folder + QLatin1Char('/') + QLatin1String(name));
  QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

const test::Example quarterHour{.seconds = 900, .step = 1};

}  // namespace

class TestSnapshotRender : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { test::failOnWarnings(); }

  void everyPanelOfTheOverviewIsThere() {
    const ReportLook& look = reportLook();
    QVERIFY(look.panels.size() >= 10);
    QCOMPARE(look.dark.series.size(), 8);
    QVERIFY(look.dark.card != look.light.card && look.dark.card.startsWith(QLatin1Char('#')));
    for (const ChartPanel& panel : look.panels) {
      QVERIFY(!panel.id.isEmpty() && !panel.title.isEmpty() && !panel.lines.isEmpty());
      for (const ChartPanel::Line& line : panel.lines) QVERIFY2(findMetric(QLatin1String(line.metric)), line.metric.constData());
    }
  }

  void formatsHaveOneRowEach() {
    QSet<QString> ids;
    for (const ReportFormat& format : reportFormats()) {
      ids.insert(QLatin1String(format.id));
      QCOMPARE(QByteArray(format.suffix), '.' + QByteArray(format.id));
    }
    QCOMPARE(ids, (QSet<QString>{QStringLiteral("html"), QStringLiteral("pdf"), QStringLiteral("png"), QStringLiteral("md"), QStringLiteral("csv"), QStringLiteral("json"), QStringLiteral("svg")}));
    QCOMPARE(findReportFormat(QStringLiteral("exe")), nullptr);
  }

  void textFormatsOfTheRealPanels() {
    const Snapshot snapshot = test::exampleSnapshot(quarterHour);
    for (const ReportFormat& format : textFormats()) {
      const auto bytes = format.write(snapshot, reportLook(), {});
      QVERIFY(bytes && !bytes->isEmpty());
      keep(qPrintable(QStringLiteral("snapshot") + QLatin1String(format.suffix)), *bytes);
    }
    keep("snapshot-light.html", snapshotHtml(snapshot, reportLook(), false));
  }

  void pictureHasChartsInIt() {
    const Snapshot snapshot = test::exampleSnapshot(quarterHour);
    for (const bool dark : {true, false}) {
      const auto png = snapshotPng(snapshot, reportLook(), {{}, dark});
      QVERIFY(png);
      keep(dark ? "sheet-dark.png" : "sheet-light.png", *png);
      const QImage image = QImage::fromData(*png, "PNG");
      QVERIFY(image.width() > 3000 && image.height() > 1500);
      QVERIFY2(colours(image) > 60, qPrintable(QString::number(colours(image))));
      QCOMPARE(image.pixelColor(2, 2), QColor(dark ? reportLook().dark.window : reportLook().light.window));
    }
    Snapshot busy = snapshot;
    for (int i = 1; i < 6; ++i) {
      busy.runs.append(busy.runs.first());
      busy.runs.last().scenario = QStringLiteral("warm-cache-%1").arg(i);
      busy.runs.last().figures.startedMs += i * 60'000;
      busy.runs.last().figures.elapsedMs = 40'000;
    }
    const auto marked = snapshotPng(busy, reportLook(), {});
    QVERIFY(marked);
    keep("sheet-marks.png", *marked);
    QVERIFY(QImage::fromData(*marked).height() > QImage::fromData(*snapshotPng(test::exampleSnapshot({.seconds = 900, .run = false}), reportLook(), {})).height());  // with the list of what is marked
    const auto one = snapshotPng(snapshot, reportLook(), {QStringLiteral("memory"), {}});
    QVERIFY(one);
    keep("memory.png", *one);
    QCOMPARE(QImage::fromData(*one).size(), QSize(1120, 600));
  }

  void anUnknownPanelIsAMistake() {
    const Snapshot snapshot = test::exampleSnapshot();
    const auto png = snapshotPng(snapshot, reportLook(), {QStringLiteral("no such"), {}});
    QVERIFY(!png);
    QCOMPARE(png.error().kind, Error::Kind::Usage);
    QVERIFY2(png.error().message.contains(QLatin1String("hit_ratio")), qPrintable(png.error().message));
    QVERIFY(!snapshotPdf(snapshot, reportLook(), {QStringLiteral("no such"), {}}));
  }

  void documentHasPagesAndText() {
    Snapshot snapshot = test::exampleSnapshot(quarterHour);
    FactTable& settings = snapshot.facts[2];
    for (int i = 0; i < 400; ++i) settings.rows.append({QStringLiteral("setting_%1").arg(i), QStringLiteral("value"), {}, QStringLiteral("default")});
    const auto pdf = snapshotPdf(snapshot, reportLook(), {});
    QVERIFY(pdf);
    keep("snapshot.pdf", *pdf);
    QVERIFY(pdf->startsWith("%PDF-"));
    const qsizetype pages = pdf->count("/Type /Page\n");
    QVERIFY2(pages >= 6 && pages < 40, qPrintable(QString::number(pages)));
    QVERIFY(pdf->contains("/FontFile") || pdf->contains("/FontDescriptor"));  // text is text, no picture of it
    const QByteArray drawing = inflated(*pdf);
    QVERIFY2(drawing.count("Tj") + drawing.count("TJ") > 200, qPrintable(QString::number(drawing.count("Tj"))));
    QVERIFY(!pdf->contains("/Subtype /Image"));  // charts are vectors
  }

  // A note of 3,500 characters ended in the middle, in one block.
  void aLongNoteIsInTheDocument() {
    Snapshot snapshot = test::exampleSnapshot(quarterHour);
    const auto pagesOf = [&](const QString& note) {
      snapshot.note = note;
      const auto pdf = snapshotPdf(snapshot, reportLook(), {});
      return pdf ? pdf->count("/Type /Page\n") : -1;
    };
    const qsizetype without = pagesOf({});
    QVERIFY(without > 0);
    QCOMPARE(pagesOf(QStringLiteral("one line")), without);
    QVERIFY(pagesOf(QStringLiteral("a line\n").repeated(300)) >= without + 4);              // 70 lines a page
    QVERIFY(pagesOf(QStringLiteral("words of a line ").repeated(1200)) >= without + 2);       // 19,200 characters
  }

  // "Somethin|g else", "postgres.max_connect|ions"; and a cell ended after six lines as if that were all.
  void wordsAreBrokenWhereTheyMayBe() {
    const QFontMetricsF metrics{QFont(QStringLiteral("Inter"))};
    const double width = metrics.horizontalAdvance(QStringLiteral("postgres.max_conn"));
    const auto lines = [&](const char* text, int most = 10) { return brokenLines(QString::fromUtf8(text), metrics, width, most).join(QLatin1Char('|')); };
    QCOMPARE(lines("postgres.max_connections"), QStringLiteral("postgres.max_|connections"));
    QCOMPARE(lines("Nothing and Something"), QStringLiteral("Nothing and|Something"));
    QCOMPARE(lines("of max_connections"), QStringLiteral("of|max_connections"));
    QCOMPARE(lines("short"), QStringLiteral("short"));
    QCOMPARE(lines(""), QString());
    QVERIFY(lines("one two three four five six seven eight nine ten eleven", 2).endsWith(QChar(0x2026)));
    for (const QString& line : brokenLines(QString(500, QLatin1Char('x')) + QStringLiteral(" \U0001F600\U0001F600"), metrics, width, 100)) QVERIFY(metrics.horizontalAdvance(line) <= width);
    QCOMPARE(brokenLines(QString(90'000, QLatin1Char('y')), metrics, width, 3).size(), 3);
  }

  void columnsOfTextAreWider() {
    const QFontMetricsF metrics{QFont(QStringLiteral("Inter"))};
    ReportTable table{QStringLiteral("t"), {QStringLiteral("id"), QStringLiteral("expression"), QStringLiteral("for"), QStringLiteral("labels")}, {}, {}, -1, {}};
    table.rows.append({QStringLiteral("17"), QStringLiteral("sum by (instance) (rate(redis_keyspace_hits_total[5m])) / sum by (instance) (rate(redis_keyspace_misses_total[5m]))"), QStringLiteral("300"), QStringLiteral("severity=warning, service=redis")});
    const QList<double> widths = columnWidths(table, metrics, 400, 8);
    QVERIFY(std::abs(std::accumulate(widths.begin(), widths.end(), 0.0) - 400) < 0.1);
    QVERIFY(widths[1] > widths[3] && widths[3] > widths[0] && widths[0] > metrics.horizontalAdvance(QStringLiteral("17")) + 7.9);
  }

  // Rows that did not fit below a heading went to the next page without it.
  void noHeadingStandsAloneAtTheEndOfAPage() {
    const auto drawn = [](bool withTable) {
      QByteArray pdf;
      QBuffer buffer(&pdf);
      buffer.open(QIODevice::WriteOnly);
      {
        PdfPages pages(buffer, QStringLiteral("t"), reportLook().light, 0);
        pages.addSpace(640);
        pages.addText(QStringLiteral("above"));
        if (withTable) {
          pages.addHeading(QStringLiteral("Facts"));
          pages.addTable({QStringLiteral("t"), {QStringLiteral("a"), QStringLiteral("b")}, {}, {{QStringLiteral("x"), QStringLiteral("word ").repeated(300)}}, -1, {}});
        }
      }
      return streamsOf(pdf).first();
    };
    QVERIFY(drawn(false).contains("Tj") || drawn(false).contains("TJ"));
    QCOMPARE(drawn(true), drawn(false));
  }

  void noSecretGetsIntoADocument() {
    const Secret secret(QByteArray("Sesame-open-7"));
    Snapshot snapshot = test::exampleSnapshot();
    snapshot.title = QStringLiteral("with Sesame-open-7 in it");
    snapshot.note = snapshot.missing.first() = QStringLiteral("redis://me:Sesame-open-7@h:1");
    snapshot.facts[1].rows[0][1] = QStringLiteral("Sesame-open-7");
    for (const ReportFormat& format : reportFormats()) {
      const auto bytes = format.write(snapshot, reportLook(), {});
      QVERIFY(bytes);
      QVERIFY2(!bytes->contains("Sesame-open-7"), format.id);
      QVERIFY2(!inflated(*bytes).contains("Sesame"), format.id);
      QVERIFY2(!bytes->contains(QByteArray("S\0e\0s\0a\0m\0e", 11)), format.id);  // a PDF's title is UTF-16
    }
  }

  void emptyAndHostileSnapshotsAreDrawn() {
    Snapshot empty;
    QVERIFY(snapshotPdf(empty, reportLook(), {}));
    QVERIFY(snapshotPng(empty, reportLook(), {}));
    Snapshot hostile = test::exampleSnapshot();
    hostile.title = QString(5000, QLatin1Char('W'));
    hostile.facts[0].rows[0][2] = QString(50'000, QLatin1Char('x'));
    hostile.facts[0].rows[1] = QStringList{QStringLiteral("short")};
    hostile.facts[0].title = QStringLiteral("<b>\u202e</b>\x1b[2J");
    hostile.series[0].columns[0].values.assign(hostile.series[0].timesMs.size(), 3e38F);
    hostile.series[0].columns[1].values.assign(hostile.series[0].timesMs.size(), -INFINITY);
    hostile.series[0].columns[2].values.resize(1);
    const auto pdf = snapshotPdf(hostile, reportLook(), {});
    QVERIFY(pdf && snapshotPng(hostile, reportLook(), {}));
    QVERIFY2(pdf->count("/Type /Page\n") < 30, qPrintable(QString::number(pdf->count("/Type /Page\n"))));
  }
};

QTEST_MAIN(TestSnapshotRender)
#include "tst_snapshot_render.moc"
