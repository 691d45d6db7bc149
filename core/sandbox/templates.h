// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sandbox/run_user.h"

#include <QMap>
#include <QString>

#include <optional>

namespace cachedeck {

using TemplateValues = QMap<QString, QString>;

/// The text with each @NAME@ replaced by its value; Usage names the first that has none.
Result<QString> fillIn(const QString& text, const TemplateValues& values);

/// A file of monitoring/ (as it is compiled in), filled in.
Result<QString> filledInFile(const QString& name, const TemplateValues& values);

/// Writes the servers' configuration into DIR/conf, readable by their account alone.
Result<void> writeConfiguration(const TemplateValues& values, const std::optional<RunUser>& user);

}  // namespace cachedeck
