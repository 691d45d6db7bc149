// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct pg_conn;

namespace cachedeck::cacheaside {

/// Asks the server to cancel the statement that runs on `link`, from a thread that nobody waits for: PQcancel blocks for as
/// long as the server or the network does. The link may be closed right after.
void cancelInBackground(pg_conn* link);

}  // namespace cachedeck::cacheaside
