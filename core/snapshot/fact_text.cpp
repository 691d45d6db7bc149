// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/fact_text.h"

#include "core/base/instants.h"
#include "core/base/redactor.h"
#include "core/base/text.h"

#include <cmath>

namespace cachedeck::snapshot {

QString factCell(const QString& text, qsizetype longest) { return printable(redact(text), longest); }

QString factNumber(double value) {
  if (!std::isfinite(value)) return {};
  if (std::abs(value) < 1e15 && std::nearbyint(value) == value) return QString::number(value, 'f', 0);
  return QString::number(value, 'g', std::abs(value) >= 1000 ? 10 : 6);
}

QString factTime(qint64 wallMs) { return wallMs == 0 ? QString() : isoUtc(wallMs); }

QString factLabels(const QMap<QString, QString>& labels, const QStringList& without) {
  QStringList parts;
  for (auto label = labels.begin(); label != labels.end(); ++label)
    if (!without.contains(label.key())) parts += label.key() + QLatin1Char('=') + label.value();
  return factCell(parts.join(QLatin1String(", ")));
}

QString missingSentence(const QString& what, const Error& error) {
  const QString words = error.detail.section(QLatin1Char('\n'), 0, 0);
  const QString sentence = words.isEmpty() || error.message.contains(words) ? error.message : QStringLiteral("%1 (%2)").arg(error.message, words);
  return what + QLatin1String(": ") + sentence;
}

}  // namespace cachedeck::snapshot
