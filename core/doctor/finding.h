// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace cachedeck::doctor {

enum class Severity { Info, Warning, Critical };

/// "info", "warning", "critical".
QString severityName(Severity severity);

/// One thing that was found. Plain text, redacted; names of servers and keys in it are theirs.
struct Finding {
  QString check;     ///< id of its row
  Severity severity = Severity::Info;
  QString finding;   ///< what is the matter, one sentence
  QString evidence;  ///< what it was seen by
  QString remedy;    ///< what to do: the command or the setting
};

using Findings = QList<Finding>;

}  // namespace cachedeck::doctor
