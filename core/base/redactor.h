// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <memory>

namespace cachedeck {

/// Removes every living Secret, in the forms in which it can surface, from texts that leave the program.
/// The log, errors and exports pass through it. Model: k6's secret source hook.
class Redactor {
 public:
  static Redactor& instance();

  void add(const QByteArray& secret);
  void remove(const QByteArray& secret);

  /// The text with secrets (plain, percent-encoded, base64, JSON-escaped, and the words of one that holds spaces),
  /// the password in a URL's user part, and what follows password=, AUTH or requirepass replaced by ***.
  QString clean(QString text) const;

  ~Redactor();

 private:
  Redactor();
  struct Data;
  std::unique_ptr<Data> m_data;
};

inline QString redact(QString text) { return Redactor::instance().clean(std::move(text)); }

}  // namespace cachedeck
