// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/doctor/doctor.h"
#include "tests/support/process.h"

#include <QTest>

namespace cachedeck::test {

/// The machine's clock, set wrong by so much.
class ShiftedClock : public Clock {
 public:
  Instant now() const override {
    Instant now = SystemClock().now();
    now.wallMs += shiftMs;
    return now;
  }
  qint64 shiftMs = 0;
};

using Urls = QMap<QString, QString>;

inline QMap<QString, SourceSettings> settingsOf(const Urls& urls) {
  QMap<QString, SourceSettings> settings;
  for (auto url = urls.begin(); url != urls.end(); ++url) settings[url.key()] = findSource(url.key())->fromUrl(url.value()).value();
  return settings;
}

/// Two looks in quick succession: what is to be seen between them is made before.
inline doctor::Options quickly() {
  doctor::Options options;
  options.watchFor = std::chrono::milliseconds(50);
  return options;
}

inline doctor::Report examined(const Urls& urls, const doctor::Options& options = quickly(), const Clock& clock = SystemClock()) { return doctor::examine(settingsOf(urls), options, clock, {}); }

inline const doctor::Finding* findingOf(const doctor::Report& report, const char* check) {
  for (const doctor::Finding& one : report.findings)
    if (one.check == QLatin1String(check)) return &one;
  return nullptr;
}

inline QByteArray shown(const doctor::Report& report) {
  QByteArray text;
  for (const doctor::Finding& one : report.findings)
    text += '\n' + one.check.toUtf8() + ' ' + doctor::severityName(one.severity).toUtf8() + ": " + one.finding.toUtf8() + " | " + one.evidence.toUtf8() + " | " + one.remedy.toUtf8();
  for (const QString& missing : report.missing) text += "\nmissing: " + missing.toUtf8();
  return text;
}

/// A finding of this check and severity, with these words in one of its texts.
inline bool has(const doctor::Report& report, const char* check, doctor::Severity severity, const char* words) {
  for (const doctor::Finding& one : report.findings)
    if (one.check == QLatin1String(check) && one.severity == severity && (one.finding + one.evidence + one.remedy).contains(QString::fromUtf8(words))) return true;
  return false;
}

#define VERIFY_FINDING(report, check, severity, words) QVERIFY2(has(report, check, doctor::Severity::severity, words), shown(report).constData())
#define VERIFY_SILENT(report, check) QVERIFY2(!findingOf(report, check), shown(report).constData())
/// Examines again until it is found: scrapes and evaluations take their second.
#define TRY_FINDING(examine, check, severity, words)                                                                     \
  do {                                                                                                                   \
    doctor::Report tried;                                                                                                \
    QTRY_VERIFY2_WITH_TIMEOUT((tried = examine, has(tried, check, doctor::Severity::severity, words)), shown(tried).constData(), 60000); \
  } while (false)

#define TRY_SILENT(examine, check)                                                                                       \
  do {                                                                                                                   \
    doctor::Report tried;                                                                                                \
    QTRY_VERIFY2_WITH_TIMEOUT((tried = examine, !findingOf(tried, check)), shown(tried).constData(), 60000);              \
  } while (false)

}  // namespace cachedeck::test
