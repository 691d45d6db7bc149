// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/whole_file.h"

#include <QSaveFile>

namespace cachedeck {

Result<void> writeWhole(const QByteArray& bytes, const QString& path) {
  QSaveFile file(path);
  if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit()) return {};
  return fail(Error::Kind::Io, QStringLiteral("%1 was not written: %2.").arg(path, file.errorString()));
}

}  // namespace cachedeck
