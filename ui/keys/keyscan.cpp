// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keyscan.h"

#include "core/cacheaside/glob.h"
#include "core/keys/replica.h"

#include <cstring>

namespace cachedeck {

using namespace keys;

namespace {

constexpr qsizetype mostRowsOfALevel = 1000;
constexpr std::chrono::milliseconds shotEvery{300};
constexpr int keysBetweenLooks = 512;  // at the clock
constexpr qsizetype namesOfABlock = 2048, bytesOfABlock = 256 << 10;
constexpr std::chrono::milliseconds blockEvery{100};  // a slow scan shows what it has

std::string_view view(QByteArrayView bytes) { return {bytes.data(), static_cast<std::size_t>(bytes.size())}; }

/// Takes a scan's keys down, and now and then a picture of the tree.
class Taker {
 public:
  Taker(const ScanJob& job, ScanMail& mail, Analysis* tree, const Clock& clock) : m_job(job), m_mail(mail), m_tree(tree), m_clock(clock) {}

  Result<bool> take(QByteArrayView name, const ScanFacts& facts) {
    if (!m_job.also.isEmpty() && !cacheaside::globMatches(view(m_job.also), view(name))) return true;
    ++m_matched;
    if (m_tree) m_tree->add({name, facts.bytes, facts.ttlMs, facts.type}, facts.ttlMs ? m_clock.now().wallMs : 0);  // a TTL counts from now
    if (!m_full) keep(name);
    if (++m_sinceLook >= keysBetweenLooks) look();
    return true;
  }
  void finish() {
    flush();
    if (m_tree) shoot(true);
  }
  qint64 matched() const { return m_matched; }

 private:
  void keep(QByteArrayView name) {
    m_names.append(name);
    m_full = m_kept + m_names.size() >= ScanMail::mostNames;
    if (m_full || m_names.size() >= namesOfABlock || m_names.bytes() >= bytesOfABlock) flush();
  }
  void flush() {
    m_nextBlock = std::chrono::steady_clock::now() + blockEvery;
    if (m_names.size() == 0) return;
    NameBlock block = NameBlock::pack(m_names);
    m_kept += m_names.size();
    m_keptBytes += block.packedBytes();
    m_full = m_full || m_keptBytes >= ScanMail::mostBytes;
    m_names.clear();
    const std::scoped_lock held(m_mail.mutex);
    m_mail.names.push_back(std::move(block));
  }
  void look() {
    m_sinceLook = 0;
    if (std::chrono::steady_clock::now() >= m_nextBlock) flush();
    if (!m_tree || std::chrono::steady_clock::now() < m_nextShot) return;
    shoot(false);
    m_nextShot = std::chrono::steady_clock::now() + shotEvery;
  }
  void shoot(bool complete) {
    QSet<QByteArray> open;
    {
      const std::scoped_lock held(m_mail.mutex);
      open = m_mail.open;
    }
    auto shot = std::make_shared<TreeShot>();
    shot->keys = m_tree->keys();
    shot->bytes = m_tree->bytes();
    shot->complete = complete;
    for (const QByteArray& prefix : std::as_const(open)) shot->levels.append(levelOf(m_tree->prefixes(), prefix));
    const std::scoped_lock held(m_mail.mutex);
    m_mail.shot = std::move(shot);
  }

