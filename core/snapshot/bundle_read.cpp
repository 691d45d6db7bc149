// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/bundle.h"
#include "core/snapshot/bundle_archive.h"
#include "core/snapshot/bundle_manifest.h"
#include "core/snapshot/bundle_members.h"
#include "core/snapshot/bundle_reason.h"
#include "core/snapshot/manifest_json.h"

namespace cachedeck::snapshot {

namespace {

Result<void> takeMembers(const Archive& archive, const Manifest& manifest, MemberReader& reader) {
  if (const QByteArray stray = unlisted(archive, manifest); !stray.isEmpty()) return reason(QStringLiteral("its member %1 does not stand in its manifest").arg(QString::fromLatin1(stray)));
  for (const Manifest::Member& member : manifest.members) {
    const auto bytes = memberBytes(archive, member);
    if (!bytes) return bytes.error();
    if (auto taken = reader.take(member.name, *bytes); !taken) return taken;
  }
  return reader.checkCounts(manifest);
}

}  // namespace

Result<Snapshot> readBundle(const QString& path, const BundleLimits& limits) {
  const auto archive = Archive::open(path, limits);
  if (!archive) return inFile(path, archive.error());
  const auto manifest = manifestIn(*archive, limits);
  if (!manifest) return inFile(path, manifest.error());
  Snapshot snapshot = beginOf(*manifest);
  MemberReader reader(snapshot, limits);
  if (auto taken = takeMembers(*archive, *manifest, reader); !taken) return inFile(path, taken.error());
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
