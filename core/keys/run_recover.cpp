// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/run_job.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto remembered = 60s;

/// Positions, in `names`, of those whose last batch is this one.
std::vector<std::size_t> ownNames(const LoggedBatch& batch, std::size_t names, const BatchCover& cover) {
  std::vector<std::size_t> own;
  for (std::size_t i = 0; i < names; ++i)
    if (cover.batchOf(batch.firstName + static_cast<qint64>(i)) == batch.batch) own.push_back(i);
  return own;
}

std::vector<QByteArray> picked(std::span<const QByteArray> names, std::span<const std::size_t> positions) {
  std::vector<QByteArray> out;
  for (const std::size_t at : positions) out.push_back(names[at]);
  return out;
}

}  // namespace

/// The log says how far the run came; of batches whose end it does not know, the servers are asked, and of all when servers restarted or were replaced: the last of what was done may be lost there.
/// Then the run goes on behind the last batch.
Result<void> Run::recover(SpoolReader& reader) {
  if (const Result<void> synced = m_log->sync(); !synced) return synced;
  const Result<OperationSummary> summary = readOperation(m_place.folder, m_plan.id, m_place.key);
  if (!summary) return summary.error();
  m_runner.reset();
  m_ahead.clear();
  m_again.clear();
  const BatchCover cover(summary->batches);
  const bool all = m_servers.mark().lineage != m_lineage;
  if (all && m_recovered && !m_goneBefore) m_goneBefore = m_report.counts.gone;
  m_report.counts = {};
  m_report.counts.planned = m_plan.keys;
  qint64 end = 0;
  Result<void> result;
  const auto ask = [&](const LoggedBatch& batch, std::span<const KeyImage> images) {
    if (!batch.result) result = settle(batch, images, cover, reader);
    else if (all) result = verify(batch, images, cover, reader);
    return result.ok();
  };
  bool imaged = false;
  for (const LoggedBatch& batch : summary->batches) {
    end = std::max(end, batch.firstName + batch.names);
    if (batch.result) count(*batch.result, 0);
    imaged |= batch.hasImages && (all || !batch.result);
  }
  if (!m_recovered) {
    m_report.handledBefore = m_report.counts.handled();
    if (all) m_goneBefore = m_report.counts.gone;
  }
  for (const LoggedBatch& batch : summary->batches)
    if (!batch.hasImages && !ask(batch, {})) return result;
  if (imaged)
    if (const Result<void> read = readImages(m_place.folder, m_plan.id, m_place.key, ask); !read || !result) return result ? read : result;
  const std::vector<Again> again = std::exchange(m_again, {});
  for (const Again& part : again)
    if (const Result<void> done = page(part.names, part.first); !done) return done;
  if (all && !again.empty()) m_marks = {{Steady::now(), 0}};
  m_lineage = m_servers.mark().lineage;
  m_next = end;
  return reader.seek(end);
}

Result<std::vector<QByteArray>> Run::namesOf(const LoggedBatch& batch, SpoolReader& reader) {
  if (const Result<void> found = reader.seek(batch.firstName); !found) return found.error();
  return reader.next(batch.names);
}

/// An open batch for names that have to be done again, before the old one lets go of them: whatever happens then, they are not passed over.
Result<void> Run::putDown(const LoggedBatch& batch, std::span<const QByteArray> names, std::span<const std::size_t> left) {
  for (std::size_t at = 0; at < left.size();) {  // what stands side by side in the plan is one batch
    std::size_t after = at + 1;
    while (after < left.size() && left[after] == left[after - 1] + 1) ++after;
    const qint64 first = batch.firstName + static_cast<qint64>(left[at]);
    if (const Result<qint64> noted = m_log->addBatch(first, static_cast<qint64>(after - at), {}); !noted) return noted.error();
    const auto part = names.subspan(left[at], after - at);
    m_again.push_back({first, {part.begin(), part.end()}});
    at = after;
  }
  return {};
}

