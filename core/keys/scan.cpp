// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/scan.h"

#include "core/keys/filter_refusal.h"
#include "core/keys/key_set.h"
#include "core/keys/pace.h"
#include "core/keys/slot_moves.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

constexpr std::chrono::milliseconds pageDeadline{20000};  // a page of a server that is busy with other things
constexpr qsizetype namesAtOnce = 500;
constexpr int mostRounds = 8;  // over the nodes that were given slots meanwhile

Error strange(const RedisConnection& connection) {
  return fail(Error::Kind::Protocol, QStringLiteral("%1 answered SCAN with something else than a cursor and names.").arg(connection.options().endpoint()));
}

FactNeeds neededBy(const Selector& selector, FactNeeds needs) {
  needs.bytes |= selector.bytesAbove.has_value();
  needs.type |= !selector.type.isEmpty();
  needs.ttl |= selector.ttlAboveMs || selector.ttlBelowMs || selector.withoutTtl;
  needs.idle |= selector.idleAboveS.has_value();
  return needs;
}

/// A fact that is not known, of a key that has gone meanwhile for example, does not pass: nothing is acted on by guess.
bool passes(const Selector& selector, const ScanFacts& facts) {
  if (!facts.exists) return false;
  if (!selector.type.isEmpty() && facts.type != selector.type) return false;
  if (selector.ttlAboveMs && !(facts.ttlMs && *facts.ttlMs > *selector.ttlAboveMs)) return false;
  if (selector.ttlBelowMs && !(facts.ttlMs && *facts.ttlMs >= 0 && *facts.ttlMs < *selector.ttlBelowMs)) return false;
  if (selector.withoutTtl && facts.ttlMs != -1) return false;
  if (selector.idleAboveS && !(facts.idleSeconds && *facts.idleSeconds > *selector.idleAboveS)) return false;
  return !selector.bytesAbove || (facts.bytes && *facts.bytes > *selector.bytesAbove);
}

/// One walk over a server, or over one after the other, page by page.
class Scan {
 public:
  /// `servers`: of a cluster, where names may have gone meanwhile. `entry`: what is asked, for messages.
  Scan(Servers* servers, RedisOptions entry, const Selector& selector, const ScanOptions& options, ScanProgress& progress, const std::stop_token& stop, const Visit& visit)
      : m_servers(servers), m_entry(std::move(entry)), m_selector(selector), m_options(options), m_needs(neededBy(selector, options.facts)), m_progress(progress), m_stop(stop), m_visit(visit),
        m_pace(options.count, options.budgetMs, options.keysPerSecond, m_probe) {}

  Result<ScanResult> overServer(RedisConnection& connection);
  Result<ScanResult> overServers();
  Result<ScanResult> overNames(RedisConnection* connection);

 private:
  Result<qint64> askSize(RedisConnection& connection);
  Result<void> overPrimaries(const SlotMap& map, const std::set<QString>& ids);
  Result<void> overDatabases(std::span<RedisConnection* const> connections);
  Result<void> overDatabase(RedisConnection& connection, qint64 size);
  Result<QByteArray> take(const RedisConnection& connection, const Reply& page);
  Result<void> sendOn(std::span<const RedisCommand> questions, std::span<Reply> answers);
  Result<void> show(std::span<const Reply> answers);
  void measure(std::vector<RedisOptions> servers) {
    if (m_options.budgetMs > 0) m_probe.aim(std::move(servers));
  }

  Servers* const m_servers;
  const RedisOptions m_entry;
  const Selector& m_selector;
  const ScanOptions& m_options;
  const FactNeeds m_needs;
  ScanProgress& m_progress;
  const std::stop_token& m_stop;
  const Visit& m_visit;
  Probe m_probe;
  Pace m_pace;
  KeySet m_seen;
  std::vector<QByteArray> m_page;  // names of this page that are new and match
  ScanResult m_result;
};

Result<qint64> Scan::askSize(RedisConnection& connection) {
  const Result<Reply> reply = connection.command({"DBSIZE"}, Deadline(pageDeadline), m_stop);
  if (!reply) return reply.error();
  if (reply->isError()) return connection.error(*reply);
  return reply->integer();
}

/// Keeps the names of a page, and gives the cursor of the next.
Result<QByteArray> Scan::take(const RedisConnection& connection, const Reply& reply) {
  if (reply.isError()) return connection.error(reply);
  const Reply::Item root = reply.root();
  if (root.size() != 2) return strange(connection);
  auto part = root.begin();
  const Reply::Item cursor = *part, names = *++part;
  if (cursor.type() != Reply::Type::Text || !names.isArray()) return strange(connection);
  m_page.clear();
  for (const Reply::Item name : names) {
    if (name.type() != Reply::Type::Text) return strange(connection);
    if (m_selector.matches(name.text()) && (!m_options.unique || m_seen.insert(name.text()))) m_page.push_back(name.text().toByteArray());
  }
  return cursor.text().toByteArray();
}

