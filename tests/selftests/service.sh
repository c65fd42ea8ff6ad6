#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kbngd as a service: what it tells Prometheus and the service manager.
# shellcheck disable=SC2154,SC2016,SC2119
. "$(dirname "$0")/lib.sh"

URL=http://127.0.0.1:9469

conf()
{
	kbngd_conf
	cat <<-EOF
	radius:
	  auth_servers: [{ address: $SERVER, secret_file: $TMP/radius.secret }]
	  acct_servers: [{ address: $SERVER, secret_file: $TMP/radius.secret }]
	  password: '{mac}'
	  timeout: 1
	  retries: 0
	kea: { socket: $TMP/kea.sock }
	redis: { host: $SERVER, stream: events }
	metrics: { address: 127.0.0.1 }
	EOF
}

scrape()
{
	on bng curl -sSf -m 20 $URL/metrics
}

metric() # NAME WITH LABELS
{
	scrape | awk -v name="$1" 'substr($0, 1, length(name) + 1) == name " " { print $NF }'
}

metric_is() # NAME VALUE
{
	[ "$(metric "$1")" = "$2" ]
}

metric_grew() # NAME WITH LABELS: it is not 0
{
	[ "$(metric "$1")" -ge 1 ]
}

# --- Tests ------------------------------------------------------------------

well_formed()
{
	udhcpc_start sub1
	busywait 60 metric_is 'kbng_sessions{iface="acc0",state="active"}' 1
	scrape > "$TMP/metrics"
	promtool check metrics < "$TMP/metrics" > "$TMP/promtool" 2>&1
	fails [ -s "$TMP/promtool" ]
}

documented()
{
	sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' "$TMP/metrics" | while read -r name; do
		grep -q "^| $name |" "$checkout/docs/operations.md" ||
			{ echo "not in docs/operations.md: $name" >&2; exit 1; }
	done
}

nobody_is_named()
{
	fails grep -qi -e "$(mac_of sub1)" -e "$(addr_of sub1)" "$TMP/metrics"
}

true_values()
{
	busywait 30 metric_is kbng_redis_up 1
	busywait 30 metric_is kbng_kea_up 1
	# Accounting-On and Start
	busywait 30 metric_is 'kbng_radius_requests_total{kind="acct",result="ok"}' 2
	metric_is 'kbng_radius_requests_total{kind="auth",result="ok"}' 1
	expect "$(counter dhcp_bound)" metric 'kbng_module_events_total{event="dhcp_bound"}'
	expect "$(redis xlen events)" metric kbng_events_total
	busywait 30 metric_is kbng_journal_events 0
	metric_is kbng_reconcile_failures_total 0
}

trouble()
{
	stop redis
	stop kea
	stop freeradius
	fails kbng reconcile
	metric_is kbng_kea_up 0
	metric_is kbng_reconcile_failures_total 1
	kbng session clear all
	busywait 30 metric_grew 'kbng_radius_requests_total{kind="acct",result="no_answer"}'
	metric_is kbng_redis_up 0
	metric_grew kbng_journal_events
	metric_is 'kbng_journal_records{type="stop"}' 1
}

refused() # STATUS CURL_ARGUMENT...
{
	expect "$1" on bng curl -s -m 20 -o /dev/null -w '%{http_code}' "${@:2}"
}

# Nothing but GET, and who holds connections open holds nobody up.
hostile()
{
	local i

	refused 404 $URL/
	refused 404 $URL/metrics/../etc/passwd
	! on bng curl -sf -m 20 -d x=y $URL/metrics || return
	for i in $(seq 40); do
		on bng bash -c 'exec 3<> /dev/tcp/127.0.0.1/9469; echo -n G >&3; sleep 60' &
	done
	timeout 10 "$BIN/kbng" --version
	kbng status > /dev/null
	busywait 60 scrape
	wait_for_none
}

wait_for_none()
{
	local pids

	pids=$(jobs -p)
	# shellcheck disable=SC2086
	kill $pids 2> /dev/null || true
	wait 2> /dev/null || true
}

