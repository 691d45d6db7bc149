// SPDX-License-Identifier: GPL-3.0-or-later
#include "products.h"

#include <algorithm>
#include <cctype>
#include <cstdio>

using namespace cachedeck::cacheaside;
using namespace std::chrono_literals;

namespace {

Reply badRequest(const char* what) { return {400, std::string(R"({"error":")") + what + R"("})"}; }

Reply failed(const Failure& failure) {
  std::fprintf(stderr, "products: %s\n", failure.message.c_str());  // for the operator; the caller learns no more than he needs
  return {failure.kind == Failure::Kind::Timeout ? 504 : 503, R"({"error":"try again later"})"};
}

Reply replyOf(const Outcome<Answer>& answer) {
  if (!answer) return failed(answer.error());
  if (!answer->cacheable) return {404, R"({"error":"no such product"})"};
  return {200, *answer->value, answer->xCache()};
}

/// A whole number from 1 on, written in one way only: "07" would be another key for the same answer.
bool isNumber(const std::string& text) {
  return !text.empty() && text.size() <= 9 && text[0] != '0' && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

}  // namespace

Products::Products(Pool& database, CacheAside& cache)
    : m_database(database), m_cache(cache), m_product(*cache.classId("product")), m_stock(*cache.classId("stock")) {}

Outcome<Computed> Products::load(const std::string& id) {
  const std::vector<Parameter> parameters{id};
  const auto rows = m_database.query("SELECT json_build_object('id', id, 'name', name, 'price', price)::text FROM products WHERE id = $1::bigint",
                                     parameters, in(5s));
  if (!rows) return rows.error();
  if (rows->rows.empty()) return Computed{"", false};  // answered, but not kept
  return Computed{*rows->rows[0][0]};
}

Reply Products::get(const std::string& id) {
  if (!isNumber(id)) return badRequest("id is a whole number");
  return replyOf(m_cache.fetch(m_product, "product:id:" + id, [&] { return load(id); }));
}

Reply Products::list(const Parameters& query) {
  // What shapes the answer: checked, and with its default, before it becomes a key. Empty is as good as missing.
  const auto of = [&](const char* name) { return query.contains(name) ? query.find(name)->second : std::string(); };
  const std::string category = of("category"), page = of("page").empty() ? "1" : of("page");
  if (!isNumber(page)) return badRequest("page is a whole number");

  const auto load = [&]() -> Outcome<Computed> {
    const std::vector<Parameter> parameters{category.empty() ? std::nullopt : Parameter(category), page};
    const auto rows = m_database.query(
        "SELECT coalesce(json_agg(p), '[]')::text FROM (SELECT id, name FROM products WHERE category = coalesce($1, category) "
        "ORDER BY id LIMIT 20 OFFSET 20 * ($2::bigint - 1)) AS p",
        parameters, in(5s));
    if (!rows) return rows.error();
    return Computed{*rows->rows[0][0]};
  };
  const std::string key = filledKey("product:list:cat:{category}:page:{page}", {{"category", category}, {"page", page}});
  return replyOf(m_cache.fetch(m_product, key, load));
}

Reply Products::rename(const std::string& id, const std::string& name) {
  if (!isNumber(id)) return badRequest("id is a whole number");
  const std::vector<Parameter> parameters{id, name};
  const auto changed = m_database.query("UPDATE products SET name = $2 WHERE id = $1::bigint", parameters, in(5s));
  // After the write, and before the answer: whoever reads next sees the new name. Also when the write is in doubt: only a refusal changed nothing.
  if (changed || changed.error().kind != Failure::Kind::Query) {
    const std::vector<std::string> patterns{"product:id:" + globEscaped(id), "product:list:*"};
    (void)m_cache.invalidate(patterns);  // with the cache away it is remembered, and done before the cache is used again
  }
  if (!changed) return failed(changed.error());
  if (changed->affected == 0) return {404, R"({"error":"no such product"})"};
  return {200, "{}"};
}

Reply Products::setStock(const std::string& id, int stock) {
  const auto persist = [&]() -> Outcome<Computed> {
    const std::vector<Parameter> parameters{id, std::to_string(stock)};
    const auto changed = m_database.query("UPDATE products SET stock = $2::int WHERE id = $1::bigint", parameters, in(5s));
    if (!changed) return changed.error();
    return Computed{std::to_string(stock), changed->affected > 0};
  };
  return replyOf(m_cache.write(m_stock, "stock:" + id, persist));
}

std::vector<Value> Products::stocks(std::span<const std::string> ids) {
  std::vector<std::string> keys;
  for (const std::string& id : ids) keys.push_back("stock:" + id);
  auto [values, ticket] = m_cache.findMany(m_stock, keys);

  std::vector<std::pair<std::string, std::string>> found;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (values[i]) continue;
    const std::vector<Parameter> parameters{ids[i]};
    const auto rows = m_database.query("SELECT stock::text FROM products WHERE id = $1::bigint", parameters, in(5s));
    if (!rows || rows->rows.empty()) continue;
    values[i] = std::make_shared<const std::string>(*rows->rows[0][0]);
    found.emplace_back(keys[i], *values[i]);
  }
  m_cache.storeMany(m_stock, found, ticket);  // not what a write or an invalidation has overtaken
  return values;
}

void Products::getWithoutWaiting(const std::string& id, std::function<void(Reply)> answer, const CacheAside::Executor& run) {
  if (!isNumber(id)) return answer(badRequest("id is a whole number"));
  const std::string key = "product:id:" + id;
  const CacheAside::Lookup found = m_cache.find(m_product, key);
  if (found.value) return answer({200, *found.value, "HIT"});
  m_cache.fill(m_product, key, found.ticket, [this, id] { return load(id); },
               [answer](const Outcome<Answer>& computed) { answer(replyOf(computed)); }, run);
}
