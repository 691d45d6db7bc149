// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/watch.h"

#include "app/cli/stop_signals.h"
#include "app/cli/voice.h"

#include <QCoreApplication>
#include <QTimer>

namespace cachedeck {

namespace {

using Kind = SourceState::Kind;

constexpr Voice voice("watch");

class Watch : public QObject {
 public:
  Watch(const QMap<QString, SourceSettings>& settings, const WatchOptions& options) : m_options(options) {
    for (const SourceInfo& info : sourceRegistry()) {
      const QString id = QString::fromLatin1(info.id);
      if (!settings.contains(id)) continue;
      auto& poller = *m_pollers.emplace_back(std::make_unique<Poller>(info, settings[id], m_clock));
      connect(&poller, &Poller::stateChanged, this, [this, &poller] {
        m_figures.update(poller.sourceId(), QString::fromLatin1(poller.info().title), poller.state());
        startWhenReady();
      });
      connect(&poller, &Poller::sampled, this, [this, id, &poller](const Sample& sample) {
        ++m_samples[id];
        m_figures.update(id, QString::fromLatin1(poller.info().title), poller.state());
        m_figures.update(id, sample);
        m_fresh.insert(id);
        startWhenReady();
        printWhenFresh();
      });
    }
    connect(&m_timer, &QTimer::timeout, this, [this] {
      m_due = true;
      m_patience.start();
      printWhenFresh();
    });
    m_patience.setSingleShot(true);
    m_patience.setInterval(std::min(m_options.every / 2, std::chrono::milliseconds(700)));
    connect(&m_patience, &QTimer::timeout, this, &Watch::print);
    m_timer.setInterval(m_options.every);
    m_timer.setTimerType(Qt::PreciseTimer);
    for (auto& poller : m_pollers) poller->start();
  }

  int exitCode() const {
    const auto live = std::count_if(m_pollers.begin(), m_pollers.end(),
                                    [](const auto& poller) { return poller->state().kind == Kind::Live; });
    if (live == 0) return 3;
    if (m_isUnheard) return 1;
    return live == static_cast<long>(m_pollers.size()) ? 0 : 1;
  }

 private:
  // The first line comes when every source has two samples, since rates are differences, or has failed.
  void startWhenReady() {
    if (m_timer.isActive() || m_isUnheard) return;
    for (const auto& poller : m_pollers) {
      const Kind kind = poller->state().kind;
      const bool ready = kind == Kind::Failed || kind == Kind::Stale || m_samples[poller->sourceId()] >= 2;
      if (!ready) return;
    }
    m_timer.start();
    print();
  }

  // A line that is due waits a moment for the samples of its second, so that no line repeats the one before.
  void printWhenFresh() {
    if (!m_due) return;
    for (const auto& poller : m_pollers)
      if (poller->state().kind == Kind::Live && !m_fresh.contains(poller->sourceId())) return;
    print();
  }

  void print() {
    m_due = false;
    m_patience.stop();
    m_fresh.clear();
    const qint64 now = m_clock.now().wallMs;
    m_isUnheard = voice.print(m_options.json ? jsonLine(m_figures.toJson(now)) : m_figures.toText(now).toUtf8() + '\n') != 0;
    if (m_isUnheard) m_timer.stop();
    if (m_isUnheard || (m_options.count > 0 && ++m_printed >= m_options.count)) QCoreApplication::exit(exitCode());
  }

  const WatchOptions m_options;
  SystemClock m_clock;
  LiveFigures m_figures;
  QMap<QString, int> m_samples;
  QSet<QString> m_fresh;  // sources that were sampled since the last line
  bool m_due = false;
  QTimer m_patience;
  QTimer m_timer;
  int m_printed = 0;
  bool m_isUnheard = false;  // standard output takes nothing
  std::vector<std::unique_ptr<Poller>> m_pollers;  // last: they call back into what stands above
};

}  // namespace

int watchSources(const QMap<QString, SourceSettings>& settings, const WatchOptions& options) {
  Watch watch(settings, options);
  onStopSignal([&watch] { QCoreApplication::exit(watch.exitCode()); });
  return QCoreApplication::exec();
}

}  // namespace cachedeck
