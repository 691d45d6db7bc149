// SPDX-License-Identifier: GPL-3.0-or-later
// What k6 tells while it runs (K6_WEB_DASHBOARD_RECORD) and at its end (--summary-export), for one run of two seconds.
#pragma once

#include <QByteArray>

namespace cachedeck::test {

inline const QByteArray k6FeedBegin =
    R"K6({"event":"param","data":{"thresholds":{"http_req_duration":["p(95)<100"],"http_reqs":["count>3"]},"scenarios":["default"],"endOffset":2000,"period":1000,"scriptPath":"file:///s.js",)K6"
    R"K6("aggregates":{"counter":["count","rate"],"gauge":["value"],"rate":["rate"],"trend":["avg","max","med","min","p(90)","p(95)","p(99)"]}}})K6"
    "\n"
    R"K6({"event":"metric","data":{"time":{"type":"gauge","contains":"time"}}})K6"
    "\n"
    R"K6({"event":"start","data":[[1707753110400]]})K6"
    "\n"
    R"K6({"event":"metric","data":{"data_received":{"type":"counter","contains":"data"},"http_req_duration":{"type":"trend","contains":"time"},"http_req_duration{step:list}":{"type":"trend","contains":"time"},)K6"
    R"K6("http_req_failed":{"type":"rate"},"http_reqs":{"type":"counter"},"http_reqs{step:list}":{"type":"counter"},"iterations":{"type":"counter"},"vus":{"type":"gauge"}}})K6"
    "\n"
    R"K6({"event":"cumulative","data":[[1000,1000],[40,200,30,10,150,180,195],[40,200,30,10,150,180,195],[0.25],[8,8],[8,8],[8,8],[1707753111400],[2]]})K6"
    "\n"
    R"K6({"event":"threshold","data":{"http_req_duration":["p(95)<100"]}})K6"
    "\n"
    R"K6({"event":"snapshot","data":[[1000,1000],[40,200,30,10,150,180,195],[40,200,30,10,150,180,195],[0.25],[8,8],[8,8],[8,8],[1707753111400],[2]]})K6"
    "\n";

inline const QByteArray k6FeedRest =
    R"K6({"event":"cumulative","data":[[2500,1250],[30,200,25,10,80,90,190],[30,200,25,10,80,90,190],[0.1],[20,10],[20,10],[20,10],[1707753112400],[3]]})K6"
    "\n"
    R"K6({"event":"snapshot","data":[[1500,1500],[20,60,18,10,40,50,58],[],[0],[12,12],[],[12,12],[1707753112400],[3]]})K6"
    "\n"
    R"K6({"event":"stop","data":[[1707753112500]]})K6"
    "\n";

// true of a threshold means that it failed.
inline const QByteArray k6Summary =
    R"K6({"root_group":{"name":"","path":"","id":"d41d","groups":{"g":{"name":"g","path":"::g","id":"e0","groups":{},"checks":{"is ok":{"name":"is ok","path":"::g::is ok","id":"x","passes":19,"fails":1}}}},"checks":{}},)K6"
    R"K6("metrics":{"http_req_duration":{"avg":30.5,"min":10,"med":25,"max":200,"p(90)":80,"p(95)":90,"p(99)":190,"thresholds":{"p(95)<50":true}},"http_req_failed":{"passes":2,"fails":18,"value":0.1},)K6"
    R"K6("http_reqs":{"count":20,"rate":10,"thresholds":{"count>3":false}},"iterations":{"count":20,"rate":10},"data_received":{"count":2500,"rate":1250},"data_sent":{"count":900,"rate":450},)K6"
    R"K6("vus":{"value":0,"min":0,"max":3},"cache_hits":{"passes":15,"fails":5,"value":0.75}}})K6";

}  // namespace cachedeck::test
