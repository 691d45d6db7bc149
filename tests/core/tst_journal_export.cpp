// SPDX-License-Identifier: GPL-3.0-or-later
// The journal for spreadsheets, programs and people.
#include "app/cli/journal_table.h"
#include "tests/core/tst_journal_support.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

/// RFC 4180, strictly: nothing when a quote is out of place or a line does not end in CRLF.
std::optional<QList<QStringList>> parseCsv(const QString& csv) {
  QList<QStringList> rows;
  QStringList row;
  qsizetype at = 0;
  while (at < csv.size()) {
    QString cell;
    if (csv[at] == QLatin1Char('"')) {
      for (++at;; ++at) {
        if (at >= csv.size()) return std::nullopt;
        if (csv[at] == QLatin1Char('"') && (at + 1 >= csv.size() || csv[++at] != QLatin1Char('"'))) break;
        cell += csv[at];
      }
    } else {
      for (; at < csv.size() && !QStringLiteral(",\r\n").contains(csv[at]); ++at) {
        if (csv[at] == QLatin1Char('"')) return std::nullopt;
        cell += csv[at];
      }
    }
    row.append(cell);
    if (at < csv.size() && csv[at] == QLatin1Char(',')) {
      ++at;
      continue;
    }
    if (csv.mid(at, 2) != QLatin1String("\r\n")) return std::nullopt;
    at += 2;
    rows.append(row);
    row.clear();
  }
  return rows;
}

QMap<QString, QString> cellsOf(const QList<JournalEntry>& entries, qsizetype index) {
  const auto rows = parseCsv(QString::fromUtf8(journalCsv(entries)));
  QMap<QString, QString> cells;
  if (!rows || rows->size() != entries.size() + 1) return cells;
  const QStringList names = rows->first(), values = rows->at(index + 1);
  if (names.size() != values.size()) return cells;
  for (qsizetype i = 0; i < names.size(); ++i) cells.insert(names[i], values[i]);
  return cells;
}

}  // namespace

