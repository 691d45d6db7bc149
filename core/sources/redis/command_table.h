// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

namespace cachedeck {

/// What a command may do, for the allow-list in front of every connection. A command that is in no row is never sent.
enum class CommandAccess { Unknown, Read, Write };
/// By name and, where it has one in the table, its subcommand; case does not matter.
CommandAccess commandAccess(const QList<QByteArray>& command);

}  // namespace cachedeck
