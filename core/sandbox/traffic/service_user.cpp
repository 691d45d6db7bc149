// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/traffic/service_user.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace cachedeck::traffic {

static QByteArray credentials(const TrafficTarget& target) {
  return QJsonDocument(QJsonObject{{QStringLiteral("username"), QString::fromUtf8(target.sampleUser)},
                                   {QStringLiteral("password"), QString::fromUtf8(target.samplePassword)}})
      .toJson(QJsonDocument::Compact);
}

ServiceUser::ServiceUser(const TrafficTarget& target) : m_link(target.samplePort), m_credentials(credentials(target)) {}

bool ServiceUser::logIn(std::stop_token stop) {
  m_authorization.clear();
  const std::optional<Reply> reply = m_link.ask({"POST", "/api/v1/auth/login", m_credentials}, {}, stop);
  if (!reply || reply->status != 200) return false;
  const QByteArray token = QJsonDocument::fromJson(reply->body).object().value(QStringLiteral("token")).toString().toLatin1();
  if (token.isEmpty()) return false;
  m_authorization = "Authorization: Bearer " + token + "\r\n";
  return true;
}

std::optional<Reply> ServiceUser::ask(const Request& request, std::stop_token stop) {
  if (m_authorization.isEmpty() && !logIn(stop)) return {};
  std::optional<Reply> reply = m_link.ask(request, m_authorization, stop);
  if (!reply || reply->status != 401) return reply;
  if (!logIn(stop)) return {};  // tokens go with the process that gave them
  return m_link.ask(request, m_authorization, stop);
}

}  // namespace cachedeck::traffic
