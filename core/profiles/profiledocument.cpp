// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/profiledocument.h"

#include "core/base/text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

namespace cachedeck {

namespace {

constexpr int formatVersion = 1;
constexpr qsizetype mostProfiles = 1000;
const QString formatName = QStringLiteral("cachedeck-profiles");

const QString formatKey = QStringLiteral("format"), versionKey = QStringLiteral("version"),
              lastUsedKey = QStringLiteral("lastUsed"), profilesKey = QStringLiteral("profiles"),
              idKey = QStringLiteral("id"), nameKey = QStringLiteral("name"),
              environmentField = QStringLiteral("environment"), placeKey = QStringLiteral("secrets"),
              sourcesKey = QStringLiteral("sources"), enabledKey = QStringLiteral("enabled"),
              fieldsKey = QStringLiteral("fields"), secretFieldsKey = QStringLiteral("secretFields"),
              serverIdKey = QStringLiteral("lastServerId"), ownPanelsKey = QStringLiteral("own_panels");
const QString sessionWord = QStringLiteral("session"), keyringWord = QStringLiteral("keyring");

QJsonObject without(QJsonObject object, std::initializer_list<QString> keys) {
  for (const QString& key : keys) object.remove(key);
  return object;
}

QMap<QString, QString> fieldsFrom(const QJsonObject& object) {
  QMap<QString, QString> values;
  const QJsonObject fields = object.value(fieldsKey).toObject();
  for (auto field = fields.begin(); field != fields.end(); ++field) values.insert(field.key(), field->toVariant().toString());
  return values;
}

QJsonObject objectFrom(const QMap<QString, QString>& values) {
  QJsonObject fields;
  for (auto field = values.begin(); field != values.end(); ++field) fields.insert(field.key(), *field);
  return fields;
}

ProfileSource sourceFrom(const QJsonObject& object) {
  ProfileSource source;
  source.enabled = object.value(enabledKey).toBool(true);
  source.fields = fieldsFrom(object);
  for (const QJsonValue& key : object.value(secretFieldsKey).toArray()) source.secretFields += key.toString();
  source.lastServerId = object.value(serverIdKey).toString();
  source.extra = without(object, {enabledKey, fieldsKey, secretFieldsKey, serverIdKey});
  return source;
}

QJsonObject objectFrom(const ProfileSource& source) {
  QJsonObject object = source.extra;
  object.insert(enabledKey, source.enabled);
  object.insert(fieldsKey, objectFrom(source.fields));
  object.insert(secretFieldsKey, QJsonArray::fromStringList(source.secretFields));
  if (!source.lastServerId.isEmpty()) object.insert(serverIdKey, source.lastServerId);
  return object;
}

Profile profileFrom(const QJsonObject& object) {
  Profile profile;
  profile.id = QUuid::fromString(object.value(idKey).toString());
  profile.name = object.value(nameKey).toString().left(longestProfileName);
  profile.environment = environmentFromKey(object.value(environmentField).toString());
  profile.secretPlace = object.value(placeKey).toString() == sessionWord ? SecretPlace::Session : SecretPlace::Keyring;
  const QJsonObject sources = object.value(sourcesKey).toObject();
  for (auto source = sources.begin(); source != sources.end(); ++source)
    profile.sources.insert(source.key(), sourceFrom(source->toObject()));
  profile.fields = fieldsFrom(object);
  profile.ownPanels = object.value(ownPanelsKey).toObject();
  profile.extra = without(object, {idKey, nameKey, environmentField, placeKey, sourcesKey, fieldsKey, ownPanelsKey});
  return profile;
}

QJsonObject objectFrom(const Profile& profile) {
  QJsonObject sources;
  for (auto source = profile.sources.begin(); source != profile.sources.end(); ++source)
    sources.insert(source.key(), objectFrom(*source));
  QJsonObject object = profile.extra;
  object.insert(idKey, profile.id.toString(QUuid::WithoutBraces));
  object.insert(nameKey, profile.name);
  object.insert(environmentField, environmentKey(profile.environment));
  object.insert(placeKey, profile.secretPlace == SecretPlace::Session ? sessionWord : keyringWord);
  object.insert(sourcesKey, sources);
  if (!profile.fields.isEmpty()) object.insert(fieldsKey, objectFrom(profile.fields));
  if (!profile.ownPanels.isEmpty()) object.insert(ownPanelsKey, profile.ownPanels);
  return object;
}

// Two profiles of one id would share passwords; two of one name could not be told apart on the command line.
void makeUnique(Profile& profile, QSet<QUuid>& ids, QSet<QString>& names, QStringList& notices) {
  if (profile.id.isNull() || ids.contains(profile.id)) {
    profile.id = QUuid::createUuid();
    notices += QStringLiteral("The profile “%1” had no identity of its own and got a new one; enter its passwords again.")
                   .arg(printable(profile.name));
  }
  const QString base = profile.name.trimmed().isEmpty() ? QStringLiteral("Profile") : profile.name.trimmed();
  profile.name = base;
  for (int number = 2; names.contains(profile.name.toCaseFolded()); ++number)
    profile.name = QStringLiteral("%1 (%2)").arg(base).arg(number);
  ids.insert(profile.id);
  names.insert(profile.name.toCaseFolded());
}

Error damaged(const QString& reason) { return fail(Error::Kind::Protocol, reason); }

Result<QJsonObject> rootOf(const QByteArray& bytes) {
  QJsonParseError parse;
  const QJsonDocument json = QJsonDocument::fromJson(bytes, &parse);
  if (!json.isObject()) return damaged(QStringLiteral("It is not JSON: %1.").arg(parse.errorString()));
  const QJsonObject root = json.object();
  if (root.value(formatKey).toString() != formatName)
    return damaged(QStringLiteral("It is not a profile file of Cachedeck."));
  const int version = root.value(versionKey).toInt();
  if (version > formatVersion)
    return fail(Error::Kind::Usage, QStringLiteral("A newer version of Cachedeck wrote it (format %1).").arg(version));
  if (version < 1 || !root.value(profilesKey).isArray()) return damaged(QStringLiteral("It is incomplete."));
  if (root.value(profilesKey).toArray().size() > mostProfiles)
    return damaged(QStringLiteral("It holds more than %1 profiles.").arg(mostProfiles));
  return root;
}

}  // namespace

const Profile* ProfileDocument::find(const QUuid& id) const {
  for (const Profile& profile : profiles)
    if (profile.id == id) return &profile;
  return nullptr;
}

Profile* ProfileDocument::find(const QUuid& id) { return const_cast<Profile*>(std::as_const(*this).find(id)); }

Result<ProfileDocument> parseProfiles(const QByteArray& bytes, std::span<const SourceInfo> registry) {
  auto root = rootOf(bytes);
  if (!root) return root.error();
  ProfileDocument document;
  QSet<QUuid> ids;
  QSet<QString> names;
  for (const QJsonValue& value : root->value(profilesKey).toArray()) {
    int removed = 0;
    Profile profile = withoutSecrets(profileFrom(value.toObject()), registry, &removed);
    makeUnique(profile, ids, names, document.notices);
    if (removed > 0)
      document.notices += QStringLiteral("A password stood in the file, in profile “%1”, and was ignored. Enter it in the "
                                         "connection form, which keeps it in the keyring.")
                              .arg(printable(profile.name));
    document.profiles += profile;
  }
  document.lastUsed = QUuid::fromString(root->value(lastUsedKey).toString());
  document.extra = without(*root, {formatKey, versionKey, lastUsedKey, profilesKey});
  return document;
}

QByteArray serialiseProfiles(const ProfileDocument& document) {
  QJsonArray profiles;
  for (const Profile& profile : document.profiles) profiles += objectFrom(profile);
  QJsonObject root = document.extra;
  root.insert(formatKey, formatName);
  root.insert(versionKey, formatVersion);
  if (!document.lastUsed.isNull()) root.insert(lastUsedKey, document.lastUsed.toString(QUuid::WithoutBraces));
  root.insert(profilesKey, profiles);
  return QJsonDocument(root).toJson();
}

}  // namespace cachedeck
