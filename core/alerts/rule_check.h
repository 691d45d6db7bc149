// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QStringList>

#include <stop_token>

namespace cachedeck {

/// What promtool said of a file, without any server.
struct RuleCheck {
  bool passed = false;
  QStringList arguments;  ///< as it was called: "test", "rules", "/etc/prometheus/alerts_test.yml"
  QStringList lines;      ///< of its output, plain; the last 400
};

/// `promtool test rules` on a file of tests, `promtool check rules` on a file of rules, `promtool check config` on Prometheus's configuration. Blocks for a minute at most.
/// Errors: NotFound (promtool, the file), Usage (none of the three), Timeout, Cancelled.
Result<RuleCheck> checkRuleFile(const QString& file, std::stop_token stop);

}  // namespace cachedeck
