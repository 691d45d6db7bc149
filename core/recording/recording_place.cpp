// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recording/recording_place.h"

#include "core/journal/journal.h"
#include "core/profiles/profile_fields.h"

namespace cachedeck::recording {

namespace {

QString serversOf(const Profile& profile) {
  QStringList servers;
  for (const SourceInfo& info : sourceRegistry())
    if (const auto source = profile.sources.constFind(QLatin1String(info.id)); source != profile.sources.constEnd())
      servers += QLatin1String(info.title) + QLatin1Char(' ') + endpointText(info, source->fields);
  return servers.join(QStringLiteral(", "));
}

}  // namespace

QString recordingFolder() { return stateDirectory() + QStringLiteral("/recordings"); }

RecordingPlace recordingPlace(const Profile& profile, bool isSaved, const QString& folder) {
  const QString servers = serversOf(profile);
  const QUuid id = isSaved ? profile.id : QUuid::createUuidV5(QUuid(), servers);  // the same servers go on in the same file
  return {folder + QLatin1Char('/') + id.toString(QUuid::WithoutBraces) + QStringLiteral(".sqlite"), isSaved ? profile.name : servers, environmentKey(profile.environment), true};
}

// The words of a switch in a connection form.
bool isRecorded(const Profile& profile) {
  static const QStringList words{QStringLiteral("true"), QStringLiteral("1"), QStringLiteral("on"), QStringLiteral("yes")};
  return words.contains(profile.fields.value(QLatin1String(recordField)).trimmed().toLower());
}

}  // namespace cachedeck::recording