  const ScanJob& m_job;
  ScanMail& m_mail;
  Analysis* const m_tree;
  const Clock& m_clock;
  KeyNames m_names;
  qsizetype m_kept = 0, m_keptBytes = 0;
  qint64 m_matched = 0;
  int m_sinceLook = 0;
  bool m_full = false;
  std::chrono::steady_clock::time_point m_nextShot = std::chrono::steady_clock::now() + shotEvery / 3;  // a small database is there at once
  std::chrono::steady_clock::time_point m_nextBlock{};
};

KeyspaceFigures figuresOf(const Analysis& analysis) {
  return {analysis.keys(), analysis.bytes(), analysis.ttls(), analysis.types(), analysis.largest(), analysis.cliffs(), {}};
}

}  // namespace

void KeyNames::append(QByteArrayView name) {
  m_bytes.insert(m_bytes.end(), name.begin(), name.end());
  m_ends.push_back(static_cast<std::uint32_t>(m_bytes.size()));
}

QByteArrayView KeyNames::at(qsizetype i) const {
  const auto row = static_cast<std::size_t>(i);
  const std::size_t begin = row == 0 ? 0 : m_ends[row - 1];
  return {m_bytes.data() + begin, static_cast<qsizetype>(m_ends[row] - begin)};
}

void KeyNames::clear() {
  m_bytes = {};
  m_ends = {};
}

NameBlock NameBlock::pack(const KeyNames& names) {
  const auto count = static_cast<std::uint32_t>(names.size());
  QByteArray plain;
  plain.reserve(names.bytes() + static_cast<qsizetype>(4 * (count + 1)));
  const auto put = [&](std::uint32_t number) { plain.append(reinterpret_cast<const char*>(&number), sizeof number); };
  put(count);
  for (qsizetype i = 0; i < names.size(); ++i) put(static_cast<std::uint32_t>(names.at(i).size()));
  for (qsizetype i = 0; i < names.size(); ++i) plain.append(names.at(i).data(), names.at(i).size());
  const QByteArray packed = qCompress(plain, 1);
  NameBlock block;
  block.m_packed = QByteArray(packed.constData(), packed.size());  // without the room that qCompress() keeps
  block.m_size = static_cast<int>(count);
  return block;
}

KeyNames NameBlock::unpack() const {
  const QByteArray plain = qUncompress(m_packed);
  const auto number = [&](qsizetype i) {
    std::uint32_t value = 0;
    std::memcpy(&value, plain.constData() + 4 * i, sizeof value);
    return value;
  };
  KeyNames names;
  qsizetype at = 4 * (qsizetype{m_size} + 1);
  for (int i = 0; i < m_size; ++i) {
    const qsizetype size = number(i + 1);
    names.append(QByteArrayView(plain).sliced(at, size));
    at += size;
  }
  return names;
}

PrefixLevel levelOf(const PrefixStats& stats, const QByteArray& prefix) {
  PrefixLevel level;
  level.prefix = prefix;
  level.rows = stats.children(prefix, mostRowsOfALevel);
  level.direct = stats.direct(prefix);
  qint64 listed = level.direct;
  for (const PrefixRow& row : std::as_const(level.rows)) listed += row.keys;
  level.rest = (prefix.isEmpty() ? stats.keys() : stats.row(prefix).keys) - listed;
  return level;
}

Result<ScanEnd> scanInto(const ScanJob& job, ScanMail& mail, Analysis* tree, const Clock& clock, const std::stop_token& stop) {
  const Instant begin = clock.now();
  const std::stop_callback link(stop, [&mail] { mail.stop.request_stop(); });
  const std::stop_token either = mail.stop.get_token();
  const bool onReplica = job.measured && !job.redis.replica.isEmpty();
  RedisConnection connection(onReplica ? forAnalysis(job.redis) : job.redis);
  if (const Result<void> opened = connection.open(either); !opened) return opened.error();
  if (onReplica)
    if (const Result<void> current = checkReplica(connection, job.redis, either); !current) return current.error();
  Taker taker(job, mail, tree, clock);
  ScanOptions options;
  if (job.measured) options.facts = {true, true, true, false};
  const Result<ScanResult> result =
      scanKeys(connection, job.selector, options, mail.progress, either, [&](QByteArrayView name, const ScanFacts& facts) { return taker.take(name, facts); });
  taker.finish();  // also of a scan that was stopped: what it found is shown
  if (!result) return result.error();
  ScanEnd end{result->scanned, taker.matched(), clock.now().secondsSince(begin), result->stopped, {}};
  if (tree && job.measured) {
    end.figures = figuresOf(*tree);
    if (onReplica) end.figures->replica = connection.options().endpoint();
  }
  return end;
}

}  // namespace cachedeck
