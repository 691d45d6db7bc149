// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string_view>

namespace cachedeck::load {

/// A function of exported scripts. It is written where its name is called.
struct K6Helper {
  std::string_view name, text;
};

/// A function stands before those that it calls.
inline constexpr std::array k6Helpers{
    K6Helper{"draw", R"js(
// One of the steps, by weight.
function draw() {
  let left = Math.random() * steps.reduce((sum, step) => sum + step.weight, 0);
  for (const step of steps) if ((left -= step.weight) < 0) return step;
  return steps[steps.length - 1];
}
)js"},
    K6Helper{"run", R"js(
function run(step, v) {
  send(step, v);
  const [least, most] = step.pause;
  if (most > 0) sleep((least + Math.random() * (most - least)) / 1000);
}
)js"},
    K6Helper{"send", R"js(
// Sends one step. Returns the answer, or null when a variable has no value.
function send(step, v) {
  let response;
  try {
    const params = { headers: step.headers(v), tags: step.tags, timeout: timeout, redirects: redirects };
    response = http.request(step.method, step.url(v), step.body(v), params);
  } catch (problem) {
    console.error(step.tags.step + ": " + problem.message);
    errors.add(1, step.tags);
    return null;
  }
  if (response.status === 0 || response.status >= 400) errors.add(1, step.tags);
  const cache = header(response, "X-Cache").toUpperCase();
  if (cache === "HIT" || cache === "MISS") cacheHits.add(cache === "HIT", step.tags);
  check(response, step.checks, step.tags);
  for (const [name, pointer] of step.extract) {
    const found = at(response, pointer);
    if (found !== undefined) v[name] = found;
  }
  return response;
}
)js"},
    K6Helper{"header", R"js(
function header(response, name) {
  for (const key of Object.keys(response.headers || {})) if (key.toLowerCase() === name.toLowerCase()) return String(response.headers[key]);
  return "";
}
)js"},
    K6Helper{"at", R"js(
// The value at a JSON pointer (RFC 6901), as text.
function at(response, pointer) {
  let value;
  try {
    value = JSON.parse(response.body);
  } catch (notJson) {
    return undefined;
  }
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replace(/~1/g, "/").replace(/~0/g, "~");
    if (value === null || typeof value !== "object" || !Object.prototype.hasOwnProperty.call(value, key)) return undefined;
    value = value[key];
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
)js"},
    K6Helper{"value", R"js(
function value(v, name) {
  if (v[name] === undefined || v[name] === null) throw new Error("${" + name + "} has no value");
  return String(v[name]);
}
)js"},
    K6Helper{"inPath", R"js(
function inPath(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
}
)js"},
    K6Helper{"inBody", R"js(
function inBody(text) {
  return JSON.stringify(text).slice(1, -1);
}
)js"},
    K6Helper{"inHeader", R"js(
function inHeader(text) {
  if (/[\r\n\0]/.test(text)) throw new Error("a header must not hold a line break");
  return text;
}
)js"},
    K6Helper{"between", R"js(
function between(least, most) {
  return least + Math.floor(Math.random() * (most - least + 1));
}
)js"},
    K6Helper{"pick", R"js(
function pick(choices) {
  return choices[Math.floor(Math.random() * choices.length)];
}
)js"},
    K6Helper{"zipf", R"js(
// A rank from 1 to count by Zipf 0.99 (rejection-inversion, Hoermann and Derflinger 1996).
function zipf(count) {
  const area = (x) => (Math.pow(x, 0.01) - 1) / 0.01;
  const inverse = (y) => Math.pow(1 + 0.01 * y, 100);
  const weight = (x) => Math.pow(x, -0.99);
  const first = area(1.5) - 1;
  const last = area(count + 0.5);
  const sure = 2 - inverse(area(2.5) - weight(2));
  for (;;) {
    const u = last + Math.random() * (first - last);
    const x = inverse(u);
    const rank = Math.min(Math.max(Math.floor(x + 0.5), 1), count);
    if (rank - x <= sure || u >= area(rank + 0.5) - weight(rank)) return rank;
  }
}
)js"},
};

}  // namespace cachedeck::load
