// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_query.h"

#include "app/cli/run_beside.h"
#include "core/keys/sql_names.h"
#include "core/profiles/prompt.h"
#include "core/sources/postgres/postgres_notes.h"
#include "core/sources/postgres/postgres_statements.h"

namespace cachedeck {

namespace {

constexpr qint64 mostNames = 10'000'000;
constexpr std::chrono::milliseconds patience{5000};
const QString postgres = QStringLiteral("postgres");

/// The profile with its PostgreSQL alone, so that nothing else is asked for.
Result<Profile> postgresAlone(const SourceOptions& sources, Secrets& secrets) {
  Result<Profile> profile = sources.profile(secrets);
  if (!profile) return profile;
  for (auto source = profile->sources.begin(); source != profile->sources.end(); ++source) source->enabled = source->enabled && source.key() == postgres;
  return profile;
}

Result<double> askMean(PostgresConnection& connection) {
  const Deadline deadline(patience);
  const Result<PostgresRows> can = connection.query(capabilitiesSql(), {}, deadline, {});
  if (!can) return can.error();
  const PostgresCapabilities caps = readCapabilities(*can);
  if (!caps.hasStatements()) return fail(Error::Kind::NotFound, postgresNotes(caps, StatementsAccess::Missing, false).join(QLatin1Char(' ')));
  const Result<PostgresRows> rows = connection.query(statementsSql(caps), {"{}", "0"}, deadline, {});
  if (!rows) return rows.error();
  const PostgresStatements all = readStatements(*rows);
  if (!(all.calls > 0)) return fail(Error::Kind::NotFound, QStringLiteral("Query times are unknown: pg_stat_statements has seen no statement yet."));
  return all.totalMs / all.calls / 1000;
}

}  // namespace

Result<QList<QByteArray>> namesOfQuery(const KeysArguments& arguments, Secrets& secrets) {
  if (arguments.keyTemplate.empty()) return fail(Error::Kind::Usage, QStringLiteral("--sql needs --template, such as product:{id}, with the query's columns in braces."));
  const Result<keys::KeyTemplate> form = keys::KeyTemplate::parse(QString::fromStdString(arguments.keyTemplate));
  if (!form) return form.error();
  const Result<Profile> profile = postgresAlone(arguments.sources, secrets);
  if (!profile) return profile.error();
  const Result<ResolvedSettings> resolved = resolveOrAsk(secrets, *profile);
  if (!resolved) return resolved.error();
  if (!resolved->sources.contains(postgres)) return fail(Error::Kind::Usage, QStringLiteral("--sql needs a PostgreSQL: add --postgres URL, or use a --profile that has one."));
  Result<QList<QByteArray>> names = QList<QByteArray>();
  const auto ask = [&](const std::stop_token& stop) {
    PostgresConnection connection(resolved->sources.value(postgres));
    const Result<void> opened = connection.open(stop);
    names = opened ? keys::namesFromQuery(connection, QString::fromStdString(arguments.sql), *form, mostNames, stop) : Result<QList<QByteArray>>(opened.error());
    return 0;
  };
  runBeside(ask);  // a query may take a minute: Ctrl-C ends it
  return names;
}

MeanQuery meanQueryOf(const SourceOptions& sources, Secrets& secrets) {
  const Result<Profile> profile = postgresAlone(sources, secrets);
  if (!profile || !profile->sources.contains(postgres) || !profile->sources.value(postgres).enabled) return {};
  const ResolvedSettings resolved = secrets.resolveNow(*profile);
  if (!resolved.sources.contains(postgres)) return {{}, QStringLiteral("Query times are unknown: the password of the profile's PostgreSQL is not known here.")};
  PostgresConnection connection(resolved.sources.value(postgres));
  if (const Result<void> opened = connection.open({}); !opened) return {{}, opened.error().message};
  const Result<double> mean = askMean(connection);
  return mean ? MeanQuery{*mean, {}} : MeanQuery{{}, mean.error().message};
}

}  // namespace cachedeck
