// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_settings.h"

#include <libpq-fe.h>

#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <cstring>

namespace cachedeck {

namespace {

#define TR(text) QT_TRANSLATE_NOOP("Field", text)
using Kind = FieldInfo::Kind;

const FieldInfo fieldRows[] = {
    {"host", TR("Host or socket directory"), Kind::Text, "/var/run/postgresql", TR("Name, address, or the directory of the Unix socket; several parted by commas are tried in turn.")},
    {"port", TR("Port"), Kind::Text, "5432", TR("One for all hosts, or as many as there are hosts, parted by commas.")},
    {"database", TR("Database"), Kind::Text, "", TR("The one where pg_stat_statements is installed; when empty, the one named like the user.")},
    {"user", TR("User"), Kind::Text, "", TR("A role with pg_monitor sees everything; when empty, the name of the system's user.")},
    {"password", TR("Password"), Kind::Secret, "", TR("When empty, libpq looks into the password file (~/.pgpass).")},
    {"service", TR("Service"), Kind::Text, "", TR("A section of pg_service.conf; fields filled in here win over it.")},
    {"sslmode", TR("TLS"), Kind::Choice, "prefer", TR("Only verify-ca and verify-full check whom they talk to."), "prefer|disable|allow|require|verify-ca|verify-full"},
    {"sslrootcert", TR("CA file"), Kind::File, "", TR("PEM file that vouches for the server; when empty, ~/.postgresql/root.crt.")},
    {"sslcert", TR("Client certificate"), Kind::File, "", TR("PEM file, for servers that ask for one.")},
    {"sslkey", TR("Client key"), Kind::File, "", TR("PEM file of the client certificate's key, readable by you alone.")},
    {"sslpassword", TR("Key password"), Kind::Secret, "", TR("Only when the client key is encrypted.")},
    {"parameters", TR("Further parameters"), Kind::Text, "", TR("libpq keywords such as target_session_attrs=read-write.")},
};

#undef TR

struct FieldKeyword {
  const char* keyword;
  const char* field;
};
constexpr FieldKeyword fieldKeywords[] = {
    {"host", "host"}, {"port", "port"}, {"dbname", "database"}, {"user", "user"}, {"service", "service"},
    {"sslmode", "sslmode"}, {"sslrootcert", "sslrootcert"}, {"sslcert", "sslcert"}, {"sslkey", "sslkey"},
};
constexpr const char* secretKeywords[] = {"password", "sslpassword"};
// Connection behaviour only: nothing that changes what our statements mean or that runs programs.
constexpr const char* allowedKeywords[] = {
    "channel_binding", "connect_timeout", "gssencmode", "gsslib", "hostaddr", "keepalives", "keepalives_count",
    "keepalives_idle", "keepalives_interval", "krbsrvname", "load_balance_hosts", "options", "passfile", "require_auth",
    "requirepeer", "ssl_max_protocol_version", "ssl_min_protocol_version", "sslcertmode", "sslcompression", "sslcrl",
    "sslcrldir", "sslnegotiation", "sslsni", "target_session_attrs", "tcp_user_timeout"};
// Set by this program; an application's own values in a copied URL are no reason to refuse it.
constexpr const char* ignoredKeywords[] = {"application_name", "client_encoding", "fallback_application_name"};

template <typename Table>
bool contains(const Table& table, const char* keyword) {
  return std::any_of(std::begin(table), std::end(table), [keyword](const char* row) { return std::strcmp(row, keyword) == 0; });
}

const char* fieldOf(const char* keyword) {
  for (const FieldKeyword& row : fieldKeywords)
    if (std::strcmp(row.keyword, keyword) == 0) return row.field;
  return nullptr;
}

Error usage(const QString& what) {
  return fail(Error::Kind::Usage, what + QStringLiteral(" Write it as postgresql://user@host:5432/database or as host=… dbname=…, with %, @, / and spaces of a password percent-encoded."));
}

/// libpq's sentence says which of its parts is wrong, but quotes the text itself: only its pattern is used.
Error parseError(const char* libpqText) {
  static constexpr std::array<std::pair<const char*, const char*>, 10> patterns{{
      {"forbidden value %00", "The PostgreSQL URL contains %00, which no field may hold."},
      {"percent-encoded", "The PostgreSQL URL has a % that is not followed by two hexadecimal digits."},
      {"unexpected spaces", "The PostgreSQL URL contains a space."},
      {"matching \"]\"", "The IPv6 address in the PostgreSQL URL is not closed with ]."},
      {"IPv6 host address may not be empty", "The IPv6 address in the PostgreSQL URL is empty."},
      {"unexpected character", "The PostgreSQL URL has an unexpected character after the host or port."},
      {"key/value separator", "A parameter after the ? of the PostgreSQL URL is malformed."},
      {"invalid URI query parameter", "A parameter after the ? of the PostgreSQL URL is not one that libpq knows."},
      {"invalid connection option", "A keyword of the PostgreSQL connection string is not one that libpq knows."},
      {"unterminated quoted string", "A quoted value in the PostgreSQL connection string is not closed."},
  }};
  for (const auto& [pattern, sentence] : patterns)
    if (libpqText && std::strstr(libpqText, pattern)) return usage(QString::fromLatin1(sentence));
  return usage(QStringLiteral("The PostgreSQL connection string cannot be read."));
}

struct FreeOptions {
  void operator()(PQconninfoOption* options) const {
    for (PQconninfoOption* row = options; row && row->keyword; ++row)
      if (row->val && contains(secretKeywords, row->keyword)) wipe(row->val, std::strlen(row->val));
    PQconninfoFree(options);
  }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

Result<std::shared_ptr<PQconninfoOption>> parse(QByteArray text) {
  char* message = nullptr;
  Options options(PQconninfoParse(text.constData(), &message));
  wipe(text);
  if (options) return std::shared_ptr<PQconninfoOption>(options.release(), FreeOptions());
  Error error = parseError(message);
  if (message) wipe(message, std::strlen(message));
  PQfreemem(message);
  return error;
}

Error notAllowed(const char* keyword) {
  // A keyword of libpq's own list, so nothing secret.
  return fail(Error::Kind::Usage, QStringLiteral("The connection parameter “%1” cannot be used here. Remove it.").arg(QLatin1String(keyword)));
}

QString quoted(const char* value) {
  QString text = QString::fromUtf8(value);
  text.replace(QLatin1Char('\\'), QStringLiteral("\\\\")).replace(QLatin1Char('\''), QStringLiteral("\\'"));
  return QLatin1Char('\'') + text + QLatin1Char('\'');
}

Result<void> take(const PQconninfoOption& row, SourceSettings& settings) {
  if (!row.val || contains(ignoredKeywords, row.keyword)) return {};
  if (const char* field = fieldOf(row.keyword)) {
    settings.fields.insert(QLatin1String(field), QString::fromUtf8(row.val));
  } else if (contains(secretKeywords, row.keyword)) {
    settings.secrets.insert(QLatin1String(row.keyword), Secret(QByteArray(row.val)));
  } else if (contains(allowedKeywords, row.keyword)) {
    QString& further = settings.fields[QStringLiteral("parameters")];
    if (!further.isEmpty()) further += QLatin1Char(' ');
    further += QLatin1String(row.keyword) + QLatin1Char('=') + quoted(row.val);
  } else {
    return notAllowed(row.keyword);
  }
  return {};
}

Result<void> checkScheme(const QString& url) {
  static const QRegularExpression scheme(QStringLiteral("^([A-Za-z][A-Za-z0-9+.:-]*)://"));
  const QString found = scheme.match(url).captured(1);
  if (found.isEmpty() || found == QStringLiteral("postgresql") || found == QStringLiteral("postgres")) return {};
  return usage(QStringLiteral("The URL does not begin with postgresql:// or postgres://."));
}

Result<void> checkPorts(const PostgresParameters& parameters) {
  const auto port = parameters.find("port");
  if (port == parameters.end()) return {};
  for (const QByteArray& one : port->second.split(',')) {
    bool isNumber = false;
    const int number = one.trimmed().toInt(&isNumber);
    if (!one.trimmed().isEmpty() && (!isNumber || number < 1 || number > 65535))
      return fail(Error::Kind::Usage, QStringLiteral("The PostgreSQL port is not a number from 1 to 65535. The usual one is 5432."));
  }
  return {};
}

}  // namespace

std::span<const FieldInfo> postgresFields() { return fieldRows; }

Result<SourceSettings> postgresSettingsFromUrl(const QString& url) {
  const QString trimmed = url.trimmed();
  if (trimmed.isEmpty()) return usage(QStringLiteral("The PostgreSQL URL is empty."));
  if (trimmed.contains(QChar(u'\0'))) return usage(QStringLiteral("The PostgreSQL URL contains a NUL character."));
  if (const auto known = checkScheme(trimmed); !known) return known.error();
  const auto options = parse(trimmed.toUtf8());
  if (!options) return options.error();
  SourceSettings settings;
  for (const PQconninfoOption* row = options.value().get(); row->keyword; ++row)
    if (const auto taken = take(*row, settings); !taken) return taken.error();
  if (const auto parameters = postgresParameters(settings); !parameters) return parameters.error();
  return settings;
}

Result<PostgresParameters> postgresParameters(const SourceSettings& settings) {
  PostgresParameters parameters;
  const auto further = parse(settings.field(QStringLiteral("parameters")).toUtf8());
  if (!further) return further.error();
  for (const PQconninfoOption* row = further.value().get(); row->keyword; ++row) {
    if (!row->val || contains(ignoredKeywords, row->keyword)) continue;
    if (!contains(allowedKeywords, row->keyword)) return notAllowed(row->keyword);
    parameters[row->keyword] = row->val;
  }
  for (const FieldKeyword& row : fieldKeywords)
    if (const QString value = settings.field(QLatin1String(row.field)).trimmed(); !value.isEmpty())
      parameters[row.keyword] = value.toUtf8();
  // The form always says something here; libpq's own default must not hide what a service file asks for.
  if (const auto mode = parameters.find("sslmode"); mode != parameters.end() && mode->second == "prefer") parameters.erase(mode);
  if (const auto ports = checkPorts(parameters); !ports) return ports.error();
  return parameters;
}

}  // namespace cachedeck
