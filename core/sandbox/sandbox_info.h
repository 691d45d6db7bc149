// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QJsonObject>
#include <QMap>
#include <QString>

namespace cachedeck {

/// A running sandbox, as state.json and the commands show it. The passwords in the URLs are throw-away.
struct SandboxInfo {
  QString dir;
  bool owned = false;           ///< belongs to a console and ends with it; else to `sandbox down`
  bool madeDirectory = true;    ///< the directory goes with the sandbox
  QMap<QString, QString> urls;  ///< of the sources that a profile takes: redis, postgres, prometheus, alertmanager, pushgateway
  QMap<QString, QString> services;  ///< what is operated there: sample, with the login of its API
  QMap<QString, qint64> pids;       ///< redis, postgres, redis_exporter …, and supervisor
  QMap<QString, quint16> ports;

  /// {"redis": URL, …, "sample": URL, "dir": …, "owned": …, "pids": {…}, "ports": {…}}
  QJsonObject toJson() const;
  static SandboxInfo fromJson(const QJsonObject& object);
};

/// Writes state.json in the sandbox's directory, readable by its owner alone, all or nothing.
Result<void> writeState(const SandboxInfo& info);
/// NotFound while the sandbox is still starting.
Result<SandboxInfo> readState(const QString& dir);

}  // namespace cachedeck
