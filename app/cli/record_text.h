// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/recording/recording_read.h"
#include "core/recording/recording_session.h"
#include "core/sources/poller.h"

#include <QJsonObject>

namespace cachedeck {

/// One line of `cachedeck record`: time, what is on disk, how the sources stand.
QString recordLine(const recording::RecorderState& state, const QMap<QString, SourceState>& sources, qint64 nowMs);
/// The same: {"time", "state", "file", "since", "rows", "bytes", "waiting", "lost", "error", "notice", "sources": {id: state}}.
QJsonObject recordJson(const recording::RecorderState& state, const QMap<QString, SourceState>& sources, qint64 nowMs);

/// The list of recordings for people, and as a JSON array.
QString recordingTable(const QList<recording::RecordingInfo>& recordings);
QJsonObject recordingJson(const recording::RecordingInfo& info);
QByteArray recordingsJson(const QList<recording::RecordingInfo>& recordings);
/// "redis, postgres: 172 800 rows from … to …, 15.2 MiB".
QString recordingExtent(const recording::RecordingInfo& info);

}  // namespace cachedeck
