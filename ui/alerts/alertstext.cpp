// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/alertstext.h"

#include "core/alerts/firing_now.h"
#include "core/base/text.h"
#include "core/metrics/format.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace cachedeck {

namespace {

constexpr qsizetype longestLabel = 120;

QString tr(const char* text) { return QCoreApplication::translate("Alerts", text); }

bool isTemplate(const QString& value) { return value.contains(QLatin1String("{{")); }

RowList::Tone toneOf(const QString& severity) { return severityRank(severity) == 3 ? RowList::Tone::Critical : RowList::Tone::Warning; }

QString quotedId(const QString& id) { return printable(id, 40); }

}  // namespace

int severityRank(const QString& severity) { return severity == QLatin1String("critical") ? 3 : severity == QLatin1String("warning") ? 2 : severity.isEmpty() ? 0 : 1; }

QColor severityColour(const QString& severity) {
  const Palette& p = Theme::instance().palette();
  return severityRank(severity) == 3 ? p.critical : p.warning;
}

QString severityOf(const RuleReading& reading) { return reading.rule.labels.value(QStringLiteral("severity")); }

AlertLook lookOf(const RuleReading& reading) {
  const Palette& p = Theme::instance().palette();
  const QString& state = reading.rule.state;
  if (state == QLatin1String("firing")) return {tr("firing"), QStringLiteral("warning"), severityColour(severityOf(reading)), toneOf(severityOf(reading))};
  if (isFaulty(reading)) return {tr("cannot be evaluated"), QStringLiteral("failed"), p.critical, RowList::Tone::Critical};
  if (state == QLatin1String("pending")) return {tr("pending"), QStringLiteral("clock"), p.warning, RowList::Tone::Warning};
  if (state == QLatin1String("inactive")) return {tr("inactive"), QStringLiteral("check"), p.good, RowList::Tone::Good};
  return {state.isEmpty() ? tr("not known") : printable(state, 40), QStringLiteral("info"), p.text3, RowList::Tone::Quiet};
}

AlertLook lookOf(const ManagedAlert& alert) {
  const Palette& p = Theme::instance().palette();
  const QString severity = alert.labels.value(QStringLiteral("severity"));
  if (alert.state == QLatin1String("active")) return {tr("active"), QStringLiteral("warning"), severityColour(severity), toneOf(severity)};
  if (alert.state == QLatin1String("suppressed")) return {tr("suppressed"), QStringLiteral("pause"), p.text3, RowList::Tone::Quiet};
  return {printable(alert.state, 40), QStringLiteral("clock"), p.text3, RowList::Tone::Quiet};
}

AlertLook lookOf(const Silence& silence) {
  const Palette& p = Theme::instance().palette();
  if (silence.state == QLatin1String("active")) return {tr("active"), QStringLiteral("pause"), p.info, RowList::Tone::Plain};
  if (silence.state == QLatin1String("pending")) return {tr("not begun"), QStringLiteral("clock"), p.text3, RowList::Tone::Quiet};
  if (silence.state == QLatin1String("expired")) return {tr("expired"), QStringLiteral("check"), p.text3, RowList::Tone::Quiet};
  return {printable(silence.state, 40), QStringLiteral("info"), p.text3, RowList::Tone::Quiet};
}

QString ruleId(const RuleReading& reading) {
  QStringList parts{reading.group, reading.rule.name, reading.rule.query};
  for (auto label = reading.rule.labels.begin(); label != reading.rule.labels.end(); ++label) parts << label.key() << label.value();
  return parts.join(QLatin1Char('\n'));
}

bool isFaulty(const RuleReading& reading) { return reading.rule.health == QLatin1String("err") || !reading.rule.lastError.isEmpty(); }

QString problemOf(const RuleReading& reading) {
  if (isFaulty(reading)) return reading.rule.lastError.isEmpty() ? tr("Prometheus cannot evaluate it and does not say why.") : reading.rule.lastError;
  return reading.problem;
}

qint64 sinceOf(const RuleReading& reading) {
  qint64 oldest = 0;
  for (const PromAlert& alert : reading.rule.alerts)
    if (alert.state == reading.rule.state && (oldest == 0 || stateSinceMs(alert, reading.rule) < oldest)) oldest = stateSinceMs(alert, reading.rule);
  return oldest;
}

QString valueText(double value) {
  constexpr double finest = 0.1;  // below it the formatter's fixed digits would leave nothing
  return value != 0 && std::abs(value) < finest ? QString::number(value, 'g', 3) : formatValue(value, Unit::None);
}

QString valueOf(const RuleReading& reading) {
  if (!reading.values.isEmpty()) return valueText(reading.values.front().value);
  if (!reading.rule.alerts.empty()) return valueText(reading.rule.alerts.front().value);
  return QStringLiteral("–");
}

const PromAlert* alertOf(const RuleReading& reading, const PromLabels& measured) {
  for (const PromAlert& alert : reading.rule.alerts) {
    bool same = true;
    for (auto label = measured.begin(); same && label != measured.end(); ++label)
      same = label.key() == QLatin1String("__name__") || reading.rule.labels.contains(label.key()) || alert.labels.value(label.key()) == label.value();
    if (same) return &alert;
  }
  return nullptr;
}

bool belongs(const ManagedAlert& alert, const RuleReading& reading) {
  if (alert.labels.value(QStringLiteral("alertname")) != reading.rule.name) return false;
  const PromLabels& labels = reading.rule.labels;
  for (auto label = labels.begin(); label != labels.end(); ++label)
    if (!isTemplate(label.value()) && alert.labels.value(label.key()) != label.value()) return false;
  return true;
}

QString instanceText(const PromLabels& labels) {
  QStringList parts;
  if (const QString instance = labels.value(QStringLiteral("instance")); !instance.isEmpty()) parts << printable(instance, longestLabel);
  static const QStringList said{QStringLiteral("__name__"), QStringLiteral("alertname"), QStringLiteral("severity"), QStringLiteral("instance")};
  for (auto label = labels.begin(); label != labels.end(); ++label)
    if (!said.contains(label.key())) parts << printable(label.key() + QLatin1Char('=') + label.value(), longestLabel);
  return parts.isEmpty() ? tr("all together") : parts.join(QStringLiteral(" · "));
}

QString matchersText(const QList<Matcher>& matchers, qsizetype longest) {
  QStringList all;
  for (const Matcher& matcher : matchers) all << matcherText(matcher);
  return printable(all.join(QLatin1String(", ")), longest);
}

QString suppressedText(const ManagedAlert& alert, const QList<Silence>& silences, const QList<ManagedAlert>& all) {
  QStringList reasons;
  for (const QString& id : alert.silencedBy) {
    const auto silence = std::find_if(silences.begin(), silences.end(), [&](const Silence& one) { return one.id == id; });
    reasons << (silence == silences.end() ? tr("silenced by %1").arg(quotedId(id)) : tr("silenced by %1: %2").arg(printable(silence->author, 60), printable(silence->comment, 160)));
  }
  for (const QString& id : alert.inhibitedBy) {
    const auto other = std::find_if(all.begin(), all.end(), [&](const ManagedAlert& one) { return one.fingerprint == id; });
    reasons << tr("inhibited by %1").arg(other == all.end() ? quotedId(id) : printable(other->labels.value(QStringLiteral("alertname")), 80) + QStringLiteral(" (") + instanceText(other->labels) + QLatin1Char(')'));
  }
  return reasons.join(QStringLiteral("; "));
}

}  // namespace cachedeck
