// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/record_text.h"

#include "core/base/instants.h"
#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/metrics/format.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>

namespace cachedeck {

namespace {

using recording::RecorderState;
using recording::RecordingInfo;

QString text(const char* source) { return QCoreApplication::translate("RecordCommand", source); }

QJsonValue timeJson(qint64 ms) { return ms == 0 ? QJsonValue() : QJsonValue(isoUtc(ms)); }

QJsonValue textOrNull(const QString& words) { return words.isEmpty() ? QJsonValue() : QJsonValue(redact(words)); }

QString stateWord(RecorderState::Kind kind) {
  switch (kind) {
    case RecorderState::Kind::Opening: return QStringLiteral("opening");
    case RecorderState::Kind::Recording: return QStringLiteral("recording");
    case RecorderState::Kind::Paused: return QStringLiteral("paused");
    case RecorderState::Kind::Failed: return QStringLiteral("failed");
  }
  return {};
}

}  // namespace

QString recordLine(const RecorderState& state, const QMap<QString, SourceState>& sources, qint64 nowMs) {
  QStringList stand;
  for (auto source = sources.begin(); source != sources.end(); ++source) stand += source.key() + QLatin1Char(' ') + stateName(source->kind);
  QString line = instantText(nowMs) + QStringLiteral("  ") + stateWord(state.kind) + QStringLiteral("  ") +
                 text("%1 rows, %2").arg(QLocale::c().toString(state.rows), bytesText(state.bytes)) + QStringLiteral("  ") + stand.join(QStringLiteral(", "));
  if (state.lost > 0) line += QStringLiteral("  ") + text("%1 rows were lost").arg(state.lost);
  return line;
}

QJsonObject recordJson(const RecorderState& state, const QMap<QString, SourceState>& sources, qint64 nowMs) {
  QJsonObject stand;
  for (auto source = sources.begin(); source != sources.end(); ++source) stand.insert(source.key(), stateName(source->kind));
  return {{QStringLiteral("time"), timeJson(nowMs)},
          {QStringLiteral("state"), stateWord(state.kind)},
          {QStringLiteral("file"), state.file},
          {QStringLiteral("since"), timeJson(state.sinceMs)},
          {QStringLiteral("rows"), state.rows},
          {QStringLiteral("bytes"), state.bytes},
          {QStringLiteral("waiting"), state.waiting},
          {QStringLiteral("lost"), state.lost},
          {QStringLiteral("error"), state.error ? textOrNull(state.error->message) : QJsonValue()},
          {QStringLiteral("notice"), textOrNull(state.notice)},
          {QStringLiteral("sources"), stand}};
}

QString recordingExtent(const RecordingInfo& info) {
  if (info.rows == 0) return text("no rows yet, %1").arg(bytesText(info.bytes));
  return text("%1 rows from %2 to %3, %4").arg(QLocale::c().toString(info.rows), instantText(info.fromMs), instantText(info.toMs), bytesText(info.bytes));
}

QString recordingTable(const QList<RecordingInfo>& recordings) {
  QString lines;
  for (const RecordingInfo& info : recordings) {
    lines += info.profile.isEmpty() ? info.file : printable(info.profile);
    if (!info.environment.isEmpty()) lines += QStringLiteral(" (%1)").arg(printable(info.environment));
    if (info.isBeingWritten) lines += QStringLiteral(", ") + text("recording now");
    lines += QStringLiteral("\n  ") + (info.problem.isEmpty() ? recordingExtent(info) : redact(info.problem));
    if (!info.groups.isEmpty()) lines += QStringLiteral("\n  ") + printable(info.groups.join(QStringLiteral(", ")));
    lines += QStringLiteral("\n  ") + info.file + QLatin1Char('\n');
  }
  return lines;
}

QJsonObject recordingJson(const RecordingInfo& info) {
  return {{QStringLiteral("file"), info.file},
          {QStringLiteral("profile"), info.profile},
          {QStringLiteral("environment"), info.environment},
          {QStringLiteral("sources"), QJsonArray::fromStringList(info.groups)},
          {QStringLiteral("from"), timeJson(info.fromMs)},
          {QStringLiteral("to"), timeJson(info.toMs)},
          {QStringLiteral("rows"), info.rows},
          {QStringLiteral("bytes"), info.bytes},
          {QStringLiteral("recording"), info.isBeingWritten},
          {QStringLiteral("problem"), textOrNull(info.problem)}};
}

QByteArray recordingsJson(const QList<RecordingInfo>& recordings) {
  QJsonArray all;
  for (const RecordingInfo& info : recordings) all += recordingJson(info);
  return QJsonDocument(all).toJson(QJsonDocument::Indented);
}

}  // namespace cachedeck
