// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load/load_output.h"

#include "core/base/whole_file.h"
#include "core/runs/reports.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QStringList>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <unistd.h>

namespace cachedeck {

namespace {

struct FormRow {
  QLatin1String name;  ///< of --format, and the ending of files
  std::optional<LoadForm> form;
};

// Endings that promise a form of their own: whoever asks for a table is not given prose in a file of that name.
constexpr FormRow rows[] = {{QLatin1String("text"), LoadForm::Text}, {QLatin1String("txt"), LoadForm::Text}, {QLatin1String("md"), LoadForm::Markdown}, {QLatin1String("json"), LoadForm::Json},
                            {QLatin1String("csv"), LoadForm::Csv},   {QLatin1String("html"), std::nullopt},  {QLatin1String("htm"), std::nullopt},     {QLatin1String("pdf"), std::nullopt}};

const FormRow* rowOf(const QString& name) {
  const auto found = std::ranges::find_if(rows, [&](const FormRow& row) { return name.compare(row.name, Qt::CaseInsensitive) == 0; });
  return found == std::end(rows) ? nullptr : found;
}

/// Where the bytes would really go, behind links.
QFileInfo placeOf(const QString& path) {
  const QFileInfo named(path);
  return named.exists() ? QFileInfo(named.canonicalFilePath()) : named.isSymLink() ? QFileInfo(named.symLinkTarget()) : named;
}

bool mayAccess(const QString& path, int how) { return access(path.toLocal8Bit().constData(), how) == 0; }

}  // namespace

QString formNames(std::span<const LoadForm> offered) {
  QStringList names;
  for (const LoadForm form : offered) names << std::ranges::find(rows, form, &FormRow::form)->name;
  return names.join(QStringLiteral(", "));
}

Result<LoadForm> loadForm(const std::string& format, const std::string& out, LoadForm usual, std::span<const LoadForm> offered) {
  const QString file = QString::fromStdString(out), wanted = format.empty() ? QFileInfo(file).suffix() : QString::fromStdString(format);
  const FormRow* const row = rowOf(wanted);
  if (format.empty() && !row) return usual;
  if (row && row->form && std::ranges::find(offered, *row->form) != offered.end()) return *row->form;
  return fail(Error::Kind::Usage, format.empty() ? QStringLiteral("%1: there is no %2 of this. Write to a file that ends otherwise, or name the form: --format %3.").arg(file, row->name, formNames(offered))
                                                 : QStringLiteral("--format: there is no “%1” of this; there are %2.").arg(wanted.left(40), formNames(offered)));
}

QByteArray reportOf(const runs::RunRecord& record, LoadForm form) {
  switch (form) {
    case LoadForm::Json: return QJsonDocument(runs::resultJson(record)).toJson();
    case LoadForm::Csv: return runs::secondsCsv(record);
    case LoadForm::Markdown: return runs::markdownReport(record).toUtf8();
    case LoadForm::Text: break;
  }
  return runs::terminalSummary(record).toUtf8();
}

Result<void> mayBeWritten(const std::string& out) {
  const QString path = QString::fromStdString(out);
  const auto refuse = [&path](const QString& why) { return fail(Error::Kind::Usage, QStringLiteral("--out: %1 cannot be written: %2.").arg(path, why)); };
  const QFileInfo place = placeOf(path);
  const QString folder = place.absolutePath();
  if (place.isDir()) return refuse(QStringLiteral("it is a folder"));
  if (place.exists() && !mayAccess(place.absoluteFilePath(), W_OK)) return refuse(qt_error_string(errno));
  if (isStream(path)) return {};
  if (!QFileInfo(folder).isDir()) return refuse(QStringLiteral("there is no folder %1").arg(folder));
  if (!mayAccess(folder, W_OK | X_OK)) return refuse(QStringLiteral("%1: %2").arg(folder, qt_error_string(errno)));
  return {};
}

}  // namespace cachedeck
