// k6 script of the scenario hostile, written by Cachedeck. Run: k6 run script.js
// Needs "CACHEDECK_LOAD_PASSWORD" in the environment.
// Left out: at 30s removing the keys "risk:\n\u2028*/*".
// Left out: the threshold "http_req_duration{step:two}: p(99) <= baseline*1.1 + 2ms": k6 knows no baseline.
import http from "k6/http";
import { check, sleep } from "k6";
import { Counter, Rate } from "k6/metrics";

const baseUrl = (__ENV.CACHEDECK_LOAD_URL || "http://h/\"+1+\"/").replace(/\/+$/, "");
const timeout = "5s";
const redirects = 0;
const errors = new Counter("errors");
const cacheHits = new Rate("cache_hits");

// Variables: -e NAME=value sets one.
const given = {
  "user": __ENV["CACHEDECK_LOAD_USER"] || "demo",
  "word": __ENV["CACHEDECK_LOAD_WORD"] || "\"; throw 1; \"`${2}`\\\u2028\n",
  "password": __ENV["CACHEDECK_LOAD_PASSWORD"],
};

export const options = {
  "scenarios": {
    "hostile": {
      "executor": "ramping-arrival-rate",
      "timeUnit": "10s",
      "preAllocatedVUs": 3,
      "maxVUs": 9,
      "startRate": 25,
      "stages": [
        {
          "duration": "1m30s",
          "target": 100
        },
        {
          "duration": "0s",
          "target": 0
        }
      ],
      "gracefulStop": "0s"
    }
  },
  "thresholds": {
    "http_req_duration{step:two}": [
      "p(95)<2000",
      {
        "threshold": "avg<10",
        "abortOnFail": true,
        "delayAbortEval": "10s"
      }
    ],
    "errors": [
      "count==0"
    ]
  },
  "tags": {
    "team": "one"
  },
  "summaryTrendStats": [
    "avg",
    "min",
    "med",
    "max",
    "p(90)",
    "p(95)",
    "p(99)"
  ],
  "setupTimeout": "10m"
};

// One of the steps, by weight.
function draw() {
  let left = Math.random() * steps.reduce((sum, step) => sum + step.weight, 0);
  for (const step of steps) if ((left -= step.weight) < 0) return step;
  return steps[steps.length - 1];
}

function run(step, v) {
  send(step, v);
  const [least, most] = step.pause;
  if (most > 0) sleep((least + Math.random() * (most - least)) / 1000);
}

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

function header(response, name) {
  for (const key of Object.keys(response.headers || {})) if (key.toLowerCase() === name.toLowerCase()) return String(response.headers[key]);
  return "";
}

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

function value(v, name) {
  if (v[name] === undefined || v[name] === null) throw new Error("${" + name + "} has no value");
  return String(v[name]);
}

function inPath(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
}

function inBody(text) {
  return JSON.stringify(text).slice(1, -1);
}

function inHeader(text) {
  if (/[\r\n\0]/.test(text)) throw new Error("a header must not hold a line break");
  return text;
}

function between(least, most) {
  return least + Math.floor(Math.random() * (most - least + 1));
}

function pick(choices) {
  return choices[Math.floor(Math.random() * choices.length)];
}

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

const setupSteps = [
  {
    tags: { "name": "login", "step": "login" },
    method: "POST",
    url: (v) => baseUrl + "/login",
    headers: (v) => ({ "Content-Type": "application/json" }),
    body: (v) => "{\"p\":\"" + inBody(value(v, "password")) + "\",\"q\":\"" + pick(["a\\\"b","c\\\\d"]) + "\"}",
    checks: {},
    extract: [["token","/t/a~1b/0"]],
    pause: [0, 0],
    weight: 1,
  },
];

const steps = [
  {
    tags: { "name": "one`$()\\", "step": "one`$()\\", "endpoint": "e`$" },
    method: "GET",
    url: (v) => baseUrl + "/a/" + inPath(value(v, "word")) + "/" + value(v, "user") + "?n=" + between(5, 6) + __ITER + "&${x}",
    headers: (v) => ({ "Authorization": "Bearer " + inHeader(value(v, "token")), ["__proto__"]: "p" }),
    body: (v) => "" + value(v, "word") + "|" + inBody(value(v, "word")),
    checks: {
      "one`$()\\: status is 2xx": (r) => String(r.status).charAt(0) === "2",
      "one`$()\\: \"); throw 2; (\"": (r) => String(r.status) === "200",
      "one`$()\\: x-cache is HIT": (r) => header(r, "x-cache") === "HIT",
      "one`$()\\: body contains `\"'\\": (r) => String(r.body).includes("`\"'\\"),
      "one`$()\\: /n is 3": (r) => at(r, "/n") === "3",
    },
    extract: [],
    pause: [300, 1000],
    weight: 2,
  },
  {
    tags: { "name": "two", "step": "two" },
    method: "GET",
    url: (v) => "https://other/" + zipf(1000),
    headers: (v) => ({}),
    body: (v) => null,
    checks: {},
    extract: [],
    pause: [0, 0],
    weight: 1,
  },
];

export function setup() {
  const v = Object.assign(Object.create(null), given);
  if (!given["password"]) throw new Error("give password a value: set CACHEDECK_LOAD_PASSWORD");
  for (const step of setupSteps) {
    const answer = send(step, v);
    if (!answer || answer.status === 0 || answer.status >= 400) throw new Error("setup: " + step.tags.step + " failed");
  }
  // The cache is warmed: every step until it is a hit, at most five times.
  for (const step of steps) {
    for (let i = 0; i < 5; i++) {
      const answer = send(step, v);
      if (answer && header(answer, "X-Cache").toUpperCase() === "HIT") break;
    }
  }
  return ["token"].map((name) => [name, v[name]]);
}

let mine = null; // what this virtual user knows

export default function (fromSetup) {
  if (mine === null) {
    mine = Object.assign(Object.create(null), given);
    for (const [name, found] of fromSetup) mine[name] = found;
  }
  for (let i = 0; i < steps.length; i++) run(draw(), mine);
}
