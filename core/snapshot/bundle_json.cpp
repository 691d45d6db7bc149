// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/bundle_json.h"

#include "core/snapshot/bundle_reason.h"

#include <algorithm>

namespace cachedeck::snapshot {

namespace {

constexpr int mostDepth = 64;

}  // namespace

JsonShape shapeOf(const QByteArray& json) {
  JsonShape shape;
  int depth = 0;
  bool inText = false;
  for (const char *at = json.constData(), *end = at + json.size(); at < end; ++at) {
    if (inText) {
      if (*at == '\\') ++at;
      else if (*at == '"') inText = false;
      continue;
    }
    switch (*at) {
      case '"': inText = true; break;
      case '[':
      case '{': shape.depth = std::max(shape.depth, ++depth); ++shape.values; ++shape.lists; break;
      case ']':
      case '}': --depth; break;
      case ',': ++shape.values; break;
      default: break;
    }
  }
  return shape;
}

bool JsonRoom::takes(const QByteArray& json) {
  const JsonShape shape = shapeOf(json);
  values -= shape.values;
  lists -= shape.lists;
  return values >= 0 && lists >= 0;
}

Result<QJsonDocument> parsedJson(const QByteArray& bytes, const QString& member, JsonRoom& left) {
  if (shapeOf(bytes).depth > mostDepth) return reason(QStringLiteral("%1 is nested deeper than %2 levels").arg(member).arg(mostDepth));
  if (!left.takes(bytes)) return reason(QStringLiteral("up to %1 it holds more values than are read").arg(member), QStringLiteral("No Cachedeck writes such a file. Do not trust where it came from."));
  QJsonParseError problem;
  QJsonDocument document = QJsonDocument::fromJson(bytes, &problem);
  if (problem.error != QJsonParseError::NoError)
    return reason(QStringLiteral("%1 is no valid JSON at byte %2: %3").arg(member, QString::number(problem.offset), problem.errorString()));
  return document;
}

Result<QJsonObject> parsedObject(const QByteArray& bytes, const QString& member, JsonRoom& left) {
  const auto document = parsedJson(bytes, member, left);
  if (!document) return document.error();
  if (!document->isObject()) return reason(QStringLiteral("%1 is not an object of JSON").arg(member));
  return document->object();
}

Result<QJsonArray> parsedArray(const QByteArray& bytes, const QString& member, JsonRoom& left) {
  const auto document = parsedJson(bytes, member, left);
  if (!document) return document.error();
  if (!document->isArray()) return reason(QStringLiteral("%1 is not an array of JSON").arg(member));
  return document->array();
}

void Fields::note(const char* name, const QString& what) {
  if (!m_problem) m_problem = reason(QStringLiteral("“%1” of %2 %3").arg(QLatin1String(name), m_where, what));
}

QJsonValue Fields::value(const char* name, QJsonValue::Type type, const char* kind) {
  const QJsonValue found = m_json[QLatin1String(name)];
  if (found.isUndefined()) note(name, QStringLiteral("is missing"));
  else if (found.type() != type) note(name, QStringLiteral("is not %1").arg(QLatin1String(kind)));
  return found;
}

QString Fields::text(const char* name) { return value(name, QJsonValue::String, "a text").toString(); }
bool Fields::flag(const char* name) { return value(name, QJsonValue::Bool, "true or false").toBool(); }
QJsonObject Fields::object(const char* name) { return value(name, QJsonValue::Object, "an object").toObject(); }
QJsonArray Fields::array(const char* name) { return value(name, QJsonValue::Array, "an array").toArray(); }

qint64 Fields::whole(const char* name, qint64 least, qint64 most) {
  const QJsonValue found = value(name, QJsonValue::Double, "a number");
  // A fraction, or what no integer holds, gives the default.
  const qint64 number = found.toInteger(least - 1);
  if (number >= least && number <= most) return number;
  note(name, QStringLiteral("is not a whole number from %1 to %2").arg(least).arg(most));
  return least;
}

QStringList Fields::texts(const char* name) {
  QStringList list;
  for (const QJsonValue& one : array(name)) {
    if (!one.isString()) note(name, QStringLiteral("is not a list of texts"));
    list.append(one.toString());
  }
  return list;
}

}  // namespace cachedeck::snapshot
