// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/figures.h"

#include "core/snapshot/report_text.h"

#include <algorithm>
#include <cmath>

namespace cachedeck::snapshot {

namespace {

struct Weighted {
  double value, weight;
};

double rankOf(std::vector<Weighted> samples, double share) {
  std::ranges::sort(samples, {}, &Weighted::value);
  double total = 0, passed = 0;
  for (const Weighted& one : samples) total += one.weight;
  for (const Weighted& one : samples)
    if ((passed += one.weight) >= share * total * (1 - 1e-12)) return one.value;
  return samples.back().value;
}

std::vector<Weighted> samplesOf(const Snapshot& snapshot, const SeriesGroup& group, const SeriesGroup::Column& column) {
  const std::vector<double> weights = sampleWeights(group.timesMs, column.values, snapshot.fromMs, snapshot.toMs);
  std::vector<Weighted> samples;
  for (size_t i = 0; i < weights.size(); ++i)
    if (weights[i] > 0) samples.push_back({column.values[i], weights[i]});
  return samples;
}

void judgeFigure(Figure& figure) {
  const MetricInfo& metric = *figure.metric;
  figure.judged = metric.judge != Judge::None && (!std::isnan(metric.warning) || !std::isnan(metric.critical));
  if (!figure.judged) return;
  figure.level = judge(metric, figure.mean);
  figure.worst = judge(metric, metric.judge == Judge::HighIsBad ? figure.max : figure.min);
}

}  // namespace

Figure figureOf(const Snapshot& snapshot, const MetricInfo& metric) {
  Figure figure;
  figure.metric = &metric;
  const SeriesGroup* group = nullptr;
  const SeriesGroup::Column* column = findColumn(snapshot, QByteArrayView(metric.id.data(), metric.id.size()), &group);
  if (!column) return figure;
  std::vector<Weighted> samples = samplesOf(snapshot, *group, *column);
  if (samples.empty()) return figure;
  figure.samples = static_cast<qint64>(samples.size());
  figure.last = samples.back().value;
  double sum = 0, total = 0;
  for (const Weighted& one : samples) {
    figure.min = std::fmin(figure.min, one.value);
    figure.max = std::fmax(figure.max, one.value);
    sum += one.value * one.weight;
    total += one.weight;
  }
  figure.mean = std::clamp(sum / total, figure.min, figure.max);  // rounding must not carry it out of the range
  figure.p95 = rankOf(std::move(samples), 0.95);
  judgeFigure(figure);
  return figure;
}

QList<Figure> figuresOf(const Snapshot& snapshot) {
  QList<Figure> figures;
  for (const MetricInfo& metric : metricCatalog())
    if (findColumn(snapshot, QByteArrayView(metric.id.data(), metric.id.size()))) figures.append(figureOf(snapshot, metric));
  return figures;
}

QString bandText(const Figure& figure) {
  if (!figure.judged) return QStringLiteral("–");
  return figure.worst > figure.level ? QStringLiteral("%1, worst %2").arg(levelWord(figure.level), levelWord(figure.worst)) : levelWord(figure.level);
}

}  // namespace cachedeck::snapshot
