// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/alertspage.h"

#include "core/alerts/firing_now.h"
#include "core/base/amounts.h"
#include "core/base/instants.h"
#include "core/base/text.h"
#include "ui/alerts/alertstext.h"
#include "ui/alerts/chartalerts.h"
#include "ui/alerts/managerpanel.h"
#include "ui/alerts/rulecheckpanel.h"
#include "ui/alerts/rulemodel.h"
#include "ui/alerts/rulepainter.h"
#include "ui/alerts/ruleview.h"
#include "ui/alerts/trialpanel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"

#include <QListView>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include <limits>

namespace cachedeck {

namespace {

using namespace std::chrono_literals;
constexpr auto watched = 5s, unwatched = 15s;
constexpr int listWidth = 396;
constexpr qint64 leastShownMs = 5 * 60'000;

}  // namespace

AlertsPage::AlertsPage(const Clock& clock, QWidget* parent) : QWidget(parent), m_clock(clock), m_controller(new AlertsController(clock, this)), m_model(new AlertRuleModel(this)) {
  m_message = new Notice(Notice::Form::Compact);
  m_message->hide();
  auto* beside = new QHBoxLayout;
  beside->setSpacing(Theme::cardGap);
  beside->addWidget(buildList());
  beside->addWidget(buildRight(), 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::pageMargin, Theme::pageMargin, Theme::pageMargin, Theme::pageMargin);
  column->setSpacing(Theme::cardGap);
  column->addWidget(m_message);
  column->addLayout(beside, 1);
  connect(m_message, &Notice::buttonClicked, m_message, &QWidget::hide);
  connectController();
  connectActions();
  open(std::nullopt);
  updatePeriod(false);
}

AlertsPage::~AlertsPage() = default;

QWidget* AlertsPage::buildList() {
  m_list = new QListView;
  m_list->setModel(m_model);
  m_list->setItemDelegate(new AlertRulePainter(m_list));
  m_list->setAccessibleName(tr("Rules"));
  m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  m_list->setMouseTracking(true);
  m_list->setUniformItemSizes(true);
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setStyleSheet(QStringLiteral("QListView { border: none; background: transparent; }"));
  m_none = new Notice(Notice::Form::Full);
  m_stale = new Notice(Notice::Form::Compact);
  m_stack = new QStackedWidget;
  m_stack->addWidget(m_none);
  m_stack->addWidget(m_list);
  m_sum = plainLabel({}, TextRole::Label, "secondary");
  auto* head = new QHBoxLayout;
  head->setContentsMargins(8, 0, 8, 0);
  head->addWidget(plainLabel(tr("Rules"), TextRole::CardTitle), 1);
  head->addWidget(m_sum);
  m_mute = new QPushButton;
  m_mute->setProperty("kind", QStringLiteral("quiet"));
  m_mute->setCheckable(true);
  m_mute->setAutoDefault(false);
  m_mute->setToolTip(plainTip(tr("Whether the desktop and this window tell of alerts that begin to fire")));
  setMuted(false);
  connect(m_mute, &QPushButton::clicked, this, [this](bool muted) {
    setMuted(muted);
    Q_EMIT muteWanted(muted);
  });
  head->addWidget(m_mute);
  auto* card = new Card;
  card->setFixedWidth(listWidth);
  auto* column = new QVBoxLayout(card);
  column->setContentsMargins(8, 12, 8, 10);
  column->setSpacing(2 * Theme::grid);
  column->addLayout(head);
  column->addWidget(m_stale);
  column->addWidget(m_stack, 1);
  return card;
}

QWidget* AlertsPage::buildRight() {
  m_rule = new AlertRuleView;
  m_manager = new ManagerPanel;
  m_trial = new TrialPanel;
  m_check = new RuleCheckPanel;
  m_right = new QStackedWidget;
  for (QWidget* const one : std::initializer_list<QWidget*>{m_rule, m_manager, m_trial, m_check}) m_right->addWidget(one);
  m_tabs = new QTabBar;
  m_tabs->setDrawBase(false);
  m_tabs->setExpanding(false);
  m_tabs->setAccessibleName(tr("What is shown"));
  for (const QString& text : {tr("Rule"), tr("Alertmanager"), tr("Test an alert"), tr("Check rules")}) m_tabs->addTab(text);
  connect(m_tabs, &QTabBar::currentChanged, m_right, &QStackedWidget::setCurrentIndex);
  auto* card = new Card;
  auto* column = new QVBoxLayout(card);
  column->setContentsMargins(1, 4, 1, 1);
  column->setSpacing(0);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(8, 0, 8, 0);
  head->addWidget(m_tabs, 1);
  column->addLayout(head);
  column->addWidget(m_right, 1);
  return card;
}

void AlertsPage::connectController() {
  connect(m_controller, &AlertsController::rulesRead, this, &AlertsPage::readRules);
  connect(m_controller, &AlertsController::rulesFailed, this, &AlertsPage::rulesFailed);
  connect(m_controller, &AlertsController::managerRead, this, &AlertsPage::readManager);
  connect(m_controller, &AlertsController::managerFailed, this, &AlertsPage::managerFailed);
  connect(m_controller, &AlertsController::historyRead, this, [this](const AlertHistory& history) {
    m_history = history;
    publishFiring(history.bands);
    showPicked();
  });
  connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &AlertsPage::showPicked);
  connect(m_list, &QListView::clicked, this, [this] { m_tabs->setCurrentIndex(RuleTab); });
  connect(m_list, &QListView::activated, this, [this] { m_tabs->setCurrentIndex(RuleTab); });
  for (Notice* const notice : {m_none, m_stale}) connect(notice, &Notice::buttonClicked, m_controller, &AlertsController::refresh);
  connect(m_manager, &ManagerPanel::retryWanted, m_controller, &AlertsController::refresh);
  connect(m_rule, &AlertRuleView::showAt, this, [this](qint64 fromMs, qint64 toMs) {
    const RuleReading* reading = m_model->find(m_rule->id());
    const qint64 end = std::min(toMs, m_clock.now().wallMs);  // nothing is known of later
    Q_EMIT showAt(std::min(fromMs, end - leastShownMs), end, reading ? reading->rule.query : QString());
  });
}

