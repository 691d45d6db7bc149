// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/operation_owner.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

/// "production 10.0.0.5:6379 db 0 as shop" begins with it.
std::optional<Environment> journaledEnvironment(const QString& operation, const Journal& journal) {
  const Result<QList<JournalEntry>> entries = journal.read();
  if (!entries) return std::nullopt;
  const auto begun = std::ranges::find_if(*entries, [&](const JournalEntry& entry) { return entry.operation == operation && entry.phase == QLatin1String("begin"); });
  if (begun == entries->end()) return std::nullopt;
  return environmentFromKey(begun->where.section(QLatin1Char(' '), 0, 0));
}

}  // namespace

OperationOwner ownerOf(const OperationSummary& summary, const Journal& journal) {
  OperationOwner owner{summary.plan[QLatin1String("profile")].toString()};
  const QString environment = summary.plan[QLatin1String("environment")].toString();
  owner.environment = environment.isEmpty() ? journaledEnvironment(summary.id, journal) : environmentFromKey(environment);
  return owner;
}

}  // namespace cachedeck::keys
