// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/checks.h"
#include "core/doctor/exporters.h"
#include "core/doctor/prometheus_age.h"
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
  return isTarget(prometheus, kind) ? !isScraped(prometheus, kind) || prometheus.present.contains(QLatin1String(kind.upSeries)) : isWanted(evidence, kind);
}

/// The names that the expression needs and that are not there. A recorded one has no sample until its rule found something: its rule's own names are looked at in its place.
QStringList missingNames(const Evidence& evidence, const QString& promql, int depth = 0) {
  constexpr int deepest = 5;  // rules may record from what others record, also in a circle
  QStringList missing;
  if (depth == deepest || allowsForMissing(promql)) return missing;
  for (const QString& name : metricNames(promql)) {
    const PrometheusEvidence& prometheus = evidence.prometheus;
    if (!prometheus.asked.contains(name) || prometheus.present.contains(name)) continue;
    const ExporterKind* kind = kindOf(name);
    if (kind && isExplained(evidence, *kind)) continue;
    std::optional<QStringList> inputs;
    for (const PromRuleGroup& group : prometheus.groups)
      for (const PromRule& rule : group.rules)
        if (!isAlerting(rule) && rule.name == name && (!inputs || !inputs->isEmpty())) inputs = missingNames(evidence, rule.query, depth + 1);
    for (const QString& input : inputs.value_or(QStringList{name}))
      if (!missing.contains(input)) missing += input;
  }
  return missing;
}

/// “HighErrorRate” (critical): one name may be used at several severities.
QString nameOf(const PromRule& rule) {
  const QString severity = clean(rule.labels.value(QStringLiteral("severity")), 40), name = QStringLiteral("“%1”").arg(clean(rule.name, 80));
  return severity.isEmpty() ? name : QStringLiteral("%1 (%2)").arg(name, severity);
}

QString keyOf(const PromRuleGroup& group) { return group.file + QLatin1Char(';') + group.name; }

}  // namespace

Findings prometheusConfig(const Evidence& evidence) {
  if (evidence.prometheus.reloaded.value_or(true)) return {};
  return {{{}, Severity::Critical, QStringLiteral("Prometheus could not read its configuration when it was last reloaded: it goes on with the old one, without the new targets and rules."),
           QStringLiteral("reloadConfigSuccess is false"), QStringLiteral("On its host, promtool check config %1 names the line; correct it, then reload Prometheus (systemctl reload prometheus).").arg(evidence.prometheus.configFile.isEmpty() ? QStringLiteral("/etc/prometheus/prometheus.yml") : clean(evidence.prometheus.configFile, 300))}};
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
                         isAlerting(rule) ? QStringLiteral("The alerting rule %1 cannot be evaluated: it never fires.").arg(nameOf(rule)) : QStringLiteral("The recording rule “%1” cannot be evaluated.").arg(clean(rule.name, 80)),
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
  if (isYoung(evidence.prometheus)) return {};
  QMap<QString, QStringList> rules;  // by what they miss: rules of one name and another severity miss the same
  QMap<QString, bool> ofExporter;
  for (const PromRuleGroup& group : evidence.prometheus.groups)
    for (const PromRule& rule : group.rules) {
      const QStringList missing = isAlerting(rule) ? missingNames(evidence, rule.query) : QStringList();
      if (missing.isEmpty()) continue;
      const QString key = clean(listed(missing), 400);
      rules[key] += nameOf(rule);
      ofExporter[key] = ofExporter[key] || std::any_of(missing.begin(), missing.end(), kindOf);
    }
  Findings found;
  for (auto one = rules.begin(); one != rules.end(); ++one) {
    const QString alerts = listed(*one);
    // A counter of errors may be absent until the first one; what exporters tell is always there.
    found += Finding{{}, ofExporter.value(one.key()) ? Severity::Warning : Severity::Info,
                     one->size() == 1 ? QStringLiteral("The alert %1 asks for series that are not there: it cannot fire.").arg(alerts) : QStringLiteral("The alerts %1 ask for series that are not there: they cannot fire.").arg(alerts),
                     QStringLiteral("no %1").arg(one.key()), QStringLiteral("Correct the name (Prometheus completes names while you type), or bring back what tells it. Names differ between versions of exporters.")};
  }
  return found;
}

Findings alertsPending(const Evidence& evidence) {
  QStringList pending;
  for (const PromRuleGroup& group : evidence.prometheus.groups)
    for (const PromRule& rule : group.rules)
      for (const PromAlert& alert : rule.alerts) {
        const double since = static_cast<double>(evidence.prometheus.nowMs - alert.activeAtMs) / 1000;
        // Many conditions hold for a moment: that is what “for” is there for.
        if (alert.state == QLatin1String("pending") && since >= rule.holdSeconds / 2)
          pending += QStringLiteral("%1 since %2 s of %3 s").arg(alertName(alert.labels), number(std::round(since)), number(rule.holdSeconds));
      }
  if (pending.isEmpty()) return {};
  return {{{}, Severity::Info, counted(pending.size(), "An alert is pending: its condition holds, but not yet for as long as “for” asks.", "%1 alerts are pending: their condition holds, but not yet for as long as “for” asks."), listed(pending),
           QStringLiteral("Wait, or shorten “for” in the rule. One that is pending again and again comes and goes: look at its expression's graph.")}};
}

}  // namespace cachedeck::doctor
