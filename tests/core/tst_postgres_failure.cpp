// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_failure.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace cachedeck;
using Kind = Error::Kind;

/// Captured texts of libpq 15 and PostgreSQL 15 to one sentence each.
class TestPostgresFailure : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void explainsConnecting_data();
  void explainsConnecting();
  void givesEachCauseItsOwnSentence();
  void explainsStatements_data();
  void explainsStatements();
  void showsServerTextsAsPlainLines();
  void keepsSecretsOut();

 private:
  QSet<QString> m_sentences;
  int m_rows = 0;
};

namespace {

PostgresTarget target() {
  PostgresTarget target;
  target.places = {{"db", "192.0.2.1", "5432"}};
  target.user = QStringLiteral("me");
  target.database = QStringLiteral("app");
  return target;
}

QString server(const char* answer) { return QStringLiteral("connection to server at \"db\" (192.0.2.1), port 5432 failed: ") + QString::fromUtf8(answer) + QLatin1Char('\n'); }

}  // namespace

void TestPostgresFailure::explainsConnecting_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<Kind>("kind");
  QTest::addColumn<QString>("part");
  const auto row = [](const char* name, const QString& text, Kind kind, const char* part) { QTest::newRow(name) << text << kind << QString::fromUtf8(part); };
  row("password", server("FATAL:  28P01: password authentication failed for user \"me\"\nLOCATION:  auth_failed, auth.c:334"), Kind::Auth, "refused the password of user “me”");
  row("no password", server("fe_sendauth: no password supplied"), Kind::Auth, "none is given");
  row("hba", server("FATAL:  28000: no pg_hba.conf entry for host \"127.0.0.1\", user \"me\", database \"app\", no encryption\nLOCATION:  ClientAuthentication, auth.c:544"), Kind::Permission, "no pg_hba.conf entry");
  row("hba, TLS first", server("FATAL:  28P01: password authentication failed for user \"me\"\nLOCATION:  auth_failed, auth.c:334\nconnection to server at \"db\", port 5432 failed: FATAL:  28000: no pg_hba.conf entry\nLOCATION:  ClientAuthentication, auth.c:544"), Kind::Auth, "refused the password");
  row("peer", server("FATAL:  28000: Peer authentication failed for user \"me\"\nLOCATION:  auth_failed, auth.c:334"), Kind::Auth, "method that pg_hba.conf asks for");
  row("client certificate", server("FATAL:  28000: connection requires a valid client certificate\nLOCATION:  ClientAuthentication, auth.c:412"), Kind::Tls, "valid client certificate");
  row("role", server("FATAL:  28000: role \"me\" does not exist\nLOCATION:  InitializeSessionUserId, miscinit.c:732"), Kind::Auth, "has no role “me”");
  row("login", server("FATAL:  28000: role \"me\" is not permitted to log in\nLOCATION:  InitializeSessionUserId, miscinit.c:783"), Kind::Permission, "may not log in");
  row("database", server("FATAL:  3D000: database \"app\" does not exist\nLOCATION:  InitPostgres, postinit.c:948"), Kind::NotFound, "has no database “app”");
  row("connect privilege", server("FATAL:  42501: permission denied for database \"app\"\nLOCATION:  CheckMyDatabase, postinit.c:377"), Kind::Permission, "may not connect to database “app”");
  row("too many", server("FATAL:  53300: sorry, too many clients already\nLOCATION:  InitProcess, proc.c:356"), Kind::Busy, "max_connections is reached");
  row("reserved", server("FATAL:  53300: remaining connection slots are reserved for non-replication superuser connections\nLOCATION:  InitPostgres, postinit.c:823"), Kind::Busy, "reserved for superusers");
  row("role limit", server("FATAL:  53300: too many connections for role \"me\"\nLOCATION:  InitializeSessionUserId, miscinit.c:797"), Kind::Busy, "Role “me” has used up");
  row("database limit", server("FATAL:  53300: too many connections for database \"app\"\nLOCATION:  CheckMyDatabase, postinit.c:401"), Kind::Busy, "Database “app” on db:5432 has used up");
  row("starting", server("FATAL:  57P03: the database system is starting up\nLOCATION:  ProcessStartupPacket, postmaster.c:2383"), Kind::Busy, "is starting up");
  row("shutting down", server("FATAL:  57P03: the database system is shutting down\nLOCATION:  ProcessStartupPacket, postmaster.c:2402"), Kind::Busy, "is shutting down");
  row("recovery", server("FATAL:  57P03: the database system is in recovery mode\nLOCATION:  ProcessStartupPacket, postmaster.c:2407"), Kind::Busy, "is in recovery");
  row("ended", server("FATAL:  57P01: terminating connection due to administrator command\nLOCATION:  ProcessInterrupts, postgres.c:3200"), Kind::Unreachable, "ended the session");
  row("other state", server("FATAL:  42601: -c foo requires a value\nLOCATION:  process_postgres_switches, postgres.c:3983"), Kind::Server, "SQLSTATE 42601");
  row("German server", server("FATAL:  28000: Rolle »me« existiert nicht\nLOCATION:  InitializeSessionUserId, miscinit.c:732"), Kind::Auth, "has no role “me”");
  row("French server", server("FATAL:  53300: trop de connexions pour le rôle « me »\nLOCATION:  InitializeSessionUserId, miscinit.c:797"), Kind::Busy, "Role “me” has used up");
  row("refused", server("Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?"), Kind::Refused, "Nothing listens at db:5432");
  row("both addresses", server("Connection refused\n\tIs the server running?\nconnection to server at \"db\", port 5432 failed: FATAL:  3D000: database \"app\" does not exist\nLOCATION:  InitPostgres, postinit.c:948"), Kind::NotFound, "has no database");
  row("no route", server("No route to host\n\tIs the server running?"), Kind::Unreachable, "no route");
  row("no network", server("Network is unreachable\n\tIs the server running?"), Kind::Unreachable, "no network");
  row("kernel timeout", server("Connection timed out\n\tIs the server running?"), Kind::Timeout, "does not answer");
  row("no socket", QStringLiteral("connection to server on socket \"/nope/.s.PGSQL.5432\" failed: No such file or directory\n\tIs the server running locally?\n"), Kind::Refused, "There is no socket");
  row("socket forbidden", QStringLiteral("connection to server on socket \"/root/.s.PGSQL.5432\" failed: Permission denied\n"), Kind::Permission, "may not open");
  row("no TLS", server("server does not support SSL, but SSL was required"), Kind::Tls, "does not offer TLS");
  row("verify", server("SSL error: certificate verify failed"), Kind::Tls, "cannot be trusted");
  row("name", server("server certificate for \"other\" does not match host name \"db\""), Kind::Tls, "another host name");
  row("no CA", QStringLiteral("root certificate file \"/root/.postgresql/root.crt\" does not exist\nEither provide the file or change sslmode to disable server certificate verification.\n"), Kind::NotFound, "no file with CA certificates");
  row("key mode", server("private key file \"/k\" has group or world access; file must have permissions u=rw (0600) or less if owned by the current user"), Kind::Tls, "chmod 600");
  row("alert", server("SSL error: tlsv13 alert certificate required"), Kind::Tls, "needs a client certificate");
  row("versions", server("SSL error: tlsv1 alert protocol version"), Kind::Tls, "share no TLS version");
  row("handshake", server("SSL error: sslv3 alert handshake failure"), Kind::Tls, "handshake");
  row("cut in handshake", server("SSL SYSCALL error: EOF detected"), Kind::Unreachable, "closed the connection during the TLS handshake");
  row("HTTP", server("received invalid response to SSL negotiation: H"), Kind::Protocol, "is not PostgreSQL");
  row("HTTP without TLS", server("expected authentication request from server, but received H"), Kind::Protocol, "is not PostgreSQL");
  row("closed", server("server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request."), Kind::Unreachable, "closed the connection before it answered");
  row("reset", server("could not receive data from server: Connection reset by peer"), Kind::Unreachable, "cut the connection");
  row("standby", server("session is read-only"), Kind::Server, "is read-only");
  row("unheard of", server("the moon is full"), Kind::Protocol, "See the details");
}

