// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QMap>
#include <QString>

#include <csignal>
#include <span>

namespace cachedeck {

/// A server of the sandbox. Texts may hold @NAME@, filled in from the values of the sandbox (templates.h); lists are
/// parted by |.
struct ServerInfo {
  const char* id;           ///< key of its pid and port: "redis"
  const char* title;
  const char* programs;     ///< Debian's name first, then the upstream one
  const char* package;      ///< Debian package that brings it
  int stage;                ///< 0: starts at once; 1: after initdb; 2: after the database's accounts are made
  const char* arguments;
  const char* environment;  ///< beside PATH, LANG and HOME
  bool (*ready)(quint16 port);
  int stopSignal = SIGTERM;
  int deathSignal = SIGKILL;  ///< when the supervisor dies
};

std::span<const ServerInfo> serverTable();

/// The program of every server, by id. NotFound names all that are missing with the packages that bring them.
Result<QMap<QString, QString>> findServerPrograms();

}  // namespace cachedeck
