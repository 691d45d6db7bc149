// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/redis_backend.h"

#include <QRegularExpression>
#include <QTest>

#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <thread>

using namespace cachedeck::cacheaside;
using namespace std::chrono_literals;

namespace {

/// Enough of Redis for a test that says when a SET is carried out. Each connection has its thread.
class LateRedis {
 public:
  LateRedis() : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(m_listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(m_listener, 64) != 0) qFatal("no port");
    ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size);
    m_port = ntohs(address.sin_port);
    m_acceptor = std::jthread([this] { accept(); });
  }
  ~LateRedis() {
    release();
    ::shutdown(m_listener, SHUT_RDWR);
    m_acceptor.join();
    {
      const std::scoped_lock lock(m_mutex);
      for (const int fd : m_sockets) ::shutdown(fd, SHUT_RDWR);
    }
    m_threads.clear();
    for (const int fd : m_sockets) ::close(fd);
    ::close(m_listener);
  }

  int port() const { return m_port; }
  /// SETs from now on wait for release(); before its client learns of it, a SET needs yet some time.
  void hold() { m_held = true; }
  void release() {
    m_held = false;
    const std::scoped_lock lock(m_mutex);
    m_changed.notify_all();
  }
  std::atomic<bool> dropsGets = false;  ///< ends the connection at a GET
  std::atomic<int> waitingSets = 0;
  std::size_t keys() {
    const std::scoped_lock lock(m_mutex);
    return m_values.size();
  }

 private:
  void accept() {
    while (true) {
      const int fd = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      const std::scoped_lock lock(m_mutex);
      m_sockets.push_back(fd);
      m_threads.emplace_back([this, fd] { serve(fd); });
    }
  }
  /// A line without its end, or so many bytes and a line's end; empty at the end of the connection.
  static bool take(int fd, std::string& buffer, std::string& out, std::size_t size = std::string::npos) {
    while (true) {
      const std::size_t end = size == std::string::npos ? buffer.find("\r\n") : buffer.size() >= size + 2 ? size : std::string::npos;
      if (end != std::string::npos) {
        out = buffer.substr(0, end);
        buffer.erase(0, end + 2);
        return true;
      }
      char bytes[4096];
      const ssize_t got = ::recv(fd, bytes, sizeof bytes, 0);
      if (got <= 0) return false;
      buffer.append(bytes, static_cast<std::size_t>(got));
    }
  }
  static bool takeCommand(int fd, std::string& buffer, std::vector<std::string>& parts) {
    std::string line;
    if (!take(fd, buffer, line)) return false;
    parts.resize(static_cast<std::size_t>(std::stoi(line.substr(1))));
    for (std::string& part : parts)
      if (!take(fd, buffer, line) || !take(fd, buffer, part, static_cast<std::size_t>(std::stoi(line.substr(1))))) return false;
    return true;
  }
  void serve(int fd) {
    std::string buffer;
    std::vector<std::string> parts;
    while (takeCommand(fd, buffer, parts)) {
      const std::string reply = answer(parts);
      if (reply.empty()) break;
      ::send(fd, reply.data(), reply.size(), MSG_NOSIGNAL);
    }
    ::shutdown(fd, SHUT_RDWR);
  }
  std::string answer(const std::vector<std::string>& parts) {
    std::unique_lock lock(m_mutex);
    if (parts[0] == "PING") return "+PONG\r\n";
    if (parts[0] == "GET") return dropsGets ? "" : m_values.contains(parts[1]) ? "$1\r\nx\r\n" : "$-1\r\n";
    if (parts[0] == "UNLINK") return ":" + std::to_string(m_values.erase(parts[1])) + "\r\n";
    if (parts[0] == "SET") {
      ++waitingSets;
      m_changed.wait(lock, [this] { return !m_held; });
      m_changed.wait_for(lock, 100ms, [] { return false; });
      m_values[parts[1]] = parts[2];
      --waitingSets;
    }
    return "+OK\r\n";
  }

  const int m_listener;
  int m_port = 0;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::atomic<bool> m_held = false;
  std::map<std::string, std::string> m_values;
  std::vector<int> m_sockets;
  std::list<std::jthread> m_threads;
  std::jthread m_acceptor;
};

