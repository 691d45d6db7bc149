// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/worker.h"
#include "core/metrics/history.h"
#include "core/sources/source.h"

#include <QObject>
#include <QSet>

#include <memory>

namespace cachedeck {

/// What Backfill calls the service, which is no source: Prometheus scrapes it.
QString serviceHistory();

/// Puts what Prometheus knows of the time before the console opened in front of the live samples, once a source, on a
/// Worker of its own.
class Backfill : public QObject {
  Q_OBJECT
 public:
  Backfill(const SourceSettings& prometheus, History& history, const Clock& clock);

  /// Asks for the last 24 hours of a source ("redis", "postgres") or of serviceHistory() unless that was done.
  void fill(const QString& sourceId);

 Q_SIGNALS:
  /// Why a source's past cannot be shown, in a sentence for the operator.
  void failed(const QString& sourceId, const QString& message);

 private:
  const SourceSettings m_settings;
  History& m_history;
  const Clock& m_clock;
  QSet<QString> m_done;
  Worker m_worker{QStringLiteral("backfill")};
};

}  // namespace cachedeck
