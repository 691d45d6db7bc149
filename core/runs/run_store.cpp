// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/run_store.h"

#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/journal/journal.h"
#include "core/profiles/privatefile.h"

#include <QDir>
#include <QFile>

#include <algorithm>

namespace cachedeck::runs {

namespace {

constexpr qsizetype longestNote = 4000;

Error noSuchRun(const QString& words) {
  return fail(Error::Kind::NotFound, QStringLiteral("There is no run “%1”. “cachedeck load runs” lists them.").arg(printable(words, 80)));
}

QStringList idsIn(const QString& folder) {
  QStringList ids;
  for (QString name : QDir(folder).entryList({QStringLiteral("*.json")}, QDir::Files | QDir::Hidden, QDir::Name | QDir::Reversed)) {
    name.chop(5);
    if (isRunId(name)) ids.append(name);
  }
  return ids;
}

/// "last" → 0, "last-2" → 2; -1: something else.
int stepsBack(const QString& words) {
  if (words == QLatin1String("last")) return 0;
  bool whole = false;
  const int steps = words.startsWith(QLatin1String("last-")) ? words.mid(5).toInt(&whole) : -1;
  return whole && steps >= 0 ? steps : -1;
}

}  // namespace

QString RunStore::defaultFolder() { return stateDirectory() + QStringLiteral("/runs"); }

Result<void> RunStore::save(const RunRecord& record) const {
  if (!isRunId(record.id)) return fail(Error::Kind::Usage, QStringLiteral("“%1” is no id of a run.").arg(printable(record.id, 60)));
  const auto bytes = encoded(record);
  if (!bytes) return bytes.error();
  if (auto folder = makePrivateFolder(m_folder); !folder) return folder.error();
  return writePrivateFile(fileOf(record.id), *bytes);
}

Result<RunRecord> RunStore::load(const QString& id) const {
  if (!isRunId(id)) return noSuchRun(id);
  auto record = readRunFile(fileOf(id));
  if (!record) return record.error().kind == Error::Kind::NotFound ? noSuchRun(id) : record.error();
  return record;
}

Result<RunSummary> RunStore::summary(const QString& id, qint64 nowMs) const {
  if (!isRunId(id)) return noSuchRun(id);
  auto summary = readRunSummary(fileOf(id), nowMs);
  if (!summary && summary.error().kind == Error::Kind::NotFound) return noSuchRun(id);
  return summary;
}

RunList RunStore::list(qint64 nowMs) const {
  RunList list;
  QStringList pinned;
  if (const auto all = pins()) {
    for (const Pin& pin : *all) pinned.append(pin.run);
  } else {
    list.problems.append(all.error().message);
  }
  for (const QString& id : idsIn(m_folder)) {
    auto summary = readRunSummary(fileOf(id), nowMs);
    if (!summary) {
      if (summary.error().kind != Error::Kind::NotFound) list.problems.append(summary.error().message);  // else it was removed meanwhile
      continue;
    }
    summary->id = id;  // a copied file is the run of its name
    summary->pinned = pinned.contains(id);
    list.runs.append(std::move(*summary));
  }
  return list;
}

Result<QString> RunStore::find(const QString& words, qint64 nowMs) const {
  const QStringList ids = idsIn(m_folder);
  if (const int back = stepsBack(words); back >= 0) return back < ids.size() ? Result<QString>(ids[back]) : noSuchRun(words);
  if (ids.contains(words)) return words;
  const QStringList begin = words.isEmpty() || !words.at(0).isDigit() ? QStringList() : ids.filter(QRegularExpression(QLatin1Char('^') + QRegularExpression::escape(words)));
  if (begin.size() == 1) return begin.first();
  if (begin.size() > 1) return fail(Error::Kind::Usage, QStringLiteral("%1 runs begin with “%2”. Write more of the id.").arg(begin.size()).arg(printable(words, 60)));
  const RunList all = list(nowMs);
  const bool pinned = words == QLatin1String("@baseline");  // no scenario can be called so: one is called "baseline"
  const auto found = std::ranges::find_if(all.runs, [&](const RunSummary& run) { return pinned ? run.pinned : run.scenario == words; });
  if (found != all.runs.end()) return found->id;
  if (pinned) return fail(Error::Kind::NotFound, QStringLiteral("No run is pinned as a baseline."));
  if (words == QLatin1String("baseline")) return fail(Error::Kind::NotFound, QStringLiteral("There is no run of the scenario “baseline”. “@baseline” is the pinned one."));
  return noSuchRun(words);
}

Result<void> RunStore::underFolderLock(const std::function<Result<void>()>& change) const {
  if (auto folder = makePrivateFolder(m_folder); !folder) return folder.error();
  return underLock(pinFile(), change);
}

Result<void> RunStore::edit(const QString& id, qint64 nowMs, const QStringList& value, Change change) const {
  return underFolderLock([&]() -> Result<void> {
    auto record = load(id);
    if (!record) return record.error();
    if (stateOf(record->partial, record->writer, nowMs) == RunState::Running)
      return fail(Error::Kind::Busy, QStringLiteral("Run %1 still goes on, and what is written now would be lost. Try again when it has ended.").arg(id));
    change(*record, value);
    return save(*record);
  });
}

Result<void> RunStore::setNote(const QString& id, const QString& note, qint64 nowMs) const {
  if (note.size() > longestNote) return fail(Error::Kind::Usage, QStringLiteral("The note has %1 characters; at most %2 are kept.").arg(note.size()).arg(longestNote));
  return edit(id, nowMs, {note}, [](RunRecord& record, const QStringList& value) { record.note = value.first(); });
}

Result<void> RunStore::setTags(const QString& id, const QStringList& tags, qint64 nowMs) const {
  return edit(id, nowMs, tags, [](RunRecord& record, const QStringList& value) { record.tags = cleanTags(value); });
}

Result<void> RunStore::remove(const QString& id, qint64 nowMs) const {
  if (!isRunId(id) || !QFile::exists(fileOf(id))) return noSuchRun(id);
  const auto found = summary(id, nowMs);  // one that cannot be read can still be removed
  if (found && found->state == RunState::Running) return fail(Error::Kind::Busy, QStringLiteral("Run %1 still goes on. Stop it first.").arg(id));
  return underFolderLock([&]() -> Result<void> {
    const auto all = pins();
    if (!all) return all.error();
    QList<Pin> kept = *all;
    kept.removeIf([&id](const Pin& pin) { return pin.run == id; });
    if (kept.size() != all->size())
      if (auto written = writePins(kept); !written) return written;
    QFile file(fileOf(id));
    if (file.remove()) return {};
    return fail(Error::Kind::Io, QStringLiteral("%1 could not be removed: %2.").arg(file.fileName(), file.errorString()));
  });
}

}  // namespace cachedeck::runs
