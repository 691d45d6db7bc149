// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/prometheus/prometheus_client.h"
#include "core/sources/source.h"

namespace cachedeck {

/// The "app." metrics: what Prometheus knows of the service that it scrapes. Nothing here is an error of the source; what keeps the
/// figures away becomes a note. A Prometheus that scrapes no service is none.
class ServiceFigures {
 public:
  /// `selector` as the profile's field has it.
  explicit ServiceFigures(const QString& selector);

  /// Looks which service there is and how often it is scraped; `targets` null where the server does not list them.
  void find(PrometheusClient& client, const std::vector<PromTarget>* targets, const std::stop_token& stop);
  /// Adds all figures to a sample with one request, or a note.
  void addTo(Sample* sample, PrometheusClient& client, const std::stop_token& stop);

 private:
  void leaveOut(const Error& error);

  const Result<QString> m_selector;
  QString m_expression;  // of all metrics; empty while there is nothing to ask
  QString m_away;        // why there may be no figures though there is a service
  QString m_note;
};

}  // namespace cachedeck
