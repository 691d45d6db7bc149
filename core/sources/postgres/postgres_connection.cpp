// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_connection.h"

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/sources/postgres/postgres_cancel.h"
#include "core/sources/postgres/postgres_certificate.h"
#include "core/sources/postgres/postgres_failure.h"
#include "core/sources/postgres/postgres_locale.h"

#include <libpq-fe.h>

#include <poll.h>

namespace cachedeck {

namespace {

constexpr size_t largestResult = 16 << 20;
// TLS and the protocol add to what arrives; one message beyond this is no answer to any of our statements.
constexpr quint64 mostReceived = 2 * largestResult;

QString seconds(std::chrono::milliseconds time) { return QString::number(static_cast<double>(time.count()) / 1000); }

void logNotice(void*, const char* message) {
  qCDebug(lcSource).noquote() << "PostgreSQL notice:" << failureDetail(QString::fromUtf8(message));
}

/// Everything by keyword arrays: a joined string would have to quote passwords, and libpq's parse errors show them.
class Arguments {
 public:
  Arguments(const PostgresTarget& target, const SourceSettings& settings) {
    PostgresParameters values{
        {"gssencmode", "disable"},  // its ticket look-up may talk to a KDC, and nothing bounds that
        {"keepalives", "1"}, {"keepalives_idle", "5"}, {"keepalives_interval", "2"}, {"keepalives_count", "3"},
        {"tcp_user_timeout", "10000"}};
    const PostgresParameters own = *postgresParameters(settings);
    for (const auto& [keyword, value] : target.parameters)
      if (!values.contains(keyword) || own.contains(keyword)) values[keyword] = value;
    values["application_name"] = "cachedeck";
    values["client_encoding"] = "UTF8";
    addPlaces(target, values);
    m_kept = std::move(values);
    for (const auto& [keyword, value] : m_kept) add(keyword.constData(), value.constData());
    for (auto secret = settings.secrets.cbegin(); secret != settings.secrets.cend(); ++secret)
      if (!secret.value().isEmpty()) add(secret.key() == QStringLiteral("sslpassword") ? "sslpassword" : "password", secret.value().data());
    add(nullptr, nullptr);
  }
  const char* const* keywords() const { return m_keywords.data(); }
  const char* const* values() const { return m_values.data(); }

 private:
  static void addPlaces(const PostgresTarget& target, PostgresParameters& values) {
    QByteArrayList hosts, addresses, ports;
    for (const PostgresPlace& place : target.places) {
      hosts += place.host;
      addresses += place.address;
      ports += place.port;
    }
    values["host"] = hosts.join(',');
    values["port"] = ports.join(',');
    const QByteArray joined = addresses.join(',');
    if (joined.count(',') < joined.size()) values["hostaddr"] = joined;  // at least one is not empty
  }
  void add(const char* keyword, const char* value) {
    m_keywords.push_back(keyword);
    m_values.push_back(value);
  }

  PostgresParameters m_kept;
  std::vector<const char*> m_keywords;
  std::vector<const char*> m_values;
};

using ResultHandle = std::unique_ptr<PGresult, decltype(&PQclear)>;

QByteArrayList columnsOf(const PGresult* result) {
  QByteArrayList names;
  for (int i = 0; i < PQnfields(result); ++i) names += PQfname(result, i);
  return names;
}

}  // namespace

struct PostgresConnection::Collected {
  std::optional<PostgresRows> rows;
  std::optional<Error> error;
  QByteArray sqlState;
  bool tooLarge = false;

