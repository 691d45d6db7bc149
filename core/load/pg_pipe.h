// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/pg_target.h"
#include "core/load/figures.h"
#include "core/load/loop.h"

#include <array>
#include <memory>
#include <string>
#include <string_view>

struct pg_conn;
struct pg_result;

namespace cachedeck::load {

class PgPipe;

/// The statements of the direct workload.
enum class PgStatement : std::uint8_t {
  Select,  ///< $1: key; gives the value
  Update,  ///< $1: key, $2: value; changes one row
};
constexpr std::size_t pgStatementCount = 2;

/// What all pipes to one PostgreSQL share.
struct PgTarget {
  std::string conninfo;               ///< with the password
  cacheaside::PgSettings beside;      ///< addresses among them: libpq would look names up without any deadline
  std::array<std::string, pgStatementCount> statements;
  int mostOpen = 10;
  std::int64_t connectNs = 0;         ///< a connection that takes longer is given up
};

/// A statement that somebody wants carried out; one at a time.
class PgCall {
 public:
  virtual ~PgCall() = default;
  /// `rows`: read or changed; `value`: of the row that was read, valid until the call returns.
  virtual void pgAnswered(int rows, std::string_view value) = 0;
  /// May come from inside PgPool::submit().
  virtual void pgFailed(FailureKind kind, const std::string& reason) = 0;

  PgStatement statement = PgStatement::Select;
  std::int64_t key = 0;
  std::string_view value;  ///< Update's; stays alive until the end of the call

  PgPipe* pipe = nullptr;  ///< the pool's: where it is on its way
  bool isQueued = false;   ///< the pool's
};

/// One connection to PostgreSQL on the loop. libpq's own non-blocking calls; statements are prepared when they first come. Nothing of libpq's texts that could hold a
/// password is passed on.
class PgPipe : public Loop::Watcher, private Loop::Timer {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    /// Free for the next call: just connected, or the last was answered, whose caller is told right after.
    virtual void pgReady(PgPipe& pipe, bool isNew) = 0;
    /// It is closed. `call` was on its way, or null. `isFull`: the server takes no more connections. May come from inside open() and ask().
    virtual void pgBroke(PgPipe& pipe, PgCall* call, FailureKind kind, const std::string& reason, bool isFull) = 0;
  };
  PgPipe(Loop& loop, const PgTarget& target, Owner& owner) : m_loop(loop), m_target(target), m_owner(owner) {}
  ~PgPipe() override { close(); }
  PgPipe(const PgPipe&) = delete;
  PgPipe& operator=(const PgPipe&) = delete;

  void open();
  void ask(PgCall& call);
  void close();
  bool isOpen() const { return m_phase != Phase::None; }
  int serverPid() const;
  /// Asks the server to end what runs, from a thread that nobody waits for.
  void cancel();
  void ready(std::uint32_t events) override;

 private:
  enum class Phase { None, Connecting, Idle, Preparing, Asking };
  using Result = std::unique_ptr<pg_result, void (*)(pg_result*)>;
  void due(std::int64_t dueNs, std::uint64_t token) override;
  void connectOn();
  void want(std::uint32_t events);
  void prepare();
  void sendCall();
  void sent(int done);
  void flush();
  void receive();
  void answered();
  void lost();
  void broken(FailureKind kind, const std::string& reason, bool isFull = false);
  static void drop(pg_result* result);

  Loop& m_loop;
  const PgTarget& m_target;
  Owner& m_owner;
  pg_conn* m_connection = nullptr;
  PgCall* m_call = nullptr;
  Result m_result{nullptr, drop};  // the first of the statement under way
  std::string m_endpoint;
  std::array<bool, pgStatementCount> m_prepared{};
  int m_fd = -1;
  std::uint32_t m_wanted = 0;
  std::uint64_t m_opened = 0;  // how often: a timer of an earlier connection has another number
  Phase m_phase = Phase::None;
};

}  // namespace cachedeck::load
