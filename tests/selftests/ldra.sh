#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# DHCPv6 behind a layer-2 access node that wraps it (RFC 6221): tools/ldra.c in
# front of sub1, a real Kea and a real dhclient; messages that no node sends come
# from sub2. Topology: lib.sh, and
#
#   sub1 ── ldra ── br0 ── acc0
#   sub2 ───────────┘
# shellcheck disable=SC2154,SC2016,SC2086
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/frames.bash"

N=5 LINK6=2001:db8:a::1 ANY=00000000000000000000000000000000
PORT="node7 eth 0/3" OWNER=alice

ifaces6()
{
	bng_ifaces link6 $LINK6 server6 $SERVER6 circuit-id 'line-{ifname}' \
		remote-id '{mac}' "$@"
}

node_up() # [REMOTE_ID]: put the node between sub1 and the switch
{
	stop node
	start node acc "$TOOLS/ldra" sub1 node0 "$PORT" "$@"
	wait_log 20 node ready
}

leased() # KIND: what sub1's session has
{
	session_of sub1 "(.prefixes // [])[] | select(.kind == \"$1\") | .prefix"
}

has_leases()
{
	[ "$(leased na)" ] && [ "$(leased pd)" ]
}

ids()
{
	session_of sub1 '"\(.circuit_id) \(.remote_id)"'
}

