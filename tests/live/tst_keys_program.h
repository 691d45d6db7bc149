// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/live/keys_fixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>

namespace cachedeck::test {

/// `cachedeck` as a person or a script runs it, with folders of its own; standard input is no terminal.
class KeysProgram {
 public:
  struct Outcome {
    int code = -1;
    QByteArray out, err;
    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
    QByteArray all() const { return "exit code " + QByteArray::number(code) + '\n' + out + err; }
  };

  explicit KeysProgram(RedisServer& server) : m_server(server) {
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"}) m_environment.insert(QLatin1String(name), m_home.filePath(QLatin1String(name)));
    m_environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/nonexistent"));
  }

  QString url() const { return QStringLiteral("redis://127.0.0.1:%1/0").arg(m_server.port()); }
  QString config() const { return m_home.filePath(QStringLiteral("XDG_CONFIG_HOME/cachedeck")); }
  QString state() const { return m_home.filePath(QStringLiteral("XDG_STATE_HOME/cachedeck")); }

  /// `keys` and the words, which must not hold spaces themselves.
  Outcome keys(const char* words) const { return keys(QString::fromUtf8(words).split(QLatin1Char(' '))); }
  Outcome keys(QStringList arguments) const {
    arguments.prepend(QStringLiteral("keys"));
    return run(arguments << QStringLiteral("--redis") << url());
  }
  Outcome run(const QStringList& arguments) const {
    QProcess process;
    start(process, arguments);
    return finish(process);
  }
  void start(QProcess& process, const QStringList& arguments) const {
    process.setProcessEnvironment(m_environment);
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(qEnvironmentVariable("CACHEDECK_BIN"), arguments);
  }
  static Outcome finish(QProcess& process, int patienceMs = 120'000) {
    if (process.state() != QProcess::NotRunning && !process.waitForFinished(patienceMs)) {
      process.kill();
      process.waitForFinished();
      return {-2, process.readAllStandardOutput(), process.readAllStandardError()};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
  }

 private:
  RedisServer& m_server;
  QTemporaryDir m_home;
  QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
};

}  // namespace cachedeck::test
