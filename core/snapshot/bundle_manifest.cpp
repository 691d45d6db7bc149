// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/bundle_manifest.h"

#include "core/snapshot/bundle_names.h"
#include "core/snapshot/bundle_pack.h"
#include "core/snapshot/bundle_reason.h"
#include "core/snapshot/manifest_json.h"

#include <QSet>

namespace cachedeck::snapshot {

Result<Manifest> manifestIn(const Archive& archive, const BundleLimits& limits) {
  const Archive::Member* member = archive.find(manifestName);
  if (!member) return reason(QStringLiteral("it is a zip without %1").arg(QLatin1String(manifestName)), QStringLiteral("Choose a file that Cachedeck saved, *.cdsnap."));
  if (member->size > longestManifest) return reason(QStringLiteral("its %1 is larger than %2").arg(QLatin1String(manifestName), sizeText(longestManifest)));
  const auto bytes = archive.read(*member);
  if (!bytes) return bytes.error();
  // Before the digest: a newer version may keep it elsewhere, and is to be called newer.
  auto manifest = manifestFromBytes(*bytes, limits);
  if (!manifest) return manifest;
  if (archive.comment() != commentHead + sha256Hex(*bytes)) return reason(QStringLiteral("its %1 is not the one that it was saved with (SHA-256)").arg(QLatin1String(manifestName)));
  QSet<QByteArray> names{manifestName};
  for (const Manifest::Member& one : manifest->members) {
    if (names.contains(one.name)) return reason(QStringLiteral("its manifest lists %1 twice").arg(QString::fromLatin1(one.name)));
    names.insert(one.name);
  }
  return manifest;
}

Result<QByteArray> memberBytes(const Archive& archive, const Manifest::Member& member) {
  const QString name = QString::fromLatin1(member.name);
  const Archive::Member* found = archive.find(member.name);
  if (!found) return reason(QStringLiteral("its member %1 is missing").arg(name));
  if (found->size != member.size) return reason(QStringLiteral("its member %1 has %2 bytes, and the manifest says %3").arg(name, QString::number(found->size), QString::number(member.size)));
  auto bytes = archive.read(*found);
  if (bytes && sha256Hex(*bytes) != member.sha256) return reason(QStringLiteral("its member %1 is not the one that was saved (SHA-256)").arg(name));
  return bytes;
}

QByteArray unlisted(const Archive& archive, const Manifest& manifest) {
  QSet<QByteArray> names{manifestName};
  for (const Manifest::Member& one : manifest.members) names.insert(one.name);
  for (const Archive::Member& member : archive.members())
    if (!names.contains(member.name)) return member.name;
  return {};
}

}  // namespace cachedeck::snapshot