port_taken()
{
	stop kbngd
	start holder bng python3 -c '
import socket, time
s = socket.create_server(("127.0.0.1", 9469))
time.sleep(600)'
	busywait 20 eval "on bng ss -Hltn 'sport = 9469' | grep -q ."
	fails on bng "$BIN/kbngd" -c "$TMP/kbngd.yaml" 2> "$TMP/says"
	grep -q 'metrics: cannot listen on 127.0.0.1 port 9469' "$TMP/says"
	stop holder
}

# As systemd asks by NOTIFY_SOCKET and WATCHDOG_USEC.
notifies()
{
	python3 -c '
import socket, sys
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
    s.bind(sys.argv[1])
    while True:
        print(s.recv(4096).decode(), flush=True)' "$TMP/notify" > "$TMP/notified" &
	busywait 20 test -S "$TMP/notify"
	NOTIFY_SOCKET=$TMP/notify WATCHDOG_USEC=1000000 kbngd_restart
	busywait 60 grep -q READY=1 "$TMP/notified"
	busywait 60 eval "[ \$(grep -c WATCHDOG=1 '$TMP/notified') -ge 3 ]"
	kbng reload > /dev/null
	busywait 60 eval "[ \$(grep -c READY=1 '$TMP/notified') = 2 ]"
	grep -q RELOADING=1 "$TMP/notified"
	stop kbngd
	busywait 20 grep -q STOPPING=1 "$TMP/notified"
	wait_for_none
}

traced() # PATTERN
{
	wait_log 30 kbngd "trace mac=$(mac_of sub2) $1"
}

# A quiet log has all of one subscriber, and nothing of the other, nor passwords.
follows()
{
	conf | sed "s/password: .*/password: 'pass-of-{mac}'/; \$ a log_level: error" | kbngd_start
	busywait 60 kbng status
	says 'is no time' kbng session trace "$(mac_of sub2)" soon
	expect "$(mac_of sub2)" eval "kbng -j session trace '$(mac_of sub2)' 1h | jq -r '.traced[].mac'"
	udhcpc_start sub2
	udhcpc_start sub3
	traced 'seen session=.* state=pending iface=acc0'
	traced 'task=auth outcome=under_way'
	traced 'radius kind=auth result=ok'
	traced "sent User-Name=\"$(mac_of sub2)\""
	traced 'task=announce outcome=done'
	traced 'radius kind=acct result=ok'
	kbng reload > /dev/null
	kbng session clear "$(addr_of sub2)"
	traced 'task=stop outcome=done'
	fails grep -e "$(mac_of sub3)" -e pass-of "$TMP/kbngd.log"
	kbng session trace "$(addr_of sub3)" > /dev/null
	expect 2 eval "kbng -j session trace | jq '.traced | length'"
	kbng session trace "$(mac_of sub3)" 0 > /dev/null
	expect '"'"$(mac_of sub2)"'"' eval "kbng -j session trace | jq '.traced[].mac'"
	says 'not traced' kbng session trace "$(mac_of sub3)" 0
}

# What went to the stream is what is shown.
events_and_aaa()
{
	redis xlen events > "$TMP/told"
	expect "$(cat "$TMP/told")" eval "kbng -j events | wc -l"
	kbng -j events | jq -es 'map(.seq) == [range(1; length + 1)]'
	kbng events | grep -E "SESSION_START +[0-9a-f-]{36} $(addr_of sub1) $(mac_of sub1)"
	says 'not .later' kbng events later
	start follow bng "$BIN/kbng" -j events follow
	udhcpc_start sub4
	wait_log 30 follow "SESSION_START.*$(mac_of sub4)"
	kbng session clear "$(mac_of sub4)"
	wait_log 30 follow "SESSION_STOP.*$(mac_of sub4)"
	stop follow
	kbng -j aaa | jq -e '.radius.auth_servers[0].answered >= 1 and .records.state == "ok" and
		.sessions.active == 1'
	kbng aaa | grep "address: $SERVER"
}

# A password is wiped once it has been sent.
no_password_in_memory()
{
	python3 - "$(pid_of kbngd)" <<-'EOF'
	import re, sys
	found = looked = 0
	with open(f"/proc/{sys.argv[1]}/mem", "rb", 0) as mem:
	    for line in open(f"/proc/{sys.argv[1]}/maps"):
	        begin, end = (int(x, 16) for x in line.split()[0].split("-"))
	        if line.split()[1].startswith("rw"):
	            mem.seek(begin)
	            data = mem.read(end - begin)
	            looked += len(re.findall(b"pass-of-{mac}", data))
	            found += len(re.findall(b"pass-of-02:", data))
	print(f"templates {looked}, passwords {found}", file=sys.stderr)
	sys.exit(not looked or found > 0)
	EOF
}

