// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/loadmodels.h"

#include "core/base/instants.h"
#include "core/base/text.h"
#include "core/base/text_lines.h"
#include "core/metrics/format.h"
#include "ui/load/loadtext.h"
#include "ui/theme/theme.h"

#include <algorithm>

namespace cachedeck {

void ScenarioModel::setEntries(const QList<ScenarioEntry>& entries) {
  beginResetModel();
  m_entries = entries;
  endResetModel();
}

int ScenarioModel::rowOf(const QString& id) const {
  for (qsizetype i = 0; i < m_entries.size(); ++i)
    if (idOf(m_entries[i]) == id) return static_cast<int>(i);
  return -1;
}

int ScenarioModel::rowOfRun(const QString& name, bool script) const {
  if (!script) return rowOf(name);
  for (qsizetype i = 0; i < m_entries.size(); ++i)
    if (m_entries[i].isScript && m_entries[i].name == name) return static_cast<int>(i);
  return -1;
}

int ScenarioModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_entries.size()); }

QVariant ScenarioModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const ScenarioEntry& entry = m_entries[index.row()];
  const bool broken = !entry.problem.isEmpty();
  const Palette& p = Theme::instance().palette();
  switch (role) {
    case Qt::DisplayRole: return entry.title;
    case SecondLineRole: return broken ? tr("Cannot be read: %1").arg(entry.problem.section(QLatin1Char('\n'), 0, 0)) : entry.isScript ? tr("k6 script") : levelText(entry.scenario.executor);
    case RightRole: return broken || entry.isScript ? QString() : lengthText(load::lengthOf(entry.scenario.executor));
    case RightSecondRole: return entry.file.isEmpty() ? QString() : tr("own");
    case IconRole: return broken ? QStringLiteral("warning") : entry.isDirect() ? QStringLiteral("database") : QStringLiteral("load");
    case IconColourRole: return broken ? p.warning : p.text3;
    case IdRole: return idOf(entry);
    case Qt::ToolTipRole: return plainTip(broken ? entry.problem : entry.description);
    case Qt::AccessibleTextRole: return QStringList{entry.title, data(index, SecondLineRole).toString(), data(index, RightRole).toString()}.join(QStringLiteral(", "));
    default: return {};
  }
}

const runs::RunSummary* RunModel::find(const QString& id) const {
  const int row = rowOf(id);
  return row < 0 ? nullptr : &m_runs[row];
}

int RunModel::rowOf(const QString& id) const {
  for (qsizetype i = 0; i < m_runs.size(); ++i)
    if (m_runs[i].id == id) return static_cast<int>(i);
  return -1;
}

// Both lists descend by id, which sorts by time.
void RunModel::setRuns(const QList<runs::RunSummary>& runs, qint64 nowMs) {
  m_nowMs = nowMs;
  QList<runs::RunSummary> next = runs;
  std::stable_sort(next.begin(), next.end(), [](const auto& a, const auto& b) { return a.id > b.id; });
  qsizetype at = 0;
  for (const runs::RunSummary& run : next) {
    while (at < m_runs.size() && m_runs[at].id > run.id) {
      beginRemoveRows({}, static_cast<int>(at), static_cast<int>(at));
      m_runs.removeAt(at);
      endRemoveRows();
    }
    if (at < m_runs.size() && m_runs[at].id == run.id) {
      m_runs[at] = run;
    } else {
      beginInsertRows({}, static_cast<int>(at), static_cast<int>(at));
      m_runs.insert(at, run);
      endInsertRows();
    }
    ++at;
  }
  if (at < m_runs.size()) {
    beginRemoveRows({}, static_cast<int>(at), static_cast<int>(m_runs.size()) - 1);
    m_runs.remove(at, m_runs.size() - at);
    endRemoveRows();
  }
  if (!m_runs.isEmpty()) Q_EMIT dataChanged(index(0), index(static_cast<int>(m_runs.size()) - 1));
}

int RunModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_runs.size()); }

QVariant RunModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const runs::RunSummary& run = m_runs[index.row()];
  const runs::RunOutcome outcome = runs::outcomeOf(run);
  const bool measured = run.requests > 0;
  switch (role) {
    case Qt::DisplayRole: return printable(run.scenario, 80);
    case SecondLineRole: {
      QStringList parts{outcomeName(outcome)};
      if (run.engine == QLatin1String(runs::k6Engine)) parts << tr("k6");
      if (measured) parts << tr("p95 %1").arg(millisText(run.p95Ms)) << formatValue(run.perSecond, Unit::PerSecond);
      return parts.join(QStringLiteral(" · "));
    }
    case RightRole: return shortInstant(run.startedMs, m_nowMs);
    case RightSecondRole: return run.pinned ? tr("baseline") : run.tags.isEmpty() ? QString() : printable(run.tags.join(QStringLiteral(", ")), 24);
    case IconRole: return outcomeIcon(outcome);
    case IconColourRole: return outcomeColour(outcome);
    case IdRole: return run.id;
    case PinnedRole: return run.pinned;
    case Qt::ToolTipRole: {
      QStringList lines{run.id};
      if (!run.url.isEmpty()) lines << printable(run.url, 200);
      if (run.engine == QLatin1String(runs::k6Engine)) lines << tr("The load was made by k6.");
      if (!run.limited.isEmpty()) lines << printable(run.limited, 300);
      if (!run.note.isEmpty()) lines << printableLines(run.note, 400, 8);
      return plainTip(lines.join(QLatin1Char('\n')));
    }
    case Qt::AccessibleTextRole: return QStringList{data(index, Qt::DisplayRole).toString(), data(index, RightRole).toString(), data(index, SecondLineRole).toString(), data(index, RightSecondRole).toString()}.join(QStringLiteral(", "));
    default: return {};
  }
}

}  // namespace cachedeck
