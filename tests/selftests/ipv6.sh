#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# IPv6 of subscribers, with static prefixes: who may send what, what is counted
# and shaped, and whom a subscriber may speak for. Topology: lib.sh with
#
#   sub1 2001:db8:a::1/128 and 2001:db8:1::/56, 10.64.1.1  ─┐
#   sub2 2001:db8:1:3::/64, inside of sub1's /56           ─┤     ┌───────────────┐
#   sub3 2001:db8:a::3/128, pending                        ─┼ br0 ┤ acc0     core0├ srv
#   sub4 no session                                        ─┘     └───────────────┘ 2001:db8:c::2
#                                        fe80::1, 2001:db8:a::ff  2001:db8:c::1
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/frames.bash"

N=10 NS=135 NA=136 RS=133
gateway6=2001:db8:a::ff
acc_mac= bng_mac= srv_mac=

# What reaches a device, before its stack: the filter EXPRESSION, and nothing
# that goes to the discard port gets an ICMP error.
tally() # NAMESPACE DEVICE EXPRESSION
{
	on "$1" nft -f - <<-EOT
	table netdev tally {
		chain in {
			type filter hook ingress device "$2" priority 0
			$3 counter
			udp dport 9 drop
		}
	}
	EOT
}

_arrived() # NAMESPACE
{
	on "$1" nft -j list chain netdev tally in |
		jq '[.nftables[].rule.expr[]?.counter.packets? // empty][0]'
}

arrived() # NAMESPACE: since arrived_reset
{
	echo $(($(_arrived "$1") - $(cat "$TMP/arrived-$1")))
}

arrived_reset()
{
	local ns

	for ns in core sub1 sub2; do
		_arrived $ns > "$TMP/arrived-$ns"
	done
}

up() # NUMBER SOURCE [DESTINATION [MAC]]: N packets of 100 octets
{
	eth_frame "$acc_mac" "${4:-$(mac "$1")}" 86dd "$(udp6_packet "$2" "${3:-$SERVER6}")" |
		pkt "sub$1" send eth0 $N
}

down() # DESTINATION
{
	eth_frame "$bng_mac" "$srv_mac" 86dd "$(udp6_packet $SERVER6 "$1")" | pkt core send srv $N
}

# Remember a session's counters; `billed` then prints those that have grown.
mark_session() # NUMBER
{
	session_of "sub$1" > "$TMP/session"
}

billed() # NUMBER
{
	session_of "sub$1" | jq -r --slurpfile old "$TMP/session" '[("up", "down") as $d
		| .[$d] | to_entries[] | .value -= $old[0][$d][.key]
		| select(.value != 0) | "\($d).\(.key)=\(.value)"] | sort | join(" ")'
}

passes() # NUMBER ADDRESS: and is counted on that session, to the octet
{
	arrived_reset
	mark
	mark_session "$1"
	up "$1" "$2"
	busywait 20 expect $N arrived core
	down "$2"
	busywait 20 expect $N arrived "sub$1"
	counts ""
	expect "down.octets6=$((N * 100)) down.packets6=$N up.octets6=$((N * 100)) up.packets6=$N" \
		billed "$1"
}

sessions_pass()
{
	passes 1 2001:db8:a::1
	passes 1 2001:db8:1::77
	passes 1 2001:db8:1:ff:1:2:3:4
}

longest_match()
{
	passes 2 2001:db8:1:3::9
	mark
	up 1 2001:db8:1:3::9
	counts "drop_spoofed_mac=$N"
	passes 1 2001:db8:1:4::9
}

both_families()
{
	mark_session 1
	on sub1 ping -q -c 3 -i 0.2 -s 100 $SERVER
	on sub1 ping -q -c 5 -i 0.2 -s 100 -I 2001:db8:a::1 $SERVER6
	expect "down.octets4=384 down.octets6=740 down.packets4=3 down.packets6=5$(:
		) up.octets4=384 up.octets6=740 up.packets4=3 up.packets6=5" billed 1
}

