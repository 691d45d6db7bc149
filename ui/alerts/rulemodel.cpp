// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/rulemodel.h"

#include "core/base/text.h"
#include "core/base/text_lines.h"
#include "core/metrics/format.h"
#include "ui/alerts/alertstext.h"

#include <algorithm>

namespace cachedeck {

namespace {

int urgency(const RuleReading& reading) {
  if (reading.rule.state == QLatin1String("firing")) return 10 + severityRank(severityOf(reading));
  if (isFaulty(reading)) return 9;
  return reading.rule.state == QLatin1String("pending") ? 8 : 0;
}

}  // namespace

void AlertRuleModel::setRules(QList<RuleReading> rules, qint64 nowMs) {
  m_nowMs = nowMs;
  std::stable_sort(rules.begin(), rules.end(), [](const RuleReading& a, const RuleReading& b) { return urgency(a) > urgency(b); });
  QStringList ids;
  for (const RuleReading& reading : rules) ids << ruleId(reading);
  if (ids == m_ids) {  // the usual case: what is picked and where the list is scrolled to stays
    m_rules = std::move(rules);
    if (!m_rules.isEmpty()) Q_EMIT dataChanged(index(0), index(static_cast<int>(m_rules.size()) - 1));
    return;
  }
  beginResetModel();
  m_rules = std::move(rules);
  m_ids = ids;
  endResetModel();
}

int AlertRuleModel::rowOf(const QString& id) const { return static_cast<int>(m_ids.indexOf(id)); }

const RuleReading* AlertRuleModel::find(const QString& id) const {
  const int row = rowOf(id);
  return row < 0 ? nullptr : &m_rules[row];
}

int AlertRuleModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rules.size()); }

QString AlertRuleModel::stateLine(const RuleReading& reading) const {
  QString state = lookOf(reading).word;
  const bool firing = reading.rule.state == QLatin1String("firing"), faulty = isFaulty(reading);
  if (const qint64 since = sinceOf(reading); since > 0 && (firing || !faulty)) state = tr("%1 for %2").arg(state, formatDuration(static_cast<double>(std::max<qint64>(0, m_nowMs - since)) / 1000.0));
  QStringList parts{state};
  if (const QString severity = severityOf(reading); !severity.isEmpty()) parts << printable(severity, 40);
  if (firing && faulty) parts << tr("cannot be evaluated");
  if (!reading.problem.isEmpty()) parts << tr("value not read");
  return parts.join(QStringLiteral(" · "));
}

QVariant AlertRuleModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const RuleReading& reading = m_rules[index.row()];
  switch (role) {
    case Qt::DisplayRole: return printable(reading.rule.name, 120);
    case SecondLineRole: return stateLine(reading);
    case RightRole: return valueOf(reading);
    case IconRole: return lookOf(reading).icon;
    case IconColourRole: return lookOf(reading).colour;
    case IdRole: return m_ids[index.row()];
    case ReachRole: return reading.reach();
    case ReachColourRole: return severityColour(severityOf(reading));
    case ThresholdRole: return reading.threshold ? printable(reading.threshold->text, 24) : QString();
    case Qt::ToolTipRole: {
      QStringList lines{printable(reading.rule.name, 120), stateLine(reading)};
      if (const QString problem = problemOf(reading); !problem.isEmpty()) lines << printableLines(problem, 400);
      return plainTip(lines.join(QLatin1Char('\n')));
    }
    case Qt::AccessibleTextRole: {
      QStringList parts{printable(reading.rule.name, 120), stateLine(reading), tr("value %1").arg(valueOf(reading))};
      if (reading.threshold) parts << tr("threshold %1").arg(printable(reading.threshold->text, 24));
      return parts.join(QStringLiteral(", "));
    }
    default: return {};
  }
}

}  // namespace cachedeck
