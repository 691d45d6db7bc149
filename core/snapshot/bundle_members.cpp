// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/bundle_members.h"

#include "core/base/text.h"
#include "core/snapshot/bundle_json.h"
#include "core/snapshot/bundle_names.h"
#include "core/snapshot/bundle_reason.h"
#include "core/snapshot/facts_json.h"
#include "core/snapshot/journal_json.h"
#include "core/snapshot/manifest_json.h"
#include "core/snapshot/series_csv.h"

namespace cachedeck::snapshot {

namespace {

/// The memory that a record takes is not that of its JSON: counted before it is made.
Result<void> countRun(const QJsonObject& json, const QString& member, qint64& histograms, qint64& seconds) {
  const QJsonObject figures = json[QLatin1String("figures")].toObject();
  histograms -= 1 + figures[QLatin1String("steps")].toArray().size();
  seconds -= figures[QLatin1String("seconds")][QLatin1String("rows")].toArray().size();
  if (histograms >= 0 && seconds >= 0) return {};
  return reason(QStringLiteral("up to %1 its load runs have more steps or seconds than are read").arg(member));
}

/// Puts a value, or passes its error on.
template <typename T, typename List>
Result<void> put(Result<T> read, List& list) {
  if (!read) return read.error();
  list.push_back(std::move(*read));
  return {};
}

}  // namespace

Result<runs::RunRecord> MemberReader::run(const QByteArray& bytes, const QByteArray& id) {
  const QString member = QString::fromLatin1(memberIn(runsFolder, id));
  const auto json = parsedObject(bytes, member, m_left.runs);
  if (!json) return json.error();
  if (auto fits = countRun(*json, member, m_left.histograms, m_left.seconds); !fits) return fits.error();
  auto run = runs::recordFromJson(*json);
  if (!run) return reason(QStringLiteral("%1: %2").arg(member, run.error().message));
  if (run->id != QLatin1String(id)) return reason(QStringLiteral("the id in %1 is “%2”").arg(member, printable(run->id, 60)));
  return run;
}

Result<void> MemberReader::take(const QByteArray& name, const QByteArray& bytes) {
  if (name == journalName) {
    auto entries = journalFromBytes(bytes, m_left.tables);
    if (!entries) return entries.error();
    m_snapshot.journal = std::move(*entries);
    return {};
  }
  if (const QByteArray group = nameIn(seriesFolder, name); !group.isEmpty()) return put(seriesFromCsv(bytes, group, m_left.cells), m_snapshot.series);
  if (const QByteArray id = nameIn(factsFolder, name); !id.isEmpty()) return put(factsFromBytes(bytes, id, m_left.tables), m_snapshot.facts);
  if (const QByteArray id = nameIn(runsFolder, name); !id.isEmpty()) return put(run(bytes, id), m_snapshot.runs);
  return {};  // whole, and of no use to this version
}

Result<void> MemberReader::checkCounts(const Manifest& manifest) const {
  if (countsOf(m_snapshot) != manifest.counts) return reason(QStringLiteral("it does not hold as much as its manifest says"));
  return {};
}

}  // namespace cachedeck::snapshot
