// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/snapshotmodel.h"

#include "core/base/instants.h"
#include "core/base/text.h"
#include "core/base/text_lines.h"
#include "core/metrics/format.h"
#include "ui/load/loadtext.h"
#include "ui/theme/theme.h"
#include "ui/widgets/rowpainter.h"

#include <QDateTime>
#include <QFileInfo>

#include <algorithm>

namespace cachedeck {

namespace {

/// The newest first; of one moment by name, so that there is one order.
bool isBefore(const SnapshotEntry& a, const SnapshotEntry& b) { return a.manifest.takenMs != b.manifest.takenMs ? a.manifest.takenMs > b.manifest.takenMs : a.file < b.file; }

}  // namespace

QString stretchText(qint64 fromMs, qint64 toMs) {
  const QDateTime from = QDateTime::fromMSecsSinceEpoch(fromMs), to = QDateTime::fromMSecsSinceEpoch(toMs);
  const QString end = to.toString(from.date() == to.date() ? QStringLiteral("HH:mm") : QStringLiteral("d MMM HH:mm"));
  return QStringLiteral("%1 – %2 (%3)").arg(from.toString(QStringLiteral("d MMM HH:mm")), end, formatDuration(static_cast<double>(toMs - fromMs) / 1000.0));
}

void SnapshotModel::setEntries(QList<SnapshotEntry> entries, qint64 nowMs) {
  m_nowMs = nowMs;
  std::sort(entries.begin(), entries.end(), isBefore);
  for (int row = static_cast<int>(m_entries.size()) - 1; row >= 0; --row) {
    if (entries.contains(m_entries[row])) continue;
    beginRemoveRows({}, row, row);
    m_entries.removeAt(row);
    endRemoveRows();
  }
  // What is left stands in both, in the same order.
  for (int row = 0; row < static_cast<int>(entries.size()); ++row) {
    if (row < m_entries.size() && m_entries[row] == entries[row]) continue;
    beginInsertRows({}, row, row);
    m_entries.insert(row, entries[row]);
    endInsertRows();
  }
}

int SnapshotModel::rowOf(const QString& file) const {
  for (qsizetype i = 0; i < m_entries.size(); ++i)
    if (m_entries[i].file == file) return static_cast<int>(i);
  return -1;
}

const SnapshotEntry* SnapshotModel::find(const QString& file) const {
  const int row = rowOf(file);
  return row < 0 ? nullptr : &m_entries[row];
}

int SnapshotModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_entries.size()); }

QVariant SnapshotModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const SnapshotEntry& entry = m_entries[index.row()];
  const snapshot::Manifest& manifest = entry.manifest;
  const bool broken = !entry.problem.isEmpty();
  const Palette& p = Theme::instance().palette();
  switch (role) {
    case Qt::DisplayRole: return broken ? printable(QFileInfo(entry.file).fileName(), 80) : manifest.title.isEmpty() ? stretchText(manifest.fromMs, manifest.toMs) : printable(manifest.title, 80);
    case SecondLineRole:
      return broken ? tr("Cannot be read") : QStringList{printable(manifest.profile.isEmpty() ? tr("no profile") : manifest.profile, 40), formatDuration(static_cast<double>(manifest.toMs - manifest.fromMs) / 1000.0)}.join(QStringLiteral(" · "));
    case RightRole: return broken ? QString() : shortInstant(manifest.takenMs, m_nowMs);
    case RightSecondRole: return formatValue(static_cast<double>(entry.bytes), Unit::Bytes);
    case IconRole: return broken ? QStringLiteral("warning") : QStringLiteral("camera");
    case IconColourRole: return broken ? p.warning : p.text3;
    case IdRole: return entry.file;
    case Qt::ToolTipRole: return plainTip(broken ? entry.problem : QStringList{entry.file, stretchText(manifest.fromMs, manifest.toMs), printableLines(manifest.note, 400, 8)}.join(QLatin1Char('\n')).trimmed());
    case Qt::AccessibleTextRole: return QStringList{data(index, Qt::DisplayRole).toString(), data(index, RightRole).toString(), data(index, SecondLineRole).toString()}.join(QStringLiteral(", "));
    default: return {};
  }
}

}  // namespace cachedeck
