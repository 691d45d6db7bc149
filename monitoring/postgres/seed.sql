-- SPDX-License-Identifier: GPL-3.0-or-later
-- The tables of the reference system with data that is the same each time; run by the role "app" in its database.
SELECT setseed(0.42);

CREATE TABLE risks (
  id bigint PRIMARY KEY,
  title text NOT NULL,
  description text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
  status text NOT NULL CHECK (status IN ('open', 'mitigating', 'accepted', 'closed')),
  likelihood int NOT NULL,
  impact int NOT NULL,
  owner text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO risks
SELECT n, initcap(word) || ' risk ' || n,
       'Exposure of ' || word || ' in area ' || n % 37 || '. ' || repeat(md5(n::text) || ' ', 12),
       (ARRAY['low', 'medium', 'high', 'critical'])[1 + floor(4 * power(random(), 1.6))::int],
       (ARRAY['open', 'mitigating', 'accepted', 'closed'])[1 + n % 4],
       1 + floor(5 * random())::int, 1 + floor(5 * random())::int, 'owner' || n % 50,
       now() - random() * interval '365 days', now()
FROM (SELECT n, (ARRAY['supplier', 'access', 'backup', 'network', 'privacy'])[1 + n % 5] AS word
      FROM generate_series(1, 10000) AS n) AS numbered;
CREATE INDEX risks_by_severity ON risks (severity, status, created_at DESC);
CREATE INDEX risks_by_creation ON risks (created_at);

CREATE TABLE connectors (
  id bigint PRIMARY KEY,
  name text NOT NULL,
  category text NOT NULL,
  status text NOT NULL,
  config jsonb NOT NULL
);
INSERT INTO connectors
SELECT n, 'Connector ' || n, (ARRAY['siem', 'ticketing', 'cloud', 'identity', 'scanner'])[1 + n % 5],
       (ARRAY['active', 'active', 'active', 'disabled'])[1 + n % 4],
       jsonb_build_object('endpoint', 'https://connector-' || n || '.example', 'notes', repeat(md5(n::text), 8))
FROM generate_series(1, 200) AS n;

CREATE TABLE marketplace_apps (
  id bigint PRIMARY KEY,
  connector_id bigint NOT NULL REFERENCES connectors,
  name text NOT NULL,
  summary text NOT NULL,
  installs int NOT NULL
);
INSERT INTO marketplace_apps
SELECT n, 1 + n % 200, 'App ' || n, repeat(md5(n::text) || ' ', 6), floor(5000 * random())::int
FROM generate_series(1, 500) AS n;

ANALYZE risks, connectors, marketplace_apps;
