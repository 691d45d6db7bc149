// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/database.h"

#include "core/cacheaside/pg_connection.h"
#include "core/sandbox/programs.h"
#include "core/sandbox/traffic/pg_login.h"

#include <QFile>

namespace cachedeck {

using namespace std::chrono_literals;
using cacheaside::Failure;
using cacheaside::in;
using cacheaside::Outcome;
using cacheaside::PgConnection;

Result<LaunchSpec> initdbSpec(const TemplateValues& values, const std::optional<RunUser>& user) {
  LaunchSpec spec;
  spec.name = QStringLiteral("initdb");
  spec.program = findProgram({spec.name});
  if (spec.program.isEmpty())
    return fail(Error::Kind::NotFound, QStringLiteral("The sandbox needs initdb, which is not installed. Install with: apt install postgresql"));
  const QString dir = values.value(QStringLiteral("DIR"));
  QFile password(dir + QStringLiteral("/conf/superuser"));
  if (!password.open(QIODevice::WriteOnly) || password.write(values.value(QStringLiteral("SUPERUSER_PASSWORD")).toLatin1()) < 0)
    return fail(Error::Kind::Io, QStringLiteral("%1 could not be written: %2").arg(password.fileName(), password.errorString()));
  password.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
  password.close();
  if (auto given = giveTo(password.fileName(), user); !given) return given.error();
  spec.arguments = {QStringLiteral("-D"), dir + QStringLiteral("/postgres"), QStringLiteral("-U"), QStringLiteral("postgres"), QStringLiteral("-A"),
                    QStringLiteral("scram-sha-256"), QStringLiteral("--no-sync"), QStringLiteral("--no-instructions"), QStringLiteral("-E"),
                    QStringLiteral("UTF8"), QStringLiteral("--locale=C.UTF-8"), QStringLiteral("--pwfile=") + password.fileName()};
  spec.environment = plainEnvironment(dir);
  spec.directory = dir;
  spec.logFile = dir + QStringLiteral("/log/initdb.log");
  spec.user = user;
  return spec;
}

namespace {

Result<void> runText(const QString& sql, const QByteArray& database, const TemplateValues& values, std::stop_token stop) {
  const traffic::PgLogin login{values.value(QStringLiteral("POSTGRES_PORT")).toUShort(), "postgres",
                               values.value(QStringLiteral("SUPERUSER_PASSWORD")).toLatin1(), database, "cachedeck-sandbox"};
  const auto connection = PgConnection::open(traffic::conninfo(login), in(2s), stop);
  const Outcome<void> done = connection ? (*connection)->script(sql.toStdString(), in(20s), stop) : connection.error();
  if (!done)
    return fail(done.error().kind == Failure::Kind::Query ? Error::Kind::Server : Error::Kind::Unreachable,
                QStringLiteral("The sandbox's database could not be made: %1").arg(QString::fromStdString(done.error().message)));
  return {};
}

}  // namespace

Result<void> makeDatabase(const TemplateValues& values, std::stop_token stop) {
  struct Step {
    const char* file;
    const char* database;
  };
  static constexpr Step steps[] = {{"postgres/bootstrap.sql", "postgres"},
                                   {"postgres/bootstrap-database.sql", "postgres"},
                                   {"postgres/bootstrap-app.sql", "app"}};
  for (const Step& step : steps) {
    Result<QString> sql = filledInFile(QString::fromLatin1(step.file), values);
    if (!sql) return sql.error();
    if (auto done = runText(*sql, step.database, values, stop); !done) return done;
  }
  // For load runs on Redis and PostgreSQL themselves, which keep their rows in a schema of their own. The stack's console has no such right.
  return runText(QStringLiteral("GRANT CREATE ON DATABASE app TO console"), "app", values, stop);
}

Result<void> resetStatements(const TemplateValues& values, std::stop_token stop) {
  return runText(QStringLiteral("SELECT pg_stat_statements_reset()"), "postgres", values, stop);
}

}  // namespace cachedeck