# Events of this instance in the stream, as objects.
told()
{
	redis --json XRANGE events - + | jq -c '.[][1] | . as $v |
		[range(0; length; 2) | {($v[.]): $v[. + 1]}] | add' > "$TMP/told"
}

# FILTER of the newest BNG_HEALTH_UPDATE
health()
{
	told
	jq -es "map(select(.event_type == \"BNG_HEALTH_UPDATE\")) | last | $1" "$TMP/told" > "$TMP/health"
}

# More events than fit while Redis is away: the oldest go, the stream says how
# many, and that is what it lacks. The RADIUS server is asked again where it lost
# one of so many at once.
journal_full()
{
	stop kbngd
	conf | sed "s|journal.db }|full.db, max_events: 1000 }|; 1 i health_interval: 5
		s|timeout: 1|timeout: 5|; s|retries: 0|retries: 3|" | kbngd_start
	kbngd_ready
	kbng session clear all
	awk 'BEGIN { for (i = 1; i < 500; i++)
		printf "iface acc0 mac 02:05:00:00:%02x:%02x address 10.64.%d.%d\n",
			i / 256, i % 256, 8 + i / 256, i % 256 }' > "$TMP/batch"
	kbng session new --batch "$TMP/batch" > "$TMP/made"
	busywait 120 metric_is 'kbng_sessions{iface="acc0",state="active"}' 499
	kbng session clear all
	busywait 60 metric_grew kbng_events_dropped_total
	wait_log 20 kbngd 'journal is full'
	redis_start
	busywait 60 health '(.events_dropped | tonumber) > 0'
	jq -es 'map(.seq | tonumber) as $n |
		$n == [range($n | first; ($n | last) + 1)] and
		(map(.events_dropped // empty) | last | tonumber) == ($n | first) - 1' "$TMP/told"
}

stream_is_cut()
{
	stop kbngd
	sed -i 's/stream: events }/stream: events, maxlen: 1000 }/' "$TMP/kbngd.yaml"
	kbngd_restart
	kbngd_ready
	kbng session new --batch "$TMP/batch" > "$TMP/made"
	busywait 120 metric_is 'kbng_sessions{iface="acc0",state="active"}' 499
	busywait 60 metric_is kbng_journal_events 0
	# Redis cuts whole nodes of 100 entries.
	[ "$(redis xlen events)" -ge 1000 ]
	[ "$(redis xlen events)" -le 1200 ]
	kbng session clear all
}

machine_is_told()
{
	busywait 30 health '(.cpu_usage | tonumber) as $c | $c >= 0 and $c <= 100'
	health '(.mem_usage | tonumber) > 0 and (.mem_usage | tonumber) < (.mem_max | tonumber)'
	health '[.sessions_pending, .sessions_active, .sessions_rejected] == ["0", "0", "0"]'
	health '(.ts | test("^20[0-9-]{8}T[0-9:]{8}[.][0-9]{3}Z$")) and .bng_id == "bng-t"'
}

topo_up 4
(umask 077 && echo testing123 > "$TMP/radius.secret")
echo 'DEFAULT Auth-Type := Accept' | freeradius_start
redis_start
kea_start 3600 "$(kea_control)"
conf | kbngd_start
kbngd_ready
check "promtool finds nothing to say" well_formed
check "each metric is documented" documented
check "no subscriber is named" nobody_is_named
check "the values are what they should be" true_values
check "events and aaa show what was done" events_and_aaa
check "trouble shows" trouble
check "hostile requests are refused" hostile
check "a port that is taken is named" port_taken
check "the service manager is told" notifies
freeradius_restart
kea_restart
check "a subscriber is followed in the log" follows
check "no password stays in memory" no_password_in_memory
check "a full journal says in the stream what that lacks" journal_full
check "the machine's health is told" machine_is_told
check "the stream is cut to its length" stream_is_cut
done_testing
