// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/redis_info.h"

#include "core/metrics/format.h"

#include <cmath>

namespace cachedeck {

namespace {

constexpr qsizetype mostFields = 65536;

std::optional<double> parsed(QByteArrayView text) {
  bool ok = false;
  const double value = text.toDouble(&ok);  // always in the C locale
  return ok && std::isfinite(value) && value >= 0 ? std::optional(value) : std::nullopt;
}

/// The number of "name=" in "calls=12,usec=34".
std::optional<double> member(QByteArrayView list, QByteArrayView name) {
  for (qsizetype at = 0; at < list.size();) {
    qsizetype end = list.indexOf(',', at);
    if (end < 0) end = list.size();
    const QByteArrayView item = list.sliced(at, end - at);
    if (item.startsWith(name) && item.size() > name.size() && item.at(name.size()) == '=') return parsed(item.sliced(name.size() + 1));
    at = end + 1;
  }
  return std::nullopt;
}

bool isDatabase(QByteArrayView name) {
  if (name.size() < 3 || !name.startsWith("db")) return false;
  for (const char c : name.sliced(2))
    if (c < '0' || c > '9') return false;
  return true;
}

}  // namespace

RedisInfo RedisInfo::parse(QByteArrayView text) {
  RedisInfo info;
  for (qsizetype at = 0; at < text.size() && info.m_fields.size() < mostFields;) {
    qsizetype end = text.indexOf('\n', at);
    if (end < 0) end = text.size();
    info.addLine(text.sliced(at, end - at).trimmed());
    at = end + 1;
  }
  return info;
}

void RedisInfo::addLine(QByteArrayView line) {
  if (line.startsWith('#')) {
    const QByteArray section = line.sliced(1).trimmed().toByteArray();
    if (m_sections.size() < mostFields) m_sections.insert(section);
    if (section == "Keyspace" && !m_keyspace) m_keyspace = Keyspace();  // no line follows where there are no keys
    return;
  }
  const qsizetype colon = line.indexOf(':');
  if (colon <= 0) return;
  const QByteArrayView name = line.first(colon);
  const QByteArrayView value = line.sliced(colon + 1);
  m_fields.insert(name.toByteArray(), value.toByteArray());
  if (name.startsWith("cmdstat_")) addCommand(value);
  if (isDatabase(name)) addKeyspace(value);
}

void RedisInfo::addKeyspace(QByteArrayView value) {
  const std::optional<double> keys = member(value, "keys");
  if (!keys) return;
  if (!m_keyspace) m_keyspace = Keyspace();
  m_keyspace->keys += *keys;
  m_keyspace->expires += member(value, "expires").value_or(0);
}

void RedisInfo::addCommand(QByteArrayView value) {
  const std::optional<double> calls = member(value, "calls");
  const std::optional<double> usec = member(value, "usec");
  if (!calls || !usec) return;
  if (!m_commands) m_commands = CommandTotals();
  m_commands->calls += *calls;
  m_commands->usec += *usec;
}

std::optional<double> RedisInfo::number(const char* name) const { return parsed(text(name)); }

QString RedisInfo::loadingProgress() const {
  if (text("loading") != "1") return {};
  const QString done = QStringLiteral("%1 % done").arg(number("loading_loaded_perc").value_or(0), 0, 'f', 0);
  const std::optional<double> left = number("loading_eta_seconds");
  return left ? done + QStringLiteral(", about %1 left").arg(formatDuration(*left)) : done;
}

}  // namespace cachedeck
