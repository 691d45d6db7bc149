// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/comparepanel.h"

#include "core/base/text.h"
#include "core/metrics/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QDateTime>
#include <QLineEdit>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

namespace cachedeck {

namespace {

using snapshot::Stretch;

constexpr int whatIsShown = 0, justBefore = 0, anotherTime = -1;

struct Row {
  const char* name;
  int seconds;
};
constexpr Row seconds[] = {{QT_TRANSLATE_NOOP("cachedeck::ComparePanel", "What the charts show"), whatIsShown}, {QT_TRANSLATE_NOOP("cachedeck::ComparePanel", "Last 5 minutes"), 300},
                           {QT_TRANSLATE_NOOP("cachedeck::ComparePanel", "Last 15 minutes"), 900},         {QT_TRANSLATE_NOOP("cachedeck::ComparePanel", "Last hour"), 3600},
                           {QT_TRANSLATE_NOOP("cachedeck::ComparePanel", "Last 6 hours"), 21'600},          {QT_TRANSLATE_NOOP("cachedeck::ComparePanel", "Last 24 hours"), 86'400}};
constexpr Row firsts[] = {{QT_TRANSLATE_NOOP("cachedeck::ComparePanel", "The same length just before"), justBefore}, {QT_TRANSLATE_NOOP("cachedeck::ComparePanel", "The same one hour before"), 3600},
                          {QT_TRANSLATE_NOOP("cachedeck::ComparePanel", "The same one day before"), 86'400},     {QT_TRANSLATE_NOOP("cachedeck::ComparePanel", "The same one week before"), 604'800},
                          {QT_TRANSLATE_NOOP("cachedeck::ComparePanel", "Another time…"), anotherTime}};

/// "13:08:10 – 13:23:10 (15 min)", with the day where it is another one.
QString timesText(const Stretch& stretch, qint64 endMs) {
  const QDateTime from = QDateTime::fromMSecsSinceEpoch(stretch.fromMs), to = QDateTime::fromMSecsSinceEpoch(stretch.toMs), end = QDateTime::fromMSecsSinceEpoch(endMs);
  const QString clock = QStringLiteral("HH:mm:ss"), withDay = QStringLiteral("d MMM HH:mm:ss");
  return QStringLiteral("%1 – %2 (%3)").arg(from.toString(from.date() == end.date() ? clock : withDay), to.toString(to.date() == from.date() ? clock : withDay),
                                            formatDuration(static_cast<double>(stretch.toMs - stretch.fromMs) / 1000));
}

}  // namespace

ComparePanel::ComparePanel(const Clock& clock, const TimeView& view, QWidget* parent) : Card(parent), m_clock(clock), m_view(view) {
  build();
  m_tick = new QTimer(this);
  m_tick->setInterval(1000);
  connect(m_tick, &QTimer::timeout, this, &ComparePanel::update);
  connect(&view, &TimeView::changed, this, [this] {
    if (isVisible()) update();
  });
  for (QComboBox* const box : {m_second, m_first}) connect(box, &QComboBox::currentIndexChanged, this, &ComparePanel::update);
  connect(m_other, &QLineEdit::textChanged, this, &ComparePanel::update);
  connect(m_other, &QLineEdit::returnPressed, this, &ComparePanel::compare);
  connect(m_takeOver, &QPushButton::clicked, this, &ComparePanel::takeOver);
  connect(m_button, &QPushButton::clicked, this, &ComparePanel::compare);
  update();
}

void ComparePanel::build() {
  m_second = new QComboBox;
  m_second->setAccessibleName(tr("Time to compare"));
  for (const Row& row : seconds) m_second->addItem(tr(row.name), row.seconds);
  m_first = new QComboBox;
  m_first->setAccessibleName(tr("Time that it is compared with"));
  for (const Row& row : firsts) m_first->addItem(tr(row.name), row.seconds);
  m_button = new QPushButton(tr("Compare times"));
  m_button->setToolTip(plainTip(tr("Holds two times of what is on show against each other: figures, charts over each other, the scorecard.")));
  m_other = new QLineEdit;
  m_other->setPlaceholderText(QStringLiteral("12:40 – 12:55"));
  m_other->setAccessibleName(tr("Another time"));
  m_other->setToolTip(plainTip(tr("From and to, for example 12:40 – 12:55, or with the day 2026-11-29 12:40 – 12:55. Local time; UTC with a Z behind each.")));
  m_other->setMaxLength(60);
  m_other->setFixedWidth(330);
  m_takeOver = new QPushButton(tr("Keep what the charts show"));
  m_takeOver->setToolTip(plainTip(tr("The time that the charts show now becomes the other time. Then choose one more on the charts, and compare.")));
  for (QPushButton* const button : {m_button, m_takeOver}) button->setAutoDefault(false);
  m_said = plainLabel({}, TextRole::Label, "secondary");
  m_said->setWordWrap(true);
  auto* row = new QHBoxLayout;
  row->setSpacing(2 * Theme::grid);
  row->addWidget(plainLabel(tr("Compare"), TextRole::CardTitle));
  row->addWidget(m_second);
  row->addWidget(plainLabel(tr("with"), TextRole::Label, "secondary"));
  row->addWidget(m_first);
  row->addStretch(1);
  row->addWidget(m_button);
  auto* other = new QHBoxLayout;
  other->setSpacing(2 * Theme::grid);
  other->addWidget(m_other);
  other->addWidget(m_takeOver);
  other->addStretch(1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 12, 16, 14);
  column->setSpacing(2 * Theme::grid);
  column->addLayout(row);
  column->addLayout(other);
  column->addWidget(m_said);
}

QString ComparePanel::said() const { return m_said->text(); }

void ComparePanel::setHindrance(const QString& reason) {
  m_hindrance = reason;
  m_busy = false;
  update();
}

void ComparePanel::setEnd(std::optional<qint64> endMs) { m_end = endMs; }

void ComparePanel::setBusy(bool busy) {
  m_busy = busy;
  update();
}

qint64 ComparePanel::endMs() const { return m_end.value_or(m_clock.now().wallMs); }

bool ComparePanel::isOther() const { return m_first->currentData().toInt() == anotherTime; }

Stretch ComparePanel::secondStretch() const {
  const TimeSpan shown = m_view.span();
  const qint64 end = endMs(), length = qint64{m_second->currentData().toInt()} * 1000;
  if (length > 0) return {end - length, end};
  return shown.toMs > shown.fromMs ? Stretch{shown.fromMs, shown.toMs} : Stretch{end - 900'000, end};  // no chart was drawn yet
}

Result<ComparedTimes> ComparePanel::times() const {
  ComparedTimes times{{}, secondStretch(), m_first->currentText(), m_second->currentText()};
  if (isOther()) {
    const Result<Stretch> other = snapshot::parseStretch(m_other->text(), endMs());
    if (!other) return other.error();
    times.first = *other;
    times.firstTitle = tr("Another time");
    return times;
  }
  const qint64 before = qint64{m_first->currentData().toInt()} * 1000, back = before > 0 ? before : times.second.toMs - times.second.fromMs;
  times.first = {times.second.fromMs - back, times.second.toMs - back};
  return times;
}

void ComparePanel::takeOver() {
  const TimeSpan shown = m_view.span();
  if (shown.toMs > shown.fromMs) m_other->setText(snapshot::stretchInput({shown.fromMs, shown.toMs}, endMs()));
}

void ComparePanel::compare() {
  const Result<ComparedTimes> chosen = times();
  if (chosen && m_button->isEnabled()) Q_EMIT compareRequested(*chosen);
}

void ComparePanel::update() {
  const bool can = m_hindrance.isEmpty() && !m_busy;
  const Result<ComparedTimes> chosen = times();
  for (QWidget* const field : {static_cast<QWidget*>(m_second), static_cast<QWidget*>(m_first), static_cast<QWidget*>(m_other), static_cast<QWidget*>(m_takeOver)}) field->setEnabled(can);
  m_other->setVisible(isOther());
  m_takeOver->setVisible(isOther());
  m_button->setEnabled(can && chosen);
  const bool wrong = can && !chosen && !m_other->text().trimmed().isEmpty();
  setTone(m_said, wrong ? "warning" : "secondary");
  if (!m_hindrance.isEmpty()) m_said->setText(m_hindrance);
  else if (m_busy) m_said->setText(tr("Comparing…"));
  else if (chosen) m_said->setText(tr("%1 with %2").arg(timesText(chosen->second, endMs()), timesText(chosen->first, endMs())));
  else m_said->setText(wrong ? chosen.error().message : tr("Write the other time, or keep what the charts show, and then choose one more on them."));
}

void ComparePanel::showEvent(QShowEvent* event) {
  update();
  m_tick->start();
  Card::showEvent(event);
}

void ComparePanel::hideEvent(QHideEvent* event) {
  m_tick->stop();
  Card::hideEvent(event);
}

}  // namespace cachedeck
