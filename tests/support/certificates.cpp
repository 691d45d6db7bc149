// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/certificates.h"

#include <QDateTime>
#include <QFile>
#include <QProcess>

namespace cachedeck::test {

namespace {

const QString here = QStringLiteral("DNS:localhost,IP:127.0.0.1,IP:::1");

QString openSslTime(const QDateTime& time) { return time.toUTC().toString(QStringLiteral("yyyyMMddhhmmss")) + QLatin1Char('Z'); }

}  // namespace

Certificates::Certificates() {
  const QDateTime now = QDateTime::currentDateTimeUtc();
  const QString yesterday = openSslTime(now.addDays(-1));
  const QString nextMonth = openSslTime(now.addDays(30));
  makeAuthority(QStringLiteral("ca"));
  makeAuthority(QStringLiteral("otherca"));
  const struct {
    const char* name;
    const char* authority;
    QString subjectAltName, from, until;
  } leaves[] = {
      {"good", "ca", here, yesterday, nextMonth},
      {"wronghost", "ca", QStringLiteral("DNS:redis.example.net"), yesterday, nextMonth},
      {"cnonly", "ca", {}, yesterday, nextMonth},
      {"unknownca", "otherca", here, yesterday, nextMonth},
      {"expired", "ca", here, openSslTime(now.addYears(-2)), openSslTime(now.addYears(-1))},
      {"notyet", "ca", here, openSslTime(now.addYears(1)), openSslTime(now.addYears(2))},
      {"client", "ca", {}, yesterday, nextMonth},
      {"otherclient", "otherca", {}, yesterday, nextMonth},
  };
  for (const auto& leaf : leaves)
    sign(QString::fromLatin1(leaf.name), QString::fromLatin1(leaf.authority), leaf.subjectAltName, leaf.from, leaf.until);
  run({QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("rsa:2048"), QStringLiteral("-nodes"),
       QStringLiteral("-keyout"), key(QStringLiteral("selfsigned")), QStringLiteral("-out"), certificate(QStringLiteral("selfsigned")),
       QStringLiteral("-days"), QStringLiteral("20"), QStringLiteral("-subj"), QStringLiteral("/CN=localhost"),
       QStringLiteral("-addext"), QLatin1String("subjectAltName=") + here});
}

bool Certificates::run(const QStringList& arguments) {
  if (!m_error.isEmpty()) return false;
  QProcess process;
  process.setWorkingDirectory(m_folder.path());
  process.setProcessChannelMode(QProcess::MergedChannels);
  process.start(QStringLiteral("openssl"), arguments);
  if (!process.waitForFinished(180000) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
    m_error = QStringLiteral("openssl %1: %2 %3").arg(arguments.join(QLatin1Char(' ')), process.errorString(), QString::fromUtf8(process.readAll()));
  return m_error.isEmpty();
}

bool Certificates::write(const QString& name, const QByteArray& text) {
  QFile file(m_folder.filePath(name));
  if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) m_error = file.errorString();
  return m_error.isEmpty();
}

void Certificates::makeAuthority(const QString& name) {
  run({QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("ec"), QStringLiteral("-pkeyopt"),
       QStringLiteral("ec_paramgen_curve:prime256v1"), QStringLiteral("-nodes"), QStringLiteral("-keyout"), key(name),
       QStringLiteral("-out"), certificate(name), QStringLiteral("-days"), QStringLiteral("60"), QStringLiteral("-subj"),
       QLatin1String("/CN=Cachedeck test ") + name});
  // `openssl ca` is the only subcommand of 3.0 that takes free dates.
  write(name + QLatin1String(".index"), {});
  write(name + QLatin1String(".serial"), "1000\n");
}

void Certificates::makeRequest(const QString& name) {
  run({QStringLiteral("req"), QStringLiteral("-newkey"), QStringLiteral("ec"), QStringLiteral("-pkeyopt"),
       QStringLiteral("ec_paramgen_curve:prime256v1"), QStringLiteral("-nodes"), QStringLiteral("-keyout"), key(name),
       QStringLiteral("-out"), name + QLatin1String(".csr"), QStringLiteral("-subj"), QLatin1String("/CN=") + name});
}

void Certificates::sign(const QString& name, const QString& authority, const QString& subjectAltName, const QString& from, const QString& until) {
  makeRequest(name);
  const QString text = QStringLiteral(
      "[ca]\ndefault_ca=d\n[d]\ndatabase=%1.index\nserial=%1.serial\nnew_certs_dir=.\ncertificate=%1.crt\nprivate_key=%1.key\n"
      "default_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n[e]\nbasicConstraints=CA:FALSE\n%2\n")
      .arg(authority, subjectAltName.isEmpty() ? QString() : QLatin1String("subjectAltName=") + subjectAltName);
  write(name + QLatin1String(".cnf"), text.toUtf8());
  run({QStringLiteral("ca"), QStringLiteral("-batch"), QStringLiteral("-notext"), QStringLiteral("-config"), name + QLatin1String(".cnf"),
       QStringLiteral("-extensions"), QStringLiteral("e"), QStringLiteral("-startdate"), from, QStringLiteral("-enddate"), until,
       QStringLiteral("-in"), name + QLatin1String(".csr"), QStringLiteral("-out"), certificate(name)});
}

}  // namespace cachedeck::test
