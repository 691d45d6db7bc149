// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/proc_info.h"

#include <QDir>
#include <QFile>

#include <utility>

namespace cachedeck {
namespace {

struct Stat {
  char state = 0;  // 0: no such process
  pid_t parent = 0;
};

Stat readStat(const QString& pid) {
  QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
  if (!file.open(QIODevice::ReadOnly)) return {};
  const QByteArray text = file.readAll();
  // "pid (name) S ppid …": the name may hold spaces and brackets, so count from the last bracket.
  const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
  if (fields.size() < 2 || fields[0].isEmpty()) return {};
  return {fields[0][0], static_cast<pid_t>(fields[1].toInt())};
}

}  // namespace

bool processAlive(pid_t pid) {
  const char state = readStat(QString::number(pid)).state;
  return state != 0 && state != 'Z' && state != 'X';
}

std::vector<pid_t> descendants(pid_t pid) {
  std::vector<std::pair<pid_t, pid_t>> pairs;  // (child, parent)
  const QStringList entries = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
  for (const QString& entry : entries) {
    bool isNumber = false;
    const pid_t child = static_cast<pid_t>(entry.toInt(&isNumber));
    if (isNumber) pairs.emplace_back(child, readStat(entry).parent);
  }
  std::vector<pid_t> family{pid};
  for (size_t i = 0; i < family.size(); ++i)
    for (const auto& [child, parent] : pairs)
      if (parent == family[i]) family.push_back(child);
  family.erase(family.begin());
  return family;
}

}  // namespace cachedeck
