// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_ask.h"
#include "app/cli/keys/keys_verbs.h"
#include "core/base/instants.h"
#include "core/keys/undo.h"
#include "core/metrics/format.h"

#include <QJsonArray>

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
          {QStringLiteral("undoable"), row.undoable && !row.undone}, {QStringLiteral("resumable"), row.resumable}, {QStringLiteral("undone"), row.undone}, {QStringLiteral("undos"), row.undos}, {QStringLiteral("torn"), row.torn},
          {QStringLiteral("bytes"), row.bytes}};
}

QString lineOf(const Listed& one) {
  const OperationRow& row = one.row;
  QString keys = QStringLiteral("%1 keys").arg(row.planned);
  if (one.remaining && *one.remaining > 0) keys += QStringLiteral(", %1 remaining").arg(*one.remaining);
  return QStringLiteral("%1  %2 (%3 ago)  %4  %5  %6  %7: %8  (%9)")
      .arg(row.id, instantText(row.createdMs), formatDuration(static_cast<double>(one.ageMs) / 1000), row.where, keys,
           formatValue(static_cast<double>(row.bytes), Unit::Bytes), row.action, row.selected, QString::fromLatin1(stateOf(row)) + (row.torn ? QStringLiteral(", its log is damaged at the end") : QString()));
}

/// The log of an operation that is over goes, and its images with it, after the same consent as its undo.
Result<void> discard(const QString& id, const KeysArguments& arguments, KeysSession& session) {
  const Result<DiscardPreview> preview = previewDiscard(session.place(), id);
  if (!preview && preview.error().kind == Error::Kind::NotFound) return fail(Error::Kind::NotFound, QStringLiteral("There is no operation %1. `cachedeck keys operations` lists them.").arg(id.left(80)));
  if (!preview) return preview.error();
  session.takeUp(preview->owner);
  const auto permit = [&](const QString& typed) { return session.guard().permitDiscard(*preview, typed, session.clock()); };
  const KeysQuestion question{QStringLiteral("Discard %1, which can still be undone").arg(id), preview->keys, {}};
  const Result<WritePermit> may = preview->keys > 0 ? permitAfterConsent(arguments, session, question, permit) : permit({});
  return may ? discardOperation(*preview, *may, session.place()) : Result<void>(may.error());
}

}  // namespace

int keysOperations(const KeysArguments& arguments, KeysSession& session) {
  if (!arguments.discard.empty()) {
    const QString id = QString::fromStdString(arguments.discard);
    if (const Result<void> done = discard(id, arguments, session); !done) return complainKeys(done.error());
    return arguments.json ? keysVoice.printJson({{QStringLiteral("discarded"), id}}) : keysVoice.printLines({QStringLiteral("%1 is discarded").arg(id)});
  }
  const RunPlace place = session.place();
  QJsonArray list;
  QStringList lines;
  for (const OperationRow& row : operations(place.folder, place.key)) {
    Listed one{row, {}, place.clock.now().wallMs - row.createdMs};
    if (row.ended) one.remaining = 0;
    else if (const Result<ResumePreview> preview = previewResume(place, row.id)) one.remaining = preview->remaining;
    if (arguments.json) list.append(jsonOf(one));
    else lines << lineOf(one);
  }
  for (const UnreadableOperation& one : unreadableOperations(place.folder, place.key)) {
    if (arguments.json) list.append(QJsonObject{{QStringLiteral("id"), one.id}, {QStringLiteral("state"), QStringLiteral("cannot be read")}, {QStringLiteral("reason"), one.reason}});
    else lines << QStringLiteral("%1  cannot be read: %2").arg(one.id, one.reason);
  }
  if (listOperations(place.folder).isEmpty()) lines << QStringLiteral("There are no operations.");
  return arguments.json ? keysVoice.printJson({{QStringLiteral("operations"), list}}) : keysVoice.printLines(lines);
}

}  // namespace cachedeck