void TestPostgresFailure::explainsConnecting() {
  QFETCH(QString, text);
  QFETCH(Kind, kind);
  QFETCH(QString, part);
  const Error error = connectFailure(text, target());
  QVERIFY2(error.message.contains(part), qPrintable(error.message));
  QCOMPARE(kindName(error.kind), kindName(kind));
  QVERIFY2(!error.message.contains(QLatin1Char('%')), qPrintable(error.message));
  QVERIFY(!error.detail.contains(QStringLiteral("LOCATION")) && !error.detail.isEmpty());
  m_sentences.insert(error.message);
  ++m_rows;
}

void TestPostgresFailure::givesEachCauseItsOwnSentence() {
  // Five rows above show the same cause in another form.
  if (m_rows > 40) QCOMPARE(m_sentences.size(), m_rows - 5);
}

void TestPostgresFailure::explainsStatements_data() {
  QTest::addColumn<QByteArray>("state");
  QTest::addColumn<Kind>("kind");
  QTest::addColumn<QString>("part");
  const auto row = [](const char* state, Kind kind, const char* part) { QTest::newRow(state) << QByteArray(state) << kind << QString::fromUtf8(part); };
  row("57014", Kind::Busy, "took too long");
  row("55P03", Kind::Busy, "waited too long for a lock");
  row("57P01", Kind::Unreachable, "pg_terminate_backend");
  row("57P02", Kind::Unreachable, "crashed");
  row("57P05", Kind::Unreachable, "idle");
  row("42501", Kind::Permission, "pg_monitor");
  row("53200", Kind::Busy, "out of memory, disk or other resources");
  row("22012", Kind::Server, "SQLSTATE 22012");
}

void TestPostgresFailure::explainsStatements() {
  QFETCH(QByteArray, state);
  QFETCH(Kind, kind);
  QFETCH(QString, part);
  const Error error = statementFailure(state, QStringLiteral("server text"), QStringLiteral("db:5432"));
  QVERIFY2(error.message.contains(part) && error.message.contains(QStringLiteral("db:5432")), qPrintable(error.message));
  QCOMPARE(kindName(error.kind), kindName(kind));
  QCOMPARE(error.detail, QStringLiteral("server text"));
}

void TestPostgresFailure::showsServerTextsAsPlainLines() {
  const QString detail = failureDetail(QStringLiteral("one\x1b[31m\ntwo \u202Eevil\nLOCATION:  f, a.c:1\n") + QString(100000, QLatin1Char('x')));
  QVERIFY(detail.startsWith(QStringLiteral("one\\x1b[31m\ntwo U+202Eevil\nxxx")));
  QVERIFY(detail.size() < 600);
}

void TestPostgresFailure::keepsSecretsOut() {
  const Secret secret = Secret::fromString(QStringLiteral("canary secret"));
  const Error error = connectFailure(server("missing \"=\" after \"secret\" in connection info; password=canary"), target());
  QVERIFY(!(error.message + error.detail).contains(QStringLiteral("canary")));
  QVERIFY(!(error.message + error.detail).contains(QStringLiteral("secret")));
}

QTEST_GUILESS_MAIN(TestPostgresFailure)
#include "tst_postgres_failure.moc"
