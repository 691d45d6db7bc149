// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/doctor/doctor.h"

namespace cachedeck {

/// A report for a ticket or a chat. Texts of servers are escaped.
QString reportMarkdown(const doctor::Report& report, const QString& profile, qint64 examinedMs);

/// The titles of the checks that looked and found nothing; none where nothing was reached.
QStringList quietChecks(const doctor::Report& report);

/// "Critical", "Warnings", "Good to know".
QString severityTitle(doctor::Severity severity);

}  // namespace cachedeck
