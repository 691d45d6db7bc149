// SPDX-License-Identifier: GPL-3.0-or-later
// Names of keys that come from elsewhere, and go elsewhere: files and queries.
#include "core/keys/inspect.h"
#include "core/keys/sql_names.h"
#include "ui/keys/keyscope.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

namespace cachedeck {

using namespace keys;

namespace {

constexpr qint64 mostNames = 10'000'000;  // as the command's
constexpr qint64 listsKeptS = 86'400;

QString tr(const char* text) { return QCoreApplication::translate("Keys", text); }

Result<QList<QByteArray>> namesOfQuery(const KeyScope& scope, const std::optional<SourceSettings>& postgres, const std::stop_token& stop) {
  const Result<KeyTemplate> form = KeyTemplate::parse(scope.form);
  if (!form) return form.error();
  if (!postgres) return fail(Error::Kind::Usage, tr("This profile has no PostgreSQL to ask. Add one under Connections."));
  PostgresConnection connection(*postgres);
  if (const Result<void> opened = connection.open(stop); !opened) return opened.error();
  return namesFromQuery(connection, scope.sql, *form, mostNames, stop);
}

/// As namesFromFile() reads it: one a line; an empty name, or one that would look quoted, in quotes.
QByteArray lineOf(const QByteArray& name) { return name.isEmpty() ? QByteArrayLiteral("\"\"\n") : escaped(name).toUtf8() + '\n'; }

}  // namespace

Result<Selector> selectorOf(const KeyScope& scope, const std::optional<SourceSettings>& postgres, const std::stop_token& stop) {
  Selector selector = scope.selector;
  if (scope.kind != KeyScope::Kind::File && scope.kind != KeyScope::Kind::Query) return selector;
  Result<QList<QByteArray>> names = scope.kind == KeyScope::Kind::File ? namesFromFile(scope.file) : namesOfQuery(scope, postgres, stop);
  if (!names) return names.error();
  selector.names = std::move(*names);
  return selector;
}

Result<void> writeKeyList(const QString& file, const QList<QByteArray>& names) {
  const QString folder = QFileInfo(file).absolutePath();
  const auto failed = [&](const QString& why) { return fail(Error::Kind::Io, tr("The list of keys %1 could not be written: %2.").arg(file, why)); };
  if (!QDir().mkpath(folder) || !QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner)) return failed(tr("its folder cannot be made"));
  for (const QFileInfo& old : QDir(folder).entryInfoList({QStringLiteral("keys-*.txt")}, QDir::Files))
    if (old.lastModified().secsTo(QDateTime::currentDateTime()) > listsKeptS) QFile::remove(old.filePath());
  QSaveFile out(file);
  if (!out.open(QIODevice::WriteOnly) || !out.setPermissions(QFile::ReadOwner | QFile::WriteOwner)) return failed(out.errorString());
  for (const QByteArray& name : names)
    if (out.write(lineOf(name)) < 0) return failed(out.errorString());
  if (!out.commit()) return failed(out.errorString());
  return {};
}

}  // namespace cachedeck
