// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_query.h"

#include "core/keys/sql_names.h"
#include "core/profiles/prompt.h"

namespace cachedeck {

namespace {

constexpr qint64 mostNames = 10'000'000;

}  // namespace

Result<QList<QByteArray>> namesOfQuery(const KeysArguments& arguments, Secrets& secrets) {
  if (arguments.keyTemplate.empty()) return fail(Error::Kind::Usage, QStringLiteral("--sql needs --template, such as product:{id}, with the query's columns in braces."));
  const Result<keys::KeyTemplate> form = keys::KeyTemplate::parse(QString::fromStdString(arguments.keyTemplate));
  if (!form) return form.error();
  Result<Profile> profile = arguments.sources.profile(secrets);
  if (!profile) return profile.error();
  const QString postgres = QStringLiteral("postgres");
  for (auto source = profile->sources.begin(); source != profile->sources.end(); ++source) source->enabled = source->enabled && source.key() == postgres;
  const Result<ResolvedSettings> resolved = resolveOrAsk(secrets, *profile);
  if (!resolved) return resolved.error();
  if (!resolved->sources.contains(postgres)) return fail(Error::Kind::Usage, QStringLiteral("--sql needs a PostgreSQL: add --postgres URL, or use a --profile that has one."));
  PostgresConnection connection(resolved->sources.value(postgres));
  if (const Result<void> opened = connection.open({}); !opened) return opened.error();
  return keys::namesFromQuery(connection, QString::fromStdString(arguments.sql), *form, mostNames, {});
}

}  // namespace cachedeck
