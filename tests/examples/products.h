// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/cache_aside.h"
#include "core/cacheaside/glob.h"
#include "core/cacheaside/key.h"
#include "core/cacheaside/pool.h"

#include <string>

/// What an endpoint answers, whatever HTTP server carries it.
struct Reply {
  int status = 200;
  std::string body;
  const char* xCache = nullptr;  ///< value of the header X-Cache; null: leave it out
};

/// Endpoints of a product catalogue that reads PostgreSQL through a cache: the code that docs/CACHE_CODE.md shows.
class Products {
 public:
  Products(cachedeck::cacheaside::Pool& database, cachedeck::cacheaside::CacheAside& cache);

  Reply get(const std::string& id);                                                  // GET /products/{id}
  Reply list(const cachedeck::cacheaside::Parameters& query);                        // GET /products?category&page
  Reply rename(const std::string& id, const std::string& name);                      // PUT /products/{id}
  Reply setStock(const std::string& id, int stock);                                  // PUT /products/{id}/stock
  std::vector<cachedeck::cacheaside::Value> stocks(std::span<const std::string> ids);
  /// GET /products/{id} for a server whose threads must not wait; `answer` is called once, perhaps on a thread of `run`.
  void getWithoutWaiting(const std::string& id, std::function<void(Reply)> answer, const cachedeck::cacheaside::CacheAside::Executor& run);

 private:
  cachedeck::cacheaside::Outcome<cachedeck::cacheaside::Computed> load(const std::string& id);
  cachedeck::cacheaside::Pool& m_database;
  cachedeck::cacheaside::CacheAside& m_cache;
  cachedeck::cacheaside::CacheAside::ClassId m_product, m_stock;
};
