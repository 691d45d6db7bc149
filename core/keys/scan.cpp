// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/scan.h"

#include "core/keys/key_set.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

constexpr std::chrono::milliseconds pageDeadline{20000};  // a page of a server that is busy with other things
constexpr std::size_t namesAtOnce = 500;

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

/// A fact that could not be learnt does not pass: nothing is acted on by guess.
bool passes(const Selector& selector, const ScanFacts& facts) {
  if (!facts.exists) return false;
  if (!selector.type.isEmpty() && facts.type != selector.type) return false;
  if (selector.ttlAboveMs && !(facts.ttlMs && *facts.ttlMs > *selector.ttlAboveMs)) return false;
  if (selector.ttlBelowMs && !(facts.ttlMs && *facts.ttlMs >= 0 && *facts.ttlMs < *selector.ttlBelowMs)) return false;
  if (selector.withoutTtl && facts.ttlMs != -1) return false;
  if (selector.idleAboveS && !(facts.idleSeconds && *facts.idleSeconds > *selector.idleAboveS)) return false;
  return !selector.bytesAbove || (facts.bytes && *facts.bytes > *selector.bytesAbove);
}

/// One walk, page by page.
class Scan {
 public:
  Scan(RedisConnection& connection, const Selector& selector, const ScanOptions& options, ScanProgress& progress, const std::stop_token& stop, const Visit& visit)
      : m_connection(connection), m_selector(selector), m_options(options), m_needs(neededBy(selector, options.facts)), m_progress(progress), m_stop(stop), m_visit(visit) {}

  Result<ScanResult> overDatabase();
  Result<ScanResult> overNames();

 private:
  Result<std::vector<Reply>> collect(std::size_t count) { return m_connection.collect(count, Deadline(pageDeadline), m_stop); }
  Result<void> askSize();
  Result<QByteArray> take(const Reply& page);
  Result<void> show(std::span<const Reply> answers);

  RedisConnection& m_connection;
  const Selector& m_selector;
  const ScanOptions& m_options;
  const FactNeeds m_needs;
  ScanProgress& m_progress;
  const std::stop_token& m_stop;
  const Visit& m_visit;
  KeySet m_seen;
  std::vector<QByteArray> m_page;  // names of this page that are new and match
  ScanResult m_result;
};

Result<void> Scan::askSize() {
  const RedisCommand size{"DBSIZE"};
  if (const Result<void> sent = m_connection.send({&size, 1}); !sent) return sent;
  const Result<std::vector<Reply>> replies = collect(1);
  if (!replies) return replies.error();
  if (replies->front().isError()) return m_connection.error(replies->front());
  m_result.scanned = replies->front().integer();
  m_progress.expected = m_result.scanned;
  return {};
}

/// Keeps the names of a page, and gives the cursor of the next.
Result<QByteArray> Scan::take(const Reply& reply) {
  if (reply.isError()) return m_connection.error(reply);
  const Reply::Item root = reply.root();
  if (root.size() != 2) return strange(m_connection);
  auto part = root.begin();
  const Reply::Item cursor = *part, names = *++part;
  if (cursor.type() != Reply::Type::Text || !names.isArray()) return strange(m_connection);
  m_page.clear();
  for (const Reply::Item name : names) {
    if (name.type() != Reply::Type::Text) return strange(m_connection);
    if (m_selector.matches(name.text()) && (!m_options.unique || m_seen.insert(name.text()))) m_page.push_back(name.text().toByteArray());
  }
  return cursor.text().toByteArray();
}

Result<void> Scan::show(std::span<const Reply> answers) {
  const std::size_t each = m_needs.questions();
  for (std::size_t i = 0; i < m_page.size() && !m_result.stopped; ++i) {
    const ScanFacts facts = readFacts(m_needs, answers.subspan(i * each, each), m_result.own);
    if (!passes(m_selector, facts)) continue;
    ++m_result.matched;
    const Result<bool> goesOn = m_visit(m_page[i], facts);
    if (!goesOn) return goesOn.error();
    m_result.stopped = !*goesOn;
  }
  m_progress.matched = m_result.matched;
  return {};
}

