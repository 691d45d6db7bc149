// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/transform.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace cachedeck::keys {

namespace {

constexpr qint64 shortestMs = 1000;                            // a TTL that is set never ends at once
constexpr qint64 longestMs = qint64{10} * 365 * 86'400'000;    // ten years
constexpr std::array conditionIds{"always", "nx", "xx", "gt", "lt"};

constexpr std::array catalog = std::to_array<ActionInfo>({
    {ActionKind::Delete, "delete", QT_TRANSLATE_NOOP("keys", "Delete"), false, false, false, QT_TRANSLATE_NOOP("keys", "Removes the keys now (UNLINK)")},
    {ActionKind::SoftExpire, "soft-expire", QT_TRANSLATE_NOOP("keys", "Expire softly"), true, false, false,
     QT_TRANSLATE_NOOP("keys", "Lets each key end at a random moment within this time; never later than it would by itself")},
    {ActionKind::Set, "set", QT_TRANSLATE_NOOP("keys", "Set TTL"), true, false, true, QT_TRANSLATE_NOOP("keys", "Every key ends after this time")},
    {ActionKind::Add, "add", QT_TRANSLATE_NOOP("keys", "Add to TTL"), true, false, false, QT_TRANSLATE_NOOP("keys", "Keys that have a TTL end later by this time, or earlier if it is negative")},
    {ActionKind::Cap, "cap", QT_TRANSLATE_NOOP("keys", "Cap TTL"), true, false, true, QT_TRANSLATE_NOOP("keys", "Keys that would live longer, or for ever, end after this time")},
    {ActionKind::Floor, "floor", QT_TRANSLATE_NOOP("keys", "Raise TTL"), true, false, false, QT_TRANSLATE_NOOP("keys", "Keys that would end sooner end after this time")},
    {ActionKind::Scale, "scale", QT_TRANSLATE_NOOP("keys", "Scale TTL"), false, true, false, QT_TRANSLATE_NOOP("keys", "The time left of every key is multiplied")},
    {ActionKind::Jitter, "jitter", QT_TRANSLATE_NOOP("keys", "Spread TTL"), false, false, true, QT_TRANSLATE_NOOP("keys", "The time left of every key is changed by a random share, so that they do not end together")},
    {ActionKind::Persist, "persist", QT_TRANSLATE_NOOP("keys", "Remove TTL"), false, false, false, QT_TRANSLATE_NOOP("keys", "Keys do not end any more")},
});

QString span(qint64 ms) {
  const double seconds = static_cast<double>(ms) / 1000;
  if (ms % 86'400'000 == 0) return QStringLiteral("%1 d").arg(ms / 86'400'000);
  if (ms % 3'600'000 == 0) return QStringLiteral("%1 h").arg(ms / 3'600'000);
  if (ms % 60'000 == 0) return QStringLiteral("%1 min").arg(ms / 60'000);
  return QStringLiteral("%1 s").arg(seconds);
}

qint64 spread(qint64 ms, double jitter, double draw) { return ms + static_cast<qint64>(static_cast<double>(ms) * jitter * (2 * draw - 1)); }

/// Without the condition.
ExpiryChange wanted(const Action& action, qint64 old, qint64 now, double draw) {
  const bool endless = old == KeyImage::noExpiry;
  const qint64 left = endless ? 0 : old - now;
  switch (action.kind) {
    case ActionKind::Delete: return {};
    case ActionKind::SoftExpire: {
      const qint64 at = now + static_cast<qint64>(static_cast<double>(action.amountMs) * draw);
      return {endless || at < old, at};
    }
    case ActionKind::Set: return {true, now + spread(action.amountMs, action.jitter, draw)};
    case ActionKind::Add: return {!endless, old + action.amountMs};
    case ActionKind::Cap: return {endless || left > action.amountMs, now + spread(action.amountMs, action.jitter, draw)};
    case ActionKind::Floor: return {!endless && left < action.amountMs, now + action.amountMs};
    case ActionKind::Scale: return {!endless, now + static_cast<qint64>(static_cast<double>(left) * action.factor)};
    case ActionKind::Jitter: return {!endless, now + spread(left, action.jitter, draw)};
    case ActionKind::Persist: return {!endless, KeyImage::noExpiry};
  }
  return {};
}

bool fits(Condition condition, qint64 old, qint64 at) {
  const bool endless = old == KeyImage::noExpiry, becomesEndless = at == KeyImage::noExpiry;
  switch (condition) {
    case Condition::Always: return true;
    case Condition::Nx: return endless;
    case Condition::Xx: return !endless;
    case Condition::Gt: return !endless && (becomesEndless || at > old);
    case Condition::Lt: return !becomesEndless && (endless || at < old);
  }
  return false;
}

}  // namespace

