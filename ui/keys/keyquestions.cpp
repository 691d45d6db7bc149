// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keyquestions.h"

#include "core/base/text.h"
#include "core/keys/facts.h"

#include <QCoreApplication>

namespace cachedeck {

using namespace keys;

namespace {

constexpr std::chrono::milliseconds deadline{10000};

QString tr(const char* text) { return QCoreApplication::translate("Keys", text); }

/// Milliseconds of TIME's two numbers, 0 when it is something else.
qint64 clockOf(const Reply& reply) {
  qint64 parts[2] = {0, 0};
  int count = 0;
  for (const Reply::Item item : reply.root())
    if (count < 2) parts[count++] = item.text().toByteArray().toLongLong();
  return reply.root().size() == 2 ? parts[0] * 1000 + parts[1] / 1000 : 0;
}

RowFacts rowOf(const QByteArray& name, const ScanFacts& facts, qint64 serverMs) {
  RowFacts row;
  row.name = name;
  row.exists = facts.exists;
  row.type = facts.type;
  row.hasTtl = facts.ttlMs.has_value();
  row.expiresAtMs = facts.ttlMs.value_or(-1) < 0 ? -1 : serverMs + *facts.ttlMs;
  row.bytes = facts.bytes.value_or(-1);
  return row;
}

QString refusal(const Reply& reply, const QString& what) {
  if (!reply.isError() || !reply.text().startsWith("NOPERM")) return {};
  return tr("This account may not %1: %2").arg(what, printable(reply.text().toByteArray()));
}

}  // namespace

KeyLink::KeyLink(RedisOptions options, std::optional<WritePermit> permit) : m_options(std::move(options)), m_permit(std::move(permit)) {}
KeyLink::~KeyLink() = default;

void KeyLink::close() {
  m_links.reset();
  m_direct.reset();
}

Result<RedisConnection*> KeyLink::to(const QByteArray& name, const std::stop_token& stop) {
  if (!m_links && !m_direct) {
    auto links = std::make_unique<ClusterLinks>(m_options, QString(), m_permit);
    const Result<void> asked = links->refresh(stop);
    if (asked) m_links = std::move(links);
    else if (asked.error().kind != Error::Kind::Permission) return asked.error();
    else m_direct = m_permit ? std::make_unique<RedisConnection>(m_options, *m_permit) : std::make_unique<RedisConnection>(m_options);
  }
  if (m_links) return m_links->connectionFor(slotOf(name), stop);
  if (!m_direct->isOpen())
    if (const Result<void> opened = m_direct->open(stop); !opened) return opened.error();
  return m_direct.get();
}

Result<RowsAnswer> askRows(KeyLink& link, const QList<QByteArray>& names, const Clock& clock, const std::stop_token& stop) {
  const FactNeeds needs{true, true, true, false};
  std::map<RedisConnection*, QList<QByteArray>> byServer;
  for (const QByteArray& name : names) {
    const Result<RedisConnection*> connection = link.to(name, stop);
    if (!connection) return connection.error();
    byServer[*connection].append(name);
  }
  RowsAnswer answer;
  OwnLookups counted;  // by the connection, too
  for (const auto& [connection, ofServer] : byServer) {
    std::vector<RedisCommand> commands{{"TIME"}};
    for (const QByteArray& name : ofServer) askFacts(needs, name, commands);
    const Result<std::vector<Reply>> replies = connection->pipeline(commands, Deadline(deadline), stop);
    if (!replies) return replies.error();
    answer.serverMs = clockOf(replies->front());
    const qint64 now = answer.serverMs > 0 ? answer.serverMs : clock.now().wallMs;
    const auto facts = std::span(*replies).subspan(1);
    for (qsizetype i = 0; i < ofServer.size(); ++i)
      answer.rows.append(rowOf(ofServer[i], readFacts(needs, facts.subspan(static_cast<std::size_t>(i) * needs.questions(), needs.questions()), counted), now));
  }
  return answer;
}

Result<Inspection> askInspection(RedisConnection& connection, const QByteArray& name, const std::stop_token& stop) {
  Result<KeyFacts> facts = keyFacts(connection, name, stop);
  if (!facts) return facts.error();
  Inspection inspection{std::move(*facts), {}, {}};
  if (!inspection.facts.exists) return inspection;
  Result<ValuePage> page = valuePage(connection, name, inspection.facts.type, {}, rowsOfAPage, stop);
  if (page) inspection.page = std::move(*page);
  else if (page.error().isCancelled()) return page.error();
  else inspection.problem = page.error().message;
  return inspection;
}

Result<KeyRights> askKeyRights(RedisConnection& connection, const QByteArray& name, const std::stop_token& stop) {
  const std::vector<RedisCommand> commands{
      {"UNLINK", name}, {"PEXPIREAT", name, "1"}, {"PERSIST", name}, {"DUMP", name}, {"RESTORE", name, "0", ""}, {"SET", name, "", "XX", "KEEPTTL"}};
  const Result<std::vector<Reply>> replies = connection.rehearse(commands, Deadline(deadline), stop);
  if (!replies) return replies.error();
  const std::vector<Reply>& r = *replies;
  const auto first = [](std::initializer_list<QString> reasons) {
    for (const QString& reason : reasons)
      if (!reason.isEmpty()) return reason;
    return QString();
  };
  return KeyRights{refusal(r[0], tr("delete these keys")), first({refusal(r[1], tr("change their TTL")), refusal(r[2], tr("change their TTL"))}),
                   first({refusal(r[3], tr("read images of them")), refusal(r[4], tr("put them back"))}), refusal(r[5], tr("change this value"))};
}

}  // namespace cachedeck
