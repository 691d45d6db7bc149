// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"
#include "core/snapshot/snapshot.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

namespace cachedeck::snapshot {

// How reports write texts, times and numbers.

/// A text of a server or person on one line: redacted, control and bidirectional characters shown as codes, whole UTF-16 that XML can hold.
QString plainText(const QString& text, qsizetype longest = 2000);
/// The same for text and attribute values of HTML and SVG.
QString markupText(const QString& text, qsizetype longest = 2000);
/// "2026-11-29 03:10:12 to 03:25:12 UTC (15 min)"
QString rangeText(const Snapshot& snapshot);
/// As format.h writes it; beyond a thousand times its largest prefix in powers of ten.
QString valueText(double value, Unit unit);
/// "good", "warning", "critical"
QString levelWord(Level level);
/// "%", "1/s", "bytes": the unit of values as they are kept, for machines; empty for none.
QLatin1String unitWord(Unit unit);
/// The shortest decimal that reads back as the same float; empty for what is no finite number.
QByteArray shortest(float value);
/// The same decimal as a double: JSON then has 93.2 and not 93.19999694824219.
double shortestDouble(float value);
/// JSON that can stand in a script element: no <, > or & in it.
QByteArray scriptJson(const QJsonObject& object);
/// The whole note, a plain text a line; empty where there is none.
QStringList noteLines(const Snapshot& snapshot);
/// What the snapshot is called in headings.
QString titleText(const Snapshot& snapshot);

}  // namespace cachedeck::snapshot
