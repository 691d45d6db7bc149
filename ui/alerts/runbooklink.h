// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QUrl>

#include <optional>

namespace cachedeck {

/// Where the program's own pages may stand: installed with it, or in the sources that it was built in.
QStringList documentFolders();

/// What an alert's `runbook_url` opens: a page of the web, or the page of docs/ that came with the program. None: it can only be copied.
std::optional<QUrl> runbookLink(const QString& text, const QStringList& folders = documentFolders());

}  // namespace cachedeck
