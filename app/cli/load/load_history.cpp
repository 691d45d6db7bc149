// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load/load_history.h"

#include "app/cli/voice.h"
#include "core/base/whole_file.h"
#include "core/base/clock.h"
#include "core/runs/compare.h"
#include "core/runs/reports.h"
#include "core/runs/run_store.h"
#include "core/runs/scorecard.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>

#include <cstdio>

namespace cachedeck {

namespace {

qint64 nowMs() { return SystemClock().now().wallMs; }

constexpr Voice voice("load");

int complain(const Error& error) { return voice.complain(error, error.kind == Error::Kind::Usage || error.kind == Error::Kind::NotFound ? 2 : 1); }

Result<QString> idOf(const runs::RunStore& store, const std::string& words) { return store.find(QString::fromStdString(words), nowMs()); }

Result<std::vector<runs::RunRecord>> recordsOf(const std::vector<std::string>& words) {
  const runs::RunStore store;
  std::vector<runs::RunRecord> records;
  for (const std::string& word : words) {
    const Result<QString> id = idOf(store, word);
    if (!id) return id.error();
    Result<runs::RunRecord> record = store.load(*id);
    if (!record) return record.error();
    records.push_back(std::move(*record));
  }
  return records;
}

int deliver(const QByteArray& text, const std::string& out) {
  if (out.empty()) return voice.print(text);
  const Result<void> written = writeWhole(text, QString::fromStdString(out));
  return written ? 0 : complain(written.error());
}

QByteArray jsonText(const QJsonObject& object) { return QJsonDocument(object).toJson(); }

QString stateWord(const runs::RunSummary& run) {
  if (run.state == runs::RunState::Running) return QStringLiteral("running");
  if (run.state == runs::RunState::Interrupted) return QStringLiteral("interrupted");
  if (run.end == QLatin1String("failed")) return run.end;
  if (!run.limited.isEmpty()) return QStringLiteral("not valid");
  if (run.thresholds == 0) return run.end;
  return run.failedThresholds == 0 ? QStringLiteral("passed") : QStringLiteral("%1 of %2 crossed").arg(run.failedThresholds).arg(run.thresholds);
}

/// What all that change one run share.
int change(const LoadHistoryArguments& arguments, Result<void> (*act)(const runs::RunStore&, const QString&, const LoadHistoryArguments&)) {
  const runs::RunStore store;
  const Result<QString> id = idOf(store, arguments.runs.front());
  if (!id) return complain(id.error());
  const Result<void> done = act(store, *id, arguments);
  return done ? 0 : complain(done.error());
}

}  // namespace

int loadRuns(const LoadHistoryArguments& arguments) {
  const runs::RunList list = runs::RunStore().list(nowMs());
  if (arguments.json) {
    QJsonArray array;
    for (const runs::RunSummary& run : list.runs) array.append(toJson(run));
    printJson({{QStringLiteral("runs"), array}});
  } else {
    std::printf("%-27s %-19s %-18s %9s %10s %10s  %s\n", "run", "begun", "scenario", "req/s", "p95 ms", "errors", "result");
    for (const runs::RunSummary& run : list.runs)
      std::printf("%-27s %-19s %-18s %9.1f %10.2f %10llu  %s%s\n", qPrintable(run.id), qPrintable(QDateTime::fromMSecsSinceEpoch(run.startedMs).toString(QStringLiteral("yyyy-MM-dd hh:mm:ss"))),
                  qPrintable(run.scenario), run.perSecond, run.p95Ms, static_cast<unsigned long long>(run.errors), qPrintable(stateWord(run)), run.pinned ? ", baseline" : "");
  }
  for (const QString& problem : list.problems) voice.say(problem);
  return 0;
}

int loadReport(const LoadHistoryArguments& arguments) {
  const auto records = recordsOf(arguments.runs);
  if (!records) return complain(records.error());
  const runs::RunRecord& record = records->front();
  const std::string format = arguments.json ? "json" : arguments.format;
  if (format == "json") return deliver(jsonText(runs::resultJson(record)), arguments.out);
  if (format == "csv") return deliver(runs::secondsCsv(record), arguments.out);
  if (format == "md") return deliver(runs::markdownReport(record).toUtf8(), arguments.out);
  return deliver(runs::terminalSummary(record).toUtf8(), arguments.out);
}

int loadCompare(const LoadHistoryArguments& arguments) {
  const auto records = recordsOf(arguments.runs);
  if (!records) return complain(records.error());
  const runs::Comparison comparison = runs::compare(*records);
  if (arguments.json || arguments.format == "json") return deliver(jsonText(toJson(comparison)), arguments.out);
  return deliver((arguments.format == "md" ? comparisonMarkdown(comparison) : comparisonText(comparison)).toUtf8(), arguments.out);
}

int loadScorecard(const LoadHistoryArguments& arguments) {
  const auto records = recordsOf(arguments.runs);
  if (!records) return complain(records.error());
  const runs::RunRecord* const before = records->size() > 1 ? &records->front() : nullptr;
  const runs::Scorecard card = runs::scorecard(records->back(), before);
  if (arguments.json || arguments.format == "json") return deliver(jsonText(toJson(card)), arguments.out);
  return deliver((arguments.format == "md" ? scorecardMarkdown(card) : scorecardText(card)).toUtf8(), arguments.out);
}

int loadPin(const LoadHistoryArguments& arguments) {
  return change(arguments, [](const runs::RunStore& store, const QString& id, const LoadHistoryArguments&) { return store.pin(id, nowMs()); });
}

int loadUnpin(const LoadHistoryArguments& arguments) {
  return change(arguments, [](const runs::RunStore& store, const QString& id, const LoadHistoryArguments&) -> Result<void> {
    const Result<runs::RunRecord> record = store.load(id);
    return record ? store.unpin(record->scenario, record->url) : Result<void>(record.error());
  });
}

int loadNote(const LoadHistoryArguments& arguments) {
  return change(arguments, [](const runs::RunStore& store, const QString& id, const LoadHistoryArguments& given) -> Result<void> {
    if (!given.note.empty())
      if (const Result<void> noted = store.setNote(id, QString::fromStdString(given.note), nowMs()); !noted) return noted;
    if (given.tags.empty()) return {};
    QStringList tags;
    for (const std::string& tag : given.tags) tags << QString::fromStdString(tag);
    return store.setTags(id, tags, nowMs());
  });
}

int loadRemove(const LoadHistoryArguments& arguments) {
  return change(arguments, [](const runs::RunStore& store, const QString& id, const LoadHistoryArguments&) { return store.remove(id, nowMs()); });
}

}  // namespace cachedeck
