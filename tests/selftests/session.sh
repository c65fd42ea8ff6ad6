#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The life of a session from the first message to the acknowledged stop, most
# of it by a server made of dhcpsend that answers as the test wants. Topology:
# lib.sh.
#
#   DISCOVER ──► offered ──ACK──► pending ◄─► active ◄─► rejected
#                   └─► (gone)       └───────────┴───────────┴──► stopped ──► (gone)
. "$(dirname "$0")/lib.sh"

bng_mac=

ask() # NUMBER XID [OPTION...]: a REQUEST of subN
{
	dhcpsend "sub$1" -x "$2" "${@:3}" eth0 request
}

answer() # TYPE NUMBER XID ADDRESS [OPTION...]: of the server, to subN
{
	dhcpsend core -p 67:67 -W 0:02 -M "$bng_mac" -S $SERVER -D $GATEWAY -g $GATEWAY \
		-m "$(mac "$2")" -x "$3" -y "$4" -i $SERVER "${@:5}" srv "$1"
}

bind() # NUMBER ADDRESS [SECONDS]
{
	ask "$1" 0x10
	busywait 20 session_of "sub$1" .uuid
	answer ack "$1" 0x10 "$2" -l "${3:-600}"
	busywait 20 expect "$2" session_of "sub$1" .address
	session_of "sub$1" .uuid > "$TMP/uuid"
}

uuid() # of the session that was bound last
{
	cat "$TMP/uuid"
}

shown() # FILTER: of that session
{
	kbng -j session show "$(uuid)" | jq -r ".[] | $1"
}

ended() # CAUSE
{
	busywait 60 expect "stopped $1" shown '"\(.state) \(.terminate_cause)"'
}

no_session() # NUMBER
{
	[ -z "$(session_of "sub$1")" ]
}

sessions() # [FILTER...]: how many
{
	kbng -j session list "$@" | jq length
}

newest_seq()
{
	kbng -j version | jq .module.seq
}

ifaces()
{
	kbng -j iface list | jq -r '.[].iface'
}

# --- From offered to a verdict --------------------------------------------------

offered_times_out()
{
	local seq

	seq=$(newest_seq)
	dhcpsend sub1 eth0 discover
	expect "offered null" session_of sub1 '"\(.state) \(.address)"'
	busywait 60 no_session 1
	expect 0 sessions
	expect "$seq" newest_seq	# nobody was told
}

offered_takes_no_verdict()
{
	dhcpsend sub1 eth0 discover
	session_of sub1 .uuid > "$TMP/uuid"
	fails kbng session set "$(uuid)" state active 2> "$TMP/refusal"
	grep -q 'no address' "$TMP/refusal"
}

ack_makes_pending()
{
	bind 1 10.64.1.1
	expect "pending 10.64.1.1 $SERVER 600 0" shown \
		'"\(.state) \(.address) \(.server) \(.lease_time) \(.renewals)"'
	expect 1 sessions
}

hostname_is_kept()
{
	ask 1 0x11 -o 12:686f73742d61
	answer ack 1 0x11 10.64.1.1 -l 600
	busywait 10 expect "host-a 1" shown '"\(.hostname) \(.renewals)"'
}

verdicts()
{
	local state

	for state in active rejected pending rejected active; do
		kbng session set "$(uuid)" state $state
		expect $state shown .state
	done
	for state in offered stopped; do
		fails kbng session set "$(uuid)" state $state
	done
	expect active shown .state
}

for_ever()
{
	ask 1 0x12
	answer ack 1 0x12 10.64.1.1 -l 0xffffffff
	busywait 10 expect "active null null" shown '"\(.state) \(.lease_time) \(.lease_left)"'
}

# --- Ends -----------------------------------------------------------------------

foreign_release()
{
	mark
	dhcpsend sub2 -c 10.64.1.1 -i $SERVER eth0 release
	dhcpsend sub2 -c 10.64.1.1 -S 10.64.1.1 -D $SERVER -i $SERVER eth0 release
	dhcpsend sub2 -r 10.64.1.1 -i $SERVER eth0 decline
	dhcpsend sub1 -c 10.64.1.2 -i $SERVER eth0 release	# not its address
	dhcpsend sub1 -r 10.64.1.2 -i $SERVER eth0 decline
	dhcpsend sub1 -i $SERVER eth0 release
	counts "dhcp_release_foreign=6"
	expect active shown .state
	expect "" captured srv 'select(.type == 7 or .type == 4) | .xid'
}

