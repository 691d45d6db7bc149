// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sources/http/http_settings.h"
#include "core/sources/source.h"

#include <span>

namespace cachedeck {

// The connection fields of the three HTTP sources: url, auth, user, password (also the token), header, header_value,
// ca, cert, key; those of Prometheus also redis_selector, postgres_selector and app_selector.
std::span<const FieldInfo> prometheusFields();
std::span<const FieldInfo> alertmanagerFields();
std::span<const FieldInfo> pushgatewayFields();

/// Fields as settings of the HTTP client; an empty url means the default in `fields`. Errors (Usage) name the field.
Result<HttpSettings> httpSettings(const SourceSettings& settings, std::span<const FieldInfo> fields);

/// Fields from "http(s)://user:password@host:port/prefix"; a user makes the auth basic. Errors (Usage) never repeat the
/// URL, which may hold a password.
Result<SourceSettings> httpSettingsFromUrl(const QString& url);

}  // namespace cachedeck
