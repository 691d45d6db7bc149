// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/takepanel.h"

#include "ui/snapshots/takeschedule.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace cachedeck {

namespace {

constexpr int whatIsShown = 0;

struct Range {
  const char* name;
  int seconds;
};
constexpr Range ranges[] = {{QT_TRANSLATE_NOOP("cachedeck::TakePanel", "What the charts show"), whatIsShown}, {QT_TRANSLATE_NOOP("cachedeck::TakePanel", "Last 5 minutes"), 300},
                            {QT_TRANSLATE_NOOP("cachedeck::TakePanel", "Last 15 minutes"), 900},         {QT_TRANSLATE_NOOP("cachedeck::TakePanel", "Last hour"), 3600},
                            {QT_TRANSLATE_NOOP("cachedeck::TakePanel", "Last 6 hours"), 21'600},          {QT_TRANSLATE_NOOP("cachedeck::TakePanel", "Last 24 hours"), 86'400}};

constexpr Range schedules[] = {{QT_TRANSLATE_NOOP("cachedeck::TakePanel", "Never"), 0},           {QT_TRANSLATE_NOOP("cachedeck::TakePanel", "Every 15 minutes"), 900}, {QT_TRANSLATE_NOOP("cachedeck::TakePanel", "Every hour"), 3600},
                               {QT_TRANSLATE_NOOP("cachedeck::TakePanel", "Every 6 hours"), 21'600}, {QT_TRANSLATE_NOOP("cachedeck::TakePanel", "Every day"), 86'400}};

}  // namespace

TakePanel::TakePanel(const Clock& clock, const TimeView& view, TakeSchedule& schedule, QWidget* parent) : Card(parent), m_clock(clock), m_view(view), m_schedule(schedule) {
  m_title = new QLineEdit;
  m_title->setPlaceholderText(tr("Title, for example “before the cache”"));
  m_title->setAccessibleName(tr("Title"));
  m_title->setMaxLength(200);
  m_note = new QLineEdit;
  m_note->setPlaceholderText(tr("Note"));
  m_note->setAccessibleName(tr("Note"));
  m_note->setMaxLength(2000);
  m_range = new QComboBox;
  m_range->setAccessibleName(tr("Stretch of time"));
  for (const Range& range : ranges) m_range->addItem(tr(range.name), range.seconds);
  m_button = new QPushButton;
  m_button->setAutoDefault(false);
  m_button->setProperty("kind", QStringLiteral("primary"));
  m_button->setToolTip(QStringLiteral("<p>") + tr("All figures of this time, what the servers say of themselves, alerts, actions and load runs, in one file (Ctrl+Shift+S).").toHtmlEscaped() + QStringLiteral("</p>"));
  m_state = plainLabel({}, TextRole::Label, "secondary");
  m_state->setWordWrap(true);
  auto* row = new QHBoxLayout;
  row->setSpacing(2 * Theme::grid);
  row->addWidget(m_title, 3);
  row->addWidget(m_note, 3);
  row->addWidget(m_range);
  row->addWidget(m_button);
  m_every = new QComboBox;
  m_every->setAccessibleName(tr("By itself"));
  for (const Range& one : schedules) m_every->addItem(tr(one.name), one.seconds);
  m_afterRuns = new QCheckBox(tr("After each load run"));
  auto* itself = new QHBoxLayout;
  itself->setSpacing(2 * Theme::grid);
  itself->addWidget(plainLabel(tr("By itself"), TextRole::Label, "secondary"));
  itself->addWidget(m_every);
  itself->addWidget(m_afterRuns);
  m_record = new QCheckBox(tr("Record"));
  m_record->setToolTip(QStringLiteral("<p>") + tr("Keeps this profile's figures on disk, each second, for days: snapshots of the last 24 hours are as fine as those of the last minutes.").toHtmlEscaped() + QStringLiteral("</p>"));
  m_recording = plainLabel({}, TextRole::Label, "secondary");
  itself->addSpacing(4 * Theme::grid);
  itself->addWidget(m_record);
  itself->addWidget(m_recording, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 12, 16, 14);
  column->setSpacing(2 * Theme::grid);
  column->addWidget(plainLabel(tr("New snapshot"), TextRole::CardTitle));
  column->addLayout(row);
  column->addLayout(itself);
  column->addWidget(m_state);
  connect(m_every, &QComboBox::activated, this, [this] {
    m_schedule.setEvery(m_every->currentData().toInt());
    Q_EMIT scheduleChanged();
  });
  connect(m_afterRuns, &QCheckBox::clicked, this, [this](bool after) {
    m_schedule.setAfterRuns(after);
    Q_EMIT scheduleChanged();
  });
  connect(m_record, &QCheckBox::clicked, this, &TakePanel::recordToggled);
  showSchedule();
  connect(m_button, &QPushButton::clicked, this, [this] {
    if (m_step.isEmpty()) take();
    else Q_EMIT cancelRequested();
  });
  connect(m_title, &QLineEdit::returnPressed, this, &TakePanel::take);
  update();
}

void TakePanel::showSchedule() {
  m_every->setCurrentIndex(std::max(0, m_every->findData(m_schedule.every())));
  m_afterRuns->setChecked(m_schedule.afterRuns());
}

void TakePanel::setRecording(bool on, const QString& state, bool isTrouble) {
  m_record->setChecked(on);
  m_recording->setText(state);
  setTone(m_recording, isTrouble ? "warning" : "secondary");
}

void TakePanel::setHindrance(const QString& reason) {
  m_hindrance = reason;
  update();
}

void TakePanel::setBusy(const QString& step) {
  m_step = step;
  update();
}

void TakePanel::update() {
  const bool busy = !m_step.isEmpty();
  m_button->setText(busy ? tr("Cancel") : tr("Take snapshot"));
  m_button->setEnabled(busy || m_hindrance.isEmpty());
  for (QWidget* const field : {static_cast<QWidget*>(m_title), static_cast<QWidget*>(m_note), static_cast<QWidget*>(m_range)}) field->setEnabled(!busy && m_hindrance.isEmpty());
  for (QWidget* const field : {static_cast<QWidget*>(m_every), static_cast<QWidget*>(m_afterRuns), static_cast<QWidget*>(m_record)}) field->setEnabled(m_hindrance.isEmpty());
  m_state->setText(busy ? m_step : m_hindrance);
  m_state->setVisible(busy || !m_hindrance.isEmpty());
}

void TakePanel::take() {
  if (m_step.isEmpty() && m_hindrance.isEmpty()) Q_EMIT takeRequested(request());
}

SnapshotRequest TakePanel::request() const {
  const int seconds = m_range->currentData().toInt();
  const qint64 now = m_clock.now().wallMs;
  const TimeSpan shown = m_view.span();
  SnapshotRequest request{m_title->text().trimmed(), m_note->text().trimmed(), shown.fromMs, shown.toMs};
  if (seconds != whatIsShown) request.fromMs = now - qint64{seconds} * 1000, request.toMs = now;
  if (request.toMs <= request.fromMs) request.fromMs = now - 900'000, request.toMs = now;  // no chart was drawn yet
  return request;
}

}  // namespace cachedeck
