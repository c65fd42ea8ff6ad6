#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Dual-stack lines with VLAN tags: real DHCP and DHCPv6 clients, neighbour
# discovery, traffic of both families. Two of the lines have the same MAC address
# and therefore the same link-local one.
#
#   sub1 200.7 802.1ad MAC 1 ─┐
#   sub2 100           MAC 1 ─┼─ br0 ── acc0 BNG core0 ── srv 2001:db8:c::2
#   sub3 untagged      MAC 3 ─┤      vlan both            Kea, for both
#   sub4 300.8 802.1ad MAC 4 ─┘    fe80::1, 2001:db8:a::1
#   behind an access node that adds option 82
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/frames.bash"
. "$selftests/tools/lines.bash"

N=5 NS=135 NA=136 LINK6=2001:db8:a::1
acc_mac=
declare -A line=([sub1]="vlan 200 inner-vlan 7" [sub2]="vlan 100 inner-vlan 0" [sub3]="vlan 0"
	[sub4]="vlan 300 inner-vlan 8")
declare -A tags=([sub1]=88a800c881000007 [sub2]=81000064 [sub3]='')

session_on() # NAMESPACE FILTER: of its line's only live session
{
	kbng -j session list ${line[$1]} |
		jq -r "[.[] | select(.state != \"stopped\")] | .[] | $2"
}

leased() # NAMESPACE KIND
{
	session_on "$1" "(.prefixes // [])[] | select(.kind == \"$2\") | .prefix"
}

has_leases() # NAMESPACE
{
	[ "$(leased "$1" na)" ] && [ "$(leased "$1" pd)" ]
}

stopped_by() # NAMESPACE CAUSE
{
	kbng -j session list state stopped ${line[$1]} |
		jq -e "last | .terminate_cause == \"$2\""
}

# An address of its prefix, a default route by the gateway's link-local address,
# and one to the prefix.
routed() # NAMESPACE
{
	local ns=$1 prefix

	prefix=$(leased "$ns" pd)
	busywait 20 ip -n "$ns" address show dev eth0 to "$(leased "$ns" na)"
	ip -n "$ns" address replace "${prefix%/*}1/128" dev eth0 nodad
	ip -n "$ns" -6 route replace default via fe80::1 dev eth0
	ip -n bng -6 route replace "$prefix" via "$(link_local "$ns")" dev acc0
}

# Both families.
comes_up() # NAMESPACE LINE
{
	local ns=$1

	busywait 30 link_local "$ns"
	dhclient6_start "$ns"
	busywait 60 has_leases "$ns"
	udhcpc_start "$ns" -x "0x3d:00000${ns#sub}"
	expect "$2" session_on "$ns" '"\(.mac) \(.vlan) \(.inner_vlan) \(.vlan_protocol) \(.circuit_id)"'
	kbng session set "$(leased "$ns" na)" state active
	routed "$ns"
}

# Everything of the line and its leases is on one page.
shown()
{
	kbng session show "$(leased sub1 na)" > "$TMP/show"
	grep -x '  vlan: 200' "$TMP/show"
	grep -x '  inner vlan: 7' "$TMP/show"
	grep -x '  circuit id: line-200.7' "$TMP/show"
	grep -x "  remote id: $(mac 1)" "$TMP/show"
	grep -x "  address: $(addr_of sub1)" "$TMP/show"
	grep '^  lease time: 2h' "$TMP/show"
	grep "prefixes: .*$(leased sub1 na) (na, .*$(leased sub1 pd) (pd, " "$TMP/show"
}

# Kea has the ids of the line; and each client of the two with one link-local
# address has got its own answer.
each_its_own()
{
	local ns id

	for ns in sub1 sub2; do
		id=$(session_on $ns .circuit_id)
		grep "$(leased $ns na)," "$TMP/leases6.csv" |
			grep -i "0012....$(hex "$id")"
		ip -n $ns address show dev eth0 to "$(leased $ns na)" | grep inet6
	done
	expect "$(link_local sub1)" link_local sub2
	fails [ "$(leased sub1 na)" = "$(leased sub2 na)" ]
}

