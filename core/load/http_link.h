// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/http_answer.h"
#include "core/load/loop.h"
#include "core/load/tls_client.h"
#include "core/load/url.h"

#include <string>
#include <string_view>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

namespace cachedeck::load {

/// An address that a name was resolved to.
struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

/// Where a link leads.
struct Endpoint {
  Origin origin;
  std::vector<Address> addresses;  ///< the first that answers is used
};

/// What all links of a loop share.
struct LinkShared {
  Loop& loop;
  const TlsClient* tls = nullptr;  ///< null: only plain
  std::vector<char> buffer = std::vector<char>(64 * 1024);  ///< read into and parsed at once, so one is enough
};

/// One keep-alive connection with at most one request on its way. Opened when the first is sent, and again after a close.
class HttpLink : public Loop::Watcher {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    /// The whole answer is there, in answer().
    virtual void answered() = 0;
    virtual void failed(FailureKind kind, const std::string& reason) = 0;
  };
  struct Request {
    std::string_view bytes;  ///< stays alive until the end of the request
    bool toHead = false;
    bool keepAnswer = false;
    bool repeatable = true;  ///< sent again on a new connection when the kept one turns out to be closed (GET, HEAD, PUT, DELETE)
  };

  HttpLink(LinkShared& shared, Owner& owner) : m_shared(shared), m_owner(owner) {}
  ~HttpLink() override { close(); }
  HttpLink(const HttpLink&) = delete;
  HttpLink& operator=(const HttpLink&) = delete;

  /// The owner is always told on a later turn or from a read, never from inside this call when it would recurse deeply: failures at once are posted by a zero timer of the owner.
  void send(const Endpoint& endpoint, const Request& request);
  /// Gives the request up, and the connection with it.
  void close();
  bool isBusy() const { return m_busy; }
  const HttpAnswer& answer() const { return m_answer; }
  std::uint64_t bytesIn() const { return m_bytesIn; }
  std::uint64_t bytesOut() const { return m_bytesOut; }
  void ready(std::uint32_t events) override;

 private:
  enum class Phase { None, Connecting, Handshake, Open };
  void connect();
  void connectNext(int error);
  void shake();
  void write();
  void read();
  void broken(FailureKind kind, const std::string& reason);
  void want(std::uint32_t events);
  long receive(char* data, std::size_t size, bool& again);
  long transmit(const char* data, std::size_t size, bool& again);
  void finish();

  LinkShared& m_shared;
  Owner& m_owner;
  const Endpoint* m_endpoint = nullptr;
  Request m_request;
  HttpAnswer m_answer;
  SslPtr m_ssl;
  int m_fd = -1;
  Phase m_phase = Phase::None;
  std::uint32_t m_wanted = 0;
  std::size_t m_sent = 0, m_address = 0;
  std::uint64_t m_bytesIn = 0, m_bytesOut = 0;
  bool m_busy = false, m_reused = false;
};

}  // namespace cachedeck::load
