// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/doctor.h"

#include "core/base/redactor.h"
#include "core/doctor/check.h"
#include "core/doctor/gather.h"

#include <algorithm>

namespace cachedeck::doctor {

bool Report::isHealthy() const {
  return std::all_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.severity == Severity::Info; });
}

Report examine(const QMap<QString, SourceSettings>& sources, const Options& options, const Clock& clock, const std::stop_token& stop) {
  Examination examination{sources, options, clock, stop, {}, {}};
  const Evidence evidence = gather(examination);
  Report report{findingsOf(evidence), examination.looked, examination.missing};
  if (stop.stop_requested()) report.missing += QStringLiteral("The examination was stopped before its end.");
  for (QStringList* texts : {&report.looked, &report.missing})
    for (QString& text : *texts) text = redact(text);
  return report;
}

}  // namespace cachedeck::doctor
