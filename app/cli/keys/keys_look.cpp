// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_verbs.h"
#include "core/keys/analysis.h"
#include "core/keys/cliff_text.h"
#include "core/keys/inspect.h"
#include "core/keys/replica.h"
#include "core/metrics/format.h"

#include <cstdio>

namespace cachedeck {

using namespace keys;

namespace {

/// Goes once through the keys, of what is analysed on the replica where one is named; prints an error where there is one.
std::optional<ScanResult> scan(const KeysArguments& arguments, const RedisOptions& server, const ScanOptions& options, ScanProgress& progress, const std::stop_token& stop, int& code, const Visit& visit,
                               bool analyses = false) {
  const Result<Selector> selector = arguments.selector();
  const auto walk = [&] { return analyses ? scanForAnalysis(server, *selector, options, progress, stop, visit) : scanKeys(server, *selector, options, progress, stop, visit); };
  const Result<ScanResult> result = selector ? walk() : Result<ScanResult>(selector.error());
  progressLine({});
  if (result) return *result;
  code = complainKeys(result.error());
  return {};
}

void show(const ScanProgress& progress) {
  progressLine(QStringLiteral("scanned about %1 of %2, matched %3").arg(progress.scanned.load()).arg(progress.expected.load()).arg(progress.matched.load()));
}

}  // namespace

int keysCount(const KeysArguments& arguments, KeysSession& session) {
  ScanProgress progress;
  return runBeside(
      [&](const std::stop_token& stop) {
        int code = 0;
        const auto begin = session.clock().now();
        const auto result = scan(arguments, session.redis(), {}, progress, stop, code, [](QByteArrayView, const ScanFacts&) -> Result<bool> { return true; });
        if (!result) return code;
        const double seconds = session.clock().now().secondsSince(begin);
        if (arguments.json)
          printJson({{QStringLiteral("matched"), result->matched}, {QStringLiteral("scanned"), result->scanned}, {QStringLiteral("seconds"), seconds}});
        else
          std::printf("%lld of %lld keys match (%s)\n", static_cast<long long>(result->matched), static_cast<long long>(result->scanned), qPrintable(formatValue(seconds, Unit::Seconds)));
        return 0;
      },
      [&] { show(progress); });
}

int keysList(const KeysArguments& arguments, KeysSession& session) {
  ScanProgress progress;
  return runBeside([&](const std::stop_token& stop) {
    int code = 0;
    qint64 left = arguments.limit;
    const auto print = [&](QByteArrayView name, const ScanFacts& facts) -> Result<bool> {
      const QString shown = escaped(name.toByteArray());
      if (arguments.json) {
        QJsonObject row{{QStringLiteral("key"), shown}};
        if (!facts.type.isEmpty()) row[QLatin1String("type")] = escaped(facts.type);
        if (facts.ttlMs) row[QLatin1String("ttl_ms")] = *facts.ttlMs;
        if (facts.bytes) row[QLatin1String("bytes")] = *facts.bytes;
        if (facts.idleSeconds) row[QLatin1String("idle_s")] = *facts.idleSeconds;
        printJson(row);
      } else {
        // The form that --from-file takes for the key with the empty name: it leaves out empty lines.
        std::puts(name.isEmpty() ? "\"\"" : shown.toUtf8().constData());
      }
      return arguments.limit == 0 || --left > 0;
    };
    return scan(arguments, session.redis(), {}, progress, stop, code, print) ? 0 : code;
  });
}

int keysAnalyse(const KeysArguments& arguments, KeysSession& session) {
  ScanProgress progress;
  return runBeside(
      [&](const std::stop_token& stop) {
        int code = 0;
        Analysis::Limits limits;
        limits.prefixBytes = qint64{64} << 20;  // beside the names that were seen: 10 M keys stay within 400 MB
        Analysis analysis(session.separator(arguments), limits);
        ScanOptions options;
        options.facts = {true, true, true, false};
        const auto add = [&](QByteArrayView name, const ScanFacts& facts) -> Result<bool> {
          analysis.add({name, facts.bytes, facts.ttlMs, facts.type}, session.clock().now().wallMs);
          return true;
        };
        const Result<RedisOptions> server = session.analysed(arguments);
        if (!server) return complainKeys(server.error());
        if (!scan(arguments, *server, options, progress, stop, code, add, true)) return code;
        const QString asked = forAnalysis(*server).endpoint();
        if (arguments.json) {
          QJsonObject json = analysis.toJson();
          json[QLatin1String("asked")] = asked;
          printJson(json);
          return 0;
        }
        const QString size = analysis.bytes() >= 0 ? formatValue(static_cast<double>(analysis.bytes()), Unit::Bytes) : analysis.keys() == 0 ? QStringLiteral("0 B") : QStringLiteral("memory unknown");
        std::printf("%lld keys, %s, asked of %s%s\n", static_cast<long long>(analysis.keys()), qPrintable(size), server->replica.isEmpty() ? "" : "the replica ", qPrintable(asked));
        const auto types = analysis.types();
        for (auto type = types.begin(); type != types.end(); ++type) std::printf("  %-12s %12lld\n", qPrintable(escaped(type.key())), static_cast<long long>(type.value()));
        std::puts("Time to live");
        for (qsizetype i = 0; i < TtlHistogram::classes().size(); ++i)
          if (const qint64 count = analysis.ttls().counts()[i]) std::printf("  %-12s %12lld\n", TtlHistogram::classes()[i].label, static_cast<long long>(count));
        std::puts("Prefixes");
        for (const PrefixRow& row : analysis.prefixes().top(20))
          std::printf("  %-40s %12lld %12s\n", qPrintable(escaped(row.prefix)), static_cast<long long>(row.keys), qPrintable(row.bytes < 0 ? QString() : formatValue(static_cast<double>(row.bytes), Unit::Bytes)));
        std::puts("Largest keys");
        for (const LargeKey& key : analysis.largest().first(std::min<qsizetype>(10, analysis.largest().size())))
          std::printf("  %-40s %12s  %s\n", qPrintable(escaped(key.name)), qPrintable(formatValue(static_cast<double>(key.bytes), Unit::Bytes)), qPrintable(escaped(key.type)));
        for (const TtlCliff& cliff : analysis.cliffs()) std::puts(qPrintable(cliffText(cliff, session.clock().now().wallMs)));
        return 0;
      },
      [&] { show(progress); });
}

}  // namespace cachedeck