/// A key on the move between two nodes is asked about where it is now.
Result<void> Scan::sendOn(std::span<const RedisCommand> questions, std::span<Reply> answers) {
  if (!m_servers) return {};
  std::vector<std::size_t> moved;
  std::vector<RedisCommand> again;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i].isError() || !(answers[i].text().startsWith("MOVED ") || answers[i].text().startsWith("ASK "))) continue;
    moved.push_back(i);
    again.push_back(questions[i]);
  }
  if (moved.empty()) return {};
  Result<std::vector<Reply>> replies = m_servers->ask(again, pageDeadline, m_stop);
  if (!replies) return replies.error();
  for (std::size_t i = 0; i < moved.size(); ++i) answers[moved[i]] = std::move((*replies)[i]);
  return {};
}

Result<void> Scan::show(std::span<const Reply> answers) {
  const std::size_t each = m_needs.questions();
  for (std::size_t i = 0; i < m_page.size() && !m_result.stopped; ++i) {
    const std::span<const Reply> own = answers.subspan(i * each, each);
    if (const std::optional<Error> refusal = filterRefusal(m_selector, m_needs, m_page[i], own, m_entry)) return *refusal;
    const ScanFacts facts = readFacts(m_needs, own, m_result.own);
    if (!passes(m_selector, facts)) continue;
    ++m_result.matched;
    const Result<bool> goesOn = m_visit(m_page[i], facts);
    if (!goesOn) return goesOn.error();
    m_result.stopped = !*goesOn;
  }
  m_progress.matched = m_result.matched;
  return {};
}

Result<void> Scan::overDatabase(RedisConnection& connection, qint64 size) {
  const qint64 before = m_progress.scanned;
  const QByteArray pattern = m_selector.serverPattern();
  const auto scan = [&](const QByteArray& cursor) { return RedisCommand{"SCAN", cursor, "MATCH", pattern, "COUNT", QByteArray::number(m_pace.page())}; };
  measure({connection.options()});
  std::vector<RedisCommand> commands{scan("0")};
  if (const Result<void> sent = connection.send(commands); !sent) return sent;
  Result<std::vector<Reply>> replies = connection.collect(1, Deadline(pageDeadline), m_stop);
  while (replies) {
    const Result<QByteArray> cursor = take(connection, replies->back());
    if (!cursor) return cursor.error();
    const bool more = *cursor != "0";
    commands.clear();
    for (const QByteArray& name : m_page) askFacts(m_needs, name, commands);
    const std::size_t questions = commands.size();
    if (more) commands.push_back(scan(*cursor));
    if (const Result<void> sent = connection.send(commands); !sent) return sent;
    m_progress.scanned = std::min(m_progress.scanned + m_pace.page(), before + size);
    if (questions == 0) {  // the server works on the next page meanwhile
      if (const Result<void> shown = show({}); !shown) return shown;
    }
    if (commands.empty()) break;
    replies = connection.collect(commands.size(), Deadline(pageDeadline), m_stop);
    if (!replies) break;
    if (questions > 0) {
      const std::span<Reply> answers = std::span(*replies).first(questions);
      if (const Result<void> sent = sendOn(commands, answers); !sent) return sent;
      if (const Result<void> shown = show(answers); !shown) return shown;
    }
    m_pace.after(questions > 0 ? static_cast<qsizetype>(m_page.size()) : 0, m_stop);
    if (!more || m_result.stopped) break;
  }
  if (!replies) return replies.error();
  if (!m_result.stopped) m_progress.scanned = before + size;
  return {};
}

Result<void> Scan::overDatabases(std::span<RedisConnection* const> connections) {
  std::vector<qint64> sizes;
  for (RedisConnection* connection : connections) {
    const Result<qint64> size = askSize(*connection);
    if (!size) return size.error();
    sizes.push_back(*size);
    m_progress.expected += *size;
  }
  for (std::size_t i = 0; i < sizes.size() && !m_result.stopped; ++i)
    if (const Result<void> done = overDatabase(*connections[i], sizes[i]); !done) return done;
  return {};
}

Result<ScanResult> Scan::overServer(RedisConnection& connection) {
  RedisConnection* const only[] = {&connection};
  m_progress.expected = m_progress.scanned = 0;
  if (const Result<void> done = overDatabases(only); !done) return done.error();
  m_result.scanned = m_progress.expected;
  return m_result;
}

