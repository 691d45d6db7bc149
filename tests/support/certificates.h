// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QTemporaryDir>

namespace cachedeck::test {

/// A small, throw-away public key infrastructure with good and bad server certificates, made with the openssl program.
/// Good for localhost and 127.0.0.1: "good", "expired", "notyet", "unknownca" (of another authority), "selfsigned"; for
/// another name only: "wronghost"; without a subject alternative name: "cnonly"; for clients: "client", "otherclient".
class Certificates {
 public:
  Certificates();

  /// Empty when everything could be made.
  QString error() const { return m_error; }
  QString folder() const { return m_folder.path(); }
  QString authority() const { return certificate(QStringLiteral("ca")); }
  QString certificate(const QString& name) const { return m_folder.filePath(name + QLatin1String(".crt")); }
  QString key(const QString& name) const { return m_folder.filePath(name + QLatin1String(".key")); }

 private:
  bool run(const QStringList& arguments);
  void makeAuthority(const QString& name);
  void makeRequest(const QString& name);
  void sign(const QString& name, const QString& authority, const QString& subjectAltName, const QString& from, const QString& until);
  bool write(const QString& name, const QByteArray& text);

  QTemporaryDir m_folder;
  QString m_error;
};

}  // namespace cachedeck::test
