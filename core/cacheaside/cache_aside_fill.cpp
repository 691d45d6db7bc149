// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/cache_aside_impl.h"

#include <future>

namespace cachedeck::cacheaside {

namespace {

Failure dropped() {
  return {Failure::Kind::Closed, "The value was not computed, because the service takes no more work: it is stopping, or has too much of it."};
}

void tell(const CacheAside::Done& done, const Outcome<Answer>& answer) {
  try {
    done(answer);
  } catch (...) {  // against the contract; the others are told all the same
  }
}

}  // namespace

/// One computation from its begin to everybody's answer. Whatever becomes of it, at the latest its destructor answers.
class CacheAside::Impl::Job {
 public:
  Job(Impl& impl, ClassId id, std::string key, std::size_t slot, Flights::Entry entry, Compute compute, Done done)
      : m_impl(impl),
        m_id(id),
        m_key(std::move(key)),
        m_slot(slot),
        m_entry(std::move(entry)),
        m_compute(std::move(compute)), m_done(std::move(done)) {}
  ~Job() {
    if (m_entry.flight) end(dropped(), Answer::Source::Miss);
  }
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  void run() {
    if (m_entry.lookAgain && foundAfterAll()) return;
    Outcome<Computed> computed = m_impl.computed(m_id, m_compute);
    if (!computed) return end(computed.error(), Answer::Source::Miss);
    Answer answer{std::make_shared<const std::string>(std::move(computed->value)), Answer::Source::Miss, computed->cacheable};
    // Before the flight ends, so that whoever comes after it finds the value.
    if (answer.cacheable) m_impl.store(m_id, m_slot, m_entry.flight->epoch, m_key, *answer.value);
    end(std::move(answer), Answer::Source::Miss);
  }

 private:
  /// Not counted as a look-up: the caller has had his. The value is one that another caller computed.
  bool foundAfterAll() {
    if (!m_impl.backend.available()) return false;
    Outcome<std::optional<std::string>> found = m_impl.backend.get(m_key);
    if (!found || !*found) return false;
    ClassCounters::count(m_impl.counters[m_id].shared);
    end(Answer{std::make_shared<const std::string>(std::move(**found)), Answer::Source::Shared, true}, Answer::Source::Shared);
    return true;
  }

  void end(Outcome<Answer> answer, Answer::Source mine) {
    const std::shared_ptr<Flight> flight = std::exchange(m_entry.flight, nullptr);
    const std::vector<Done> waiters = m_impl.flights.end(m_key, flight);
    if (answer) answer->source = mine;
    tell(m_done, answer);
    if (answer) answer->source = Answer::Source::Shared;
    for (const Done& waiter : waiters) tell(waiter, answer);
  }

  Impl& m_impl;
  const ClassId m_id;
  const std::string m_key;
  const std::size_t m_slot;
  Flights::Entry m_entry;
  const Compute m_compute;
  const Done m_done;
};

void CacheAside::fill(ClassId id, const std::string& key, std::uint64_t ticket, Compute compute, Done done, const Executor& run) {
  const std::size_t slot = m_impl->epochs.slotOf(key);
  const std::uint64_t epoch = m_impl->epochs.now(slot);
  Flights::Entry entry = m_impl->backend.shares() ? m_impl->flights.enter(key, epoch, ticket, done) : Flights::alone(epoch);
  if (!entry.flight) return ClassCounters::count(m_impl->counters[id].shared);
  const auto job = std::make_shared<Impl::Job>(*m_impl, id, key, slot, std::move(entry), std::move(compute), std::move(done));
  try {
    run([job] { job->run(); });
  } catch (...) {  // an executor that refuses: the job's end answers
  }
}

Outcome<Answer> CacheAside::fetch(ClassId id, const std::string& key, const Compute& compute) {
  Lookup lookup = find(id, key);
  if (lookup.value) return Answer{std::move(lookup.value), Answer::Source::Hit, true};
  const auto promise = std::make_shared<std::promise<Outcome<Answer>>>();
  std::future<Outcome<Answer>> answer = promise->get_future();
  fill(id, key, lookup.ticket, [&compute] { return compute(); }, [promise](const Outcome<Answer>& given) { promise->set_value(given); },
       [](const std::function<void()>& task) { task(); });
  return answer.get();
}

}  // namespace cachedeck::cacheaside
