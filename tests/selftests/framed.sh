#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# IPv6 prefixes of sessions from a real FreeRADIUS in `core`: kbngd gives them
# to the kernel, and tells of them and of IPv6's part of the octets in accounting
# and events. Topology: lib.sh.
# shellcheck disable=SC2154,SC2016
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/lines.bash"
. "$selftests/tools/aaa.bash"

conf()
{
	aaa_conf
	cat <<-EOF
	  timeout: 5
	  retry_pending: 1
	EOF
}

# sub1 gets one of each kind, sub2 what sub1 has, sub3 an odd length; behind sub4
# and sub5 are IPv4 networks.
users()
{
	cat <<-EOF
	DEFAULT User-Name == "$(mac 1)"
	        Framed-IPv6-Address = 2001:db8:a::1,
	        Framed-IPv6-Prefix = 2001:db8:1:1::/64,
	        Delegated-IPv6-Prefix = 2001:db8:2::/56,
	        Framed-IPv6-Route = "2001:db8:3::/48 :: 1", Fall-Through = Yes
	DEFAULT User-Name == "$(mac 2)"
	        Delegated-IPv6-Prefix = 2001:db8:2::/56, Fall-Through = Yes
	DEFAULT User-Name == "$(mac 3)"
	        Delegated-IPv6-Prefix = 2001:db8::/40,
	        KBNG-Walled = Yes, Fall-Through = Yes
	DEFAULT User-Name == "$(mac 4)"
	        Framed-Route = "10.77.4.0/24 0.0.0.0 1", Fall-Through = Yes
	DEFAULT User-Name == "$(mac 5)"
	        Framed-Route = "10.77.5.0/24",
	        KBNG-Isolated = Yes, Fall-Through = Yes
	DEFAULT Cleartext-Password := "x"
	        Framed-MTU = 1400
	EOF
}

# Session N, whose UUID the tests after this one know as well.
active() # N
{
	new "$1" > "$TMP/id"
	id=$(cat "$TMP/id")
	busywait 30 state_is "$id" active
}

prefixes() # UUID
{
	field "$1" '.prefixes // [] | map("\(.prefix) \(.kind)") | join(", ")'
}

given()
{
	local id

	active 1
	cp "$TMP/id" "$TMP/id1"
	expect '2001:db8:a::1 static, 2001:db8:1:1::/64 static, 2001:db8:2::/56 static, 2001:db8:3::/48 static' \
		prefixes "$id"
	busywait 30 has_record Start "$id"
	expect 2001:db8:a::1 record Start "$id" Framed-IPv6-Address
	expect 2001:db8:1:1::/64 record Start "$id" Framed-IPv6-Prefix
	expect '2001:db8:2::/56 2001:db8:3::/48' eval "record Start $id Delegated-IPv6-Prefix | xargs"
	busywait 30 eval "ip -n bng -6 route show proto 75 | grep -q '^2001:db8:3::/48 dev acc0'"
	expect '' record Start "$id" KBNG-Input-Octets-IPv6
}

refused_ones_are_left_out()
{
	local id n

	for n in 2 3; do
		active $n
		expect '' prefixes "$id"
		busywait 30 has_record Start "$id"
		expect '' record Start "$id" Delegated-IPv6-Prefix
	done
	wait_log 10 kbngd 'IPv6 prefixes not given .*the prefix belongs to another session'
	wait_log 10 kbngd 'IPv6 prefixes not given .*a prefix is unicast, 128 or 48 to 64 bits'
	expect walled field "$id" .decision
}

# Framed-MTU, of three answers.
not_understood()
{
	expect 1 grep -c 'means nothing here' "$TMP/kbngd.log"
	wait_log 1 kbngd 'means nothing here vendor=0 attribute=12'
}

# Of a session without IPv6 there is nothing to tell.
ipv4_only()
{
	local id

	id=$(cat "$TMP/id")
	kbng session clear "$id"
	busywait 30 has_record Stop "$id"
	expect 0 record Stop "$id" Acct-Input-Octets
	expect '' record Stop "$id" KBNG-Input-Octets-IPv6
}

pings() # SOURCE: 5 of 100 octets each way
{
	on sub1 ping -q -s 52 -c 5 -i 0.1 -W 5 -I "$1" $SERVER6
}

split()
{
	local id n

	id=$(cat "$TMP/id1")
	on sub1 ping -q -s 72 -c 3 -i 0.1 -W 5 $SERVER
	pings 2001:db8:a::1
	pings 2001:db8:1:1::1
	pings 2001:db8:2:ff::1
	kbng session clear "$id"
	busywait 30 has_record Stop "$id"
	expect 1800 record Stop "$id" Acct-Input-Octets
	expect 18 record Stop "$id" Acct-Output-Packets
	for n in Input Output; do
		expect 1500 record Stop "$id" KBNG-$n-Octets-IPv6
		expect 15 record Stop "$id" KBNG-$n-Packets-IPv6
	done
}

told()
{
	local id

	id=$(cat "$TMP/id1")
	expect '2001:db8:a::1,2001:db8:1:1::/64,2001:db8:2::/56,2001:db8:3::/48 1500 300' in_journal \
		"select(.session_id == \"$id\" and .event_type == \"SESSION_STOP\") |
		\"\(.ipv6_prefixes) \(.input_octets_v6) \(.input_octets_v4)\""
}

# A daemon that comes back asks nobody, and the next session may have them.
adopted()
{
	local id

	active 1
	kill_kbngd
	restart_kbngd
	expect 4 field "$id" '.prefixes | length'
	kbng session clear "$id"
	busywait 30 has_record Stop "$id"
	expect 0 record Stop "$id" KBNG-Input-Octets-IPv6
	kbng session clear mac "$(mac 2)"
	active 2
	expect '2001:db8:2::/56 static' prefixes "$id"
}

