// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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

}  // namespace cachedeck
