// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/snapshot/compare_sides.h"

#include "core/base/instants.h"
#include "core/recording/recording_read.h"
#include "core/snapshot/bundle.h"
#include "core/snapshot/compare_stretches.h"

#include <optional>

namespace cachedeck {

namespace {

using snapshot::Snapshot;
using snapshot::Stretch;

/// A file that knows a time of a session: what is in it is read when it is known which part.
struct Session {
  QString file;
  std::optional<recording::RecordingInfo> recorded;
  Snapshot kept;
  qint64 fromMs() const { return recorded ? recorded->fromMs : kept.fromMs; }
  qint64 toMs() const { return recorded ? recorded->toMs : kept.toMs; }
};

Result<Session> sessionOf(const QString& file) {
  if (file.endsWith(QLatin1String(".sqlite"))) {
    const Result<recording::RecordingInfo> info = recording::recordingInfo(file);
    if (!info) return info.error();
    if (!info->problem.isEmpty()) return fail(Error::Kind::Io, info->problem);
    return Session{file, *info, {}};
  }
  Result<Snapshot> kept = snapshot::readBundle(file);
  if (!kept) return kept.error();
  return Session{file, {}, std::move(*kept)};
}

Result<Snapshot> partOf(const Session& session, const Stretch& stretch, const QString& title) {
  if (!session.recorded) return snapshot::cut(session.kept, stretch, title);
  Result<std::vector<SeriesGroup>> series = recording::readRecording(session.file, stretch.fromMs, stretch.toMs);
  if (!series) return series.error();
  Snapshot whole;
  whole.profile = session.recorded->profile;
  whole.environment = session.recorded->environment;
  whole.series = std::move(*series);
  return snapshot::cut(whole, stretch, title);
}

}  // namespace

Result<ComparedSides> sidesOfFiles(const QString& before, const QString& after) {
  ComparedSides sides;
  for (const auto& [file, side] : {std::pair(before, &sides.before), std::pair(after, &sides.after)}) {
    Result<Snapshot> read = snapshot::readBundle(file);
    if (!read) return read.error();
    *side = std::move(*read);
  }
  sides.comparison = snapshot::compareSnapshots(sides.before, sides.after);
  return sides;
}

Result<ComparedSides> sidesOfRanges(const QString& file, const QString& first, const QString& second) {
  const Result<Session> session = sessionOf(file);
  if (!session) return session.error();
  const Result<Stretch> late = snapshot::parseStretch(second, session->toMs());
  if (!late) return late.error();
  const qint64 length = late->toMs - late->fromMs;
  const Result<Stretch> early = first.isEmpty() ? Result<Stretch>(Stretch{late->fromMs - length, late->fromMs}) : snapshot::parseStretch(first, session->toMs());
  if (!early) return early.error();
  ComparedSides sides;
  for (const auto& [stretch, title, side] : {std::tuple(*early, first.isEmpty() ? QStringLiteral("the same length just before") : first, &sides.before), std::tuple(*late, second, &sides.after)}) {
    Result<Snapshot> part = partOf(*session, stretch, title);
    if (!part) return part.error();
    *side = std::move(*part);
  }
  Result<snapshot::SnapshotComparison> comparison = snapshot::compareStretches(sides.before, sides.after);
  if (!comparison && comparison.error().kind == Error::Kind::NotFound)
    return fail(Error::Kind::NotFound, comparison.error().message + QStringLiteral(" The file reaches from %1 to %2.").arg(utcText(session->fromMs()), utcText(session->toMs())));
  if (!comparison) return comparison.error();
  sides.comparison = std::move(*comparison);
  return sides;
}

}  // namespace cachedeck
