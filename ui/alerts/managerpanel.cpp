// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/managerpanel.h"

#include "core/base/amounts.h"
#include "core/base/instants.h"
#include "core/base/text.h"
#include "ui/keys/wraplabel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/rowpainter.h"

#include <QListView>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace cachedeck {

namespace {

QListView* listOf(QAbstractItemModel* model, const QString& name) {
  auto* list = new QListView;
  list->setModel(model);
  list->setItemDelegate(new TwoLinePainter(list));
  list->setAccessibleName(name);
  list->setEditTriggers(QAbstractItemView::NoEditTriggers);
  list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  list->setMouseTracking(true);
  list->setUniformItemSizes(true);
  list->setFrameShape(QFrame::NoFrame);
  list->setStyleSheet(QStringLiteral("QListView { border: none; background: transparent; }"));
  return list;
}

QString pickedIn(const QListView* list) { return list->currentIndex().data(IdRole).toString(); }

}  // namespace

ManagerPanel::ManagerPanel(QWidget* parent) : QWidget(parent), m_alertModel(new ManagedAlertModel(this)), m_silenceModel(new SilenceModel(this)) {
  m_nothing = new Notice(Notice::Form::Full);
  m_pages = new QStackedWidget;
  m_pages->addWidget(m_nothing);
  m_pages->addWidget(build());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(m_pages);
  for (Notice* const notice : {m_nothing, m_problem}) connect(notice, &Notice::buttonClicked, this, &ManagerPanel::retryWanted);
  connect(m_silence, &QPushButton::clicked, this, [this] {
    const ManagedAlert* alert = m_alertModel->find(pickedIn(m_alerts));
    Q_EMIT silenceWanted(alert ? alert->labels : PromLabels());
  });
  connect(m_expire, &QPushButton::clicked, this, [this] {
    if (const Silence* silence = m_silenceModel->find(pickedIn(m_silences)); silence) Q_EMIT expireWanted(*silence);
  });
  for (QListView* const list : {m_alerts, m_silences}) connect(list->selectionModel(), &QItemSelectionModel::currentChanged, this, &ManagerPanel::updateButtons);
  updateButtons();
}

QWidget* ManagerPanel::buildSection(QLabel* title, QPushButton* button, QStackedWidget* stack, QListView* list, QLabel* none) {
  none->setContentsMargins(8, 4, 8, 4);
  none->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  stack->addWidget(none);
  stack->addWidget(list);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(8, 0, 8, 0);
  head->addWidget(title, 1);
  head->addWidget(button);
  auto* section = new QWidget;
  auto* column = new QVBoxLayout(section);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(Theme::grid);
  column->addLayout(head);
  column->addWidget(stack, 1);
  return section;
}

QWidget* ManagerPanel::build() {
  m_problem = new Notice(Notice::Form::Compact);
  m_problem->hide();
  m_status = wrapLabel(TextRole::Label, "secondary");
  m_receivers = wrapLabel(TextRole::Label, "secondary");
  m_alertsTitle = plainLabel({}, TextRole::CardTitle);
  m_silencesTitle = plainLabel({}, TextRole::CardTitle);
  m_alerts = listOf(m_alertModel, tr("Alerts in Alertmanager"));
  m_silences = listOf(m_silenceModel, tr("Silences"));
  m_silence = new QPushButton(tr("New silence…"));
  m_expire = new QPushButton(tr("Expire…"));
  for (QPushButton* const button : {m_silence, m_expire}) button->setAutoDefault(false);
  m_alertStack = new QStackedWidget;
  m_silenceStack = new QStackedWidget;
  QLabel* const noAlert = wrapLabel(TextRole::Label, "secondary");
  noAlert->setText(tr("It has no alert."));
  QLabel* const noSilence = wrapLabel(TextRole::Label, "secondary");
  noSilence->setText(tr("There is no silence."));
  auto* body = new QWidget;
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(8, 10, 8, 10);
  column->setSpacing(2 * Theme::grid);
  for (QLabel* const label : {m_status, m_receivers}) {
    label->setContentsMargins(8, 0, 8, 0);
    column->addWidget(label);
  }
  column->addWidget(m_problem);
  column->addWidget(buildSection(m_alertsTitle, m_silence, m_alertStack, m_alerts, noAlert), 3);
  column->addWidget(buildSection(m_silencesTitle, m_expire, m_silenceStack, m_silences, noSilence), 2);
  return body;
}

