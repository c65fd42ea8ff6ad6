#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Who gets in when the RADIUS server is away or says no, by iface, and what
# becomes of them when it is back; kbngd is killed with -9 in between.
#
#   acc0 last, then local; block       acc1 open; walled       acc2 hold
#
# FreeRADIUS is real, in `core`; sessions are made with `kbng session new`.
# shellcheck disable=SC2154,SC2016
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/aaa.bash"

conf()
{
	cat <<-EOF
	bng_id: bng-t
	ifaces:
	  - { name: acc0, role: access, giaddr: $GATEWAY, servers: [$SERVER] }
	  - { name: core0, role: core }
	  - name: acc1
	    role: access
	    install_fq: no
	    no_answer: [open]
	    open_policy: emergency
	    on_reject: walled
	    walled_policy: pay
	    retry_rejected: 2
	  - { name: acc2, role: access, install_fq: no, no_answer: [hold] }
	policies:
	  - { name: emergency, rate_up: 1M, rate_down: 2M }
	  - { name: pay, rate_up: 64k, rate_down: 128k }
	subscribers_file: $TMP/subscribers.yaml
	journal: { path: $TMP/journal.db }
	metrics: { address: $BNG }
	EOF
	radius_conf
	cat <<-EOF
	  timeout: 1
	  retries: 0
	  dead_time: 2
	  retry_pending: 1
	  retry_rejected: 2
	  readmit_rate: 2
	  no_answer: [last, local]
	EOF
}

subscribers()
{
	cat <<-EOF
	subscribers:
	  - { mac: '$(mac 5)', username: eve, policy: silver, rate_down: 3M,
	      prefixes: [2001:db8:5::/56] }
	EOF
}

# sub1 has a plan and an IPv6 prefix; those in $TMP/rejected may not.
radius_up()
{
	stop freeradius
	{
		rejections
		cat <<-EOF
		DEFAULT User-Name == "$(mac 1)", Cleartext-Password := "x"
		        User-Name = "alice", Class = "c1", Filter-Id = "gold",
		        WISPr-Bandwidth-Max-Down = 8000000,
		        Delegated-IPv6-Prefix = 2001:db8:1::/56
		DEFAULT Cleartext-Password := "x"
		        Filter-Id = "basic"
		EOF
	} | freeradius_start
	[ ! -e "$TMP/pids/kbngd" ] || busywait 30 server_lives
}

server_lives() # as kbngd knows: it may have asked while there was none
{
	[ "$(status '.radius.auth_servers[0].state')" = up ]
}

at() # IFACE N [M]: a pending session of subscriber N, its UUID
{
	kbng session new iface "$1" mac "$(mac "$2")" address "$(address "${3:-$2}")" \
		lease 1h circuit-id "port-$2"
}

# Tests are subshells: what one makes another finds in a file.
make() # NAME IFACE N [M]
{
	at "${@:2}" > "$TMP/id-$1"
}

the() # NAME: its UUID
{
	cat "$TMP/id-$1"
}

