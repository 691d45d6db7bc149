// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/journal.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <sys/wait.h>
#include <unistd.h>

namespace cachedeck::test {

inline Secret testKey(char filling = 'k') { return Secret(QByteArray(32, filling)); }

inline JournalEntry testEntry(const QString& text = QStringLiteral("match risk:*")) {
  JournalEntry entry;
  entry.wallMs = 1'770'000'000'123;
  entry.action = QStringLiteral("keys.delete");
  entry.phase = QStringLiteral("begin");
  entry.operation = QStringLiteral("op-1");
  entry.user = QStringLiteral("anna@desk");
  entry.profile = QStringLiteral("Shop");
  entry.where = QStringLiteral("production 10.0.0.5:6379 db 0");
  entry.planDigest = QString(64, QLatin1Char('a'));
  entry.counts = {{QStringLiteral("planned"), 41000}, {QStringLiteral("seconds"), 1.5}};
  entry.text = text;
  return entry;
}

inline QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline bool setContent(const QString& path, const QByteArray& bytes) {
  QFile file(path);
  return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

/// Runs `work` in processes of their own, at once; how many of them returned true.
inline int inProcesses(int count, const std::function<bool(int)>& work) {
  QList<pid_t> children;
  for (int i = 0; i < count; ++i) {
    const pid_t child = fork();
    if (child == 0) _exit(work(i) ? 0 : 1);
    if (child > 0) children.append(child);
  }
  int good = 0;
  for (const pid_t child : children) {
    int status = -1;
    if (waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0) ++good;
  }
  return good;
}

}  // namespace cachedeck::test
