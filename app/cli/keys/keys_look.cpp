// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_verbs.h"
#include "core/keys/analysis.h"
#include "core/keys/cliff_text.h"
#include "core/keys/inspect.h"
#include "core/keys/replica.h"
#include "core/metrics/format.h"

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

/// Figures of a keyspace for people; `asked` says who knew them.
QStringList linesOf(const Analysis& analysis, const QString& asked, qint64 nowMs) {
  const QString size = analysis.bytes() >= 0 ? formatValue(static_cast<double>(analysis.bytes()), Unit::Bytes) : analysis.keys() == 0 ? QStringLiteral("0 B") : QStringLiteral("memory unknown");
  QStringList lines{QStringLiteral("%1 keys, %2, asked of %3").arg(QString::number(analysis.keys()), size, asked)};
  const auto types = analysis.types();
  for (auto type = types.begin(); type != types.end(); ++type) lines << QString::asprintf("  %-12s %12lld", qUtf8Printable(escaped(type.key())), static_cast<long long>(type.value()));
  lines << QStringLiteral("Time to live");
  for (qsizetype i = 0; i < TtlHistogram::classes().size(); ++i)
    if (const qint64 count = analysis.ttls().counts()[i]) lines << QString::asprintf("  %-12s %12lld", TtlHistogram::classes()[i].label, static_cast<long long>(count));
  lines << QStringLiteral("Prefixes");
  for (const PrefixRow& row : analysis.prefixes().top(20))
    lines << QString::asprintf("  %-40s %12lld %12s", qUtf8Printable(escaped(row.prefix)), static_cast<long long>(row.keys), qUtf8Printable(row.bytes < 0 ? QString() : formatValue(static_cast<double>(row.bytes), Unit::Bytes)));
  lines << QStringLiteral("Largest keys");
  for (const LargeKey& key : analysis.largest().first(std::min<qsizetype>(10, analysis.largest().size())))
    lines << QString::asprintf("  %-40s %12s  %s", qUtf8Printable(escaped(key.name)), qUtf8Printable(formatValue(static_cast<double>(key.bytes), Unit::Bytes)), qUtf8Printable(escaped(key.type)));
  for (const TtlCliff& cliff : analysis.cliffs()) lines << cliffText(cliff, nowMs);
  return lines;
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
        if (arguments.json) return keysVoice.printJson({{QStringLiteral("matched"), result->matched}, {QStringLiteral("scanned"), result->scanned}, {QStringLiteral("seconds"), seconds}});
        return keysVoice.printLines({QStringLiteral("%1 of %2 keys match (%3)").arg(result->matched).arg(result->scanned).arg(formatValue(seconds, Unit::Seconds))});
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
      // The form that --from-file takes for the key with the empty name: it leaves out empty lines.
      QByteArray line = name.isEmpty() ? QByteArray("\"\"\n") : shown.toUtf8() + '\n';
      if (arguments.json) {
        QJsonObject row{{QStringLiteral("key"), shown}};
        if (!facts.type.isEmpty()) row[QLatin1String("type")] = escaped(facts.type);
        if (facts.ttlMs) row[QLatin1String("ttl_ms")] = *facts.ttlMs;
        if (facts.bytes) row[QLatin1String("bytes")] = *facts.bytes;
        if (facts.idleSeconds) row[QLatin1String("idle_s")] = *facts.idleSeconds;
        line = jsonLine(row);
      }
      if (const Result<void> taken = bufferOut(line); !taken) return taken.error();  // nobody reads on: the rest is not asked for
      return arguments.limit == 0 || --left > 0;
    };
    return scan(arguments, session.redis(), {}, progress, stop, code, print) ? keysVoice.print({}) : code;
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
        if (!arguments.json) return keysVoice.printLines(linesOf(analysis, (server->replica.isEmpty() ? QString() : QStringLiteral("the replica ")) + asked, session.clock().now().wallMs));
        QJsonObject json = analysis.toJson();
        json[QLatin1String("asked")] = asked;
        return keysVoice.printJson(json);
      },
      [&] { show(progress); });
}

}  // namespace cachedeck
