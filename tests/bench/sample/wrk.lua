-- SPDX-License-Identifier: GPL-3.0-or-later
-- wrk -s wrk.lua URL -- CONNECTIONS AUTHORIZATION PATH…: requests of the paths in turn; one JSON line at the end.
local threads = {}
function setup(thread) table.insert(threads, thread) end

-- With one path the answers are not looked at, which would cost wrk more than the request itself.
function init(args)
  at, hits, requests, connections = 0, 0, {}, tonumber(args[1])
  wrk.headers["Authorization"] = args[2]
  for i = 3, #args do requests[i - 2] = wrk.format("GET", args[i]) end
  request = function()
    at = at % #requests + 1
    return requests[at]
  end
  if #requests > 1 then
    response = function(_, headers)
      if headers["X-Cache"] == "HIT" then hits = hits + 1 end
    end
  end
end

-- wrk has "corrected" the histogram before this gets it (stats_correct in its stats.c): for each answer slower than twice the expected interval it
-- has added others, faster by one, two … intervals, that nobody measured. They are taken out again, from the slowest down, since what was added to
-- a value came from slower ones only. Gives values and counts, fastest first.
local function measured(summary, latency, connections)
  local counts, values = {}, {}
  for i = 1, #latency do
    local value, count = latency(i)
    counts[value] = count
    values[i] = value
  end
  local interval = math.floor(summary.duration / math.floor(summary.requests / connections))
  for i = #values, 1, -1 do
    local count, at = counts[values[i]], values[i] - interval
    while count > 0 and values[i] >= 2 * interval and at > interval do
      if counts[at] then counts[at] = counts[at] - count end
      at = at - interval
    end
  end
  return values, counts
end

function done(summary, latency)
  local hits = 0
  for _, thread in ipairs(threads) do hits = hits + thread:get("hits") end
  local values, counts = measured(summary, latency, threads[1]:get("connections"))
  local total, sum = 0, 0
  for _, value in ipairs(values) do
    total = total + counts[value]
    sum = sum + value * counts[value]
  end
  local function percentile(share)
    local seen = 0
    for _, value in ipairs(values) do
      seen = seen + counts[value]
      if seen >= share * total then return value end
    end
    return 0
  end
  local e = summary.errors
  print(string.format('{"requests": %d, "measured": %d, "seconds": %.6f, "mean": %.3f, "p95": %.3f, "p99": %.3f, "hits": %d, "errors": %d}',
    summary.requests, total, summary.duration / 1e6, sum / total / 1e3, percentile(0.95) / 1e3, percentile(0.99) / 1e3, hits,
    e.status + e.connect + e.read + e.write + e.timeout))
end
