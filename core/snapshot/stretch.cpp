// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/stretch.h"

#include "core/base/instants.h"
#include "core/base/text.h"

#include <QRegularExpression>
#include <QTimeZone>

namespace cachedeck::snapshot {

namespace {

struct Moment {
  QDate day;  ///< null: none was written
  QTime time;
  bool inUtc = false;  ///< local time else

  qint64 on(const QDate& someDay) const { return (inUtc ? QDateTime(someDay, time, QTimeZone::utc()) : QDateTime(someDay, time)).toMSecsSinceEpoch(); }
  QDate dayOf(qint64 ms) const { return (inUtc ? utc(ms) : QDateTime::fromMSecsSinceEpoch(ms)).date(); }
};

std::optional<Moment> momentOf(const QString& day, const QString& clock, const QString& zone) {
  Moment moment;
  moment.time = QTime::fromString(clock, clock.size() > 5 ? QStringLiteral("H:mm:ss") : QStringLiteral("H:mm"));
  if (!day.isEmpty()) moment.day = QDate::fromString(day, Qt::ISODate);
  moment.inUtc = !zone.isEmpty();
  if (!moment.time.isValid() || (!day.isEmpty() && !moment.day.isValid())) return {};
  return moment;
}

qint64 beginningOf(const Moment& from, qint64 lastMs) {
  if (from.day.isValid()) return from.on(from.day);
  const QDate day = from.dayOf(lastMs);
  const qint64 ms = from.on(day);
  return ms <= lastMs ? ms : from.on(day.addDays(-1));
}

qint64 endOf(const Moment& to, qint64 fromMs) {
  if (to.day.isValid()) return to.on(to.day);
  const QDate day = to.dayOf(fromMs);
  const qint64 ms = to.on(day);
  return ms > fromMs ? ms : to.on(day.addDays(1));
}

}  // namespace

Result<Stretch> parseStretch(const QString& text, qint64 lastMs) {
  static const QString moment = QStringLiteral("(?:(\\d{4}-\\d{2}-\\d{2})[ T]+)?(\\d{1,2}:\\d{2}(?::\\d{2})?)(Z?)");
  static const QRegularExpression form(QStringLiteral("^%1\\s*(?:\\.\\.|\u2013|-|to)\\s*%1$").arg(moment));
  const QRegularExpressionMatch match = form.match(text.trimmed());
  const auto from = momentOf(match.captured(1), match.captured(2), match.captured(3)), to = momentOf(match.captured(4), match.captured(5), match.captured(6));
  if (!match.hasMatch() || !from || !to)
    return fail(Error::Kind::Usage, QStringLiteral("“%1” is no range of time. Write for example 12:40..12:55, or with the day 2026-11-29 12:40..12:55; with a Z behind each time it is UTC.").arg(printable(text, 60)));
  Stretch stretch;
  stretch.fromMs = beginningOf(*from, lastMs);
  stretch.toMs = endOf(*to, stretch.fromMs);
  if (stretch.toMs <= stretch.fromMs) return fail(Error::Kind::Usage, QStringLiteral("“%1” ends before it begins.").arg(printable(text, 60)));
  return stretch;
}

QString stretchInput(const Stretch& stretch, qint64 lastMs) {
  const QDateTime from = QDateTime::fromMSecsSinceEpoch(stretch.fromMs), to = QDateTime::fromMSecsSinceEpoch(stretch.toMs);
  const QString clock = QStringLiteral("HH:mm:ss"), withDay = QStringLiteral("yyyy-MM-dd HH:mm:ss");
  const bool sameDay = from.date() == QDateTime::fromMSecsSinceEpoch(lastMs).date() && stretch.fromMs <= lastMs;
  return from.toString(sameDay ? clock : withDay) + QStringLiteral(" \u2013 ") + to.toString(from.date() == to.date() ? clock : withDay);
}

}  // namespace cachedeck::snapshot
