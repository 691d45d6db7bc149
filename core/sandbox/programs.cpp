// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/programs.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>

namespace cachedeck {

static QStringList postgresFolders() {
  const QString root = QStringLiteral("/usr/lib/postgresql");
  QStringList versions = QDir(root).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
  std::sort(versions.begin(), versions.end(), [](const QString& a, const QString& b) { return a.toInt() > b.toInt(); });
  for (QString& version : versions) version = root + QLatin1Char('/') + version + QStringLiteral("/bin");
  return versions;
}

static QString ownFolder() { return QFileInfo(QFile::symLinkTarget(QStringLiteral("/proc/self/exe"))).path(); }

QString findProgram(const QStringList& names) {
  const QStringList folders = postgresFolders();
  for (const QString& name : names) {
    QString found = QStandardPaths::findExecutable(name, {ownFolder()});
    if (found.isEmpty()) found = QStandardPaths::findExecutable(name);
    if (found.isEmpty()) found = QStandardPaths::findExecutable(name, folders);
    if (!found.isEmpty()) return found;
  }
  return {};
}

}  // namespace cachedeck
