// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/words.h"

#include "core/base/redactor.h"
#include "core/base/text.h"

#include <QRegularExpression>

namespace cachedeck::doctor {

QString clean(const QString& text, qsizetype longest) { return printable(redact(text), longest); }

QString number(double value) {
  if (!std::isfinite(value)) return QStringLiteral("unknown");
  if (std::abs(value) < 1e15 && std::nearbyint(value) == value) return QString::number(value, 'f', 0);
  return QString::number(value, 'f', std::abs(value) < 100 ? 2 : 0);
}

QString bytesText(double bytes) {
  constexpr double mega = 1024.0 * 1024.0;
  return bytes >= 1024 * mega ? QStringLiteral("%1 GB").arg(bytes / mega / 1024, 0, 'f', 1) : QStringLiteral("%1 MB").arg(bytes / mega, 0, 'f', 1);
}

QString listed(const QStringList& names, qsizetype most) {
  const QString first = names.mid(0, most).join(QLatin1String(", "));
  return names.size() <= most ? first : QStringLiteral("%1 and %2 more").arg(first, QString::number(names.size() - most));
}

QString counted(qsizetype count, const char* one, const char* many) { return count == 1 ? QString::fromUtf8(one) : QString::fromUtf8(many).arg(count); }

QString said(const Error& error) {
  const QString words = error.detail.section(QLatin1Char('\n'), 0, 0);
  return words.isEmpty() || error.message.contains(words) ? error.message : QStringLiteral("%1 (%2)").arg(error.message, words);
}

QString alertName(const PromLabels& labels) {
  QStringList more;
  for (const QString& label : {QStringLiteral("severity"), QStringLiteral("instance")})
    if (const QString value = clean(labels.value(label), 80); !value.isEmpty()) more += value;
  const QString name = clean(labels.value(QStringLiteral("alertname")), 80);
  return more.isEmpty() ? name : QStringLiteral("%1 (%2)").arg(name, more.join(QLatin1String(", ")));
}

QString sqlName(const QString& name) {
  static const QRegularExpression plain(QStringLiteral("\\A[a-z_][a-z0-9_]*\\z"));
  QString text = clean(name, 80);
  return plain.match(text).hasMatch() ? text : QLatin1Char('"') + text.replace(QLatin1Char('"'), QLatin1String("\"\"")) + QLatin1Char('"');
}

}  // namespace cachedeck::doctor
