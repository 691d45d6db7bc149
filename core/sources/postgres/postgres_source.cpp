// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_source.h"

#include "core/base/log.h"
#include "core/sources/postgres/postgres_connection.h"
#include "core/sources/postgres/postgres_notes.h"
#include "core/sources/postgres/postgres_statements.h"

#include <cmath>
#include <set>

namespace cachedeck {

namespace {

constexpr int periodMs = 1000;
constexpr std::chrono::milliseconds samplePatience{2000};
constexpr std::chrono::milliseconds setupPatience{3000};
constexpr int oldestVersion = 130000;
constexpr int mostEntries = 5000;
/// So many samples pass before something that was missing is looked for again.
constexpr int samplesUntilRecheck = 10;
/// Our own entries are known after the second sample, in which each of our statements has run before.
constexpr int searchesForOwn = 2;

/// Measures one PostgreSQL server: two statements a second.
class PostgresSource final : public Source {
 public:
  PostgresSource(const SourceSettings& settings, const Clock& clock) : m_connection(settings), m_clock(clock) {}

  Result<Identity> connect(std::stop_token stop) override;
  Result<Sample> sample(std::stop_token stop) override;
  void disconnect() override { m_connection.close(); }

 private:
  template <typename Look>
  struct Seen {
    Look look;
    Instant at;
  };

  Result<Identity> greet(const std::stop_token& stop);
  Result<void> askCapabilities(const Deadline& deadline, const std::stop_token& stop);
  Result<void> recheck(const Deadline& deadline, const std::stop_token& stop);
  Result<Sample> measure(const Deadline& deadline, const std::stop_token& stop);
  Result<void> addActivity(Sample& sample, const Deadline& deadline, const std::stop_token& stop);
  Result<void> addStatements(Sample& sample, const Deadline& deadline, const std::stop_token& stop);
  void addStatementsStep(Sample& sample, PostgresStatements look);
  Result<void> searchOwn(const Deadline& deadline, const std::stop_token& stop);
  QByteArray ownQueries() const;
  Error noAnswer() const {
    return fail(Error::Kind::Protocol, QStringLiteral("%1 answered without the figures that every PostgreSQL has. Is this PostgreSQL?").arg(m_connection.endpoint()));
  }

