// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/postgres/postgres_target.h"

namespace cachedeck {

/// libpq says only "certificate verify failed". This begins TLS once more, without any credentials, to find out why
/// (expired, unknown authority, other name …), and puts the cause into the message and the certificate's SHA-256 and
/// dates into the detail. Takes 2 s at most; leaves the error as it is when nothing more can be learnt.
void explainCertificate(Error& error, const PostgresParameters& parameters, const PostgresPlace& place, const std::stop_token& stop);

}  // namespace cachedeck
