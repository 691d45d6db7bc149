// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/templates.h"

#include <QFile>
#include <QRegularExpression>

namespace cachedeck {
namespace {

constexpr const char* files[] = {"redis/redis.conf",
                                 "postgres/postgresql.conf",
                                 "postgres/pg_hba.conf",
                                 "prometheus/prometheus.yml",
                                 "prometheus/recording.yml",
                                 "prometheus/alerts.yml",
                                 "alertmanager/alertmanager.yml",
                                 "alertmanager/slack.tmpl",
                                 "alertmanager/slack-critical.url",
                                 "alertmanager/slack-performance.url",
                                 "postgres-exporter/queries.yaml"};

Result<void> writePrivate(const QString& path, const QByteArray& content, const std::optional<RunUser>& user) {
  QFile file(path);
  if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) ||
      file.write(content) != content.size() || !file.flush())
    return fail(Error::Kind::Io, QStringLiteral("%1 could not be written: %2").arg(path, file.errorString()));
  return giveTo(path, user);
}

}  // namespace

Result<QString> fillIn(const QString& text, const TemplateValues& values) {
  static const QRegularExpression placeholder(QStringLiteral("@([A-Z_]+)@"));
  QString filled;
  qsizetype done = 0;
  for (auto it = placeholder.globalMatch(text); it.hasNext();) {
    const QRegularExpressionMatch match = it.next();
    const auto value = values.find(match.captured(1));
    if (value == values.end()) return fail(Error::Kind::Usage, QStringLiteral("The placeholder %1 has no value.").arg(match.captured(0)));
    filled += QStringView(text).mid(done, match.capturedStart() - done);
    filled += *value;
    done = match.capturedEnd();
  }
  return filled + text.mid(done);
}

Result<QString> filledInFile(const QString& name, const TemplateValues& values) {
  QFile file(QStringLiteral(":/monitoring/") + name);
  if (!file.open(QIODevice::ReadOnly)) return fail(Error::Kind::NotFound, QStringLiteral("The template %1 is missing.").arg(name));
  return fillIn(QString::fromUtf8(file.readAll()), values);
}

Result<void> writeConfiguration(const TemplateValues& values, const std::optional<RunUser>& user) {
  for (const char* file : files) {
    const QString name = QString::fromLatin1(file);
    Result<QString> text = filledInFile(name, values);
    if (!text) return text.error();
    const QString path = values.value(QStringLiteral("DIR")) + QStringLiteral("/conf/") + name.section(QLatin1Char('/'), -1);
    if (auto written = writePrivate(path, text->toUtf8(), user); !written) return written;
  }
  return {};
}

}  // namespace cachedeck
