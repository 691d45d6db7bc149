// SPDX-License-Identifier: GPL-3.0-or-later
// The program itself writes exports and comparisons of files, without a display.
#include "core/recording/recording_store.h"
#include "core/snapshot/bundle.h"
#include "core/snapshot/report_formats.h"
#include "tests/support/example_snapshot.h"

#include <QFileInfo>
#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace cachedeck;
using namespace cachedeck::snapshot;

namespace {

struct Outcome {
  int code = -1;
  QByteArray out, complaint;
};

}  // namespace

class TestSnapshotCommands : public QObject {
  Q_OBJECT

  QTemporaryDir m_folder;

  QString place(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
  QByteArray content(const char* name) const {
    QFile file(place(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }
  Outcome run(const QStringList& arguments) const {
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"}) environment.remove(QLatin1String(name));
    for (const char* name : {"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"}) environment.insert(QLatin1String(name), m_folder.path());
    program.setProcessEnvironment(environment);
    program.start(qEnvironmentVariable("CACHEDECK_BIN"), QStringList{QStringLiteral("snapshot")} + arguments);
    if (!program.waitForFinished(60'000)) return {};
    return {program.exitCode(), program.readAllStandardOutput(), program.readAllStandardError()};
  }
  Outcome exported(const char* format, const char* out, const QStringList& more = {}) const {
    return run(QStringList{QStringLiteral("export"), place("one.cdsnap"), QStringLiteral("--format"), QLatin1String(format), QStringLiteral("--out"), QByteArray(out) == "-" ? QStringLiteral("-") : place(out)} + more);
  }

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void initTestCase() {
    QVERIFY2(qEnvironmentVariableIsSet("CACHEDECK_BIN"), "names the program; ctest sets it");
    const auto first = writeBundle(test::exampleSnapshot(), place("one.cdsnap"));
    QVERIFY2(first, first ? "" : qPrintable(first.error().message));
    QVERIFY(writeBundle(test::exampleSnapshot({.slower = 3, .fromMs = 1'796'000'000'000}), place("two.cdsnap")));
  }

  void everyFormatIsWritten() {
    for (const char* format : {"html", "pdf", "png", "svg", "md", "csv", "json"}) {
      const QByteArray name = QByteArray("report.") + format;
      const Outcome outcome = exported(format, name.constData());
      QVERIFY2(outcome.code == 0, outcome.complaint.constData());
      QVERIFY2(outcome.out.isEmpty() && !content(name.constData()).isEmpty(), format);
      QCOMPARE(QFileInfo(place(name.constData())).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    }
    QVERIFY(content("report.pdf").startsWith("%PDF-"));
    QVERIFY(QImage::fromData(content("report.png")).width() > 2000);
    QCOMPARE(content("report.csv"), snapshotCsv(*readBundle(place("one.cdsnap"))));
  }

  void textsGoToStandardOutput() {
    QVERIFY(exported("csv", "-").out.startsWith("time,redis.ops (1/s),"));
    QVERIFY(!QJsonDocument::fromJson(exported("json", "-").out).isNull());
    QCOMPARE(exported("pdf", "-").code, 2);
    const Outcome byName = run({QStringLiteral("export"), place("one.cdsnap"), QStringLiteral("--out"), place("by-name.md")});
    QVERIFY(byName.code == 0 && content("by-name.md").startsWith("# Before the pool change"));
    QCOMPARE(run({QStringLiteral("export"), place("one.cdsnap"), QStringLiteral("--out"), place("Capitals.MD")}).code, 0);
    QCOMPARE(content("Capitals.MD"), content("by-name.md"));
  }

  void onePanelInOneTheme() {
    QCOMPARE(exported("png", "memory.png", {QStringLiteral("--panel"), QStringLiteral("memory"), QStringLiteral("--theme"), QStringLiteral("light")}).code, 0);
    const QImage image = QImage::fromData(content("memory.png"));
    QCOMPARE(image.size(), QSize(1120, 600));
    QVERIFY(image.pixelColor(560, 100).lightness() > 200);
  }

  void aMistakeLeavesTheFileThatWasThere() {
    QFile old(place("kept.png"));
    QVERIFY(old.open(QIODevice::WriteOnly) && old.write("old") == 3);
    old.close();
    const Outcome unknown = exported("png", "kept.png", {QStringLiteral("--panel"), QStringLiteral("nope")});
    QCOMPARE(unknown.code, 2);
    QVERIFY2(unknown.complaint.contains("hit_ratio"), unknown.complaint.constData());
    QCOMPARE(content("kept.png"), QByteArray("old"));
    const QByteArray snapshot = content("one.cdsnap");
    QCOMPARE(exported("csv", "one.cdsnap").code, 2);
    QCOMPARE(content("one.cdsnap"), snapshot);
    QCOMPARE(exported("exe", "x.exe").code, 2);
    QCOMPARE(exported("csv", "x.csv", {QStringLiteral("--panel"), QStringLiteral("memory")}).code, 2);
    QCOMPARE(exported("md", "no/such/folder/x.md").code, 1);
    QCOMPARE(run({QStringLiteral("export"), place("none.cdsnap"), QStringLiteral("--out"), place("x.md")}).code, 2);
    QFile damaged(place("damaged.cdsnap"));
    QVERIFY(damaged.open(QIODevice::WriteOnly) && damaged.write("no snapshot") > 0);
    damaged.close();
    QCOMPARE(run({QStringLiteral("export"), place("damaged.cdsnap"), QStringLiteral("--out"), place("x.md")}).code, 1);
    QVERIFY(!QFileInfo::exists(place("x.md")));
  }

  // An export into a FIFO put a regular file in its place.
  void aFifoIsWrittenToAndStays() {
    const QByteArray fifo = QFile::encodeName(place("fifo"));
    QCOMPARE(mkfifo(fifo.constData(), 0600), 0);
    const int reader = open(fifo.constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    const Outcome outcome = exported("md", "fifo");
    QVERIFY2(outcome.code == 0, outcome.complaint.constData());
    char begin[2] = {};
    QCOMPARE(read(reader, begin, 2), ssize_t{2});
    QCOMPARE(QByteArray(begin, 2), QByteArray("# "));
    close(reader);
    struct stat found {};
    QVERIFY(lstat(fifo.constData(), &found) == 0 && S_ISFIFO(found.st_mode));
  }

  void aSnapshotIsTakenIntoOneByName() {
    for (const char* name : {"x.zip", "x", "fifo"}) {
      const Outcome outcome = run({QStringLiteral("take"), QStringLiteral("--for"), QStringLiteral("0"), QStringLiteral("--redis"), QStringLiteral("redis://127.0.0.1:1"), QStringLiteral("--out"), place(name)});
      QVERIFY2(outcome.code == 2 && outcome.complaint.contains("does not end in .cdsnap"), outcome.complaint.constData());
    }
  }

  void comparisons() {
    const QStringList both{QStringLiteral("compare"), place("one.cdsnap"), place("two.cdsnap")};
    const Outcome text = run(both);
    QVERIFY2(text.code == 0 && text.out.contains("Scorecard (before: load run peak"), text.complaint.constData());
    QVERIFY(text.out.contains("worse"));
    QVERIFY(!QJsonDocument::fromJson(run(both + QStringList{QStringLiteral("--format"), QStringLiteral("json")}).out).isNull());
    QCOMPARE(run(both + QStringList{QStringLiteral("--format"), QStringLiteral("html"), QStringLiteral("--out"), place("compare.html")}).code, 0);
    QVERIFY(content("compare.html").startsWith("<!DOCTYPE html>"));
    // It wrote text into every file, whatever its name.
    QCOMPARE(run(both + QStringList{QStringLiteral("--out"), place("by-name.HTML")}).code, 0);
    QVERIFY(content("by-name.HTML").startsWith("<!DOCTYPE html>"));
    QCOMPARE(run(both + QStringList{QStringLiteral("--out"), place("by-name.txt")}).code, 0);
    QCOMPARE(content("by-name.txt"), text.out);
    const Outcome unknown = run(both + QStringList{QStringLiteral("--out"), place("by-name.pdf")});
    QVERIFY2(unknown.code == 2 && unknown.complaint.contains("text, md, json, html"), unknown.complaint.constData());
    QCOMPARE(run(both + QStringList{QStringLiteral("--format"), QStringLiteral("html"), QStringLiteral("--out"), place("two.cdsnap")}).code, 2);
    QVERIFY(readBundle(place("two.cdsnap")));
  }

  void twoRangesOfOneFile() {
    const QStringList compare{QStringLiteral("compare"), place("one.cdsnap"), QStringLiteral("--second"), QStringLiteral("2026-11-29 03:11:12Z..03:12:12Z")};
    const Outcome text = run(compare);
    QVERIFY2(text.code == 0, text.complaint.constData());
    QVERIFY2(text.out.contains("first: the same length just before, 2026-11-29 03:10:12 to 03:11:12 UTC (1 min)"), text.out.constData());
    QVERIFY(text.out.contains("redis.hit_ratio") && text.out.contains("Settings: Not compared") && !text.out.contains("allkeys-lru"));
    const Outcome named = run(compare + QStringList{QStringLiteral("--first"), QStringLiteral("2026-11-29 03:10:12Z..03:11:12Z"), QStringLiteral("--format"), QStringLiteral("json")});
    const QJsonObject json = QJsonDocument::fromJson(named.out).object();
    QVERIFY2(named.code == 0 && json[QLatin1String("settings")].isNull(), named.complaint.constData());
    QCOMPARE(json[QLatin1String("first")][QLatin1String("from")].toString().first(19), QStringLiteral("2026-11-29T03:10:12"));
    // What is no range, what nobody measured, and what cannot be meant.
    const auto code = [&](const QStringList& arguments, const char* words) {
      const Outcome outcome = run(QStringList{QStringLiteral("compare"), place("one.cdsnap")} + arguments);
      return outcome.complaint.contains(words) ? outcome.code : -outcome.code - 100;
    };
    QCOMPARE(code({}, "two ranges of this one"), 2);
    QCOMPARE(code({QStringLiteral("--first"), QStringLiteral("12:40..12:55")}, "two ranges of this one"), 2);
    QCOMPARE(code({QStringLiteral("--second"), QStringLiteral("noon")}, "is no range of time"), 2);
    QCOMPARE(code({place("two.cdsnap"), QStringLiteral("--second"), QStringLiteral("12:40..12:55")}, "ranges of one file"), 2);
    QCOMPARE(code({QStringLiteral("--second"), QStringLiteral("2026-11-28 03:11Z..03:12Z")}, "The file reaches from 2026-11-29 03:10:12 UTC"), 2);
  }

  void twoRangesOfARecording() {
    const QString file = place("shop.sqlite");
    {
      const auto store = recording::RecordingStore::open({file, QStringLiteral("Shop"), QStringLiteral("staging"), true}, {}, 1'796'000'000'000);
      QVERIFY2(store, store ? "" : qPrintable(store.error().message));
      std::vector<recording::RecordingRow> rows;
      for (int second = 0; second <= 600; ++second) rows.push_back({"redis", 1'796'000'000'000 + 1000 * second, {{QLatin1String("redis.hit_ratio"), second <= 300 ? 90 + second % 3 : 50 + second % 3}}, false, 2500});
      QVERIFY((*store)->append(rows));
    }
    const Outcome text = run({QStringLiteral("compare"), file, QStringLiteral("--second"), QStringLiteral("2026-11-30 00:58:20Z..01:03:20Z")});  // the later half
    QVERIFY2(text.code == 0, text.complaint.constData());
    const QByteArray line = text.out.mid(text.out.indexOf("redis.hit_ratio")).split('\n').front();
    QVERIFY2(line.contains("91.0 %") && line.contains("51.0 %") && line.contains("worse"), line.constData());
    QCOMPARE(run({QStringLiteral("compare"), place("none.sqlite"), QStringLiteral("--second"), QStringLiteral("12:40..12:55")}).code, 2);
  }
};

QTEST_GUILESS_MAIN(TestSnapshotCommands)
#include "tst_snapshot_commands.moc"
