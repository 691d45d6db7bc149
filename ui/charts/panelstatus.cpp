// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/panelstatus.h"

#include "core/metrics/format.h"
#include "ui/charts/eventmarks.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace cachedeck {

namespace {

using Kind = SourceState::Kind;

constexpr qint64 fewSamplesMs = 3000;  // rates need two samples; after this their absence means something

QString tr(const char* text) { return QCoreApplication::translate("PanelStatus", text); }

int gravity(Kind kind) {
  switch (kind) {
    case Kind::Live:
    case Kind::Kept: return 0;
    case Kind::Stale: return 1;
    case Kind::Connecting: return 2;
    case Kind::Idle: return 3;
    case Kind::Failed: return 4;
  }
  return 0;
}

QString age(qint64 sinceMs, qint64 nowMs) {
  return formatDuration(sinceMs > 0 ? static_cast<double>(std::max<qint64>(0, nowMs - sinceMs)) * 1e-3 : 0);
}

QString failureDetail(const SourceState& state, qint64 nowMs) {
  QStringList parts;
  if (state.lastGoodMs > 0) parts << tr("Last good sample %1").arg(clockTime(state.lastGoodMs));
  if (state.retryAtMs > 0) {
    const double seconds = std::ceil(static_cast<double>(std::max<qint64>(0, state.retryAtMs - nowMs)) * 1e-3);
    parts << (seconds > 0 ? tr("retry in %1").arg(formatDuration(seconds)) : tr("retrying now"));
  } else {
    parts << tr("waits for you: nothing is tried by itself");
  }
  return parts.join(QStringLiteral(" · "));
}

Notice::Text failedText(const PanelSource& source, qint64 nowMs) {
  const bool answers = source.state.error && (source.state.error->kind == Error::Kind::Auth || source.state.error->kind == Error::Kind::Permission);
  const QString title = answers ? tr("%1 does not let this console in") : tr("%1 is not reachable");
  return {QStringLiteral("failed"), Theme::instance().palette().critical, title.arg(source.title),
          source.state.error ? source.state.error->message : QString(), failureDetail(source.state, nowMs), tr("Retry now")};
}

void describeFailed(PanelStatus& status, const PanelSource& source, bool hasData, qint64 nowMs) {
  status.body = hasData ? PanelStatus::Body::Banner : PanelStatus::Body::Covered;
  status.stale = true;
  status.edge = Level::Critical;
  status.pillIcon = QStringLiteral("unplug");
  status.pillText = tr("failed");
  status.pillLevel = Level::Critical;
  status.notice = failedText(source, nowMs);
  status.retrySource = source.id;
}

void describeConnecting(PanelStatus& status, const PanelSource& source, bool hasData, qint64 nowMs) {
  const Palette& p = Theme::instance().palette();
  status.stale = true;
  status.pillIcon = QStringLiteral("plug");
  status.pillText = tr("connecting");
  if (hasData) return;
  status.body = PanelStatus::Body::Covered;
  const QString before = source.state.error ? tr("Before: %1").arg(source.state.error->message) : tr("The first figures come with its first answer.");
  status.notice = {QStringLiteral("plug"), p.info, tr("Connecting to %1…").arg(source.title), before,
                   source.state.sinceMs > 0 && nowMs - source.state.sinceMs > 2000 ? tr("for %1").arg(age(source.state.sinceMs, nowMs)) : QString(), {}};
}

void describeStale(PanelStatus& status, const SourceState& state, qint64 nowMs) {
  status.stale = true;
  status.pillIcon = QStringLiteral("clock");
  status.pillText = tr("stale %1").arg(age(state.lastGoodMs > 0 ? state.lastGoodMs : state.sinceMs, nowMs));
}

/// The first note that concerns the panel: the others say true things that do not keep its figures away.
std::optional<std::pair<QString, QString>> reasonIn(const std::vector<PanelSource>& sources, const PanelInfo* info) {
  if (!info) return std::nullopt;
  for (const PanelSource& source : sources)
    for (const QString& note : source.state.notes)
      for (const QLatin1String word : info->noteWords)
        if (note.contains(word)) return std::pair(source.title, note);
  return std::nullopt;
}

void describeEmpty(PanelStatus& status, const std::vector<PanelSource>& sources, const PanelSource& source, bool known, qint64 nowMs, const PanelInfo* info) {
  const Palette& p = Theme::instance().palette();
  status.body = PanelStatus::Body::Covered;
  Notice::Text& text = status.notice;
  text = {QStringLiteral("chart"), p.text3, {}, {}, {}, {}};
  if (source.state.kind == Kind::Kept) {
    text.title = tr("Not in this snapshot");
    text.sentence = known ? tr("Nothing was measured in this time range.") : tr("%1 did not report it while the snapshot was taken.").arg(source.title);
  } else if (source.state.kind == Kind::Idle) {
    text.title = tr("%1 is not connected").arg(source.title);
    text.sentence = tr("Add it to this profile under Connections.");
  } else if (const auto reason = reasonIn(sources, info)) {
    text.title = tr("%1 does not report this").arg(reason->first);
    text.sentence = reason->second;
  } else if (info && info->idle && (known || nowMs - source.state.sinceMs >= fewSamplesMs)) {
    text.title = known ? tr("Nothing was measured in this time range") : tr("Nothing was measured");
    text.sentence = QCoreApplication::translate("Panel", info->idle);
  } else if (known) {
    text.title = tr("Nothing was measured in this time range");
    text.sentence = tr("Choose a longer range, or double-click a chart to leave the zoom.");
  } else {
    text.title = tr("No data yet");
    text.sentence = tr("The first figures need two samples of %1.").arg(source.title);
  }
}

void describeGone(PanelStatus& status, const std::vector<PanelSource>& sources, const PanelSource& source, const PanelInfo* info) {
  status.body = PanelStatus::Body::Banner;
  status.stale = true;
  status.edge = Level::Warning;
  status.pillIcon = QStringLiteral("unplug");
  status.pillText = tr("no figures");
  status.pillLevel = Level::Warning;
  const auto reason = reasonIn(sources, info);
  status.notice = {QStringLiteral("failed"), Theme::instance().palette().warning, tr("%1 has no current figures of this").arg(source.title),
                   reason ? reason->second : QString(), tr("Looked at again each few seconds."), {}};
}

}  // namespace

PanelStatus panelStatus(const std::vector<PanelSource>& sources, bool hasData, bool known, qint64 nowMs, const PanelInfo* info, bool gone) {
  PanelStatus status;
  if (sources.empty()) return status;
  const auto worst = std::max_element(sources.begin(), sources.end(), [](const PanelSource& a, const PanelSource& b) {
    return gravity(a.state.kind) < gravity(b.state.kind);
  });
  switch (worst->state.kind) {
    case Kind::Failed: describeFailed(status, *worst, hasData, nowMs); return status;
    case Kind::Connecting: describeConnecting(status, *worst, hasData, nowMs); return status;
    case Kind::Stale: describeStale(status, worst->state, nowMs); break;
    case Kind::Idle: status.stale = hasData; break;
    case Kind::Live:
    case Kind::Kept: break;
  }
  if (!hasData) describeEmpty(status, sources, *worst, known, nowMs, info);
  else if (gone && worst->state.kind == Kind::Live) describeGone(status, sources, *worst, info);
  return status;
}

}  // namespace cachedeck
