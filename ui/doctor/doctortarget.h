// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/source.h"

#include <QMap>

namespace cachedeck {

/// What the doctor looks at.
struct DoctorTarget {
  QString profile;                        ///< name
  QMap<QString, SourceSettings> sources;  ///< by id in the registry, with their secrets
  QString serviceUrl{};                   ///< of the service; empty: it is not asked
};

}  // namespace cachedeck
