// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/delete_pages.h"
#include "core/keys/expiry_pages.h"

namespace cachedeck::keys {

std::unique_ptr<PageRunner> PageRunner::make(const Parts& parts) {
  if (parts.action.deletes()) return std::make_unique<DeletePages>(parts);
  return std::make_unique<ExpiryPages>(parts);
}

bool PageRunner::goesDirect(const Action& action, const RunOptions& options) {
  if (options.undo) return false;
  return action.deletes() || action.setsOutright();
}

}  // namespace cachedeck::keys
