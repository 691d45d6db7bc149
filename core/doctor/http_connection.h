// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/doctor/evidence.h"
#include "core/doctor/finding.h"

namespace cachedeck::doctor {

/// A server that is asked by HTTP, as sentences name it.
struct HttpRole {
  const char* title;        ///< "Prometheus"
  const char* consequence;  ///< what is so while it does not run: "Grafana has no data"
  const char* start;        ///< how it is started, a sentence
  const char* restart;      ///< how one that hangs is started anew, the end of a sentence
  const char* where;        ///< who else has its address, to be compared
  Severity severity;
};

/// What keeps this program from it, by the kind of the error; nothing where it answers or was not to be asked.
Findings httpConnection(const HttpRole& role, const Server& server);

}  // namespace cachedeck::doctor
