// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

namespace cachedeck {

/// A PromQL string literal of any text, quotes included.
QString promQuoted(const QString& text);

/// Label matchers as a person writes them (`{job="redis", instance="a:1"}` or without braces) in the form that goes
/// between braces; empty stays empty. Errors (Usage) for what is no list of matchers.
Result<QString> normalizedSelector(const QString& text);

/// A catalog expression with $selector and $window (whole seconds) filled in. An empty selector leaves no comma behind.
QString filledPromql(const QString& promql, const QString& selector, qint64 windowSeconds);

}  // namespace cachedeck
