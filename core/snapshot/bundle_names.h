// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace cachedeck::snapshot {

inline constexpr char manifestName[] = "manifest.json";
inline constexpr char journalName[] = "journal.json";

/// The folders of a bundle, and what a name in them ends with.
struct Folder {
  const char* path;   ///< "series/"
  const char* suffix;  ///< ".csv"
};
inline constexpr Folder seriesFolder{"series/", ".csv"}, factsFolder{"facts/", ".json"}, runsFolder{"runs/", ".json"};

QByteArray memberIn(const Folder& folder, const QByteArray& name);
/// "redis" of "series/redis.csv"; null where the member is not of this folder.
QByteArray nameIn(const Folder& folder, const QByteArray& member);

/// At most one folder, of letters, digits and ._-; no other name is in any bundle of any version. The reason says what is wrong.
Result<void> checkMemberName(const QByteArray& name);

/// Letters, digits and ._-, beginning with a letter or digit, at most 64.
bool isPartName(QByteArrayView name);
/// As isPartName, and also : and /, at most 128: known or not, it is a plain word, in a table as in a spreadsheet.
bool isMetricId(QByteArrayView id);

}  // namespace cachedeck::snapshot
