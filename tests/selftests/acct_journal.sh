#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Accounting records wait in kbngd's journal: the accounting server in `core`
# is stopped while sessions start, are updated and end, kbngd is killed in
# between, and afterwards each session has one Start and one Stop, with the
# octets that the module counted. Another FreeRADIUS authenticates.
# shellcheck disable=SC2154,SC2016
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/aaa.bash"

conf() # [LINES of radius [WORDS of journal]]
{
	aaa_conf | sed "s/journal.db/&${2:+, $2}/; s/auth_servers: \[{/& port: 1912,/"
	cat <<-EOF
	  timeout: 2
	  retries: 0
	  retry_pending: 1
	${1:-}
	interim_interval: 10
	EOF
}

reconf() # as conf: kbngd with another configuration
{
	stop kbngd
	conf "$@" | kbngd_start
	kbngd_ready
}

# The same server at ports 1912 and 1913.
freeradius_auth()
{
	cp -r "$TMP/raddb" "$TMP/raddb-auth"
	sed -i "s/port = 18/port = 19/; s/freeradius.run/auth.run/; s/accounting$/&-auth/" \
		"$TMP/raddb-auth/radiusd.conf"
	start auth core freeradius -f -l stdout -n radiusd -d "$TMP/raddb-auth"
	wait_log 60 auth 'Ready to process requests'
}

# --- Sessions -------------------------------------------------------------------

address() # N
{
	echo "10.64.$((2 + $1 / 256)).$(($1 % 256))"
}

# Sessions of subscribers FIRST..LAST, active; their UUIDs are added to $TMP/ids.
many() # FIRST LAST
{
	local n

	for n in $(seq "$1" "$2"); do
		echo "iface acc0 mac $(mac "$n") address $(address "$n") circuit-id port-$n"
	done > "$TMP/batch"
	kbng session new --batch "$TMP/batch"
	kbng -j session list | jq -r --argjson first "$1" --argjson last "$2" \
		'.[] | (.circuit_id | ltrimstr("port-") | tonumber) as $n |
		select($n >= $first and $n <= $last) | "\($n) \(.uuid)"' |
		sort -n | cut -d ' ' -f 2 >> "$TMP/ids"
	busywait 60 count_is pending 0
}

count() # STATE
{
	kbng -j session list state "$1" | jq length
}

count_is() # STATE N
{
	[ "$(count "$1")" = "$2" ]
}

end() # FIRST LAST: of $TMP/ids
{
	local id

	sed -n "$1,$2p" "$TMP/ids" | while read -r id; do
		kbng session clear "$id"
	done
}

host() # N: subscriber N has its session's address
{
	ip -n "sub$1" address replace "$(address "$1")/16" dev eth0
	ip -n "sub$1" route replace default via $GATEWAY
}

send() # N SIZE
{
	on "sub$1" ping -q -c 20 -i 0.05 -s "$2" $SERVER
}

# --- What waits, what came ----------------------------------------------------------

waiting() # FIELD VALUE, of the records in the journal
{
	[ "$(kbng -j status | jq -r ".journal.records.$1")" = "$2" ]
}

grew() # FIELD
{
	[ "$(kbng -j status | jq -r ".journal.records.$1")" -gt 0 ]
}

# All sessions of $TMP/ids have one record of TYPE; one that came twice is the
# same but for its delay.
one_each() # TYPE [FIRST LAST]
{
	sed -n "${2:-1},${3:-\$}p" "$TMP/ids" | sort > "$TMP/expected"
	awk -v type="$1" '$1 == type { print $2, $3, $6, $7 }' "$TMP/came" |
		sort -u | cut -d ' ' -f 1 | diff "$TMP/expected" -
}

in_order()
{
	awk '$1 == "Start" && seen[$2] && seen[$2] != "Start" { print; bad = 1 }
		$1 == "Interim-Update" && !($2 in seen) { print; bad = 1 }
		$1 == "Interim-Update" && seen[$2] == "Stop" { print; bad = 1 }
		$1 == "Stop" && !($2 in seen) { print; bad = 1 }
		{ seen[$2] = $1 }
		END { exit bad }' "$TMP/came"
}

# What is said to have been DELAY ago came DELAY after its time.
delays()
{
	cut -d ' ' -f 3 "$TMP/came" | tr _ ' ' | date -f - +%s |
		paste -d ' ' - "$TMP/came" |
		awk '{ off = $1 + $5 - $6; if (off < -3 || off > 1) { print; bad = 1 } }
			END { exit bad }'
	[ "$(awk '$4 >= 5' "$TMP/came" | wc -l)" -ge 20 ]
}