  PostgresConnection m_connection;
  const Clock& m_clock;
  PostgresCapabilities m_caps;
  StatementsAccess m_access = StatementsAccess::Fine;
  std::optional<Seen<PostgresActivity>> m_activity;
  std::optional<Seen<PostgresStatements>> m_statements;
  std::optional<double> m_evictionsAtFirst;
  bool m_evicts = false;
  std::set<qint64> m_own;  ///< query ids of our own statements
  int m_searches = 0;
  int m_samplesSinceCheck = 0;
  double m_startedSeconds = 0;  ///< of the server that was last connected to; survives reconnecting
};

Result<Identity> PostgresSource::connect(std::stop_token stop) {
  m_activity.reset();
  m_statements.reset();
  m_evictionsAtFirst.reset();
  m_evicts = false;
  m_own.clear();
  m_searches = 0;
  if (const auto opened = m_connection.open(stop); !opened) return opened.error();
  auto identity = greet(stop);
  if (!identity) m_connection.close();
  return identity;
}

Result<Identity> PostgresSource::greet(const std::stop_token& stop) {
  const Deadline deadline(setupPatience);
  if (m_connection.serverVersion() < oldestVersion)
    return fail(Error::Kind::Usage, QStringLiteral("%1 runs PostgreSQL %2. Version 13 or later is needed.").arg(m_connection.endpoint(), m_connection.versionText()));
  if (const auto session = m_connection.query(sessionSql(), {}, deadline, stop); !session) return session.error();
  if (const auto asked = askCapabilities(deadline, stop); !asked) return asked.error();
  Identity identity{QStringLiteral("PostgreSQL"), m_connection.versionText(), m_connection.endpoint(),
                    m_caps.standby ? QStringLiteral("standby") : QStringLiteral("primary"), {}};
  // Some managed services take this function away; the rest works without.
  const auto system = m_connection.query(QByteArray("SELECT ") + ownMark + " system_identifier FROM pg_control_system()", {}, deadline, stop);
  if (system)
    identity.serverId = system.value().text(0, 0);
  else if (!m_connection.isOpen())
    return system.error();
  return identity;
}

Result<void> PostgresSource::askCapabilities(const Deadline& deadline, const std::stop_token& stop) {
  const auto rows = m_connection.query(capabilitiesSql(), {}, deadline, stop);
  if (!rows) return rows.error();
  m_caps = readCapabilities(rows.value());
  if (std::isnan(m_caps.maxConnections)) return noAnswer();
  m_access = m_caps.hasStatements() ? StatementsAccess::Fine : StatementsAccess::Missing;
  m_samplesSinceCheck = 0;
  return {};
}

Result<Sample> PostgresSource::sample(std::stop_token stop) {
  const Deadline deadline(samplePatience);
  auto measured = measure(deadline, stop);
  if (measured) return measured;
  Error error = measured.error();
  if (error.kind == Error::Kind::Busy && m_connection.isOpen()) return error;
  if (error.kind == Error::Kind::Busy) error.kind = Error::Kind::Unreachable;  // the server ended the session with it
  m_connection.close();
  return error;
}

Result<Sample> PostgresSource::measure(const Deadline& deadline, const std::stop_token& stop) {
  const Instant begun = m_clock.now();
  if (const auto checked = recheck(deadline, stop); !checked) return checked.error();
  Sample sample;
  if (const auto added = addActivity(sample, deadline, stop); !added) return added.error();
  if (const auto added = addStatements(sample, deadline, stop); !added) return added.error();
  sample.values.emplace_back(QLatin1String("postgres.max_connections"), m_caps.maxConnections);
  sample.roundTripSeconds = m_clock.now().secondsSince(begun);
  sample.values.emplace_back(QLatin1String("postgres.round_trip"), sample.roundTripSeconds);
  sample.notes = postgresNotes(m_caps, m_access, m_evicts);
  return sample;
}

Result<void> PostgresSource::recheck(const Deadline& deadline, const std::stop_token& stop) {
  const bool lacking = m_access != StatementsAccess::Fine || !m_caps.readsAllStats || !m_caps.tracksStatements;
  if (!lacking || ++m_samplesSinceCheck < samplesUntilRecheck) return {};
  return askCapabilities(deadline, stop);
}

Result<void> PostgresSource::addActivity(Sample& sample, const Deadline& deadline, const std::stop_token& stop) {
  const auto rows = m_connection.query(activitySql(), {}, deadline, stop);
  if (!rows) return rows.error();
  const PostgresActivity look = readActivity(rows.value(), m_caps.readsAllStats);
  if (std::isnan(look.serverSeconds)) return noAnswer();
  if (look.standby != m_caps.standby)
    return fail(Error::Kind::Unreachable, QStringLiteral("%1 was a %2 and is now a %3. Connecting again.").arg(m_connection.endpoint(),
                look.standby ? QStringLiteral("primary") : QStringLiteral("standby"), look.standby ? QStringLiteral("standby") : QStringLiteral("primary")));
  sample.at = m_clock.now();
  sample.values = momentary(look);
  if (m_activity) {
    const double seconds = stepSeconds(m_activity->look.serverSeconds, look.serverSeconds, sample.at.secondsSince(m_activity->at));
    const StepKind kind = stepKind(m_activity->look, look);
    sample.restarted = kind == StepKind::Restarted;
    if (kind == StepKind::Continued && seconds > 0)
      for (const auto& value : rates(m_activity->look, look, seconds)) sample.values.push_back(value);
  } else {
    sample.restarted = m_startedSeconds > 0 && std::abs(m_startedSeconds - look.startedSeconds) > 1e-3;
  }
  m_startedSeconds = look.startedSeconds;
  m_activity = Seen<PostgresActivity>{look, sample.at};
  return {};
}

Result<void> PostgresSource::addStatements(Sample& sample, const Deadline& deadline, const std::stop_token& stop) {
  if (m_access != StatementsAccess::Fine) return {};
  const QByteArray limit = QByteArray::number(m_caps.readsAllStats ? mostEntries : 0);
  const auto rows = m_connection.query(statementsSql(m_caps), {ownQueries(), limit}, deadline, stop);
  if (rows) {
    addStatementsStep(sample, readStatements(rows.value()));
    return searchOwn(deadline, stop);
  }
  if (!m_connection.isOpen()) return rows.error();
  // The activity is measured all the same; a note says what is missing.
  m_access = statementsAccess(m_connection.sqlState());
  m_statements.reset();
  m_samplesSinceCheck = 0;
  qCDebug(lcSource).noquote() << "pg_stat_statements:" << rows.error().message << rows.error().detail;
  return {};
}

void PostgresSource::addStatementsStep(Sample& sample, PostgresStatements look) {
  const Instant now = m_clock.now();
  if (m_statements) {
    const double seconds = stepSeconds(m_statements->look.serverSeconds, look.serverSeconds, now.secondsSince(m_statements->at));
    const StatementsStep step = statementsStep(m_statements->look, look);
    sample.restarted |= step.kind == StepKind::Restarted;
    if (seconds > 0)
      for (const auto& value : rates(step, seconds)) sample.values.push_back(value);
  }
  if (!m_evictionsAtFirst) m_evictionsAtFirst = look.evictions;
  m_evicts = look.evictions > m_evictionsAtFirst;
  m_statements = Seen<PostgresStatements>{std::move(look), now};
}

Result<void> PostgresSource::searchOwn(const Deadline& deadline, const std::stop_token& stop) {
  if (m_searches >= searchesForOwn) return {};
  ++m_searches;
  const auto rows = m_connection.query(ownStatementsSql(m_caps), {}, deadline, stop);
  if (!rows) return m_connection.isOpen() ? Result<void>() : rows.error();  // without it a few calls more are counted
  for (int row = 0; row < rows.value().rows(); ++row)
    if (const auto id = rows.value().integer(row, 0)) m_own.insert(*id);
  return {};
}

QByteArray PostgresSource::ownQueries() const {
  QByteArrayList ids;
  for (const qint64 id : m_own) ids += QByteArray::number(id);
  return '{' + ids.join(',') + '}';
}

}  // namespace

SourceInfo postgresSourceInfo() {
  return {"postgres", "PostgreSQL", postgresFields(), periodMs,
          [](const SourceSettings& settings, const Clock& clock) -> std::unique_ptr<Source> {
            return std::make_unique<PostgresSource>(settings, clock);
          },
          postgresSettingsFromUrl};
}

}  // namespace cachedeck
