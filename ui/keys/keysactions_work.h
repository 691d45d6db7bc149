// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/worker.h"
#include "ui/keys/keysactions.h"

#include <deque>
#include <mutex>

namespace cachedeck {

/// What the files of KeysActions share, and nobody else.
struct KeysActions::Work {
  Worker worker{QStringLiteral("keys act")}, notes{QStringLiteral("keys notes")};
};

struct KeysActions::PlanMail {
  keys::ScanProgress progress;
  std::stop_source stop;
};

/// Why a run is held back: written by the window, asked by the run between its pages.
struct HoldMail {
  std::mutex mutex;
  QString reason;
  void set(const QString& text) {
    const std::scoped_lock held(mutex);
    reason = text;
  }
  std::optional<QString> get() {
    const std::scoped_lock held(mutex);
    return reason.isEmpty() ? std::nullopt : std::optional(reason);
  }
};

struct KeysActions::RunMail {
  keys::RunProgress progress;
  const std::shared_ptr<HoldMail> hold = std::make_shared<HoldMail>();
  std::optional<LoadFigures> before;  // measured against; the window's, as the next
  QString heldBy;
  std::stop_source stop;
  std::deque<std::pair<Instant, qint64>> recent;  // keys handled, of the last seconds; the window's
};

inline QString operationsFolder(const KeysTarget& target) { return target.stateFolder + QStringLiteral("/undo"); }

}  // namespace cachedeck