std::unique_ptr<RedisBackend> backendOn(const LateRedis& server, std::chrono::milliseconds timeout) {
  RedisSettings settings;
  settings.port = server.port();
  settings.commandTimeout = settings.connectTimeout = timeout;
  return std::make_unique<RedisBackend>(settings);
}

constexpr int patience = 60'000;

}  // namespace

/// A SET that is carried out late, after its key was to be removed, must not bring the old value back. A real server shows this order only by rare chance.
class TestCacheLateSets : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void givenUp_data();
  void givenUp();
  void stillWaitedFor();
  void signalsDoNotProlong();
};

void TestCacheLateSets::givenUp_data() {
  QTest::addColumn<bool>("batch");
  QTest::newRow("set") << false;
  QTest::newRow("setMany") << true;
}

/// The caller has given up; the server has the SET all the same, carries it out, and then sees that the connection has ended.
void TestCacheLateSets::givenUp() {
  QFETCH(const bool, batch);
  LateRedis server;
  const auto backend = backendOn(server, 1500ms);
  QTRY_VERIFY_WITH_TIMEOUT(backend->get("a").ok(), patience);
  server.hold();
  const std::vector<Entry> entries{{"a", "old", 1min}, {"b", "old", 1min}};
  const auto stored = batch ? backend->setMany(entries) : backend->set("a", "old", 1min);
  QVERIFY(!stored && stored.error().kind == Failure::Kind::Timeout);
  QVERIFY(!backend->remove(std::vector<std::string>{"a", "b"}));
  QTRY_COMPARE_WITH_TIMEOUT(server.waitingSets.load(), 1, patience);
  server.release();
  QTRY_VERIFY_WITH_TIMEOUT(backend->available(), patience);
  QCOMPARE(server.waitingSets.load(), 0);
  QCOMPARE(server.keys(), std::size_t{0});
}

/// The caller still waits, while another one's command finds Redis away.
void TestCacheLateSets::stillWaitedFor() {
  LateRedis server;
  const auto backend = backendOn(server, 30s);
  QVERIFY(backend->get("a"));
  server.hold();
  std::atomic<bool> stored = false;
  std::jthread writer([&] { stored = backend->set("a", "old", 1min).ok(); });
  QTRY_COMPARE_WITH_TIMEOUT(server.waitingSets.load(), 1, patience);
  server.dropsGets = true;
  QVERIFY(!backend->get("a"));
  QVERIFY(!backend->available());
  QVERIFY(!backend->remove(std::vector<std::string>{"a"}));
  const bool early = QTest::qWaitFor([&] { return backend->available(); }, 700);
  server.release();
  writer.join();
  QVERIFY(!early);
  QVERIFY(stored);
  QTRY_VERIFY_WITH_TIMEOUT(backend->available(), patience);
  QCOMPARE(server.keys(), std::size_t{0});
}

/// A caller whose thread gets signals (a profiler's timer, say) gives up at its deadline too: once each signal gave Redis the whole time again.
void TestCacheLateSets::signalsDoNotProlong() {
  struct sigaction ignore {};
  ignore.sa_handler = [](int) {};
  QCOMPARE(::sigaction(SIGUSR1, &ignore, nullptr), 0);
  LateRedis server;
  const auto backend = backendOn(server, 400ms);
  QTRY_VERIFY_WITH_TIMEOUT(backend->get("a").ok(), patience);
  server.hold();
  std::atomic<bool> ended = false, timedOut = false;
  std::jthread writer([&] {
    const auto stored = backend->set("a", "x", 1min);
    timedOut = !stored && stored.error().kind == Failure::Kind::Timeout;
    ended = true;
  });
  for (int i = 0; i < patience / 20 && !ended; ++i) {
    ::pthread_kill(writer.native_handle(), SIGUSR1);
    QTest::qWait(20);
  }
  QVERIFY(ended);
  writer.join();
  QVERIFY(timedOut);
}

QTEST_GUILESS_MAIN(TestCacheLateSets)
#include "tst_cache_late_sets.moc"
