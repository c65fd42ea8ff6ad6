#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Routes to IPv6 prefixes: kbngd adds one when Kea delegates a prefix to a real
# dhclient, and removes it when the prefix is over, whatever happens to kbngd or
# the device meanwhile. sub3 is a line with two tags.
#
#   sub1 untagged  ─┐
#   sub2 untagged  ─┼─ br0 ── acc0 BNG core0 ── srv 2001:db8:c::2
#   sub3 200.7     ─┘                           Kea
# shellcheck disable=SC2154,SC2016
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/lines.bash"

LINK6=2001:db8:a::1

leased() # NAMESPACE KIND
{
	session_of "$1" "(.prefixes // [])[] | select(.kind == \"$2\") | .prefix"
}

has_prefix() # NAMESPACE
{
	[ "$(leased "$1" pd)" ]
}

routes() # [TABLE]: as PREFIX VIA, sorted
{
	ip -n bng -6 -j route show table "${1:-main}" proto 75 metric 2048 dev acc0 |
		jq -r '.[] | "\(.dst) \(.gateway // "-")"' | sort
}

wanted() # NAMESPACE...: the same of their leases
{
	local ns

	for ns in "$@"; do
		echo "$(leased "$ns" pd) $(link_local "$ns")"
	done | sort
}

routed() # NAMESPACE...: these are all there are
{
	local want

	want=$(wanted "$@")
	busywait 30 expect "$want" routes
}

comes_up() # NAMESPACE
{
	local prefix

	busywait 30 link_local "$1"
	dhclient6_start "$1"
	busywait 60 has_prefix "$1"
	prefix=$(leased "$1" pd)
	busywait 20 eval "routes | grep -x '$prefix $(link_local "$1")'"
	expect "$(link_local "$1")" session_of "$1" .link_local
	ip -n "$1" address replace "${prefix%/*}1/128" dev eth0 nodad
	ip -n "$1" -6 route replace default via fe80::1 dev eth0
	busywait 20 expect active session_of "$1" .state
}

reached() # NAMESPACE: nobody else made a route
{
	local prefix

	prefix=$(leased "$1" pd)
	pings core "${prefix%/*}1"
}

tags_on_the_line()
{
	comes_up sub3
	routed sub1 sub2 sub3
	record
	reached sub3
	stop wire
	expect 88a800c881000007 tags_to "$(mac 3)" 16
}

both_come_up()
{
	comes_up sub1
	comes_up sub2
	routed sub1 sub2
	reached sub1
	reached sub2
}

# What ended while kbngd was not there, what nobody has, and what is another's.
killed()
{
	local gone other=2001:db8:ee::/56

	gone=$(leased sub2 pd)
	stop kbngd KILL
	routed sub1 sub2 sub3
	reached sub1
	dhclient6_release sub2
	busywait 30 expect "" leased sub2 pd
	routes | grep "^$gone "
	ip -n bng -6 route add $other via fe80::99 dev acc0 proto 75 metric 2048
	ip -n bng -6 route add $other via fe80::99 dev acc0
	ip -n bng -6 route del "$(leased sub1 pd)" proto 75
	ip -n bng -6 route replace "$(leased sub3 pd)" via fe80::99 dev acc0 proto 75 metric 2048
	kbngd_restart
	kbngd_ready
	routed sub1 sub3
	ip -n bng -6 route show $other | grep -v 'proto 75' | grep fe80::99
	reached sub1
	reached sub3
}

stopped_cleanly()
{
	stop kbngd
	wanted sub1 sub3 | expect "$(routes)" cat
	kbngd_restart
	kbngd_ready
	routed sub1 sub3
}

device_flaps()
{
	ip -n bng link set acc0 down
	expect "" routes
	ip -n bng link set acc0 up
	ip -n bng address replace fe80::1/64 dev acc0 nodad
	ip -n bng address replace $LINK6/64 dev acc0 nodad
	routed sub1 sub3
	reached sub1
}

# An operator's route to the same prefix wins, and stays.
operator_wins()
{
	local prefix

	prefix=$(leased sub1 pd)
	ip -n bng -6 route add blackhole "$prefix"
	fails on core ping -q -c 1 -W 1 "${prefix%/*}1" > "$TMP/ping"
	routed sub1 sub3
	ip -n bng -6 route del blackhole "$prefix"
	reached sub1
}

static_prefixes()
{
	local uuid

	uuid=$(session_of sub1 .uuid)
	kbng session set "$uuid" prefix 2001:db8:5::/48 prefix 2001:db8:6::1
	busywait 20 eval "routes | grep -x '2001:db8:5::/48 $(link_local sub1)'"
	fails eval "routes | grep 2001:db8:6::1"
	kbng session set "$uuid" prefix none
	routed sub1 sub3
	kbng session new iface acc0 mac 02:00:00:00:77:01 prefix 2001:db8:7::/64 > /dev/null
	busywait 20 eval "routes | grep -x '2001:db8:7::/64 -'"
	kbng session clear 2001:db8:7::1
	routed sub1 sub3
}

reload() # [WORDS of the access iface]
{
	conf "$@" > "$TMP/kbngd.yaml"
	kill -HUP "$(pid_of kbngd)"
}

switched_off()
{
	reload "install_routes: false"
	busywait 30 expect "" routes
	reload
	routed sub1 sub3
}

another_table()
{
	local want

	ip -n bng -6 rule show > /dev/null 2>&1 || skip "this kernel has one table for IPv6"
	want=$(wanted sub1 sub3)
	reload "route_table: 100"
	busywait 30 expect "$want" routes 100
	expect "" routes
	reload
	routed sub1 sub3
	expect "" routes 100
}

released()
{
	dhclient6_release sub3
	routed sub1
}

cleared()
{
	local prefix

	prefix=$(leased sub1 pd)
	kbng session clear "${prefix%/*}1"
	busywait 20 expect "" routes
	stop dhclient6-sub1
}

# Kea has gone: what it leased ends in the kernel's time.
expires()
{
	stop kea6
	rm -f "$TMP"/leases6.csv* "$TMP"/dhclient6-*.leases
	kea6_start 20
	comes_up sub2
	stop kea6
	busywait 60 expect "" routes
	stop dhclient6-sub2
}

conf() # [WORDS of the access iface]
{
	kbngd_conf "vlan: both, link6: '$LINK6', servers6: ['$SERVER6']${1:+, $1}"
	echo "subscribers_file: $TMP/subscribers.yaml"
}

topo_up 2
line_add sub3 "$(mac 3)" 802.1ad 200 802.1Q 7
topo_up6 sub1 sub2
on sub3 sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0
ip -n bng address add $LINK6/64 dev acc0 nodad
kea6_start
echo 'subscribers: [ { rate_up: 100M, rate_down: 100M } ]' > "$TMP/subscribers.yaml"
conf | kbngd_start
kbngd_ready
check "a delegated prefix has a route through its subscriber" both_come_up
check "on a line with tags too" tags_on_the_line
check "kbngd is killed: it sets right what changed meanwhile" killed
check "kbngd ends: routes stay" stopped_cleanly
check "the device goes down and up" device_flaps
check "an operator's route to the same prefix" operator_wins
check "static prefixes" static_prefixes
check "switched off and on" switched_off
check "in another table" another_table
check "released" released
check "the session is cleared" cleared
check "the lease expires" expires
done_testing