void AlertsPage::open(const std::optional<AlertsTarget>& target) {
  const Palette& p = Theme::instance().palette();
  m_counter.restart();
  m_history = {};
  m_bands.clear();
  m_rulesKnown = false;
  m_model->setRules({}, 0);
  m_rule->setNothing();
  m_trial->clear();
  m_message->hide();
  m_stale->hide();
  m_sum->setText({});
  m_stack->setCurrentWidget(m_none);
  if (!target) {
    const QString sentence = tr("Open a profile with a Prometheus and an Alertmanager to see their alerts.");
    m_none->setText({QStringLiteral("unplug"), p.text3, tr("Nothing is connected"), sentence, {}, {}});
    m_manager->setNothing(QStringLiteral("unplug"), tr("Nothing is connected"), sentence);
  } else {
    if (target->prometheus) m_none->setText({QStringLiteral("clock"), p.text3, tr("Prometheus is asked for its rules…"), {}, {}, {}});
    else m_none->setText({QStringLiteral("unplug"), p.text3, tr("No Prometheus"), tr("Rules and what they measure come from Prometheus. Add one to this profile."), {}, {}});
    if (target->alertmanager) m_manager->setNothing(QStringLiteral("clock"), tr("Alertmanager is asked…"), {});
    else m_manager->setNothing(QStringLiteral("unplug"), tr("No Alertmanager"), tr("Notifications and silences are Alertmanager's. Add one to this profile."));
  }
  m_trial->setHindrance(!target ? tr("Nothing is connected.") : target->alertmanager ? QString() : tr("A test alert needs an Alertmanager. Add one to this profile."));
  m_tabs->setCurrentIndex(target && !target->prometheus && target->alertmanager ? ManagerTab : RuleTab);
  updateTabs();
  Q_EMIT counted(0, 0, {}, {});
  Q_EMIT firingRead({});
  m_controller->setTarget(target);
}

void AlertsPage::setMuted(bool muted) {
  m_mute->setChecked(muted);
  m_mute->setText(muted ? tr("Notices: off") : tr("Notices: on"));
}

void AlertsPage::setNotifying(bool notifying) {
  m_notifying = notifying;
  updatePeriod(isVisible());
}

void AlertsPage::updatePeriod(bool shown) { m_controller->setPeriod(shown || m_notifying ? watched : unwatched); }

void AlertsPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  updatePeriod(true);
}

void AlertsPage::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  updatePeriod(false);
}

