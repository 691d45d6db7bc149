// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/servers.h"

#include <QCryptographicHash>
#include <QVersionNumber>

#include <algorithm>
#include <map>

namespace cachedeck::keys {

namespace {

constexpr std::chrono::milliseconds transactionDeadline{5000};

}  // namespace

/// A command that has no reply yet.
struct Servers::Question {
  std::size_t command = 0;
  int redirects = 0;
  std::optional<Redirect> redirect;
  bool answered = false;
};

/// What goes to one server at once.
struct Servers::Packet {
  RedisConnection* connection = nullptr;
  std::vector<Question*> questions;
  std::vector<RedisCommand> commands;
};

Servers::Servers(RedisOptions entry, std::optional<WritePermit> permit) : m_entry(std::move(entry)), m_links(m_entry, {}, std::move(permit)) {}

bool isPassing(const Error& error) {
  using Kind = Error::Kind;
  return error.kind == Kind::Unreachable || error.kind == Kind::Timeout || error.kind == Kind::Refused || error.kind == Kind::Busy;
}

const QByteArray& keyOf(const RedisCommand& command) { return command[command.first() == "MEMORY" || command.first() == "OBJECT" ? 2 : 1]; }

template <typename Value>
Value Servers::noted(Value result) {
  m_lost |= !result && isPassing(result.error());
  return result;
}

Result<ServerMark> Servers::askPrimary(int node, const std::stop_token& stop) {
  for (bool again = false;; again = true) {
    const Result<RedisConnection*> connection = m_links.connectionTo(node, stop);
    if (!connection) return connection.error();
    Result<ServerMark> mark = askOneServer(**connection, stop);
    if (mark || again || mark.error().isCancelled() || (*connection)->isOpen()) return mark;  // else it was an old connection, broken meanwhile
  }
}

Result<void> Servers::refresh(const std::stop_token& stop) {
  m_lost = true;
  if (const Result<void> found = m_links.refresh(stop); !found) return found;
  const Topology& topology = m_links.topology();
  if (std::ranges::any_of(topology.slotOwner, [](std::int16_t owner) { return owner < 0; }))
    return fail(Error::Kind::Busy, QStringLiteral("The cluster of %1 is not whole: %2. Wait for the failover, or repair the cluster.").arg(m_entry.endpoint(), topology.note));
  std::optional<ServerMark> whole;
  QStringList lineages;
  const QList<int> primaries = topology.kind == Topology::Kind::Standalone ? QList<int>{0} : topology.primaries();
  for (const int node : primaries) {
    const Result<ServerMark> mark = askPrimary(node, stop);
    if (!mark) return mark.error();
    if (!mark->primary && topology.kind != Topology::Kind::Standalone)
      return fail(Error::Kind::Busy, QStringLiteral("%1 is no primary any more: a failover is under way. Try again in a few seconds.").arg(mark->endpoint));
    lineages += mark->lineage;
    if (!whole) whole = *mark;
    if (QVersionNumber::fromString(mark->version) < QVersionNumber::fromString(whole->version)) whole->version = mark->version;
  }
  lineages.sort();
  m_mark = *whole;
  m_mark.endpoint = m_entry.endpoint();
  m_mark.database = m_entry.database;
  m_mark.kind = topology.kind;
  m_mark.masterName = topology.masterName;
  m_mark.lineage = QString::fromLatin1(QCryptographicHash::hash(lineages.join(QLatin1Char(',')).toLatin1(), QCryptographicHash::Sha256).toHex());
  m_mark.members.clear();
  if (topology.kind != Topology::Kind::Standalone)
    for (const RedisNode& node : topology.nodes) m_mark.members += node.id;
  if (isCluster()) m_mark.runId.clear();
  m_primaries.clear();
  for (const int node : primaries) m_primaries.push_back(topology.nodes[node].options);  // the first nodes of a topology
  m_lost = false;
  return {};
}

Result<void> Servers::checkTransactions(const std::stop_token& stop) {
  for (std::size_t i = 0; i < m_primaries.size(); ++i) {
    const Result<RedisConnection*> connection = connectionTo(i, stop);
    if (!connection) return connection.error();
    for (const char* command : {"MULTI", "EXEC"}) {  // one after the other
      const Result<Reply> reply = noted((*connection)->command({command}, Deadline(transactionDeadline), stop));
      if (!reply) return reply.error();
      if (!reply->isError()) continue;
      const Error error = (*connection)->error(*reply);
      (*connection)->close();
      if (!reply->text().contains("NOPERM")) return error;
      return fail(Error::Kind::Permission, QStringLiteral("This account may not use %1 on %2, without which keys cannot be guarded against others' writes while they are changed. Nothing was "
                                                          "changed. Let the administrator grant +@transaction.").arg(QLatin1String(command), (*connection)->options().endpoint()), error.detail);
    }
  }
  return {};
}

bool Servers::hasReplicas() const { return std::ranges::any_of(m_links.topology().nodes, [](const RedisNode& node) { return !node.primary; }); }

std::size_t Servers::indexOf(int slot) const { return static_cast<std::size_t>(std::max<int>(0, m_links.topology().slotOwner[static_cast<std::size_t>(slot)])); }

/// Of a slot that nobody has: any server says so.
const RedisOptions& Servers::serverOf(int slot) const { return m_links.topology().nodes[static_cast<qsizetype>(indexOf(slot))].options; }

Result<RedisConnection*> Servers::connectionTo(std::size_t primary, const std::stop_token& stop) { return noted(m_links.connectionTo(static_cast<int>(primary), stop)); }
Result<RedisConnection*> Servers::connectionFor(int slot, const std::stop_token& stop) { return noted(m_links.connectionFor(slot, stop)); }
Result<RedisConnection*> Servers::at(const Redirect& redirect, const std::stop_token& stop) { return noted(m_links.at(redirect, stop)); }
Result<void> Servers::learn(const Redirect& redirect, const std::stop_token& stop) { return noted(m_links.learn(redirect, stop)); }

/// First all that may change who is who, then the connections.
Result<std::vector<Servers::Packet>> Servers::packed(std::vector<Question>& questions, std::span<const RedisCommand> commands, const std::stop_token& stop) {
  std::set<int> learnt;
  for (const Question& question : questions)
    if (question.redirect && !question.redirect->ask && learnt.insert(question.redirect->slot).second)
      if (const Result<void> done = learn(*question.redirect, stop); !done) return done.error();
  std::map<RedisConnection*, Packet> packets;
  for (Question& question : questions) {
    const RedisCommand& command = commands[question.command];
    const Result<RedisConnection*> connection = question.redirect ? at(*question.redirect, stop) : connectionFor(slotOf(keyOf(command)), stop);
    if (!connection) return connection.error();
    Packet& packet = packets[*connection];
    packet.connection = *connection;
    packet.questions.push_back(&question);
    if (question.redirect && question.redirect->ask) packet.commands.push_back({"ASKING"});
    packet.commands.push_back(command);
  }
  std::vector<Packet> out;
  for (auto& [connection, packet] : packets) out.push_back(std::move(packet));
  return out;
}

Result<void> Servers::round(std::vector<Question>& questions, std::span<const RedisCommand> commands, std::vector<Reply>& replies, std::chrono::milliseconds patience,
                            const std::stop_token& stop) {
  const Result<std::vector<Packet>> packets = packed(questions, commands, stop);
  if (!packets) return packets.error();
  const auto broken = [&](const Error& error) {  // what is still under way would be taken for answers to the next questions
    for (const Packet& packet : *packets) packet.connection->close();
    return error;
  };
  for (const Packet& packet : *packets)
    if (const Result<void> sent = packet.connection->send(packet.commands); !sent) return broken(sent.error());
  for (const Packet& packet : *packets) {
    Result<std::vector<Reply>> answers = packet.connection->collect(packet.commands.size(), Deadline(patience), stop);
    if (!answers) return broken(answers.error());
    std::size_t at = 0;
    for (Question* question : packet.questions) {
      at += question->redirect && question->redirect->ask;
      Reply& answer = (*answers)[at++];
      const std::optional<Redirect> redirect = answer.isError() ? redirectOf(answer.text(), packet.connection->options().host) : std::nullopt;
      question->answered = !redirect || question->redirects++ >= mostRedirects;
      question->redirect = redirect;
      if (question->answered) replies[question->command] = std::move(answer);
    }
  }
  return {};
}

Result<std::vector<Reply>> Servers::ask(std::span<const RedisCommand> commands, std::chrono::milliseconds patience, const std::stop_token& stop) {
  if (!isCluster()) {
    const Result<RedisConnection*> connection = connectionFor(0, stop);
    if (!connection) return connection.error();
    return noted((*connection)->pipeline(commands, Deadline(patience), stop));
  }
  std::vector<Reply> replies(commands.size());
  std::vector<Question> questions(commands.size());
  for (std::size_t i = 0; i < questions.size(); ++i) questions[i].command = i;
  while (!questions.empty()) {
    if (const Result<void> asked = noted(round(questions, commands, replies, patience, stop)); !asked) return asked.error();
    std::erase_if(questions, [](const Question& question) { return question.answered; });
  }
  return replies;
}

}  // namespace cachedeck::keys
