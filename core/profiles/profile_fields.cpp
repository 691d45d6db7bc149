// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/profile_fields.h"

#include <QtGlobal>

namespace cachedeck {

namespace {

using Kind = FieldInfo::Kind;

const FieldInfo rows[] = {
    {serviceUrlField, QT_TRANSLATE_NOOP("Field", "URL of the service"), Kind::Text, "none",
     QT_TRANSLATE_NOOP("Field", "Where load runs send their requests: http(s)://host:port, without user and password.")},
    {maxUsersField, QT_TRANSLATE_NOOP("Field", "Most virtual users"), Kind::Number, "0", QT_TRANSLATE_NOOP("Field", "A load run that asks for more is refused. 0: unlimited.")},
    {maxRateField, QT_TRANSLATE_NOOP("Field", "Most iterations a second"), Kind::Number, "0",
     QT_TRANSLATE_NOOP("Field", "A load run with a higher arrival rate is refused, and users who would be faster wait. 0: unlimited.")},
    {recordField, QT_TRANSLATE_NOOP("Field", "Record"), Kind::Switch, "", QT_TRANSLATE_NOOP("Field", "Keep every sample of this profile on disk while the console is open: two weeks, at most 512 MB.")},
};

}  // namespace

std::span<const FieldInfo> profileFields() { return rows; }

int limitOf(const QMap<QString, QString>& profileFields, const char* key) {
  const QString text = profileFields.value(QLatin1String(key)).trimmed();
  bool isNumber = false;
  const int limit = text.toInt(&isNumber);
  return text.isEmpty() ? 0 : isNumber && limit >= 0 ? limit : -1;
}

}  // namespace cachedeck
