// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace cachedeck::keys {

/// A JSON object or array with one value a line; nothing when it is not JSON, nests too deep (QJsonDocument: 1024) or would become longer than 16 MB. Only
/// white space changes: numbers, escapes, the order of the fields and fields that come twice stay as they are written.
std::optional<QByteArray> indentedJson(const QByteArray& bytes);

}  // namespace cachedeck::keys
