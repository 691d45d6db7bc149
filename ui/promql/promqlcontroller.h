// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/worker.h"
#include "core/metrics/history.h"
#include "core/sources/source.h"
#include "ui/charts/panelinfo.h"
#include "ui/promql/queryplace.h"

#include <QCache>
#include <QDeadlineTimer>
#include <QObject>

#include <memory>
#include <optional>

namespace cachedeck {

/// What a query gave, made off the window's thread.
struct PromqlAnswer {
  struct Value {
    QString labels;     ///< the whole series as PromQL writes it, printable
    double value = NAN; ///< the newest
    int samples = 1;    ///< more than one for a range vector
  };
  QString query;
  TimeSpan span;               ///< as it was wanted; the chart ends before, where the span goes beyond the present
  qint64 atMs = 0;             ///< the moment of the values
  QString failure;             ///< empty: it was answered
  QStringList warnings;        ///< the server's, and what was left out
  std::vector<Value> values;
  std::shared_ptr<History::Past> past;  ///< of the chart, metrics "promql.0" …; null without one
  QStringList lines;           ///< names of its lines
  double largest = 0;          ///< of the chart, whatever its sign
  QString chartNote;           ///< what the chart lacks, or why there is none; may be empty
  qint64 elapsedMs = 0;
};

/// Runs queries, and reads names and labels for completion; each on a worker.
class PromqlController : public QObject {
  Q_OBJECT
 public:
  static constexpr size_t mostLines = 8;

  /// The clock outlives this.
  explicit PromqlController(const Clock& clock, QObject* parent = nullptr);
  ~PromqlController() override;

  void open(const std::optional<SourceSettings>& prometheus);
  bool isOpen() const { return m_settings.has_value(); }
  /// named() follows when there are others than before; known for half a minute. open() does it too.
  void readNames();
  bool isRunning() const { return m_running; }
  /// At the end of the span and over it, but never beyond the present; answered() follows, unless it is cancelled. One under way is given up.
  void run(const QString& query, const TimeSpan& span);
  void cancel();
  /// labelled() follows, at once where the answer is known; never when the server did not say, or another question came after it.
  void askLabels(const LabelQuestion& question);

 Q_SIGNALS:
  void answered(const cachedeck::PromqlAnswer& answer);
  void named(const QStringList& names);
  void labelled(const cachedeck::LabelQuestion& question, const QStringList& words);
  void runningChanged(bool running);

 private:
  struct Known {
    QStringList words;
    QDeadlineTimer until;
  };

  void setRunning(bool running);
  void askNext();

  const Clock& m_clock;
  std::optional<SourceSettings> m_settings;
  bool m_running = false;
  QCache<QString, Known> m_known;         ///< by question
  std::optional<LabelQuestion> m_next;    ///< only the newest is worth an answer
  bool m_asking = false, m_naming = false;
  QStringList m_metrics;
  QDeadlineTimer m_metricsUntil;
  std::unique_ptr<Worker> m_names, m_queries;  ///< last: what they do calls back into what stands above
};

}  // namespace cachedeck
