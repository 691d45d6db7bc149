// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/load_run.h"
#include "core/sandbox/spawn.h"

#include <QTemporaryDir>

#include <chrono>
#include <memory>

namespace cachedeck::runs {

/// A run that an installed k6 makes.
struct K6Plan {
  load::RunPlan load;  ///< scenario, URL, variables, TLS and caps count; of a script the scenario holds its name alone
  QString script;      ///< a k6 script of the operator's; empty: the scenario is exported as one
  std::chrono::milliseconds grace{15'000};  ///< after a stop: so long k6 may finish what is on its way and tear down, then it is killed
};

/// The program on PATH. NotFound says what to install.
Result<QString> findK6();
/// Whether the file is a script of the operator's own: it ends in .js (or .mjs, .ts, which k6 takes too).
bool isK6Script(const QString& file);
/// A scenario that stands for a script in records and lists: its file's name and no steps.
load::Scenario scenarioOfScript(const QString& file);

/// The private folder of one run (0700, removed with this): script, summary, and two FIFOs, through which k6's feed and its log come without touching a disk.
class K6Folder {
 public:
  /// Makes all of it. The failure of an export is a sentence on the scenario.
  static Result<std::unique_ptr<K6Folder>> make(const K6Plan& plan);
  ~K6Folder();
  K6Folder(const K6Folder&) = delete;
  K6Folder& operator=(const K6Folder&) = delete;

  int feed() const { return m_feed; }  ///< descriptors to read, which never block and never end
  int log() const { return m_log; }
  QString summaryFile() const { return m_folder.filePath(QStringLiteral("summary.json")); }
  /// What the exported script cannot do ("at 30s removing the keys …").
  const QStringList& leftOut() const { return m_leftOut; }
  /// How k6 is started here. Values go by the environment: arguments can be read by everybody on this machine.
  LaunchSpec launch(const QString& program, const K6Plan& plan) const;

 private:
  K6Folder() = default;
  Result<void> writeScript(const K6Plan& plan);
  Result<int> openFifo(const QString& name) const;

  QTemporaryDir m_folder;
  QString m_script;
  QStringList m_leftOut;
  int m_feed = -1, m_log = -1;
};

}  // namespace cachedeck::runs