refused() # REASON NUMBER SOURCE [DESTINATION [MAC]]
{
	arrived_reset
	mark
	up "${@:2}"
	counts "$1=$N"
	expect 0 arrived core
}

others_addresses()
{
	refused drop_spoofed_mac 2 2001:db8:a::1
	refused drop_spoofed_mac 2 2001:db8:1::1
	refused drop_spoofed_mac 4 2001:db8:a::1 2001:db8:1:3::1
	refused drop_spoofed_mac 1 2001:db8:a::1 $SERVER6 02:00:00:00:99:99
}

nobodys_addresses()
{
	local address

	for address in 2001:db8:a::2 2001:db8:2:: $gateway6 $SERVER6 :: ::1 ff02::1 \
			::ffff:10.64.1.1; do
		[[ $address != *.* ]] || address=::ffff:a40:101
		refused drop_no_session 1 "$address"
	done
}

link_local_goes_nowhere()
{
	refused drop_link_local 1 fe80::99
	refused drop_link_local 1 fe80::99 fe80::1
	refused drop_link_local 4 fe80::99 ff02::fb
}

pending_is_refused()
{
	refused drop_unauthorised 3 2001:db8:a::3
	mark
	down 2001:db8:a::3
	counts "drop_unauthorised=$N"
	kbng session set 2001:db8:a::3 state active
	mark
	up 3 2001:db8:a::3
	busywait 20 expect $N arrived core
	counts ""
	kbng session set 2001:db8:a::3 state rejected
	refused drop_unauthorised 3 2001:db8:a::3
}

down_to_nobody()
{
	mark
	down 2001:db8:a::77
	down 2001:db8:2::1
	counts "drop_no_session_down=$((2 * N))"
}

malformed()
{
	local good

	good=$(eth_frame "$acc_mac" "$(mac 1)" 86dd "$(udp6_packet 2001:db8:a::1 $SERVER6)")
	mark
	for n in 40 50 70; do poke 14 $n <<< "$good"; done | pkt sub1 send eth0 $N
	poke 18 003d <<< "$good" | pkt sub1 send eth0 $N	# longer than the frame
	echo "${good:0:80}" | pkt sub1 send eth0 $N	# not even a header
	poke 18 0007 <<< "${good:0:122}" | pkt sub1 send eth0 $N	# 7 octets of UDP
	poke 20 3c <<< "${good:0:110}" | poke 18 0001 | pkt sub1 send eth0 $N	# half an option
	counts "drop_malformed=$((7 * N))"
}

nd() # NUMBER SOURCE DESTINATION TYPE REST [HOP_LIMIT]
{
	eth_frame 33:33:00:00:00:01 "$(mac "$1")" 86dd "$(nd_packet "${@:2}")" |
		pkt "sub$1" send eth0 $N
}

claimed() # ADDRESS MAC: the BNG believes it
{
	ip -n bng -6 neigh show | grep "^$1 .*lladdr $2"
}

sll() # MAC: source link-layer address
{
	echo "0101${1//:/}"
}

tll()
{
	echo "0201${1//:/}"
}

nd_spoofed()
{
	local target me=$(mac 2)

	for target in 2001:db8:a::1 2001:db8:1::1 $gateway6 fe80::1 2001:db8:a::77; do
		mark
		nd 2 fe80::22 ff02::1 $NA "20000000$(hex_addr6 $target)$(tll "$me")"
		nd 2 $target ff02::1:ff00:ff $NS "00000000$(hex_addr6 $gateway6)$(sll "$me")"
		counts "drop_nd_spoofed=$((2 * N))"
		fails claimed $target "$me"
	done
	mark
	nd 2 fe80::22 ff02::1 $NA "20000000$(hex_addr6 fe80::22)$(tll "$(mac 1)")"
	nd 2 fe80::22 ff02::1:ff00:ff $NS "00000000$(hex_addr6 $gateway6)$(sll "$(mac 1)")"
	nd 2 fe80::22 ff02::2 $RS "00000000$(sll "$(mac 1)")"
	counts "drop_nd_spoofed=$((3 * N))"
	fails claimed fe80::22 "$(mac 1)"
}

