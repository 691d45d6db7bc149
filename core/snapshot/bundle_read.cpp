// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/snapshot/bundle.h"
#include "core/snapshot/bundle_archive.h"
#include "core/snapshot/bundle_json.h"
#include "core/snapshot/bundle_names.h"
#include "core/snapshot/bundle_pack.h"
#include "core/snapshot/bundle_reason.h"
#include "core/snapshot/bundle_manifest.h"
#include "core/snapshot/facts_json.h"
#include "core/snapshot/journal_json.h"
#include "core/snapshot/manifest_json.h"
#include "core/snapshot/series_csv.h"

namespace cachedeck::snapshot {

namespace {

/// What may still be taken, over all members.
struct Budget {
  qint64 cells, tableValues, runValues, histograms, seconds;
};

/// The memory that a record takes is not that of its JSON: counted before it is made.
Result<void> countRun(const QJsonObject& json, const QString& member, Budget& left) {
  const QJsonObject figures = json[QLatin1String("figures")].toObject();
  left.histograms -= 1 + figures[QLatin1String("steps")].toArray().size();
  left.seconds -= figures[QLatin1String("seconds")][QLatin1String("rows")].toArray().size();
  if (left.histograms >= 0 && left.seconds >= 0) return {};
  return reason(QStringLiteral("up to %1 its load runs have more steps or seconds than are read").arg(member));
}

Result<runs::RunRecord> runFrom(const QByteArray& bytes, const QByteArray& id, Budget& left) {
  const QString member = QString::fromLatin1(memberIn(runsFolder, id));
  const auto json = parsedObject(bytes, member, left.runValues);
  if (!json) return json.error();
  if (auto fits = countRun(*json, member, left); !fits) return fits.error();
  auto run = runs::recordFromJson(*json);
  if (!run) return reason(QStringLiteral("%1: %2").arg(member, run.error().message));
  if (run->id != QLatin1String(id)) return reason(QStringLiteral("the id in %1 is “%2”").arg(member, printable(run->id, 60)));
  return run;
}

/// Puts a value, or passes its error on.
template <typename T, typename List>
Result<void> put(Result<T> read, List& list) {
  if (!read) return read.error();
  list.push_back(std::move(*read));
  return {};
}

Result<void> take(const QByteArray& name, const QByteArray& bytes, Snapshot& snapshot, Budget& left) {
  if (name == journalName) {
    auto entries = journalFromBytes(bytes, left.tableValues);
    if (!entries) return entries.error();
    snapshot.journal = std::move(*entries);
    return {};
  }
  if (const QByteArray group = nameIn(seriesFolder, name); !group.isEmpty()) return put(seriesFromCsv(bytes, group, left.cells), snapshot.series);
  if (const QByteArray id = nameIn(factsFolder, name); !id.isEmpty()) return put(factsFromBytes(bytes, id, left.tableValues), snapshot.facts);
  if (const QByteArray id = nameIn(runsFolder, name); !id.isEmpty()) return put(runFrom(bytes, id, left), snapshot.runs);
  return {};  // whole, and of no use to this version
}

Result<void> takeMembers(const Archive& archive, const Manifest& manifest, const BundleLimits& limits, Snapshot& snapshot) {
  if (const QByteArray stray = unlisted(archive, manifest); !stray.isEmpty()) return reason(QStringLiteral("its member %1 does not stand in its manifest").arg(QString::fromLatin1(stray)));
  Budget left{limits.cells, limits.tableValues, limits.runValues, limits.histograms, limits.seconds};
  for (const Manifest::Member& member : manifest.members) {
    const auto bytes = memberBytes(archive, member);
    if (!bytes) return bytes.error();
    if (auto taken = take(member.name, *bytes, snapshot, left); !taken) return taken;
  }
  if (countsOf(snapshot) != manifest.counts) return reason(QStringLiteral("it does not hold as much as its manifest says"));
  return {};
}

}  // namespace

Result<Snapshot> readBundle(const QString& path, const BundleLimits& limits) {
  const auto archive = Archive::open(path, limits);
  if (!archive) return inFile(path, archive.error());
  const auto manifest = manifestIn(*archive, limits);
  if (!manifest) return inFile(path, manifest.error());
  Snapshot snapshot = beginOf(*manifest);
  if (auto taken = takeMembers(*archive, *manifest, limits, snapshot); !taken) return inFile(path, taken.error());
  return snapshot;
}

Result<Manifest> readManifest(const QString& path, const BundleLimits& limits) {
  const auto archive = Archive::open(path, limits);
  if (!archive) return inFile(path, archive.error());
  auto manifest = manifestIn(*archive, limits);
  if (!manifest) return inFile(path, manifest.error());
  return manifest;
}

}  // namespace cachedeck::snapshot
