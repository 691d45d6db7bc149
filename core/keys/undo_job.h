// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/hold_back.h"
#include "core/keys/pace.h"
#include "core/keys/page_runner.h"
#include "core/keys/undo.h"

#include <QSet>

namespace cachedeck::keys {

/// One undo, batch by batch of what was kept. undo_job.cpp: its beginning and its end; undo_keys.cpp: the keys.
class Undo {
 public:
  Undo(const QString& id, const UndoOptions& options, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress, const std::stop_token& stop);
  Result<UndoReport> run();

 private:
  using Images = std::span<const KeyImage* const>;
  /// What became of a part, counted when all of it is known.
  struct Tally {
    qint64 restored = 0, kept = 0, expired = 0, expiredMeanwhile = 0;
  };

  Result<void> connect();
  Result<void> check(const OperationSummary& summary);
  Result<void> fits(std::span<const qint64> bytes);
  Result<void> pass();
  Result<void> passes();
  Result<void> batch(const LoggedBatch& batch, std::span<const KeyImage> images);
  Result<void> putBack(Images images);
  Result<void> reconnect(const Error& cause);
  Result<void> waitFor(const QString& reason, bool mayMove);
  Result<void> heed();
  bool puts(const LoggedBatch& batch, std::uint32_t number, const KeyImage& image) const;
  bool isOver(const KeyImage& image) const;
  JournalEntry entry(const QString& phase) const;
  void refused(QByteArrayView error);
  void tell();

  Result<void> restore(Images images);
  Result<std::vector<const KeyImage*>> notYetBack(Images images, Tally& tally);
  Result<void> expiries(Images images);
  Result<void> expiriesOfOneSlot(Images images);
  Result<std::optional<Redirect>> expiriesAt(const Way& way, Images images);
  std::vector<RedisCommand> expiryChanges(Images images, std::span<const Reply> now, Tally& tally) const;
  void count(const Tally& tally);

  const UndoOptions& m_options;
  const WritePermit& m_permit;
  RunPlace m_place;
  RunProgress& m_progress;
  const std::stop_token& m_stop;
  Servers m_servers;
  Probe m_probe;
  Pace m_pace;
  HoldBack m_holdBack;
  std::optional<ServerClock> m_clock;
  Plan m_plan;
  QString m_undoes;  // what the journal says of it
  QSet<QByteArray> m_triedAgain;
  bool m_again = false;  // something may be back already: by this undo
  std::chrono::milliseconds m_paused{0};
  UndoReport m_report;
};

}  // namespace cachedeck::keys
