// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/redactor.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QStringList>
#include <QUrl>

#include <algorithm>
#include <mutex>

namespace cachedeck {

namespace {

// A shorter one would blank out ordinary words; the pattern rules below still catch it where it stands as a password.
constexpr qsizetype shortestLiteral = 4;

QStringList formsOf(const QByteArray& secret) {
  const QString plain = QString::fromUtf8(secret);
  const QByteArray json = QJsonDocument(QJsonArray{plain}).toJson(QJsonDocument::Compact);
  QStringList forms{plain, QString::fromUtf8(secret.toPercentEncoding()), QString::fromLatin1(secret.toBase64()),
                    QString::fromUtf8(json.mid(2, json.size() - 4)),
                    QString::fromUtf8(QUrl::toPercentEncoding(plain, "!$&'()*+,;=:"))};
  // libpq quotes only the tail of a password that holds a space in a connection string.
  forms += plain.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  forms.removeDuplicates();
  forms.removeIf([](const QString& form) { return form.size() < shortestLiteral; });
  std::sort(forms.begin(), forms.end(), [](const QString& a, const QString& b) { return a.size() > b.size(); });
  return forms;
}

}  // namespace

struct Redactor::Data {
  mutable std::mutex mutex;
  QHash<QByteArray, int> uses;
  QHash<QByteArray, QStringList> forms;
};

Redactor::Redactor() : m_data(std::make_unique<Data>()) {}
Redactor::~Redactor() = default;

Redactor& Redactor::instance() {
  // Never destroyed: Secrets of static storage may outlive any static object.
  static Redactor* const redactor = new Redactor;
  return *redactor;
}

void Redactor::add(const QByteArray& secret) {
  if (secret.isEmpty()) return;
  const QByteArray copy(secret.constData(), secret.size());
  const std::lock_guard lock(m_data->mutex);
  if (++m_data->uses[copy] == 1) m_data->forms[copy] = formsOf(copy);
}

void Redactor::remove(const QByteArray& secret) {
  const std::lock_guard lock(m_data->mutex);
  const auto found = m_data->uses.find(secret);
  if (found == m_data->uses.end() || --found.value() > 0) return;
  const QByteArray key = found.key();
  m_data->forms.remove(key);
  m_data->uses.erase(found);
}

QString Redactor::clean(QString text) const {
  static const QString stars = QStringLiteral("***");
  static const QRegularExpression inUrl(QStringLiteral("(://[^\\s/@:]*:)[^\\s/@]+@"));
  static const QRegularExpression assigned(
      QStringLiteral("\\b(password|passwd|sslpassword)(\\s*=\\s*)('[^']*'|\"[^\"]*\"|[^\\s,;&]+)"),
      QRegularExpression::CaseInsensitiveOption);
  static const QRegularExpression directive(QStringLiteral("\\b(requirepass|masterauth)(\\s+)(\\S+)"));
  static const QRegularExpression command(QStringLiteral("\\b(AUTH|HELLO \\d AUTH)((?:\\s+(?:\"[^\"]*\"|'[^']*'|[^\\s\"',.;:]+)){1,2})(?=\\s*$|[\"',;\\n])"));
  static const QRegularExpression header(QStringLiteral("\\b(Authorization:\\s*(?:Basic|Bearer)\\s+)\\S+"), QRegularExpression::CaseInsensitiveOption);
  static const QRegularExpression acl(QStringLiteral("(\\bACL SETUSER\\b.*?\\s)>\\S+"));
  QStringList living;
  {
    const std::lock_guard lock(m_data->mutex);
    for (const QStringList& forms : std::as_const(m_data->forms)) living += forms;
  }
  // The longest first: where one secret begins with another one, its rest would stay.
  std::sort(living.begin(), living.end(), [](const QString& a, const QString& b) { return a.size() > b.size(); });
  for (const QString& form : std::as_const(living)) text.replace(form, stars);
  text.replace(inUrl, QStringLiteral("\\1***@"));
  text.replace(assigned, QStringLiteral("\\1\\2***"));
  text.replace(command, QStringLiteral("\\1 ***"));
  text.replace(header, QStringLiteral("\\1***"));
  text.replace(acl, QStringLiteral("\\1>***"));
  text.replace(directive, QStringLiteral("\\1\\2***"));
  return text;
}

}  // namespace cachedeck
