// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace cachedeck {

/// Questions to a server on 127.0.0.1 that tell whether it is ready; each blocks for half a second at most.

/// Somebody accepts connections.
bool acceptsTcp(quint16 port);
/// The status of GET `path`, 0 when no answer came.
int httpStatus(quint16 port, const QByteArray& path);
/// Redis answers PING, be it with a demand for a password, and is not loading.
bool redisAnswers(quint16 port);
/// Redis answers QUIT, the one question that it does not count as refused where a login is wanted. It may still be loading.
bool redisTakesLeave(quint16 port);
/// PostgreSQL takes connections, and does not say that it is starting up or shutting down (SQLSTATE 57P03).
bool postgresAnswers(quint16 port);

}  // namespace cachedeck
