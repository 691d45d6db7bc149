// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/sandbox_info.h"

#include <QFile>
#include <QJsonDocument>
#include <QSaveFile>

namespace cachedeck {
namespace {

constexpr const char* urlNames[] = {"redis", "postgres", "prometheus", "alertmanager", "pushgateway"};
constexpr const char* serviceNames[] = {"sample"};

template <size_t N>
QMap<QString, QString> textsOf(const QJsonObject& object, const char* const (&names)[N]) {
  QMap<QString, QString> texts;
  for (const char* name : names) {
    const QString key = QString::fromLatin1(name);
    if (object.contains(key)) texts.insert(key, object.value(key).toString());
  }
  return texts;
}

QString stateFile(const QString& dir) { return dir + QStringLiteral("/state.json"); }

}  // namespace

QJsonObject SandboxInfo::toJson() const {
  QJsonObject object;
  for (const auto* texts : {&urls, &services})
    for (auto it = texts->begin(); it != texts->end(); ++it) object.insert(it.key(), it.value());
  object.insert(QStringLiteral("dir"), dir);
  object.insert(QStringLiteral("owned"), owned);
  object.insert(QStringLiteral("made_directory"), madeDirectory);
  QJsonObject pidObject, portObject;
  for (auto it = pids.begin(); it != pids.end(); ++it) pidObject.insert(it.key(), it.value());
  for (auto it = ports.begin(); it != ports.end(); ++it) portObject.insert(it.key(), it.value());
  object.insert(QStringLiteral("pids"), pidObject);
  object.insert(QStringLiteral("ports"), portObject);
  return object;
}

SandboxInfo SandboxInfo::fromJson(const QJsonObject& object) {
  SandboxInfo info;
  info.dir = object.value(QStringLiteral("dir")).toString();
  info.owned = object.value(QStringLiteral("owned")).toBool();
  info.madeDirectory = object.value(QStringLiteral("made_directory")).toBool();
  info.urls = textsOf(object, urlNames);
  info.services = textsOf(object, serviceNames);
  const QJsonObject pids = object.value(QStringLiteral("pids")).toObject();
  for (auto it = pids.begin(); it != pids.end(); ++it) info.pids.insert(it.key(), it.value().toInteger());
  const QJsonObject ports = object.value(QStringLiteral("ports")).toObject();
  for (auto it = ports.begin(); it != ports.end(); ++it) info.ports.insert(it.key(), static_cast<quint16>(it.value().toInt()));
  return info;
}

Result<void> writeState(const SandboxInfo& info) {
  QSaveFile file(stateFile(info.dir));
  const bool opened = file.open(QIODevice::WriteOnly);
  if (opened) {
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.write(QJsonDocument(info.toJson()).toJson());
  }
  if (opened && file.commit()) return {};
  return fail(Error::Kind::Io, QStringLiteral("%1 could not be written: %2").arg(file.fileName(), file.errorString()));
}

Result<SandboxInfo> readState(const QString& dir) {
  QFile file(stateFile(dir));
  const QJsonDocument document = file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()) : QJsonDocument();
  if (document.isObject()) return SandboxInfo::fromJson(document.object());
  return fail(Error::Kind::NotFound, QStringLiteral("The sandbox in %1 has not finished starting.").arg(dir));
}

}  // namespace cachedeck
