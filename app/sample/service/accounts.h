// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sample/service/database.h"

namespace cachedeck::sample {

/// Whether the password is that of the user, who is known by name or mail address. An unknown user takes as long as a wrong password.
cacheaside::Outcome<bool> passwordFits(const Database& database, cacheaside::Time since, const std::string& user, const std::string& password);

/// Makes the user, or gives it this password; stored as bcrypt.
cacheaside::Outcome<void> keepUser(cacheaside::Pool& pool, const std::string& user, const std::string& password, std::stop_token stop);

}  // namespace cachedeck::sample
