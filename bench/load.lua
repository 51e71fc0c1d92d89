-- The load: polls of random requests, moves of fresh ones, lists, or a mix of the first two.
-- Arguments: kind, token, first, count, tag; `first` and `count` say which requests to take.
local kind, token, first, count, tag
local polls, made = {}, 0

local function reference(n) return string.format("TA-2026-%05d", n) end

local function poll(n)
  local headers = {["Authorization"] = "Bearer " .. token}
  if tag ~= "" then headers["If-None-Match"] = '"' .. tag .. '"' end
  return wrk.format("GET", "/api/v1/requests/" .. reference(n) .. "/status", headers)
end

local function move()
  local n = first + made
  made = made + 1
  return wrk.format("POST", "/api/v1/requests/" .. reference(n) .. "/transitions", {
    ["Authorization"] = "Bearer " .. token,
    ["Content-Type"] = "application/json",
    ["If-Match"] = '"2"',
    ["Idempotency-Key"] = "bench-" .. n,
  }, '{"trigger":"start_assessment"}')
end

local function list()
  local headers = {["Authorization"] = "Bearer " .. token}
  return wrk.format("GET", "/api/v1/requests?state=triage&limit=50", headers)
end

local threads = {}
function setup(thread) table.insert(threads, thread) end

function init(args)
  kind, token, first, count, tag = args[1], args[2], tonumber(args[3]), tonumber(args[4]), args[5] or ""
  math.randomseed(7)
  for i = 1, 2000 do polls[i] = poll(math.random(1, count)) end
  made_total = 0
end

local turn = 0
function request()
  turn = turn + 1
  if kind == "move" or (kind == "mixed" and turn % 10 == 0) then
    made_total = made + 1
    return move()
  end
  if kind == "list" then return list() end
  return polls[turn % 2000 + 1]
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    "RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.timeout + e.status,
    latency:percentile(50), latency:percentile(99), threads[1]:get("made_total") or 0))
end
