// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/sandbox_fixture.h"

#include "core/sandbox/proc_info.h"

#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QProcess>

#include <cmath>
#include <memory>

namespace cachedeck::test {

QJsonObject Run::json() const { return QJsonDocument::fromJson(out).object(); }

Run runCommand(const QString& program, const QStringList& arguments, const QStringList& environment) {
  QProcess process;
  process.setProgram(program);
  process.setArguments(arguments);
  process.setEnvironment(QProcess::systemEnvironment() + environment);
  process.start(QIODevice::ReadOnly);
  if (!process.waitForFinished(90000)) process.kill();
  return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

Run sandbox(const QStringList& arguments, const QStringList& environment) {
  return runCommand(QStringLiteral(SANDBOX_HOST), QStringList{QStringLiteral("sandbox")} + arguments, environment);
}

QList<pid_t> pidsOf(const QJsonObject& info) {
  QList<pid_t> pids;
  const QJsonObject object = info.value(QStringLiteral("pids")).toObject();
  for (const QJsonValue& pid : object) pids << static_cast<pid_t>(pid.toInteger());
  return pids;
}

bool allGone(const QList<pid_t>& pids, const QString& dir) {
  for (pid_t pid : pids)
    if (processAlive(pid)) return false;
  const QStringList entries = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
  for (const QString& entry : entries) {
    QFile file(QStringLiteral("/proc/%1/cmdline").arg(entry));
    if (file.open(QIODevice::ReadOnly) && file.readAll().contains(dir.toUtf8())) return false;
  }
  return true;
}

QByteArray redisCli(const QJsonObject& info, const QStringList& arguments) {
  const QStringList login{QStringLiteral("--no-auth-warning"), QStringLiteral("-u"), info.value(QStringLiteral("redis")).toString()};
  return runCommand(QStringLiteral("redis-cli"), login + arguments).out.trimmed();
}

QByteArray psql(const QJsonObject& info, const QString& sql) {
  return runCommand(QStringLiteral("psql"), {info.value(QStringLiteral("postgres")).toString(), QStringLiteral("-XAtqc"), sql}).out.trimmed();
}

double redisInfo(const QJsonObject& info, const QByteArray& field) {
  const QList<QByteArray> lines = redisCli(info, {QStringLiteral("info")}).split('\n');
  for (const QByteArray& line : lines)
    if (line.startsWith(field + ':')) return line.mid(field.size() + 1).trimmed().toDouble();
  return std::nan("");
}

ServiceAnswer askService(const QString& base, const QString& path, const QByteArray& body) {
  QNetworkAccessManager network;
  QEventLoop loop;
  const QUrl url(base);
  QNetworkRequest request{QUrl(url.toString(QUrl::RemoveUserInfo) + path)};
  request.setTransferTimeout(60000);
  if (!url.userName().isEmpty())
    request.setRawHeader("Authorization", "Basic " + (url.userName() + QLatin1Char(':') + url.password()).toUtf8().toBase64());
  request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
  const std::unique_ptr<QNetworkReply> reply(body.isEmpty() ? network.get(request) : network.post(request, body));
  QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
  loop.exec();
  return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->rawHeader("X-Cache"),
          QJsonDocument::fromJson(reply->readAll()).object()};
}

QJsonObject httpJson(const QString& url) {
  QNetworkAccessManager network;
  QEventLoop loop;
  QNetworkRequest request{QUrl(url)};
  request.setTransferTimeout(60000);
  QNetworkReply* reply = network.get(request);
  QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
  loop.exec();
  return QJsonDocument::fromJson(reply->readAll()).object();
}

QString promValue(const QJsonObject& info, const QString& query) {
  return httpJson(info.value(QStringLiteral("prometheus")).toString() + QStringLiteral("/api/v1/query?query=") +
                  QString::fromLatin1(QUrl::toPercentEncoding(query)))
      .value(QStringLiteral("data"))[QStringLiteral("result")][0][QStringLiteral("value")][1].toString();
}

}  // namespace cachedeck::test
