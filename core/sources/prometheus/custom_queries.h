// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/worker.h"
#include "core/metrics/custom_panel.h"
#include "core/metrics/history.h"
#include "core/sources/prometheus/prometheus_types.h"
#include "core/sources/source.h"

#include <QMap>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace cachedeck {

/// Asks the queries of own charts every 5 to 15 s and puts the answers into History, as "custom.<number>.<line>". On the window's thread; queries run on a Worker.
class CustomQueries : public QObject {
  Q_OBJECT
 public:
  static constexpr qsizetype mostLines = 8;

  /// Both outlive this.
  CustomQueries(const Clock& clock, History& history, QObject* parent = nullptr);
  ~CustomQueries() override;

  /// Whom to ask; none: nobody, and what is known stays.
  void open(const std::optional<SourceSettings>& prometheus);
  /// A panel that was there keeps its lines as long as its query is the same.
  void setPanels(const QList<CustomPanel>& panels);
  /// For OverviewPage::setCustomPanels().
  QList<CustomPanelState> states() const;

 Q_SIGNALS:
  /// states() differ: another line, another trouble.
  void changed();

 private:
  struct Line {
    QByteArray metric;
    QString label;
  };
  struct Entry {
    CustomPanel panel;
    QByteArray group;            ///< of History
    QMap<QString, Line> lines;   ///< by the whole text of the series
    QStringList shown;           ///< keys of `lines`
    int nextLine = 0;            ///< a line's id is not used for another series
    bool asked = false;          ///< once in this session: the past was fetched
    QString trouble;
  };
  struct Answer {
    int number;
    QString query;
    QString failure;
    PromResult now;
    PromResult past;
  };
  struct Round {
    std::vector<Answer> answers;
    double seconds;
  };
  using Ask = std::pair<CustomPanel, bool>;  ///< and whether its past is wanted

  void ask();
  void take(const Round& round);
  void takeOne(Entry& entry, const Answer& answer, qint64 nowMs);
  void chooseLines(Entry& entry, const PromResult& result);
  void putPast(Entry& entry, const PromResult& past, qint64 nowMs);
  static Round run(const SourceSettings& settings, const std::vector<Ask>& asks, qint64 nowMs, std::stop_token stop);

  const Clock& m_clock;
  History& m_history;
  std::optional<SourceSettings> m_settings;
  QList<Entry> m_entries;
  QTimer m_timer;
  int m_periodMs;
  bool m_busy = false;
  std::unique_ptr<Worker> m_worker;  ///< last: what it does calls back into what stands above
};

}  // namespace cachedeck
