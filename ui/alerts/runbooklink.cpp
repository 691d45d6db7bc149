// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/runbooklink.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QRegularExpression>

namespace cachedeck {

QStringList documentFolders() {
  const QString program = QCoreApplication::applicationDirPath();
  return {program + QStringLiteral("/../share/doc/cachedeck"), program + QStringLiteral("/../../../docs")};  // built in build/PRESET/bin
}

// The text is the server's: nothing is opened but what can be read in it.
std::optional<QUrl> runbookLink(const QString& text, const QStringList& folders) {
  constexpr qsizetype longest = 1000;
  if (text.size() > longest || text != printable(text, longest)) return std::nullopt;
  static const QRegularExpression page(QStringLiteral("\\Adocs/([A-Za-z0-9_-]+\\.md)(?:#[A-Za-z0-9_-]*)?\\z"));
  if (const QRegularExpressionMatch match = page.match(text); match.hasMatch()) {
    for (const QString& folder : folders)
      if (const QFileInfo file(folder + QLatin1Char('/') + match.captured(1)); file.isFile()) return QUrl::fromLocalFile(file.canonicalFilePath());
    return std::nullopt;
  }
  const QUrl url(text, QUrl::StrictMode);
  const bool isWeb = url.scheme() == QLatin1String("https") || url.scheme() == QLatin1String("http");
  return isWeb && url.isValid() && !url.host().isEmpty() && url.userInfo().isEmpty() ? std::optional(url) : std::nullopt;
}

}  // namespace cachedeck
