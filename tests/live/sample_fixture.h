// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/live/sample_http.h"
#include "tests/support/process.h"

#include <QMap>

namespace cachedeck::test {

/// cachedeck-sample as a child process. Its user is demo with password().
class SampleService : public TestServer {
 public:
  /// On the superuser's database of a PostgresServer. Further arguments come last, so that they win.
  SampleService(const PostgresServer& postgres, quint16 redisPort, const QStringList& more = {});
  ~SampleService() override { stop(); }
  static QByteArray password() { return QByteArrayLiteral("Open-sesame"); }

  /// "Authorization: Bearer …", of a login that is made when it is first needed after a start.
  QByteArray authorization();
  void forgetLogin() { m_authorization.clear(); }
  /// A request of the logged-in user on a connection of its own.
  HttpAnswer call(const QByteArray& method, const QByteArray& target, const QByteArray& body = {});
  HttpAnswer get(const QByteArray& target) { return call("GET", target); }
  /// /metrics as "name{label="value",…}" → figure, labels in the order in which they come.
  QMap<QByteArray, double> figures();

 protected:
  QStringList arguments() override;
  QStringList environment() override;
  bool ready() override;

 private:
  const QString m_conninfo;
  const quint16 m_redisPort;
  const QStringList m_more;
  QByteArray m_authorization;
};

/// A risk as clients write it.
QByteArray riskBody(const QByteArray& title, const QByteArray& more = {});

}  // namespace cachedeck::test
