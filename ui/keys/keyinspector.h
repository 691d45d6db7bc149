// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/keys/keyscontroller.h"
#include "ui/widgets/card.h"

class QLabel;
class QPushButton;
class QStackedWidget;

namespace cachedeck {

class ElidedLabel;
class FigureGrid;
class Notice;
class ValueView;

/// The key on which the list stands: facts, value, and a string's change.
class KeyInspector : public Card {
  Q_OBJECT
 public:
  explicit KeyInspector(QWidget* parent = nullptr);
  void clear();
  void begin(const QByteArray& name);
  using QWidget::show;
  void show(const Inspection& inspection);
  void append(const QByteArray& name, const keys::ValuePage& page);
  void showFailure(const QByteArray& name, const Error& error);
  void showEdited(const QByteArray& name, const QString& problem);
  /// Why a value cannot be changed; empty when it can.
  void setEditLocked(const QString& why);
  const QByteArray& name() const { return m_name; }
  /// Whether a key was picked; its name may be empty.
  bool hasKey() const { return m_hasKey; }
  ValueView* value() const { return m_value; }
  FigureGrid* facts() const { return m_facts; }

 Q_SIGNALS:
  void moreWanted(const QByteArray& name, const QByteArray& type, const QByteArray& position);
  void refreshWanted(const QByteArray& name);
  void editWanted(const QByteArray& name, const QByteArray& before, const QByteArray& after);

 private:
  QWidget* buildKey();
  void updateButtons();
  void say(const QString& text, const char* tone);
  void save();

  QStackedWidget* m_stack;
  Notice* m_notice;
  QWidget* m_key;
  ElidedLabel* m_title;
  FigureGrid* m_facts;
  ValueView* m_value;
  QLabel* m_message;
  QPushButton *m_copy, *m_refresh, *m_edit, *m_save, *m_cancel;
  QByteArray m_name, m_type;
  QString m_locked;
  bool m_hasKey = false, m_saving = false, m_reading = false;  // the value on show is the one from before
};

}  // namespace cachedeck