own_release()
{
	mark
	dhcpsend sub1 -x 0x20 -c 10.64.1.1 -S 10.64.1.1 -i $SERVER eth0 release
	ended User-Request
	counts "dhcp_relayed=1"
	busywait 10 expect "7 10.64.1.1" captured srv 'select(.xid == 32) | "\(.type) \(.ciaddr)"'
	dhcpsend sub1 -c 10.64.1.1 -S 10.64.1.1 -i $SERVER eth0 release
	counts "dhcp_relayed=1 dhcp_release_foreign=1"
}

decline()
{
	bind 1 10.64.1.1
	dhcpsend sub1 -r 10.64.1.1 -i $SERVER eth0 decline
	ended User-Error
}

clear()
{
	bind 1 10.64.1.1
	kbng session clear "$(uuid)"
	ended Admin-Reset
	fails kbng session clear "$(uuid)"
	fails kbng session set "$(uuid)" state active
}

# The reaper looks once a second.
lease_expires()
{
	bind 1 10.64.1.1 15
	kbng session set "$(uuid)" state active
	ended Lost-Carrier
	expect "15 true" shown '"\(.lease_time) \(.time >= 15 and .time <= 18)"'
}

# A clock that is set, by hand or by NTP, makes no lease longer or shorter.
clock_is_set()
{
	local by

	bind 1 10.64.1.1
	for by in "+1 day" "-2 days" "+1 day"; do
		date -s "$by" > "$TMP/date"
		[ "$(shown .lease_left)" -gt 500 ]
		[ "$(shown .time)" -lt 100 ]
		expect pending shown .state
	done
	sleep 2
	expect pending shown .state
	kbng session clear "$(uuid)"
	ended Admin-Reset
}

another_address()
{
	local old

	bind 1 10.64.1.1
	old=$(uuid)
	bind 1 10.64.1.11
	[ "$old" != "$(uuid)" ]
	expect "pending 10.64.1.11" shown '"\(.state) \(.address)"'
	echo "$old" > "$TMP/uuid"
	expect "stopped Lost-Service 10.64.1.1" shown '"\(.state) \(.terminate_cause) \(.address)"'
}

same_address_for_another()
{
	bind 1 10.64.1.12
	kbng session set "$(uuid)" state active
	cp "$TMP/uuid" "$TMP/old"
	bind 2 10.64.1.12
	expect pending shown .state
	cp "$TMP/old" "$TMP/uuid"
	expect "stopped Lost-Service" shown '"\(.state) \(.terminate_cause)"'
	no_session 1
}

# --- Limits and records -----------------------------------------------------------

full()
{
	bind 1 10.64.1.1
	dhcpsend sub2 eth0 discover	# offered ones count
	mark
	dhcpsend sub3 eth0 discover
	dhcpsend sub3 eth0 request
	counts "dhcp_sessions_full=2"
	no_session 3
	fails kbng session new iface acc0 mac "$(mac 3)" address 10.64.1.3 2> "$TMP/refusal"
	grep -q full "$TMP/refusal"
	ask 1 0x31			# who is in is served
	counts "dhcp_relayed=1 dhcp_sessions_full=2"
}

# Live and stopped together.
table_full()
{
	local max=/sys/module/kbng/parameters/max_sessions old

	old=$(cat $max)
	kbng -j session list | jq length > $max
	mark
	dhcpsend sub3 eth0 discover
	counts "dhcp_sessions_full=1"
	echo "$old" > $max
	dhcpsend sub3 eth0 discover
	counts "dhcp_relayed=1 dhcp_sessions_full=1"
}

records_wait()
{
	local n

	kbng session clear all
	n=$(sessions state stopped)
	[ "$n" -ge 8 ]
	expect 0 jq '[.[] | select(.terminate_cause == null or .time == null or
		.stopped == null or .uuid == null or .address == null)] | length' \
		<(kbng -j session list state stopped)
	kbng session forget "$(uuid)"
	expect $((n - 1)) sessions
	fails kbng session forget "$(uuid)"
	kbng session forget all
	expect 0 sessions
}

live_is_not_forgotten()
{
	bind 1 10.64.1.1
	fails kbng session forget "$(uuid)"
	expect pending shown .state
}

