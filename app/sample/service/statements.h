// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The statements of the routes; PostgreSQL makes the JSON. $1 is the time that each takes at least, in seconds: what a slow system takes,
// on a small one. The further parameters are those of the route, in their order.

namespace cachedeck::sample {

#define COST " FROM (SELECT pg_sleep($1::float8)) AS cost"
#define RISK_FIELDS "id, title, severity, status, likelihood, impact, likelihood * impact AS score, owner, created_at, updated_at"
#define RISK_FILTER(severity, status) "(" severity "::text IS NULL OR severity = " severity ") AND (" status "::text IS NULL OR status = " status ")"

inline constexpr const char* risksSql =
    "SELECT json_build_object('items', (SELECT coalesce(json_agg(item), '[]') FROM (SELECT " RISK_FIELDS " FROM risks WHERE " RISK_FILTER("$4", "$5")
    " ORDER BY created_at DESC, id DESC LIMIT $3::int OFFSET ($2::int - 1) * $3::int) AS item), 'page', $2::int, 'limit', $3::int, "
    "'total', (SELECT count(*) FROM risks WHERE " RISK_FILTER("$4", "$5") "))::text" COST;

inline constexpr const char* searchSql =
    "SELECT json_build_object('items', (SELECT coalesce(json_agg(item), '[]') FROM (SELECT " RISK_FIELDS " FROM risks WHERE title ILIKE $2 AND "
    RISK_FILTER("$5", "$6") " ORDER BY updated_at DESC, id DESC LIMIT $4::int OFFSET ($3::int - 1) * $4::int) AS item), 'page', $3::int, 'limit', $4::int, "
    "'total', (SELECT count(*) FROM risks WHERE title ILIKE $2 AND " RISK_FILTER("$5", "$6") "))::text" COST;

inline constexpr const char* riskSql =
    "SELECT (SELECT row_to_json(risk) FROM (SELECT " RISK_FIELDS ", description FROM risks WHERE id = $2::bigint) AS risk)::text" COST;

inline constexpr const char* statsSql =
    "SELECT (SELECT json_build_object('period', $2::text, 'total', coalesce(sum(n), 0), 'score_mean', round(coalesce(sum(score) / nullif(sum(n), 0), 0), 2), "
    "'severity', json_build_object('low', coalesce(sum(n) FILTER (WHERE severity = 'low'), 0), 'medium', coalesce(sum(n) FILTER (WHERE severity = 'medium'), 0), "
    "'high', coalesce(sum(n) FILTER (WHERE severity = 'high'), 0), 'critical', coalesce(sum(n) FILTER (WHERE severity = 'critical'), 0)), "
    "'status', json_build_object('open', coalesce(sum(n) FILTER (WHERE status = 'open'), 0), 'mitigating', coalesce(sum(n) FILTER (WHERE status = 'mitigating'), 0), "
    "'accepted', coalesce(sum(n) FILTER (WHERE status = 'accepted'), 0), 'closed', coalesce(sum(n) FILTER (WHERE status = 'closed'), 0))) "
    "FROM (SELECT severity, status, count(*) AS n, sum(likelihood * impact) AS score FROM risks WHERE created_at > now() - $2::text::interval "
    "GROUP BY severity, status) AS counted)::text" COST;

inline constexpr const char* matrixSql =
    "SELECT json_build_object('cells', (SELECT json_agg(cell) FROM (SELECT l.likelihood, i.impact, count(risks.id) AS count "
    "FROM generate_series(1, 5) AS l (likelihood) CROSS JOIN generate_series(1, 5) AS i (impact) "
    "LEFT JOIN risks ON risks.likelihood = l.likelihood AND risks.impact = i.impact AND risks.status <> 'closed' "
    "GROUP BY l.likelihood, i.impact ORDER BY l.likelihood, i.impact) AS cell))::text" COST;

inline constexpr const char* trendsSql =
    "SELECT json_build_object('days', $2::int, 'points', (SELECT json_agg(point) FROM (SELECT day::date AS day, count(risks.id) AS created, "
    "count(risks.id) FILTER (WHERE severity = 'critical') AS critical "
    "FROM generate_series(current_date - ($2::int - 1), current_date, interval '1 day') AS day "
    "LEFT JOIN risks ON created_at >= day AND created_at < day + interval '1 day' GROUP BY day ORDER BY day) AS point))::text" COST;

#define CONNECTOR_FILTER "($4::text IS NULL OR category = $4) AND ($5::text IS NULL OR status = $5)"
inline constexpr const char* connectorsSql =
    "SELECT json_build_object('items', (SELECT coalesce(json_agg(item), '[]') FROM (SELECT id, name, category, status FROM connectors WHERE " CONNECTOR_FILTER
    " ORDER BY name, id LIMIT $3::int OFFSET ($2::int - 1) * $3::int) AS item), 'page', $2::int, 'limit', $3::int, "
    "'total', (SELECT count(*) FROM connectors WHERE " CONNECTOR_FILTER "))::text" COST;

inline constexpr const char* connectorSql =
    "SELECT (SELECT row_to_json(connector) FROM (SELECT id, name, category, status, config FROM connectors WHERE id = $2::bigint) AS connector)::text" COST;

inline constexpr const char* appSql =
    "SELECT (SELECT row_to_json(app) FROM (SELECT a.id, a.name, a.summary, a.installs, a.connector_id, c.name AS connector FROM marketplace_apps AS a "
    "JOIN connectors AS c ON c.id = a.connector_id WHERE a.id = $2::bigint) AS app)::text" COST;

#define RISK_JSON "row_to_json((SELECT risk FROM (SELECT " RISK_FIELDS ", description) AS risk))::text"
inline constexpr const char* createSql =
    "INSERT INTO risks (title, description, severity, status, likelihood, impact, owner, created_at, updated_at) "
    "SELECT $2, $3, $4, $5, $6::int, $7::int, $8, now(), now()" COST " RETURNING id, " RISK_JSON;
inline constexpr const char* replaceSql =
    "UPDATE risks SET title = $2, description = $3, severity = $4, status = $5, likelihood = $6::int, impact = $7::int, owner = $8, updated_at = now()" COST
    " WHERE id = $9::bigint RETURNING id, " RISK_JSON;
inline constexpr const char* deleteSql = "DELETE FROM risks USING (SELECT pg_sleep($1::float8)) AS cost WHERE id = $2::bigint RETURNING id";

#undef COST
#undef RISK_FIELDS
#undef RISK_FILTER
#undef RISK_JSON
#undef CONNECTOR_FILTER

}  // namespace cachedeck::sample