is() # UUID STATE/POLICY/DECISION: in `kbng session show`, "-" for none
{
	[ "$(field "$1" '"\(.state)/\(.policy.name // "-")/\(.decision // "-")"')" = "$2" ]
}

becomes() # UUID STATE/POLICY/DECISION [SECONDS]
{
	busywait "${3:-60}" is "$1" "$2" || {
		kbng session show "$1"
		tail -n 5 "$TMP/kbngd.log"
		return 1
	} >&2
}

status() # FILTER
{
	kbng -j status | jq -r "$1"
}

metric() # NAME
{
	on bng curl -s "http://$BNG:9469/metrics" | awk -v n="$1" '$1 == n { print $2 }'
}

metric_above() # NAME VALUE
{
	[ "$(metric "$1")" -gt "$2" ]
}

rejections='kbng_radius_requests_total{kind="auth",result="rejected"}'

again() # COUNT: so many more rejections by the server
{
	busywait 60 metric_above "$rejections" $(($(metric "$rejections") + $1 - 1))
}

decisions() # UUID: of its POLICY_APPLY events, in order
{
	in_journal "select(.session_id == \"$1\" and .event_type == \"POLICY_APPLY\") |
		.decision" | xargs
}

end() # UUID
{
	kbng session clear "$1"
	busywait 60 forgotten "$1"
}

# --- Tests: a server answers -------------------------------------------------

accepted()
{
	make alice acc0 1
	make blocked acc0 3
	becomes "$(the alice)" active/gold/-
	becomes "$(the blocked)" active/basic/-
	expect accept decisions "$(the alice)"
	end "$(the alice)"
	end "$(the blocked)"
}

blocked_and_again()
{
	echo 3 > "$TMP/rejected"
	radius_up
	make blocked acc0 3
	becomes "$(the blocked)" rejected/-/-
	again 2
	expect block decisions "$(the blocked)"
	is "$(the blocked)" rejected/-/-
}

walled()
{
	make walled acc1 4
	becomes "$(the walled)" active/basic/-
	echo 3 4 > "$TMP/rejected"
	radius_up
	end "$(the walled)"
	make walled acc1 4
	becomes "$(the walled)" active/pay/walled
	expect 128000 field "$(the walled)" .policy.rate_down
	again 3
	expect walled decisions "$(the walled)"		# that it lasts is no news
	expect WALLED eval "in_journal 'select(.session_id == \"$(the walled)\") | .auth_state' | sort -u"
	busywait 20 has_record Start "$(the walled)"
}

walled_after_kill()
{
	kill_kbngd
	is "$(the walled)" active/pay/walled
	restart_kbngd
	again 3
	is "$(the walled)" active/pay/walled
	expect walled decisions "$(the walled)"
}

paid()
{
	echo 3 > "$TMP/rejected"
	radius_up
	becomes "$(the walled)" active/basic/-
	expect "walled accept" decisions "$(the walled)"
	expect 1 records Start "$(the walled)"
}

# --- Tests: none does ----------------------------------------------------------

hold()
{
	stop freeradius KILL
	make held acc2 9
	busywait 60 held_more 0
	is "$(the held)" pending/-/-
}

last_policy()
{
	make alice acc0 1
	becomes "$(the alice)" active/gold/last
	expect 8000000 field "$(the alice)" .policy.rate_down
	expect 2001:db8:1::/56 field "$(the alice)" '.prefixes[0].prefix'
	expect last decisions "$(the alice)"
	expect alice in_journal "select(.session_id == \"$(the alice)\" and .event_type == \"SESSION_START\") | .username"
}

local_file()
{
	make local acc0 5
	becomes "$(the local)" active/silver/local
	expect 3000000 field "$(the local)" .policy.rate_down
	expect 2001:db8:5::/56 field "$(the local)" '.prefixes[0].prefix'
}

held_more() # THAN
{
	[ "$(status .radius.decisions.hold)" -gt $(($1 + 4)) ]
}

# sub6 is new, and what sub3 heard last was a rejection.
nobody_knows()
{
	local held

	make new acc0 6
	end "$(the blocked)"
	make blocked acc0 3
	held=$(status .radius.decisions.hold)
	busywait 60 held_more "$held"
	is "$(the new)" pending/-/-
	is "$(the blocked)" pending/-/-
}

open()
{
	local n

	for n in $(seq 20 39); do at acc1 "$n"; done > "$TMP/id-open"
	for n in $(the open); do becomes "$n" active/emergency/open; done
	make refused acc1 3 43			# whom the server would reject
	becomes "$(the refused)" active/emergency/open
	expect 23 metric kbng_provisional_sessions
	metric_above 'kbng_decisions_total{decision="open"}' 20
	grep -q "session accepted session=$(the refused) user=$(mac 3) decision=open" "$TMP/kbngd.log"
}

# Nothing is changed by it, and the servers are still away.
killed()
{
	kill_kbngd
	is "$(the alice)" active/gold/last
	restart_kbngd
	busywait 30 expect 23 metric kbng_provisional_sessions
	is "$(the alice)" active/gold/last
	is "$(the refused)" active/emergency/open
	expect last decisions "$(the alice)"
	make late acc1 40
	becomes "$(the late)" active/emergency/open
	the late >> "$TMP/id-open"
}

# 24 of them at 2 a second.
back()
{
	local began=$SECONDS n

	radius_up
	becomes "$(the alice)" active/gold/-
	becomes "$(the local)" active/basic/-
	expect null field "$(the local)" .prefixes	# they were the file's
	becomes "$(the held)" active/basic/-
	becomes "$(the new)" active/basic/-
	for n in $(the open); do becomes "$n" active/basic/-; done
	becomes "$(the refused)" active/pay/walled
	becomes "$(the blocked)" rejected/-/-
	busywait 30 expect 0 metric kbng_provisional_sessions
	echo "in $((SECONDS - began)) s" >&2
	[ $((SECONDS - began)) -ge 10 ]
	expect "last accept" decisions "$(the alice)"
	expect "open walled" decisions "$(the refused)"
}

# The outage is in no session's accounting.
one_start_each()
{
	local n

	for n in $(the alice) $(the local) $(the open) $(the refused); do
		busywait 60 has_record Start "$n"
		expect 1 records Start "$n"
	done
}

# What is refused by the limit on requests is no reason to let anybody in.
limited()
{
	local n ids=''

	sed -i 's/^  readmit_rate: 2/  rate: 1\n  burst: 1/' "$TMP/kbngd.yaml"
	stop kbngd
	restart_kbngd
	for n in $(seq 50 55); do ids="$ids $(at acc1 "$n")"; done
	# Who is unlucky with one a second waits ten before the next try.
	for n in $ids; do becomes "$n" active/basic/- 180; done
	for n in $ids; do expect accept decisions "$n"; done
	metric_above 'kbng_radius_requests_total{kind="auth",result="limited"}' 0
}

topo_up 1
for n in 1 2; do
	ip -n bng link add acc$n type dummy
	ip -n bng link set acc$n up
done
secret radius.secret testing123
subscribers > "$TMP/subscribers.yaml"
: > "$TMP/rejected"
radius_up
conf | kbngd_start
kbngd_ready
check "a server that answers decides alone" accepted
check "block: rejected, and asked again after retry_rejected" blocked_and_again
check "walled: active with the policy for that, asked again, told once" walled
check "walled: so it stays after kill -9" walled_after_kill
check "walled: until the server accepts" paid
check "hold: pending, and tried again" hold
check "last: what it was accepted with, IPv6 prefix and user name too" last_policy
check "local: by the subscriber file" local_file
check "who is in neither waits, and so does who was rejected last" nobody_knows
check "open: everybody, with the policy for that" open
check "all of that holds over kill -9, and goes on" killed
check "the server is back: all are authenticated, at readmit_rate" back
check "one Start each" one_start_each
check "the limit on requests lets nobody in" limited
check "no sanitizer complained" sanitizers_are_silent
done_testing
