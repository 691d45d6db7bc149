// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/facts.h"
#include "core/keys/selector.h"

namespace cachedeck::keys {

/// Why a filter cannot be told of a key, since the server refused the question behind it: were it left out, a count would be wrong without a word. Nothing where all that filters need was answered.
/// `answers`: to askFacts(needs) of this one key.
std::optional<Error> filterRefusal(const Selector& selector, const FactNeeds& needs, const QByteArray& name, std::span<const Reply> answers, const RedisOptions& server);

}  // namespace cachedeck::keys
