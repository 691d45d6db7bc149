// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/selector.h"

#include "core/base/text.h"
#include "core/cacheaside/glob.h"
#include "core/keys/inspect.h"

#include <QFile>
#include <QJsonArray>
#include <QStringDecoder>

#include <algorithm>

namespace cachedeck::keys {

namespace {

std::string_view view(QByteArrayView bytes) { return {bytes.data(), static_cast<std::size_t>(bytes.size())}; }

QString counted(qint64 number, const char* one) { return QStringLiteral("%1 %2%3").arg(number).arg(QLatin1String(one), QLatin1String(number == 1 ? "" : "s")); }

QString seconds(qint64 ms) { return QStringLiteral("%1 s").arg(static_cast<double>(ms) / 1000); }

}  // namespace

QByteArray Selector::prefixPattern(const QByteArray& prefix) { return QByteArray::fromStdString(cacheaside::globEscaped(view(prefix))) + '*'; }

bool Selector::matchesAll() const {
  return !byName && !needsFacts() && (patterns.isEmpty() || std::ranges::any_of(patterns, [](const QByteArray& pattern) { return view(pattern).find_first_not_of('*') == std::string_view::npos && !pattern.isEmpty(); }));
}

QByteArray Selector::serverPattern() const { return patterns.size() == 1 ? patterns.first() : QByteArrayLiteral("*"); }

bool Selector::matches(QByteArrayView name) const {
  if (patterns.size() <= 1) return true;  // the server has matched
  return std::ranges::any_of(patterns, [&](const QByteArray& pattern) { return cacheaside::globMatches(view(pattern), view(name)); });
}

QString Selector::text() const {
  QStringList parts;
  if (byName) {
    parts << counted(names.size(), "named key");
  } else if (patterns.isEmpty()) {
    parts << QStringLiteral("every key");
  } else {
    for (const QByteArray& pattern : patterns.first(std::min<qsizetype>(patterns.size(), 20))) parts << (pattern.isEmpty() ? QStringLiteral("\"\"") : printable(pattern));
    if (patterns.size() > 20) parts << QStringLiteral("and %1 more patterns").arg(patterns.size() - 20);
  }
  if (!type.isEmpty()) parts << QStringLiteral("type %1").arg(printable(type));
  if (ttlAboveMs) parts << QStringLiteral("TTL over %1").arg(seconds(*ttlAboveMs));
  if (ttlBelowMs) parts << QStringLiteral("TTL under %1").arg(seconds(*ttlBelowMs));
  if (withoutTtl) parts << QStringLiteral("without TTL");
  if (idleAboveS) parts << QStringLiteral("idle for over %1 s").arg(*idleAboveS);
  if (bytesAbove) parts << QStringLiteral("larger than ") + counted(*bytesAbove, "byte");
  return parts.join(QStringLiteral(", "));
}

QJsonObject Selector::toJson() const {
  QJsonObject json;
  if (byName) {
    json[QLatin1String("names")] = names.size();
  } else {
    QJsonArray list;
    for (const QByteArray& pattern : patterns) list.append(escaped(pattern));
    json[QLatin1String("match")] = list;
  }
  if (!type.isEmpty()) json[QLatin1String("type")] = printable(type);
  if (ttlAboveMs) json[QLatin1String("ttl_above_ms")] = *ttlAboveMs;
  if (ttlBelowMs) json[QLatin1String("ttl_below_ms")] = *ttlBelowMs;
  if (withoutTtl) json[QLatin1String("no_ttl")] = true;
  if (idleAboveS) json[QLatin1String("idle_above_s")] = *idleAboveS;
  if (bytesAbove) json[QLatin1String("bytes_above")] = *bytesAbove;
  return json;
}

Result<QList<QByteArray>> namesFromFile(const QString& path, qint64 most) {
  QFile file(path);
  if (path == QLatin1String("-") ? !file.open(stdin, QIODevice::ReadOnly) : !file.open(QIODevice::ReadOnly))
    return fail(Error::Kind::NotFound, QStringLiteral("The list of keys %1 could not be read: %2.").arg(path, file.errorString()));
  QList<QByteArray> names;
  qint64 read = 0;
  for (qint64 number = 1;; ++number) {
    QByteArray line = file.readLine();
    if (line.isEmpty()) break;  // of a pipe the end is known only then
    read += line.size();
    if (read > most) return fail(Error::Kind::Usage, QStringLiteral("The list of keys %1 is longer than %2 MB. Use a pattern, or several lists.").arg(path, QString::number(most >> 20)));
    if (line.endsWith('\n')) line.chop(1);
    if (line.endsWith('\r')) line.chop(1);
    if (line.isEmpty()) continue;
    if (line.size() >= 2 && line.startsWith('"') && line.endsWith('"')) line = line.mid(1, line.size() - 2);
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);  // half a character at the end is an error too
    const QString text = decode(line);
    // Replaced by U+FFFD it would be another key's name.
    if (decode.hasError()) return fail(Error::Kind::Usage, QStringLiteral("Line %1 of %2 is not UTF-8. Write such bytes as \\xNN.").arg(number).arg(path));
    Result<QByteArray> name = fromEscaped(text);
    if (!name) return fail(Error::Kind::Usage, QStringLiteral("Line %1 of %2: %3").arg(number).arg(path, name.error().message));
    names.append(std::move(*name));
  }
  return names;
}

}  // namespace cachedeck::keys
