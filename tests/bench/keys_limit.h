// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace cachedeck {

/// What the server allows at most: SCAN and EXPIRE of every risk:* in one pass over hiredis, without a plan, a count, an old expiry that is kept, or a pause. Gives an exit code.
int setExpiriesInOnePass(int port, int seconds);

}  // namespace cachedeck
