// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/bundle.h"
#include "core/snapshot/bundle_archive.h"
#include "core/snapshot/bundle_manifest.h"
#include "core/snapshot/bundle_reason.h"

namespace cachedeck::snapshot {

Result<BundleCheck> verifyBundle(const QString& path, const BundleLimits& limits) {
  const auto archive = Archive::open(path, limits);
  if (!archive) return inFile(path, archive.error());
  const auto manifest = manifestIn(*archive, limits);
  if (!manifest) return inFile(path, manifest.error());
  BundleCheck check;
  check.manifest = *manifest;
  const auto note = [&](const QByteArray& name, const Error& problem) {
    check.members.append({name, problem.message});
    if (check.problem.isEmpty()) check.problem = inFile(path, problem).message;
  };
  for (const Manifest::Member& member : manifest->members) {
    if (const auto bytes = memberBytes(*archive, member); !bytes) note(member.name, bytes.error());
    else check.members.append({member.name, {}});
  }
  if (const QByteArray stray = unlisted(*archive, *manifest); !stray.isEmpty()) note(stray, reason(QStringLiteral("its member %1 does not stand in its manifest").arg(QString::fromLatin1(stray))));
  check.intact = check.problem.isEmpty();
  return check;
}

}  // namespace cachedeck::snapshot
