// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load/load_history.h"

#include "app/cli/load/load_output.h"
#include "app/cli/voice.h"
#include "core/base/whole_file.h"
#include "core/base/clock.h"
#include "core/runs/compare.h"
#include "core/runs/run_outcome.h"
#include "core/runs/run_store.h"
#include "core/runs/scorecard.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>

namespace cachedeck {

namespace {

qint64 nowMs() { return SystemClock().now().wallMs; }

constexpr Voice voice("load");

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
  return written ? 0 : voice.complain(written.error());
}

constexpr LoadForm reportForms[] = {LoadForm::Text, LoadForm::Markdown, LoadForm::Json, LoadForm::Csv};
constexpr LoadForm judgementForms[] = {LoadForm::Text, LoadForm::Markdown, LoadForm::Json};  // of comparisons and scorecards

Result<LoadForm> formOf(const LoadHistoryArguments& arguments, std::span<const LoadForm> offered) {
  return arguments.json ? LoadForm::Json : loadForm(arguments.format, arguments.out, LoadForm::Text, offered);
}

template <typename Told>
QByteArray inForm(LoadForm form, const Told& told, QString (*markdown)(const Told&), QString (*text)(const Told&)) {
  if (form == LoadForm::Json) return QJsonDocument(toJson(told)).toJson();
  return (form == LoadForm::Markdown ? markdown(told) : text(told)).toUtf8();
}

QString listLine(const QString& run, const QString& begun, const QString& scenario, const QString& perSecond, const QString& p95, const QString& errors, const QString& result) {
  return QStringLiteral("%1 %2 %3 %4 %5 %6  %7\n").arg(run.leftJustified(27), begun.leftJustified(19), scenario.leftJustified(18), perSecond.rightJustified(9), p95.rightJustified(10), errors.rightJustified(10), result);
}

QString listLine(const runs::RunSummary& run) {
  return listLine(run.id, QDateTime::fromMSecsSinceEpoch(run.startedMs).toString(QStringLiteral("yyyy-MM-dd hh:mm:ss")), run.scenario, QString::number(run.perSecond, 'f', 1),
                  run.requests > 0 ? QString::number(run.p95Ms, 'f', 2) : QStringLiteral("–"), QString::number(run.errors), outcomeText(run) + (run.pinned ? QStringLiteral(", baseline") : QString()));
}

QJsonObject listJson(const runs::RunSummary& run) {
  QJsonObject json = toJson(run);
  json[QLatin1String("result")] = QString::fromLatin1(outcomeWord(outcomeOf(run)));
  return json;
}

/// What all that change one run share.
int change(const LoadHistoryArguments& arguments, Result<void> (*act)(const runs::RunStore&, const QString&, const LoadHistoryArguments&)) {
  const runs::RunStore store;
  const Result<QString> id = idOf(store, arguments.runs.front());
  if (!id) return voice.complain(id.error());
  const Result<void> done = act(store, *id, arguments);
  return done ? 0 : voice.complain(done.error());
}

}  // namespace

int loadRuns(const LoadHistoryArguments& arguments) {
  const runs::RunList list = runs::RunStore().list(nowMs());
  for (const QString& problem : list.problems) voice.say(problem);
  if (arguments.json) {
    QJsonArray array;
    for (const runs::RunSummary& run : list.runs) array.append(listJson(run));
    return voice.print(jsonLine({{QStringLiteral("runs"), array}}));
  }
  QString lines = listLine(QStringLiteral("run"), QStringLiteral("begun"), QStringLiteral("scenario"), QStringLiteral("req/s"), QStringLiteral("p95 ms"), QStringLiteral("errors"), QStringLiteral("result"));
  for (const runs::RunSummary& run : list.runs) lines += listLine(run);
  return voice.print(lines.toUtf8());
}

int loadReport(const LoadHistoryArguments& arguments) {
  const Result<LoadForm> form = formOf(arguments, reportForms);
  if (!form) return voice.complain(form.error());
  const auto records = recordsOf(arguments.runs);
  if (!records) return voice.complain(records.error());
  return deliver(reportOf(records->front(), *form), arguments.out);
}

int loadCompare(const LoadHistoryArguments& arguments) {
  const Result<LoadForm> form = formOf(arguments, judgementForms);
  if (!form) return voice.complain(form.error());
  const auto records = recordsOf(arguments.runs);
  if (!records) return voice.complain(records.error());
  return deliver(inForm(*form, runs::compare(*records), runs::comparisonMarkdown, runs::comparisonText), arguments.out);
}

int loadScorecard(const LoadHistoryArguments& arguments) {
  const Result<LoadForm> form = formOf(arguments, judgementForms);
  if (!form) return voice.complain(form.error());
  const auto records = recordsOf(arguments.runs);
  if (!records) return voice.complain(records.error());
  const runs::RunRecord* const before = records->size() > 1 ? &records->front() : nullptr;
  return deliver(inForm(*form, runs::scorecard(records->back(), before), runs::scorecardMarkdown, runs::scorecardText), arguments.out);
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
  if (!arguments.note && arguments.tags.empty()) return voice.complain(fail(Error::Kind::Usage, QStringLiteral("Say what to set: --note TEXT, --tag WORD. An empty one (\"\") removes what there is.")));
  return change(arguments, [](const runs::RunStore& store, const QString& id, const LoadHistoryArguments& given) -> Result<void> {
    if (given.note)
      if (const Result<void> noted = store.setNote(id, QString::fromStdString(*given.note), nowMs()); !noted) return noted;
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