  void take(const PGresult* result, const QString& endpoint) {
    if (!sqlState.isEmpty()) return;
    switch (PQresultStatus(result)) {
      case PGRES_SINGLE_TUPLE:
      case PGRES_TUPLES_OK:
        takeRows(result);
        break;
      case PGRES_COMMAND_OK:
        if (!rows) rows.emplace();
        break;
      case PGRES_FATAL_ERROR:
      case PGRES_BAD_RESPONSE:
      case PGRES_NONFATAL_ERROR: {
        const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
        sqlState = state ? state : "";
        error = state ? statementFailure(sqlState, QString::fromUtf8(message), endpoint)
                      : brokenLink(QString::fromUtf8(PQresultErrorMessage(result)), endpoint);
        break;
      }
      default:
        error = fail(Error::Kind::Protocol, QStringLiteral("%1 answered a statement with something else than rows. Is this PostgreSQL?").arg(endpoint));
    }
  }
  void takeRows(const PGresult* result) {
    if (!rows) rows.emplace(columnsOf(result));
    for (int row = 0; row < PQntuples(result) && !tooLarge; ++row) {
      for (int column = 0; column < PQnfields(result); ++column) {
        if (PQgetisnull(result, row, column))
          rows->add(std::nullopt);
        else
          rows->add(QByteArrayView(PQgetvalue(result, row, column), PQgetlength(result, row, column)));
      }
      tooLarge = rows->size() > largestResult;
    }
  }
};

void PostgresConnection::CloseLink::operator()(pg_conn* link) const { PQfinish(link); }

PostgresConnection::PostgresConnection(const SourceSettings& settings) : m_settings(settings) {}

PostgresConnection::~PostgresConnection() = default;

void PostgresConnection::close() { m_link.reset(); }

int PostgresConnection::serverVersion() const { return m_link ? PQserverVersion(m_link.get()) : 0; }

QString PostgresConnection::versionText() const {
  const char* text = m_link ? PQparameterStatus(m_link.get(), "server_version") : nullptr;
  return printable(QByteArray(text).split(' ').value(0), 40);
}

Result<void> PostgresConnection::open(std::stop_token stop) {
  close();
  const EnglishMessages english;
  auto target = postgresTarget(m_settings);
  if (!target) return target.error();
  m_endpoint = target->text();
  const Deadline deadline(target->patience);
  if (const auto resolved = resolvePlaces(*target, deadline, stop); !resolved) return resolved.error();
  auto established = establish(*target, deadline, stop);
  if (!established) close();
  return established;
}

Result<void> PostgresConnection::establish(const PostgresTarget& target, const Deadline& deadline, const std::stop_token& stop) {
  {
    const Arguments arguments(target, m_settings);
    m_link.reset(PQconnectStartParams(arguments.keywords(), arguments.values(), 0));
  }
  PGconn* const link = m_link.get();
  if (!link) return fail(Error::Kind::Io, QStringLiteral("There is not enough memory to connect to %1.").arg(m_endpoint));
  PQsetNoticeProcessor(link, logNotice, nullptr);
  PQsetErrorVerbosity(link, PQERRORS_VERBOSE);
  PostgresPollingStatusType step = PQstatus(link) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (step == PGRES_POLLING_READING || step == PGRES_POLLING_WRITING) {
    const auto outcome = m_waiter.wait(PQsocket(link), step == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline, stop);
    if (outcome == SocketWaiter::Outcome::TimedOut) return notEstablished(target, deadline, stop);
    if (outcome != SocketWaiter::Outcome::Ready) return ended(outcome);
    step = PQconnectPoll(link);
  }
  if (step != PGRES_POLLING_OK) return notEstablished(target, deadline, stop);
  PQsetErrorVerbosity(link, PQERRORS_DEFAULT);
  keepReceiveBufferSmall(PQsocket(link));
  PQsetnonblocking(link, 1);  // also lets PQfinish end without waiting for a peer that does not read
  const PostgresPlace reached{PQhost(link), {}, PQport(link)};
  m_endpoint = reached.text();
  return {};
}

Result<void> PostgresConnection::notEstablished(const PostgresTarget& target, const Deadline& deadline, const std::stop_token& stop) {
  PGconn* const link = m_link.get();
  const QString text = QString::fromUtf8(PQerrorMessage(link));
  if (deadline.expired() && PQstatus(link) != CONNECTION_BAD) {
    if (PQstatus(link) == CONNECTION_STARTED)
      return fail(Error::Kind::Timeout, QStringLiteral("No answer from %1 in %2 s. Check address, port and firewall.").arg(m_endpoint, seconds(target.patience)));
    return fail(Error::Kind::Timeout, QStringLiteral("%1 took the connection but said nothing for %2 s. Is it PostgreSQL, and is the server not suspended?").arg(m_endpoint, seconds(target.patience)));
  }
  Error error = connectFailure(text, target);
  const bool refusedHere = text.contains(QStringLiteral("certificate verify failed")) || text.contains(QStringLiteral("server certificate"));
  if (error.kind == Error::Kind::Tls && refusedHere && PQhostaddr(link) && *PQhostaddr(link))
    explainCertificate(error, target.parameters, {PQhost(link), PQhostaddr(link), PQport(link)}, stop);
  return error;
}

Result<PostgresRows> PostgresConnection::query(const QByteArray& sql, const Parameters& parameters, const Deadline& deadline, std::stop_token stop) {
  m_sqlState.clear();
  if (!m_link) return fail(Error::Kind::Unreachable, QStringLiteral("There is no connection to %1.").arg(m_endpoint));
  const EnglishMessages english;
  std::vector<const char*> values;
  for (const QByteArray& value : parameters) values.push_back(value.constData());
  if (!PQsendQueryParams(m_link.get(), sql.constData(), static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0)) return broken();
  PQsetSingleRowMode(m_link.get());
  if (const auto sent = sendAll(deadline, stop); !sent) return sent.error();
  Collected collected;
  const auto complete = collect(collected, deadline, stop);
  if (!collected.sqlState.isEmpty()) m_sqlState = collected.sqlState;
  // A FATAL error is the reason for the broken link that follows it.
  if (!complete) return collected.sqlState.isEmpty() ? complete.error() : *collected.error;
  if (PQstatus(m_link.get()) != CONNECTION_OK) close();
  if (collected.error) return *collected.error;
  return collected.rows ? std::move(*collected.rows) : PostgresRows();
}

Result<void> PostgresConnection::sendAll(const Deadline& deadline, const std::stop_token& stop) {
  for (;;) {
    const int left = PQflush(m_link.get());
    if (left == 0) return {};
    if (left < 0) return broken();
    const auto outcome = m_waiter.wait(PQsocket(m_link.get()), POLLIN | POLLOUT, deadline, stop);
    if (outcome != SocketWaiter::Outcome::Ready) return ended(outcome);
    if (!PQconsumeInput(m_link.get())) return broken();
  }
}

Result<void> PostgresConnection::collect(Collected& into, const Deadline& deadline, const std::stop_token& stop) {
  const quint64 atStart = bytesReceived(PQsocket(m_link.get()));
  for (;;) {
    if (const auto ready = awaitResult(atStart, deadline, stop); !ready) return ready.error();
    const ResultHandle result(PQgetResult(m_link.get()), PQclear);
    if (!result) return {};
    into.take(result.get(), m_endpoint);
    if (into.tooLarge) return tooLarge();
  }
}

Result<void> PostgresConnection::awaitResult(quint64 atStart, const Deadline& deadline, const std::stop_token& stop) {
  PGconn* const link = m_link.get();
  while (PQisBusy(link)) {
    if (PQsocket(link) < 0) return broken();
    if (bytesReceived(PQsocket(link)) - atStart > mostReceived) return tooLarge();  // one message that never ends
    const auto outcome = m_waiter.wait(PQsocket(link), POLLIN, deadline, stop);
    if (outcome != SocketWaiter::Outcome::Ready) return ended(outcome);
    if (!PQconsumeInput(link)) return broken();
  }
  return {};
}

Error PostgresConnection::ended(SocketWaiter::Outcome outcome) {
  const bool established = m_link && PQstatus(m_link.get()) == CONNECTION_OK;
  if (established && outcome == SocketWaiter::Outcome::TimedOut) cancelInBackground(m_link.get());
  close();
  if (outcome == SocketWaiter::Outcome::Stopped) return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
  if (outcome == SocketWaiter::Outcome::TimedOut)
    return fail(Error::Kind::Timeout, QStringLiteral("%1 did not answer a statement in time. The server is suspended, overloaded, or the network is cut.").arg(m_endpoint));
  return fail(Error::Kind::Io, QStringLiteral("The socket to %1 cannot be waited for. The process may have no file descriptors left.").arg(m_endpoint));
}

Error PostgresConnection::tooLarge() {
  cancelInBackground(m_link.get());
  close();
  return fail(Error::Kind::Protocol, QStringLiteral("%1 sent more than 16 MiB for one statement, so the answer was refused.").arg(m_endpoint));
}

Error PostgresConnection::broken() {
  Collected last;  // a server that ends a session says why before it closes
  if (PQstatus(m_link.get()) == CONNECTION_BAD)
    for (ResultHandle result(PQgetResult(m_link.get()), PQclear); result && last.sqlState.isEmpty(); result.reset(PQgetResult(m_link.get())))
      last.take(result.get(), m_endpoint);
  const Error error = last.sqlState.isEmpty() ? brokenLink(QString::fromUtf8(PQerrorMessage(m_link.get())), m_endpoint) : *last.error;
  m_sqlState = last.sqlState;
  close();
  return error;
}

}  // namespace cachedeck
