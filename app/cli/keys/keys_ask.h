// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/keys/keys_session.h"

namespace cachedeck {

/// What a person says yes to.
struct KeysQuestion {
  QString action;     ///< "Set TTL 1 h"
  qint64 keys = 0;    ///< that it is about; the phrase to type is made of them
  QStringList lines;  ///< what is known of it, for a terminal
};

/// Somebody will be asked on the terminal: nothing on the command line says yes or no.
bool asksOnTerminal(const KeysArguments& arguments);
/// Unlocks where a reason was given, then gets the permit with what was typed on the command line, or is typed now.
Result<WritePermit> permitAfterConsent(const KeysArguments& arguments, KeysSession& session, const KeysQuestion& question, const std::function<Result<WritePermit>(const QString& typed)>& permit);

}  // namespace cachedeck