void ManagerPanel::setNothing(const QString& icon, const QString& title, const QString& sentence, const QString& button) {
  m_read = false;
  m_reading = {};
  m_alertModel->setReading(m_reading);
  m_silenceModel->setReading(m_reading);
  const Palette& p = Theme::instance().palette();
  m_nothing->setText({icon, icon == QLatin1String("failed") ? p.critical : p.text3, title, sentence, {}, button});
  m_pages->setCurrentIndex(0);
  updateButtons();
}

void ManagerPanel::setReading(const ManagerReading& reading) {
  m_read = true;
  m_reading = reading;
  m_problem->hide();
  const QString alert = pickedIn(m_alerts), silence = pickedIn(m_silences);
  m_alertModel->setReading(reading);
  m_silenceModel->setReading(reading);
  if (const int row = m_alertModel->rowOf(alert); row >= 0 && pickedIn(m_alerts) != alert) m_alerts->setCurrentIndex(m_alertModel->index(row));
  if (const int row = m_silenceModel->rowOf(silence); row >= 0 && pickedIn(m_silences) != silence) m_silences->setCurrentIndex(m_silenceModel->index(row));
  QStringList facts{tr("Alertmanager %1 at %2").arg(printable(reading.status.version, 40), printable(reading.endpoint, 120))};
  if (!reading.status.cluster.isEmpty()) facts << tr("cluster %1").arg(printable(reading.status.cluster, 40));
  if (reading.status.startedMs > 0) facts << tr("running since %1").arg(instantText(reading.status.startedMs));
  m_status->setText(facts.join(QStringLiteral(" · ")));
  m_receivers->setText(tr("Receivers: %1").arg(printable(reading.receivers.join(QLatin1String(", ")), 400)));
  const auto active = std::count_if(reading.silences.begin(), reading.silences.end(), [](const Silence& one) { return one.state == QLatin1String("active"); });
  m_alertsTitle->setText(reading.alerts.isEmpty() ? tr("Alerts") : tr("Alerts (%1)").arg(countText(reading.alerts.size())));
  m_silencesTitle->setText(active == 0 ? tr("Silences") : tr("Silences (%1 active)").arg(countText(active)));
  m_alertStack->setCurrentIndex(reading.alerts.isEmpty() ? 0 : 1);
  m_silenceStack->setCurrentIndex(reading.silences.isEmpty() ? 0 : 1);
  m_pages->setCurrentIndex(1);
  updateButtons();
}

void ManagerPanel::setProblem(const QString& sentence) {
  m_problem->setText({QStringLiteral("failed"), Theme::instance().palette().critical, sentence, tr("What is shown was read at %1.").arg(instantText(m_reading.atMs)), {}, tr("Try again")});
  m_problem->show();
}

void ManagerPanel::updateButtons() {
  const Silence* silence = m_silenceModel->find(pickedIn(m_silences));
  const bool can = silence && silence->state != QLatin1String("expired");
  m_expire->setEnabled(can);
  m_expire->setToolTip(plainTip(can ? tr("End this silence now.") : tr("Pick a silence that has not expired.")));
  const bool picked = m_alertModel->find(pickedIn(m_alerts)) != nullptr;
  m_silence->setText(picked ? tr("Silence it…") : tr("New silence…"));
  m_silence->setToolTip(plainTip(picked ? tr("The conditions are filled with the labels of the chosen alert.") : tr("Pick an alert to have its labels filled in.")));
}

}  // namespace cachedeck
