// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/profile.h"

#include "core/base/host.h"
#include "core/base/text.h"
#include "core/profiles/profile_fields.h"

#include <QRegularExpression>
#include <QUrl>

namespace cachedeck {

namespace {

// The keys under which field tables name an address.
const QString hostKey = QStringLiteral("host");
const QString portKey = QStringLiteral("port");
const QString urlKey = QStringLiteral("url");
const QString socketKey = QStringLiteral("socket");
const QString serviceKey = QStringLiteral("service");

const FieldInfo* fieldOf(const SourceInfo& info, const QString& key) {
  for (const FieldInfo& field : info.fields)
    if (key == QLatin1String(field.key)) return &field;
  return nullptr;
}

QString valueOrDefault(const SourceInfo& info, const QMap<QString, QString>& fields, const QString& key) {
  const QString value = fields.value(key);
  const FieldInfo* const field = fieldOf(info, key);
  return value.isEmpty() && field ? QString::fromUtf8(field->placeholder) : value;
}

// A field of a host may hold a socket's place as well, or nothing, which is the default on this machine.
bool isLocalPlace(const QString& host) { return host.isEmpty() || host.startsWith(QLatin1Char('/')) || host.startsWith(QLatin1Char('@')) || isThisMachine(host); }

bool isLocalSource(const QMap<QString, QString>& fields) {
  if (!fields.value(serviceKey).isEmpty()) return false;
  const QUrl url(fields.value(urlKey));
  if (!url.isEmpty() && !isLocalPlace(url.host())) return false;
  const QStringList hosts = fields.value(hostKey).split(QLatin1Char(','));
  return std::all_of(hosts.begin(), hosts.end(), [](const QString& host) { return isLocalPlace(host.trimmed()); });
}

// The text without a password that somebody wrote into it.
QString cleaned(const QString& text) {
  static const QRegularExpression inUrl(QStringLiteral("^([a-zA-Z][a-zA-Z0-9+.-]*://[^/?#:@]*):[^/?#]*@"));
  static const QRegularExpression assigned(
      QStringLiteral("\\b(password|sslpassword|passwd)\\s*=\\s*('([^'\\\\]|\\\\.)*'|[^\\s&]*)"),
      QRegularExpression::CaseInsensitiveOption);
  return QString(text).replace(inUrl, QStringLiteral("\\1@")).remove(assigned);
}

}  // namespace

bool isSavedName(const QString& name) { return !name.isEmpty() && name != QLatin1String(urlsName); }

QString environmentKey(Environment environment) {
  switch (environment) {
    case Environment::Development: return QStringLiteral("development");
    case Environment::Staging: return QStringLiteral("staging");
    case Environment::Production: break;
  }
  return QStringLiteral("production");
}

Environment environmentFromKey(const QString& key) {
  for (const Environment environment : {Environment::Development, Environment::Staging})
    if (key == environmentKey(environment)) return environment;
  return Environment::Production;
}

Profile withoutSecrets(const Profile& profile, std::span<const SourceInfo> registry, int* removed) {
  Profile clean = profile;
  int found = 0;
  for (QString& value : clean.fields) {
    const QString text = cleaned(value);
    found += text != value ? 1 : 0;
    value = text;
  }
  for (auto source = clean.sources.begin(); source != clean.sources.end(); ++source) {
    const auto info = std::find_if(registry.begin(), registry.end(),
                                   [&](const SourceInfo& row) { return source.key() == QLatin1String(row.id); });
    QMap<QString, QString>& fields = source->fields;
    for (auto value = fields.begin(); value != fields.end();) {
      const FieldInfo* const field = info == registry.end() ? nullptr : fieldOf(*info, value.key());
      const bool secret = field ? field->kind == FieldInfo::Kind::Secret
                                : value.key().contains(QLatin1String("password"), Qt::CaseInsensitive);
      const QString text = cleaned(*value);
      found += (secret && !value->isEmpty()) || text != *value ? 1 : 0;
      *value = text;
      value = secret ? fields.erase(value) : std::next(value);
    }
  }
  if (removed) *removed = found;
  return clean;
}

bool isLocal(const Profile& profile) {
  if (const QUrl service(profile.fields.value(QLatin1String(serviceUrlField))); !service.isEmpty() && !isLocalPlace(service.host())) return false;
  return std::all_of(profile.sources.begin(), profile.sources.end(),
                     [](const ProfileSource& source) { return !source.enabled || isLocalSource(source.fields); });
}

Environment suggestedEnvironment(const Profile& profile) {
  return isLocal(profile) ? Environment::Development : Environment::Production;
}

QString endpointText(const SourceInfo& info, const QMap<QString, QString>& fields) {
  for (const QString& key : {socketKey, urlKey})
    if (const QString value = fields.value(key); !value.isEmpty()) return printable(cleaned(value));
  if (const QString service = fields.value(serviceKey); !service.isEmpty())
    return QStringLiteral("service=") + printable(service);
  if (!fieldOf(info, hostKey)) return printable(valueOrDefault(info, fields, urlKey));
  QString host = valueOrDefault(info, fields, hostKey);
  if (host.startsWith(QLatin1Char('/'))) return printable(host);
  if (host.contains(QLatin1Char(':')) && !host.contains(QLatin1Char(','))) host = QLatin1Char('[') + host + QLatin1Char(']');
  const QString port = valueOrDefault(info, fields, portKey);
  return printable(port.isEmpty() ? host : host + QLatin1Char(':') + port);
}

}  // namespace cachedeck
