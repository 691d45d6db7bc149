// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/snapshot/snapshot.h"

#include <QMap>

namespace cachedeck::snapshot {

/// A table holds at most so many rows.
inline constexpr qsizetype mostFactRows = 2000;

/// A text of a server as a cell: first redacted, since a secret that is cut in half is not known any more, then printable.
QString factCell(const QString& text, qsizetype longest = 1000);
inline QString factBytes(QByteArrayView bytes, qsizetype longest = 1000) { return factCell(QString::fromUtf8(bytes), longest); }
/// A number in C locale, up to six significant digits after whole numbers; empty where it is none.
QString factNumber(double value);
/// "2026-11-29T03:25:12.123Z"; empty for 0.
QString factTime(qint64 wallMs);
/// "instance=a:1, severity=critical", the labels that are named left out.
QString factLabels(const QMap<QString, QString>& labels, const QStringList& without = {});

inline FactTable::Column factText(const char* title) { return {QString::fromUtf8(title), false, {}}; }
inline FactTable::Column factFigure(const char* title, const char* unit = "") { return {QString::fromUtf8(title), true, QString::fromUtf8(unit)}; }

/// "Redis slow log: …": what was not had, and why, with the server's own words where they help.
QString missingSentence(const QString& what, const Error& error);

}  // namespace cachedeck::snapshot