nd_allowed()
{
	mark
	nd 2 fe80::22 ff02::1 $NA "20000000$(hex_addr6 2001:db8:1:3::9)$(tll "$(mac 2)")"
	nd 2 2001:db8:1:3::9 ff02::1:ff00:ff $NS "00000000$(hex_addr6 $gateway6)$(sll "$(mac 2)")"
	nd 2 :: ff02::1:ff00:ff $NS "00000000$(hex_addr6 $gateway6)"
	nd 2 fe80::22 ff02::2 $RS "00000000$(sll "$(mac 2)")"
	nd 4 fe80::44 ff02::1:ff00:1 $NS "00000000$(hex_addr6 fe80::1)$(sll "$(mac 4)")"
	counts ""
	busywait 10 claimed fe80::44 "$(mac 4)"
}

nd_malformed()
{
	local rest good

	rest="00000000$(hex_addr6 $gateway6)"
	mark
	nd 2 fe80::22 ff02::1 $NS "$rest" 254
	nd 2 fe80::22 ff02::1 $NS "${rest:0:38}"
	nd 2 fe80::22 ff02::1 $NS "${rest}0100$(mac 2 | tr -d :)"
	nd 2 fe80::22 ff02::1 $NS "${rest}0102$(mac 2 | tr -d :)"
	nd 2 fe80::22 ff02::1 $NS "$rest$(sll "$(mac 2)")$(sll "$(mac 2)")"
	nd 2 fe80::22 ff02::1 $NA "20000000$(hex_addr6 ff02::1)"
	# Behind a destination option, and as the first of fragments.
	good=$(nd_packet fe80::22 ff02::1 $NA "20000000$(hex_addr6 fe80::22)")
	eth_frame 33:33:00:00:00:01 "$(mac 2)" 86dd "${good:0:8}00203cff${good:16:64}3a00010400000000${good:80}" |
		pkt sub2 send eth0 $N
	eth_frame 33:33:00:00:00:01 "$(mac 2)" 86dd "${good:0:8}00202cff${good:16:64}3a00000100000001${good:80}" |
		pkt sub2 send eth0 $N
	counts "drop_nd_malformed=$((8 * N))"
}

rogue_router()
{
	mark
	nd 2 fe80::22 ff02::1 134 4000070800000000000000000000
	nd 2 fe80::22 ff02::1 137 "00000000$(hex_addr6 $SERVER6)$(hex_addr6 $SERVER6)"
	counts "drop_nd_rogue_router=$((2 * N))"
	mark
	for port in 02230222; do
		eth_frame 33:33:00:00:00:01 "$(mac 2)" 86dd \
			"$(sum6_packet fe80::22 fe80::11 17 "${port}000c00000200abcd")" |
			pkt sub2 send eth0 $N
	done
	counts "dhcp6_rogue_server=$N"
}

group_membership_passes()
{
	mark
	eth_frame 33:33:00:00:00:16 "$(mac 4)" 86dd "$(ipv6_packet fe80::44 ff02::16 0 \
		3a000502000001008f00000000000000 1)" | pkt sub4 send eth0 $N
	counts ""
}

# IPv4 uses up what the session may send: nothing is left for IPv6.
one_shaper()
{
	local n

	kbng iface set acc0 role access giaddr $GATEWAY server $SERVER shaper police
	kbng iface set core0 role core shaper police
	kbng session set 2001:db8:a::1 rate-up 64k rate-down 64k
	mark
	{
		for n in 1 2 3 4; do
			eth_frame "$acc_mac" "$(mac 1)" 0800 "$(udp_packet 10.64.1.1 $SERVER 1500)"
		done
		for n in 1 2 3 4; do
			eth_frame "$acc_mac" "$(mac 1)" 86dd "$(udp6_packet 2001:db8:a::1 $SERVER6 100)"
		done
	} > "$TMP/frames"
	pkt sub1 send eth0 1 < "$TMP/frames"
	busywait 20 grown drop_shaper_up 4
	expect true session_of sub1 '.up.drops >= 4'
	kbng session set 2001:db8:a::1 rate-up 0 rate-down 0
	bng_ifaces
	passes 1 2001:db8:a::1
}