/// A batch whose end is not known. Names that a later batch has are that one's.
Result<void> Run::settle(const LoggedBatch& batch, std::span<const KeyImage> images, const BatchCover& cover, SpoolReader& reader) {
  const Result<std::vector<QByteArray>> names = namesOf(batch, reader);
  if (!names) return names.error();
  const std::vector<std::size_t> own = ownNames(batch, names->size(), cover);
  BatchResult result;
  result.batch = batch.batch;
  Result<std::vector<std::size_t>> left = runner().unfinished(picked(*names, own), images, result);
  if (!left) return left.error();
  for (std::size_t& at : *left) at = own[at];
  // What is left, or another batch's, has images of its own; these are none of something that was taken away.
  for (std::uint32_t i = 0; i < images.size(); ++i) {
    const auto at = static_cast<std::size_t>(std::ranges::find(*names, images[i].name) - names->begin());
    if (std::ranges::binary_search(*left, at) || !std::ranges::binary_search(own, at)) result.notDone.push_back(i);
  }
  if (const Result<void> noted = putDown(batch, *names, *left); !noted) return noted;
  if (const Result<void> said = m_log->addResult(result); !said) return said;
  count(result, 0);
  m_moved = Steady::now();
  return {};
}

/// A batch that was done, on a server that may have lost it: what is as it was before is done again.
Result<void> Run::verify(const LoggedBatch& batch, std::span<const KeyImage> images, const BatchCover& cover, SpoolReader& reader) {
  if (batch.result->done == 0 || (images.empty() && (batch.firstName + batch.names <= verifiedFrom() || !runner().mayRepeat()))) return {};
  const Result<std::vector<QByteArray>> names = namesOf(batch, reader);
  if (!names) return names.error();
  std::vector<std::size_t> asked = ownNames(batch, names->size(), cover);
  BatchResult result = *batch.result;
  std::vector<std::uint32_t> imageAt(names->size(), static_cast<std::uint32_t>(images.size()));
  for (std::uint32_t i = 0; i < images.size(); ++i) {
    if (std::ranges::find(result.notDone, i) != result.notDone.end()) continue;
    const auto at = static_cast<std::size_t>(std::ranges::find(*names, images[i].name) - names->begin());
    if (at < imageAt.size()) imageAt[at] = i;
  }
  if (!images.empty()) std::erase_if(asked, [&](std::size_t at) { return imageAt[at] == images.size(); });
  BatchResult now;
  Result<std::vector<std::size_t>> left = runner().unfinished(picked(*names, asked), images, now);
  if (!left) return left.error();
  m_moved = Steady::now();
  if (left->empty()) return {};
  for (std::size_t& at : *left) at = asked[at];
  if (const Result<void> noted = putDown(batch, *names, *left); !noted) return noted;
  auto back = static_cast<qint64>(left->size());
  RunCounts& counts = m_report.counts;
  // Without images it is not known which of them it were: what was refused is still there before all others.
  for (auto [of, sum] : {std::pair{&result.refused, &counts.refused}, std::pair{&result.changed, &counts.changed}, std::pair{&result.done, &counts.done}, std::pair{&result.gone, &counts.gone}}) {
    if (!images.empty() && (of == &result.refused || of == &result.changed)) continue;
    const qint64 part = std::min(back, *of);
    *of -= part;
    *sum -= part;
    back -= part;
  }
  if (!images.empty())
    for (const std::size_t at : *left) result.notDone.push_back(imageAt[at]);
  return m_log->addResult(result);
}

/// A failover costs the last moments before it, a restart all that the server had not saved.
qint64 Run::verifiedFrom() const { return m_marks.empty() || m_servers.mark().kind == Topology::Kind::Standalone ? 0 : m_marks.front().second; }

void Run::mark() {
  const auto now = Steady::now();
  if (now - m_marks.back().first < 1s) return;
  m_marks.emplace_back(now, m_next);
  while (m_marks.size() > 1 && now - m_marks[1].first > remembered) m_marks.pop_front();
}

}  // namespace cachedeck::keys
