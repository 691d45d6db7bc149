// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/report_text.h"

#include "core/base/instants.h"
#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/metrics/format.h"

#include <QDateTime>
#include <QJsonDocument>

#include <array>
#include <charconv>
#include <cmath>

namespace cachedeck::snapshot {

namespace {

// XML knows neither half a surrogate pair nor U+FFFE and U+FFFF, in whatever form they are written.
QString wholeText(QString text) {
  for (qsizetype i = 0; i < text.size(); ++i) {
    const QChar c = text[i];
    if (c.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate()) ++i;
    else if (c.isSurrogate() || c.unicode() >= 0xFFFE) text[i] = QChar(0xFFFD);
  }
  return text;
}

QString oneLine(QString text) {
  for (QChar& c : text)
    if (c == QLatin1Char('\n') || c == QLatin1Char('\r') || c == QLatin1Char('\t') || c.unicode() == 0x2028 || c.unicode() == 0x2029) c = QLatin1Char(' ');
  return text;
}

}  // namespace

QString plainText(const QString& text, qsizetype longest) { return wholeText(printable(redact(oneLine(text)), longest)); }

QString markupText(const QString& text, qsizetype longest) {
  return plainText(text, longest).toHtmlEscaped().replace(QLatin1Char('\''), QLatin1String("&#39;"));
}

QString rangeText(const Snapshot& snapshot) {
  const QDateTime from = utc(snapshot.fromMs), to = utc(snapshot.toMs);
  const bool oneDay = from.date() == to.date();
  return QStringLiteral("%1 to %2 UTC (%3)").arg(from.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")), to.toString(oneDay ? QStringLiteral("HH:mm:ss") : QStringLiteral("yyyy-MM-dd HH:mm:ss")),
                                                  formatDuration(static_cast<double>(snapshot.toMs - snapshot.fromMs) / 1000));
}

QString valueText(double value, Unit unit) {
  constexpr double most = 1e15;  // beyond, digits would run over every column
  if (!std::isfinite(value) || std::abs(value) < most) return formatValue(value, unit);
  const QString word = unitLike(0, unit);
  return QString::number(value, 'g', 3) + (word.isEmpty() ? QString() : QLatin1Char(' ') + word);
}

QString levelWord(Level level) {
  return level == Level::Critical ? QStringLiteral("critical") : level == Level::Warning ? QStringLiteral("warning") : QStringLiteral("good");
}

QLatin1String unitWord(Unit unit) {
  switch (unit) {
    case Unit::None: break;
    case Unit::Count: return QLatin1String("count");
    case Unit::PerSecond: return QLatin1String("1/s");
    case Unit::Percent: return QLatin1String("%");
    case Unit::Bytes: return QLatin1String("bytes");
    case Unit::BytesPerSecond: return QLatin1String("bytes/s");
    case Unit::Seconds: return QLatin1String("s");
  }
  return {};
}

QByteArray shortest(float value) {
  if (!std::isfinite(value)) return {};
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return QByteArray(text.data(), end - text.data());
}

double shortestDouble(float value) { return std::isfinite(value) ? shortest(value).toDouble() : std::nan(""); }

QByteArray scriptJson(const QJsonObject& object) {
  QByteArray json = QJsonDocument(object).toJson(QJsonDocument::Compact);
  json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
  return json;
}

QStringList noteLines(const Snapshot& snapshot) {
  constexpr qsizetype longest = 20'000;  // as one may be taken with
  const QString note = snapshot.note.trimmed();
  if (note.isEmpty()) return {};
  QStringList lines = redact(note).left(longest).split(QLatin1Char('\n'));
  for (QString& line : lines) {
    if (line.endsWith(QLatin1Char('\r'))) line.chop(1);  // as Windows ends lines
    line = plainText(line, longest);
  }
  if (note.size() > longest) lines.last() += QChar(0x2026);
  return lines;
}

QString titleText(const Snapshot& snapshot) { return snapshot.title.trimmed().isEmpty() ? QStringLiteral("Snapshot ") + plainText(snapshot.id, 80) : plainText(snapshot.title, 200); }

}  // namespace cachedeck::snapshot
