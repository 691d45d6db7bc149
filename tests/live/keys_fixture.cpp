// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/keys_fixture.h"

#include <QTcpSocket>

namespace cachedeck::test {

using namespace keys;

KeysDesk::KeysDesk() : m_journal(m_dir.filePath(QStringLiteral("journal.jsonl")), m_key), m_guard(QStringLiteral("test"), Environment::Development, m_journal) {}

KeysBench::KeysBench(const QStringList& config) : m_server(QStringList{QStringLiteral("enable-debug-command yes")} + config) {}

RedisOptions KeysBench::optionsFor(quint16 port) {
  RedisOptions options;
  options.host = QStringLiteral("127.0.0.1");
  options.port = port;
  return options;
}

QList<QByteArray> rawCommands(quint16 port, const std::vector<RedisCommand>& commands) {
  QTcpSocket socket;
  socket.connectToHost(QStringLiteral("127.0.0.1"), port);
  if (!socket.waitForConnected(60000)) qFatal("no server");
  QByteArray bytes;
  for (const RedisCommand& command : commands) {
    bytes += '*' + QByteArray::number(command.size()) + "\r\n";
    for (const QByteArray& argument : command) bytes += '$' + QByteArray::number(argument.size()) + "\r\n" + argument + "\r\n";
  }
  socket.write(bytes);
  ReplyReader reader;
  QList<QByteArray> replies;
  while (replies.size() < static_cast<qsizetype>(commands.size())) {
    if (socket.bytesAvailable() == 0 && !socket.waitForReadyRead(60000)) qFatal("no reply");
    if (!reader.feed(socket.readAll())) qFatal("no RESP");
    while (const std::optional<Reply> reply = reader.take()) {
      if (reply->type() == Reply::Type::Integer) replies += QByteArray::number(reply->integer());
      else replies += (reply->isError() ? "-" : "") + reply->text().toByteArray();
    }
  }
  return replies;
}

QMap<QByteArray, qint64> KeysBench::expiries(const QList<QByteArray>& names) const {
  std::vector<RedisCommand> commands;
  for (const QByteArray& name : names) commands.push_back({"PEXPIRETIME", name});
  const QList<QByteArray> replies = raw(commands);
  QMap<QByteArray, qint64> out;
  for (qsizetype i = 0; i < names.size(); ++i) out.insert(names[i], replies[i].toLongLong());
  return out;
}

Result<Plan> KeysDesk::plan(const Selector& selector, bool detailed) {
  PlanOptions planning;
  planning.folder = m_dir.filePath(QStringLiteral("plans"));
  planning.detailed = detailed;
  ScanProgress scanning;
  return makePlan(options(), selector, planning, m_clock, scanning, {});
}

Result<Plan> KeysDesk::plan(const QByteArray& pattern, bool detailed) {
  Selector selector;
  selector.patterns = {pattern};
  return plan(selector, detailed);
}

Result<RunReport> KeysDesk::run(const Plan& plan, const Action& action, const RunOptions& options, const std::stop_token& stop) {
  return runPlan(plan, action, options, this->options(), permit(), place(), progress, stop);
}

Result<RunReport> KeysDesk::resume(const QString& id, const RunOptions& options) { return resumeRun(id, options, this->options(), permit(), place(), progress, {}); }

Result<UndoReport> KeysDesk::undo(const QString& id) { return undoOperation(id, options(), permit(), place(), progress, {}); }

QList<QByteArray> hostileNames() {
  QList<QByteArray> names{"plain", "tmp*", "tmp*:a", "tmpl:home", "tmp-users:7", "u[ab]:x", "ua:x", "ub:x", "a[1]:k", "a1:k", "q?:k", "qq:k", "back\\slash:*", "back\\\\slash:x", "^caret", "[^a]b",
                          "with space", " leading", "trailing ", "new\nline", "car\r\nriage", "tab\tbed", "quo\"te", "quo'te", "<img src=\"/dev/zero\">", "=1+1", "%s%n", "../../etc/passwd",
                          QByteArray("nul\0inside", 10), QByteArray("\0", 1), QByteArray("\xff\xfe\x80", 3), "\xc3\x28", "caf\xc3\xa9", "\xe2\x80\xae" "rtl", "", ":", "::", "a:", ":b"};
  names.append(QByteArray(10000, 'L'));
  names.append(QByteArray(9999, 'L') + '*');
  for (int byte = 0; byte < 256; ++byte) names.append("byte:" + QByteArray(1, static_cast<char>(byte)));
  return names;
}

}  // namespace cachedeck::test
