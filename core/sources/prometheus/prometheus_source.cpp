// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/prometheus/prometheus_source.h"

#include "core/base/text.h"
#include "core/sources/prometheus/prometheus_client.h"
#include "core/sources/prometheus/prometheus_fields.h"
#include "core/sources/prometheus/service_figures.h"
#include "core/sources/prometheus/target_text.h"

#include <QElapsedTimer>

#include <algorithm>
#include <optional>

namespace cachedeck {

namespace {

constexpr int mostNotes = 5;

double count(const auto& list, auto condition) { return static_cast<double>(std::count_if(list.begin(), list.end(), condition)); }

QStringList downNotes(const std::vector<PromTarget>& targets) {
  QStringList notes;
  int more = 0;
  for (const PromTarget& target : targets) {
    if (target.health != QLatin1String("down")) continue;
    if (notes.size() == mostNotes) {
      ++more;
      continue;
    }
    notes += QStringLiteral("Target %1 is down: %2").arg(targetName(target), scrapeError(target));
  }
  if (more > 0) notes += QStringLiteral("%1 more targets are down.").arg(more);
  return notes;
}

/// The server does not have that page, or does not show it to us: its figures are left out, with a note. Queries still work.
bool isWithheld(const Error& error) {
  return error.kind == Error::Kind::NotFound || error.kind == Error::Kind::Permission || error.kind == Error::Kind::Auth;
}

void addTargets(Sample* sample, const Result<std::vector<PromTarget>>& targets) {
  if (!targets) {
    sample->notes += targets.error().kind == Error::Kind::NotFound
                         ? QStringLiteral("This server does not list scrape targets, so that they are not counted.")
                         : QStringLiteral("Scrape targets are not counted. %1").arg(targets.error().message);
    return;
  }
  const auto is = [](const char* health) { return [health](const PromTarget& target) { return target.health == QLatin1String(health); }; };
  sample->values.emplace_back(QLatin1String("prometheus.targets_up"), count(*targets, is("up")));
  sample->values.emplace_back(QLatin1String("prometheus.targets_down"), count(*targets, is("down")));
  sample->notes += downNotes(*targets);
}

void addAlerts(Sample* sample, const Result<std::vector<PromAlert>>& alerts) {
  if (!alerts) {
    sample->notes += alerts.error().kind == Error::Kind::NotFound
                         ? QStringLiteral("This server does not list alerts, so that they are not counted.")
                         : QStringLiteral("Alerts are not counted. %1").arg(alerts.error().message);
    return;
  }
  const auto is = [](const char* state) { return [state](const PromAlert& alert) { return alert.state == QLatin1String(state); }; };
  sample->values.emplace_back(QLatin1String("prometheus.alerts_firing"), count(*alerts, is("firing")));
  sample->values.emplace_back(QLatin1String("prometheus.alerts_pending"), count(*alerts, is("pending")));
}

/// Targets and alerts of a Prometheus, or of what answers its API, and the figures of the service that it scrapes.
class PrometheusSource : public Source {
 public:
  PrometheusSource(const SourceSettings& settings, const Clock& clock)
      : m_http(httpSettings(settings, prometheusFields())), m_clock(clock), m_service(settings.field(QStringLiteral("app_selector"))) {}

  Result<Identity> connect(std::stop_token stop) override {
    if (!m_http) return m_http.error();
    m_client.emplace(*m_http);
    m_asked = 0;
    // A query is what every server of this API answers; it proves address, prefix and credentials at once.
    const Result<PromResult> answer = m_client->query(QStringLiteral("vector(1)"), stop);
    if (!answer) return answer.error();
    const Result<PromBuild> build = m_client->build(stop);
    if (!build) return build.error();
    return Identity{build->product, printable(build->version, 60), m_client->endpoint() + m_http->base.path(), {}, {}};
  }

  Result<Sample> sample(std::stop_token stop) override {
    if (!m_client) return fail(Error::Kind::Usage, QStringLiteral("Not connected."));
    QElapsedTimer timer;
    timer.start();
    const Result<PromResult> answer = m_client->query(QStringLiteral("vector(1)"), stop);
    if (!answer) return answer.error();
    const double roundTrip = static_cast<double>(timer.nsecsElapsed()) * 1e-9;
    if (m_asked % listsEvery == 0) {
      const Result<void> listed = readLists(stop);
      if (!listed) return listed.error();
    }
    ++m_asked;
    Sample sample = m_lists;
    m_service.addTo(&sample, *m_client, stop);
    sample.roundTripSeconds = roundTrip;
    sample.at = m_clock.now();
    sample.values.emplace_back(QLatin1String("prometheus.round_trip"), roundTrip);
    return sample;
  }

  void disconnect() override {
    if (m_client) m_client->close();
    m_client.reset();
  }

 private:
  // The lists may be long, and Prometheus itself renews them each 5 to 60 s: they are read less often than its life is
  // watched, and their counts hold in between.
  static constexpr int listsEvery = 5;

  Result<void> readLists(const std::stop_token& stop) {
    const Result<std::vector<PromTarget>> targets = m_client->targets(stop);
    if (!targets && !isWithheld(targets.error())) return targets.error();
    const Result<std::vector<PromAlert>> alerts = m_client->alerts(stop);
    if (!alerts && !isWithheld(alerts.error())) return alerts.error();
    m_lists = {};
    addTargets(&m_lists, targets);
    addAlerts(&m_lists, alerts);
    m_service.find(*m_client, targets ? &*targets : nullptr, stop);
    return {};
  }

  const Result<HttpSettings> m_http;
  const Clock& m_clock;
  std::optional<PrometheusClient> m_client;
  ServiceFigures m_service;
  Sample m_lists;
  int m_asked = 0;
};

}  // namespace

SourceInfo prometheusSourceInfo() {
  return {"prometheus", "Prometheus", prometheusFields(), 1000,
          [](const SourceSettings& settings, const Clock& clock) -> std::unique_ptr<Source> {
            return std::make_unique<PrometheusSource>(settings, clock);
          },
          httpSettingsFromUrl};
}

}  // namespace cachedeck
