// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/gather.h"
#include "core/doctor/prometheus_age.h"
#include "core/doctor/promql_names.h"
#include "core/doctor/query_table.h"
#include "core/doctor/words.h"
#include "core/sources/prometheus/prometheus_client.h"
#include "core/sources/prometheus/prometheus_fields.h"
#include "core/sources/prometheus/selector.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>
#include <QUrl>

namespace cachedeck::doctor {

namespace {

constexpr std::chrono::milliseconds patience{15000};
constexpr qsizetype mostNames = 400;

qint64 timeOf(const QString& text) {
  const QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
  return time.isValid() && time.date().year() > 1970 ? time.toMSecsSinceEpoch() : 0;  // Go's zero time is that of the year 1
}

/// The questions to one Prometheus. After it failed to answer in time, or at all, nothing more is asked.
class Asking {
 public:
  Asking(Examination& examination, const HttpSettings& http, PrometheusEvidence& evidence) : m_examination(examination), m_http(http), m_raw(http), m_client(http), m_evidence(evidence) {}

  void all(const SourceSettings& settings) {
    if (!greet()) return;
    askTargets();
    askRules();
    if (const Result<std::vector<PromAlert>> alerts = m_client.alerts(m_examination.stop)) m_evidence.alerts = *alerts;
    else miss("Prometheus alerts", alerts.error());
    askAlertmanagers();
    askStatus();
    askConfiguration();
    askSeries();
    askQuestions(settings);
  }

 private:
  Result<QJsonValue> data(const QString& path) {
    if (m_gone || m_deadline.expired()) return fail(Error::Kind::Cancelled, QString());
    const Result<HttpResponse> response = askHttp(m_examination, m_raw, path, nullptr);
    if (!response) return response.error();
    const Result<PromAnswer> answer = promAnswer(m_http, *response, path);
    return answer ? Result<QJsonValue>(answer->data) : Result<QJsonValue>(answer.error());
  }

  bool goesOn() const { return !m_gone && !m_deadline.expired() && !m_examination.stop.stop_requested(); }

  void miss(const char* what, const Error& error) {
    m_gone = m_gone || error.kind == Error::Kind::Timeout || error.kind == Error::Kind::Unreachable || error.kind == Error::Kind::Refused;
    m_examination.miss(QLatin1String(what), error);
  }

  bool greet() {
    const Result<PromBuild> build = m_client.build(m_examination.stop);
    if (!build) {
      m_evidence.server.error = build.error();
      return false;
    }
    const qint64 before = m_examination.nowMs();
    const Result<PromResult> now = m_client.query(QStringLiteral("time()"), m_examination.stop);
    const qint64 after = m_examination.nowMs();
    if (!now) {
      m_evidence.server.error = now.error();
      return false;
    }
    m_examination.looked += QStringLiteral("%1 %2 at %3").arg(clean(build->product, 40), clean(build->version, 40), m_evidence.server.endpoint).replace(QLatin1String("  "), QLatin1String(" "));
    m_evidence.nowMs = after;
    if (now->series.size() != 1 || now->series[0].points.empty()) return true;
    const double seconds = now->series[0].points[0].second;
    m_evidence.nowMs = static_cast<qint64>(seconds * 1000);
    m_evidence.server.skewSeconds = seconds - static_cast<double>(before + after) / 2000;
    m_evidence.server.skewWithin = static_cast<double>(after - before) / 2000;
    return true;
  }

  void askTargets() {
    const Result<QJsonValue> targets = data(QStringLiteral("/api/v1/targets"));
    if (!targets) return miss("Prometheus targets", targets.error());
    m_evidence.targets = promTargets(*targets);
    // Those that speak for Prometheus without scraping leave the list out.
    m_evidence.hasTargets = targets->toObject().value(QLatin1String("activeTargets")).isArray();
  }

  void askRules() {
    const Result<QJsonValue> rules = data(QStringLiteral("/api/v1/rules"));
    if (!rules) return miss("Prometheus rules", rules.error());
    m_evidence.groups = promRules(*rules);
    m_evidence.hasRules = rules->toObject().value(QLatin1String("groups")).isArray();
    for (const QJsonValue& group : rules->toObject().value(QLatin1String("groups")).toArray())
      m_evidence.evaluatedMs[group[QLatin1String("file")].toString() + QLatin1Char(';') + group[QLatin1String("name")].toString()] = timeOf(group[QLatin1String("lastEvaluation")].toString());
  }

  void askAlertmanagers() {
    if (const Result<QJsonValue> managers = data(QStringLiteral("/api/v1/alertmanagers")); managers && managers->toObject().contains(QLatin1String("activeAlertmanagers"))) {
      m_evidence.alertmanagers.emplace();
      for (const QJsonValue& one : managers->toObject().value(QLatin1String("activeAlertmanagers")).toArray()) *m_evidence.alertmanagers += one[QLatin1String("url")].toString();
    }
  }

