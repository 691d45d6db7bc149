// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/sources/http/http_client.h"
#include "core/sources/http/http_errors.h"
#include "core/sources/prometheus/prometheus_fields.h"
#include "core/sources/prometheus/prometheus_source.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>

#include <optional>

namespace cachedeck {

namespace {

/// A server of which only its life is watched: where its status page lies, and where the version stands in it.
struct StatusPage {
  const char* product;
  const char* path;
  const char* versionIn[3];  ///< names of the objects from the root to the one with "version"; ends with nullptr
  const char* livePath;      ///< asked for each sample; any answer of 200 will do
  std::span<const FieldInfo> (*fields)();
};

const StatusPage alertmanagerPage{"Alertmanager", "/api/v2/status", {"versionInfo", nullptr, nullptr}, "/-/ready", alertmanagerFields};
const StatusPage pushgatewayPage{"Pushgateway", "/api/v1/status", {"data", "build_information", nullptr}, "/-/ready", pushgatewayFields};

class StatusSource : public Source {
 public:
  StatusSource(const StatusPage& page, const SourceSettings& settings, const Clock& clock)
      : m_page(page), m_http(httpSettings(settings, page.fields())), m_clock(clock) {}

  Result<Identity> connect(std::stop_token stop) override {
    if (!m_http) return m_http.error();
    m_client.emplace(*m_http);
    const QString path = QLatin1String(m_page.path);
    const Result<HttpResponse> response = m_client->get(path, {}, stop);
    if (!response) return response.error();
    if (response->status != 200) return statusError(*m_http, *response, path);
    const Result<QJsonDocument> document = jsonBody(*m_http, *response, path);
    if (!document) return document.error();
    const QString version = versionOf(document->object());
    if (version.isEmpty())
      return fail(Error::Kind::Protocol, QStringLiteral("What answers on %1 is not %2. Check the port.").arg(m_client->endpoint(), QLatin1String(m_page.product)));
    return Identity{QLatin1String(m_page.product), printable(version, 60), m_client->endpoint() + m_http->base.path(), {}, {}};
  }

  Result<Sample> sample(std::stop_token stop) override {
    if (!m_client) return fail(Error::Kind::Usage, QStringLiteral("Not connected."));
    QElapsedTimer timer;
    timer.start();
    const QString path = QLatin1String(m_page.livePath);
    const Result<HttpResponse> response = m_client->get(path, {}, stop);
    if (!response) return response.error();
    if (response->status != 200) return statusError(*m_http, *response, path);
    Sample sample;
    sample.roundTripSeconds = static_cast<double>(timer.nsecsElapsed()) * 1e-9;
    sample.at = m_clock.now();
    return sample;
  }

  void disconnect() override {
    if (m_client) m_client->close();
    m_client.reset();
  }

 private:
  QString versionOf(QJsonObject object) const {
    for (const char* const* name = m_page.versionIn; *name; ++name) object = object.value(QLatin1String(*name)).toObject();
    return object.value(QLatin1String("version")).toString();
  }

  const StatusPage& m_page;
  const Result<HttpSettings> m_http;
  const Clock& m_clock;
  std::optional<HttpClient> m_client;
};

}  // namespace

SourceInfo alertmanagerSourceInfo() {
  return {"alertmanager", "Alertmanager", alertmanagerFields(), 1000,
          [](const SourceSettings& settings, const Clock& clock) -> std::unique_ptr<Source> {
            return std::make_unique<StatusSource>(alertmanagerPage, settings, clock);
          },
          httpSettingsFromUrl};
}

SourceInfo pushgatewaySourceInfo() {
  return {"pushgateway", "Pushgateway", pushgatewayFields(), 1000,
          [](const SourceSettings& settings, const Clock& clock) -> std::unique_ptr<Source> {
            return std::make_unique<StatusSource>(pushgatewayPage, settings, clock);
          },
          httpSettingsFromUrl};
}

}  // namespace cachedeck
