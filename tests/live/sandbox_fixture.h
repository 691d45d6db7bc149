// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

#include <sys/types.h>

namespace cachedeck::test {

/// A command that ran to its end.
struct Run {
  int code = -1;
  QByteArray out, err;
  QJsonObject json() const;  ///< standard output, which has to be one object and nothing else; empty if not
};

Run runCommand(const QString& program, const QStringList& arguments, const QStringList& environment = {});
/// `sandbox_host sandbox …`
Run sandbox(const QStringList& arguments, const QStringList& environment = {});

/// The pids of an up's or status's object, the supervisor's included.
QList<pid_t> pidsOf(const QJsonObject& info);
/// The pids, and everything that still has the directory in its command line, are gone.
bool allGone(const QList<pid_t>& pids, const QString& dir);

/// Figures asked of the servers with their own clients, through the URLs as printed.
QByteArray redisCli(const QJsonObject& info, const QStringList& arguments);
QByteArray psql(const QJsonObject& info, const QString& sql);
/// A field of INFO, NaN without an answer.
double redisInfo(const QJsonObject& info, const QByteArray& field);
/// An answer of the sample service.
struct ServiceAnswer {
  int status = 0;    ///< 0: none came
  QByteArray cache;  ///< X-Cache
  QJsonObject json;
};
/// GET, or POST of a JSON body, below a URL as printed: its user and password go along by Basic.
ServiceAnswer askService(const QString& url, const QString& path, const QByteArray& body = {});
/// The answer's object; empty without an answer.
QJsonObject httpJson(const QString& url);
/// The first value of an instant query; empty without one.
QString promValue(const QJsonObject& info, const QString& query);

}  // namespace cachedeck::test