octets()
{
	sed -n "${1:-1},${2:-\$}p" "$TMP/ids" | sort > "$TMP/expected"
	grep -v listening "$TMP/monitor.log" | jq -r 'select(.event == "stop") | .session |
		"\(.uuid) \(.up.octets4 + .up.octets6) \(.down.octets4 + .down.octets6)"' |
		grep -Ff "$TMP/expected" | sort > "$TMP/counted"
	awk '$1 == "Stop" { print $2, $6, $7 }' "$TMP/came" | sort -u |
		grep -Ff "$TMP/expected" | diff "$TMP/counted" -
	[ "$(awk '$2 > 8000' "$TMP/counted" | wc -l)" -ge 3 ]
}

came() # N: or more
{
	[ "$(grep -c Acct-Status-Type "$TMP/accounting")" -ge "$1" ]
}

drained()
{
	busywait "${1:-60}" waiting waiting 0
	accounting | grep -Ff "$TMP/ids" > "$TMP/came"
}

# --- Tests -----------------------------------------------------------------------

# A stopped session is the journal's then, not the kernel's.
nobody_takes_them()
{
	local n

	busywait 60 has_record Accounting-On "$(kbng -j status | jq -r .module.instance)"
	stop freeradius
	many 1 12
	for n in 1 2 3; do host "$n"; send "$n" $((n * 400)); done
	busywait 60 waiting interims 12
	kill_kbngd
	send 1 1200
	end 1 5
	restart_kbngd
	busywait 60 waiting stops 5
	many 13 20
	busywait 60 waiting interims 15
	grew superseded
	kill_kbngd
	restart_kbngd
	end 6 10
	busywait 60 waiting stops 10
	busywait 60 count_is stopped 0
	count_is active 10
	waiting starts 20
	wait_log 20 kbngd 'no server takes accounting records'
	fails [ "$(wc -l < <(accounting))" -gt 1 ]
}

they_come()
{
	freeradius_restart
	drained
	one_each Start
	one_each Stop 1 10
	expect 20 eval "grep -c ^Start $TMP/came"
	expect 10 eval "grep -c ^Stop $TMP/came"
	wait_log 20 kbngd 'a server takes accounting records again'
}

# A backlog of 400 records, of which one in 20 ms may go; killed three times.
killed_while_they_go()
{
	local i before

	stop freeradius
	: > "$TMP/ids"
	reconf
	many 31 230
	kbng session clear all
	busywait 60 count_is stopped 0
	freeradius_restart
	before=$EPOCHSECONDS
	reconf '  rate: 50
  burst: 5'
	for i in 1 2 3; do
		busywait 60 came $((30 + 80 * i))
		kill_kbngd
		restart_kbngd
	done
	drained
	[ $((EPOCHSECONDS - before)) -ge 7 ]
	[ "$(kbng -j status | jq '.radius.acct_servers[0].refused')" -le 10 ]
	one_each Start
	one_each Stop
	in_order
}

# Interims first, and no Start or Stop ever.
bound()
{
	: > "$TMP/ids"
	stop freeradius
	reconf '' 'max_records: 100'
	many 301 360
	busywait 60 waiting interims 40
	waiting state full
	wait_log 20 kbngd 'as many accounting records wait as may'
	busywait 60 grew dropped
	many 361 420
	busywait 60 grew refused
	waiting starts 100
	waiting interims 0
	kbng session clear all
	busywait 60 count_is stopped 120
	waiting waiting 100
	kill_kbngd
	restart_kbngd
	waiting waiting 100
	count_is stopped 120
	freeradius_restart
	busywait 90 count_is stopped 0
	drained
	one_each Start
	one_each Stop
	in_order
	waiting state ok
}

topo_up 3
secret radius.secret testing123
echo 'DEFAULT Cleartext-Password := "x"' | freeradius_start
freeradius_auth
start monitor bng "$BIN/kbng" -j monitor
conf | kbngd_start
kbngd_ready
check "no server: records wait, over kills, and the kernel may forget" nobody_takes_them
check "each session has one Start and one Stop then" they_come
check "a session's records are in order" in_order
check "Acct-Delay-Time is what they waited" delays
check "octets are the module's" octets 1 10
check "killed while they go, at the rate that may be" killed_while_they_go
check "a full journal drops Interims, and nothing else" bound
check "sanitizers are silent" sanitizers_are_silent
done_testing
