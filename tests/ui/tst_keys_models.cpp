// SPDX-License-Identifier: GPL-3.0-or-later
// The models of tree, list and value, under the model tester, with what servers may hold.
#include "core/base/instants.h"
#include "tests/ui/tst_window_pictures.h"
#include "ui/keys/jsonmodel.h"
#include "ui/keys/keylistmodel.h"
#include "ui/keys/keystree.h"
#include "ui/keys/prefixmodel.h"
#include "ui/keys/valueview.h"
#include "ui/widgets/labels.h"

#include <QAbstractItemModelTester>
#include <QPushButton>
#include <QSignalSpy>
#include <QPlainTextEdit>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>
#include <QTreeView>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

namespace {

PrefixRow row(const QByteArray& prefix, qint64 keys, int children = 0) {
  PrefixRow made;
  made.prefix = prefix;
  made.label = prefix;
  made.keys = keys;
  made.children = children;
  return made;
}

QList<NameBlock> namesOf(const QList<QByteArray>& list) {
  KeyNames names;
  for (const QByteArray& name : list) names.append(name);
  return {NameBlock::pack(names)};
}

class FixedClock : public Clock {
 public:
  Instant now() const override { return at; }
  Instant at{0, 1'700'000'000'000};
};

}  // namespace

class TestKeysModels : public QObject {
  Q_OBJECT

  static QStringList labels(const PrefixModel& model, const QModelIndex& parent = {}) {
    QStringList texts;
    for (int i = 0; i < model.rowCount(parent); ++i) texts << model.index(i, 0, parent).data().toString() + QLatin1Char(' ') + model.index(i, 0, parent).data(PrefixModel::KeysRole).toString();
    return texts;
  }

 private Q_SLOTS:
  void init() { failOnWarnings(); }

  void theTreeGrowsWhileAScanGoesOn() {
    PrefixModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(labels(model), QStringList{QStringLiteral("All keys 0")});
    model.show(TreeShot{30, -1, {{{}, {row("a:", 20, 2), row("b:", 10)}, 0, 0}}, false});
    QCOMPARE(labels(model), (QStringList{QStringLiteral("All keys 30"), QStringLiteral("a: 20"), QStringLiteral("b: 10")}));
    const QPersistentModelIndex b = model.indexOf("b:");
    model.show(TreeShot{100, -1, {{{}, {row("b:", 60), row("a:", 30, 2), row("c:", 8)}, 2, 0}}, false});
    QCOMPARE(b.row(), 2);  // nothing jumps under the mouse
    QCOMPARE(b.data(PrefixModel::KeysRole).toInt(), 60);
    model.show(TreeShot{100, 5000, {{{}, {row("b:", 60), row("a:", 30, 2), row("c:", 8)}, 2, 0}}, true});
    QCOMPARE(labels(model), (QStringList{QStringLiteral("All keys 100"), QStringLiteral("b: 60"), QStringLiteral("a: 30"), QStringLiteral("c: 8"), QStringLiteral("without further prefix 2")}));
    QCOMPARE(b.row(), 1);
    QVERIFY(!(model.index(4, 0).flags() & Qt::ItemIsSelectable));
  }

