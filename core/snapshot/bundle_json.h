// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/snapshot/bundle.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

#include <initializer_list>
#include <optional>

namespace cachedeck::snapshot {

/// Milliseconds since the epoch that a snapshot may speak of: 1970 to the end of 9999.
inline constexpr qint64 lastTimeMs = 253'402'300'799'999;
inline bool isTime(qint64 ms) { return ms >= 0 && ms <= lastTimeMs; }

/// What parsing takes: commas and brackets outside of strings, and how deep the brackets go.
struct JsonShape {
  qint64 values = 1, lists = 0;
  int depth = 0;
};
JsonShape shapeOf(const QByteArray& json);

/// A member's JSON. Depth and number of values are counted before the parser takes memory; what it has is taken from `left`. Reasons name the member.
Result<QJsonDocument> parsedJson(const QByteArray& bytes, const QString& member, JsonRoom& left);
/// Of a document that must be an object, or an array.
Result<QJsonObject> parsedObject(const QByteArray& bytes, const QString& member, JsonRoom& left);
Result<QJsonArray> parsedArray(const QByteArray& bytes, const QString& member, JsonRoom& left);

/// Reads the values of an object with their types, and remembers the first that is missing or of another type: ask problem() at the end.
class Fields {
 public:
  Fields(const QJsonObject& json, QString where) : m_json(json), m_where(std::move(where)) {}

  QString text(const char* name);
  bool flag(const char* name);
  qint64 whole(const char* name, qint64 least, qint64 most);
  qint64 time(const char* name) { return whole(name, 0, lastTimeMs); }
  QJsonObject object(const char* name);
  QJsonArray array(const char* name);
  QStringList texts(const char* name);

  const std::optional<Error>& problem() const { return m_problem; }

 private:
  QJsonValue value(const char* name, QJsonValue::Type type, const char* kind);
  void note(const char* name, const QString& what);

  const QJsonObject m_json;
  const QString m_where;
  std::optional<Error> m_problem;
};

}  // namespace cachedeck::snapshot
