// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/named_servers.h"

#include "core/profiles/prompt.h"

namespace cachedeck {

Expected<NamedServers, NoServers> namedServers(const SourceOptions& options, Secrets& secrets) {
  Result<Profile> profile = options.profile(secrets);
  if (!profile) return NoServers{profile.error(), 2};
  const Result<ResolvedSettings> resolved = resolveOrAsk(secrets, *profile);
  if (!resolved) return NoServers{resolved.error(), resolved.error().isCancelled() ? 1 : 3};
  if (resolved->sources.isEmpty()) return NoServers{fail(Error::Kind::Usage, QStringLiteral("The profile has no enabled source.")), 2};
  return NamedServers{std::move(*profile), resolved->sources};
}

}  // namespace cachedeck
