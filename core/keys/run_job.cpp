// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/run_job.h"

#include <QFileInfo>

namespace cachedeck::keys {

namespace {

JournalEntry entryOf(const Plan& plan, const Action& action, const RunPlace& place, const QString& user) {
  JournalEntry entry;
  entry.action = action.deletes() ? QStringLiteral("keys.delete") : QStringLiteral("keys.ttl");
  entry.operation = plan.id;
  entry.profile = place.profile;
  entry.where = whereText(place, plan.server, user);
  entry.planDigest = QString::fromLatin1(plan.digest);
  return entry;
}

QString begunText(const QString& action, const QString& selected, const WritePermit& permit) {
  const QString text = action + QStringLiteral(": ") + selected;
  return permit.reason().isEmpty() ? text : text + QStringLiteral(" (%1)").arg(permit.reason());
}

}  // namespace

Run::Run(const Plan& plan, const Action& action, const RunOptions& options, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress,
         const std::stop_token& stop)
    : m_plan(plan), m_action(action), m_options(options), m_place(place), m_permit(permit), m_progress(progress), m_stop(stop), m_lastCall(stop), m_servers(server, permit), m_lanes(permit),
      m_pace(options.page, options.budgetMs, options.keysPerSecond, m_probe),
      m_holdBack(m_servers, {options.replicaLagBytes, options.replicaLagTime}, options.hitRatioDrop, options.holdBack) {
  m_report.id = plan.id;
  m_report.counts.planned = plan.keys;
}

Result<void> Run::journal(const QString& phase, const QString& text) {
  JournalEntry entry = entryOf(m_plan, m_action, m_place, m_servers.entry().user);
  entry.phase = phase;
  entry.counts = m_report.counts.toJson(m_action.deletes());
  entry.outcome = m_report.outcome;
  entry.text = text;
  const Result<JournalEntry> written = m_place.journal.append(entry);
  return written ? Result<void>() : Result<void>(written.error());
}

Result<RunReport> Run::fresh() {
  m_begun = begunText(m_action.text(), m_plan.selector.text(), m_permit);
  if (const Result<void> connected = connect(); !connected) return connected.error();
  if (!m_servers.mark().isSame(m_plan.server))
    return fail(Error::Kind::Permission, QStringLiteral("%1 has restarted or is another server since the plan was made. Make the plan again.").arg(m_plan.server.text()));
  if (const Result<void> may = mayBegin(); !may) return may.error();
  const Result<std::unique_ptr<SpoolReader>> names = SpoolReader::open(m_plan.spoolFile, m_plan.digest);
  if (!names) return names.error();
  QJsonObject plan = m_plan.toJson();
  plan[QLatin1String("action")] = m_action.toJson();
  plan[QLatin1String("undo")] = m_options.undo;
  plan[QLatin1String("options")] = m_options.toJson();
  plan[QLatin1String("profile")] = m_place.profile;
  plan[QLatin1String("environment")] = m_place.environment;
  plan[QLatin1String("lineage")] = m_lineage = m_servers.mark().lineage;  // a failover between the plan and its first page has cost it nothing
  if (const Result<void> room = makeRoom(); !room) return room.error();
  auto log = OperationLog::create(m_place.folder, m_plan.id, m_place.key, plan, m_options.undo ? m_options.undoCap : 0);
  if (!log) return log.error();
  m_log = std::move(*log);
  Result<RunReport> report = carryOut(**names);
  // What never began leaves nothing behind that would have to be resumed.
  if (!report && !m_begins)
    if (const Result<void> removed = removeOperation(m_place.folder, m_plan.id); !removed) return removed.error();
  return report;
}

/// What is too old or too much goes; what can be resumed is kept, and then there may be no room for further images.
Result<void> Run::makeRoom() {
  pruneOperations(m_place.folder, m_place.key, m_place.clock.now().wallMs, std::chrono::milliseconds(imagesKept).count(), imagesTogether);
  pruneSpools(QFileInfo(m_plan.spoolFile).path(), [this](const QString& id) {
    if (id == m_plan.id) return true;
    const Result<ResumePreview> open = previewResume(m_place, id);
    return open || (open.error().kind != Error::Kind::NotFound && open.error().kind != Error::Kind::Usage);
  });
  if (!m_options.undo || operationBytes(m_place.folder) <= imagesTogether) return {};
  return fail(Error::Kind::Busy, QStringLiteral("Operations that can be resumed hold %1 MB of images already, over the %2 MB that all may take. Resume or undo one of them first (cachedeck keys operations), or go without undo.")
                                     .arg(operationBytes(m_place.folder) >> 20).arg(imagesTogether >> 20));
}

Result<RunReport> Run::resumed(const QString& selected, bool torn) {
  m_begun = begunText(m_action.text() + QStringLiteral(", resumed"), selected, m_permit);
  if (const Result<void> connected = connect(); !connected) return connected.error();
  if (!m_servers.mark().isSameSystem(m_plan.server))
    return fail(Error::Kind::Usage, QStringLiteral("The operation %1 was made on %2, not on %3.").arg(m_plan.id, m_plan.server.text(), m_servers.mark().text()));
  if (const Result<void> may = mayBegin(); !may) return may.error();
  const Result<std::unique_ptr<SpoolReader>> names = SpoolReader::open(m_plan.spoolFile, m_plan.digest);
  if (!names) return names.error();
  auto log = OperationLog::resume(m_place.folder, m_plan.id, m_place.key, m_options.undo ? m_options.undoCap : 0);
  if (!log) return log.error();
  m_log = std::move(*log);
  m_torn = torn;
  m_lineage = m_plan.server.lineage;
  return carryOut(**names);
}

Result<RunReport> Run::carryOut(SpoolReader& names) {
  const auto begin = std::chrono::steady_clock::now();
  m_moved = begin;
  m_marks = {{begin, 0}};
  if (const Result<void> begun = journal(QStringLiteral("begin"), m_begun); !begun) return begun.error();
  m_begins = true;
  Result<void> result = m_holdBack.begin(m_stop);
  if (result) result = pages(names);  // also of a new run: then the log has no batch to recover
  m_report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  finish(result);
  QString said = m_begun;
  for (const QString& more : {m_report.reason, m_report.note})
    if (!more.isEmpty()) said += QStringLiteral(" – ") + more;
  if (const Result<void> ended = journal(QStringLiteral("end"), said); !ended) return ended.error();
  return m_report;
}

void Run::tellNotes() {
  QStringList notes;
  if (m_torn) notes += QStringLiteral("The end of the operation's log was damaged and was cut off: what stood there was asked of the server.");
  if (m_goneBefore) {
    const QString what = m_servers.mark().kind == Topology::Kind::Standalone ? QStringLiteral("The server restarted meanwhile") : QStringLiteral("A server restarted meanwhile, or another took its place");
    notes += QStringLiteral("%1; %2 of the keys were gone then.").arg(what).arg(std::max<qint64>(0, m_report.counts.gone - *m_goneBefore));
  }
  m_report.note = notes.join(QLatin1Char(' '));
}

void Run::finish(const Result<void>& result) {
  m_probe.stop();
  m_report.probeP50Ms = m_probe.percentile(0.5);
  m_report.probeP99Ms = m_probe.percentile(0.99);
  m_report.probeMaxMs = m_probe.largestMs();
  m_report.imageBytes = m_log->imageBytes();
  m_report.outcome = result ? QStringLiteral("done") : result.error().isCancelled() ? QStringLiteral("cancelled") : QStringLiteral("failed");
  if (!result && !result.error().isCancelled()) m_report.reason = result.error().message;
  if (result) {
    m_report.counts.kept = m_report.counts.planned - (m_report.counts.handled() - m_report.counts.kept);
    m_progress.set(m_report.counts);
  }
  tellNotes();
  if (!result) return;
  // Only a run that came to its end has one: all others can be resumed.
  Result<void> ended = m_log->addEnd(m_report.toJson(m_action.deletes()));
  if (ended) ended = m_log->sync();
  if (ended) m_plan.forget();
  if (!ended) m_report.reason = ended.error().message;
}

}  // namespace cachedeck::keys
