// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/k6_exit.h"

#include "core/base/redactor.h"
#include "core/base/text.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <sys/wait.h>

namespace cachedeck::runs {

using load::RunFigures;

namespace {

struct ExitRow {
  int code;
  RunFigures::End end;
  const char* text;  ///< of a failure: what happened
};

// k6's errext/exitcodes. What is not here failed in a way that k6 does not name.
constexpr ExitRow exits[] = {
    {0, RunFigures::End::Completed, ""},
    {k6ThresholdsCrossed, RunFigures::End::Completed, ""},
    {100, RunFigures::End::Failed, "The script's setup took too long."},
    {101, RunFigures::End::Failed, "The script's teardown took too long."},
    {103, RunFigures::End::Stopped, ""},
    {104, RunFigures::End::Failed, "k6 refused the script's options or the scenario."},
    {105, RunFigures::End::Stopped, ""},
    {106, RunFigures::End::Failed, "k6 could not listen on the port of its own interface. Is another k6 running?"},
    {107, RunFigures::End::Failed, "The script threw an exception."},
    {108, RunFigures::End::Stopped, ""},
    {109, RunFigures::End::Failed, "k6 crashed."},
    {110, RunFigures::End::Failed, "The script marked the run as failed."},
};

// "time=… level=error msg=\"…\" hint=…": the message is quoted as in Go, which JSON reads where it is plain.
QString messageOf(const QByteArray& line) {
  const qsizetype at = line.indexOf("msg=\"");
  if (at < 0) return printable(line, 300);
  qsizetype end = at + 5;
  while (end < line.size() && line[end] != '"') end += line[end] == '\\' ? 2 : 1;
  const QByteArray quoted = line.mid(at + 4, end - at - 3);
  const QString text = QJsonDocument::fromJson('[' + quoted + ']')[0].toString();
  return printable(text.isEmpty() ? QString::fromUtf8(quoted) : text.simplified(), 300);
}

bool abortedByThreshold(const QByteArray& log) { return log.contains("abortOnFail enabled, stopping test prematurely"); }

}  // namespace

QString k6Reason(const QByteArray& log) {
  QStringList errors, all;
  for (const QByteArray& line : log.split('\n')) {
    if (line.trimmed().isEmpty()) continue;
    all.append(printable(line.trimmed(), 300));
    if (line.contains("level=error") || line.contains("level=fatal")) errors.append(messageOf(line));
  }
  const QStringList& told = errors.isEmpty() ? all : errors;
  return redact(told.mid(std::max<qsizetype>(0, told.size() - 3)).join(QLatin1Char(' ')));
}

void takeK6Exit(int status, bool askedToStop, const QByteArray& log, RunFigures& figures) {
  figures.state = RunFigures::State::Ended;
  if (WIFSIGNALED(status)) {
    figures.end = askedToStop ? RunFigures::End::Stopped : RunFigures::End::Failed;
    if (!askedToStop) figures.problem = QStringLiteral("k6 was ended by signal %1. %2").arg(WTERMSIG(status)).arg(k6Reason(log)).trimmed().toStdString();
    return;
  }
  const int code = WEXITSTATUS(status);
  const auto* const row = std::ranges::find(exits, code, &ExitRow::code);
  figures.end = row == std::end(exits) ? RunFigures::End::Failed : row->end;
  if (code == k6ThresholdsCrossed && abortedByThreshold(log)) figures.end = RunFigures::End::ThresholdAborted;
  // Which one was crossed stands in the summary; without one its exit code is all that is known.
  if (code == k6ThresholdsCrossed && figures.thresholdsPassed()) figures.thresholds.push_back({"k6", "exit code 99: a threshold was crossed", false, false});
  if (figures.end != RunFigures::End::Failed) return;
  const QString what = row == std::end(exits) ? QStringLiteral("k6 ended with exit code %1.").arg(code) : QString::fromLatin1(row->text);
  figures.problem = QStringLiteral("%1 %2").arg(what, k6Reason(log)).trimmed().toStdString();
}

}  // namespace cachedeck::runs