class TestJournalExport : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void csvCarriesEveryField() {
    JournalEntry entry = testEntry();
    entry.sequence = 7;
    entry.outcome = QStringLiteral("done");
    const auto cells = cellsOf({entry}, 0);
    QCOMPARE(cells[QStringLiteral("sequence")], QStringLiteral("7"));
    QCOMPARE(QDateTime::fromString(cells[QStringLiteral("time")], Qt::ISODateWithMs).toMSecsSinceEpoch(), entry.wallMs);
    QCOMPARE(cells[QStringLiteral("action")], entry.action);
    QCOMPARE(cells[QStringLiteral("phase")], entry.phase);
    QCOMPARE(cells[QStringLiteral("operation")], entry.operation);
    QCOMPARE(cells[QStringLiteral("user")], entry.user);
    QCOMPARE(cells[QStringLiteral("profile")], entry.profile);
    QCOMPARE(cells[QStringLiteral("where")], entry.where);
    QCOMPARE(cells[QStringLiteral("plan_digest")], entry.planDigest);
    QCOMPARE(cells[QStringLiteral("outcome")], entry.outcome);
    QCOMPARE(cells[QStringLiteral("text")], entry.text);
    QCOMPARE(cells[QStringLiteral("counts.planned")], QStringLiteral("41000"));
    QCOMPARE(cells[QStringLiteral("counts.seconds")], QStringLiteral("1.5"));
  }

  void noEntriesAreStillAHeader() {
    const auto rows = parseCsv(QString::fromUtf8(journalCsv({})));
    QVERIFY(rows);
    QCOMPARE(rows->size(), 1);
    QCOMPARE(QJsonDocument::fromJson(journalJson({})).array().size(), 0);
    QVERIFY(QJsonDocument::fromJson(journalJson({})).isArray());
  }

  void noTextStartsAFormula_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"=1+1", "@x", "-5", "+1", "\tx", "\r=1", "\n=1", "'=1+1", "''", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x\",\"y\")", "=1,=2"})
      QTest::newRow(text) << QString::fromLatin1(text);
    QTest::newRow("wide") << QStringLiteral("\uFF1D1+1");
  }
  void noTextStartsAFormula() {
    QFETCH(QString, text);
    JournalEntry entry = testEntry(text);
    entry.profile = text;
    entry.where = text;
    entry.outcome = text;
    entry.counts = {{text, text}};
    const auto rows = parseCsv(QString::fromUtf8(journalCsv({entry})));
    QVERIFY(rows);
    for (const QString& cell : rows->at(1)) QVERIFY2(cell.isEmpty() || !QStringLiteral("=+-@\t\r\n\uFF1D").contains(cell.front()), qPrintable(cell));
    const auto cells = cellsOf({entry}, 0);
    for (const char* column : {"text", "profile", "where", "outcome"}) QCOMPARE(cells[QLatin1String(column)], QLatin1Char('\'') + text);
    QCOMPARE(cells[QStringLiteral("counts.") + text], QLatin1Char('\'') + text);
  }

  void otherTextComesBackAsItWas_data() {
    QTest::addColumn<QString>("text");
    QTest::newRow("plain") << QStringLiteral("match risk:*");
    QTest::newRow("separators") << QStringLiteral("a,b;c\td");
    QTest::newRow("quotes") << QStringLiteral("say \"yes\"\"");
    QTest::newRow("lines") << QStringLiteral("one\r\ntwo\nthree\r");
    QTest::newRow("unicode") << QStringLiteral("\u00e9 \u202e \U0001F600");
    QTest::newRow("spaces") << QStringLiteral("  x  ");
    QTest::newRow("number") << QStringLiteral("5");
    QTest::newRow("inner") << QStringLiteral("a=1-2+3@4'5");
    QTest::newRow("empty") << QString();
  }
  void otherTextComesBackAsItWas() {
    QFETCH(QString, text);
    QCOMPARE(cellsOf({testEntry(), testEntry(text)}, 1)[QStringLiteral("text")], text);
  }

  void numbersAreUntouched() {
    JournalEntry entry = testEntry();
    entry.counts = {{QStringLiteral("a"), -5}, {QStringLiteral("b"), -0.25}, {QStringLiteral("c"), qint64{9007199254740991}}, {QStringLiteral("d"), true},
                    {QStringLiteral("e"), QJsonValue()}, {QStringLiteral("f"), QJsonArray{1, 2}}};
    JournalEntry other = testEntry();
    other.counts = {{QStringLiteral("g"), 0}};
    const auto cells = cellsOf({entry, other}, 0);
    QCOMPARE(cells[QStringLiteral("counts.a")], QStringLiteral("-5"));
    QCOMPARE(cells[QStringLiteral("counts.b")], QStringLiteral("-0.25"));
    QCOMPARE(cells[QStringLiteral("counts.c")], QStringLiteral("9007199254740991"));
    QCOMPARE(cells[QStringLiteral("counts.d")], QStringLiteral("true"));
    QCOMPARE(cells[QStringLiteral("counts.e")], QString());
    QCOMPARE(cells[QStringLiteral("counts.f")], QStringLiteral("[1,2]"));
    QCOMPARE(cells[QStringLiteral("counts.g")], QString());
    QCOMPARE(cellsOf({entry, other}, 1)[QStringLiteral("counts.g")], QStringLiteral("0"));
  }

  void jsonIsAnArrayOfEntries() {
    JournalEntry entry = testEntry(QStringLiteral("=1+1\n"));
    entry.sequence = 3;
    const QJsonArray array = QJsonDocument::fromJson(journalJson({entry, entry})).array();
    QCOMPARE(array.size(), 2);
    const QJsonObject object = array[1].toObject();
    QCOMPARE(object[QLatin1String("sequence")].toInteger(), 3);
    QCOMPARE(object[QLatin1String("wall_ms")].toInteger(), entry.wallMs);
    QCOMPARE(object[QLatin1String("time")].toString(), QStringLiteral("2026-02-02T02:40:00.123Z"));
    QCOMPARE(object[QLatin1String("text")].toString(), entry.text);
    QCOMPARE(object[QLatin1String("counts")].toObject(), entry.counts);
  }

  void theTableShowsWhoDidWhatWhere() {
    JournalEntry begin = testEntry();
    begin.sequence = 1;
    JournalEntry end = begin;
    end.sequence = 2;
    end.phase = QStringLiteral("end");
    end.outcome = QStringLiteral("done");
    end.text.clear();
    JournalEntry lost = begin;
    lost.sequence = 3;
    lost.operation = QStringLiteral("op-2");
    const QString table = journalTable({begin, end, lost});
    const QStringList lines = table.split(QLatin1Char('\n'));
    QCOMPARE(lines.size(), 7);
    for (const char* part : {"anna@desk", "Shop · production 10.0.0.5:6379 db 0", "keys.delete begin", "planned 41,000, seconds 1.5"})
      QVERIFY2(lines[1].contains(QString::fromUtf8(part)), part);
    QVERIFY(!lines[1].contains(QLatin1String("no end")));
    QCOMPARE(lines[2], QStringLiteral("    match risk:*"));
    QVERIFY(lines[3].endsWith(QLatin1String("done")));
    QVERIFY(lines[4].endsWith(QLatin1String("no end recorded")));
    QVERIFY(QRegularExpression(QStringLiteral("2026-02-0\\d \\d\\d:\\d\\d:\\d\\d([+-]\\d\\d:\\d\\d|Z)")).match(lines[1]).hasMatch());
  }

  void theTerminalGetsNoControlCharacters() {
    JournalEntry entry = testEntry(QStringLiteral("\x1b[2J\u202e\nx"));
    entry.profile = entry.where = entry.user = entry.action = entry.phase = entry.outcome = entry.text;
    entry.counts = {{entry.text, entry.text}, {QStringLiteral("x"), QJsonArray{entry.text}}};
    const QString table = journalTable({entry});
    QVERIFY(!table.contains(QChar(0x1b)));
    QVERIFY(!table.contains(QChar(0x202e)));
    QCOMPARE(table.count(QLatin1Char('\n')), 3);
  }
};

QTEST_GUILESS_MAIN(TestJournalExport)
#include "tst_journal_export.moc"
