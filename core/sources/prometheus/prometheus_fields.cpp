// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/prometheus/prometheus_fields.h"

#include <QRegularExpression>

#include <algorithm>

namespace cachedeck {

namespace {

#define TR(text) QT_TRANSLATE_NOOP("Field", text)

constexpr const char* urlLabel = TR("URL");
constexpr const char* urlHelp = TR("http:// or https://, host, port, and the path prefix where there is one (Mimir: /prometheus)");

#define URL_FIELD(example) {"url", urlLabel, FieldInfo::Kind::Text, example, urlHelp}
#define COMMON_FIELDS                                                                                                   \
  {"auth", TR("Authentication"), FieldInfo::Kind::Choice, "", TR("Basic asks for user and password, bearer for a token"), "none|basic|bearer"}, \
  {"user", TR("User"), FieldInfo::Kind::Text, "", TR("Only for basic authentication")},                                 \
  {"password", TR("Password or token"), FieldInfo::Kind::Secret, "", TR("The password for basic, the token for bearer authentication")}, \
  {"ca", TR("CA file"), FieldInfo::Kind::File, "", TR("PEM file of the authority that signed the server's certificate; empty for those of the system")}, \
  {"cert", TR("Client certificate"), FieldInfo::Kind::File, "", TR("PEM file, where the server asks for one")},         \
  {"key", TR("Client key"), FieldInfo::Kind::File, "", TR("PEM file of the certificate's private key; empty when both are in one file")}, \
  {"header", TR("Extra header"), FieldInfo::Kind::Text, "", TR("Name of one more request header, such as X-Scope-OrgID for Mimir")}, \
  {"header_value", TR("Header value"), FieldInfo::Kind::Secret, "", TR("Value of that header, kept like a password")}

const FieldInfo prometheusRows[] = {
    URL_FIELD("http://127.0.0.1:9090"),
    COMMON_FIELDS,
    {"redis_selector", TR("Redis selector"), FieldInfo::Kind::Text, "",
     TR("Labels that pick this Redis where Prometheus watches several: instance=\"10.0.0.5:9121\"")},
    {"postgres_selector", TR("PostgreSQL selector"), FieldInfo::Kind::Text, "",
     TR("Labels that pick this PostgreSQL where Prometheus watches several: instance=\"10.0.0.5:9187\"")},
    {"app_selector", TR("Service selector"), FieldInfo::Kind::Text, "",
     TR("Labels that pick your service where Prometheus scrapes several: job=\"api\"; what matches is summed")},
};
const FieldInfo alertmanagerRows[] = {URL_FIELD("http://127.0.0.1:9093"), COMMON_FIELDS};
const FieldInfo pushgatewayRows[] = {URL_FIELD("http://127.0.0.1:9091"), COMMON_FIELDS};

#undef COMMON_FIELDS
#undef URL_FIELD
#undef TR

Error wrong(const QString& message) { return fail(Error::Kind::Usage, message); }

bool hasControl(const QByteArray& bytes) {
  return std::any_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// The URL with a user part still in it.
Result<QUrl> parsedUrl(const QString& text) {
  const QUrl url(text.trimmed());
  if (url.scheme() != QLatin1String("http") && url.scheme() != QLatin1String("https"))
    return wrong(QStringLiteral("The URL must start with http:// or https://."));
  if (!url.isValid() || url.host().isEmpty())
    return wrong(QStringLiteral("The URL has no valid host and port. It should look like https://host:9090/prefix."));
  if (url.hasQuery() || url.hasFragment())
    return wrong(QStringLiteral("The URL must end with the path prefix, without ? or #. A user name or password in it has such characters percent-encoded."));
  return url;
}

Result<HttpSettings> withAuth(HttpSettings http, const SourceSettings& settings) {
  const QString auth = settings.field(QStringLiteral("auth"), QStringLiteral("none"));
  http.user = settings.field(QStringLiteral("user"));
  http.secret = settings.secrets.value(QStringLiteral("password"));
  if (auth == QLatin1String("basic"))
    http.auth = HttpSettings::Auth::Basic;
  else if (auth == QLatin1String("bearer"))
    http.auth = HttpSettings::Auth::Bearer;
  else if (auth != QLatin1String("none"))
    return wrong(QStringLiteral("Authentication must be none, basic or bearer."));
  if (http.auth == HttpSettings::Auth::Basic && (http.user.isEmpty() || http.user.contains(QLatin1Char(':'))))
    return wrong(QStringLiteral("Basic authentication needs a user name, which cannot hold a colon."));
  if (http.auth == HttpSettings::Auth::Bearer && http.secret.isEmpty())
    return wrong(QStringLiteral("Bearer authentication needs a token."));
  if (http.auth == HttpSettings::Auth::Bearer && hasControl(http.secret.reveal()))
    return wrong(QStringLiteral("The token holds a line break or another control character."));
  return http;
}

Result<HttpSettings> withHeader(HttpSettings http, const SourceSettings& settings) {
  static const QRegularExpression token(QStringLiteral("\\A[A-Za-z0-9!#$%&'*+.^_`|~-]+\\z"));
  static const QList<QByteArray> ours{"host", "content-length", "content-type", "connection", "transfer-encoding", "accept-encoding"};
  const QString name = settings.field(QStringLiteral("header")).trimmed();
  if (name.isEmpty()) return http;
  http.header = name.toLatin1();
  http.headerValue = settings.secrets.value(QStringLiteral("header_value"));
  if (!token.match(name).hasMatch() || ours.contains(http.header.toLower()))
    return wrong(QStringLiteral("The extra header's name is not one that can be sent. An example is X-Scope-OrgID."));
  if (hasControl(http.headerValue.reveal()))
    return wrong(QStringLiteral("The extra header's value holds a line break or another control character."));
  return http;
}

}  // namespace

std::span<const FieldInfo> prometheusFields() { return prometheusRows; }
std::span<const FieldInfo> alertmanagerFields() { return alertmanagerRows; }
std::span<const FieldInfo> pushgatewayFields() { return pushgatewayRows; }

Result<HttpSettings> httpSettings(const SourceSettings& settings, std::span<const FieldInfo> fields) {
  const Result<QUrl> url = parsedUrl(settings.field(QStringLiteral("url"), QString::fromLatin1(fields.front().placeholder)));
  if (!url) return url.error();
  if (!url->userInfo().isEmpty())
    return wrong(QStringLiteral("User and password do not belong into the URL here. Enter them in their own fields."));
  HttpSettings http;
  http.base = url->adjusted(QUrl::NormalizePathSegments);
  http.caFile = settings.field(QStringLiteral("ca"));
  http.certificateFile = settings.field(QStringLiteral("cert"));
  http.keyFile = settings.field(QStringLiteral("key"));
  Result<HttpSettings> authorized = withAuth(std::move(http), settings);
  if (!authorized) return authorized;
  return withHeader(std::move(authorized).value(), settings);
}

Result<SourceSettings> httpSettingsFromUrl(const QString& text) {
  const Result<QUrl> url = parsedUrl(text);
  if (!url) return url.error();
  SourceSettings settings;
  QString plain = url->adjusted(QUrl::RemoveUserInfo | QUrl::StripTrailingSlash).toString(QUrl::FullyEncoded);
  if (plain.endsWith(QLatin1Char('/'))) plain.chop(1);  // Qt keeps the root's
  settings.fields.insert(QStringLiteral("url"), plain);
  const QString user = url->userName(QUrl::FullyDecoded);
  const QString password = url->password(QUrl::FullyDecoded);
  if (user.isEmpty() && password.isEmpty()) return settings;
  if (user.isEmpty()) return wrong(QStringLiteral("The URL holds a password without a user name."));
  settings.fields.insert(QStringLiteral("auth"), QStringLiteral("basic"));
  settings.fields.insert(QStringLiteral("user"), user);
  if (!password.isEmpty()) settings.secrets.insert(QStringLiteral("password"), Secret::fromString(password));
  return settings;
}

}  // namespace cachedeck
