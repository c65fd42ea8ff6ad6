#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The DHCPv6 relay with a real Kea in `core` and real dhclients: addresses and
# delegated prefixes of sessions, from Solicit to Release. Topology: lib.sh.
# shellcheck disable=SC2154,SC2016,SC2086
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/frames.bash"

N=5 LINK6=2001:db8:a::1

ifaces6()
{
	bng_ifaces link6 $LINK6 server6 $SERVER6 circuit-id 'line-{ifname}' \
		remote-id '{mac}' "$@"
}

leased() # NAMESPACE KIND: what its session has
{
	session_of "$1" "(.prefixes // [])[] | select(.kind == \"$2\") | .prefix"
}

has_leases() # NAMESPACE
{
	[ "$(leased "$1" na)" ] && [ "$(leased "$1" pd)" ]
}

stopped_by() # NAMESPACE CAUSE
{
	kbng -j session list state stopped mac "$(mac_of "$1")" |
		jq -e "last | .terminate_cause == \"$2\""
}

bound()
{
	mark
	dhclient6_start sub1
	busywait 60 has_leases sub1
	leased sub1 na | grep '^2001:db8:a::1:'
	leased sub1 pd | grep '^2001:db8:2:.*/56$'
	expect pending session_of sub1 .state
	expect '600 600' session_of sub1 '.prefixes[0] | "\(.valid) \(.preferred)"'
	expect 1 eval "counted | tr ' ' '\n' | sed -n 's/^dhcp6_bound=//p'"
	kbng session show "$(leased sub1 na)" | grep -E 'prefixes: .*\(na, 9m.* left\).*\(pd, 9m.* left\)'
}

# What Kea keeps of the relay: option 18 (interface-id), option 37 (remote-id).
ids_arrive()
{
	local circuit remote

	circuit=$(hex line-acc0)
	remote=$(hex "$(mac_of sub1)")
	grep -i "00120009$circuit" "$TMP/leases6.csv"
	grep -i "0025001500000DE9$remote" "$TMP/leases6.csv"
	grep "$(link_local sub1)" "$TMP/leases6.csv"
	expect 'line-acc0' session_of sub1 .circuit_id
}

traffic_passes()
{
	local address prefix

	address=$(leased sub1 na) prefix=$(leased sub1 pd)
	kbng session set "$address" state active
	ip -n sub1 address replace "${prefix%/*}1/128" dev eth0 nodad
	ip -n sub1 -6 route replace default via fe80::1 dev eth0
	ip -n bng -6 route replace "$prefix" via "$(link_local sub1)" dev acc0
	busywait 20 on sub1 ping -q -c 1 -W 5 -I "$address" $SERVER6
	on sub1 ping -q -c 5 -i 0.1 -W 5 -I "${prefix%/*}1" $SERVER6
	mark
	on sub1 ping -q -c 1 -W 1 -I 2001:db8:2:ff00::1 $SERVER6 || true
	session_of sub1 .up.packets6 | grep -qvx 0
}

listens_to_the_group()
{
	ip -n bng maddress show dev acc0 | grep 33:33:00:01:00:02
	bng_ifaces
	fails eval 'ip -n bng maddress show dev acc0 | grep 33:33:00:01:00:02'
	ifaces6
	ip -n bng maddress show dev acc0 | grep 33:33:00:01:00:02
}

same_session()
{
	local uuid

	uuid=$(session_of sub1 .uuid)
	kea_start
	udhcpc_start sub1
	busywait 30 eval '[ "$(session_of sub1 .address)" != null ]'
	expect "$uuid" session_of sub1 .uuid
	has_leases sub1
	stop udhcpc-sub1
	busywait 30 expect null session_of sub1 .address
	expect "$uuid" session_of sub1 .uuid
}

heard() # COUNT: so many DHCPv6 messages have come to sub1
{
	busywait 20 expect "$1" seen sub1 heard
}

