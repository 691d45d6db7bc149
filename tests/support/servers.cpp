// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/probe.h"
#include "core/sandbox/programs.h"
#include "tests/support/process.h"

#include <QDir>
#include <QProcess>

namespace cachedeck::test {
namespace {

QByteArray runClient(const QString& program, const QStringList& arguments, const QStringList& environment, QString* error) {
  QProcess client;
  client.setProgram(program);
  client.setArguments(arguments);
  client.setEnvironment(QProcess::systemEnvironment() + environment);
  client.start(QIODevice::ReadOnly);
  const bool done = client.waitForFinished(60000);
  if (!done) client.kill();
  if (error) *error = done && client.exitCode() == 0 ? QString() : QString::fromUtf8(client.readAllStandardError());
  return client.readAllStandardOutput().trimmed();
}

}  // namespace

RedisServer::RedisServer(const QStringList& config, bool plainPort)
    : TestServer(QStringLiteral("redis"), {QStringLiteral("redis-server")}), m_config(config), m_plainPort(plainPort) {}

QString RedisServer::prepare() {
  const QStringList lines = QStringList{m_plainPort ? QStringLiteral("port @PORT@") : QStringLiteral("port 0"),
                                        QStringLiteral("bind 127.0.0.1"), QStringLiteral("dir @DIR@"), QStringLiteral("save \"\""),
                                        QStringLiteral("appendonly no")} + m_config;
  const QString path = addFile(QStringLiteral("redis.conf"), filledIn(lines.join(QLatin1Char('\n')) + QLatin1Char('\n')).toUtf8());
  return path.isEmpty() ? QStringLiteral("redis.conf could not be written") : QString();
}

QStringList RedisServer::arguments() { return {QStringLiteral("@DIR@/redis.conf")}; }

bool RedisServer::ready() {
  if (m_plainPort) return redisAnswers(port());
  return acceptsTcp(port()) || QFile::exists(dir() + QStringLiteral("/redis.sock"));
}

QByteArray RedisServer::cli(const QStringList& arguments) const {
  const QStringList always{QStringLiteral("-p"), QString::number(port()), QStringLiteral("--no-auth-warning")};
  return runClient(QStringLiteral("redis-cli"), always + arguments, {}, nullptr);
}

PostgresServer::PostgresServer(const QStringList& config, const QStringList& hba)
    : TestServer(QStringLiteral("postgres"), {QStringLiteral("postgres")}, true), m_config(config), m_hba(hba) {}

QString PostgresServer::prepare() {
  const QString initdb = findProgram({QStringLiteral("initdb")});
  if (initdb.isEmpty()) return QStringLiteral("initdb is not installed");
  addFile(QStringLiteral("password"), password().toUtf8());
  LaunchSpec spec = specFor(QStringLiteral("initdb"), initdb,
                            {QStringLiteral("-D"), QStringLiteral("@DIR@/data"), QStringLiteral("-U"), QStringLiteral("postgres"),
                             QStringLiteral("-A"), QStringLiteral("scram-sha-256"), QStringLiteral("--no-sync"), QStringLiteral("-E"),
                             QStringLiteral("UTF8"), QStringLiteral("--locale=C.UTF-8"), QStringLiteral("--pwfile=@DIR@/password")});
  if (auto made = runProgram(std::move(spec), Deadline(std::chrono::minutes(3))); !made)
    return made.error().message + QLatin1Char('\n') + made.error().detail;
  const QStringList lines = QStringList{QStringLiteral("listen_addresses = '127.0.0.1'"), QStringLiteral("port = @PORT@"),
                                        QStringLiteral("unix_socket_directories = ''"), QStringLiteral("fsync = off"),
                                        QStringLiteral("shared_buffers = 32MB")} + m_config;
  addFile(QStringLiteral("data/postgresql.conf"), filledIn(lines.join(QLatin1Char('\n')) + QLatin1Char('\n')).toUtf8());
  const QStringList hba = m_hba + QStringList{QStringLiteral("host all all 127.0.0.1/32 scram-sha-256")};
  const QString last = addFile(QStringLiteral("data/pg_hba.conf"), (hba.join(QLatin1Char('\n')) + QLatin1Char('\n')).toUtf8());
  return last.isEmpty() ? QStringLiteral("pg_hba.conf could not be written") : QString();
}

QStringList PostgresServer::arguments() { return {QStringLiteral("-D"), QStringLiteral("@DIR@/data")}; }

void PostgresServer::adapt(LaunchSpec& spec) {
  spec.stopSignal = SIGINT;    // "fast"; SIGTERM would wait for the clients to go
  spec.deathSignal = SIGQUIT;  // SIGKILL would leave its children
}

bool PostgresServer::ready() { return postgresAnswers(port()); }

QString PostgresServer::conninfo(const QString& user, const QString& database, const QString& password) const {
  return QStringLiteral("host=127.0.0.1 port=%1 user=%2 password=%3 dbname=%4").arg(QString::number(port()), user, password, database);
}

QByteArray PostgresServer::psql(const QString& sql, const QString& user, const QString& database, QString* error) const {
  const QStringList arguments{QStringLiteral("-X"), QStringLiteral("-Atq"), QStringLiteral("-v"), QStringLiteral("ON_ERROR_STOP=1"),
                              QStringLiteral("-h"), QStringLiteral("127.0.0.1"), QStringLiteral("-p"), QString::number(port()),
                              QStringLiteral("-U"), user, QStringLiteral("-d"), database, QStringLiteral("-c"), sql};
  return runClient(QStringLiteral("psql"), arguments, {QStringLiteral("PGPASSWORD=") + password()}, error);
}

}  // namespace cachedeck::test
