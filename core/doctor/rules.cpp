// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/checks.h"
#include "core/doctor/exporters.h"
#include "core/doctor/promql_names.h"
#include "core/doctor/words.h"

#include <algorithm>

namespace cachedeck::doctor {

namespace {

bool isAlerting(const PromRule& rule) { return rule.type == QLatin1String("alerting"); }

const ExporterKind* kindOf(const QString& name) {
  for (const ExporterKind& kind : exporterKinds())
    if (name.startsWith(QLatin1String(kind.prefix))) return &kind;
  return nullptr;
}

/// Its series are missing because its exporter is down, scraped by nobody, or without its server: those have findings of their own.
bool isExplained(const Evidence& evidence, const ExporterKind& kind) {
  const PrometheusEvidence& prometheus = evidence.prometheus;
  if (reachesItsServer(prometheus, kind)) return false;
  const bool isTarget = std::any_of(prometheus.targets.begin(), prometheus.targets.end(), [&](const PromTarget& target) { return isOfKind(target, kind); });
  return isTarget ? !isScraped(prometheus, kind) || prometheus.present.contains(QLatin1String(kind.upSeries)) : isWanted(evidence, kind);
}

QString keyOf(const PromRuleGroup& group) { return group.file + QLatin1Char(';') + group.name; }

}  // namespace

Findings prometheusConfig(const Evidence& evidence) {
  if (evidence.prometheus.reloaded.value_or(true)) return {};
  return {{{}, Severity::Critical, QStringLiteral("Prometheus could not read its configuration when it was last reloaded: it goes on with the old one, without the new targets and rules."),
           QStringLiteral("reloadConfigSuccess is false"), QStringLiteral("promtool check config prometheus.yml names the line; correct it, then systemctl reload prometheus.")}};
}

Findings rulesNone(const Evidence& evidence) {
  const PrometheusEvidence& prometheus = evidence.prometheus;
  if (!prometheus.server.reached() || !prometheus.hasRules) return {};
  for (const PromRuleGroup& group : prometheus.groups)
    if (std::any_of(group.rules.begin(), group.rules.end(), isAlerting)) return {};
  return {{{}, Severity::Critical, QStringLiteral("Prometheus has no alerting rule: no alert can fire."), QStringLiteral("%1 groups of rules are loaded, none with an alert").arg(prometheus.groups.size()),
           QStringLiteral("Name the file in prometheus.yml (rule_files: ['alerts.yml']; an example is monitoring/prometheus/alerts.yml), check it with promtool check rules, then reload Prometheus. A pattern that matches no file is no error there.")}};
}

Findings rulesBroken(const Evidence& evidence) {
  Findings found;
  for (const PromRuleGroup& group : evidence.prometheus.groups)
    for (const PromRule& rule : group.rules)
      if (rule.health == QLatin1String("err"))
        found += Finding{{}, isAlerting(rule) ? Severity::Critical : Severity::Warning,
                         isAlerting(rule) ? QStringLiteral("The alerting rule “%1” cannot be evaluated: it never fires.").arg(clean(rule.name, 80)) : QStringLiteral("The recording rule “%1” cannot be evaluated.").arg(clean(rule.name, 80)),
                         clean(rule.lastError.simplified(), 400), QStringLiteral("Try its expression in Prometheus (Graph) and correct it in %1; promtool test rules keeps it right.").arg(clean(group.file, 200))};
  return found;
}

Findings rulesStale(const Evidence& evidence) {
  const PrometheusEvidence& prometheus = evidence.prometheus;
  QStringList stale;
  for (const PromRuleGroup& group : prometheus.groups) {
    const auto evaluated = prometheus.evaluatedMs.find(keyOf(group));
    if (evaluated == prometheus.evaluatedMs.end() || *evaluated <= 0 || prometheus.nowMs <= 0) continue;  // 0: not yet since it was loaded
    const double age = static_cast<double>(prometheus.nowMs - *evaluated) / 1000, interval = group.intervalSeconds > 0 ? group.intervalSeconds : 60;
    if (age > 3 * interval + 10) stale += QStringLiteral("%1: %2 s ago, due every %3 s").arg(clean(group.name, 80), number(std::round(age)), number(interval));
  }
  if (stale.isEmpty()) return {};
  return {{{}, Severity::Critical, QStringLiteral("Rules are not evaluated any more: what they say of alerts is old."), listed(stale),
           QStringLiteral("Prometheus is overloaded, out of disk, or its rules take longer than their interval: look at prometheus_rule_group_last_duration_seconds and its log; lengthen the group's interval or make its expressions cheaper.")}};
}

Findings rulesWithoutSeries(const Evidence& evidence) {
  const PrometheusEvidence& prometheus = evidence.prometheus;
  Findings found;
  for (const PromRuleGroup& group : prometheus.groups)
    for (const PromRule& rule : group.rules) {
      if (!isAlerting(rule) || allowsForMissing(rule.query)) continue;
      QStringList missing;
      bool ofExporter = false;
      for (const QString& name : metricNames(rule.query)) {
        if (!prometheus.asked.contains(name) || prometheus.present.contains(name)) continue;
        const ExporterKind* kind = kindOf(name);
        if (kind && isExplained(evidence, *kind)) continue;
        missing += clean(name, 100);
        ofExporter = ofExporter || kind;
      }
      if (missing.isEmpty()) continue;
      // A counter of errors may be absent until the first one; what exporters tell is always there.
      found += Finding{{}, ofExporter ? Severity::Warning : Severity::Info, QStringLiteral("The alert “%1” asks for series that are not there: it cannot fire.").arg(clean(rule.name, 80)), QStringLiteral("no %1").arg(listed(missing)),
                       QStringLiteral("Correct the name (Prometheus completes names while you type), or bring the exporter back that tells it. Names differ between versions of exporters.")};
    }
  return found;
}

Findings alertsPending(const Evidence& evidence) {
  QStringList pending;
  for (const PromRuleGroup& group : evidence.prometheus.groups)
    for (const PromRule& rule : group.rules)
      for (const PromAlert& alert : rule.alerts)
        if (alert.state == QLatin1String("pending")) {
          const double since = static_cast<double>(evidence.prometheus.nowMs - alert.activeAtMs) / 1000;
          pending += QStringLiteral("%1 since %2 s of %3 s").arg(alertName(alert.labels), number(std::round(since)), number(rule.holdSeconds));
        }
  if (pending.isEmpty()) return {};
  return {{{}, Severity::Info, counted(pending.size(), "An alert is pending: its condition holds, but not yet for as long as “for” asks.", "%1 alerts are pending: their condition holds, but not yet for as long as “for” asks."), listed(pending),
           QStringLiteral("Wait, or shorten “for” in the rule. One that is pending again and again comes and goes: look at its expression's graph.")}};
}

}  // namespace cachedeck::doctor
