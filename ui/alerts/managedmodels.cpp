// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/managedmodels.h"

#include "core/base/instants.h"
#include "core/base/text.h"
#include "core/base/text_lines.h"
#include "core/metrics/format.h"
#include "ui/alerts/alertstext.h"

#include <algorithm>

namespace cachedeck {

namespace {

QString spanText(qint64 ms) { return formatDuration(static_cast<double>(std::max<qint64>(0, ms)) / 1000.0); }

int orderOf(const Silence& silence) { return silence.state == QLatin1String("active") ? 0 : silence.state == QLatin1String("pending") ? 1 : 2; }

}  // namespace

void ManagedAlertModel::setReading(const ManagerReading& reading) {
  QList<ManagedAlert> alerts = reading.alerts;
  std::stable_sort(alerts.begin(), alerts.end(), [](const ManagedAlert& a, const ManagedAlert& b) {
    const bool activeA = a.state == QLatin1String("active"), activeB = b.state == QLatin1String("active");
    if (activeA != activeB) return activeA;
    return a.startsAtMs > b.startsAtMs;
  });
  const auto sameRows = [&] { return std::equal(alerts.begin(), alerts.end(), m_alerts.begin(), m_alerts.end(), [](const ManagedAlert& a, const ManagedAlert& b) { return a.fingerprint == b.fingerprint; }); };
  const bool same = sameRows();
  if (!same) beginResetModel();
  m_alerts = std::move(alerts);
  m_silences = reading.silences;
  m_nowMs = reading.atMs;
  if (!same) endResetModel();
  else if (!m_alerts.isEmpty()) Q_EMIT dataChanged(index(0), index(static_cast<int>(m_alerts.size()) - 1));
}

int ManagedAlertModel::rowOf(const QString& fingerprint) const {
  for (qsizetype i = 0; i < m_alerts.size(); ++i)
    if (m_alerts[i].fingerprint == fingerprint) return static_cast<int>(i);
  return -1;
}

const ManagedAlert* ManagedAlertModel::find(const QString& fingerprint) const {
  const int row = rowOf(fingerprint);
  return row < 0 ? nullptr : &m_alerts[row];
}

int ManagedAlertModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_alerts.size()); }

QString ManagedAlertModel::stateLine(const ManagedAlert& alert) const {
  const QString reason = suppressedText(alert, m_silences, m_alerts);
  QStringList parts{reason.isEmpty() ? lookOf(alert).word : QStringLiteral("%1, %2").arg(lookOf(alert).word, reason)};
  if (const QString severity = alert.labels.value(QStringLiteral("severity")); !severity.isEmpty()) parts << printable(severity, 40);
  return parts.join(QStringLiteral(" · "));
}

QVariant ManagedAlertModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const ManagedAlert& alert = m_alerts[index.row()];
  switch (role) {
    case Qt::DisplayRole: return QStringLiteral("%1 · %2").arg(printable(alert.labels.value(QStringLiteral("alertname")), 80), instanceText(alert.labels));
    case SecondLineRole: return stateLine(alert);
    case RightRole: return tr("for %1").arg(spanText(m_nowMs - alert.startsAtMs));
    case RightSecondRole: return printable(alert.receivers.join(QLatin1String(", ")), 60);
    case IconRole: return lookOf(alert).icon;
    case IconColourRole: return lookOf(alert).colour;
    case IdRole: return alert.fingerprint;
    case Qt::ToolTipRole: {
      QStringList lines{data(index, Qt::DisplayRole).toString(), stateLine(alert), tr("Receivers: %1").arg(printable(alert.receivers.join(QLatin1String(", ")), 300))};
      for (const QString& text : alert.annotations) lines << printableLines(text, 300);
      return plainTip(lines.join(QLatin1Char('\n')));
    }
    case Qt::AccessibleTextRole: return QStringList{data(index, Qt::DisplayRole).toString(), stateLine(alert), data(index, RightRole).toString()}.join(QStringLiteral(", "));
    default: return {};
  }
}

void SilenceModel::setReading(const ManagerReading& reading) {
  QList<Silence> silences = reading.silences;
  std::stable_sort(silences.begin(), silences.end(), [](const Silence& a, const Silence& b) { return orderOf(a) != orderOf(b) ? orderOf(a) < orderOf(b) : orderOf(a) == 2 ? a.endsAtMs > b.endsAtMs : a.endsAtMs < b.endsAtMs; });
  const bool same = std::equal(silences.begin(), silences.end(), m_silences.begin(), m_silences.end(), [](const Silence& a, const Silence& b) { return a.id == b.id; });
  if (!same) beginResetModel();
  m_silences = std::move(silences);
  m_nowMs = reading.atMs;
  if (!same) endResetModel();
  else if (!m_silences.isEmpty()) Q_EMIT dataChanged(index(0), index(static_cast<int>(m_silences.size()) - 1));
}

int SilenceModel::rowOf(const QString& id) const {
  for (qsizetype i = 0; i < m_silences.size(); ++i)
    if (m_silences[i].id == id) return static_cast<int>(i);
  return -1;
}

const Silence* SilenceModel::find(const QString& id) const {
  const int row = rowOf(id);
  return row < 0 ? nullptr : &m_silences[row];
}

int SilenceModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_silences.size()); }

QVariant SilenceModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Silence& silence = m_silences[index.row()];
  switch (role) {
    case Qt::DisplayRole: return matchersText(silence.matchers, 300);
    case SecondLineRole: return QStringLiteral("%1 · %2: %3").arg(lookOf(silence).word, printable(silence.author, 60), printable(silence.comment, 200));
    case RightRole:
      if (silence.state == QLatin1String("expired")) return shortInstant(silence.endsAtMs, m_nowMs);
      return silence.startsAtMs > m_nowMs ? tr("begins in %1").arg(spanText(silence.startsAtMs - m_nowMs)) : tr("ends in %1").arg(spanText(silence.endsAtMs - m_nowMs));
    case IconRole: return lookOf(silence).icon;
    case IconColourRole: return lookOf(silence).colour;
    case IdRole: return silence.id;
    case Qt::ToolTipRole:
      return plainTip(QStringList{matchersText(silence.matchers, 1000), QStringLiteral("%1 · %2: %3").arg(lookOf(silence).word, printable(silence.author, 60), printableLines(silence.comment, 600)),
                                  QStringLiteral("%1 – %2").arg(instantText(silence.startsAtMs), instantText(silence.endsAtMs))}
                          .join(QLatin1Char('\n')));
    case Qt::AccessibleTextRole: return QStringList{data(index, Qt::DisplayRole).toString(), data(index, SecondLineRole).toString(), data(index, RightRole).toString()}.join(QStringLiteral(", "));
    default: return {};
  }
}

}  // namespace cachedeck
