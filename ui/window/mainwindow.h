// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/metrics/metric.h"
#include "core/sources/poller.h"
#include "ui/theme/theme.h"
#include "ui/window/profilebutton.h"

#include <QMainWindow>
#include <QTimer>

class QStackedWidget;
class QVBoxLayout;

namespace cachedeck {

class Rail;
class SourcePopup;
class TopBar;
class WelcomePage;

/// The window: navigation and status, nothing else. Pages, pollers and profiles come from outside.
class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  explicit MainWindow(const Clock& clock, QWidget* parent = nullptr);
  /// The size of a window that was never sized by hand: as large as is liked, no larger than the screen has room for.
  static QSize firstSize();

  /// Whether the chosen time range moves anything on a page: it is not offered where it does not.
  enum class TimeRange { Followed, Ignored };
  /// Adds a page with an icon in the rail and the next number as its shortcut. The first one is shown.
  void addPage(const QString& id, const QString& title, const QString& iconName, QWidget* page, TimeRange range = TimeRange::Followed);
  void showPage(const QString& id);
  /// Id of the page shown, empty for the welcome page.
  QString currentPage() const;

  /// Shows the welcome page in place of the pages.
  void showWelcome();
  WelcomePage* welcome() const { return m_welcome; }

  /// Sets a source's chip; the order of first calls is the order of the chips.
  void setSource(const QString& id, const QString& title, const SourceState& state);
  void clearSources();

  /// The profile on show, in the title, the frame and the switcher; none when nothing is connected.
  void setProfile(const std::optional<ProfileEntry>& entry);
  /// What the switcher offers.
  void setProfiles(const QList<ProfileEntry>& entries);

  /// Both without a signal.
  void setRange(int seconds);
  void setPaused(bool paused);
  /// What is on show comes from a snapshot, and stands still.
  void setKept(bool kept);

  /// A sentence under the top bar until it is closed; the same one stands there once.
  void notify(Level level, const QString& text);

 Q_SIGNALS:
  void rangeChosen(int seconds);
  void pauseToggled(bool paused);
  void retryRequested(const QString& sourceId);
  void profileChosen(const QUuid& id);
  void newConnection();
  void trySandbox();
  void pageShown(const QString& id);
  /// The operator switched the colours; they have changed already.
  void schemeChosen(cachedeck::Theme::Scheme scheme);

 private:
  struct Page {
    QString id, title;
    QWidget* widget;
    TimeRange range;
  };
  struct SourceEntry {
    QString id, title;
    SourceState state;
  };
  void build();
  void connectSignals();
  void showPopup(const QString& sourceId);
  void refreshTimes();
  const Page* page(const QString& id) const;
  const SourceEntry* source(const QString& id) const;

  const Clock& m_clock;
  QList<Page> m_pages;
  QList<SourceEntry> m_sources;
  Rail* m_rail;
  TopBar* m_bar;
  QVBoxLayout* m_notices;
  QStackedWidget* m_stack;
  WelcomePage* m_welcome;
  SourcePopup* m_popup;
  QTimer m_second;
};

}  // namespace cachedeck
