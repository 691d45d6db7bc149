// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_verbs.h"
#include "core/keys/operation_log_file.h"
#include "core/keys/undo.h"
#include "core/metrics/format.h"

#include <QDateTime>
#include <QDir>
#include <QJsonArray>

#include <algorithm>
#include <cstdio>

namespace cachedeck {

using namespace keys;

namespace {

/// An operation, and how many of its keys are still to be done.
struct Listed {
  OperationRow row;
  std::optional<qint64> remaining;
  qint64 ageMs = 0;
};

const char* stateOf(const OperationRow& row) {
  if (row.undone) return "undone";
  if (!row.ended) return row.resumable ? "interrupted, can be resumed" : "interrupted";
  return row.undoable ? "done, can be undone" : "done";
}

QJsonObject jsonOf(const Listed& one) {
  const OperationRow& row = one.row;
  return {{QStringLiteral("id"), row.id}, {QStringLiteral("created_ms"), row.createdMs}, {QStringLiteral("age_s"), one.ageMs / 1000}, {QStringLiteral("profile"), row.profile},
          {QStringLiteral("where"), row.where}, {QStringLiteral("action"), row.action}, {QStringLiteral("selected"), row.selected}, {QStringLiteral("planned"), row.planned},
          {QStringLiteral("remaining"), one.remaining ? QJsonValue(*one.remaining) : QJsonValue()}, {QStringLiteral("state"), QString::fromLatin1(stateOf(row))}, {QStringLiteral("ended"), row.ended},
          {QStringLiteral("undoable"), row.undoable && !row.undone}, {QStringLiteral("resumable"), row.resumable}, {QStringLiteral("undone"), row.undone}, {QStringLiteral("undos"), row.undos},
          {QStringLiteral("bytes"), row.bytes}};
}

QString lineOf(const Listed& one) {
  const OperationRow& row = one.row;
  QString keys = QStringLiteral("%1 keys").arg(row.planned);
  if (one.remaining && *one.remaining > 0) keys += QStringLiteral(", %1 remaining").arg(*one.remaining);
  return QStringLiteral("%1  %2 (%3 ago)  %4  %5  %6  %7: %8  (%9)")
      .arg(row.id, QDateTime::fromMSecsSinceEpoch(row.createdMs).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")), formatDuration(static_cast<double>(one.ageMs) / 1000), row.where, keys,
           formatValue(static_cast<double>(row.bytes), Unit::Bytes), row.action, row.selected, QString::fromLatin1(stateOf(row)));
}

/// The log of an operation that is over goes, and its images with it; the journal says so.
Result<void> discard(const QString& id, KeysSession& session) {
  const RunPlace place = session.place();
  const QList<OperationRow> rows = operations(place.folder, place.key);
  const auto row = std::ranges::find(rows, id, &OperationRow::id);
  if (row == rows.end()) return fail(Error::Kind::NotFound, QStringLiteral("There is no operation %1. `cachedeck keys operations` lists them.").arg(id.left(80)));
  if (!row->ended && !row->undone)
    return fail(Error::Kind::Usage, QStringLiteral("The operation %1 was interrupted: its log alone says which keys it has touched. Resume it, or undo it, before it is discarded.").arg(id));
  const auto held = OperationLog::resume(place.folder, id, place.key, 0);  // nobody undoes it meanwhile
  if (!held) return held.error();
  JournalEntry entry;
  entry.action = QStringLiteral("keys.discard");
  entry.phase = QStringLiteral("note");
  entry.operation = id;
  entry.profile = row->profile;
  entry.where = row->where;
  entry.text = row->undoable && !row->undone ? QStringLiteral("Images discarded: it cannot be undone any more") : QStringLiteral("Log discarded");
  if (const Result<JournalEntry> written = place.journal.append(entry); !written) return written.error();
  if (const Result<OperationSummary> summary = readOperation(place.folder, id, place.key))
    if (const Result<Plan> plan = Plan::fromJson(summary->plan)) plan->forget();
  if (!QFile::remove(place.folder + QLatin1Char('/') + oplog::operationFileName(id))) return fail(Error::Kind::Io, QStringLiteral("The log of %1 in %2 could not be removed.").arg(id, place.folder));
  return {};
}

}  // namespace

int keysOperations(const KeysArguments& arguments, KeysSession& session) {
  if (!arguments.discard.empty()) {
    const QString id = QString::fromStdString(arguments.discard);
    if (const Result<void> done = discard(id, session); !done) return complainKeys(done.error());
    if (arguments.json) printJson({{QStringLiteral("discarded"), id}});
    else std::printf("%s is discarded\n", qPrintable(id));
    return 0;
  }
  const RunPlace place = session.place();
  QJsonArray list;
  for (const OperationRow& row : operations(place.folder, place.key)) {
    Listed one{row, {}, place.clock.now().wallMs - row.createdMs};
    if (row.ended) one.remaining = 0;
    else if (const Result<ResumePreview> preview = previewResume(place, row.id)) one.remaining = preview->remaining;
    if (arguments.json) list.append(jsonOf(one));
    else std::puts(qPrintable(lineOf(one)));
  }
  if (arguments.json) printJson({{QStringLiteral("operations"), list}});
  else if (listOperations(place.folder).isEmpty()) std::puts("There are no operations.");
  return 0;
}

}  // namespace cachedeck
