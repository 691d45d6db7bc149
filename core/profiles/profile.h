// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sources/source.h"

#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>
#include <QUuid>

#include <span>

namespace cachedeck {

/// What a profile's servers are for. Shown in the window's frame; Production makes dangerous actions ask more.
enum class Environment { Development, Staging, Production };

/// "development", "staging", "production": as in the profile file.
QString environmentKey(Environment environment);
/// The environment of a key; Production for a word that is not known, which errs on the careful side.
Environment environmentFromKey(const QString& key);

/// Where a profile's passwords are kept.
enum class SecretPlace { Keyring, Session };

/// One server of a profile.
struct ProfileSource {
  bool enabled = true;
  QMap<QString, QString> fields;  ///< values of the source's field table, secrets apart
  QStringList secretFields;       ///< keys of the secrets that this source uses; the values lie in a SecretStore
  QString lastServerId;           ///< Identity::serverId at the last connect, to notice another server
  QJsonObject extra;              ///< keys of a newer version, written back unchanged

  bool operator==(const ProfileSource&) const = default;
};

/// A named set of servers that belong together. Never holds a secret.
struct Profile {
  QUuid id;
  QString name;
  Environment environment = Environment::Production;
  SecretPlace secretPlace = SecretPlace::Keyring;
  QMap<QString, ProfileSource> sources;  ///< by source id
  QMap<QString, QString> fields;         ///< values of profileFields()
  QJsonObject ownPanels;                 ///< own charts of the Overview, as customPanelsJson() writes them
  QJsonObject extra;                     ///< as a source's
  QMap<QString, QString> limitsOf;       ///< of one made of URLs: the saved profile whose limit stands in a field, by the field's key; in no file

  bool operator==(const Profile&) const = default;
};

constexpr qsizetype longestProfileName = 64;

/// What stands for the name of a profile that a command was given as URLs.
inline constexpr char urlsName[] = "command line";
/// Whether what a record calls its profile is a saved one's name: not nothing, and not `urlsName`.
bool isSavedName(const QString& name);

/// A copy without anything secret: fields that the registry calls Secret, passwords inside URLs and "password=…" in texts.
/// `removed` tells how many were found.
Profile withoutSecrets(const Profile& profile, std::span<const SourceInfo> registry, int* removed = nullptr);

/// Whether every enabled server is on this machine (loopback address, localhost or a socket path). A service name, whose
/// host is not known here, counts as elsewhere.
bool isLocal(const Profile& profile);
/// Development for local servers, Production for all others: the choice for imported and typed-in addresses.
Environment suggestedEnvironment(const Profile& profile);

/// "10.0.0.5:6379", a socket's path or a URL, for lists; the field table's default fills what is empty.
QString endpointText(const SourceInfo& info, const QMap<QString, QString>& fields);

}  // namespace cachedeck
