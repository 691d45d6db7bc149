// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/receivers.h"

#include <QRegularExpression>

namespace cachedeck::doctor {

namespace {

QString unquoted(const QString& text) {
  const QString word = text.trimmed();
  const bool single = word.startsWith(QLatin1Char('\'')), quoted = single || word.startsWith(QLatin1Char('"'));
  if (!quoted || word.size() < 2) return word;
  return single ? word.mid(1, word.size() - 2).replace(QLatin1String("''"), QLatin1String("'")) : word.mid(1, word.size() - 2);
}

/// The lines below a key of the top level.
QStringList section(const QString& yaml, const QString& key) {
  QStringList lines;
  bool inside = false;
  for (const QString& line : yaml.split(QLatin1Char('\n'))) {
    const bool isKey = !line.isEmpty() && !line.startsWith(QLatin1Char(' ')) && !line.startsWith(QLatin1Char('-'));
    if (isKey) inside = line.startsWith(key + QLatin1Char(':'));
    else if (inside && !line.isEmpty()) lines += line;
  }
  return lines;
}

}  // namespace

std::optional<QList<AlertmanagerEvidence::Receiver>> receiversOf(const QString& yaml) {
  static const QRegularExpression integration(QStringLiteral("\\A  ([a-z0-9_]+)_configs:\\s*\\z"));
  QList<AlertmanagerEvidence::Receiver> all;
  for (const QString& line : section(yaml, QStringLiteral("receivers"))) {
    if (line.startsWith(QLatin1String("- name:"))) all.append({unquoted(line.mid(7)), {}});
    else if (line.startsWith(QLatin1Char('-'))) return std::nullopt;
    else if (const QRegularExpressionMatch match = integration.match(line); match.hasMatch() && !all.isEmpty()) all.last().integrations += match.captured(1);
  }
  if (all.isEmpty()) return std::nullopt;
  return all;
}

QString rootReceiverOf(const QString& yaml) {
  for (const QString& line : section(yaml, QStringLiteral("route")))
    if (line.startsWith(QLatin1String("  receiver:"))) return unquoted(line.mid(11));
  return {};
}

}  // namespace cachedeck::doctor
