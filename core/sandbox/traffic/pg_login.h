// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <string>

namespace cachedeck::traffic {

/// Who logs in to our own PostgreSQL, and as which application.
struct PgLogin {
  quint16 port = 0;
  QByteArray user, password, database, application;
};

/// The same for libpq.
std::string conninfo(const PgLogin& login);

}  // namespace cachedeck::traffic