# What asks for no lease, or gives one back, and what the server begins; of sub1,
# whose leases are as they were but for the address in the end.
other_messages()
{
	local peer na pd uuid id=00010004000300010003000c000000010000000000000000

	peer=$(link_local sub1) na=$(leased sub1 na) pd=$(leased sub1 pd)
	uuid=$(session_of sub1 .uuid)
	watch sub1 eth0 heard "udp dport 546"
	N=1
	mark
	dhcp6 1 "$peer" "0b000001${id:0:16}000600020017"	# Information-Request
	counts "dhcp6_relayed=1 dhcp6_replied=1"
	heard 1
	mark
	dhcp6 1 "$peer" "04000002${id:0:16}$(na "$na")"		# Confirm
	counts "dhcp6_relayed=1 dhcp6_replied=1"
	heard 2
	mark
	answer $SERVER6 "$(to_client "$peer" 0a000003)"		# Reconfigure
	answer $SERVER6 "$(to_client fe80::bad 0a000003)"
	counts "dhcp6_replied=1 dhcp6_unmatched_reply=1"
	heard 3
	expect "$na $pd $uuid" echo "$(leased sub1 na) $(leased sub1 pd) $(session_of sub1 .uuid)"
	# The server does not answer this one: it counts all the same, later.
	mark
	dhcp6 1 "$peer" "09000004${id:0:16}$(na "$na")"		# Decline
	busywait 30 expect '' leased sub1 na
	counts "dhcp6_relayed=1"
	expect "$pd $uuid" echo "$(leased sub1 pd) $(session_of sub1 .uuid)"
	N=5
}

to_client() # LINK_LOCAL MESSAGE_HEX: a server's answer
{
	echo "0d00$(hex_addr6 $LINK6)$(hex_addr6 "$1")0009$(printf %04x $((${#2} / 2)))$2"
}

# The server is away at T1, so that the client asks any at T2, and is back then.
rebound()
{
	local address

	stop dhclient6-sub1
	kbng session clear mac "$(mac 1)" 2> /dev/null || true
	stop kea6
	rm -f "$TMP"/leases6.csv* "$TMP/dhclient6-sub1.leases"
	kea6_start 60
	dhclient6_start sub1
	busywait 60 has_leases sub1
	address=$(leased sub1 na)
	# The type of the message in what the relay sends.
	watch core srv rebinds "udp dport 547 @th,$(((8 + 34 + 13 + 25 + 4) * 8)),8 6"
	stop kea6
	busywait 60 eval 'seen core rebinds | grep -vx 0'
	mark
	kea6_start 60
	busywait 30 eval 'counted | grep dhcp6_renewed='
	expect "$address" leased sub1 na
	on core nft delete table netdev rebinds
}

released()
{
	dhclient6_release sub1
	busywait 20 stopped_by sub1 User-Request
}

# Kea has gone: what it leased ends in the kernel's time.
renewed_and_expired()
{
	kbng session forget all
	stop kea6
	rm -f "$TMP"/leases6.csv* "$TMP/dhclient6-sub1.leases"
	kea6_start 20
	mark
	dhclient6_start sub1
	busywait 60 has_leases sub1
	busywait 40 eval "counted | grep dhcp6_renewed="
	stop kea6
	busywait 60 stopped_by sub1 Lost-Carrier
	stop dhclient6-sub1
	kea6_start
}

# What Kea sends is longer than its link takes; the access side has 1500.
in_fragments()
{
	local url fragments

	printf -v url 'http://192.0.2.2/%01100d' 0
	stop kea6
	kea6_start 600 "\"option-data\": [ { \"name\": \"bootfile-url\",
		\"data\": \"$url\", \"always-send\": true } ]"
	ip -n bng link set core0 mtu 1280
	ip -n core link set srv mtu 1280
	fragments=$(on core cat /proc/net/snmp6 | awk '/^Ip6FragCreates/ { print $2 }')
	mark
	dhclient6_start sub1
	busywait 60 has_leases sub1
	counted | grep dhcp6_bound=
	on core cat /proc/net/snmp6 | awk -v was="$fragments" \
		'/^Ip6FragCreates/ && $2 >= was + 4 { found = 1 } END { exit !found }'
	dhclient6_release sub1
	busywait 20 stopped_by sub1 User-Request
	kbng session forget all
	ip -n bng link set core0 mtu 1500
	ip -n core link set srv mtu 1500
	stop kea6
	kea6_start
}

# --- Hostile ----------------------------------------------------------------

