// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/settings.h"

#include <QJsonDocument>

namespace cachedeck {

namespace {

constexpr qint64 largestFile = 1 << 20;

constexpr SettingInfo catalog[] = {
    {"theme.scheme", "dark", "dark|light|system", QT_TRANSLATE_NOOP("Settings", "Colours of the window.")},
    {"view.range", "0", "0|300|900|3600|10800|21600|86400",
     QT_TRANSLATE_NOOP("Settings", "Seconds shown in the charts; 0 grows with what is known.")},
    {"snapshots.every", "0", "0|900|3600|21600|86400", QT_TRANSLATE_NOOP("Settings", "Seconds between snapshots that are taken by themselves; 0: none.")},
    {"snapshots.after_runs", "no", "no|yes", QT_TRANSLATE_NOOP("Settings", "A snapshot is taken after each load run.")},
    {"alerts.muted", "no", "no|yes", QT_TRANSLATE_NOOP("Settings", "The desktop is not told of alerts that begin to fire.")},
    {"window.geometry", "", "", QT_TRANSLATE_NOOP("Settings", "Place and size of the window, base64.")},
};

const SettingInfo* find(const char* key) {
  for (const SettingInfo& row : catalog)
    if (qstrcmp(row.key, key) == 0) return &row;
  return nullptr;
}

bool allows(const SettingInfo& row, const QString& value) {
  const QString choices = QString::fromLatin1(row.choices);
  return choices.isEmpty() || choices.split(QLatin1Char('|')).contains(value);
}

}  // namespace

std::span<const SettingInfo> settingsCatalog() { return catalog; }

Settings::Settings(QString folder) : m_folder(std::move(folder)) {}

Result<QJsonObject> Settings::read() const {
  const auto bytes = readPrivateFile(file(), largestFile);
  if (!bytes) return bytes.error();
  QJsonParseError parse;
  const QJsonDocument json = QJsonDocument::fromJson(*bytes, &parse);
  if (!json.isObject()) return fail(Error::Kind::Protocol, QStringLiteral("It is not JSON: %1.").arg(parse.errorString()));
  return json.object();
}

Result<void> Settings::load() {
  m_values = {};
  m_notices.clear();
  if (auto made = makePrivateFolder(m_folder); !made) return made;
  const auto values = read();
  if (values) {
    m_values = *values;
  } else if (values.error().kind == Error::Kind::Permission) {
    return values.error();
  } else if (values.error().kind != Error::Kind::NotFound) {
    const auto aside = keepAside(file());
    m_notices += QStringLiteral("The settings in %1 could not be used, so the defaults apply. %2 %3")
                     .arg(file(), values.error().message,
                          aside ? QStringLiteral("It was kept as %1.").arg(*aside) : aside.error().message);
  }
  return {};
}

QString Settings::value(const char* key) const {
  const SettingInfo* const row = find(key);
  Q_ASSERT(row);
  const QString stored = m_values.value(QLatin1String(key)).toString();
  return !stored.isEmpty() && allows(*row, stored) ? stored : QString::fromLatin1(row->fallback);
}

Result<void> Settings::set(const char* key, const QString& value) {
  const SettingInfo* const row = find(key);
  if (!row || !allows(*row, value))
    return fail(Error::Kind::Usage, QStringLiteral("“%1” cannot be set to “%2”.").arg(QLatin1String(key), value));
  if (m_values.contains(QLatin1String(key)) && m_values.value(QLatin1String(key)).toString() == value) return {};
  if (auto made = makePrivateFolder(m_folder); !made) return made;
  return underLock(file(), [&]() -> Result<void> {
    if (const auto onDisk = read(); onDisk) m_values = *onDisk;
    m_values.insert(QLatin1String(key), value);
    return writePrivateFile(file(), QJsonDocument(m_values).toJson());
  });
}

}  // namespace cachedeck
