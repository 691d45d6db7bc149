#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# healthy PORT PATH: exit code 0 when the service in this container answers with status 200. The image has neither wget nor curl.
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
# In one write: bash's printf writes each line by itself, and a service that answers and closes after the first kills it with SIGPIPE.
cat >&3 <<< "GET $2 HTTP/1.0"$'\r\nHost: 127.0.0.1\r\n\r' || exit 1
IFS= read -r -t 4 line <&3 || exit 1
[[ $line == "HTTP/1."?" 200 "* ]]
