// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/traffic/pg_login.h"

#include <utility>

namespace cachedeck::traffic {

std::string conninfo(const PgLogin& login) {
  QByteArray text = "hostaddr=127.0.0.1 sslmode=disable port=" + QByteArray::number(login.port);
  for (const auto& [keyword, value] : {std::pair{"user", login.user}, {"password", login.password}, {"dbname", login.database},
                                       {"application_name", login.application}}) {
    QByteArray quoted = value;
    quoted.replace('\\', "\\\\").replace('\'', "\\'");
    text += QByteArray(" ") + keyword + "='" + quoted + '\'';
  }
  return text.toStdString();
}

}  // namespace cachedeck::traffic
