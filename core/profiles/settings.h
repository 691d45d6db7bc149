// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/privatefile.h"

#include <QJsonObject>
#include <QStringList>

#include <span>

namespace cachedeck {

/// A setting of the program, described once.
struct SettingInfo {
  const char* key;
  const char* fallback;      ///< applies when nothing, or something that is not allowed, is stored
  const char* choices = "";  ///< allowed values, parted by |; empty: any text
  const char* help = "";     ///< one sentence, translatable
};

std::span<const SettingInfo> settingsCatalog();

/// The settings of this user, in settings.json. A damaged file is kept aside and the defaults apply, which is said.
class Settings {
 public:
  explicit Settings(QString folder = configDirectory());

  Result<void> load();
  const QStringList& notices() const { return m_notices; }

  /// The value of a catalog key, or its default.
  QString value(const char* key) const;
  /// Usage error for a key or value that the catalog does not allow. Written at once; keys of newer versions stay.
  Result<void> set(const char* key, const QString& value);

  QString file() const { return m_folder + QStringLiteral("/settings.json"); }

 private:
  Result<QJsonObject> read() const;

  QString m_folder;
  QJsonObject m_values;
  QStringList m_notices;
};

}  // namespace cachedeck
