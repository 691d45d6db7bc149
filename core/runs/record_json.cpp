// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/runs/figures_json.h"
#include "core/runs/json_numbers.h"
#include "core/runs/run_record.h"
#include "core/runs/run_summary.h"

#include <QJsonArray>

#include <array>

namespace cachedeck::runs {

namespace {

constexpr std::array unitWords{"none", "count", "per_second", "percent", "bytes", "bytes_per_second", "seconds"};

Unit unitOf(const QString& word) {
  for (std::size_t i = 0; i < unitWords.size(); ++i)
    if (word == QLatin1String(unitWords[i])) return static_cast<Unit>(i);
  return Unit::None;
}

QJsonObject hostToJson(const LoadHost& host) {
  return {{QStringLiteral("name"), host.name}, {QStringLiteral("system"), host.system}, {QStringLiteral("cpu"), host.cpu},
          {QStringLiteral("cpus"), host.cpus}, {QStringLiteral("memory_bytes"), host.memoryBytes}};
}

LoadHost hostFromJson(const QJsonValue& json) {
  return {json[QLatin1String("name")].toString(), json[QLatin1String("system")].toString(), json[QLatin1String("cpu")].toString(),
          json[QLatin1String("cpus")].toInt(), wholeOf(json[QLatin1String("memory_bytes")])};
}

QJsonArray seriesToJson(const QList<ServerSeries>& all) {
  QJsonArray rows;
  for (const ServerSeries& series : all) {
    QJsonArray points;
    for (const ServerSeries::Point& point : series.points) {
      points.append(point.ms);
      points.append(numberValue(point.value));
    }
    rows.append(QJsonObject{{QStringLiteral("metric"), series.metric},
                            {QStringLiteral("unit"), QString::fromLatin1(unitWords[static_cast<std::size_t>(series.unit)])},
                            {QStringLiteral("points"), points}});
  }
  return rows;
}

QList<ServerSeries> seriesFromJson(const QJsonArray& rows) {
  QList<ServerSeries> all;
  for (const QJsonValue& row : rows) {
    ServerSeries series{row[QLatin1String("metric")].toString(), unitOf(row[QLatin1String("unit")].toString()), {}};
    const QJsonArray points = row[QLatin1String("points")].toArray();
    series.points.reserve(points.size() / 2);
    for (qsizetype i = 0; i + 1 < points.size(); i += 2)
      series.points.append({wholeOf(points[i]), points[i + 1].toDouble(std::numeric_limits<double>::quiet_NaN())});
    all.append(series);
  }
  return all;
}

QJsonObject labelsToJson(const QMap<QString, QString>& labels) {
  QJsonObject json;
  for (auto label = labels.begin(); label != labels.end(); ++label) json[redact(label.key())] = redact(label.value());
  return json;
}

QMap<QString, QString> labelsFromJson(const QJsonObject& json) {
  QMap<QString, QString> labels;
  for (auto label = json.begin(); label != json.end(); ++label) labels[label.key()] = label.value().toString();
  return labels;
}

void readAbout(const QJsonObject& json, RunRecord& record) {
  const auto text = [&json](const char* name) { return json[QLatin1String(name)].toString(); };
  record.id = text("id");
  record.scenario = text("scenario");
  record.target = text("target") == QLatin1String("cache-aside") ? load::Target::CacheAside : load::Target::Http;
  record.definition = json[QLatin1String("definition")].toObject();
  record.profile = text("profile");
  record.environment = text("environment");
  record.url = text("url");
  record.labels = labelsFromJson(json[QLatin1String("labels")].toObject());
  record.tags = tagsFromJson(json[QLatin1String("tags")]);
  record.note = text("note");
  record.console = text("console");
  record.engine = text("engine");
  record.host = hostFromJson(json[QLatin1String("host")]);
  record.cache = text("cache");
  record.series = seriesFromJson(json[QLatin1String("series")].toArray());
  record.partial = json[QLatin1String("partial")].toBool();
  record.writer = writerFromJson(json[QLatin1String("writer")]);
}

}  // namespace

QString targetWord(load::Target target) { return target == load::Target::CacheAside ? QStringLiteral("cache-aside") : QStringLiteral("http"); }

QStringList tagsFromJson(const QJsonValue& value) {
  QStringList tags;
  for (const QJsonValue& tag : value.toArray()) tags.append(tag.toString());
  return tags;
}

QJsonObject writerToJson(const RunWriter& writer) {
  return {{QStringLiteral("host"), writer.host}, {QStringLiteral("boot"), writer.boot}, {QStringLiteral("pid"), writer.pid},
          {QStringLiteral("start_ticks"), writer.startTicks}, {QStringLiteral("wrote_ms"), writer.wroteMs}};
}

RunWriter writerFromJson(const QJsonValue& json) {
  return {json[QLatin1String("host")].toString(), json[QLatin1String("boot")].toString(), wholeOf(json[QLatin1String("pid")]),
          wholeOf(json[QLatin1String("start_ticks")]), wholeOf(json[QLatin1String("wrote_ms")])};
}

QJsonObject toJson(const RunRecord& record) {
  QJsonObject json{{QStringLiteral("format"), QLatin1String(recordFormat)},
                   {QStringLiteral("version"), recordVersion},
                   {QStringLiteral("id"), record.id},
                   {QStringLiteral("scenario"), redact(record.scenario)},
                   {QStringLiteral("target"), targetWord(record.target)},
                   {QStringLiteral("definition"), withoutSecrets(record.definition)},
                   {QStringLiteral("profile"), redact(record.profile)},
                   {QStringLiteral("environment"), record.environment},
                   {QStringLiteral("url"), withoutUserInfo(record.url)},
                   {QStringLiteral("labels"), labelsToJson(record.labels)},
                   {QStringLiteral("tags"), QJsonArray::fromStringList(cleanTags(record.tags))},
                   {QStringLiteral("note"), redact(record.note)},
                   {QStringLiteral("console"), record.console},
                   {QStringLiteral("host"), hostToJson(record.host)},
                   {QStringLiteral("cache"), redact(record.cache)},
                   {QStringLiteral("figures"), figuresToJson(record.figures)},
                   {QStringLiteral("series"), seriesToJson(record.series)}};
  if (!record.engine.isEmpty()) json[QLatin1String("engine")] = redact(record.engine);
  if (!record.partial) return json;
  json[QLatin1String("partial")] = true;
  json[QLatin1String("writer")] = writerToJson(record.writer);
  return json;
}

Result<void> checkFormat(const QJsonObject& json) {
  if (json[QLatin1String("format")] != QLatin1String(recordFormat)) return fail(Error::Kind::Protocol, QStringLiteral("it is not the record of a load run"));
  const double version = json[QLatin1String("version")].toDouble();
  if (version > recordVersion)
    return fail(Error::Kind::Protocol, QStringLiteral("a newer Cachedeck wrote it (version %1, this one reads up to %2). Update Cachedeck to open it").arg(version).arg(recordVersion));
  if (version < 1) return fail(Error::Kind::Protocol, QStringLiteral("it does not say the version of its format"));
  return {};
}

Result<RunRecord> recordFromJson(const QJsonObject& json) {
  if (auto fits = checkFormat(json); !fits) return fits.error();
  RunRecord record;
  readAbout(json, record);
  if (!isRunId(record.id)) return fail(Error::Kind::Protocol, QStringLiteral("its id “%1” is none of a run").arg(printable(record.id, 60)));
  auto figures = figuresFromJson(json[QLatin1String("figures")].toObject());
  if (!figures) return figures.error();
  record.figures = std::move(*figures);
  return record;
}

}  // namespace cachedeck::runs