opt6() # CODE HEX
{
	printf '%04x%04x%s' "$1" $((${#2} / 2)) "$2"
}

ended()
{
	dhclient6_release sub1
	busywait 20 expect '' session_of sub1
}

untrusted()
{
	ifaces6
	mark
	dhclient6_start sub1
	busywait 30 eval 'counted | grep -q dhcp6_untrusted='
	stop dhclient6-sub1
	expect '' session_of sub1
}

bound()
{
	ifaces6 trusted on
	dhclient6_start sub1
	busywait 60 has_leases
	expect "$PORT $OWNER" ids
	expect pending session_of sub1 .state
	grep 'wrapped type 1' "$TMP/node.log"
	grep 'unwrapped type 7' "$TMP/node.log"
	has_address6
}

has_address6()
{
	busywait 30 eval "ip -n sub1 -6 address show dev eth0 | grep $(leased na)"
}

# Kea keeps what is in front of a message: ours, and inside that the node's.
servers_see_both()
{
	local lease said

	lease=$(tail -n 1 "$TMP/leases6.csv")
	said=$(opt6 18 "$(hex "$PORT")")$(opt6 37 00000de9"$(hex $OWNER)")
	grep "\"hop\": 1.*\"link\": \"$LINK6\".*\"hop\": 0.*\"link\": \"::\"" <<< "$lease"
	expect 2 eval "grep -io 0x$said <<< '$lease' | wc -l"
	expect 2 eval "grep -o '\"peer\": \"$(link_local sub1)\"' <<< '$lease' | wc -l"
}

# What the node lets pass by unicast, say, is the same line's.
unwrapped()
{
	mark
	dhcp6 "$(mac 1)" "$(link_local sub1)" 0babcdef
	busywait 20 eval "counted | grep -w dhcp6_relayed=$N"
	expect "$PORT $OWNER" ids
}

traffic_passes()
{
	local address

	address=$(leased na)
	kbng session set "$address" state active
	ip -n sub1 -6 route replace default via fe80::1 dev eth0
	busywait 20 on sub1 ping -q -c 1 -W 5 -I "$address" $SERVER6
}

# Option 82 of the same node names the same line.
with_dhcp()
{
	local uuid

	uuid=$(session_of sub1 .uuid)
	udhcpc_start sub1 -x "82:$(sub_option 1 "$PORT")$(sub_option 2 $OWNER)"
	busywait 30 eval '[ "$(session_of sub1 .address)" != null ]'
	expect "$uuid" session_of sub1 .uuid
	has_leases
	ended_only6
	expect "$uuid" session_of sub1 .uuid
	stop udhcpc-sub1
	busywait 20 expect '' session_of sub1
}

ended_only6()
{
	dhclient6_release sub1
	busywait 20 expect '' leased na
}

# A node that tells no Remote-Id; the message goes on as the node has made it.
policies()
{
	node_up
	ifaces6 trusted on opt82 append
	dhclient6_start sub1
	busywait 60 has_leases
	expect "$PORT $(mac 1)" ids
	ended
	ifaces6 trusted on opt82 replace
	dhclient6_start sub1
	busywait 60 has_leases
	expect "line-acc0 $(mac 1)" ids
	ended
	ifaces6 trusted on opt82 drop
	mark
	dhclient6_start sub1
	busywait 30 eval 'counted | grep -q dhcp_opt82_refused='
	stop dhclient6-sub1
	expect '' session_of sub1
	ifaces6 trusted on
}

# --- Hostile ----------------------------------------------------------------

dhcp6() # MAC SOURCE MESSAGE_HEX: N times to the servers' group
{
	eth_frame 33:33:00:01:00:02 "$1" 86dd "$(sum6_packet "$2" \
		ff02::1:2 17 "02230223$(printf %04x $((8 + ${#3} / 2)))0000$3")" |
		pkt sub2 send eth0 $N
}

forw() # HOPS LINK_HEX PEER OPTIONS
{
	printf '0c%02x%s%s%s' "$1" "$2" "$(hex_addr6 "$3")" "$4"
}

malformed()
{
	local id inside m

	id=$(opt6 18 "$(hex x)") inside=$(opt6 9 01abcdef00010004000300010003000c0000000100000000"00000000")
	m=$(forw 0 $ANY fe80::2 "$id$inside")
	mark
	dhcp6 "$(mac 2)" fe80::2 "${m:0:-2}"
	dhcp6 "$(mac 2)" fe80::2 "${m:0:66}"
	dhcp6 "$(mac 2)" fe80::2 "$(forw 0 $ANY fe80::2 "$id")"
	dhcp6 "$(mac 2)" fe80::2 "$(forw 0 $ANY fe80::2 "$id$(opt6 9 '')")"
	dhcp6 "$(mac 2)" fe80::2 "$m$inside"
	dhcp6 "$(mac 2)" fe80::2 "$m$id"
	dhcp6 "$(mac 2)" fe80::2 "$m$(opt6 37 0000)"
	counts "dhcp6_malformed=$((7 * N))"
	mark
	dhcp6 "$(mac 2)" fe80::2 "$(forw 1 $ANY fe80::2 "$id$inside")"
	dhcp6 "$(mac 2)" fe80::2 "$(forw 0 "$(hex_addr6 $LINK6)" fe80::2 "$id$inside")"
	dhcp6 "$(mac 2)" fe80::2 "$(forw 0 $ANY fe80::3 "$id$inside")"
	dhcp6 "$(mac 2)" fe80::2 "$(forw 0 $ANY fe80::2 "$inside")"
	dhcp6 "$(mac 2)" fe80::2 "$(forw 0 $ANY fe80::2 "$id$(opt6 9 "$m")")"
	dhcp6 "$(mac 2)" fe80::2 "$(forw 0 $ANY fe80::2 \
		"$(opt6 18 "$(printf %0242d 0)")$inside")"
	counts "dhcp6_bad_relay=$((6 * N))"
	mark
	dhcp6 "$(mac 2)" fe80::2 "$(forw 0 $ANY fe80::2 "$id$(opt6 9 07abcdef)")"
	dhcp6 "$(mac 2)" fe80::2 "$(forw 0 $ANY fe80::2 \
		"$id$(opt6 9 0d00"$ANY$ANY")")"
	counts "dhcp6_bad_type=$((2 * N))"
	mark
	dhcp6 "$(mac 2)" 2001:db8:a::77 "$(forw 0 $ANY 2001:db8:a::77 "$id$inside")"
	counts "dhcp6_bad_source=$N"
	expect 0 eval "kbng -j session list mac $(mac 2) | jq length"
}

# On the same VLAN, with the MAC address of sub1, from another port of the node.
another_port()
{
	local address id m

	node_up $OWNER
	dhclient6_start sub1
	busywait 60 has_leases
	address=$(leased na)
	id=$(opt6 18 "$(hex "node7 eth 0/4")")
	m=08abcdef$(opt6 3 000000010000000000000000"$(opt6 5 \
		"$(hex_addr6 "$address")0000006400000064")")
	mark
	dhcp6 "$(mac 1)" fe80::1:1 "$(forw 0 $ANY fe80::1:1 "$id$(opt6 9 "$m")")"
	counts "dhcp6_release_foreign=$N"
	ifaces6 trusted on move deny
	mark
	dhcp6 "$(mac 1)" fe80::1:1 "$(forw 0 $ANY fe80::1:1 "$id$(opt6 9 01abcdef)")"
	counts "dhcp_move_denied=$N"
	expect "$address" leased na
	ifaces6 trusted on
	mark
	dhcp6 "$(mac 1)" fe80::1:1 "$(forw 0 $ANY fe80::1:1 "$id$(opt6 9 01abcdef)")"
	busywait 20 expect "node7 eth 0/4" session_of sub1 .circuit_id
	expect '' leased na
	stop dhclient6-sub1
}

# An answer whose inner part is for another client of the node.
forged_answers()
{
	local peer other reply

	peer=$(hex_addr6 fe80::1:1) other=$(hex_addr6 fe80::9)
	reply=$(opt6 9 "0d00$ANY$other$(opt6 9 07abcdef)")
	mark
	answer "0d01$(hex_addr6 $LINK6)$peer$reply"
	counts "dhcp6_unmatched_reply=$N"
	mark
	answer "0d01$(hex_addr6 $LINK6)$peer$(opt6 9 "0d00$ANY")"
	answer "0d01$(hex_addr6 $LINK6)$peer$(opt6 9 "0d00$ANY$peer")"
	counts "dhcp6_malformed=$((2 * N))"
	mark
	answer "0d01$(hex_addr6 $LINK6)$peer$(opt6 9 "0d00$ANY$peer$(opt6 9 \
		"0d00$ANY$peer$(opt6 9 07abcdef)")")"
	counts "dhcp6_bad_type=$N"
}

answer() # MESSAGE_HEX: N times to the relay
{
	eth_frame "$(mac_of bng core0)" "$(mac_of core srv)" 86dd "$(sum6_packet $SERVER6 \
		$LINK6 17 "02230223$(printf %04x $((8 + ${#1} / 2)))0000$1")" |
		pkt core send srv $N
}

topo_up 2
topo_up6 sub1 sub2
ip -n bng address add $LINK6/64 dev acc0 nodad
on sub1 ethtool -K eth0 tx off > /dev/null	# frames pass a packet socket
ip -n acc link set sub1 nomaster
ip -n acc link add node0 type veth peer node1
ip -n acc link set node1 master br0 up
ip -n acc link set node0 up
kea_start
kea6_start
node_up $OWNER
busywait 20 link_local sub1
check "an access node on an iface that is not trusted" untrusted
check "an address and a prefix are leased through a node" bound
check "servers see what the node says" servers_see_both
check "a message that the node has not wrapped" unwrapped
check "packets pass" traffic_passes
check "DHCP with option 82 of the node is the same session" with_dhcp
check "keep, append, replace, drop" policies
check "what no node sends" malformed
check "the same host at another port" another_port
check "answers for somebody else" forged_answers
done_testing