grown() # NAME BY
{
	[ "$(counted | tr ' ' '\n' | sed -n "s/^$1=//p")" -ge "$2" ]
}

tcp_is_counted()
{
	local before after got

	before=$(session_of sub1 .down.octets6)
	arrived_reset
	on core iperf3 -s -1 -D -B $SERVER6 > /dev/null
	busywait 20 listens t 5201
	on sub1 iperf3 -c $SERVER6 -B 2001:db8:a::1 -n 4M -R > "$TMP/iperf"
	after=$(session_of sub1 .down.octets6) got=$((after - before))
	echo "# $got octets counted"
	[ "$got" -gt $((4 * 1024 * 1024)) ]
	[ "$got" -lt $((5 * 1024 * 1024)) ]
}

# The stack sees no packet of theirs.
with_fastpath()
{
	fastpath on
	on bng nft -f - <<-'EOT'
	table ip6 seen {
		counter forwarded { }
		chain forward {
			type filter hook forward priority 0
			counter name forwarded
		}
	}
	EOT
	sessions_pass
	longest_match
	both_families
	refused drop_spoofed_mac 2 2001:db8:a::1
	tcp_is_counted
	expect 0 eval "on bng nft -j list counter ip6 seen forwarded |
		jq '.nftables[] | .counter // empty | .packets'"
	fastpath off
}

shown()
{
	expect "2001:db8:a::1 static 2001:db8:1::/56 static " eval \
		"session_of sub1 '.prefixes[] | .prefix, .kind' | tr '\n' ' '"
	kbng session show 2001:db8:1::5 | grep 'prefixes: 2001:db8:a::1 (static), 2001:db8:1::/56 (static)'
	expect 1 eval "kbng -j session list address6 2001:db8:1:3::1 | jq length"
	expect 0 eval "kbng -j session list address6 2001:db8:7:3::1 | jq length"
	kbng session list | grep '2001:db8:a::3 '
}

replaced()
{
	kbng session set 2001:db8:a::1 prefix 2001:db8:a::1 prefix 2001:db8:5::/48
	refused drop_no_session 1 2001:db8:1::77
	ip -n bng -6 route add 2001:db8:5::/48 via fe80::11 dev acc0
	passes 1 2001:db8:5:9::1
	kbng session set 2001:db8:a::1 prefix none
	refused drop_no_session 1 2001:db8:a::1
	expect null session_of sub1 .prefixes
	kbng session set 10.64.1.1 prefix 2001:db8:a::1 prefix 2001:db8:1::/56
	passes 1 2001:db8:1::77
}

refusals()
{
	local set="kbng session set 2001:db8:a::1" p

	says "belongs to another session" $set prefix 2001:db8:1:3::/64
	for p in 2001:db8::/47 2001:db8::/65 2001:db8::/127 2001:db8:0:1::/56 \
			fe80:0:0:1::/64 ff02::/64 ::1 ::/64 ::ffff:127.0.0.1 10.0.0.0/7 10.0.0.1/24; do
		says "a prefix is unicast" $set prefix $p
	done
	says "named twice" $set prefix 2001:db8:7::/64 prefix 2001:db8:7::/64
	# shellcheck disable=SC2046
	says "is not an IPv6 prefix" $set $(printf 'prefix 2001:db8:7:%d::/64 ' $(seq 9))
	says "is not an IPv6 prefix" $set prefix 2001:db8::/129
	says "no address left" kbng session set 2001:db8:1:3::1 prefix none
	says "an address or prefix" kbng session new iface acc0 mac 02:00:00:00:88:88
	says "that of an IPv4 address" kbng session new iface acc0 mac 02:00:00:00:88:88 prefix 2001:db8:8::/64 lease 60
	says "belongs to another session" kbng session new iface acc0 mac 02:00:00:00:88:88 prefix 2001:db8:a::1
	expect 0 eval "kbng -j session list mac 02:00:00:00:88:88 | jq length"
	passes 1 2001:db8:1::77
}

many()
{
	# shellcheck disable=SC2046
	kbng session set 2001:db8:a::1 $(printf 'prefix 2001:db8:7:%d::/64 ' $(seq 8))
	expect 8 session_of sub1 '.prefixes | length'
	kbng session set 10.64.1.1 prefix 2001:db8:a::1 prefix 2001:db8:1::/56
}

cleared()
{
	kbng session clear 2001:db8:1:3::1
	refused drop_spoofed_mac 2 2001:db8:1:3::9	# now it is in sub1's /56
	expect 2001:db8:1:3::/64 eval "kbng -j session list state stopped mac $(mac 2) |
		jq -r '.[].prefixes[].prefix'"
	ip -n bng -6 route del 2001:db8:1:3::/64
	passes 1 2001:db8:1:3::9
}

# Nobody would ever end a session that only static prefixes kept alive.
lease_ends_all()
{
	kbng session new iface acc0 mac "$(mac 4)" address 10.64.1.4 lease 2 \
		prefix 2001:db8:8::/64 state active
	busywait 20 expect stopped eval "kbng -j session list mac $(mac 4) | jq -r '.[].state'"
	refused drop_no_session 4 2001:db8:8::1
}

topo_up 4
topo_up6 sub1 sub2 sub3 sub4
acc_mac=$(mac_of bng acc0) bng_mac=$(mac_of bng core0) srv_mac=$(mac_of core srv)
ip -n bng address add $gateway6/64 dev acc0 nodad
ip -n sub1 address add 10.64.1.1/16 dev eth0
ip -n sub1 route add default via $GATEWAY
ip -n sub1 address add 2001:db8:a::1/128 dev eth0 nodad
for n in 1 2; do
	ip -n sub$n address add fe80::$n$n/64 dev eth0 nodad
	ip -n sub$n -6 route add default via fe80::1 dev eth0
	bridge -n acc link set dev sub$n isolated on
	tally sub$n eth0 "ip6 daddr 2001:db8::/32 meta l4proto != icmpv6"
	ip -n bng -6 neigh replace fe80::$n$n lladdr "$(mac $n)" dev acc0 nud permanent
done
tally core srv "ip6 saddr != 2001:db8:c::1 meta l4proto != icmpv6"
for n in 2001:db8:a::1/128 2001:db8:1::/56; do
	ip -n bng -6 route add $n via fe80::11 dev acc0
done
ip -n bng -6 route add 2001:db8:1:3::/64 via fe80::22 dev acc0
ip -n bng -6 route add 2001:db8:2::/48 via fe80::22 dev acc0
bng_ifaces
kbng session new --batch - > "$TMP/uuids" <<EOT
iface acc0 mac $(mac 1) address 10.64.1.1 prefix 2001:db8:a::1 prefix 2001:db8:1::/56 state active
iface acc0 mac $(mac 2) prefix 2001:db8:1:3::/64 state active
iface acc0 mac $(mac 3) prefix 2001:db8:a::3
EOT

check "packets of a session's prefixes pass and are counted" sessions_pass
check "the longest prefix decides" longest_match
check "both families of one session" both_families
check "another subscriber's address" others_addresses
check "an address without session, the gateway's and odd ones" nobodys_addresses
check "a link-local address" link_local_goes_nowhere
check "pending and rejected: nothing passes" pending_is_refused
check "to an address without session" down_to_nobody
check "malformed headers" malformed
check "neighbour discovery for another's address, the gateway's, nobody's" nd_spoofed
check "neighbour discovery for oneself" nd_allowed
check "malformed and hidden neighbour discovery" nd_malformed
check "a router or a DHCPv6 server on the access side" rogue_router
check "group membership reports pass" group_membership_passes
check "one shaper for both families" one_shaper
check "TCP is counted as its packets" tcp_is_counted
check "the same on the fast path" with_fastpath
check "prefixes are shown and searched" shown
check "prefixes are replaced as a whole" replaced
check "what cannot be is refused" refusals
check "as many prefixes as a session may have" many
check "session clear takes the prefixes" cleared
check "a session ends with its lease, whatever static prefixes it has" lease_ends_all
done_testing
