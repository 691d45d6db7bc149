// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load/load_snapshot.h"

#include "core/recording/recording_place.h"
#include "core/snapshot/bundle.h"
#include "core/snapshot/take.h"

#include <algorithm>
#include <limits>
#include <map>

namespace cachedeck {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds beforeRun = std::chrono::minutes(1);  // how it was without the load
constexpr milliseconds longest = std::chrono::days(1);       // of a longer run its end

/// The service's figures come with Prometheus's own.
QByteArray groupOf(const QString& metric) {
  const QByteArray source = metric.section(QLatin1Char('.'), 0, 0).toLatin1();
  return source == "app" ? QByteArray("prometheus") : source;
}

/// What was sampled beside the run: metrics with times of their own as groups that share them.
std::vector<SeriesGroup> groupsOf(const QList<runs::ServerSeries>& series) {
  std::map<QByteArray, std::map<qint64, std::vector<std::pair<QByteArray, float>>>> rows;
  for (const runs::ServerSeries& one : series)
    for (const runs::ServerSeries::Point& point : one.points) rows[groupOf(one.metric)][point.ms].emplace_back(one.metric.toLatin1(), static_cast<float>(point.value));
  std::vector<SeriesGroup> groups;
  for (const auto& [name, times] : rows) {
    SeriesGroup group{name, {}, {}};
    for (const runs::ServerSeries& one : series)
      if (groupOf(one.metric) == name) group.columns.push_back({one.metric.toLatin1(), {}});
    for (const auto& [ms, values] : times) {
      group.timesMs.push_back(ms);
      for (SeriesGroup::Column& column : group.columns) {
        const auto found = std::ranges::find(values, column.metric, &std::pair<QByteArray, float>::first);
        column.values.push_back(found == values.end() ? std::numeric_limits<float>::quiet_NaN() : found->second);
      }
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace

Result<QStringList> writeRunSnapshot(const runs::RunRecord& run, const RunServers& servers, const QString& file, const Clock& clock) {
  snapshot::TakeOrder order;
  order.title = QStringLiteral("Load run %1").arg(run.scenario);
  order.note = run.note;
  if (const Profile& profile = servers.profile; isSavedName(profile.name)) {
    order.profile = profile.name;
    order.environment = environmentKey(profile.environment);
    order.recording = {recording::recordingPlace(profile, true).file, false};
  }
  order.sources = servers.sources;
  order.sampled = groupsOf(run.series);
  const milliseconds since(clock.now().wallMs - run.figures.startedMs);
  Result<snapshot::Snapshot> taken = snapshot::takeSnapshot(order, milliseconds(0), std::clamp(since + beforeRun, beforeRun, longest), clock, {});
  if (!taken) return taken.error();
  // With --no-save it is kept nowhere else.
  if (std::ranges::none_of(taken->runs, [&](const runs::RunRecord& kept) { return kept.id == run.id; })) taken->runs.append(run);
  if (const Result<void> written = snapshot::writeBundle(*taken, file); !written) return written.error();
  return taken->missing;
}

}  // namespace cachedeck
