// SPDX-License-Identifier: GPL-3.0-or-later
// CPU time of one refresh of 12 panels × 3 series: our panels against plain Qt Charts, interleaved in one run, so that the ratios
// hold on a busy machine. Run it by hand, best from an optimised build: QT_QPA_PLATFORM=offscreen bench_charts
// bench_charts --only-ours POINTS PERIOD_MS is one side of tests/bench/uplot/compare.sh.
#include "core/metrics/ring.h"
#include "ui/charts/chartbackend.h"
#include "ui/charts/plotitem.h"
#include "ui/charts/plotpainter.h"
#include "ui/charts/scale.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QGridLayout>
#include <QTimer>
#include <QtCharts/QChart>
#include <QtCharts/QChartView>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>

#include <bit>
#include <cstdio>
#include <ctime>
#include <memory>

using namespace cachedeck;

namespace {

constexpr int panels = 12, seriesPerPanel = 3, columns = 4;
constexpr qint64 stepMs = 1000;

double cpuMs() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

float sample(qint64 row, int series) {
  const double t = static_cast<double>(row);
  const quint64 mixed = static_cast<quint64>(row * 31 + series) * 0x9E3779B97F4A7C15ULL;
  return static_cast<float>(50 + 20 * std::sin(t / 97 + series) + 10 * static_cast<double>(mixed >> 40) / (1 << 24));
}

/// One way of drawing: a window of 12 charts that takes a step and paints.
class Rival {
 public:
  virtual ~Rival() = default;
  virtual void step() = 0;
  QWidget window;

 protected:
  QGridLayout* grid = new QGridLayout(&window);
  void open() {
    grid->setContentsMargins(0, 0, 0, 0);
    window.resize(1600, 1000);
    window.show();
    QApplication::processEvents();
  }
};

/// Ours: rings with a min/max pyramid, read at a bucket a pixel, drawn by the PlotItem.
class Ours : public Rival {
 public:
  explicit Ours(qint64 points) : m_points(points), m_times(points) {
    for (int i = 0; i < panels * seriesPerPanel; ++i) m_rings.emplace_back(points, 0);
    for (qint64 row = 0; row < points; ++row) push();
    for (int i = 0; i < panels; ++i) {
      m_charts.push_back(new ChartBackend);
      grid->addWidget(m_charts.back(), i / columns, i % columns);
    }
    open();
  }

  void push() {
    m_times.push(m_row * stepMs);
    for (int i = 0; i < panels * seriesPerPanel; ++i) m_rings[static_cast<size_t>(i)].push(sample(m_row, i));
    ++m_row;
  }

  std::vector<Bucket> window_(int series, int pixels) const {
    std::vector<Bucket> out;
    const auto stride = static_cast<qint64>(std::bit_ceil(static_cast<quint64>(std::max<qint64>(1, (m_points + pixels - 1) / pixels))));
    for (qint64 row = m_times.first(); row < m_row;) {
      const qint64 next = std::min(m_row, (row / stride + 1) * stride);
      const Cell cell = m_rings[static_cast<size_t>(series)].over(row, next);
      out.push_back({m_times.at(row), m_times.at(next - 1), cell.min, cell.max, cell.sum / static_cast<float>(cell.count)});
      row = next;
    }
    return out;
  }

  void step() override {
    push();
    for (int i = 0; i < panels; ++i) {
      ChartBackend& chart = *m_charts[static_cast<size_t>(i)];
      PlotData data;
      data.span = {(m_row - m_points) * stepMs, (m_row - 1) * stepMs};
      data.high = 100;
      for (int s = 0; s < seriesPerPanel; ++s)
        data.series.push_back({{}, {}, s + 1, SeriesStyle::Line, window_(i * seriesPerPanel + s, static_cast<int>(chart.plotArea().width())), {}});
      chart.setTicks({{0, QStringLiteral("−15m")}, {0.5, QStringLiteral("−7m")}, {1, QStringLiteral("now")}}, {{0, QStringLiteral("0")}, {0.5, QStringLiteral("50")}, {1, QStringLiteral("100")}});
      chart.plot().setData(std::move(data));
    }
    QApplication::processEvents();
  }

  /// Microseconds to read one series.
  double decimationUs() const {
    const double start = cpuMs();
    constexpr int rounds = 200;
    size_t total = 0;
    for (int i = 0; i < rounds; ++i) total += window_(i % (panels * seriesPerPanel), 340).size();
    return total ? (cpuMs() - start) * 1000 / rounds : 0;
  }