# --- A real client -----------------------------------------------------------------

renewed_at_least() # TIMES
{
	shown '"\(.renewals) renewals, \(.lease_left) s left, \(.state)"' >&2
	[ "$(shown .renewals)" -ge "$1" ]
}

client_renews()
{
	udhcpc_start sub2
	session_of sub2 .uuid > "$TMP/uuid"
	busywait 90 renewed_at_least 3
	expect "20 true" shown '"\(.lease_time) \(.time >= 20)"'
}

client_dies()
{
	stop udhcpc-sub2 KILL
	ended Lost-Carrier
}

client_releases()
{
	udhcpc_start sub2
	session_of sub2 .uuid > "$TMP/uuid"
	stop udhcpc-sub2
	ended User-Request
}

dhclient_releases()
{
	dhclient_start sub3
	session_of sub3 .uuid > "$TMP/uuid"
	dhclient_release sub3
	ended User-Request
}

# --- The iface ends -----------------------------------------------------------------

iface_del()
{
	bind 1 10.64.1.1
	kbng iface del acc0
	ended Port-Error
	expect 0 sessions state pending
}

device_del()
{
	bind 1 10.64.1.1
	kbng session set "$(uuid)" state active
	ip -n bng link del acc0
	ended Port-Error
	expect core0 ifaces
}

# It is the only one in its namespace that listens to generic netlink.
# What `kbng monitor` saw from the first test to here.
events_without_a_gap()
{
	busywait 20 grep -q '"Port-Error"' "$TMP/monitor.log"
	busywait 20 expect "$(newest_seq)" \
		jq -s 'last | .seq' "$TMP/monitor.log"
	expect true jq -s 'map(.seq) | . == [range(1; length + 1)]' "$TMP/monitor.log"
}

# Every session: one bind first, one stop last, nothing behind it.
events_in_order()
{
	jq -s 'group_by(.session.uuid) | map(map(.event))' "$TMP/monitor.log" > "$TMP/lives"
	cat "$TMP/lives"
	expect true jq 'all(.[]; .[0] == "bind" and .[-1] == "stop" and
		(.[1:-1] | all(.[]; . == "renew" or . == "state"))) and length > 12' "$TMP/lives"
}

topo_up 3
bng_mac=$(mac_of bng core0)
bng_ifaces offer-timeout 10
start monitor bng "$BIN/kbng" -j monitor
busywait 20 monitor_joined
{
	kbng session new iface acc0 mac 02:00:00:00:77:77 address 10.64.1.77
	kbng session clear 10.64.1.77
	kbng session forget all
} > "$TMP/first-session"
capture srv core srv
check "offered: gone after offer-timeout, and nobody was told" offered_times_out
bng_ifaces offer-timeout 600
check "offered: no verdict" offered_takes_no_verdict
check "ACK: pending" ack_makes_pending
check "the host name is kept, a renewal is counted" hostname_is_kept
check "verdicts: active, rejected, pending" verdicts
check "a lease for ever" for_ever
check "RELEASE and DECLINE of what is not one's own are refused" foreign_release
check "RELEASE: User-Request, once" own_release
check "DECLINE: User-Error" decline
check "clear: Admin-Reset" clear
check "lease over: Lost-Carrier, in time" lease_expires
check "the clock is set: leases last as long as they did" clock_is_set
check "another address for a client: one stop, one start, a new UUID" another_address
check "a client's address for another: the old session ends" same_address_for_another
kbng session clear all > "$TMP/cleared"
bng_ifaces max-sessions 2 offer-timeout 600
check "max-sessions refuses, by DHCP and by netlink" full
bng_ifaces offer-timeout 600
check "max_sessions refuses, stopped sessions included" table_full
check "stopped sessions are kept until they are acknowledged, once" records_wait
check "a live session cannot be acknowledged" live_is_not_forgotten
kea_start 20
check "udhcpc renews a short lease beyond its end" client_renews
check "udhcpc dies: its lease ends, and so does the session" client_dies
check "udhcpc releases" client_releases
check "dhclient releases" dhclient_releases
stop kea
check "iface del: Port-Error" iface_del
bng_ifaces offer-timeout 600
check "the device is deleted: Port-Error" device_del
check "the monitor saw every event, without a gap" events_without_a_gap
check "each session: bind, renew or state, stop" events_in_order
done_testing
