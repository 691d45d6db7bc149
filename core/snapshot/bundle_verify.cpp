// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/bundle.h"
#include "core/snapshot/bundle_archive.h"
#include "core/snapshot/bundle_manifest.h"
#include "core/snapshot/bundle_members.h"
#include "core/snapshot/bundle_names.h"
#include "core/snapshot/bundle_reason.h"
#include "core/snapshot/manifest_json.h"

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
  Snapshot snapshot = beginOf(*manifest);
  MemberReader reader(snapshot, limits);
  for (const Manifest::Member& member : manifest->members) {
    const auto bytes = memberBytes(*archive, member);
    const Result<void> read = bytes ? reader.take(member.name, *bytes) : Result<void>(bytes.error());
    if (!read) note(member.name, read.error());
    else check.members.append({member.name, {}});
  }
  if (const QByteArray stray = unlisted(*archive, *manifest); !stray.isEmpty()) note(stray, reason(QStringLiteral("its member %1 does not stand in its manifest").arg(QString::fromLatin1(stray))));
  if (const Result<void> counted = reader.checkCounts(*manifest); check.problem.isEmpty() && !counted) note(manifestName, counted.error());
  check.intact = check.problem.isEmpty();
  return check;
}

}  // namespace cachedeck::snapshot