Result<void> Scan::overPrimaries(const SlotMap& map, const std::set<QString>& ids) {
  std::vector<std::unique_ptr<RedisConnection>> own;  // those of the servers may go when a key is followed
  std::vector<RedisConnection*> connections;
  for (const QString& id : ids) {
    own.push_back(std::make_unique<RedisConnection>(map.primaries.at(id)));
    if (const Result<void> opened = own.back()->open(m_stop); !opened) return opened;
    connections.push_back(own.back().get());
  }
  return overDatabases(connections);
}

/// A key that went to a node that was gone through already, before its own was, would be missed: such nodes are gone through again.
Result<ScanResult> Scan::overServers() {
  Result<SlotMap> before = askSlotMap(*m_servers, m_stop);
  if (!before) return before.error();
  std::set<QString> nodes = before->ids();
  std::optional<std::set<SlotAt>> goneThrough;
  m_progress.expected = m_progress.scanned = 0;
  for (int round = 1; round <= mostRounds; ++round) {
    if (const Result<void> done = overPrimaries(*before, nodes); !done) return done.error();
    if (round == 1) m_result.scanned = m_progress.expected;
    if (m_result.stopped) return m_result;
    Result<SlotMap> after = askSlotMap(*m_servers, m_stop);
    if (!after) return after.error();
    goneThrough = gainers(*before, *after, goneThrough);
    if (goneThrough->empty()) return m_result;
    nodes.clear();
    for (const SlotAt& place : *goneThrough) nodes.insert(place.first);
    before = std::move(after);
  }
  return fail(Error::Kind::Busy, QStringLiteral("Slots of the cluster of %1 kept moving between its nodes while it was scanned, so keys may be missing from what was found. Try again when the resharding is over.").arg(m_entry.endpoint()));
}

Result<ScanResult> Scan::overNames(RedisConnection* connection) {
  m_result.scanned = m_selector.names.size();
  m_progress.expected = m_result.scanned;
  std::vector<RedisCommand> commands;
  measure(m_servers ? m_servers->primaries() : std::vector<RedisOptions>{connection->options()});
  for (qsizetype from = 0, part = 0; from < m_selector.names.size() && !m_result.stopped; from += part) {
    m_page.clear();
    commands.clear();
    part = std::min<qsizetype>(namesAtOnce, m_pace.page());
    for (const QByteArray& name : m_selector.names.mid(from, part))
      if (m_seen.insert(name)) m_page.push_back(name);
    for (const QByteArray& name : m_page) askFacts(m_needs, name, commands);
    const Result<std::vector<Reply>> replies = m_servers ? m_servers->ask(commands, pageDeadline, m_stop) : connection->pipeline(commands, Deadline(pageDeadline), m_stop);
    if (!replies) return replies.error();
    if (const Result<void> shown = show(*replies); !shown) return shown.error();
    m_progress.scanned = std::min(from + part, m_selector.names.size());
    m_pace.after(static_cast<qsizetype>(m_page.size()), m_stop);
  }
  return m_result;
}

ScanOptions forNames(ScanOptions options) {
  options.facts.bytes = true;  // says whether the key is there, and counts as no look-up
  return options;
}

}  // namespace

Result<ScanResult> scanKeys(Servers& servers, const Selector& selector, const ScanOptions& options, ScanProgress& progress, const std::stop_token& stop, const Visit& visit) {
  if (selector.byName) return Scan(&servers, servers.entry(), selector, forNames(options), progress, stop, visit).overNames(nullptr);
  if (servers.isCluster()) return Scan(&servers, servers.entry(), selector, options, progress, stop, visit).overServers();
  RedisConnection own(servers.primaries().front());  // that of `servers` may go when it is asked anew
  if (const Result<void> opened = own.open(stop); !opened) return opened.error();
  return Scan(nullptr, servers.entry(), selector, options, progress, stop, visit).overServer(own);
}

Result<ScanResult> scanKeys(const RedisOptions& entry, const Selector& selector, const ScanOptions& options, ScanProgress& progress, const std::stop_token& stop, const Visit& visit) {
  Servers servers(entry);
  if (const Result<void> asked = servers.refresh(stop); !asked) return asked.error();
  return scanKeys(servers, selector, options, progress, stop, visit);
}

Result<ScanResult> scanKeys(RedisConnection& connection, const Selector& selector, const ScanOptions& options, ScanProgress& progress, const std::stop_token& stop, const Visit& visit) {
  const Result<Topology::Kind> kind = askKind(connection, stop);
  if (!kind) return kind.error();
  if (*kind != Topology::Kind::Standalone) return scanKeys(connection.options(), selector, options, progress, stop, visit);
  if (selector.byName) return Scan(nullptr, connection.options(), selector, forNames(options), progress, stop, visit).overNames(&connection);
  return Scan(nullptr, connection.options(), selector, options, progress, stop, visit).overServer(connection);
}

}  // namespace cachedeck::keys
