// SPDX-License-Identifier: GPL-3.0-or-later
// The pages that watch and explain: alerts, queries, the doctor.
#include "app/console/alert_notifier.h"
#include "app/console/console.h"
#include "core/profiles/profile_fields.h"
#include "core/sources/prometheus/custom_queries.h"
#include "ui/alerts/alertspage.h"
#include "ui/doctor/doctorpage.h"
#include "ui/overview/overviewpage.h"
#include "ui/promql/promqlpage.h"
#include "ui/snapshots/keptalertspage.h"

#include <QVBoxLayout>

namespace cachedeck {

namespace {

void put(QWidget* page, QWidget* place) {
  if (!place->layout()) {
    auto* layout = new QVBoxLayout(place);
    layout->setContentsMargins(0, 0, 0, 0);
  }
  place->layout()->addWidget(page);
}

}  // namespace

std::optional<SourceSettings> Console::settingsOf(const char* source) const {
  const auto found = m_sources.constFind(QLatin1String(source));
  return found == m_sources.cend() ? std::nullopt : std::optional(*found);
}

// Made with the first profile, not when it is first shown: it tells of alerts while another page is on show.
AlertsPage& Console::alerts() {
  if (m_alerts) return *m_alerts;
  m_alerts = new AlertsPage(m_clock);
  put(m_alerts, m_alertsPlace);
  m_notifier = std::make_unique<AlertNotifier>();
  m_notifier->setMuted(m_settings.value("alerts.muted") == QLatin1String("yes"));
  m_alerts->setMuted(m_notifier->isMuted());
  m_alerts->setNotifying(true);
  connect(m_alerts, &AlertsPage::muteWanted, m_notifier.get(), &AlertNotifier::setMuted);
  connect(m_notifier.get(), &AlertNotifier::mutedChanged, m_alerts, &AlertsPage::setMuted);
  connect(m_alerts, &AlertsPage::showAt, this, [this](qint64 fromMs, qint64 toMs, const QString& query) {
    m_window->showPage(QStringLiteral("overview"));
    m_view.zoom(fromMs, toMs);
    m_overview->reveal(query);
  });
  connect(m_alerts, &AlertsPage::firingRead, &m_view, &TimeView::setAlerts);
  connect(m_alerts, &AlertsPage::counted, m_notifier.get(), &AlertNotifier::counted);
  connect(m_notifier.get(), &AlertNotifier::mutedChanged, this, [this](bool muted) { remember("alerts.muted", muted ? QStringLiteral("yes") : QStringLiteral("no")); });
  connect(m_notifier.get(), &AlertNotifier::showRequested, this, [this] {
    m_window->showNormal();
    m_window->activateWindow();
    m_window->showPage(QStringLiteral("alerts"));
  });
  connect(m_notifier.get(), &AlertNotifier::began, this, [this](const QString& sentence, bool critical) {
    if (m_window->currentPage() != QLatin1String("alerts")) m_window->notify(critical ? Level::Critical : Level::Warning, sentence);
  });
  return *m_alerts;
}

// The servers' alerts, or those of the snapshot that is on show.
void Console::showAlerts() {
  if (m_kept) {
    if (!m_keptAlerts) put(m_keptAlerts = new KeptAlertsPage, m_alertsPlace);
    m_keptAlerts->setSnapshot(*m_kept->snapshot);
  } else {
    alerts();
  }
  if (m_alerts) m_alerts->setVisible(!m_kept);
  if (m_keptAlerts) m_keptAlerts->setVisible(m_kept.has_value());
}

PromqlPage& Console::promql() {
  if (m_promql) return *m_promql;
  m_promql = new PromqlPage(m_clock, m_view, m_frames);
  put(m_promql, m_promqlPlace);
  connect(m_promql, &PromqlPage::panelWanted, this, [this](const CustomPanel& panel) {
    if (m_ownPanels.add(panel) == 0) return m_window->notify(Level::Warning, tr("The Overview has as many own charts as it may: remove one first, by its menu."));
    keepOwnPanels();
    m_window->notify(Level::Good, tr("“%1” is on the Overview.").arg(panel.title));
  });
  openPromql();
  return *m_promql;
}

DoctorPage& Console::doctor() {
  if (m_doctor) return *m_doctor;
  m_doctor = new DoctorPage(m_clock);
  put(m_doctor, m_doctorPlace);
  openDoctor();
  return *m_doctor;
}

// Each alone: a page that is opened anew drops what it had asked.
void Console::openPromql() {
  if (!m_promql) return;
  if (m_kept) return m_promql->close(tr("A snapshot is on show"), tr("Nothing is connected. Open a profile with Prometheus to ask it here."));
  m_promql->open(settingsOf("prometheus"), m_profile ? m_profile->name : QString());
}

void Console::openDoctor() {
  if (!m_doctor) return;
  if (m_kept) return m_doctor->close(tr("A snapshot is on show"), tr("Nothing is connected. Open a profile to examine its servers."));
  if (m_profile && !m_sources.isEmpty()) m_doctor->open(DoctorTarget{m_profile->name, m_sources, m_profile->fields.value(QLatin1String(serviceUrlField))});
  else m_doctor->open(std::nullopt);
}

void Console::openWatch() {
  openPromql();
  openDoctor();
}

// After the sources are known, or gone.
void Console::watch() {
  openWatch();
  m_ownPanels = m_profile ? customPanelsOf(m_profile->ownPanels) : CustomPanels();
  m_queries->open(settingsOf("prometheus"));
  m_queries->setPanels(m_ownPanels.panels);
  if (m_profile && (settingsOf("prometheus") || settingsOf("alertmanager"))) alerts();
  if (m_keptAlerts) showAlerts();
  if (!m_alerts) return;
  if (m_profile) m_alerts->open(AlertsTarget{m_profile->name, environmentKey(m_profile->environment), settingsOf("prometheus"), settingsOf("alertmanager"), m_folder});
  else m_alerts->open(std::nullopt);
  m_notifier->clear();
}

void Console::keepOwnPanels() {
  m_queries->setPanels(m_ownPanels.panels);
  if (!m_profile) return;
  m_profile->ownPanels = customPanelsJson(m_ownPanels);
  if (m_profiles.find(m_profile->id))
    remember([id = m_profile->id, panels = m_profile->ownPanels](ProfileStore& store) { return store.change(id, [&](Profile& profile) { profile.ownPanels = panels; }); }, tr("The own chart"));
}

void Console::connectWatch() {
  m_queries = std::make_unique<CustomQueries>(m_clock, m_history);
  connect(m_queries.get(), &CustomQueries::changed, this, [this] { m_overview->setCustomPanels(m_queries->states()); });
  connect(m_overview, &OverviewPage::customPanelRemoved, this, [this](int number) {
    if (m_ownPanels.remove(number)) keepOwnPanels();
  });
}

}  // namespace cachedeck