  void askConfiguration() {
    const bool knowsAlertmanagers = m_evidence.alertmanagers && !m_evidence.alertmanagers->isEmpty();
    if (knowsAlertmanagers && sinceLoaded(m_evidence) > discoverySeconds) return;
    const Result<QJsonValue> config = data(QStringLiteral("/api/v1/status/config"));
    if (!config || !config->toObject().contains(QLatin1String("yaml"))) return;
    // Prometheus writes its configuration out in its own form, each key on a line.
    static const QRegularExpression alertmanagers(QStringLiteral("^alerting:\n(?: .*\n)*? +alertmanagers:\n"), QRegularExpression::MultilineOption);
    static const QRegularExpression job(QStringLiteral("^- job_name: [\"']?([^\"'\n]*)"), QRegularExpression::MultilineOption);
    const QString yaml = config->toObject().value(QLatin1String("yaml")).toString();
    m_evidence.namesAlertmanagers = alertmanagers.match(yaml).hasMatch();
    m_evidence.jobs.emplace();
    for (QRegularExpressionMatchIterator match = job.globalMatch(yaml); match.hasNext();) *m_evidence.jobs += match.next().captured(1);
  }

  void askStatus() {
    if (const Result<QJsonValue> runtime = data(QStringLiteral("/api/v1/status/runtimeinfo"))) {
      const QJsonObject told = runtime->toObject();
      if (const QJsonValue reloaded = told.value(QLatin1String("reloadConfigSuccess")); reloaded.isBool()) m_evidence.reloaded = reloaded.toBool();
      m_evidence.loadedMs = std::max(timeOf(told.value(QLatin1String("startTime")).toString()), timeOf(told.value(QLatin1String("lastConfigTime")).toString()));
    }
    if (const Result<QJsonValue> flags = data(QStringLiteral("/api/v1/status/flags"))) {
      m_evidence.configFile = flags->toObject().value(QLatin1String("config.file")).toString();
      if (const double resend = promDuration(flags->toObject().value(QLatin1String("rules.alert.resend-delay")).toString()); resend > 0) m_evidence.resendSeconds = resend;
    }
    if (!goesOn()) return;
    const Result<HttpResponse> metrics = askHttp(m_examination, m_raw, QStringLiteral("/metrics"), nullptr);
    if (metrics && metrics->status == 200) m_evidence.own = MetricsText::parse(metrics->body, {"prometheus_notifications_"});
  }

  /// Which of the names that dashboards, alerts and this program read are there now.
  void askSeries() {
    QStringList names;
    const auto add = [&names](const QString& name) {
      if (!names.contains(name) && names.size() < mostNames) names += name;
    };
    for (const NeededSeries& needed : neededSeries()) add(QLatin1String(needed.name));
    for (const RenamedSeries& renamed : renamedSeries()) {
      add(QLatin1String(renamed.now));
      add(QLatin1String(renamed.before));
    }
    for (const PromRuleGroup& group : m_evidence.groups)
      for (const PromRule& rule : group.rules)
        for (const QString& name : metricNames(rule.query)) add(name);
    if (!goesOn()) return;
    // Names are of letters, digits, _ and : only, so that they stand in a pattern as they are.
    const Result<PromResult> there = m_client.query(QStringLiteral("count by (__name__, job) ({__name__=~%1})").arg(promQuoted(names.join(QLatin1Char('|')))), m_examination.stop);
    if (!there) return miss("Series of Prometheus", there.error());
    for (const QString& name : std::as_const(names)) m_evidence.asked += name;
    for (const PromSeries& series : there->series) m_evidence.present[series.labels.value(QStringLiteral("__name__"))] += series.labels.value(QStringLiteral("job"));
  }

  void askQuestions(const SourceSettings& settings) {
    const auto selector = [&](const char* field) {
      const Result<QString> matchers = normalizedSelector(settings.field(QLatin1String(field)));
      return matchers ? *matchers : QString();
    };
    const QString redis = selector("redis_selector"), app = selector("app_selector");
    for (const Question& question : questionTable()) {
      if (!goesOn()) return;
      QString promql = QLatin1String(question.promql);
      promql.replace(QLatin1String("$redis"), redis).replace(QLatin1String("$app"), app);
      const Result<PromResult> answer = m_client.query(promql, m_examination.stop);
      if (answer) m_evidence.answers[QLatin1String(question.id)] = answer->series;
      else miss(question.id, answer.error());
    }
  }

  Examination& m_examination;
  const HttpSettings& m_http;
  HttpClient m_raw;
  PrometheusClient m_client;
  PrometheusEvidence& m_evidence;
  const Deadline m_deadline{patience};
  bool m_gone = false;
};

}  // namespace

PrometheusEvidence gatherPrometheus(Examination& examination, const SourceSettings& settings) {
  PrometheusEvidence evidence;
  evidence.server.wanted = true;
  const Result<HttpSettings> http = httpSettings(settings, prometheusFields());
  if (!http) {
    evidence.server.error = http.error();
    return evidence;
  }
  evidence.server.endpoint = endpointOf(http->base);
  Asking(examination, *http, evidence).all(settings);
  return evidence;
}

}  // namespace cachedeck::doctor
