// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QWidget>

class QVBoxLayout;

namespace cachedeck {

class ChoiceCard;
class Notice;

/// What the window shows while there is no profile: two ways to begin, and how the sandbox comes up.
class WelcomePage : public QWidget {
  Q_OBJECT
 public:
  explicit WelcomePage(QWidget* parent = nullptr);
  /// A step of the sandbox's start; the steps before it are marked as done.
  void addProgress(const QString& step);
  /// Why it did not start, with the remedy.
  void showError(const Error& error);
  /// As at the beginning.
  void reset();

 Q_SIGNALS:
  void trySandbox();
  void newConnection();

 private:
  void clearSteps();
  void finishStep();

  ChoiceCard* m_sandbox;
  ChoiceCard* m_connection;
  QVBoxLayout* m_steps;
  Notice* m_error;
};

}  // namespace cachedeck
