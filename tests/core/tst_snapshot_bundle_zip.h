// SPDX-License-Identifier: GPL-3.0-or-later
// Files as somebody with bad intent, or another program, would make them.
#pragma once

#include "core/snapshot/bundle_archive.h"
#include "core/snapshot/bundle_pack.h"
#include "tests/core/tst_snapshot_bundle_support.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QtEndian>

#include <functional>
#include <zip.h>

namespace cachedeck::test {

using snapshot::NewMember;

/// The members of a good bundle, without its manifest; it is made anew by zipped().
struct Parts {
  QJsonObject manifest;
  std::vector<NewMember> members;

  QByteArray& operator[](const QByteArray& name) {
    for (NewMember& member : members)
      if (member.name == name) return member.bytes;
    members.push_back({name, {}});
    return members.back().bytes;
  }
  void remove(const QByteArray& name) { std::erase_if(members, [&](const NewMember& member) { return member.name == name; }); }
};

inline Parts goodParts() {
  const QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("good"));
  Parts parts;
  if (!snapshot::writeBundle(snapshotSample(), path).ok()) qFatal("no sample");
  const auto archive = snapshot::Archive::open(path, {});
  for (const auto& member : archive->members()) {
    const QByteArray bytes = *archive->read(member);
    if (member.name == "manifest.json") parts.manifest = QJsonDocument::fromJson(bytes).object();
    else parts.members.push_back({member.name, bytes});
  }
  return parts;
}

inline QJsonArray listOf(const std::vector<NewMember>& members) {
  QJsonArray list;
  for (const NewMember& member : members)
    list.append(QJsonObject{{QStringLiteral("name"), QString::fromUtf8(member.name)}, {QStringLiteral("size"), member.bytes.size()}, {QStringLiteral("sha256"), QString::fromLatin1(snapshot::sha256Hex(member.bytes))}});
  return list;
}

/// A zip whose digests are right, whatever its members hold; `edit` changes the manifest at the end.
inline QByteArray zipped(const Parts& parts, const std::function<void(QJsonObject&)>& edit = {}) {
  QJsonObject manifest = parts.manifest;
  manifest[QLatin1String("members")] = listOf(parts.members);
  if (edit) edit(manifest);
  std::vector<NewMember> all{{"manifest.json", QJsonDocument(manifest).toJson()}};
  all.insert(all.end(), parts.members.begin(), parts.members.end());
  return *snapshot::packed(all);
}

/// A zip that `change` was done to by libzip.
inline QByteArray changed(const QByteArray& zip, const std::function<void(zip_t*)>& change) {
  const QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("zip"));
  if (!setContent(path, zip)) qFatal("no zip");
  zip_t* archive = zip_open(path.toLocal8Bit().constData(), 0, nullptr);
  change(archive);
  if (zip_close(archive) != 0) qFatal("%s", zip_strerror(archive));
  return contentOf(path);
}

inline zip_uint64_t indexOf(zip_t* archive, const char* name) { return static_cast<zip_uint64_t>(zip_name_locate(archive, name, 0)); }

/// What a member says of its inflated size, in both places where a zip has it.
inline QByteArray sayingSize(QByteArray zip, const QByteArray& name, quint32 size) {
  const auto put = [&](qsizetype at) { qToLittleEndian(size, zip.data() + at); };
  for (qsizetype at = zip.indexOf("PK\x01\x02"); at >= 0; at = zip.indexOf("PK\x01\x02", at + 4)) {
    if (zip.mid(at + 46, name.size()) != name) continue;
    put(at + 24);
    put(static_cast<qsizetype>(qFromLittleEndian<quint32>(zip.constData() + at + 42)) + 22);
  }
  return zip;
}

}  // namespace cachedeck::test
