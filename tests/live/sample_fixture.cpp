// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/sample_fixture.h"

namespace cachedeck::test {

SampleService::SampleService(const PostgresServer& postgres, quint16 redisPort, const QStringList& more)
    : TestServer(QStringLiteral("sample"), {QStringLiteral(SAMPLE_PROGRAM)}),
      m_conninfo(QStringLiteral("host=127.0.0.1 port=%1 user=postgres dbname=postgres").arg(postgres.port())), m_redisPort(redisPort), m_more(more) {}

QStringList SampleService::arguments() {
  // No cost: what a statement takes is no matter here, unless a test says so.
  return QStringList{QStringLiteral("--listen"), QStringLiteral("127.0.0.1:@PORT@"), QStringLiteral("--postgres"), m_conninfo, QStringLiteral("--redis"),
                     QStringLiteral("redis://127.0.0.1:%1").arg(m_redisPort), QStringLiteral("--query-cost=0"), QStringLiteral("--rows=500"),
                     QStringLiteral("--threads=2")} + m_more;
}

QStringList SampleService::environment() {
  return {QStringLiteral("CACHEDECK_POSTGRES_PASSWORD=") + PostgresServer::password(),
          QStringLiteral("CACHEDECK_SAMPLE_PASSWORD=") + QString::fromLatin1(password())};
}

bool SampleService::ready() {
  m_authorization.clear();
  return httpRequest(port(), "GET", "/health").status == 200;
}

QByteArray SampleService::authorization() {
  if (!m_authorization.isEmpty()) return m_authorization;
  const HttpAnswer answer = httpRequest(port(), "POST", "/api/v1/auth/login", {}, "{\"username\":\"demo\",\"password\":\"" + password() + "\"}");
  if (answer.status == 200) m_authorization = "Authorization: Bearer " + answer.json().value(QLatin1String("token")).toString().toLatin1();
  return m_authorization;
}

HttpAnswer SampleService::call(const QByteArray& method, const QByteArray& target, const QByteArray& body) {
  return httpRequest(port(), method, target, {authorization()}, body);
}

QMap<QByteArray, double> SampleService::figures() {
  QMap<QByteArray, double> found;
  const QList<QByteArray> lines = httpRequest(port(), "GET", "/metrics").body.split('\n');
  for (const QByteArray& line : lines) {
    const qsizetype space = line.lastIndexOf(' ');
    bool isNumber = false;
    const double value = line.mid(space + 1).toDouble(&isNumber);
    if (!line.startsWith('#') && space > 0 && isNumber) found.insert(line.left(space), value);
  }
  return found;
}

QByteArray riskBody(const QByteArray& title, const QByteArray& more) {
  return "{\"title\":\"" + title + "\",\"severity\":\"high\",\"status\":\"open\",\"likelihood\":4,\"impact\":3,\"owner\":\"tester\"" + more + "}";
}

}  // namespace cachedeck::test
