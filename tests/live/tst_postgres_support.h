// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/postgres/postgres_connection.h"
#include "core/sources/postgres/postgres_source.h"
#include "tests/support/process.h"

#include <QTest>

#include <map>
#include <thread>

namespace cachedeck::test {

inline const SystemClock systemClock;

inline SourceSettings settingsOf(const QString& url) {
  auto settings = postgresSourceInfo().fromUrl(url);
  return settings ? settings.value() : SourceSettings();
}

inline SourceSettings settingsOf(const PostgresServer& server, const QString& user = QStringLiteral("postgres"),
                                 const QString& database = QStringLiteral("postgres"),
                                 const QString& password = PostgresServer::password()) {
  SourceSettings settings;
  settings.fields = {{QStringLiteral("host"), QStringLiteral("127.0.0.1")}, {QStringLiteral("port"), QString::number(server.port())},
                     {QStringLiteral("user"), user}, {QStringLiteral("database"), database}};
  settings.secrets.insert(QStringLiteral("password"), Secret::fromString(password));
  return settings;
}

/// What an answer that should have been good says instead.
template <typename T>
QByteArray complaint(const Result<T>& result) {
  return result ? QByteArray("no error") : (result.error().message + QLatin1Char('\n') + result.error().detail).toUtf8();
}

inline std::unique_ptr<Source> sourceOf(const SourceSettings& settings) { return postgresSourceInfo().create(settings, systemClock); }

/// A session beside the source's, for making load.
class Session {
 public:
  explicit Session(const SourceSettings& settings) : m_connection(settings) { m_error = m_connection.open({}); }
  bool ok() const { return m_error.ok(); }
  bool run(const QByteArray& sql) { return m_connection.query(sql, {}, Deadline(std::chrono::seconds(30)), {}).ok(); }

 private:
  PostgresConnection m_connection;
  Result<void> m_error;
};

/// A statement that goes on in the background until it ends or the object is destroyed.
class RunningStatement {
 public:
  RunningStatement(const SourceSettings& settings, const QByteArray& first, const QByteArray& then)
      : m_thread([settings, first, then](std::stop_token stop) {
          PostgresConnection connection(settings);
          if (!connection.open(stop)) return;
          const Deadline deadline(std::chrono::seconds(60));
          if (!first.isEmpty() && !connection.query(first, {}, deadline, stop)) return;
          (void)connection.query(then, {}, deadline, stop);
        }) {}

 private:
  std::jthread m_thread;
};

/// A sample's values by id; NaN is left out as "not measured".
inline std::map<QString, double> valuesOf(const Sample& sample) {
  std::map<QString, double> values;
  for (const auto& [id, value] : sample.values)
    if (!std::isnan(value)) values[QString(id)] = value;
  return values;
}

}  // namespace cachedeck::test
