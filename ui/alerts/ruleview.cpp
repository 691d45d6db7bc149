// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/ruleview.h"

#include "core/alerts/firing_now.h"
#include "core/base/amounts.h"
#include "core/base/instants.h"
#include "core/base/text.h"
#include "core/base/text_lines.h"
#include "core/metrics/format.h"
#include "ui/alerts/alertstext.h"
#include "ui/alerts/factlist.h"
#include "ui/alerts/historystrip.h"
#include "ui/alerts/runbooklink.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celltable.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/pill.h"

#include <QFontMetrics>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>

#include <cmath>

namespace cachedeck {

namespace {

constexpr qsizetype longestExpression = 20'000;
constexpr qsizetype longestName = 60;  // of a cell; the tooltip has all
constexpr int mostLines = 8;

QString spanText(qint64 ms) { return formatDuration(static_cast<double>(std::max<qint64>(0, ms)) / 1000.0); }

FactList::Facts factsOf(const PromLabels& labels) {
  FactList::Facts facts;
  for (auto label = labels.begin(); label != labels.end(); ++label) facts.append({printable(label.key(), 40), printableLines(label.value(), 2000)});
  return facts;
}

/// Of the alerts that are there, the texts with their values filled in; else those of the rule.
PromLabels annotationsOf(const RuleReading& reading) {
  PromLabels annotations = reading.rule.alerts.empty() ? reading.rule.annotations : reading.rule.alerts.front().annotations;
  annotations.remove(QStringLiteral("runbook_url"));
  return annotations;
}

}  // namespace

void AlertRuleView::setNothing() {
  m_id.clear();
  m_nothing->setText({QStringLiteral("bell"), Theme::instance().palette().text3, tr("No rule is chosen"), tr("A rule shows its expression, what it measures now and when it was firing."), {}, {}});
  m_nothing->setVisible(true);
  m_body->setVisible(false);
}

void AlertRuleView::show(const RuleReading& reading, const AlertHistory& history, const ManagerReading* manager, qint64 nowMs) {
  m_id = ruleId(reading);
  m_nothing->setVisible(false);
  m_body->setVisible(true);
  const AlertLook look = lookOf(reading);
  const QString severity = severityOf(reading);
  m_title->setText(printable(reading.rule.name, 200));
  m_state->say(look.icon, severity.isEmpty() ? look.word : QStringLiteral("%1 · %2").arg(look.word, printable(severity, 20)), look.colour);
  QStringList facts{tr("Group %1").arg(printable(reading.group, 80))};
  facts << (reading.rule.holdSeconds > 0 ? tr("fires after %1").arg(formatDuration(reading.rule.holdSeconds)) : tr("fires at once"));
  if (reading.threshold) facts << tr("threshold %1").arg(printable(reading.threshold->text, 40));
  if (const qint64 since = sinceOf(reading); since > 0 && (reading.rule.state == QLatin1String("firing") || !isFaulty(reading))) facts << tr("%1 since %2").arg(look.word, shortInstant(since, nowMs));
  m_facts->setText(facts.join(QStringLiteral(" · ")));
  m_problem->setText(printableLines(problemOf(reading), 2000));
  m_problem->setVisible(!m_problem->text().isEmpty());
  const QString expression = printableLines(reading.rule.query.trimmed(), longestExpression);
  if (m_expression->toPlainText() != expression) m_expression->setPlainText(expression);
  fitExpression();
  m_matching = {{QStringLiteral("alertname"), reading.rule.name}};
  if (!severity.isEmpty() && !severity.contains(QLatin1String("{{"))) m_matching[QStringLiteral("severity")] = severity;
  m_annotations->setFacts(factsOf(annotationsOf(reading)));
  m_annotationsTitle->setVisible(!m_annotations->facts().isEmpty());
  m_labels->setFacts(factsOf(reading.rule.labels));
  m_labelsTitle->setVisible(!m_labels->facts().isEmpty());
  const QString address = reading.rule.annotations.value(QStringLiteral("runbook_url")), runbook = printable(address, 1000);
  if (m_runbook->text() != runbook) m_runbook->setText(runbook);
  m_link = runbookLink(address).value_or(QUrl());
  m_open->setVisible(!m_link.isEmpty());
  m_open->setToolTip(plainTip(m_link.toDisplayString(QUrl::PreferLocalFile)));
  for (QWidget* const one : std::initializer_list<QWidget*>{m_runbookTitle, m_runbook, m_copy}) one->setVisible(!runbook.isEmpty());
  showHistory(reading, history);
  showValues(reading, nowMs);
  showManaged(reading, manager, nowMs);
}

// As high as its lines, those that are wrapped too, up to some.
void AlertRuleView::fitExpression() {
  m_expression->ensurePolished();
  const QFontMetrics metrics(m_expression->font());
  const int columns = std::max(40, (m_body->width() - 80) / std::max(1, metrics.horizontalAdvance(QLatin1Char('x'))));
  int lines = 0;
  for (const QString& line : m_expression->toPlainText().split(QLatin1Char('\n'))) lines += 1 + static_cast<int>(line.size()) / columns;
  m_expression->setFixedHeight(std::min(lines, mostLines) * metrics.lineSpacing() + 24);
}

void AlertRuleView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitExpression();
}

