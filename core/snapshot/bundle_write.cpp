// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/profiles/privatefile.h"
#include "core/snapshot/bundle.h"
#include "core/snapshot/bundle_json.h"
#include "core/snapshot/bundle_names.h"
#include "core/snapshot/bundle_pack.h"
#include "core/snapshot/bundle_reason.h"
#include "core/snapshot/facts_json.h"
#include "core/snapshot/journal_json.h"
#include "core/snapshot/manifest_json.h"
#include "core/snapshot/series_csv.h"

#include <QSet>

namespace cachedeck::snapshot {

namespace {

Error cannot(const QString& clause, const QString& advice = {}) {
  return fail(Error::Kind::Usage, QStringLiteral("The snapshot cannot be saved: %1.").arg(clause) + (advice.isEmpty() ? QString() : QLatin1Char(' ') + advice));
}
Error tooMuch(const QString& clause) { return cannot(clause, QStringLiteral("Take a shorter range.")); }

Error stopped() { return fail(Error::Kind::Cancelled, QStringLiteral("The snapshot was stopped before it was saved.")); }

Result<void> checkAbout(const Snapshot& snapshot) {
  if (!runs::isRunId(snapshot.id)) return cannot(QStringLiteral("“%1” is no id of a snapshot").arg(printable(snapshot.id, 60)));
  if (!isTime(snapshot.takenMs) || !isTime(snapshot.fromMs) || !isTime(snapshot.toMs)) return cannot(QStringLiteral("its times are not from 1970 to 9999"));
  if (snapshot.fromMs > snapshot.toMs) return cannot(QStringLiteral("its range ends before it begins"));
  for (const JournalEntry& entry : snapshot.journal)
    if (entry.sequence < 1 || entry.action.isEmpty() || !isTime(entry.wallMs)) return cannot(QStringLiteral("an entry of its journal has no sequence number, action or time"));
  return {};
}

/// Members by name, once each.
class Members {
 public:
  explicit Members(std::stop_token stop) : m_stop(std::move(stop)) {}
  Result<void> add(const QByteArray& name, QByteArray bytes) {
    if (m_stop.stop_requested()) return stopped();
    if (m_names.contains(name)) return cannot(QStringLiteral("it has two of %1").arg(QString::fromLatin1(name)));
    const BundleLimits limits;
    m_total += bytes.size();
    bool fits = bytes.size() <= limits.memberBytes && m_total <= limits.totalBytes && m_names.size() + 2 <= limits.members;
    if (!nameIn(runsFolder, name).isEmpty()) fits = fits && m_runs.takes(bytes);
    else if (nameIn(seriesFolder, name).isEmpty()) fits = fits && m_tables.takes(bytes);
    if (!fits) return tooMuch(QStringLiteral("with %1 it is larger than a file may be").arg(QString::fromLatin1(name)));
    m_names.insert(name);
    m_list.push_back({name, std::move(bytes)});
    return {};
  }
  std::vector<NewMember>& list() { return m_list; }

 private:
  const std::stop_token m_stop;
  std::vector<NewMember> m_list;
  QSet<QByteArray> m_names;
  qint64 m_total = 0;
  JsonRoom m_tables = BundleLimits().tables, m_runs = BundleLimits().runs;
};

Result<void> addSeries(const Snapshot& snapshot, Members& members) {
  qint64 cells = 0;
  for (const SeriesGroup& group : snapshot.series) {
    if (const QString fault = groupFault(group); !fault.isEmpty()) return cannot(QStringLiteral("the series of %1: %2").arg(printable(group.name, 60), fault));
    cells += static_cast<qint64>(group.timesMs.size() * (group.columns.size() + 1));
    if (cells > BundleLimits().cells) return tooMuch(QStringLiteral("its series have more than %1 values").arg(BundleLimits().cells));
    if (auto added = members.add(memberIn(seriesFolder, group.name), seriesCsv(group)); !added) return added;
  }
  return {};
}

Result<void> addFacts(const Snapshot& snapshot, Members& members) {
  for (const FactTable& table : snapshot.facts) {
    if (const QString fault = factsFault(table); !fault.isEmpty()) return cannot(QStringLiteral("the table %1: %2").arg(printable(table.id, 60), fault));
    if (auto added = members.add(memberIn(factsFolder, table.id.toLatin1()), factsBytes(table)); !added) return added;
  }
  return {};
}

Result<void> addRuns(const Snapshot& snapshot, Members& members) {
  qint64 histograms = 0, seconds = 0;
  for (const runs::RunRecord& run : snapshot.runs) {
    if (!runs::isRunId(run.id)) return cannot(QStringLiteral("“%1” is no id of a load run").arg(printable(run.id, 60)));
    histograms += 1 + static_cast<qint64>(run.figures.steps.size());
    seconds += static_cast<qint64>(run.figures.seconds.size());
    if (histograms > BundleLimits().histograms || seconds > BundleLimits().seconds) return tooMuch(QStringLiteral("its load runs have more steps or seconds than fit"));
    if (auto added = members.add(memberIn(runsFolder, run.id.toLatin1()), QJsonDocument(runs::toJson(run)).toJson(QJsonDocument::Compact) + '\n'); !added) return added;
  }
  return {};
}

Result<void> addAll(const Snapshot& snapshot, Members& members) {
  if (auto good = checkAbout(snapshot); !good) return good;
  if (auto added = addSeries(snapshot, members); !added) return added;
  if (auto added = addFacts(snapshot, members); !added) return added;
  if (auto added = members.add(journalName, journalBytes(snapshot.journal)); !added) return added;
  return addRuns(snapshot, members);
}

}  // namespace

Result<QByteArray> encodeBundle(const Snapshot& snapshot, const std::stop_token& stop) {
  Members members(stop);
  if (auto added = addAll(snapshot, members); !added) return added.error();
  Manifest manifest = manifestOf(snapshot);
  for (const NewMember& member : members.list()) manifest.members.append({member.name, member.bytes.size(), sha256Hex(member.bytes)});
  QByteArray first = manifestBytes(manifest);
  if (first.size() > longestManifest) return cannot(QStringLiteral("its note and the list of what is missing are longer than %1").arg(sizeText(longestManifest)), QStringLiteral("Shorten the note."));
  members.list().insert(members.list().begin(), {manifestName, std::move(first)});
  auto bytes = packed(members.list(), stop);
  if (bytes && bytes->size() > BundleLimits().fileBytes) return tooMuch(QStringLiteral("the file would have %1; at most %2 are read again").arg(sizeText(bytes->size()), sizeText(BundleLimits().fileBytes)));
  return bytes;
}

Result<void> writeBundle(const Snapshot& snapshot, const QString& path, const std::stop_token& stop) {
  const auto bytes = encodeBundle(snapshot, stop);
  if (!bytes) return bytes.error();
  if (stop.stop_requested()) return stopped();
  if (auto written = writePrivateFile(path, *bytes); !written)
    return fail(written.error().kind, written.error().message + QStringLiteral(" Make room, or choose another folder."));
  return {};
}

}  // namespace cachedeck::snapshot
