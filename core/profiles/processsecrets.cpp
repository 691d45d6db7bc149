// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/keyring.h"
#include "core/profiles/secrets.h"

#include <cstdlib>
#include <cstring>

namespace cachedeck {

std::unique_ptr<Secrets> Secrets::ofThisProcess() {
  auto secrets = std::make_unique<Secrets>(std::make_unique<KeyringStore>(), QProcessEnvironment::systemEnvironment());
  for (const QString& name : secretVariables(sourceRegistry())) {
    const QByteArray variable = name.toLatin1();
    if (char* const value = std::getenv(variable.constData())) wipe(value, std::strlen(value));
    qunsetenv(variable.constData());
  }
  return secrets;
}

}  // namespace cachedeck
