// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/snapshot/snapshot_look.h"

#include "app/cli/snapshot/snapshot_text.h"
#include "app/cli/voice.h"
#include "core/snapshot/bundle.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace cachedeck {

namespace {

constexpr Voice voice("snapshot");

QJsonObject checkJson(const snapshot::BundleCheck& check) {
  QJsonArray members;
  for (const snapshot::BundleCheck::Member& member : check.members)
    members.append(QJsonObject{{QStringLiteral("name"), QString::fromUtf8(member.name)}, {QStringLiteral("problem"), member.problem.isEmpty() ? QJsonValue() : QJsonValue(member.problem)}});
  return {{QStringLiteral("id"), check.manifest.id},
          {QStringLiteral("intact"), check.intact},
          {QStringLiteral("problem"), check.intact ? QJsonValue() : QJsonValue(check.problem)},
          {QStringLiteral("members"), members}};
}

QString checkText(const snapshot::BundleCheck& check) {
  if (check.intact) return QStringLiteral("The snapshot is intact: %1 members, each as it was written and readable.\n").arg(check.members.size());
  QString text = QStringLiteral("The snapshot is not intact. %1\n").arg(check.problem);
  for (const snapshot::BundleCheck::Member& member : check.members)
    if (!member.problem.isEmpty()) text += QStringLiteral("  %1: %2\n").arg(QString::fromUtf8(member.name), member.problem);
  return text;
}

}  // namespace

int showSnapshot(const SnapshotLookArguments& arguments) {
  const Result<snapshot::Snapshot> read = snapshot::readBundle(QString::fromStdString(arguments.file));
  if (!read) return voice.complain(read.error());
  return voice.print(arguments.json ? QJsonDocument(snapshotJson(*read)).toJson() : snapshotText(*read).toUtf8());
}

int verifySnapshot(const SnapshotLookArguments& arguments) {
  const Result<snapshot::BundleCheck> check = snapshot::verifyBundle(QString::fromStdString(arguments.file));
  if (!check) return voice.complain(check.error());
  const int printed = voice.print(arguments.json ? QJsonDocument(checkJson(*check)).toJson() : checkText(*check).toUtf8());
  return check->intact ? printed : 1;
}

}  // namespace cachedeck
