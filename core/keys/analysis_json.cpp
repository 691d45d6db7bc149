// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/instants.h"
#include "core/keys/analysis.h"
#include "core/keys/inspect.h"

#include <QJsonArray>

namespace cachedeck::keys {

namespace {

constexpr qsizetype mostPrefixes = 100;

/// null for what was not measured (-1), so that nobody adds it up.
QJsonValue known(qint64 figure) { return figure < 0 ? QJsonValue() : QJsonValue(figure); }

QJsonObject prefixJson(const PrefixRow& row) {
  return {{QStringLiteral("prefix"), escaped(row.prefix)},           {QStringLiteral("keys"), row.keys},         {QStringLiteral("bytes"), known(row.bytes)},
          {QStringLiteral("without_ttl"), known(row.withoutTtl)},    {QStringLiteral("children"), row.children}, {QStringLiteral("folded"), row.folded}};
}

QJsonObject keyJson(const LargeKey& key) {
  return {{QStringLiteral("key"), escaped(key.name)},
          {QStringLiteral("type"), escaped(key.type)},
          {QStringLiteral("bytes"), key.bytes},
          {QStringLiteral("ttl_ms"), key.ttlMs == -2 ? QJsonValue() : QJsonValue(key.ttlMs)}};
}

QJsonObject cliffJson(const TtlCliff& cliff) {
  return {{QStringLiteral("prefix"), escaped(cliff.prefix)},
          {QStringLiteral("from"), isoUtc(cliff.fromMs)},
          {QStringLiteral("from_ms"), cliff.fromMs},
          {QStringLiteral("span_ms"), cliff.spanMs},
          {QStringLiteral("keys"), cliff.keys},
          {QStringLiteral("share"), cliff.share}};
}

template <typename Row>
QJsonArray arrayOf(const QList<Row>& rows, QJsonObject (*toJson)(const Row&)) {
  QJsonArray array;
  for (const Row& row : rows) array.append(toJson(row));
  return array;
}

}  // namespace

QJsonObject Analysis::toJson() const {
  QJsonObject kinds;
  const QMap<QByteArray, qint64> counted = types();
  for (auto type = counted.cbegin(); type != counted.cend(); ++type) kinds[escaped(type.key())] = type.value();
  const bool ttlsRead = ttls().total() > 0;
  return {{QStringLiteral("keys"), keys()},
          {QStringLiteral("bytes"), known(bytes())},
          {QStringLiteral("without_ttl"), ttlsRead ? QJsonValue(ttls().withoutTtl()) : QJsonValue()},
          {QStringLiteral("ttl"), ttls().toJson()},
          {QStringLiteral("types"), kinds},
          {QStringLiteral("direct"), prefixes().direct({})},
          {QStringLiteral("rest"), prefixes().rest({})},
          {QStringLiteral("prefixes"), arrayOf(prefixes().top(mostPrefixes), prefixJson)},
          {QStringLiteral("largest"), arrayOf(largest(), keyJson)},
          {QStringLiteral("cliffs"), arrayOf(cliffs(), cliffJson)}};
}

}  // namespace cachedeck::keys
