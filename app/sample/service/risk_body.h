// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sample/http/exchange.h"
#include "core/base/expected.h"

#include <array>
#include <optional>

namespace cachedeck::sample {

/// A risk as clients write it, in the order of the statements: title, description, severity, status, likelihood, impact, owner.
using RiskFields = std::array<std::string, 7>;

/// Reads a body. A 400 names the field, or the byte at which it stops being JSON. Only description ("") may be left out, and
/// for a new risk status ("open").
Expected<RiskFields, Reply> readRisk(const std::string& body, bool isNew);

struct LoginBody {
  std::string name, password;  ///< the name or the mail address
};
Expected<LoginBody, Reply> readLogin(const std::string& body);

}  // namespace cachedeck::sample
