// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/facts.h"

#include "core/base/redactor.h"
#include "core/snapshot/fact_catalog.h"
#include "core/snapshot/fact_text.h"

namespace cachedeck::snapshot {

namespace {

/// Who answers there; it also spares a server that is down, or that refuses the password, an attempt a table.
Result<ServerFacts> greet(const SourceInfo& info, const SourceSettings& settings, const std::stop_token& stop) {
  const SystemClock clock;
  const std::unique_ptr<Source> source = info.create(settings, clock);
  const Result<Identity> who = source->connect(stop);
  source->disconnect();
  if (!who) return who.error();
  return ServerFacts{QString::fromLatin1(info.id), factCell(who->product), factCell(who->version), factCell(who->endpoint), factCell(who->role)};
}

QString titleOf(const SourceInfo& info) { return QString::fromUtf8(info.title); }

/// Sentences with one cause are one: "Redis INFO, Redis configuration: …".
class MissingFacts {
 public:
  void add(const QString& what, const Error& error) {
    const QString cause = missingSentence({}, error);
    for (auto& [causeOf, things] : m_causes)
      if (causeOf == cause) {
        things += what;
        return;
      }
    m_causes.append({cause, {what}});
  }
  QStringList sentences() const {
    QStringList all;
    for (const auto& [cause, things] : m_causes) all += things.join(QLatin1String(", ")) + cause;
    return all;
  }

 private:
  QList<std::pair<QString, QStringList>> m_causes;
};

void cut(FactTable& table, QStringList& notes) {
  if (table.rows.size() <= mostFactRows) return;
  notes += QStringLiteral("%1: %2 of %3 rows are kept.").arg(table.title, QString::number(mostFactRows), QString::number(table.rows.size()));
  table.rows.resize(mostFactRows);
}

void gatherTables(const SourceInfo& info, FactLinks& links, Gathered& gathered) {
  MissingFacts missing;
  QStringList notes;
  for (const FactInfo& fact : factCatalog()) {
    if (QLatin1String(fact.source) != QLatin1String(info.id) || links.stop.stop_requested()) continue;
    Result<FactTable> table = fact.make(links, notes);
    if (!table) {
      missing.add(QString::fromUtf8(fact.title), table.error());
      continue;
    }
    table->id = QString::fromLatin1(fact.id);
    table->title = QString::fromUtf8(fact.title);
    cut(*table, notes);
    gathered.facts += std::move(*table);
  }
  gathered.missing += missing.sentences() + notes;
}

}  // namespace

Gathered gatherFacts(const QMap<QString, SourceSettings>& sources, qint64 fromMs, qint64 toMs, const std::stop_token& stop, const FactOptions& options) {
  Gathered gathered;
  FactLinks links(sources, fromMs, toMs, stop, options);
  for (const SourceInfo& info : sourceRegistry()) {
    const auto settings = sources.find(QString::fromLatin1(info.id));
    if (settings == sources.end() || stop.stop_requested()) continue;
    const Result<ServerFacts> server = greet(info, *settings, stop);
    if (!server) {
      gathered.missing += missingSentence(QStringLiteral("Everything of %1").arg(titleOf(info)), server.error());
      continue;
    }
    gathered.servers += *server;
    gatherTables(info, links, gathered);
  }
  for (QString& sentence : gathered.missing) sentence = redact(sentence);
  return gathered;
}

}  // namespace cachedeck::snapshot
