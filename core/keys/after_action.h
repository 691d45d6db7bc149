// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/journal.h"
#include "core/metrics/history.h"

#include <array>
#include <map>

namespace cachedeck::keys {

/// A figure before and after an action, in its metric's unit; NaN: not measured.
struct BeforeAfter {
  QLatin1String metric;
  double before = NAN, after = NAN;
  bool isKnown() const { return std::isfinite(before) && std::isfinite(after); }
};

/// What an action did to the system, as far as it was measured.
struct AfterFigures {
  BeforeAfter hitRatio;          ///< percent
  double lowestHitRatio = NAN;   ///< of about 8 seconds, since the action began
  double recoverSeconds = NAN;   ///< from the action's end until the hit ratio was back within one point of before; NaN: it is not
  std::vector<BeforeAfter> others;  ///< known ones only: database calls, mean query time, p95
  bool isEmpty() const { return !hitRatio.isKnown() && others.empty(); }
};

/// Before: the mean of the five minutes before `beginMs`. After: the mean of the last minute up to `atMs`, nothing before `endMs`. Reads a few sums of the history, never its
/// samples one by one; on the window's thread.
AfterFigures afterFigures(const History& history, qint64 beginMs, qint64 endMs, qint64 atMs);

/// "5 min after: hit ratio 94.2 % before, 93.8 % now, lowest 61.0 %, back within 1 point after 41 s; database calls 1.65 k/s before, 1.71 k/s now." Empty when nothing
/// was measured.
QString afterSentence(const AfterFigures& figures, int minutes);

/// When which action is to be looked at again. Time is an argument.
class AfterActions {
 public:
  static constexpr std::array minutesAfter{1, 5, 15};

  struct Due {
    JournalEntry end;
    qint64 beginMs = 0;
    int minutes = 0;
    qint64 atMs() const { return end.wallMs + qint64{minutes} * 60'000; }
  };

  /// Begins and ends of actions as the journal has them. An end that changed nothing is not looked at again.
  void take(const JournalEntry& entry);
  /// What is due now, earliest first; each comes once.
  std::vector<Due> due(qint64 nowMs);
  bool isEmpty() const { return m_due.empty(); }
  void clear();

 private:
  std::map<std::pair<QString, QString>, qint64> m_begins;  // by operation and action
  std::vector<Due> m_due;
};

/// The journal's note: phase "note" of the same operation, with the figures among its counts.
JournalEntry afterNote(const AfterActions::Due& due, const AfterFigures& figures);

}  // namespace cachedeck::keys
