// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/manager_config.h"

#include <QRegularExpression>

#include <algorithm>

namespace cachedeck {

using namespace std::chrono_literals;

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

std::optional<QList<AlertReceiver>> receiversOf(const QString& yaml) {
  static const QRegularExpression integration(QStringLiteral("\\A  ([a-z0-9_]+)_configs:\\s*\\z"));
  QList<AlertReceiver> all;
  for (const QString& line : section(yaml, QStringLiteral("receivers"))) {
    if (line.startsWith(QLatin1String("- name:"))) all.append({unquoted(line.mid(7)), {}});
    else if (line.startsWith(QLatin1Char('-'))) return std::nullopt;
    else if (const QRegularExpressionMatch match = integration.match(line); match.hasMatch() && !all.isEmpty()) all.last().integrations += match.captured(1);
  }
  if (all.isEmpty()) return std::nullopt;
  return all;
}

std::optional<QStringList> integrationsOf(const QString& yaml, const QString& receiver) {
  const auto all = receiversOf(yaml);
  if (!all) return std::nullopt;
  const auto found = std::find_if(all->begin(), all->end(), [&](const AlertReceiver& one) { return one.name == receiver; });
  return found == all->end() ? std::nullopt : std::optional(found->integrations);
}

QString rootReceiverOf(const QString& yaml) {
  for (const QString& line : section(yaml, QStringLiteral("route")))
    if (line.startsWith(QLatin1String("  receiver:"))) return unquoted(line.mid(11));
  return {};
}

std::chrono::seconds longestGroupWait(const QString& yaml) {
  static const QRegularExpression line(QStringLiteral("group_wait:\\s*(\\d+)(ms|s|m|h)"));
  std::chrono::seconds longest{0};
  bool any = false;
  for (auto lines = line.globalMatch(yaml); lines.hasNext();) {
    const auto one = lines.next();
    const qint64 number = one.captured(1).left(9).toLongLong();
    const QString unit = one.captured(2);
    const std::chrono::seconds wait(unit == QLatin1String("s") ? number : unit == QLatin1String("m") ? 60 * number : unit == QLatin1String("h") ? 3600 * number : 1);
    longest = std::max(longest, wait);
    any = true;
  }
  return any ? std::min<std::chrono::seconds>(longest, 10min) : 30s;
}

}  // namespace cachedeck