routed() # N: its network is
{
	ip -n bng route show proto 75 | grep -q "^10.77.$1.0/24 via $(address "$1") dev acc0 .*onlink"
}

# Each way 5 of 100 octets, from and to an address behind subN.
to_and_fro() # N
{
	on core ping -q -s 72 -c 5 -i 0.1 -W 5 "10.77.$1.9"
	on "sub$1" ping -q -s 72 -c 5 -i 0.1 -W 5 -I "10.77.$1.9" $SERVER
}

network_behind() # N [WORD VALUE...]
{
	local id

	id=$(new "$@")
	echo "$id" > "$TMP/id-net"
	busywait 30 state_is "$id" active
	expect "10.77.$1.0/24 static" prefixes "$id"
	busywait 30 routed "$1"
	to_and_fro "$1"
	busywait 30 has_record Start "$id"
	expect "10.77.$1.0/24" record Start "$id" Framed-Route
	expect '' record Start "$id" Delegated-IPv6-Prefix
}

# Who else says that he is there does not get through; and it has an end.
network_is_his()
{
	local before id

	id=$(cat "$TMP/id-net")
	before=$(counter drop_spoofed_mac)
	ip -n sub1 address add 10.77.4.10/32 dev lo
	! on sub1 ping -q -c 2 -i 0.2 -W 1 -I 10.77.4.10 $SERVER || return
	[ "$(counter drop_spoofed_mac)" -ge $((before + 2)) ]
	kill_kbngd
	restart_kbngd
	routed 4
	kbng session clear "$id"
	busywait 30 has_record Stop "$id"
	expect 1000 record Stop "$id" Acct-Input-Octets
	expect 1000 record Stop "$id" Acct-Output-Octets
	expect '' record Stop "$id" KBNG-Input-Octets-IPv6
	expect 10.77.4.0/24 in_journal "select(.session_id == \"$id\" and
		.event_type == \"SESSION_STOP\") | .ipv4_routes"
	busywait 30 eval "fails routed 4"
	! on core ping -q -c 1 -W 1 10.77.4.9
}

network_fast()
{
	kbng iface set acc0 role access giaddr $GATEWAY server $SERVER vlan both fastpath on
	kbng iface set core0 role core fastpath on
	expect on field "$(cat "$TMP/id-net")" .isolated
	to_and_fro 5
	kbng session new iface acc0 mac "$(mac 4)" address "$(address 4)" > "$TMP/id"
	busywait 30 state_is "$(cat "$TMP/id")" active
	busywait 30 routed 4
	to_and_fro 4
	# One more network is not another's.
	kbng session set "$(cat "$TMP/id")" prefix 10.77.6.0/24 prefix 10.77.6.9/32
	says 'belongs to another session' kbng session set "$(cat "$TMP/id-net")" prefix 10.77.6.0/24
	says 'unicast' kbng session set "$(cat "$TMP/id-net")" prefix 10.77.6.1/24
	says 'unicast' kbng session set "$(cat "$TMP/id-net")" prefix 224.0.0.0/8
	kbng session clear all
	busywait 30 eval "fails routed 5"
}

again() # UUID: it is authenticated once more
{
	kbng session set "$1" state pending
	busywait 30 state_is "$1" active
}

# What another answer does not have any more goes; what is not RADIUS's stays.
taken_away()
{
	local id

	kbng session clear mac "$(mac 2)"
	active 1
	expect 4 field "$id" '.prefixes | length'
	stop freeradius
	users | sed 1,7d | freeradius_start "$checkout/daemon/dictionary/dictionary.kbng"
	again "$id"
	expect '' prefixes "$id"
	kbng session set "$id" prefix 2001:db8:78::/64
	again "$id"
	expect '2001:db8:78::/64 static' prefixes "$id"
	kbng session clear "$id"
}

topo_up 4
line_add sub5 "$(mac 5)" 802.1Q 7
topo_up6 sub1
ip -n sub1 address add "$(address 1)/16" dev eth0
ip -n sub1 route add default via $GATEWAY
ip -n sub1 address add fe80::11/64 dev eth0 nodad
for n in 2001:db8:a::1 2001:db8:1:1::1 2001:db8:2:ff::1; do
	ip -n sub1 address add $n/128 dev eth0 nodad
	ip -n bng -6 route add $n/128 via fe80::11 dev acc0
done
ip -n sub1 -6 route add default via fe80::1 dev eth0
for n in 4 5; do
	ip -n sub$n address add "$(address $n)/16" dev eth0
	ip -n sub$n address add 10.77.$n.9/32 dev lo
	ip -n sub$n route add default via $GATEWAY
	on sub$n sysctl -qw net.ipv4.conf.all.arp_announce=2
done
ip -n core route add 10.77.0.0/16 via $BNG
secret radius.secret testing123
users | freeradius_start "$checkout/daemon/dictionary/dictionary.kbng"
conf | kbngd_start
kbngd_ready
check "what RADIUS gives is the session's, and in its records" given
check "what the kernel refuses is left out" refused_ones_are_left_out
check "what is not understood is told once" not_understood
check "a session without IPv6 has no such counters" ipv4_only
check "IPv6 has counters of its own in accounting" split
check "events tell of it" told
check "prefixes outlive the daemon, and not the session" adopted
check "an IPv4 network behind a subscriber" network_behind 4
check "nobody else has it, and it ends with the session" network_is_his
kbng iface set acc0 role access giaddr $GATEWAY server $SERVER vlan both
check "on a line with tags" network_behind 5 vlan 7
check "on the fast path" network_fast
check "another answer takes them away, and not what is somebody else's" taken_away
check "sanitizers are silent" sanitizers_are_silent
done_testing
