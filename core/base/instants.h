// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QString>

namespace cachedeck {

/// Milliseconds since 1970 as a time in UTC. The function of QDateTime that takes a Qt::TimeSpec is deprecated in newer Qt.
inline QDateTime utc(qint64 wallMs) { return QDateTime::fromMSecsSinceEpoch(wallMs).toUTC(); }
/// "2026-11-23T13:02:11.250Z", as files, JSON and APIs have it.
QString isoUtc(qint64 wallMs);
/// "2026-11-23 13:02:11 UTC"
QString utcText(qint64 wallMs);
/// "2026-11-23 14:02:11", local time.
QString instantText(qint64 wallMs);
/// The same, without the day where it is today's.
QString shortInstant(qint64 wallMs, qint64 nowMs);

}  // namespace cachedeck
