// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/alerts/alertreadings.h"
#include "ui/widgets/rowlist.h"

#include <QColor>

namespace cachedeck {

/// A state as a shape and a word.
struct AlertLook {
  QString word, icon;
  QColor colour;
  RowList::Tone tone = RowList::Tone::Quiet;
};
AlertLook lookOf(const RuleReading& reading);
AlertLook lookOf(const ManagedAlert& alert);
AlertLook lookOf(const Silence& silence);

/// 3 critical, 2 warning, 1 any other word, 0 none.
int severityRank(const QString& severity);
QColor severityColour(const QString& severity);
QString severityOf(const RuleReading& reading);

/// Tells a rule from others, of the same name too.
QString ruleId(const RuleReading& reading);
/// Prometheus fails to evaluate it.
bool isFaulty(const RuleReading& reading);
/// Why it is not evaluated, or what it measures was not read; empty: neither.
QString problemOf(const RuleReading& reading);
/// Of its alerts the oldest; 0: there is none.
qint64 sinceOf(const RuleReading& reading);
/// "82.1", "0.0042": values of any size, without a unit, since nobody says which.
QString valueText(double value);
/// The value nearest to the threshold; an en dash where nothing was measured.
QString valueOf(const RuleReading& reading);
/// The alert that a measured series has led to; null: none.
const PromAlert* alertOf(const RuleReading& reading, const PromLabels& measured);
/// Is it an alert of this rule?
bool belongs(const ManagedAlert& alert, const RuleReading& reading);

/// "redis-01:9121 · db=0": the instance first; without the alert's name and severity.
QString instanceText(const PromLabels& labels);
/// The matchers of a silence, parted by commas.
QString matchersText(const QList<Matcher>& matchers, qsizetype longest);
/// What suppresses an alert: "silenced by maria: maintenance"; empty: nothing.
QString suppressedText(const ManagedAlert& alert, const QList<Silence>& silences, const QList<ManagedAlert>& all);

}  // namespace cachedeck