  void levelsAreAskedForWhenTheyAreOpened() {
    PrefixModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy wanted(&model, &PrefixModel::levelWanted);
    model.show(TreeShot{50, -1, {{{}, {row("a:", 50, 2)}, 0, 0}}, true});
    const QModelIndex a = model.indexOf("a:");
    QVERIFY(model.hasChildren(a));
    while (model.canFetchMore(a)) model.fetchMore(a);
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted.first().first().toByteArray(), QByteArray("a:"));
    model.show(PrefixLevel{"a:", {row("a:x:", 30), row("a:y:", 15)}, 4, 1}, true);
    QCOMPARE(labels(model, model.indexOf("a:")),
             (QStringList{QStringLiteral("x: 30"), QStringLiteral("y: 15"), QStringLiteral("without further prefix 4"), QStringLiteral("in further prefixes 1")}));
    model.show(TreeShot{20, -1, {{{}, {row("z:", 20)}, 0, 0}}, true});  // what is gone goes with all below it
    QCOMPARE(labels(model), (QStringList{QStringLiteral("All keys 20"), QStringLiteral("z: 20")}));
    QVERIFY(!model.indexOf("a:x:").isValid());
    model.show(PrefixLevel{"a:x:", {row("a:x:1:", 3)}, 0, 0}, true);  // comes too late
    model.clear();
    QCOMPARE(model.rowCount(), 1);
  }

  void hostilePrefixesAreShownAsTheyAre() {
    PrefixModel model;
    model.show(TreeShot{3, -1, {{{}, {row("<img src=/dev/zero>:", 1), row(QString(QChar(0x202E)).toUtf8() + "x:", 1), row("\xff\x00:", 1)}, 0, 0}}, true});
    for (int i = 1; i < model.rowCount(); ++i) {
      QVERIFY(!model.index(i, 0).data().toString().contains(QChar(0x202E)));
      QVERIFY(!model.index(i, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<img")));
    }
    QCOMPARE(model.indexOf("<img src=/dev/zero>:").data().toString(), QStringLiteral("<img src=/dev/zero>:"));
  }

  void theListLearnsWhatIsLookedAt() {
    FixedClock clock;
    KeyListModel model(clock);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.clear();
    model.append(namesOf({"a", "b", "c", "d"}));
    QCOMPARE(model.unknown(1, 2), (QList<QByteArray>{"b", "c"}));
    QVERIFY(model.unknown(1, 2).isEmpty());  // asked already
    QCOMPARE(model.unknown(0, 99), (QList<QByteArray>{"a", "d"}));
    RowFacts b{"b", true, "hash", true, clock.at.wallMs + 90'000, 2048}, c{"c", true, "string", true, -1, 64}, d;
    d.name = "d";
    d.exists = false;
    model.setFacts({b, c, d, {"foreign", true, "string", false, -1, 1}});
    const auto text = [&](int row, int column) { return model.index(row, column).data().toString(); };
    QCOMPARE(text(1, KeyListModel::Type), QStringLiteral("hash"));
    QCOMPARE(text(1, KeyListModel::Ttl), QStringLiteral("1 min 30 s"));
    QCOMPARE(text(1, KeyListModel::Size), QStringLiteral("2.00 KiB"));
    QVERIFY(model.index(1, 0).data(Qt::ToolTipRole).toString().contains(instantText(clock.at.wallMs + 90'000)));
    QCOMPARE(text(2, KeyListModel::Ttl), QStringLiteral("no TTL"));
    QCOMPARE(text(3, KeyListModel::Type), QStringLiteral("gone"));
    QCOMPARE(text(0, KeyListModel::Type), QString());
    clock.at.wallMs += 60'000;
    QCOMPARE(text(1, KeyListModel::Ttl), QStringLiteral("30 s"));
    model.setSkewMs(40'000);  // the server's clock is ahead
    QCOMPARE(text(1, KeyListModel::Ttl), QStringLiteral("expired"));
    model.clear();
    QCOMPARE(model.rowCount(), 0);
  }

  // In a narrow window the moment of expiry was hidden.
  void theMomentOfExpiryStandsBelowWhereItIsNarrow() {
    FixedClock clock;
    KeyListModel model(clock);
    model.clear();
    model.append(namesOf({"a", "b"}));
    model.unknown(0, 1);
    model.setFacts({{"a", true, "hash", true, clock.at.wallMs + 90'000, 2048}, {"b", true, "hash", true, -1, 64}});
    const QModelIndex ttl = model.index(0, KeyListModel::Ttl);
    QCOMPARE(ttl.data(KeyListModel::BelowRole).toString(), QString());
    model.setExpiryBelow(true);
    QCOMPARE(ttl.data(KeyListModel::BelowRole).toString(), shortInstant(clock.at.wallMs + 90'000, clock.at.wallMs));
    QVERIFY(ttl.data(Qt::AccessibleTextRole).toString().startsWith(QStringLiteral("1 min 30 s, ")));
    QCOMPARE(model.index(1, KeyListModel::Ttl).data(Qt::AccessibleTextRole).toString(), QStringLiteral("no TTL"));
    QCOMPARE(model.headerData(KeyListModel::Ttl, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("TTL, expires at"));
  }

  // The row of keys without a prefix counted as one more prefix.
  void prefixesAreCounted() {
    KeysTree tree;
    tree.show(TreeShot{32, -1, {{{}, {row("a:", 20), row("b:", 10)}, 2, 0}}, true});
    QCOMPARE(tree.subtitle()->text(), QStringLiteral("2 prefixes"));
    tree.show(TreeShot{32, -1, {{{}, {row("a:", 20)}, 12, 0}}, true});
    QCOMPARE(tree.subtitle()->text(), QStringLiteral("1 prefix"));
    tree.show(TreeShot{32, -1, {{{}, {row("a:", 20), row("b:", 5)}, 2, 5}}, true});
    QCOMPARE(tree.subtitle()->text(), QStringLiteral("over 2 prefixes"));  // the others are not listed
    tree.resize(208, 400);
    tree.QWidget::show();
    QVERIFY(tree.subtitle()->width() >= tree.subtitle()->sizeHint().width());
  }

  void theListTakesWhatAServerMayHold() {
    FixedClock clock;
    KeyListModel model(clock);
    model.clear();
    model.append(namesOf({"<img src=/dev/zero>", QString(QChar(0x202E)).toUtf8() + "evil", QByteArray(10'240, 'k'), QByteArray("bin\0\xff", 5), QByteArray()}));
    QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("<img src=/dev/zero>"));
    QVERIFY(!model.index(0, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<img")));
    QVERIFY(!model.index(1, 0).data().toString().contains(QChar(0x202E)));
    QCOMPARE(model.index(2, 0).data().toString().size(), qsizetype{257});
    QCOMPARE(model.index(3, 0).data().toString(), QStringLiteral("bin\\x00\\xff"));
    QCOMPARE(model.name(3), QByteArray("bin\0\xff", 5));
    QCOMPARE(model.name(2), QByteArray(10'240, 'k'));
  }

  // The list ended at 100,000 names, whatever there was room for.
  void millionsOfNamesAreSmall() {
    FixedClock clock;
    KeyListModel model(clock);
    model.clear();
    constexpr int pages = 500, each = 2048;
    qsizetype bytes = 0;
    for (int page = 0; page < pages; ++page) {
      KeyNames names;
      for (int i = 0; i < each; ++i) names.append("session:" + QByteArray::number(page * each + i));
      const NameBlock block = NameBlock::pack(names);
      bytes += block.packedBytes();
      model.append({block});
    }
    QCOMPARE(model.rowCount(), pages * each);
    QVERIFY2(bytes < qsizetype{8} * pages * each, qPrintable(QString::number(bytes)));
    for (const int row : {0, 2047, 2048, 999'999, 5, pages * each - 1}) QCOMPARE(model.name(row), "session:" + QByteArray::number(row));
    QCOMPARE(model.index(999'999, 0).data().toString(), QStringLiteral("session:999999"));
  }

  void valuesOfEachType() {
    ValueModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.begin("hash");
    model.append({{"field", "value", 5}, {"<b>", "\x01\x02", 2}});
    QCOMPARE(model.columnCount(), 2);
    QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("field"));
    QCOMPARE(model.index(1, 1).data().toString(), QStringLiteral("\\x01\\x02"));
    model.begin("set");
    model.append({{{}, "member", 6}});
    QCOMPARE(model.columnCount(), 1);
    QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("member"));
  }

  static QStringList pairs(const JsonModel& model, const QModelIndex& parent = {}) {
    QStringList texts;
    for (int i = 0; i < model.rowCount(parent); ++i) texts << model.index(i, 0, parent).data().toString() + QLatin1Char('=') + model.index(i, 1, parent).data().toString();
    return texts;
  }

  void jsonIsFolded() {
    JsonModel model;
    model.setJson(" {\"id\": 12345678901234567890, \"b\\\"x\": [1, {\"c\": \"]}\\u00e9\"}, []], \"<img>\": \"a\\u202eb\", \"e\": {}, \"b\\\"x\": null} ");
    auto tester = std::make_unique<QAbstractItemModelTester>(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(pairs(model), (QStringList{QStringLiteral("id=12345678901234567890"), QStringLiteral("b\"x=[…]  26 B"), QStringLiteral("<img>=aU+202Eb"), QStringLiteral("e={}"), QStringLiteral("b\"x=null")}));
    QVERIFY(!model.index(2, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<img>")));
    const QModelIndex list = model.index(1, 0);
    QVERIFY(model.hasChildren(list) && !model.hasChildren(model.index(3, 0)));
    while (model.canFetchMore(list)) model.fetchMore(list);
    QCOMPARE(model.rowCount(list), 3);
    const QModelIndex object = model.index(1, 0, list);
    while (model.canFetchMore(object)) model.fetchMore(object);
    QCOMPARE(pairs(model, object), QStringList{QStringLiteral("c=]}é")});
    QCOMPARE(model.parent(model.index(0, 0, object)), object);
    tester.reset();  // it fetches in the middle of a reset
    model.setJson("[" + QByteArray(100'000, '[') + QByteArray(100'000, ']') + "]");
    QCOMPARE(model.rowCount(), 1);
    QByteArray wide = "[0";
    for (int i = 1; i < 1000; ++i) wide += ',' + QByteArray::number(i);
    model.setJson(wide + ']');
    QCOMPARE(model.rowCount(), 200);  // the rest when it is scrolled to
    while (model.canFetchMore({})) model.fetchMore({});
    QCOMPARE(model.rowCount(), 1000);
    for (const char* other : {"", "12", "\"text\"", "  "}) {
      model.setJson(other);
      QVERIFY(model.isEmpty() && model.rowCount() == 0);
    }
  }

  void aJsonStringOpensAsATree() {
    ValueView view;
    view.resize(320, 500);
    view.show();
    ValuePage page;
    page.type = "string";
    page.text = "{\"name\": \"Ada\", \"tags\": [\"x\", \"y\"], \"address\": {\"city\": \"London\"}}";
    view.begin("string", page.text.size(), page);
    QVERIFY(view.json()->isVisible());
    picture(view, QStringLiteral("keys-json"));
    for (QPushButton* const button : view.findChildren<QPushButton*>())
      if (button->text() == QLatin1String("Text")) button->click();
    QVERIFY(!view.json()->isVisible());
    view.setEditing(true);
    QVERIFY(!view.json()->isVisible());
    QCOMPARE(view.typed(), page.text);
    view.setEditing(false);
    page.text = "{\"cut\": ";
    view.begin("string", 9, page);
    QVERIFY(!view.json()->isVisible());
  }

  // Each row of a dump took two lines in the inspector.
  void hexRowsFitTheView() {
    ValueView view;
    ValuePage page;
    page.type = "string";
    for (int i = 0; i < 3000; ++i) page.text += static_cast<char>(i * 7);
    auto* const text = view.findChild<QPlainTextEdit*>();
    for (const auto& [wide, bytes] : {std::pair{360, 8}, std::pair{700, 16}, std::pair{230, 4}, std::pair{360, 8}}) {
      view.resize(wide, 500);
      view.show();
      view.begin("string", page.text.size(), page);
      QCoreApplication::processEvents();
      QCOMPARE(view.shown().count(QLatin1Char('\n')), (3000 + bytes - 1) / bytes - 1);
      for (QTextBlock block = text->document()->begin(); block.isValid(); block = block.next()) QVERIFY2(block.layout()->lineCount() <= 1, qPrintable(block.text()));
      picture(view, QStringLiteral("keys-hex-%1").arg(wide));
    }
    view.resize(700, 500);  // the same value, where there is more room now
    QTRY_COMPARE_WITH_TIMEOUT(view.shown().count(QLatin1Char('\n')), 3000 / 16, 60000);
  }

  void onlyTextThatWasReadWholeCanBeEdited() {
    ValueView view;
    ValuePage page;
    page.type = "string";
    page.text = "hello";
    view.begin("string", 5, page);
    QCOMPARE(*view.editable(), QByteArray("hello"));
    page.next = "5";
    view.begin("string", 50, page);
    QVERIFY(!view.editable());  // there is more
    page.next.clear();
    for (const QByteArray& binary : {QByteArray("\xff\xfe"), QByteArray("a\0b", 3), QByteArray("line\r\n")}) {
      page.text = binary;
      view.begin("string", binary.size(), page);
      QVERIFY2(!view.editable(), binary.toHex().constData());
    }
    view.begin("hash", 0, {});
    QVERIFY(!view.editable());
  }
};

QTEST_MAIN(TestKeysModels)
#include "tst_keys_models.moc"
