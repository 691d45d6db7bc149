// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/bundle_names.h"

#include "core/base/text.h"
#include "core/snapshot/bundle_reason.h"

#include <QByteArrayList>

#include <algorithm>
#include <string_view>

namespace cachedeck::snapshot {

namespace {

bool isAlnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool isWord(QByteArrayView text, qsizetype longest, std::string_view more) {
  return !text.isEmpty() && text.size() <= longest && isAlnum(text.front()) &&
         std::ranges::all_of(text, [more](char c) { return isAlnum(c) || more.find(c) != std::string_view::npos; });
}

QString fault(const QByteArray& name) {
  if (name.isEmpty()) return QStringLiteral("has no name");
  if (name.startsWith('/') || (name.size() > 1 && name[1] == ':')) return QStringLiteral("is an absolute path");
  if (name == ".." || name.startsWith("../") || name.contains("/../") || name.endsWith("/..") || name.contains('\\')) return QStringLiteral("is a path that leads elsewhere");
  if (name.endsWith('/')) return QStringLiteral("is a folder");
  const QByteArrayList parts = name.split('/');
  const bool good = parts.size() <= 2 && std::ranges::all_of(parts, [](const QByteArray& part) { return isWord(part, 80, "._-"); });
  return good ? QString() : QStringLiteral("is not named as members are");
}

}  // namespace

QByteArray memberIn(const Folder& folder, const QByteArray& name) { return folder.path + name + folder.suffix; }

QByteArray nameIn(const Folder& folder, const QByteArray& member) {
  const QByteArrayView path(folder.path), suffix(folder.suffix);
  if (member.size() <= path.size() + suffix.size() || !member.startsWith(path) || !member.endsWith(suffix)) return {};
  return member.mid(path.size(), member.size() - path.size() - suffix.size());
}

Result<void> checkMemberName(const QByteArray& name) {
  const QString wrong = fault(name);
  if (wrong.isEmpty()) return {};
  return reason(QStringLiteral("its member “%1” %2").arg(printable(name, 80), wrong), QStringLiteral("No Cachedeck writes such a file. Do not trust where it came from; nothing of it was unpacked."));
}

bool isPartName(QByteArrayView name) { return isWord(name, 64, "._-"); }
bool isMetricId(QByteArrayView id) { return isWord(id, 128, "._-:/"); }

}  // namespace cachedeck::snapshot
