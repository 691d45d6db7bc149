// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/argv_secrets.h"

#include "core/base/argv_passwords.h"

namespace cachedeck {

Arguments takeArguments(int argc, char** argv) {
  Arguments arguments;
  for (int i = 0; i < argc; ++i) {
    arguments.list.append(QString::fromLocal8Bit(argv[i]));
    for (const std::string& password : hidePasswords(argv[i])) arguments.secrets.emplace_back(QByteArray::fromStdString(password));
  }
  return arguments;
}

QString passwordWarning() {
  return QStringLiteral(
      "cachedeck: a password on the command line can be seen by others while the program starts and stays in the shell's history.\n"
      "Better: the environment (CACHEDECK_REDIS_PASSWORD, CACHEDECK_POSTGRES_PASSWORD, CACHEDECK_PROMETHEUS_PASSWORD), the keyring "
      "(save a profile), ~/.pgpass for PostgreSQL, or leave it out and answer the prompt.");
}

}  // namespace cachedeck
