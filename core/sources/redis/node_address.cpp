// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/node_address.h"

#include <QHostAddress>

#include <algorithm>

namespace cachedeck {

namespace {

constexpr qsizetype longestHost = 253;  // of a domain name, RFC 1035

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool belongsInName(char c) { return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_'; }

}  // namespace

std::optional<QString> checkedHost(QByteArrayView text) {
  if (text.size() > 2 && text.startsWith('[') && text.endsWith(']') && text.contains(':')) text = text.sliced(1, text.size() - 2);
  if (text.isEmpty() || text.size() > longestHost) return std::nullopt;
  const QString host = QString::fromLatin1(text);
  if (text.contains(':')) {
    const QHostAddress address(host);
    return address.protocol() == QAbstractSocket::IPv6Protocol ? std::optional(host) : std::nullopt;
  }
  // A leading hyphen or dot is no name, and would be read as an option where a command is made of it.
  if (text.front() == '-' || text.front() == '.' || !std::all_of(text.begin(), text.end(), belongsInName)) return std::nullopt;
  return host;
}

std::optional<int> checkedNumber(QByteArrayView digits, int most) {
  if (digits.isEmpty() || digits.size() > 6 || !std::all_of(digits.begin(), digits.end(), isDigit)) return std::nullopt;
  const int number = digits.toInt();
  return number <= most ? std::optional(number) : std::nullopt;
}

std::optional<quint16> checkedPort(qint64 number) {
  return number >= 1 && number <= 65535 ? std::optional(static_cast<quint16>(number)) : std::nullopt;
}

std::optional<quint16> checkedPort(QByteArrayView digits) { return checkedPort(qint64{checkedNumber(digits, 65535).value_or(0)}); }

QString hostOf(const RedisOptions& asked) { return asked.socketPath.isEmpty() ? asked.host : QStringLiteral("127.0.0.1"); }

RedisOptions optionsAt(const RedisOptions& asked, const QString& host, quint16 port) {
  RedisOptions options = asked;
  options.host = host;
  options.port = port;
  options.socketPath.clear();
  return options;
}

}  // namespace cachedeck