# --- Traffic ----------------------------------------------------------------

reaches_and_is_reached() # NAMESPACE
{
	local address prefix

	address=$(leased "$1" na) prefix=$(leased "$1" pd)
	pings "$1" $LINK6
	pings "$1" -I "$address" $SERVER6
	pings "$1" -I "${prefix%/*}1" $SERVER6
	pings "$1" $SERVER
	pings core "$address"
	pings core "${prefix%/*}1"
	pings bng "$address"
	pings bng "${prefix%/*}1"
	pings bng "$(addr_of "$1")"
}

# All that the BNG sends meanwhile to NAMESPACE's MAC address has one of these
# beginnings behind the MAC addresses, and it solicits nobody.
only_as() # FRAMES NAMESPACE...
{
	local ns first=${1%% *}

	record
	ip -n bng neigh flush dev acc0
	for ns in "${@:2}"; do
		ip -n "$ns" neigh flush dev eth0
		reaches_and_is_reached "$ns"
	done
	stop wire
	expect "$1" tags_to "$(mac_of "$2")" ${#first}
	fails grep -E '86dd6.{11}3aff.{64}87' "$TMP/wire.log"
}

tcp_and_udp()
{
	local address before after

	address=$(leased sub1 na)
	before=$(session_on sub1 '.up.octets6 + .down.octets6')
	on sub1 iperf3 -6 -c $SERVER6 -B "$address" -n 2M > "$TMP/iperf"
	on sub1 iperf3 -6 -c $SERVER6 -B "$address" -n 2M -R > "$TMP/iperf"
	on sub1 iperf3 -6 -u -b 20M -l 1200 -c $SERVER6 -B "$address" -n 500K > "$TMP/iperf"
	on sub1 iperf3 -6 -u -b 20M -l 1200 -c $SERVER6 -B "$address" -n 500K -R > "$TMP/iperf"
	after=$(session_on sub1 '.up.octets6 + .down.octets6')
	[ $((after - before)) -gt 5000000 ]
	on sub1 iperf3 -c $SERVER -n 2M > "$TMP/iperf"
	on sub1 iperf3 -u -b 20M -c $SERVER -n 500K -R > "$TMP/iperf"
}

fragments_and_errors()
{
	pings sub1 -s 3000 $SERVER6
	pings core -s 3000 "$(leased sub1 na)"
	fails on sub1 ping -6 -c 1 -t 1 -W 20 $SERVER6 > "$TMP/ttl"
	grep "From $LINK6.*Hop limit\|From $LINK6.*Time exceeded" "$TMP/ttl"
}

with_fastpath()
{
	fastpath on vlan both link6 $LINK6 server6 $SERVER6 circuit-id 'line-{vlan}'
	only_as "${tags[sub1]}" sub1
	ifaces
}

# --- Neighbours -------------------------------------------------------------

# Who tries the gateway's address hears that it is taken, on his line.
gateway_is_defended()
{
	ip -n sub1 address add fe80::1/64 dev eth0
	busywait 20 eval "ip -n sub1 address show dev eth0 | grep fe80::1/64.*dadfailed"
	ip -n sub1 address del fe80::1/64 dev eth0
	busywait 20 pings sub1 $LINK6
}

nd() # TAGS MAC SOURCE TYPE REST
{
	eth_frame 33:33:00:00:00:01 "$2" 86dd "$(nd_packet "$3" ff02::1 "$4" "$5")" |
		tagged "$1" | pkt sub1 send wire $N
}

claims() # TAGS MAC ADDRESS: that it has it
{
	nd "$1" "$2" "$3" $NA "20000000$(hex_addr6 "$3")0201${2//:/}"
	nd "$1" "$2" "$3" $NS "00000000$(hex_addr6 2001:db8:a::77)0101${2//:/}"
}

spoofed() # TAGS MAC ADDRESS
{
	mark
	claims "$@"
	busywait 20 expect "drop_nd_spoofed=$((2 * N))" counted
}

neighbours_by_line()
{
	local address peer stranger=02:00:00:00:88:01

	address=$(leased sub1 na) peer=$(link_local sub1)
	mark
	claims "${tags[sub1]}" "$(mac 1)" "$address"
	claims "${tags[sub1]}" "$(mac 1)" "$peer"
	claims "${tags[sub2]}" "$(mac 1)" "$peer"
	claims 810000fa "$stranger" "$peer"
	up sub1 "$(leased sub2 na)" "${tags[sub1]}"	# is after all of them
	busywait 20 expect "drop_spoofed_vlan=$N" counted
	spoofed "${tags[sub2]}" "$(mac 1)" "$address"
	spoofed "" "$(mac 1)" "$address"
	spoofed "${tags[sub1]}" $stranger "$address"
	spoofed "${tags[sub1]}" $stranger "$peer"
	spoofed "${tags[sub2]}" $stranger "$peer"
	spoofed "${tags[sub1]}" "$(mac 1)" fe80::1
	spoofed 810000fa $stranger $LINK6
	reaches_and_is_reached sub1
	reaches_and_is_reached sub2
}

# Without session, and without address.
asked_for_gateway() # SOURCE TARGET [PATTERN]: the answer's source and tags
{
	start answers sub1 "$TOOLS/pkt" recv wire 600
	busywait 20 listens_raw sub1
	nd 810000fa 02:00:00:00:55:55 "$1" $NS "00000000$(hex_addr6 "$2")"
	pings sub1 $LINK6
	stop answers
	grep -cE "^020000005555${acc_mac//:/}810000fa86dd6.{7}00203aff$(hex_addr6 "$2")${3:-}" \
		"$TMP/answers.log" || true
}

anybody_may_ask()
{
	expect $N asked_for_gateway fe80::55 fe80::1 "$(hex_addr6 fe80::55)8800....e0"
	expect $N asked_for_gateway fe80::55 $LINK6 "$(hex_addr6 fe80::55)8800....e0"
	expect $N asked_for_gateway :: fe80::1 "$(hex_addr6 ff02::1)8800....a0"
	expect 0 asked_for_gateway fe80::55 2001:db8:a::77
	expect 0 asked_for_gateway fe80::55 $BNG6
}

# --- Sources and leases -----------------------------------------------------

up() # NAMESPACE ADDRESS TAGS: N packets from its MAC address
{
	eth_frame "$acc_mac" "$(mac_of "$1")" 86dd "$(udp6_packet "$2" $SERVER6)" |
		tagged "$3" | pkt sub1 send wire $N
}

passes() # NAMESPACE ADDRESS TAGS
{
	mark
	on core nft reset counters > /dev/null
	up "$@"
	busywait 20 expect $N seen core arrived
	expect "" counted
}

refused() # NAME NAMESPACE ADDRESS TAGS
{
	mark
	on core nft reset counters > /dev/null
	up "${@:2}"
	busywait 20 expect "$1=$N" counted
	expect 0 seen core arrived
}

sources()
{
	local ns address prefix

	for ns in sub1 sub2 sub3; do
		address=$(leased $ns na) prefix=$(leased $ns pd)
		passes $ns "$address" "${tags[$ns]}"
		passes $ns "${prefix%/*}77" "${tags[$ns]}"
	done
	address=$(leased sub1 na) prefix=$(leased sub1 pd)
	refused drop_spoofed_vlan sub1 "$address" "${tags[sub2]}"
	refused drop_spoofed_vlan sub1 "${prefix%/*}77" "${tags[sub2]}"
	refused drop_spoofed_vlan sub1 "$address" ""
	refused drop_spoofed_vlan sub1 "$address" 810000c881000007
	refused drop_spoofed_vlan sub3 "$(leased sub3 na)" "${tags[sub1]}"
	refused drop_spoofed_mac sub3 "$address" "${tags[sub1]}"
	refused drop_no_session sub1 2001:db8:2:ff00::1 "${tags[sub1]}"
	refused drop_link_local sub1 "$(link_local sub1)" "${tags[sub1]}"
}

dhcp6() # TAGS MESSAGE_HEX: from sub1's addresses
{
	eth_frame 33:33:00:01:00:02 "$(mac 1)" 86dd "$(sum6_packet "$(link_local sub1)" \
		ff02::1:2 17 "02220223$(printf %04x $((8 + ${#2} / 2)))0000$2")" |
		tagged "$1" | pkt sub1 send wire $N
}

# Its MAC and link-local address on another line dispose of nothing.
foreign_release()
{
	local release

	release=08abcdef00030028000000010000000000000000
	release+=00050018$(hex_addr6 "$(leased sub1 na)")0000006400000064
	mark
	dhcp6 "${tags[sub2]}" "$release"
	dhcp6 810000fa "$release"
	busywait 20 expect "dhcp6_release_foreign=$((2 * N))" counted
	has_leases sub1
}

cut_off()
{
	local end

	mark
	for end in 86dd 86dd60000000 86dd6000000000403aff; do
		echo "${acc_mac//:/}02000000aaaa${tags[sub1]}$end" | pkt sub1 send wire $N
	done
	busywait 20 expect "drop_malformed=$((3 * N))" counted
}

static_session()
{
	kbng session new iface acc0 mac "$(mac 1)" vlan 4094 inner-vlan 4094 \
		vlan-protocol 802.1ad prefix 2001:db8:7::/64 state active
	passes sub1 2001:db8:7::9 88a80ffe81000ffe
	refused drop_spoofed_vlan sub1 2001:db8:7::9 81000ffe81000ffe
	ip -n bng -6 route add 2001:db8:7::/64 dev acc0
	record
	fails on core ping -6 -q -c 3 -i 0.2 -W 1 2001:db8:7::9 > "$TMP/ping"
	stop wire
	expect 88a80ffe81000ffe86dd eval "grep '$(hex_addr6 2001:db8:7::9)8000' '$TMP/wire.log' |
		cut -c 25-44 | sort -u"
	kbng session clear 2001:db8:7::9
	ip -n bng -6 route del 2001:db8:7::/64
}

# The IPv4 lease goes first, the session ends with the others.
released() # NAMESPACE
{
	stop "udhcpc-$1"
	busywait 30 expect null session_on "$1" .address
	has_leases "$1"
	dhclient6_release "$1"
	busywait 30 stopped_by "$1" User-Request
}

ifaces() # [WORD...]
{
	bng_ifaces vlan both link6 $LINK6 server6 $SERVER6 circuit-id 'line-{vlan}' "$@"
}

# Circuit-id and remote-id, and in sub-option 9 the Broadband Forum's actual and
# attainable rates up and down, in kbit/s: 10000, 50000, 12000, 60000.
node_option()
{
	local rates=81040000271082040000c350850400002ee086040000ea60 vendors

	vendors=00000de9$(sized $rates)
	echo "82:$(sub_option 1 olt1/1/4)$(sub_option 2 onu4)09$(sized "$vendors")"
}

# All that there is to know of a subscriber, for people and for programs.
one_page()
{
	local na pd show=$TMP/show

	ifaces trusted on
	udhcpc_start sub4 -x "$(node_option)" -x hostname:dora
	busywait 30 link_local sub4
	dhclient6_start sub4
	busywait 60 has_leases sub4
	na=$(leased sub4 na) pd=$(leased sub4 pd)
	kbng session set "$na" state active policy home rate-up 10M rate-down 50M
	expect 1 eval "kbng -j session list mac $(mac 4) | jq length"

	kbng session show "$(addr_of sub4)" > "$show"
	grep -x '  state: active' "$show"
	grep -x '  iface: acc0' "$show"
	grep -x "  mac: $(mac 4)" "$show"
	grep -x '  vlan: 300' "$show"
	grep -x '  inner vlan: 8' "$show"
	grep -x '  vlan protocol: 802.1ad' "$show"
	grep -x '  circuit id: olt1/1/4' "$show"
	grep -x '  remote id: onu4' "$show"
	grep -x '  hostname: dora' "$show"
	grep -x '  line: actual up 10 Mbit/s, actual down 50 Mbit/s, attainable up 12 Mbit/s, attainable down 60 Mbit/s' "$show"
	grep -x "  address: $(addr_of sub4)" "$show"
	grep -x "  server: $SERVER" "$show"
	grep '^  lease time: 2h' "$show"
	grep '^  lease left: ' "$show"
	grep "prefixes: .*$na (na, .*$pd (pd, " "$show"
	grep -x "  link local: $(link_local sub4)" "$show"
	grep '^  policy: name home, rate up 10 Mbit/s, rate down 50 Mbit/s' "$show"

	kbng -j session show "${pd%/*}1" > "$show.json"
	expect true jq --arg mac "$(mac 4)" --arg address "$(addr_of sub4)" --arg na "$na" \
		--arg pd "$pd" --arg server $SERVER 'length == 1 and (.[0] |
		.state == "active" and .iface == "acc0" and .mac == $mac and
		.vlan == 300 and .inner_vlan == 8 and .vlan_protocol == "802.1ad" and
		.circuit_id == "olt1/1/4" and .remote_id == "onu4" and .hostname == "dora" and
		.address == $address and .server == $server and
		.lease_time == 7200 and .lease_left <= 7200 and
		.line == { actual_up: 10e6, actual_down: 50e6, attainable_up: 12e6,
			attainable_down: 60e6 } and
		([.prefixes[] | select(.valid == 7200) | "\(.kind) \(.prefix)"] | sort) ==
			["na " + $na, "pd " + $pd] and
		.policy.rate_up == 10e6 and .policy.rate_down == 50e6)' "$show.json"
	routed sub4
	reaches_and_is_reached sub4
}

topo_up 0
bridge -n acc link set dev up0 learning off
line_add sub1 "$(mac 1)" 802.1ad 200 802.1Q 7
line_add sub2 "$(mac 1)" 802.1Q 100
line_add sub3 "$(mac 3)"
line_add sub4 "$(mac 4)" 802.1ad 300 802.1Q 8
topo_up6
for n in sub1 sub2 sub3 sub4; do
	on $n sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0
done
ip -n bng address add $LINK6/64 dev acc0 nodad
acc_mac=$(mac_of bng acc0)
watch core srv arrived "udp dport 9"
kea_start 7200
kea6_start 7200
start iperf3 core iperf3 -s
ifaces

check "two tags: an address and a prefix, and IPv4" \
	comes_up sub1 "$(mac 1) 200 7 802.1ad line-200.7"
check "one tag, the same MAC and link-local address" \
	comes_up sub2 "$(mac 1) 100 null null line-100"
check "untagged on the same iface" comes_up sub3 "$(mac 3) null null null line-0"
check "a session shows line and leases of both families" shown
check "each line has its own ids and answers" each_its_own
check "traffic both ways on two lines with one MAC address" \
	only_as "81000064 88a800c8" sub1 sub2
check "traffic both ways, untagged" only_as "0800 0806 86dd" sub3
check "TCP and UDP both ways" tcp_and_udp
check "fragments, and the gateway's errors" fragments_and_errors
check "with the fast path on" with_fastpath
check "the gateway's address is defended" gateway_is_defended
check "neighbour discovery is for the line's own" neighbours_by_line
check "who has no session may ask for the gateway" anybody_may_ask
check "sources of the line pass, and no others" sources
check "a release from another line" foreign_release
check "frames that end early" cut_off
check "a static session" static_session
check "a session ends with its last lease" released sub1
check "one page shows all of a dual-stack QinQ line behind an access node" one_page
done_testing
