// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/doctor/doctor.h"

#include <QJsonObject>

namespace cachedeck::doctor {

/// {"findings": [{"check", "severity", "finding", "evidence", "remedy"}], "looked": […], "missing": […]}
QJsonObject reportJson(const Report& report);

/// For people: grouped by severity, the severest first, each finding with what it was seen by and what to do.
QString reportText(const Report& report);

}  // namespace cachedeck::doctor
