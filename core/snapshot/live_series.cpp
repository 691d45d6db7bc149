// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/live_series.h"

#include "core/base/redactor.h"
#include "core/snapshot/fact_text.h"
#include "core/snapshot/series_builder.h"
#include "core/sources/poller.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>

namespace cachedeck::snapshot {

namespace {

using Kind = SourceState::Kind;

/// A source that is sampled, and what came of it.
struct Sampled {
  std::unique_ptr<Poller> poller;
  SeriesBuilder builder;
  int samples = 0;
  std::optional<Error> failure;  ///< the last one, also where the source came back
  QStringList notes;
};

QStringList missingOf(const Sampled& source) {
  const QString title = QString::fromUtf8(source.poller->info().title);
  QStringList missing;
  if (source.failure && source.samples == 0)
    missing += missingSentence(QStringLiteral("%1 was not measured").arg(title), *source.failure);
  else if (source.failure)
    missing += missingSentence(QStringLiteral("%1 was not measured all the time").arg(title), *source.failure);
  else if (source.samples == 0)
    missing += QStringLiteral("%1 was not measured: it had not answered when the time was over. Take a longer one with --for.").arg(title);
  for (const QString& note : source.notes) missing += title + QLatin1String(": ") + note;
  return missing;
}

class Sampler : public QObject {
 public:
  Sampler(const QMap<QString, SourceSettings>& sources, const Clock& clock, QEventLoop& loop) : m_loop(loop) {
    for (const SourceInfo& info : sourceRegistry()) {
      const auto settings = sources.find(QString::fromLatin1(info.id));
      if (settings == sources.end()) continue;
      Sampled& source = *m_sources.emplace_back(std::make_unique<Sampled>(Sampled{std::make_unique<Poller>(info, *settings, clock), SeriesBuilder(info.id), 0, {}, {}}));
      connect(source.poller.get(), &Poller::stateChanged, this, [this, &source] { changed(source); });
      connect(source.poller.get(), &Poller::sampled, this, [&source](const Sample& sample) { keep(source, sample); });
    }
    for (const auto& source : m_sources) source->poller->start();
  }

  LiveSeries result() const {
    LiveSeries live;
    for (const auto& source : m_sources) {
      if (!source->builder.group().columns.empty()) live.series.push_back(source->builder.group());
      live.missing += missingOf(*source);
    }
    return live;
  }

 private:
  static void keep(Sampled& source, const Sample& sample) {
    ++source.samples;
    source.notes = sample.notes;
    source.builder.add(sample.at.wallMs, sample.values, sample.restarted, source.poller->info().periodMs * 5 / 2);
  }

  void changed(Sampled& source) {
    if (source.poller->state().kind == Kind::Failed) source.failure = source.poller->state().error;
    const bool isHopeless = std::all_of(m_sources.begin(), m_sources.end(), [](const auto& one) { return one->samples == 0 && one->poller->state().kind == Kind::Failed; });
    if (isHopeless) m_loop.quit();
  }

  QEventLoop& m_loop;
  std::vector<std::unique_ptr<Sampled>> m_sources;
};

}  // namespace

LiveSeries takeFor(const QMap<QString, SourceSettings>& sources, std::chrono::milliseconds duration, const Clock& clock, const std::stop_token& stop, TakeProgress* progress) {
  if (sources.isEmpty() || duration.count() <= 0) return {};
  QEventLoop loop;
  Sampler sampler(sources, clock, loop);
  const Instant begun = clock.now();
  QTimer end, tick;
  end.setSingleShot(true);
  end.setTimerType(Qt::PreciseTimer);
  QObject::connect(&end, &QTimer::timeout, &loop, &QEventLoop::quit);
  QObject::connect(&tick, &QTimer::timeout, &loop, [&] {
    if (progress) progress->sampledMs = static_cast<qint64>(clock.now().secondsSince(begun) * 1000);
  });
  end.start(duration);
  tick.start(200);
  const std::stop_callback onStop(stop, [&loop] { QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection); });
  loop.exec();
  LiveSeries live = sampler.result();
  for (QString& sentence : live.missing) sentence = redact(sentence);
  return live;
}

}  // namespace cachedeck::snapshot
