// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/live/sandbox_fixture.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTemporaryDir>

namespace cachedeck::test {

/// The path of a file of monitoring/.
QString shipped(const QString& name);
QByteArray contentOf(const QString& path);
/// A YAML file as JSON; with a schema, what violates it comes as `err` and a code other than 0.
Run readYaml(const QString& path, const QString& schema = {});
/// The JSON of a shipped dashboard.
QJsonObject dashboard(const QString& name);
QStringList dashboardNames();

/// What compose/fill-in.sh makes of the templates, by settings that differ from good ones in `more` ("NAME=value").
Run fillInForCompose(const QString& out, const QStringList& more = {});

}  // namespace cachedeck::test
