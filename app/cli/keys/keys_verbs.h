// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/keys/keys_forecast.h"
#include "app/cli/keys/keys_session.h"

namespace cachedeck {

// One function a subcommand: the face of core/keys, with its exit code.
int keysCount(const KeysArguments& arguments, KeysSession& session);
int keysList(const KeysArguments& arguments, KeysSession& session);
int keysPlan(const KeysArguments& arguments, KeysSession& session);
int keysAnalyse(const KeysArguments& arguments, KeysSession& session);
int keysAct(const KeysArguments& arguments, KeysSession& session, const keys::Action& action);
int keysFlush(const KeysArguments& arguments, KeysSession& session);
int keysUndo(const KeysArguments& arguments, KeysSession& session);
int keysResume(const KeysArguments& arguments, KeysSession& session);
int keysOperations(const KeysArguments& arguments, KeysSession& session);

/// A plan for people, as lines.
QStringList planLines(const keys::Plan& plan);
/// A dry run's answer: what is planned and what it would do, as lines, `more` behind them, or with `json` as one object. The exit code.
int showForecast(const KeysArguments& arguments, const keys::Plan& plan, const keys::Action& action, const KeysForecast& forecast, QJsonObject json, const QStringList& more = {});
/// The progress line of a plan.
void showScan(const keys::ScanProgress& progress);

}  // namespace cachedeck