dhcp6() # NUMBER SOURCE MESSAGE_HEX: N times to the servers' group
{
	eth_frame 33:33:00:01:00:02 "$(mac "$1")" 86dd "$(sum6_packet "$2" \
		ff02::1:2 17 "02220223$(printf %04x $((8 + ${#3} / 2)))0000$3")" |
		pkt "sub$1" send eth0 $N
}

answer() # SOURCE MESSAGE_HEX: N times to the relay
{
	eth_frame "$(mac_of bng core0)" "$(mac_of core srv)" 86dd "$(sum6_packet "$1" \
		$LINK6 17 "02230223$(printf %04x $((8 + ${#2} / 2)))0000$2")" |
		pkt core send srv $N
}

na() # ADDRESS: an IA_NA with it
{
	echo "00030028000000010000000000000000""00050018$(hex_addr6 "$1")0000006400000064"
}

malformed()
{
	local good=01abcdef00010004000300010003000c000000010000000000000000

	mark
	dhcp6 2 fe80::2 01abcd
	dhcp6 2 fe80::2 "${good:0:54}"
	dhcp6 2 fe80::2 01abcdef0001
	counts "dhcp6_malformed=$((3 * N))"
	mark
	dhcp6 2 fe80::2 0cabcdef$(printf %064d 0)
	counts "dhcp6_untrusted=$N"
	mark
	dhcp6 2 fe80::2 02abcdef
	dhcp6 2 fe80::2 07abcdef
	dhcp6 2 fe80::2 0dabcdef$(printf %064d 0)
	counts "dhcp6_bad_type=$((3 * N))"
	mark
	dhcp6 2 2001:db8:a::77 $good
	counts "dhcp6_bad_source=$N"
	mark
	eth_frame 33:33:00:01:00:02 "$(mac 2)" 86dd "$(ipv6_packet fe80::2 ff02::1:2 \
		17 "02220223000c1234$good" | cut -c 1-104)" | pkt sub2 send eth0 $N || true
	expect 0 eval "kbng -j session list mac $(mac 2) | jq length"
}

# Of a subscriber's addresses nobody else disposes.
anothers_lease()
{
	local address

	dhclient6_start sub1
	busywait 60 has_leases sub1
	address=$(leased sub1 na)
	mark
	dhcp6 2 fe80::2 "08abcdef$(na "$address")"
	dhcp6 2 fe80::2 "09abcdef$(na "$address")"
	counts "dhcp6_release_foreign=$((2 * N))"
	mark
	dhcp6 2 "$(link_local sub1)" 01abcdef
	counts "dhcp6_peer_taken=$N"
	expect "$address" leased sub1 na
	kbng session clear mac "$(mac 2)" 2> /dev/null || true
}

# A reply binds for an open transaction only, and from a server only.
forged_answers()
{
	local peer reply

	stop dhclient6-sub1
	peer=$(link_local sub1)
	reply=07123456$(na 2001:db8:a::99)
	reply=$(to_client "$peer" "$reply")
	mark
	answer $SERVER6 "$reply"
	counts "dhcp6_unmatched_reply=$N"
	mark
	answer 2001:db8:c::66 "$reply"
	counts "dhcp6_unknown_server=$N"
	mark
	answer $SERVER6 "${reply:0:100}"
	answer $SERVER6 0d00
	counts "dhcp6_malformed=$((2 * N))"
	fails eval 'session_of sub1 .prefixes | grep 2001:db8:a::99'
}

refusals()
{
	local set="kbng iface set acc0 role access" p

	says "DHCPv6 needs servers and link6" $set server6 $SERVER6
	says "DHCPv6 needs servers and link6" $set link6 $LINK6
	for p in ff02::1:2 fe80::1 ::1; do
		says "a global unicast address" $set link6 $LINK6 server6 $p
	done
	expect $SERVER6 eval "kbng -j iface list | jq -r '.[0].servers6[]'"
}

topo_up 2
topo_up6 sub1 sub2
ip -n bng address add $LINK6/64 dev acc0 nodad
kea6_start
ifaces6
busywait 20 link_local sub1
check "an address and a prefix are leased and bound" bound
check "servers know line and client" ids_arrive
check "both pass, and are counted" traffic_passes
check "the iface hears what clients ask, while it relays" listens_to_the_group
check "DHCP and DHCPv6 of a client are one session" same_session
check "messages without leases, Reconfigure and Decline" other_messages
check "a client rebinds when its server has gone and come back" rebound
check "a release ends the session" released
check "leases are renewed, and end when nobody renews them" renewed_and_expired
check "answers that come in fragments" in_fragments
check "malformed messages, and those of relays and servers" malformed
check "another's leases and link-local address" anothers_lease
check "answers that nobody asked for" forged_answers
check "what cannot be configured" refusals
done_testing