std::span<const ActionInfo> actionCatalog() { return catalog; }
const ActionInfo& infoOf(ActionKind kind) { return *std::ranges::find(catalog, kind, &ActionInfo::kind); }

QString Action::text() const {
  QString out = QString::fromLatin1(infoOf(kind).title);
  if (infoOf(kind).takesTime) out += QStringLiteral(" %1").arg(span(amountMs));
  if (infoOf(kind).takesFactor) out += QStringLiteral(" × %1").arg(factor);
  if (jitter > 0) out += QStringLiteral(" ± %1 %").arg(100 * jitter);
  if (condition != Condition::Always) out += QStringLiteral(", %1").arg(QString::fromLatin1(conditionIds[static_cast<std::size_t>(condition)]).toUpper());
  return out;
}

QJsonObject Action::toJson() const {
  return {{QStringLiteral("kind"), QString::fromLatin1(infoOf(kind).id)}, {QStringLiteral("amount_ms"), amountMs}, {QStringLiteral("factor"), factor},
          {QStringLiteral("jitter"), jitter}, {QStringLiteral("condition"), QString::fromLatin1(conditionIds[static_cast<std::size_t>(condition)])}};
}

Result<Action> Action::fromJson(const QJsonObject& json) {
  const QByteArray id = json[QLatin1String("kind")].toString().toLatin1(), condition = json[QLatin1String("condition")].toString().toLatin1();
  const auto info = std::ranges::find_if(catalog, [&](const ActionInfo& row) { return id == row.id; });
  const auto rule = std::ranges::find_if(conditionIds, [&](const char* one) { return condition == one; });
  if (info == catalog.end() || rule == conditionIds.end()) return fail(Error::Kind::Protocol, QStringLiteral("The operation is of a kind that this version does not know."));
  return Action{info->kind, json[QLatin1String("amount_ms")].toInteger(), json[QLatin1String("factor")].toDouble(1), json[QLatin1String("jitter")].toDouble(),
                static_cast<Condition>(rule - conditionIds.begin())};
}

Result<void> checkAction(const Action& action) {
  const ActionInfo& info = infoOf(action.kind);
  const auto usage = [](const QString& message) { return fail(Error::Kind::Usage, message); };
  if (info.takesTime) {
    const bool mayShrink = action.kind == ActionKind::Add;
    if (action.amountMs == 0 || (action.amountMs < 0 && !mayShrink))
      return usage(QStringLiteral("A TTL has to be more than nothing: Redis would remove the keys at once. To remove them, delete them."));
    if (!mayShrink && action.amountMs < shortestMs) return usage(QStringLiteral("A TTL has to be at least one second."));
    if (std::abs(action.amountMs) > longestMs) return usage(QStringLiteral("A TTL can be ten years at most. To keep keys for ever, remove their TTL."));
  }
  if (info.takesFactor && !(action.factor > 0 && action.factor <= 1000)) return usage(QStringLiteral("The factor has to be more than 0 and at most 1000."));
  if (!(action.jitter >= 0 && action.jitter <= 0.9)) return usage(QStringLiteral("The jitter has to be from 0 to 90 %."));
  if (action.kind == ActionKind::Jitter && action.jitter == 0) return usage(QStringLiteral("Give the jitter as a share of the time left, such as 10%."));
  if (action.deletes() && action.condition != Condition::Always) return usage(QStringLiteral("NX, XX, GT and LT are for TTLs. To delete by TTL, filter the keys."));
  return {};
}

ExpiryChange newExpiry(const Action& action, qint64 expiresAtMs, qint64 nowMs, double draw) {
  ExpiryChange change = wanted(action, expiresAtMs, nowMs, draw);
  if (!change.changes) return {};
  if (change.expiresAtMs != KeyImage::noExpiry) change.expiresAtMs = std::clamp(change.expiresAtMs, nowMs + shortestMs, nowMs + longestMs);
  if (!fits(action.condition, expiresAtMs, change.expiresAtMs) || change.expiresAtMs == expiresAtMs) return {};
  return change;
}

}  // namespace cachedeck::keys
