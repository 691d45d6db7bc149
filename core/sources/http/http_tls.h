// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sources/http/http_settings.h"

#include <QList>
#include <QSslConfiguration>
#include <QSslError>

namespace cachedeck {

/// TLS 1.2 and later, the peer and its name verified, with the files of the settings. Errors name the file that cannot
/// be read or used.
Result<QSslConfiguration> tlsConfiguration(const HttpSettings& settings);

/// The sentence for the first cause, with the certificate's digest and dates and all causes in the detail.
Error tlsError(const QUrl& url, const QList<QSslError>& errors);

}  // namespace cachedeck
