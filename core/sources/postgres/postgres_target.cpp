// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_target.h"

#include "core/base/resolver.h"
#include "core/base/text.h"
#include "core/sources/postgres/postgres_locale.h"

#include <libpq-fe.h>

#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>
#include <cstring>
#include <memory>

namespace cachedeck {

namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

Connection start(const PostgresParameters& parameters) {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : parameters) {
    keywords.push_back(keyword.constData());
    values.push_back(value.constData());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  return {PQconnectStartParams(keywords.data(), values.data(), 0), PQfinish};
}

/// libpq merges service file, environment and defaults only while it starts a connection. A value that it refuses after
/// merging, and before it opens a socket, makes it do just that; the dummy password keeps it from reading .pgpass.
Connection merge(PostgresParameters parameters, const char* refusedKeyword) {
  parameters[refusedKeyword] = "merge-only";
  parameters["password"] = "-";
  return start(parameters);
}

Error mergeError(const PostgresParameters& parameters, const QString& text) {
  const QString service = printable(parameters.contains("service") ? parameters.at("service") : qgetenv("PGSERVICE"));
  if (text.contains(QStringLiteral("definition of service")))
    return fail(Error::Kind::NotFound, QStringLiteral("The service “%1” is not defined in ~/.pg_service.conf or the system's pg_service.conf. Check its name.").arg(service));
  if (text.contains(QStringLiteral("service file")))
    return fail(Error::Kind::NotFound, QStringLiteral("The service “%1” cannot be read: the service file is missing or malformed. Check ~/.pg_service.conf or PGSERVICEFILE.").arg(service));
  if (text.contains(QStringLiteral("could not match")))
    return fail(Error::Kind::Usage, QStringLiteral("The numbers of PostgreSQL hosts, addresses and ports differ. Give one port, or one for each host."));
  static const QRegularExpression invalid(QStringLiteral("^invalid ([a-z_]+) value"));
  const QString keyword = invalid.match(text).captured(1);
  if (!keyword.isEmpty())
    return fail(Error::Kind::Usage, QStringLiteral("libpq does not accept the value of “%1”. Check the fields, the service file and PG… environment variables.").arg(keyword));
  return fail(Error::Kind::Usage, QStringLiteral("libpq does not accept these connection settings. Check the fields and further parameters."));
}

PostgresParameters mergedValues(PGconn* connection) {
  PostgresParameters values;
  PQconninfoOption* const options = PQconninfo(connection);
  for (const PQconninfoOption* row = options; row && row->keyword; ++row) {
    if (!row->val) continue;
    if (std::strcmp(row->keyword, "password") != 0 && std::strcmp(row->keyword, "sslpassword") != 0)
      values[row->keyword] = row->val;
    else
      wipe(row->val, std::strlen(row->val));
  }
  PQconninfoFree(options);
  return values;
}

QByteArray taken(PostgresParameters& values, const char* keyword) {
  const auto found = values.find(keyword);
  if (found == values.end()) return {};
  const QByteArray value = found->second;
  values.erase(found);
  return value;
}

std::vector<PostgresPlace> placesOf(const QByteArray& hosts, const QByteArray& addresses, const QByteArray& ports, const QByteArray& defaultHost) {
  const QByteArrayList hostList = hosts.split(',');
  const QByteArrayList addressList = addresses.split(',');
  const QByteArrayList portList = ports.split(',');
  std::vector<PostgresPlace> places;
  for (qsizetype i = 0; i < std::max(hostList.size(), addressList.size()); ++i) {
    PostgresPlace place{hostList.value(i).trimmed(), addressList.value(i).trimmed(), portList.value(portList.size() == 1 ? 0 : i).trimmed()};
    if (place.host.isEmpty()) place.host = place.address.isEmpty() ? defaultHost : place.address;
    if (place.port.isEmpty()) place.port = "5432";
    places.push_back(place);
  }
  return places;
}

/// The password file, where libpq will warn and pass it over for its permissions.
QString ignoredPasswordFile(const QByteArray& configured) {
  const QString path = configured.isEmpty() ? QString::fromLocal8Bit(qgetenv("HOME")) + QStringLiteral("/.pgpass") : QString::fromUtf8(configured);
  const QFileInfo file(path);
  const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
  return file.isFile() && (file.permissions() & others) ? path : QString();
}

std::chrono::milliseconds patienceOf(const QByteArray& connectTimeout) {
  const int seconds = connectTimeout.toInt();
  return std::chrono::seconds(seconds <= 0 ? 5 : std::min(seconds, 60));
}

}  // namespace

QString PostgresPlace::text() const {
  if (isSocket()) return printable(host) + QStringLiteral("/.s.PGSQL.") + printable(port);
  const QString name = printable(host);
  return (name.contains(QLatin1Char(':')) ? QLatin1Char('[') + name + QLatin1Char(']') : name) + QLatin1Char(':') + printable(port);
}

QString PostgresTarget::text() const {
  QStringList texts;
  for (const PostgresPlace& place : places)
    if (!texts.contains(place.text())) texts += place.text();
  return texts.join(QStringLiteral(", "));
}

Result<PostgresTarget> postgresTarget(const SourceSettings& settings) {
  auto parameters = postgresParameters(settings);
  if (!parameters) return parameters.error();
  const EnglishMessages english;
  static constexpr char refused[] = "target_session_attrs";
  const Connection merged = merge(*parameters, refused);
  if (!merged) return fail(Error::Kind::Io, QStringLiteral("There is not enough memory to connect."));
  const QString text = QString::fromUtf8(PQerrorMessage(merged.get()));
  if (!text.contains(QLatin1String(refused))) return mergeError(*parameters, text);

  PostgresTarget target;
  PostgresParameters values = mergedValues(merged.get());
  // The value that the merge put over the true one comes from a second merge that spoils another.
  values[refused] = mergedValues(merge(*parameters, "channel_binding").get())[refused];
  // Again, for a password that stands there: it is not among the merged values, and libpq does not tell the service.
  if (parameters->contains("service")) values["service"] = parameters->at("service");
  target.places = placesOf(taken(values, "host"), taken(values, "hostaddr"), taken(values, "port"), PQhost(merged.get()));
  target.patience = patienceOf(taken(values, "connect_timeout"));
  target.user = printable(QByteArray(PQuser(merged.get())));
  target.database = printable(QByteArray(PQdb(merged.get())));
  target.passwordFile = ignoredPasswordFile(values.contains("passfile") ? values.at("passfile") : QByteArray());
  target.parameters = std::move(values);
  return target;
}

Result<void> resolvePlaces(PostgresTarget& target, const Deadline& deadline, std::stop_token stop) {
  std::vector<PostgresPlace> resolved;
  Error error;
  for (const PostgresPlace& place : target.places) {
    if (place.isSocket() || !place.address.isEmpty()) {
      resolved.push_back(place);
      continue;
    }
    const auto addresses = resolveHost(QString::fromUtf8(place.host), deadline, stop);
    if (!addresses) error = addresses.error();
    if (error.isCancelled()) return error;
    if (!addresses) continue;
    for (const QHostAddress& address : *addresses) resolved.push_back({place.host, address.toString().toLatin1(), place.port});
  }
  if (resolved.empty()) return error;
  target.places = std::move(resolved);
  return {};
}

}  // namespace cachedeck
