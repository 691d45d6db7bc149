// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/snapshot/snapshot_take.h"

#include "app/cli/duration.h"
#include "app/cli/named_servers.h"
#include "app/cli/snapshot/snapshot_place.h"
#include "app/cli/stop_signals.h"
#include "app/cli/voice.h"
#include "core/base/redactor.h"
#include "core/base/worker.h"
#include "core/metrics/format.h"
#include "core/recording/recording_read.h"
#include "core/snapshot/bundle.h"
#include "core/snapshot/take.h"

#include <QCoreApplication>
#include <QTimer>

namespace cachedeck {

namespace {

using std::chrono::milliseconds;
using Step = snapshot::TakeProgress::Step;

constexpr Voice voice("snapshot");

/// Nothing, or up to a day.
Result<milliseconds> lengthOf(const std::string& given) {
  const QString text = QString::fromStdString(given).trimmed();
  if (text.isEmpty() || text == QLatin1String("0") || text == QLatin1String("0s")) return milliseconds(0);
  return parseDuration(text, std::chrono::days(1));
}

/// The file that is named, else the one that the console and `cachedeck record` keep of these servers.
snapshot::RecordedPast recordingOf(const SnapshotTakeArguments& arguments, const Profile& profile) {
  if (!arguments.recording.empty()) return {QString::fromStdString(arguments.recording), true};
  return {recording::recordingPlace(profile, !arguments.sources.isByUrl()).file, false};
}

/// Said before anything is asked for; what is missing else is in the file.
Result<void> checkRecording(const std::string& file) {
  if (file.empty()) return {};
  const Result<recording::RecordingInfo> info = recording::recordingInfo(QString::fromStdString(file));
  if (!info) return info.error();
  if (!info->problem.isEmpty()) return fail(Error::Kind::Io, info->problem);
  return {};
}

QString progressText(const snapshot::TakeProgress& progress, milliseconds whole) {
  switch (progress.step.load()) {
    case Step::Sampling:
      return QStringLiteral("sampling: %1 of %2").arg(formatDuration(static_cast<double>(progress.sampledMs.load() / 1000)), formatDuration(static_cast<double>(whole.count()) / 1000));
    case Step::Past:
      return QStringLiteral("reading the recording, and asking Prometheus for the past");
    case Step::Facts:
      return QStringLiteral("asking the servers for settings and figures");
    case Step::Records:
    case Step::Done:
      break;
  }
  return QStringLiteral("writing");
}

/// The work on its own thread, signals and progress on the main one.
class Taking : public QObject {
 public:
  Taking(snapshot::TakeOrder order, milliseconds sampleFor, milliseconds range, QString out) : m_order(std::move(order)), m_sampleFor(sampleFor), m_range(range), m_out(std::move(out)) {}

  int run() {
    onStopSignal([this] { m_stop.request_stop(); });
    connect(&m_timer, &QTimer::timeout, this, [this] { progressLine(progressText(m_progress, m_sampleFor)); });
    m_timer.start(500);
    m_worker.post(
        this, [this](std::stop_token) { return takeAndWrite(); }, [this](const Result<snapshot::Snapshot>& taken) { QCoreApplication::exit(finish(taken)); });
    return QCoreApplication::exec();
  }

 private:
  Result<snapshot::Snapshot> takeAndWrite() {
    Result<snapshot::Snapshot> taken = snapshot::takeSnapshot(m_order, m_sampleFor, m_range, m_clock, m_stop.get_token(), &m_progress);
    if (!taken) return taken;
    const Result<void> written = snapshot::writeBundle(*taken, m_out);
    return written ? std::move(taken) : Result<snapshot::Snapshot>(written.error());
  }

  int finish(const Result<snapshot::Snapshot>& taken) {
    m_timer.stop();
    progressLine({});
    if (!taken) return voice.complain(taken.error());
    qsizetype metrics = 0;
    for (const SeriesGroup& group : taken->series) metrics += static_cast<qsizetype>(group.columns.size());
    const QString line = QStringLiteral("%1: %2 of %3 servers, %4 metrics, %5 tables of facts, %6 journal entries, %7 load runs\n")
                             .arg(m_out).arg(taken->servers.size()).arg(m_order.sources.size()).arg(metrics).arg(taken->facts.size()).arg(taken->journal.size()).arg(taken->runs.size());
    const int printed = voice.print(redact(line).toUtf8());
    for (const QString& sentence : taken->missing) voice.say(sentence);
    if (taken->servers.isEmpty()) return 3;
    return taken->servers.size() == m_order.sources.size() ? printed : 1;
  }

  const snapshot::TakeOrder m_order;
  const milliseconds m_sampleFor, m_range;
  const QString m_out;
  const SystemClock m_clock;
  snapshot::TakeProgress m_progress;
  std::stop_source m_stop;
  QTimer m_timer;
  Worker m_worker{QStringLiteral("snapshot")};  // last: its job uses what stands above
};

}  // namespace

int takeSnapshotCommand(SnapshotTakeArguments& arguments, Program program) {
  QCoreApplication application(program.argc, program.argv);
  const Result<milliseconds> sampleFor = lengthOf(arguments.sampleFor), range = lengthOf(arguments.range);
  if (!sampleFor) return voice.complain(sampleFor.error(), 2);
  if (!range) return voice.complain(range.error(), 2);
  const QString out = QString::fromStdString(arguments.out);
  if (const Result<void> place = checkSnapshotPlace(out); !place) return voice.complain(place.error());
  if (const Result<void> recorded = checkRecording(arguments.recording); !recorded) return voice.complain(recorded.error(), 2);
  const auto secrets = Secrets::ofThisProcess();
  const auto servers = namedServers(arguments.sources, *secrets);
  if (!servers) return voice.complain(servers.error().error, servers.error().exitCode);

  snapshot::TakeOrder order;
  order.title = QString::fromStdString(arguments.title);
  order.note = QString::fromStdString(arguments.note);
  if (!arguments.sources.isByUrl()) {
    order.profile = servers->profile.name;
    order.environment = environmentKey(servers->profile.environment);
  }
  order.sources = servers->sources;
  order.facts.slowLogArguments = arguments.slowLogArguments;
  order.recording = recordingOf(arguments, servers->profile);
  return Taking(std::move(order), *sampleFor, *range, out).run();
}

}  // namespace cachedeck
