// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/doctor/evidence.h"

#include <QStringList>

namespace cachedeck::doctor {

/// A text of a server as it may be shown: redacted first, then printable.
QString clean(const QString& text, qsizetype longest = 200);
inline QString clean(const QByteArray& bytes, qsizetype longest = 200) { return clean(QString::fromUtf8(bytes), longest); }

/// Up to two digits after the point.
QString number(double value);
/// "64 MB"
QString bytesText(double bytes);
/// "a, b, c and 4 more"
QString listed(const QStringList& names, qsizetype most = 5);
/// `one` for one, else `many` with the number in place of its %1.
QString counted(qsizetype count, const char* one, const char* many);
/// The error's sentence, with the first line of the server's own words where they say more.
QString said(const Error& error);
/// "alertname (severity, instance)", of both what the labels tell.
QString alertName(const PromLabels& labels);
/// A name as it stands in a statement of SQL, in quotes where it needs them.
QString sqlName(const QString& name);

}  // namespace cachedeck::doctor
