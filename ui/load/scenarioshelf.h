// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/load/scenario.h"

#include <QList>
#include <QString>

namespace cachedeck {

/// A scenario that can be chosen.
struct ScenarioEntry {
  QString name, title, description;
  QString file;     ///< of an own one; empty: it comes with the program
  QString problem;  ///< why it cannot be run: each mistake of the file, with its line
  load::Scenario scenario;
  bool isScript = false;  ///< a k6 script; the scenario holds its name alone
  bool isDirect() const { return problem.isEmpty() && scenario.target == load::Target::CacheAside; }
};

/// The bundled ones, then the scenarios and k6 scripts of the folder by name. Blocks for the disk.
QList<ScenarioEntry> readScenarios(const QString& folder);
/// One own file, with its mistakes. Blocks for the disk.
ScenarioEntry readScenario(const QString& file);
/// Copies a file that has no mistakes to the own ones, under a name that none of another content has. Gives back where it lies now. Blocks for the disk.
Result<QString> shelveScenario(const QString& file, const QString& folder);

}  // namespace cachedeck
