// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/format.h"
#include "core/runs/json_numbers.h"
#include "core/runs/scorecard.h"
#include "core/runs/text_table.h"

#include <QJsonArray>

#include <cmath>

namespace cachedeck::runs {

namespace {

QString levelWord(Level level) {
  switch (level) {
    case Level::Good: return QStringLiteral("good");
    case Level::Warning: return QStringLiteral("warning");
    case Level::Critical: break;
  }
  return QStringLiteral("critical");
}

QString orDash(const char* text) { return *text ? QString::fromUtf8(text) : QStringLiteral("–"); }

QString measuredText(const ScoreRow& row, double value) {
  return std::isnan(value) ? QStringLiteral("not measured") : formatValue(value, row.unit);
}

TextTable tableOf(const Scorecard& card) {
  bool withBefore = false;
  for (const ScoreLine& line : card.lines) withBefore |= !std::isnan(line.before);
  QStringList heading{QStringLiteral("metric"), QStringLiteral("reference before"), QStringLiteral("after"), QStringLiteral("target")};
  if (withBefore) heading.append(QStringLiteral("run before"));
  TextTable table(heading + QStringList{QStringLiteral("this run"), QStringLiteral("met"), QStringLiteral("band")});
  for (const ScoreLine& line : card.lines) {
    QStringList cells{QString::fromUtf8(line.row->name), orDash(line.row->before), orDash(line.row->after), orDash(line.row->target)};
    if (withBefore) cells.append(measuredText(*line.row, line.before));
    cells.append(measuredText(*line.row, line.value));
    cells.append(line.measured() ? (line.met ? QStringLiteral("yes") : QStringLiteral("no")) : QStringLiteral("–"));
    cells.append(line.banded ? levelWord(line.level) : QStringLiteral("–"));
    table.add(cells);
  }
  return table;
}

QString sum(const Scorecard& card) {
  return QStringLiteral("%1 of %2 measured targets met; %3 not measured.").arg(card.met).arg(card.measured).arg(card.lines.size() - card.measured);
}

}  // namespace

QString scorecardText(const Scorecard& card) {
  QString text = tableOf(card).aligned() + QStringLiteral("\n  ") + sum(card) + QLatin1Char('\n');
  for (const QString& note : card.notes) text += QStringLiteral("  ! ") + note + QLatin1Char('\n');
  return text;
}

QString scorecardMarkdown(const Scorecard& card) {
  QString text = tableOf(card).markdown() + QLatin1Char('\n') + sum(card) + QLatin1Char('\n');
  for (const QString& note : card.notes) text += QStringLiteral("\n> ") + markdownText(note) + QLatin1Char('\n');
  return text;
}

QJsonObject toJson(const Scorecard& card) {
  QJsonArray lines;
  for (const ScoreLine& line : card.lines)
    lines.append(QJsonObject{{QStringLiteral("id"), QString::fromLatin1(line.row->id)},
                             {QStringLiteral("name"), QString::fromUtf8(line.row->name)},
                             {QStringLiteral("value"), numberValue(line.value)},
                             {QStringLiteral("text"), measuredText(*line.row, line.value)},
                             {QStringLiteral("before_measured"), numberValue(line.before)},
                             {QStringLiteral("reference_before"), QString::fromUtf8(line.row->before)},
                             {QStringLiteral("reference_after"), QString::fromUtf8(line.row->after)},
                             {QStringLiteral("target"), QString::fromUtf8(line.row->target)},
                             {QStringLiteral("met"), line.measured() ? QJsonValue(line.met) : QJsonValue(QJsonValue::Null)},
                             {QStringLiteral("level"), line.banded ? QJsonValue(levelWord(line.level)) : QJsonValue(QJsonValue::Null)}});
  return {{QStringLiteral("rows"), lines}, {QStringLiteral("met"), card.met}, {QStringLiteral("measured"), card.measured}, {QStringLiteral("notes"), QJsonArray::fromStringList(card.notes)}};
}

}  // namespace cachedeck::runs
