// SPDX-License-Identifier: GPL-3.0-or-later
// Snapshots of servers, people and files that mean harm: what they say stays text in every format.
#include "core/snapshot/compare.h"
#include "core/snapshot/report_formats.h"
#include "core/snapshot/report_text.h"
#include "tests/support/example_snapshot.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

using namespace cachedeck;
using namespace cachedeck::snapshot;

namespace {

/// What somebody would put into every field that is theirs to fill.
const QStringList& attacks() {
  static const QStringList list{QStringLiteral("</script><script>alert(1)</script>"),
                                QStringLiteral("\"><img src=x onerror=alert(1)>"),
                                QStringLiteral("' onmouseover='alert(1)"),
                                QStringLiteral("=HYPERLINK(\"http://evil\",\"x\")"),
                                QStringLiteral("@SUM(1+1)"),
                                QStringLiteral("\u202e\u2066evil\u2069\u200f"),
                                QStringLiteral("\x1b[2J\x07\x01\x7f and \u0085"),
                                QString(QChar(0)) + QStringLiteral("nul"),
                                QStringLiteral("half ") + QChar(0xD83D) + QStringLiteral(" pair") + QChar(0xDE00),
                                QString(QChar(0xFFFE)) + QChar(0xFFFF),
                                QStringLiteral("]]><!-- <![CDATA[ --> & &amp; %1 %2"),
                                QStringLiteral("| a | `b` [c](javascript:alert(1)) *d*\n# heading\r\n---"),
                                QString(100'000, QLatin1Char('x'))};
  return list;
}

Snapshot hostile(const QString& attack) {
  Snapshot snapshot = test::exampleSnapshot();
  snapshot.id = snapshot.title = snapshot.note = snapshot.console = snapshot.profile = snapshot.environment = attack;
  for (ServerFacts& server : snapshot.servers) server = {attack, attack, attack, attack, attack};
  for (FactTable& table : snapshot.facts) {
    table.title = attack;
    for (FactTable::Column& column : table.columns) column.title = column.unit = attack;
    for (QStringList& row : table.rows) row.fill(attack);
  }
  snapshot.facts.append(FactTable{attack, attack, 99, {}, {{attack}, {}}});
  for (JournalEntry& entry : snapshot.journal) entry.text = entry.user = entry.where = attack;
  snapshot.runs.first().scenario = snapshot.runs.first().url = snapshot.runs.first().note = attack;
  snapshot.missing = {attack};
  snapshot.series.front().columns.push_back({attack.toUtf8(), snapshot.series.front().columns.front().values});
  return snapshot;
}

QByteArray wellFormedFault(const QByteArray& markup) {
  QXmlStreamReader reader(markup);
  while (!reader.atEnd()) reader.readNext();
  return reader.hasError() ? reader.errorString().toUtf8() + " at line " + QByteArray::number(reader.lineNumber()) : QByteArray();
}

void verifyMarkup(const QByteArray& markup, bool isPage) {
  const QByteArray fault = wellFormedFault(markup);
  QVERIFY2(fault.isEmpty(), fault.constData());
  QByteArray outside = markup;
  if (!isPage) outside.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
  // Elements and attributes, as a parser sees them: texts may say what they like.
  QXmlStreamReader reader(outside);
  int scripts = 0;
  while (!reader.atEnd()) {
    if (reader.readNext() != QXmlStreamReader::StartElement) continue;
    const QString name = reader.name().toString().toLower();
    scripts += name == QLatin1String("script");
    for (const char* bad : {"img", "iframe", "object", "embed", "link", "base", "form", "a", "image", "use", "foreignobject", "animate"}) QVERIFY2(name != QLatin1String(bad), bad);
    for (const QXmlStreamAttribute& attribute : reader.attributes()) {
      const QString key = attribute.name().toString().toLower();
      QVERIFY2(!key.startsWith(QLatin1String("on")) && key != QLatin1String("style"), qPrintable(key));
      QVERIFY2(key != QLatin1String("href") && key != QLatin1String("src"), qPrintable(key));
      QVERIFY2(!attribute.value().contains(QLatin1String("http:")) && !attribute.value().contains(QLatin1String("https:")), qPrintable(key));
      QVERIFY(!attribute.value().contains(QLatin1String("url(")) || attribute.value().startsWith(QLatin1String("url(#")));
    }
  }
  QCOMPARE(scripts, isPage ? 2 : 0);
}

/// RFC 4180, cell by cell.
QList<QStringList> parsedCsv(const QString& csv) {
  QList<QStringList> rows{{}};
  QString cell;
  bool quoted = false;
  for (qsizetype i = 0; i < csv.size(); ++i) {
    const QChar c = csv[i];
    if (quoted && c == QLatin1Char('"') && i + 1 < csv.size() && csv[i + 1] == QLatin1Char('"')) cell += csv[++i];
    else if (c == QLatin1Char('"')) quoted = !quoted;
    else if (quoted) cell += c;
    else if (c == QLatin1Char(',') || c == QLatin1Char('\n')) {
      rows.last().append(cell);
      cell.clear();
      if (c == QLatin1Char('\n')) rows.append(QStringList());
    } else if (c != QLatin1Char('\r')) cell += c;
  }
  rows.removeLast();
  return rows;
}

}  // namespace

class TestSnapshotReportsHostile : public QObject {
  Q_OBJECT

  static void eachAttack(const char* name) {
    QTest::addColumn<QString>("attack");
    for (const QString& attack : attacks()) QTest::addRow("%s %s", name, qPrintable(plainText(attack, 30))) << attack;
  }

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void pagesHoldTextOnly_data() { eachAttack("page"); }
  void pagesHoldTextOnly() {
    QFETCH(QString, attack);
    const Snapshot snapshot = hostile(attack);
    const QByteArray page = snapshotHtml(snapshot, test::exampleLook());
    verifyMarkup(page, true);
    if (QTest::currentTestFailed()) return;
    for (const char* bad : {"<script>alert", "<img", "onerror=alert(1)>", "' onmouseover='"}) QVERIFY2(!page.contains(bad), bad);
    for (const QChar c : QString::fromUtf8(page)) QVERIFY2(c == QLatin1Char('\n') || (c.category() != QChar::Other_Control && (c.unicode() < 0x202A || c.unicode() > 0x202E)), QByteArray::number(c.unicode(), 16).constData());
    const Snapshot other = test::exampleSnapshot({.fromMs = 1'796'000'000'000});
    verifyMarkup(comparisonHtml(compareSnapshots(other, snapshot), other, snapshot, test::exampleLook()), true);
  }

  void chartsHoldTextOnly_data() { eachAttack("chart"); }
  void chartsHoldTextOnly() {
    QFETCH(QString, attack);
    ReportLook look = test::exampleLook();
    for (ChartPanel& panel : look.panels) {
      panel.title = panel.subtitle = attack;
      for (ChartPanel::Line& line : panel.lines) line.label = attack;
      for (ChartPanel::Threshold& line : panel.thresholds) line.label = attack.left(100).remove(QLatin1Char('%'));
    }
    const auto svg = snapshotSvg(hostile(attack), look, {});
    QVERIFY(svg);
    verifyMarkup(*svg, false);
  }

  void pagesLoadNothing() {
    const QByteArray page = snapshotHtml(test::exampleSnapshot(), test::exampleLook());
    QVERIFY(!page.contains("http:") && !page.contains("https:") && !page.contains("//www"));
    QVERIFY(!page.contains("@import") && !page.contains("url(h"));
    QVERIFY(page.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"));
    QVERIFY(!page.contains("unsafe"));
    // The policy lets run what stands in the page, and nothing else.
    const QRegularExpression script(QStringLiteral("<script>(.*)</script>"), QRegularExpression::DotMatchesEverythingOption), style(QStringLiteral("<style>(.*)</style>"), QRegularExpression::DotMatchesEverythingOption);
    for (const QRegularExpression& part : {script, style}) {
      const QByteArray text = part.match(QString::fromUtf8(page)).captured(1).toUtf8();
      QVERIFY(text.size() > 500);
      QVERIFY(page.contains("'sha256-" + QCryptographicHash::hash(text, QCryptographicHash::Sha256).toBase64() + "'"));
    }
    QVERIFY(page.contains("prefers-color-scheme: dark") && page.contains("data-theme=dark"));
  }

  void embeddedJsonCannotEndItsScript() {
    const QByteArray json = scriptJson({{QStringLiteral("name"), QStringLiteral("</script><!--&")}});
    QVERIFY(!json.contains('<') && !json.contains('>') && !json.contains('&') && json.contains("\\u003c"));
    QCOMPARE(QJsonDocument::fromJson(json).object()[QLatin1String("name")].toString(), QStringLiteral("</script><!--&"));
    const QByteArray page = snapshotHtml(hostile(attacks().first()), test::exampleLook());
    const qsizetype begin = page.indexOf("id=\"charts\">") + 12;
    QVERIFY(!QJsonDocument::fromJson(page.mid(begin, page.indexOf("</script>", begin) - begin)).isNull());
  }

  void spreadsheetsRunNothing_data() { eachAttack("csv"); }
  void spreadsheetsRunNothing() {
    QFETCH(QString, attack);
    const QList<QStringList> rows = parsedCsv(QString::fromUtf8(snapshotCsv(hostile(attack))));
    QVERIFY(rows.size() > 20);
    for (const QStringList& row : rows) QCOMPARE(row.size(), rows.first().size());
    for (const QString& cell : rows.first()) QVERIFY2(cell.isEmpty() || !QStringLiteral("=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20").contains(cell.front()), qPrintable(cell.left(40)));
    for (qsizetype i = 1; i < rows.size(); ++i)
      for (qsizetype column = 1; column < rows[i].size(); ++column) {
        bool number = false;
        rows[i][column].toDouble(&number);
        QVERIFY2(number || rows[i][column].isEmpty(), qPrintable(rows[i][column]));
      }
  }

  void jsonAndMarkdownStayWhole_data() { eachAttack("text"); }
  void jsonAndMarkdownStayWhole() {
    QFETCH(QString, attack);
    const Snapshot snapshot = hostile(attack), other = test::exampleSnapshot();
    QJsonParseError fault;
    const QByteArray json = snapshotJson(snapshot);
    QVERIFY(!QJsonDocument::fromJson(json, &fault).isNull());
    QVERIFY2(QString::fromUtf8(json).toUtf8() == json, "not UTF-8");
    const SnapshotComparison comparison = compareSnapshots(other, snapshot);
    for (const QString& text : {QString::fromUtf8(snapshotMarkdown(snapshot)), comparisonMarkdown(comparison, other, snapshot), comparisonText(comparison, other, snapshot)}) {
      for (const QChar c : text) QVERIFY2(c == QLatin1Char('\n') || c.category() != QChar::Other_Control, QByteArray::number(c.unicode(), 16).constData());
      QVERIFY(!text.contains(QChar(0x202E)));
      QVERIFY(!text.contains(QLatin1String("\n# heading")));
    }
    const QString markdown = QString::fromUtf8(snapshotMarkdown(snapshot));
    QVERIFY(!markdown.contains(QRegularExpression(QStringLiteral("(^|[^\\\\])<(script|img)"))) && !markdown.contains(QLatin1String("[c](java")));
  }

  void oddNumbers() {
    for (const float odd : {3.4e38F, -3.4e38F, 1e-38F, INFINITY, -INFINITY, std::numeric_limits<float>::quiet_NaN()}) {
      Snapshot snapshot = test::exampleSnapshot();
      for (SeriesGroup& group : snapshot.series)
        for (SeriesGroup::Column& column : group.columns) column.values.assign(group.timesMs.size(), odd);
      const QByteArray page = snapshotHtml(snapshot, test::exampleLook());
      verifyMarkup(page, true);
      for (const char* word : {"\"nan\"", "\"inf\"", " nan ", "=\"-nan", "Mnan", "Linf", "e+3"}) QVERIFY2(!page.contains(word) || QByteArray(word) == "e+3", word);
      const auto svg = snapshotSvg(snapshot, test::exampleLook(), {});
      QVERIFY(svg);
      for (const char* word : {"nan", "inf\"", "inf "}) QVERIFY2(!svg->contains(word), svg->mid(std::max<qsizetype>(0, svg->indexOf(word) - 120), 200).constData());
      QVERIFY(!snapshotMarkdown(snapshot).contains("00000000000000000000"));
      QVERIFY(!QJsonDocument::fromJson(snapshotJson(snapshot)).isNull());
      QVERIFY(!comparisonText(compareSnapshots(test::exampleSnapshot(), snapshot), test::exampleSnapshot(), snapshot).contains(QLatin1String("00000000000000000000")));
    }
  }

  void emptyBackwardsAndTiny() {
    Snapshot empty, backwards = test::exampleSnapshot(), tiny = test::exampleSnapshot({.seconds = 0});
    std::swap(backwards.fromMs, backwards.toMs);
    tiny.toMs = tiny.fromMs;
    for (const Snapshot* snapshot : {&empty, &backwards, &tiny}) {
      for (const ReportFormat& format : textFormats()) {
        const auto bytes = format.write(*snapshot, test::exampleLook(), {});
        QVERIFY2(bytes && !bytes->isEmpty(), format.id);
      }
      verifyMarkup(snapshotHtml(*snapshot, test::exampleLook()), true);
      const SnapshotComparison comparison = compareSnapshots(*snapshot, test::exampleSnapshot());
      verifyMarkup(comparisonHtml(comparison, *snapshot, test::exampleSnapshot(), test::exampleLook()), true);
      QVERIFY(!comparisonText(comparison, *snapshot, test::exampleSnapshot()).isEmpty());
    }
    QCOMPARE(snapshotCsv(empty), QByteArray("time\r\n"));
  }
};

QTEST_GUILESS_MAIN(TestSnapshotReportsHostile)
#include "tst_snapshot_reports_hostile.moc"
