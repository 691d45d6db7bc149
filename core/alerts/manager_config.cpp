// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/manager_config.h"

#include "core/sources/prometheus/prometheus_json.h"

#include <QRegularExpression>

#include <algorithm>
#include <vector>

namespace cachedeck {

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
  QString reading;  // the integration whose configs follow
  for (const QString& line : section(yaml, QStringLiteral("receivers"))) {
    if (line.startsWith(QLatin1String("- name:"))) all.append({unquoted(line.mid(7)), {}, {}});
    else if (line.startsWith(QLatin1Char('-'))) return std::nullopt;
    else if (const QRegularExpressionMatch match = integration.match(line); match.hasMatch() && !all.isEmpty()) all.last().integrations += reading = match.captured(1);
    else if (line.startsWith(QLatin1String("  - ")) && !all.isEmpty() && !reading.isEmpty()) ++all.last().configs[reading];
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

QList<AlertRoute> routesOf(const QString& yaml) {
  struct Read {
    qsizetype indent, parent;
    QString receiver, wait, interval, key;  ///< key: the one that was read last, whose list may follow
  };
  std::vector<Read> all;
  std::vector<size_t> open;  // from the top down to the one that lines belong to
  const auto closeBeyond = [&](qsizetype indent) {
    while (open.size() > 1 && all[open.back()].indent > indent) open.pop_back();
  };
  for (const QString& line : section(yaml, QStringLiteral("route"))) {
    qsizetype indent = line.size() - QStringView(line).trimmed().size();
    QString text = line.mid(indent);
    if (all.empty()) {
      all.push_back({indent, -1, {}, {}, {}, {}});
      open = {0};
    }
    closeBeyond(indent);
    if (text.startsWith(QLatin1String("- "))) {
      if (all[open.back()].key != QLatin1String("routes")) continue;
      indent += 2;
      text = text.mid(2);
      all.push_back({indent, static_cast<qsizetype>(open.back()), {}, {}, {}, {}});
      open.push_back(all.size() - 1);
    }
    Read& route = all[open.back()];
    if (indent != route.indent) continue;  // below a key that says nothing here
    route.key = text.section(QLatin1Char(':'), 0, 0);
    const QString value = unquoted(text.section(QLatin1Char(':'), 1));
    if (route.key == QLatin1String("receiver")) route.receiver = value;
    else if (route.key == QLatin1String("group_wait")) route.wait = value;
    else if (route.key == QLatin1String("group_interval")) route.interval = value;
  }
  constexpr double longestMs = 365 * 86'400'000.0;
  QList<AlertRoute> routes;
  // A parent stands before its children, but its own times behind them.
  for (const Read& one : all) {
    AlertRoute route = one.parent < 0 ? AlertRoute() : routes[one.parent];
    if (!one.receiver.isEmpty()) route.receiver = one.receiver;
    const auto set = [longestMs](const QString& text, std::chrono::milliseconds* time) {
      if (!text.isEmpty()) *time = std::chrono::milliseconds(static_cast<qint64>(std::min(1000 * promDuration(text), longestMs)));
    };
    set(one.wait, &route.groupWait);
    set(one.interval, &route.groupInterval);
    routes += route;
  }
  return routes;
}

}  // namespace cachedeck
