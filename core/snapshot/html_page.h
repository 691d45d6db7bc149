// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/chart_data.h"
#include "core/snapshot/report_tables.h"

#include <QByteArray>
#include <QJsonObject>

#include <optional>

namespace cachedeck::snapshot {

/// Builds one self-contained page: nothing is loaded from anywhere, a policy forbids it, and only this page's own script runs. All texts are escaped here.
class HtmlPage {
 public:
  /// `dark`: the colours it opens with; without, those of the reader's system.
  HtmlPage(QString title, const ReportLook& look, std::optional<bool> dark);
  /// The line of small facts below the title.
  void addFacts(const QStringList& facts);
  void addHeading(const QString& text);
  void addText(const QString& text);
  /// A paragraph whose lines are kept.
  void addLines(const QStringList& lines);
  void addNote(const QString& text);
  /// A figure in large digits; `level` colours its edge.
  void addTile(const QString& name, const QString& value, const QString& note, std::optional<Level> level);
  void addChart(const ChartData& data);
  void addTable(const ReportTable& table);
  /// The same, folded away under its title.
  void addFolded(const ReportTable& table, bool open = false);
  QByteArray html();

 private:
  void endGroup();
  void beginGroup(const char* kind);
  QString tableMarkup(const ReportTable& table) const;

  const QString m_title;
  const ReportLook& m_look;
  const std::optional<bool> m_dark;
  QString m_body;
  const char* m_group = nullptr;
  QJsonObject m_charts;
};

/// The script that shows values under the pointer and switches the colours, and the style sheet of a page.
QByteArray pageScript();
QByteArray pageStyle(const ReportLook& look);

/// The colours of a page as charts name them: "var(--card)".
ChartColours pageColours();

}  // namespace cachedeck::snapshot
