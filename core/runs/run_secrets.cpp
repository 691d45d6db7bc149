// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/redactor.h"
#include "core/runs/run_record.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QUrl>

namespace cachedeck::runs {

namespace {

const QString& stars() {
  static const QString text = QStringLiteral("***");
  return text;
}

bool namesSecret(const QString& name) {
  static const QRegularExpression words(QStringLiteral("authorization|cookie|password|passwd|secret|token|api[-_]?key|credential"), QRegularExpression::CaseInsensitiveOption);
  return words.match(name).hasMatch();
}

/// What only refers to variables tells nothing: "Bearer ${token}", "session=${id}".
bool refersToVariable(const QString& value) {
  static const QRegularExpression shape(QStringLiteral("\\A(?:(?:Bearer|Basic|Token)\\s+)?(?:(?:[\\w-]+=)?\\$\\{[^}]*\\}(?:;\\s*|\\z))+\\z"));
  return shape.match(value).hasMatch();
}

QString cleanText(QString text) {
  // "password": "x" of a JSON body, password=x of a form or path.
  static const QRegularExpression member(QStringLiteral("(\"[^\"]*(?:password|passwd|secret|token|api[-_]?key)[^\"]*\"\\s*:\\s*\")(?!\\$\\{)(?:[^\"\\\\]|\\\\.)*(\")"),
                                         QRegularExpression::CaseInsensitiveOption);
  static const QRegularExpression field(QStringLiteral("\\b([\\w-]*(?:password|passwd|secret|token|api[-_]?key)[\\w-]*=)(?!\\$\\{)[^&\\s\"]+"), QRegularExpression::CaseInsensitiveOption);
  text.replace(member, QStringLiteral("\\1***\\2"));
  text.replace(field, QStringLiteral("\\1***"));
  return redact(text);
}

QJsonValue cleaned(const QString& name, const QJsonValue& value);

QJsonArray cleanedArray(const QJsonArray& array) {
  QJsonArray clean;
  for (const QJsonValue& value : array) clean.append(cleaned({}, value));
  return clean;
}

QJsonObject cleanedObject(const QJsonObject& object) {
  QJsonObject clean;
  for (auto member = object.begin(); member != object.end(); ++member) clean[member.key()] = cleaned(member.key(), member.value());
  return clean;
}

/// `name`: the member that holds it. Only a text is taken for a secret: lists such as "secretVariables" hold names.
QJsonValue cleaned(const QString& name, const QJsonValue& value) {
  if (value.isObject()) return cleanedObject(value.toObject());
  if (value.isArray()) return cleanedArray(value.toArray());
  if (!value.isString()) return value;
  const QString text = value.toString();
  const bool secret = namesSecret(name) && !text.isEmpty() && !refersToVariable(text);
  return secret ? stars() : cleanText(text);
}

/// Extractions say where a token is found ("token": "/data/token"), which is no secret, and another run needs it.
QJsonArray withExtractions(const QJsonArray& steps, QJsonArray clean) {
  for (qsizetype i = 0; i < steps.size(); ++i) {
    const QJsonValue extract = steps[i][QLatin1String("extract")];
    if (extract.isUndefined()) continue;
    QJsonObject step = clean[i].toObject();
    step[QLatin1String("extract")] = extract;
    clean[i] = step;
  }
  return clean;
}

}  // namespace

QJsonObject withoutSecrets(const QJsonObject& definition) {
  QJsonObject clean = cleanedObject(definition);
  for (const char* list : {"setup", "steps"})
    if (const QJsonValue steps = definition[QLatin1String(list)]; steps.isArray()) clean[QLatin1String(list)] = withExtractions(steps.toArray(), clean[QLatin1String(list)].toArray());
  return clean;
}

QString withoutUserInfo(const QString& text) {
  QUrl url(text.trimmed(), QUrl::StrictMode);
  if (!url.isValid() || url.scheme().isEmpty() || (url.host().isEmpty() && url.path().isEmpty())) return {};
  url.setUserInfo({});
  url.setQuery(QString());
  url.setFragment({});
  return redact(url.toString(QUrl::FullyEncoded));
}

}  // namespace cachedeck::runs
