// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/profile.h"
#include "ui/widgets/card.h"

class QGridLayout;

namespace cachedeck {

class FieldEditor;

/// The part of the form for the profile's own fields, made from their table.
class ProfileFields : public Card {
  Q_OBJECT
 public:
  explicit ProfileFields(QWidget* parent = nullptr);
  void load(const Profile& profile);
  void store(Profile& profile) const;
  /// Shows what is wrong; the first widget where something is, or nullptr.
  QWidget* firstProblem();
  FieldEditor* field(const QString& key) const;

 Q_SIGNALS:
  void edited();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void arrange();
  QGridLayout* m_grid;
  QList<FieldEditor*> m_fields;
  int m_columns = 0;
};

}  // namespace cachedeck