void AlertsPage::readRules(const RulesReading& reading) {
  m_rulesKnown = true;
  m_rulesAtMs = reading.atMs;
  m_stale->hide();
  const QString before = m_list->currentIndex().data(IdRole).toString();
  m_model->setRules(reading.rules, reading.atMs);
  m_stack->setCurrentWidget(reading.rules.isEmpty() ? static_cast<QWidget*>(m_none) : m_list);
  if (reading.rules.isEmpty()) m_none->setText({QStringLiteral("bell"), Theme::instance().palette().text3, tr("No alerting rule"), tr("Prometheus at %1 has none. Rules stand in its rule_files.").arg(printable(reading.endpoint, 120)), {}, {}});
  const int row = std::max(0, m_model->rowOf(before));
  if (!m_list->currentIndex().isValid() && row < m_model->rowCount()) m_list->setCurrentIndex(m_model->index(row));
  publish(m_counter.count(reading.rules));
  publishFiring(m_bands);
  showPicked();
}

void AlertsPage::readManager(const ManagerReading& reading) {
  m_manager->setReading(reading);
  updateTabs();
  showPicked();
  const std::optional<AlertsTarget>& target = m_controller->target();
  if (target && !target->prometheus) publish(m_counter.count(reading.alerts));
}

void AlertsPage::rulesFailed(const QString& sentence) {
  const Palette& p = Theme::instance().palette();
  if (!m_rulesKnown) return m_none->setText({QStringLiteral("failed"), p.critical, tr("The rules cannot be read"), sentence, {}, tr("Try again")});
  m_stale->setText({QStringLiteral("failed"), p.critical, sentence, tr("What is shown was read at %1.").arg(instantText(m_rulesAtMs)), {}, tr("Try again")});
  m_stale->show();
  // Nobody knows whether they still fire.
  Q_EMIT firingRead(chartAlerts(m_bands, m_model->rules(), std::numeric_limits<qint64>::max()));
}

void AlertsPage::managerFailed(const QString& sentence) {
  if (m_manager->hasReading()) return m_manager->setProblem(sentence);
  m_manager->setNothing(QStringLiteral("failed"), tr("Alertmanager cannot be read"), sentence, tr("Try again"));
}

void AlertsPage::showPicked() {
  const RuleReading* reading = m_model->find(m_list->currentIndex().data(IdRole).toString());
  AlertHistory known = m_history;
  if (known.toMs > 0) known = {m_bands, m_history.fromMs, std::max(m_history.toMs, m_rulesAtMs), m_history.problem};
  if (reading) m_rule->show(*reading, known, m_manager->hasReading() ? &m_manager->reading() : nullptr, m_clock.now().wallMs);
  else m_rule->setNothing();
}

void AlertsPage::updateTabs() {
  const auto active = m_manager->hasReading() ? std::count_if(m_manager->reading().alerts.begin(), m_manager->reading().alerts.end(), [](const ManagedAlert& one) { return one.state == QLatin1String("active"); }) : 0;
  m_tabs->setTabText(ManagerTab, active > 0 ? tr("Alertmanager (%1)").arg(countText(active)) : tr("Alertmanager"));
}

void AlertsPage::publish(const AlertCount& count) {
  QStringList parts;
  if (count.firing > 0) parts << tr("%1 firing").arg(countText(count.firing));
  if (count.pending > 0) parts << tr("%1 pending").arg(countText(count.pending));
  m_sum->setText(parts.isEmpty() && m_rulesKnown ? tr("none firing") : parts.join(QStringLiteral(" · ")));
  Q_EMIT counted(count.firing, count.pending, count.worstSeverity, count.newlyFiring);
}

// The history is read now and then only: between, an alert that is resolved leaves its band where it ended.
void AlertsPage::publishFiring(const QList<AlertBand>& before) {
  m_bands = bandsUntil(before, m_model->rules(), m_rulesAtMs);
  Q_EMIT firingRead(chartAlerts(m_bands, m_model->rules(), m_rulesAtMs));
}

void AlertsPage::say(Level level, const QString& sentence) {
  const Palette& p = Theme::instance().palette();
  const bool good = level == Level::Good;
  m_message->setText({good ? QStringLiteral("check") : QStringLiteral("warning"), good ? p.good : p.warning, sentence, {}, {}, tr("Close")});
  m_message->show();
}

}  // namespace cachedeck
