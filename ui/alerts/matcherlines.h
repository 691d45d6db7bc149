// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/alertmanager_json.h"
#include "core/base/result.h"

namespace cachedeck {

/// A matcher as it can be typed: its value in quotes, with \" and \\ and \n in it.
QString matcherLine(const Matcher& matcher);
/// One a line. Usage error that names the line which is none, or says that nothing would be matched by value.
Result<QList<Matcher>> matchersOf(const QString& lines);
/// All of an alert's labels, as lines.
QString matcherLines(const PromLabels& labels);
/// Do all of them match, as Alertmanager has it: a label that is not there is empty, a pattern is anchored.
bool matches(const QList<Matcher>& matchers, const PromLabels& labels);

}  // namespace cachedeck