void AlertRuleView::showHistory(const RuleReading& reading, const AlertHistory& history) {
  QList<AlertBand> bands;
  qint64 sum = 0;
  const QString severity = severityOf(reading);
  for (const AlertBand& band : history.bands)
    if (band.name == reading.rule.name && (severity.isEmpty() || severity.contains(QLatin1String("{{")) || band.severity == severity)) {
      bands << band;
      sum += band.toMs - band.fromMs;
    }
  m_strip->setBands(bands, history.fromMs, history.toMs);
  m_strip->setVisible(history.toMs > history.fromMs && history.problem.isEmpty());
  if (!history.problem.isEmpty()) m_past->setText(printable(history.problem, 400));
  else if (history.toMs <= history.fromMs) m_past->setText(tr("Being read…"));
  else if (bands.isEmpty()) m_past->setText(tr("It was not firing. A click shows the charts of that time."));
  else if (bands.size() == 1) m_past->setText(tr("It was firing once, for %1. A click shows the charts of that time.").arg(spanText(sum)));
  else m_past->setText(tr("It was firing %1 times, %2 in all. A click shows the charts of that time.").arg(countText(bands.size()), spanText(sum)));
}

void AlertRuleView::showValues(const RuleReading& reading, qint64 nowMs) {
  QList<CellTableModel::Row> rows;
  const auto stateOf = [&](const PromAlert* alert) {
    if (alert == nullptr) return CellTableModel::Cell{tr("inactive"), RowList::Tone::Quiet, QStringLiteral("check")};
    const bool firing = alert->state == QLatin1String("firing");
    const QString text = tr("%1 for %2").arg(firing ? tr("firing") : printable(alert->state, 40), spanText(nowMs - stateSinceMs(*alert, reading.rule)));
    const RowList::Tone tone = firing && severityRank(severityOf(reading)) == 3 ? RowList::Tone::Critical : RowList::Tone::Warning;
    return CellTableModel::Cell{text, tone, firing ? QStringLiteral("warning") : QStringLiteral("clock")};
  };
  for (const RuleReading::Value& value : reading.values) {
    const double reach = reading.threshold ? reading.threshold->reach(value.value) : std::nan("");
    const QString name = instanceText(value.labels);
    rows << CellTableModel::Row{{printable(name, longestName), RowList::Tone::Plain, {}, name}, {valueText(value.value)}, {std::isnan(reach) ? QStringLiteral("–") : formatValue(100 * reach, Unit::Percent)}, stateOf(alertOf(reading, value.labels))};
  }
  if (rows.isEmpty())
    for (const PromAlert& alert : reading.rule.alerts) {
      const QString name = instanceText(alert.labels);
      rows << CellTableModel::Row{{printable(name, longestName), RowList::Tone::Plain, {}, name}, {valueText(alert.value)}, {QStringLiteral("–")}, stateOf(&alert)};
    }
  m_values->setTable({tr("Instance"), tr("Value"), tr("Of the threshold"), tr("State")}, rows);
  m_values->setVisible(!rows.isEmpty());
  m_noValues->setVisible(rows.isEmpty());
  m_noValues->setText(reading.threshold ? tr("Nothing is measured now: the expression finds no series.") : tr("Its expression is not one comparison with a number: there is no distance to show."));
}

void AlertRuleView::showManaged(const RuleReading& reading, const ManagerReading* manager, qint64 nowMs) {
  QList<CellTableModel::Row> rows;
  if (manager)
    for (const ManagedAlert& alert : manager->alerts) {
      if (!belongs(alert, reading)) continue;
      const AlertLook look = lookOf(alert);
      const QString name = instanceText(alert.labels), reason = suppressedText(alert, manager->silences, manager->alerts);
      rows << CellTableModel::Row{{printable(name, longestName), RowList::Tone::Plain, {}, name}, {look.word, look.tone, look.icon}, {reason.isEmpty() ? QStringLiteral("–") : printable(reason, longestName), RowList::Tone::Quiet, {}, reason}, {spanText(nowMs - alert.startsAtMs)}};
    }
  m_managed->setTable({tr("Alert"), tr("State"), tr("Suppressed by"), tr("For how long")}, rows);
  m_managed->setVisible(!rows.isEmpty());
  m_noManaged->setVisible(rows.isEmpty());
  m_noManaged->setText(manager ? tr("It has no alert of this rule.") : tr("No Alertmanager was read."));
  m_silence->setEnabled(manager != nullptr);
  m_silence->setToolTip(plainTip(manager ? tr("Stop notifications of this rule for a while.") : tr("Silences need an Alertmanager.")));
}

}  // namespace cachedeck
