// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/doctor/evidence.h"

namespace cachedeck::doctor {

/// The receivers of an Alertmanager's configuration as its status page prints it: always the same YAML, two spaces a level, without comments. Nothing where it is not
/// of this form.
std::optional<QList<AlertmanagerEvidence::Receiver>> receiversOf(const QString& yaml);

/// The receiver of the route at the top; empty where there is none.
QString rootReceiverOf(const QString& yaml);

}  // namespace cachedeck::doctor
