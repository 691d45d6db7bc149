// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/argv_secrets.h"

#include "core/base/argv_passwords.h"

namespace cachedeck::sample {

TakenArguments takeArguments(int argc, char** argv) {
  TakenArguments taken;
  for (int i = 0; i < argc; ++i) {
    taken.list.emplace_back(argv[i]);
    for (std::string& password : hidePasswords(argv[i])) taken.secrets.push_back(std::move(password));
  }
  return taken;
}

}  // namespace cachedeck::sample
