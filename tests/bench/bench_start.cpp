// SPDX-License-Identifier: GPL-3.0-or-later
// From main to the first painted frame, and memory with an hour of 60 series, beside a bare Qt Widgets window with an
// empty Qt Charts view, which is the least that such a program can cost. Each figure comes from a process of its own.
#include "app/console/console.h"
#include "tests/support/no_keyring.h"

#include <QApplication>
#include <QChartView>
#include <QFile>
#include <QMainWindow>
#include <QProcess>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

using namespace cachedeck;

namespace {

using Steady = std::chrono::steady_clock;

double nowMs() { return std::chrono::duration<double, std::milli>(Steady::now().time_since_epoch()).count(); }

// Kilobytes of this process that are its own or its share of common pages.
long pssKb() {
  QFile file(QStringLiteral("/proc/self/smaps_rollup"));
  if (!file.open(QIODevice::ReadOnly)) return -1;
  for (const QByteArray& line : file.readAll().split('\n'))
    if (line.startsWith("Pss:")) return line.mid(4).trimmed().split(' ').first().toLong();
  return -1;
}

// Ends the event loop after the first round of paint events.
class FirstPaint : public QObject {
 public:
  FirstPaint() { qApp->installEventFilter(this); }
  bool eventFilter(QObject*, QEvent* event) override {
    if (event->type() == QEvent::Paint && !m_seen) {
      m_seen = true;
      QMetaObject::invokeMethod(this, [this] { m_at = nowMs(); QCoreApplication::quit(); }, Qt::QueuedConnection);
    }
    return false;
  }
  double at() const { return m_at; }

 private:
  bool m_seen = false;
  double m_at = 0;
};

// Remarks of the offscreen platform do not belong into the table.
void ignore(QtMsgType, const QMessageLogContext&, const QString&) {}

void fillHour(History& history) {
  std::vector<QByteArray> names;
  for (int i = 0; i < 60; ++i) names.push_back("bench.series" + QByteArray::number(i));
  const qint64 end = QDateTime::currentMSecsSinceEpoch();
  for (int second = 3600; second > 0; --second) {
    History::Values values;
    for (size_t i = 0; i < names.size(); ++i)
      values.emplace_back(QLatin1String(names[i]), std::sin(second * 0.01 + static_cast<double>(i)));
    history.append(QLatin1String("bench"), end - second * 1000LL, values);
  }
}

int child(const QString& what, double started) {
  qInstallMessageHandler(ignore);
  int argc = 1;
  char name[] = "bench_start";
  char* argv[] = {name, nullptr};
  QApplication application(argc, argv);
  const auto report = [&](double painted) { std::printf("%.1f %ld\n", painted - started, pssKb()); };
  if (what == QLatin1String("bare")) {
    QMainWindow window;
    window.setCentralWidget(new QChartView);
    window.resize(1600, 1000);
    FirstPaint paint;
    window.show();
    QApplication::exec();
    report(paint.at());
    return 0;
  }
  QTemporaryDir folder;
  Theme::instance().apply();
  Console console(test::noSecrets(), folder.path());
  console.window().resize(1600, 1000);
  console.window().showPage(QStringLiteral("overview"));
  FirstPaint paint;
  console.window().show();
  QApplication::exec();
  if (what == QLatin1String("hour")) {
    fillHour(const_cast<History&>(console.history()));
    console.drawNow();
    console.window().grab();
  }
  report(paint.at());
  return 0;
}

struct Figures {
  double ms, mb;
};

Figures median(const QString& what) {
  std::vector<double> times, sizes;
  for (int round = 0; round < 9; ++round) {
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QCoreApplication::applicationFilePath(), {what, QString::number(nowMs(), 'f', 1)});
    process.waitForFinished();
    const QList<QByteArray> words = process.readAllStandardOutput().trimmed().split(' ');
    if (words.size() < 2) continue;
    times.push_back(words[0].toDouble());
    sizes.push_back(words[1].toDouble() / 1024);
  }
  std::sort(times.begin(), times.end());
  std::sort(sizes.begin(), sizes.end());
  if (times.empty()) return {NAN, NAN};
  return {times[times.size() / 2], sizes[sizes.size() / 2]};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3) return child(QString::fromLatin1(argv[1]), std::atof(argv[2]));
  QCoreApplication application(argc, argv);
  const Figures bare = median(QStringLiteral("bare")), console = median(QStringLiteral("console")), hour = median(QStringLiteral("hour"));
  std::printf("%-34s %16s %8s %10s %8s\n", "median of 9 processes", "first frame ms", "ratio", "PSS MB", "ratio");
  const auto row = [&](const char* name, const Figures& f) {
    std::printf("%-34s %16.1f %8.2f %10.1f %8.2f\n", name, f.ms, f.ms / bare.ms, f.mb, f.mb / bare.mb);
  };
  row("bare window with QChartView", bare);
  row("console, empty Overview", console);
  row("console, 1 h x 60 series", hour);
  return 0;
}
