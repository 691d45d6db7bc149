// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_verbs.h"
#include "core/keys/undo.h"
#include "core/metrics/format.h"

#include <QDateTime>
#include <QJsonArray>

#include <algorithm>
#include <cstdio>

namespace cachedeck {

using namespace keys;

namespace {

/// The operation that is meant: by its id, or the newest of those that `fits`.
Result<QString> chosen(const KeysArguments& arguments, KeysSession& session, const char* verb, bool (*fits)(const OperationRow&)) {
  const QList<OperationRow> rows = operations(session.place().folder, session.place().key);
  if (!arguments.id.empty()) {
    const QString id = QString::fromStdString(arguments.id);
    if (std::ranges::any_of(rows, [&](const OperationRow& row) { return row.id == id; })) return id;
    return fail(Error::Kind::NotFound, QStringLiteral("There is no operation %1. `cachedeck keys operations` lists them.").arg(id.left(80)));
  }
  if (!arguments.last) return fail(Error::Kind::Usage, QStringLiteral("Say which operation: its id, or --last."));
  const auto found = std::ranges::find_if(rows, fits);
  if (found != rows.end()) return found->id;
  return fail(Error::Kind::NotFound, QStringLiteral("There is no operation to %1.").arg(QString::fromLatin1(verb)));
}

Result<WritePermit> permitted(const KeysArguments& arguments, KeysSession& session, const QString& what) {
  if (!arguments.unlock.empty())
    if (const Result<void> unlocked = session.guard().unlock(QString::fromStdString(arguments.unlock), session.clock()); !unlocked) return unlocked.error();
  if (!arguments.yes && arguments.confirm.empty()) return fail(Error::Kind::Usage, QStringLiteral("Add --yes to %1.").arg(what));
  return session.guard().permit(what, session.clock());
}

}  // namespace

int keysUndo(const KeysArguments& arguments, KeysSession& session) {
  RunProgress progress;
  return runBeside([&](const std::stop_token& stop) {
    const Result<QString> id = chosen(arguments, session, "undo", [](const OperationRow& row) { return row.undoable; });
    if (!id) return complainKeys(id.error());
    const Result<WritePermit> permit = permitted(arguments, session, QStringLiteral("undo %1").arg(*id));
    if (!permit) return complainKeys(permit.error());
    const Result<UndoReport> report = undoOperation(*id, session.redis(), *permit, session.place(), progress, stop);
    if (!report) return complainKeys(report.error());
    if (arguments.json)
      printJson(report->toJson());
    else
      std::printf("%s: %lld of %lld keys are again as they were, %lld made anew meanwhile and left, %lld would have expired, %lld refused (%s)\n%s", qPrintable(report->outcome),
                  static_cast<long long>(report->restored), static_cast<long long>(report->images), static_cast<long long>(report->kept), static_cast<long long>(report->expired),
                  static_cast<long long>(report->refused), qPrintable(formatValue(report->seconds, Unit::Seconds)), report->reason.isEmpty() ? "" : qPrintable(report->reason + QLatin1Char('\n')));
    return report->outcome == QLatin1String("done") && report->refused == 0 ? 0 : 1;
  });
}

int keysResume(const KeysArguments& arguments, KeysSession& session) {
  RunProgress progress;
  return runBeside(
      [&](const std::stop_token& stop) {
        const Result<QString> id = chosen(arguments, session, "resume", [](const OperationRow& row) { return !row.ended; });
        if (!id) return complainKeys(id.error());
        const Result<WritePermit> permit = permitted(arguments, session, QStringLiteral("resume %1").arg(*id));
        if (!permit) return complainKeys(permit.error());
        const Result<RunReport> report = resumeRun(*id, arguments.runOptions(), session.redis(), *permit, session.place(), progress, stop);
        progressLine({});
        if (!report) return complainKeys(report.error());
        if (arguments.json)
          printJson(report->toJson(true));
        else
          std::printf("%s: %lld of %lld keys done, %lld already gone, %lld written by others, %lld refused\n%s", qPrintable(report->outcome), static_cast<long long>(report->counts.done),
                      static_cast<long long>(report->counts.planned), static_cast<long long>(report->counts.gone), static_cast<long long>(report->counts.changed),
                      static_cast<long long>(report->counts.refused), report->reason.isEmpty() ? "" : qPrintable(report->reason + QLatin1Char('\n')));
        return report->outcome == QLatin1String("done") && report->counts.refused == 0 ? 0 : 1;
      },
      [&] { progressLine(QStringLiteral("%1 of %2 keys").arg(progress.counts().handled()).arg(progress.counts().planned)); });
}

int keysOperations(const KeysArguments& arguments, KeysSession& session) {
  const QList<OperationRow> rows = operations(session.place().folder, session.place().key);
  QJsonArray list;
  for (const OperationRow& row : rows) {
    const char* state = row.ended ? (row.undos > 0 ? "undone" : row.undoable ? "done, can be undone" : "done") : "interrupted, can be resumed";
    if (arguments.json)
      list.append(QJsonObject{{QStringLiteral("id"), row.id}, {QStringLiteral("created_ms"), row.createdMs}, {QStringLiteral("profile"), row.profile}, {QStringLiteral("where"), row.where},
                              {QStringLiteral("action"), row.action}, {QStringLiteral("selected"), row.selected}, {QStringLiteral("planned"), row.planned}, {QStringLiteral("ended"), row.ended},
                              {QStringLiteral("undoable"), row.undoable}, {QStringLiteral("undos"), row.undos}, {QStringLiteral("bytes"), row.bytes}});
    else
      std::printf("%s  %s  %s  %lld keys  %s: %s  (%s)\n", qPrintable(row.id), qPrintable(QDateTime::fromMSecsSinceEpoch(row.createdMs).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"))),
                  qPrintable(row.where), static_cast<long long>(row.planned), qPrintable(row.action), qPrintable(row.selected), state);
  }
  if (arguments.json) printJson({{QStringLiteral("operations"), list}});
  else if (rows.isEmpty()) std::puts("There are no operations.");
  return 0;
}

}  // namespace cachedeck
