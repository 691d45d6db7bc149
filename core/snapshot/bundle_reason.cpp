// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/bundle_reason.h"

#include <QLocale>

namespace cachedeck::snapshot {

Error reason(QString clause, QString advice) {
  if (advice.isEmpty()) advice = QStringLiteral("It was damaged or changed: get it again from where it was made.");
  return fail(Error::Kind::Protocol, std::move(clause), std::move(advice));
}

Error inFile(const QString& path, const Error& error) {
  if (error.kind != Error::Kind::Protocol) return error;
  return fail(error.kind, QStringLiteral("%1 cannot be opened as a snapshot: %2. %3").arg(path, error.message, error.detail));
}

QString sizeText(qint64 bytes) {
  if (bytes < 1024) return QStringLiteral("%1 bytes").arg(bytes);
  return QLocale::c().formattedDataSize(bytes, 1, QLocale::DataSizeIecFormat);
}

}  // namespace cachedeck::snapshot
