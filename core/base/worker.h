// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>

namespace cachedeck {

/// One thread with a queue, for one connection and one purpose. Jobs are straight-line, blocking and take deadlines.
/// Make and destroy it on the thread whose objects receive the answers (the window's thread).
class Worker {
 public:
  explicit Worker(const QString& name);
  /// Requests stop, drops queued jobs and waits for the running one, which must watch its stop token.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Runs `job(std::stop_token)` on this worker; then `done(result)` on the thread that made the Worker,
  /// or never if `context` died before. `context` must live on that thread.
  template <typename Job, typename Done>
  void post(QObject* context, Job job, Done done) {
    enqueue([mailbox = &m_mailbox, context = QPointer<QObject>(context), job = std::move(job),
             done = std::move(done)](std::stop_token stop) mutable {
      using Value = std::invoke_result_t<Job&, std::stop_token>;
      if constexpr (std::is_void_v<Value>) {
        job(stop);
        deliver(mailbox, stop, [context, done = std::move(done)]() mutable {
          if (context) done();
        });
      } else {
        auto value = std::make_shared<Value>(job(stop));
        deliver(mailbox, stop, [context, done = std::move(done), value]() mutable {
          if (context) done(std::move(*value));
        });
      }
    });
  }

  /// Runs `job(std::stop_token)` on this worker; nobody is told of the end.
  template <typename Job>
  void post(Job job) {
    enqueue([job = std::move(job)](std::stop_token stop) mutable { job(stop); });
  }

  /// Runs on the worker when it ends, after the last job: what was made on that thread is destroyed there.
  void atExit(std::function<void()> cleanup);

 private:
  using Task = std::function<void(std::stop_token)>;
  template <typename Callable>
  struct SharedTask {  // std::function wants copies; jobs hold move-only values
    std::shared_ptr<Callable> callable;
    void operator()(std::stop_token stop) const { (*callable)(stop); }
  };
  template <typename Callable>
  void enqueue(Callable callable) {
    push(SharedTask<Callable>{std::make_shared<Callable>(std::move(callable))});
  }
  template <typename Callable>
  static void deliver(QObject* mailbox, std::stop_token stop, Callable callable) {
    if (stop.stop_requested()) return;  // the receiver is waiting in our destructor
    QMetaObject::invokeMethod(mailbox, SharedCall<Callable>{std::make_shared<Callable>(std::move(callable))},
                              Qt::QueuedConnection);
  }
  template <typename Callable>
  struct SharedCall {
    std::shared_ptr<Callable> callable;
    void operator()() const { (*callable)(); }
  };
  void push(Task task);
  void run(std::stop_token stop);

  QObject m_mailbox;
  std::mutex m_mutex;
  std::condition_variable_any m_wake;
  std::deque<Task> m_tasks;
  std::function<void()> m_cleanup;
  QString m_name;
  std::jthread m_thread;  // last: it uses everything above
};

}  // namespace cachedeck