 private:
  qint64 m_points, m_row = 0;
  TimeColumn m_times;
  std::vector<RingSeries<float>> m_rings;
  std::vector<ChartBackend*> m_charts;
};

/// What most programs do with Qt Charts.
class Naive : public Rival {
 public:
  enum class Way { AppendRemove, Replace };
  Naive(qint64 points, Way way) : m_points(points), m_way(way) {
    for (int i = 0; i < panels; ++i) {
      auto* chart = new QChart;
      chart->legend()->hide();
      auto* time = new QValueAxis;
      auto* value = new QValueAxis;
      time->setRange(0, static_cast<double>(points));
      value->setRange(0, 100);
      chart->addAxis(time, Qt::AlignBottom);
      chart->addAxis(value, Qt::AlignLeft);
      for (int s = 0; s < seriesPerPanel; ++s) {
        auto* line = new QLineSeries;
        QList<QPointF> all;
        all.reserve(points);
        for (qint64 row = 0; row < points; ++row) all.append({static_cast<double>(row), static_cast<double>(sample(row, i * seriesPerPanel + s))});
        line->replace(all);
        chart->addSeries(line);
        line->attachAxis(time);
        line->attachAxis(value);
        m_lines.push_back(line);
        if (way == Way::Replace) m_values.push_back(std::move(all));
      }
      m_axes.push_back(time);
      auto* view = new QChartView(chart);
      view->setRenderHint(QPainter::Antialiasing);
      grid->addWidget(view, i / columns, i % columns);
    }
    m_row = points;
    open();
  }

  void step() override {
    for (size_t i = 0; i < m_lines.size(); ++i) {
      const QPointF next(static_cast<double>(m_row), static_cast<double>(sample(m_row, static_cast<int>(i))));
      if (m_way == Way::AppendRemove) {
        m_lines[i]->append(next);
        m_lines[i]->remove(0);
      } else {
        m_values[i].removeFirst();
        m_values[i].append(next);
        m_lines[i]->replace(m_values[i]);
      }
    }
    ++m_row;
    for (QValueAxis* axis : m_axes) axis->setRange(static_cast<double>(m_row - m_points), static_cast<double>(m_row));
    QApplication::processEvents();
  }

 private:
  qint64 m_points, m_row = 0;
  Way m_way;
  std::vector<QLineSeries*> m_lines;
  std::vector<QList<QPointF>> m_values;
  std::vector<QValueAxis*> m_axes;
};

double timed(Rival& rival) {
  const double start = cpuMs();
  rival.step();
  return cpuMs() - start;
}

double median(std::vector<double> values) {
  if (values.empty()) return NAN;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

struct Row {
  qint64 points;
  double ours, decimationUs, append, replace;
};

/// `budgetMs` caps the naive ways: at 100,000 points one of their steps takes seconds.
Row measure(qint64 points, int rounds, double budgetMs) {
  Ours ours(points);
  std::unique_ptr<Naive> append, replace;
  if (points <= 100'000) {
    append = std::make_unique<Naive>(points, Naive::Way::AppendRemove);
    replace = std::make_unique<Naive>(points, Naive::Way::Replace);
  }
  std::vector<double> oursMs, appendMs, replaceMs;
  for (int i = 0; i < 3; ++i) timed(ours);  // warm caches and fonts
  QElapsedTimer clock;
  clock.start();
  for (int i = 0; i < rounds; ++i) {
    oursMs.push_back(timed(ours));
    const bool more = static_cast<double>(clock.elapsed()) < budgetMs || appendMs.size() < 1;
    if (append && more) appendMs.push_back(timed(*append));
    if (replace && more) replaceMs.push_back(timed(*replace));
  }
  return {points, median(oursMs), ours.decimationUs(), median(appendMs), median(replaceMs)};
}

void print(const Row& row) {
  const auto cell = [](double value, double ours) {
    if (std::isnan(value)) return QStringLiteral("              –");
    return QStringLiteral("%1 (%2×)").arg(value, 7, 'f', 1).arg(value / ours, 0, 'f', value / ours < 20 ? 1 : 0).rightJustified(15);
  };
  std::printf("%9lld  %8.1f  %12.1f  %s  %s\n", static_cast<long long>(row.points), row.ours, row.decimationUs,
              qUtf8Printable(cell(row.append, row.ours)), qUtf8Printable(cell(row.replace, row.ours)));
  std::fflush(stdout);
}

/// Ours alone, for somebody who reads our processor time from outside: a number on standard input asks for that many refreshes,
/// one every `periodMs`; a line on standard output says that they are painted.
int serve(qint64 points, int periodMs) {
  Ours ours(points);
  int left = 0;
  QEventLoop loop;
  QTimer timer;
  timer.setTimerType(Qt::PreciseTimer);
  timer.setInterval(periodMs);
  QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
    ours.step();
    if (--left > 0) return;
    timer.stop();
    loop.quit();
  });
  std::puts("ready");
  std::fflush(stdout);
  while (std::scanf("%d", &left) == 1) {
    timer.start();
    loop.exec();
    std::puts("done");
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  Theme::instance().setScheme(Theme::Scheme::Dark);
  if (argc == 4 && qstrcmp(argv[1], "--only-ours") == 0) return serve(std::atoll(argv[2]), std::atoi(argv[3]));
  std::printf("12 panels × 3 series, 1600×1000, %s; CPU ms per refresh (median), ratio to ours\n", qUtf8Printable(QGuiApplication::platformName()));
  std::printf("%9s  %8s  %12s  %15s  %15s\n", "points", "ours", "read µs/ser.", "append+remove", "replace");
  const Row small = measure(3'600, 25, 20'000), medium = measure(100'000, 25, 15'000);
  print(small);
  print(medium);
  const Row large = measure(1'000'000, 25, 0);
  print(large);
  std::printf("ours at 1,000,000 points costs %.2f times ours at 3,600\n", large.ours / small.ours);
  return 0;
}
