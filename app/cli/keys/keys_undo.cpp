// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_ask.h"
#include "app/cli/keys/keys_verbs.h"
#include "core/keys/undo.h"
#include "core/metrics/format.h"

#include <QJsonArray>

#include <cstdio>

namespace cachedeck {

using namespace keys;

namespace {

QString age(qint64 ms) { return formatDuration(static_cast<double>(ms) / 1000); }
/// The operation that is meant: by its id, or the newest of this profile and server that fits.
Result<QString> chosen(const KeysArguments& arguments, KeysSession& session, const char* verb, OperationFilter filter, const std::stop_token& stop) {
  if (!arguments.id.empty()) return QString::fromStdString(arguments.id);
  if (!arguments.last) return fail(Error::Kind::Usage, QStringLiteral("Say which operation: its id, or --last."));
  // Any node stands for its cluster. A server that does not answer is known by its address alone.
  if (RedisConnection connection(session.redis()); connection.open(stop))
    if (const Result<ServerMark> mark = askServer(connection, stop)) filter.system = *mark;
  const Result<OperationRow> row = lastOperation(session.place(), filter);
  if (row) return row->id;
  if (row.error().kind != Error::Kind::NotFound) return row.error();
  return fail(Error::Kind::NotFound, QStringLiteral("There is no operation to %1 of the profile “%2” on %3 db %4. `cachedeck keys operations` lists those of all.")
                                         .arg(QString::fromLatin1(verb), filter.profile, filter.endpoint).arg(session.redis().database));
}

Error named(const KeysArguments& arguments, const Error& error) {
  if (error.kind != Error::Kind::NotFound || arguments.id.empty()) return error;
  return fail(Error::Kind::NotFound, QStringLiteral("There is no operation %1. `cachedeck keys operations` lists them.").arg(QString::fromStdString(arguments.id).left(80)));
}

/// What would go on, or be undone: the only answer of a dry run.
template <typename Preview>
int show(const KeysArguments& arguments, const Preview& preview, const QStringList& lines) {
  return arguments.json ? keysVoice.printJson(preview.toJson()) : keysVoice.printLines(lines);
}

/// For whoever reads along; a person who is asked sees it with the question.
void tell(const KeysArguments& arguments, const QStringList& lines) {
  if (arguments.json || asksOnTerminal(arguments)) return;
  for (const QString& line : lines) std::fprintf(stderr, "%s\n", qPrintable(line));
}

QString damaged() { return QStringLiteral("the log of this operation is damaged at its end: what stood there is not known any more"); }

QStringList linesOf(const UndoPreview& preview) {
  QStringList lines{QStringLiteral("%1: %2, %3, made %4 ago on %5").arg(preview.id, preview.action, preview.selected, age(preview.ageMs), preview.where),
                    QStringLiteral("to be put back: %1 keys, %2 of images").arg(preview.keys).arg(bytesText(preview.bytes))};
  if (preview.undos > 0) lines << QStringLiteral("it was undone %1 times before: what is there is left as it is").arg(preview.undos);
  if (preview.torn) lines << damaged();
  return lines;
}

QStringList linesOf(const ResumePreview& preview, const RunOptions& options) {
  QString how = options.undo ? QStringLiteral("with images for undo, at most %1").arg(bytesText(options.undoCap)) : QStringLiteral("without undo");
  if (options.budgetMs > 0) how += QStringLiteral(", a budget of %1 ms").arg(options.budgetMs);
  if (options.keysPerSecond > 0) how += QStringLiteral(", %1 keys/s at most").arg(options.keysPerSecond);
  QStringList lines{QStringLiteral("%1: %2, %3, planned %4 ago on %5").arg(preview.id, preview.action, preview.selected, age(preview.ageMs), preview.where),
          QStringLiteral("remaining: %1 of %2 keys (%3 settled), %4").arg(preview.remaining).arg(preview.planned).arg(preview.settled).arg(how)};
  if (preview.torn) lines << damaged();
  return lines;
}

/// The outcome, then the reason of a failure and what else should be known, one a line.
QStringList linesOf(const QString& outcome, const QString& reason, const QString& note) {
  QStringList lines{outcome};
  for (const QString& words : {reason, note})
    if (!words.isEmpty()) lines << words;
  return lines;
}

QStringList linesOf(const UndoReport& report) {
  return linesOf(QString::asprintf("%s: %lld of %lld keys are again as they were, %lld made anew meanwhile and left, %lld would have expired, %lld refused (%s)", qUtf8Printable(report.outcome),
                                   static_cast<long long>(report.restored), static_cast<long long>(report.images), static_cast<long long>(report.kept), static_cast<long long>(report.expired),
                                   static_cast<long long>(report.refused), qUtf8Printable(formatValue(report.seconds, Unit::Seconds))),
                 report.reason, report.note);
}

QStringList linesOf(const RunReport& report, bool deletes) {
  return linesOf(QString::asprintf("%s: %lld of %lld keys %s, %lld already gone, %lld written by others, %lld refused, %lld left as they are", qUtf8Printable(report.outcome),
                                   static_cast<long long>(report.counts.done), static_cast<long long>(report.counts.planned), deletes ? "deleted" : "changed", static_cast<long long>(report.counts.gone),
                                   static_cast<long long>(report.counts.changed), static_cast<long long>(report.counts.refused), static_cast<long long>(report.counts.kept)),
                 report.reason, report.note);
}

int undo(const KeysArguments& arguments, KeysSession& session, RunProgress& progress, const std::stop_token& stop) {
  OperationFilter filter = session.ownOperations();
  filter.undoable = true;
  const Result<QString> id = chosen(arguments, session, "undo", filter, stop);
  if (!id) return complainKeys(id.error());
  const Result<UndoPreview> preview = previewUndo(session.place(), *id);
  if (!preview) return complainKeys(named(arguments, preview.error()));
  const QStringList lines = linesOf(*preview);
  if (arguments.dryRun) return show(arguments, *preview, lines);
  tell(arguments, lines);
  session.takeUp(preview->owner());
  const KeysQuestion question{QStringLiteral("Undo %1").arg(*id), preview->keys, lines};
  const Result<WritePermit> permit = permitAfterConsent(arguments, session, question, [&](const QString& typed) { return session.guard().permitUndo(*preview, typed, session.clock()); });
  if (!permit) return complainKeys(permit.error());
  UndoOptions options;
  options.budgetMs = arguments.budgetMs.value_or(0);
  options.keysPerSecond = arguments.rate.value_or(0);
  const Result<UndoReport> report = undoOperation(*id, options, session.redis(), *permit, session.place(), progress, stop);
  progressLine({});
  if (!report) return complainKeys(report.error());
  const int printed = arguments.json ? keysVoice.printJson(report->toJson()) : keysVoice.printLines(linesOf(*report));
  return report->outcome == QLatin1String("done") && report->refused == 0 ? printed : 1;
}

/// What an operation does, so that its counts have their names.
bool deletes(const KeysSession& session, const QString& id) {
  const RunPlace place = session.place();
  const Result<OperationSummary> summary = readOperation(place.folder, id, place.key);
  const Result<Action> action = summary ? Action::fromJson(summary->plan[QLatin1String("action")].toObject()) : Result<Action>(summary.error());
  return !action || action->deletes();
}

int resume(const KeysArguments& arguments, KeysSession& session, RunProgress& progress, const std::stop_token& stop) {
  OperationFilter filter = session.ownOperations();
  filter.resumable = true;
  const Result<QString> id = chosen(arguments, session, "resume", filter, stop);
  if (!id) return complainKeys(id.error());
  const Result<ResumePreview> preview = previewResume(session.place(), *id);
  if (!preview) return complainKeys(named(arguments, preview.error()));
  const RunOptions options = arguments.runOptions(preview->options);
  const QStringList lines = linesOf(*preview, options);
  if (arguments.dryRun) return show(arguments, *preview, lines);
  tell(arguments, lines);
  session.takeUp(preview->owner());
  const KeysQuestion question{QStringLiteral("Go on with %1").arg(*id), preview->remaining, lines};
  const Result<WritePermit> permit = permitAfterConsent(arguments, session, question, [&](const QString& typed) { return session.guard().permitResume(*preview, typed, session.clock()); });
  if (!permit) return complainKeys(permit.error());
  const bool removes = deletes(session, *id);
  const Result<RunReport> report = resumeRun(*id, options, session.redis(), *permit, session.place(), progress, stop);
  progressLine({});
  if (!report) return complainKeys(report.error());
  const int printed = arguments.json ? keysVoice.printJson(report->toJson(removes)) : keysVoice.printLines(linesOf(*report, removes));
  return report->outcome == QLatin1String("done") && report->counts.refused == 0 ? printed : 1;
}

void showCounts(const RunProgress& progress) { progressLine(QStringLiteral("%1 of %2 keys").arg(progress.counts().handled()).arg(progress.counts().planned)); }

}  // namespace

int keysUndo(const KeysArguments& arguments, KeysSession& session) {
  RunProgress progress;
  return runBeside([&](const std::stop_token& stop) { return undo(arguments, session, progress, stop); }, [&] { showCounts(progress); });
}

int keysResume(const KeysArguments& arguments, KeysSession& session) {
  RunProgress progress;
  return runBeside([&](const std::stop_token& stop) { return resume(arguments, session, progress, stop); }, [&] { showCounts(progress); });
}

}  // namespace cachedeck
