// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/profile.h"

#include <QByteArray>

namespace cachedeck {

/// The content of profiles.json.
struct ProfileDocument {
  QList<Profile> profiles;
  QUuid lastUsed;
  QJsonObject extra;
  QStringList notices;  ///< what was put right while reading, one sentence each

  const Profile* find(const QUuid& id) const;
  Profile* find(const QUuid& id);
};

/// Reads the bytes of a profile file. Protocol error for what is not one or is damaged; Usage when a newer version of
/// the program wrote it. Unknown keys are kept; unknown environments become Production.
Result<ProfileDocument> parseProfiles(const QByteArray& bytes, std::span<const SourceInfo> registry);
QByteArray serialiseProfiles(const ProfileDocument& document);

constexpr qint64 largestProfileFile = 4 << 20;

}  // namespace cachedeck
