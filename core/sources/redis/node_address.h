// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/redis_options.h"

#include <QByteArrayView>

#include <optional>

namespace cachedeck {

// Addresses that one server gives of another, checked before anything is sent there.

/// A host name or an address (IPv6 with or without brackets, returned without); nothing where it is neither.
std::optional<QString> checkedHost(QByteArrayView text);
/// 1 to 65535.
std::optional<quint16> checkedPort(qint64 number);
/// The same in digits only.
std::optional<quint16> checkedPort(QByteArrayView digits);
/// A number from 0 to `most` in digits only: no sign, no blank.
std::optional<int> checkedNumber(QByteArrayView digits, int most);

/// The host by which `asked` was reached, for servers that give an empty one. Behind a Unix socket that is this machine.
QString hostOf(const RedisOptions& asked);
/// Options for another server of the same system: everything but the address stays.
RedisOptions optionsAt(const RedisOptions& asked, const QString& host, quint16 port);

}  // namespace cachedeck
