// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_arguments.h"

namespace cachedeck {

PostgresArguments::PostgresArguments(const PostgresTarget& target, const SourceSettings& settings) {
  m_kept = {
      {"gssencmode", "disable"},  // its ticket look-up may talk to a KDC, and nothing bounds that
      // Keepalives notice an idle link that is dead, tcp_user_timeout one with a statement under way: neither sees both.
      {"keepalives", "1"}, {"keepalives_idle", "5"}, {"keepalives_interval", "2"}, {"keepalives_count", "3"},
      {"tcp_user_timeout", "10000"}};
  const auto own = postgresParameters(settings);
  for (const auto& [keyword, value] : target.parameters)
    if (!m_kept.contains(keyword) || (own && own.value().contains(keyword))) m_kept[keyword] = value;
  m_kept["application_name"] = "cachedeck";
  m_kept["client_encoding"] = "UTF8";
  addPlaces(target);
  for (const auto& [keyword, value] : m_kept) add(keyword.constData(), value.constData());
  for (const char* keyword : {"password", "sslpassword"})
    if (const auto secret = settings.secrets.find(QLatin1String(keyword)); secret != settings.secrets.end() && !secret->isEmpty())
      add(keyword, secret->data());
  add(nullptr, nullptr);
}

void PostgresArguments::addPlaces(const PostgresTarget& target) {
  QByteArrayList hosts, addresses, ports;
  for (const PostgresPlace& place : target.places) {
    hosts += place.host;
    addresses += place.address;
    ports += place.port;
  }
  m_kept["host"] = hosts.join(',');
  m_kept["port"] = ports.join(',');
  const QByteArray joined = addresses.join(',');
  if (joined.count(',') < joined.size()) m_kept["hostaddr"] = joined;  // at least one is not empty
}

void PostgresArguments::add(const char* keyword, const char* value) {
  m_keywords.push_back(keyword);
  m_values.push_back(value);
}

}  // namespace cachedeck