Result<ScanResult> Scan::overDatabase() {
  if (const Result<void> asked = askSize(); !asked) return asked.error();
  const QByteArray pattern = m_selector.serverPattern(), count = QByteArray::number(m_options.count);
  const auto scan = [&](const QByteArray& cursor) { return RedisCommand{"SCAN", cursor, "MATCH", pattern, "COUNT", count}; };
  std::vector<RedisCommand> commands{scan("0")};
  if (const Result<void> sent = m_connection.send(commands); !sent) return sent.error();
  Result<std::vector<Reply>> replies = collect(1);
  while (replies) {
    const Result<QByteArray> cursor = take(replies->back());
    if (!cursor) return cursor.error();
    const bool more = *cursor != "0";
    commands.clear();
    for (const QByteArray& name : m_page) askFacts(m_needs, name, commands);
    const std::size_t questions = commands.size();
    if (more) commands.push_back(scan(*cursor));
    if (const Result<void> sent = m_connection.send(commands); !sent) return sent.error();
    m_progress.scanned = std::min(m_progress.scanned + m_options.count, m_result.scanned);
    if (questions == 0) {  // the server works on the next page meanwhile
      if (const Result<void> shown = show({}); !shown) return shown.error();
    }
    if (commands.empty()) break;
    replies = collect(commands.size());
    if (!replies) break;
    if (questions > 0) {
      if (const Result<void> shown = show(std::span(*replies).first(questions)); !shown) return shown.error();
    }
    if (!more || m_result.stopped) break;
  }
  if (!replies) return replies.error();
  if (!m_result.stopped) m_progress.scanned = m_result.scanned;
  return m_result;
}

Result<ScanResult> Scan::overNames() {
  FactNeeds asked = m_needs;
  m_result.scanned = m_selector.names.size();
  m_progress.expected = m_result.scanned;
  std::vector<RedisCommand> commands;
  for (qsizetype from = 0; from < m_selector.names.size() && !m_result.stopped; from += namesAtOnce) {
    m_page.clear();
    commands.clear();
    for (const QByteArray& name : m_selector.names.mid(from, namesAtOnce))
      if (m_seen.insert(name)) m_page.push_back(name);
    for (const QByteArray& name : m_page) askFacts(asked, name, commands);
    const Result<std::vector<Reply>> replies = m_connection.pipeline(commands, Deadline(pageDeadline), m_stop);
    if (!replies) return replies.error();
    if (const Result<void> shown = show(*replies); !shown) return shown.error();
    m_progress.scanned = std::min(from + static_cast<qsizetype>(namesAtOnce), m_selector.names.size());
  }
  return m_result;
}

}  // namespace

Result<ScanResult> scanKeys(RedisConnection& connection, const Selector& selector, const ScanOptions& options, ScanProgress& progress, const std::stop_token& stop, const Visit& visit) {
  if (!selector.byName) return Scan(connection, selector, options, progress, stop, visit).overDatabase();
  ScanOptions asked = options;
  asked.facts.bytes = true;  // says whether the key is there, and counts as no look-up
  return Scan(connection, selector, asked, progress, stop, visit).overNames();
}

Result<NamePage> scanPage(RedisConnection& connection, const QByteArray& pattern, const QByteArray& cursor, int count, const std::stop_token& stop) {
  const Result<Reply> reply = connection.command({"SCAN", cursor, "MATCH", pattern, "COUNT", QByteArray::number(count)}, Deadline(pageDeadline), stop);
  if (!reply) return reply.error();
  if (reply->isError()) return connection.error(*reply);
  const Reply::Item root = reply->root();
  if (root.size() != 2) return strange(connection);
  auto part = root.begin();
  NamePage page;
  page.cursor = (*part).text().toByteArray();
  for (const Reply::Item name : *++part) page.names.append(name.text().toByteArray());
  return page;
}

}  // namespace cachedeck::keys
