// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/core/k6_sample.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

namespace cachedeck::test {

/// A program called k6 in front of PATH, as long as this lives: a shell script that replays what k6 tells. Files of its own lie in $home.
class K6StandIn {
 public:
  K6StandIn() {
    QDir(m_home.path()).mkdir(QStringLiteral("bin"));
    QDir(m_home.path()).mkdir(QStringLiteral("empty"));
    put("begin", k6FeedBegin);
    put("rest", k6FeedRest);
    put("summary", k6Summary);
    qputenv("PATH", at("bin").toUtf8() + ':' + m_path);
  }
  ~K6StandIn() { qputenv("PATH", m_path); }
  K6StandIn(const K6StandIn&) = delete;
  K6StandIn& operator=(const K6StandIn&) = delete;

  /// $summary, $script and $K6_WEB_DASHBOARD_RECORD are set where `body` begins.
  void does(const QByteArray& body) const {
    put("bin/k6", "#!/bin/sh\nhome='" + m_home.path().toUtf8() + "'\nenv >\"$home/environment\"\n"
                  "while [ $# -gt 0 ]; do case $1 in --summary-export) summary=$2; shift;; esac; script=$1; shift; done\n" + body);
    QFile::setPermissions(at("bin/k6"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
  }
  /// Tells its first second, goes on until put("go") or, where it listens, until it is asked to stop, and then tells the rest.
  void waits(bool listens = true) const {
    const QByteArray end = "cp \"$home/summary\" \"$summary\"; exit 105";
    does(QByteArray("trap '") + (listens ? end : QByteArray("asked=yes")) + "' INT\nexec 3>\"$K6_WEB_DASHBOARD_RECORD\"\ncat \"$home/begin\" >&3\nwhile [ ! -e \"$home/go\" ]; do sleep 0.02; done\n"
         "cat \"$home/rest\" >&3\ncp \"$home/summary\" \"$summary\"\n[ \"$asked\" ] && exit 105\nexit 99\n");
  }
  void replays() const { does("cat \"$home/begin\" \"$home/rest\" >\"$K6_WEB_DASHBOARD_RECORD\"\ncp \"$home/summary\" \"$summary\"\nexit 99\n"); }
  /// No program is found at all.
  void isAbsent() const { qputenv("PATH", at("empty").toUtf8()); }

  void put(const char* name, const QByteArray& text) const {
    QFile file(at(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) qFatal("%s was not written", name);
  }
  QByteArray read(const char* name) const {
    QFile file(at(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }
  QString at(const char* name) const { return m_home.filePath(QLatin1String(name)); }

 private:
  const QByteArray m_path = qgetenv("PATH");
  QTemporaryDir m_home;
};

}  // namespace cachedeck::test
