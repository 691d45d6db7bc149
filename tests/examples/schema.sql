-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE products (id bigint PRIMARY KEY, name text NOT NULL, category text NOT NULL, price int NOT NULL, stock int NOT NULL);
INSERT INTO products SELECT n, 'Product ' || n, 'cat' || n % 3, n * 10, 5 FROM generate_series(1, 50) AS n;
