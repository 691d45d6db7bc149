-- SPDX-License-Identifier: GPL-3.0-or-later
-- wrk -s wrk.lua URL -- AUTHORIZATION PATH…: requests of the paths in turn; one JSON line at the end.
local threads = {}
function setup(thread) table.insert(threads, thread) end

-- With one path the answers are not looked at, which would cost wrk more than the request itself.
function init(args)
  at, hits, requests = 0, 0, {}
  wrk.headers["Authorization"] = args[1]
  for i = 2, #args do requests[i - 1] = wrk.format("GET", args[i]) end
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

function done(summary, latency)
  local hits = 0
  for _, thread in ipairs(threads) do hits = hits + thread:get("hits") end
  local e = summary.errors
  print(string.format('{"requests": %d, "seconds": %.6f, "mean": %.3f, "p95": %.3f, "p99": %.3f, "hits": %d, "errors": %d}', summary.requests,
    summary.duration / 1e6, latency.mean / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3, hits,
    e.status + e.connect + e.read + e.write + e.timeout))
end
