// SPDX-License-Identifier: GPL-3.0-or-later
#include "products.h"
#include "setup.h"

#include <cstdio>
#include <cstdlib>

/// Asks twice for a product, and says where the answers came from.
int main() {
  const char* database = std::getenv("DATABASE");
  const char* redis = std::getenv("REDIS");
  const auto setup = makeSetup(database ? database : "", redis ? redis : "redis://127.0.0.1:6379/0");
  if (!setup) {
    std::fprintf(stderr, "shop: %s\n", setup.error().message.c_str());
    return 1;
  }
  Products products(*setup->pool, *setup->cache);
  for (int i = 0; i < 2; ++i) {
    const Reply reply = products.get("7");
    std::printf("%d %s %s\n", reply.status, reply.xCache ? reply.xCache : "-", reply.body.c_str());
    if (reply.status != 200) return 1;
  }
  std::printf("%s\n", figures(*setup).c_str());
}
