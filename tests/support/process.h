// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sandbox/server_process.h"

#include <QString>
#include <QStringList>

#include <initializer_list>
#include <memory>

class QTemporaryDir;

namespace cachedeck::test {

/// A TCP port of 127.0.0.1 on which nothing listens, and which no other test of this machine is given until this one ends.
quint16 freePort();

/// A real server on a free loopback port with a private folder, for one test program. Start it from the test's main
/// thread (it dies with that thread); the destructor stops it.
class TestServer {
 public:
  virtual ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  /// Starts it and waits until it is ready, on the same port each time. Empty, or the reason why not.
  QString start();
  void stop();
  /// kill -9, and waits until it is gone.
  void kill9();
  /// SIGSTOP and SIGCONT to the server and its children: it hangs while its kernel goes on answering.
  void freeze();
  void thaw();
  /// stop() and start().
  QString restart();

  bool running() { return m_process.running(); }
  quint16 port() const { return m_port; }
  qint64 pid() const { return m_process.pid(); }
  /// Its folder; the server may read and write there. Exists from construction on.
  QString dir() const;
  /// "127.0.0.1:PORT"
  QString address() const { return QStringLiteral("127.0.0.1:%1").arg(m_port); }
  /// Writes a file that only the server's account may read, and returns its path.
  QString addFile(const QString& name, const QByteArray& content);
  /// The end of what it logged.
  QString log() const { return m_process.logTail(40); }

 protected:
  TestServer(const QString& name, const QStringList& programs, bool dropsRoot = false);
  /// Arguments for this start; @PORT@ and @DIR@ are filled in.
  virtual QStringList arguments() = 0;
  virtual QStringList environment() { return {}; }
  /// What has to be done before the first start (initdb); empty or the reason.
  virtual QString prepare() { return {}; }
  virtual bool ready() = 0;
  virtual void adapt(LaunchSpec&) {}
  QString filledIn(QString text) const;
  LaunchSpec specFor(const QString& name, const QString& program, const QStringList& arguments) const;

 private:
  QString startOnce();
  const QString m_name;
  const QStringList m_programs;
  std::optional<RunUser> m_user;
  std::unique_ptr<QTemporaryDir> m_dir;
  quint16 m_port = 0;
  bool m_prepared = false;
  ServerProcess m_process;
};

/// Starts them one after the other, up to the first that does not start. Empty, or its reason.
QString startAll(std::initializer_list<TestServer*> servers);

/// redis-server without persistence.
class RedisServer : public TestServer {
 public:
  /// Lines for redis.conf, in which @PORT@ and @DIR@ are filled in. Without `plainPort` the server has "port 0", and the
  /// lines bring "tls-port @PORT@" or "unixsocket @DIR@/redis.sock".
  explicit RedisServer(const QStringList& config = {}, bool plainPort = true);
  ~RedisServer() override { stop(); }
  /// redis-cli's output, trimmed; --no-auth-warning is given. Options such as --user, --pass, --tls come first.
  QByteArray cli(const QStringList& arguments) const;

 protected:
  QStringList arguments() override;
  QString prepare() override;
  bool ready() override;

 private:
  const QStringList m_config;
  const bool m_plainPort;
};

/// A PostgreSQL cluster of its own. Superuser "postgres" with password(), scram over TCP.
class PostgresServer : public TestServer {
 public:
  /// Lines for postgresql.conf (e.g. "shared_preload_libraries = 'pg_stat_statements'") and lines for pg_hba.conf that
  /// come before "host all all 127.0.0.1/32 scram-sha-256". Files for TLS: addFile().
  explicit PostgresServer(const QStringList& config = {}, const QStringList& hba = {});
  ~PostgresServer() override { stop(); }
  static QString password() { return QStringLiteral("Sesame-open"); }
  /// "host=127.0.0.1 port=… user=… password=… dbname=…"
  QString conninfo(const QString& user = QStringLiteral("postgres"), const QString& database = QStringLiteral("postgres"),
                   const QString& password = PostgresServer::password()) const;
  /// Runs SQL with psql -Atq as a user with password(); rows by line, columns parted by |. On failure *error gets the text.
  QByteArray psql(const QString& sql, const QString& user = QStringLiteral("postgres"),
                  const QString& database = QStringLiteral("postgres"), QString* error = nullptr) const;

 protected:
  QStringList arguments() override;
  QString prepare() override;
  bool ready() override;
  void adapt(LaunchSpec& spec) override;

 private:
  const QStringList m_config, m_hba;
};

/// Prometheus with a configuration text (@PORT@ and @DIR@ are filled in) and further arguments; by default it scrapes
/// itself once a second. Readiness is asked over plain HTTP at `prefix`/-/ready.
class PrometheusServer : public TestServer {
 public:
  explicit PrometheusServer(const QString& config = {}, const QStringList& more = {}, const QByteArray& prefix = {});
  ~PrometheusServer() override { stop(); }
  QString url() const;

 protected:
  QStringList arguments() override;
  QString prepare() override;
  bool ready() override;

 private:
  const QString m_config;
  const QStringList m_more;
  const QByteArray m_prefix;
};

class AlertmanagerServer : public TestServer {
 public:
  explicit AlertmanagerServer(const QString& config = {}, const QStringList& more = {});
  ~AlertmanagerServer() override { stop(); }
  QString url() const { return QStringLiteral("http://") + address(); }

 protected:
  QStringList arguments() override;
  QString prepare() override;
  bool ready() override;

 private:
  const QString m_config;
  const QStringList m_more;
};

class PushgatewayServer : public TestServer {
 public:
  explicit PushgatewayServer(const QStringList& more = {});
  ~PushgatewayServer() override { stop(); }
  QString url() const { return QStringLiteral("http://") + address(); }

 protected:
  QStringList arguments() override;
  bool ready() override;

 private:
  const QStringList m_more;
};

/// redis_exporter of "redis://127.0.0.1:PORT".
class RedisExporter : public TestServer {
 public:
  explicit RedisExporter(quint16 redisPort, const QString& user = {}, const QString& password = {});
  ~RedisExporter() override { stop(); }

 protected:
  QStringList arguments() override;
  QStringList environment() override;
  bool ready() override;

 private:
  const quint16 m_redisPort;
  const QString m_user, m_password;
};

/// postgres_exporter of a conninfo string, with an optional queries.yaml.
class PostgresExporter : public TestServer {
 public:
  explicit PostgresExporter(const QString& conninfo, const QString& queriesFile = {});
  ~PostgresExporter() override { stop(); }

 protected:
  QStringList arguments() override;
  QStringList environment() override;
  bool ready() override;

 private:
  const QString m_conninfo, m_queriesFile;
};

}  // namespace cachedeck::test
