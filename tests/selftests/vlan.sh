#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Lines by VLAN. The BNG has no VLAN device, the clients have: their eth0 is on
# top of one or two of them. The switch passes tagged frames as they are and
# floods, so every client could hear what is meant for another.
#
#   sub1 100           MAC 1 ─┐
#   sub2 200.7 802.1ad MAC 2 ─┤
#   sub3 200.7 802.1Q  MAC 3 ─┤
#   sub4 untagged      MAC 4 ─┼─ br0 ── acc0 BNG core0 ── srv 192.0.2.2
#   sub5 101           MAC 1 ─┤      vlan both            Kea
#   sub6 4094.4094     MAC 6 ─┘
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/frames.bash"
. "$selftests/tools/lines.bash"

N=5
acc_mac= bng_mac= srv_mac=

line_of() # NAMESPACE: as the kernel knows it
{
	kbng -j session list address "$(addr_of "$1")" state active | jq -r '.[]
		| "\(.mac) \(.vlan) \(.inner_vlan) \(.vlan_protocol) \(.circuit_id)"'
}

comes_up() # NAMESPACE CLIENT LINE [OPTION...]
{
	"$2_start" "$1" "${@:4}"
	kbng session set "$(addr_of "$1")" state active
	expect "$3" line_of "$1"
}

# --- Traffic ----------------------------------------------------------------

reaches_and_is_reached() # NAMESPACE...
{
	local ns

	for ns in "$@"; do
		pings "$ns" $GATEWAY
		pings "$ns" $SERVER
		pings core "$(addr_of "$ns")"
		pings bng "$(addr_of "$ns")"
	done
}

# All that the BNG sends meanwhile to NAMESPACE's MAC address has these TAGS,
# and it asks nobody for the MAC address.
only_tagged() # NAMESPACE TAGS COMMAND...
{
	local ns=$1 tags=$2

	record
	ip -n bng neigh flush dev acc0
	"${@:3}"
	stop wire
	expect "$tags" tags_to "$(mac_of "$ns")" ${#tags}
	fails grep -iE "^f{12}.{12}(8100....|88a8....)*0806.{12}0001.*$(hex_addr "$(addr_of "$ns")")" \
		"$TMP/wire.log"
}

vlan_offload() # on|off
{
	on acc ethtool -K up0 tx-vlan-hw-insert "$1" tx-vlan-stag-hw-insert "$1"
	on bng ethtool -K acc0 tx-vlan-hw-insert "$1" tx-vlan-stag-hw-insert "$1"
}

# As from and to a device that neither takes tags off nor puts them in.
tags_in_the_frame() # COMMAND...
{
	trap 'vlan_offload on' EXIT
	vlan_offload off
	"$@"
}

fragments() # NAMESPACE
{
	pings "$1" -s 3000 $SERVER
	pings core -s 3000 "$(addr_of "$1")"
	pings bng -s 3000 "$(addr_of "$1")"
}

tcp_both_ways() # NAMESPACE
{
	on "$1" iperf3 -c $SERVER -n 4M > "$TMP/iperf-up"
	on "$1" iperf3 -c $SERVER -n 4M -R > "$TMP/iperf-down"
}

# The gateway's own errors reach him.
ttl_exceeded() # NAMESPACE
{
	fails on "$1" ping -c 1 -t 1 -W 20 $SERVER > "$TMP/ttl"
	grep -q "From $GATEWAY .*Time to live" "$TMP/ttl"
}

neighbour_line() # sub1 and sub3 reach each other through the BNG
{
	on bng sysctl -qw net.ipv4.conf.acc0.proxy_arp_pvlan=1 \
		net.ipv4.conf.acc0.send_redirects=0 net.ipv4.conf.all.send_redirects=0
	pings sub1 "$(addr_of sub3)"
	pings sub3 "$(addr_of sub5)"
	on bng sysctl -qw net.ipv4.conf.acc0.proxy_arp_pvlan=0
}

link_flaps()
{
	ip -n bng link set acc0 down
	ip -n bng link set acc0 up
	reaches_and_is_reached sub1 sub2
}

# --- DHCP -------------------------------------------------------------------

# A udhcpc that is answered before it has closed the socket it sent from asks again.
renews() # NAMESPACE
{
	local leases

	leases=$(grep -c obtained "$TMP/udhcpc-$1.log")
	mark
	kill -USR1 "$(pid_of "udhcpc-$1")"
	busywait 30 expect $((leases + 1)) grep -c obtained "$TMP/udhcpc-$1.log"
	counted | grep -qxE 'dhcp_relayed=(.) dhcp_renewed=\1 dhcp_replied=\1'
}

same_mac_two_sessions()
{
	expect "100 101" eval "kbng -j session list mac $(mac 1) |
		jq -r '[.[].vlan] | sort | join(\" \")'"
	[ "$(addr_of sub1)" != "$(addr_of sub5)" ]
}

lists_by_vlan()
{
	expect "$(addr_of sub1)" eval "kbng -j session list vlan 100 | jq -r '.[].address'"
	expect "$(addr_of sub4)" eval "kbng -j session list vlan 0 | jq -r '.[].address'"
	expect 2 eval "kbng -j session list vlan 200 inner-vlan 7 | jq length"
	expect 3 eval "kbng -j session list inner-vlan 0 | jq length"
	fails kbng session list vlan 4095
}

# Who has the MAC address but is on another line can end nothing.
foreign_release()
{
	mark
	dhcpsend sub1 -m "$(mac 1)" -v 102 -c "$(addr_of sub1)" -S "$(addr_of sub1)" wire release
	dhcpsend sub1 -m "$(mac 1)" -c "$(addr_of sub1)" -S "$(addr_of sub1)" wire release
	busywait 20 expect "dhcp_release_foreign=2" counted
	expect active eval "kbng -j session list address $(addr_of sub1) | jq -r '.[].state'"
}

# The server takes who has another's MAC address on another line for that one.
twin_gets_no_address()
{
	local address mac

	address=$(addr_of sub4) mac=$(mac 4)
	bng_ifaces vlan both move deny
	mark
	dhcpsend sub1 -m "$mac" -v 102 -x 9 -r "$address" -o "61:01${mac//:/}" wire request
	counts "dhcp_relayed=1 dhcp_address_conflict=1"
	expect "$mac null null null 0/0/0" line_of sub4
	bng_ifaces vlan both
}

# Two lines with one MAC address ask with the same xid, and each is answered,
# after the other has asked as well. Only option 82 tells the answers apart.
same_xid()
{
	local line twin=02:00:00:00:77:77

	record
	trap 'kill -CONT "$(pid_of kea)"' EXIT
	kill -STOP "$(pid_of kea)"
	for line in 300 301 300 301; do
		dhcpsend sub1 -m $twin -v $line -x 77 -o 61:00000$line wire discover
	done
	kill -CONT "$(pid_of kea)"
	busywait 20 expect "8100012c 8100012d" tags_to $twin 8
	stop wire
}

released() # NAMESPACE
{
	local address

	address=$(addr_of "$1")
	mark
	stop "udhcpc-$1"
	busywait 30 expect "dhcp_relayed=1" counted
	expect stopped eval "kbng -j session list address $address | jq -r '.[].state'"
}

# --- Frames by hand ---------------------------------------------------------

# N packets of NAMESPACE's address with these TAGS.
up() # NAMESPACE TAGS
{
	eth_frame "$acc_mac" "$(mac_of "$1")" 0800 \
		"$(udp_packet "$(addr_of "$1")" $SERVER)" | tagged "$2" |
		pkt sub1 send wire $N
}

passes() # NAMESPACE TAGS
{
	mark
	on core nft reset counters > /dev/null
	up "$@"
	busywait 20 expect $N seen core arrived
	expect "" counted
}

refused() # NAME NAMESPACE TAGS
{
	mark
	on core nft reset counters > /dev/null
	up "${@:2}"
	busywait 20 expect "$1=$N" counted
	expect 0 seen core arrived
}

# Not a subscriber's frame; a VLAN device would get it.
left_alone() # NAMESPACE TAGS
{
	mark
	on core nft reset counters > /dev/null
	up "$@"
	up sub4 ""
	busywait 20 expect $N seen core arrived
	expect "" counted
}

own_tags_pass()
{
	passes sub1 81000064
	passes sub1 8100e064			# priority 7
	passes sub1 8100006481000000		# a priority tag inside
	passes sub2 88a800c881000007
	passes sub3 810000c881000007
	passes sub4 ""
	passes sub4 81000000
	passes sub6 88a80ffe81000ffe
}

other_tags_do_not()
{
	refused drop_spoofed_vlan sub1 81000065
	refused drop_spoofed_vlan sub1 ""
	refused drop_spoofed_vlan sub1 81000000
	refused drop_spoofed_vlan sub1 8100006481000007
	refused drop_spoofed_vlan sub2 810000c881000007
	refused drop_spoofed_vlan sub2 88a800c781000007
	refused drop_spoofed_vlan sub2 88a800c881000008
	refused drop_spoofed_vlan sub2 88a80007810000c8
	refused drop_spoofed_vlan sub4 81000064
	refused drop_malformed sub1 81000fff
	refused drop_malformed sub2 88a800c881000fff
	refused drop_malformed sub1 8100000081000064
	left_alone sub1 88a80064
	left_alone sub1 8100006488a80007
	left_alone sub1 810000648100000781000008
}

# The first two are too short for the kernel itself.
cut_off()
{
	local tags

	mark
	for tags in 88a800c88100 810000640800 8100006408004500 8100006408060001 \
			88a800c881000007 88a800c8810000070800 88a800c8810000070806; do
		echo "${acc_mac//:/}02000000aaaa$tags" | pkt sub1 send wire $N
	done
	up sub4 ""
	busywait 20 expect "drop_malformed=$((5 * N))" counted
}

# Asks the gateway for its MAC address; prints the answers' source and tags.
arp_answers() # TAGS SENDER_MAC SENDER_IP [TARGET_IP]
{
	start answers sub1 "$TOOLS/pkt" recv wire 600
	busywait 20 listens_raw sub1
	eth_frame ff:ff:ff:ff:ff:ff "$2" 0806 \
		"$(arp_packet 1 "$2" "$3" 00:00:00:00:00:00 "${4:-$GATEWAY}")" |
		tagged "$1" | pkt sub1 send wire
	pings sub1 $GATEWAY
	stop answers
	grep -E "^${2//:/}.{12}$1"08060001080006040002 "$TMP/answers.log" |
		cut -c "13-$((24 + ${#1}))" || true
}

arp_on_lines()
{
	local me=${acc_mac//:/}

	expect "${me}81000064" arp_answers 81000064 "$(mac 1)" "$(addr_of sub1)"
	expect "${me}88a800c881000007" arp_answers 88a800c881000007 "$(mac 2)" "$(addr_of sub2)"
	# a probe, from who has no address yet
	expect "${me}810000fa" arp_answers 810000fa 02:00:00:00:55:55 0.0.0.0
	expect "" arp_answers 810000fa 02:00:00:00:55:55 0.0.0.0 10.64.1.99
	# another address of the gateway's
	expect "${me}81000064" arp_answers 81000064 "$(mac 1)" "$(addr_of sub1)" $BNG
	mark
	expect "" arp_answers 81000065 "$(mac 2)" "$(addr_of sub2)"
	expect "" arp_answers 810000c881000007 "$(mac 2)" "$(addr_of sub2)"
	expect "drop_arp_spoofed=2" counted
}

modes()
{
	bng_ifaces vlan single
	expect single eval "kbng -j iface list | jq -r '.[0].vlan'"
	passes sub1 81000064
	left_alone sub2 88a800c881000007
	bng_ifaces vlan double
	passes sub2 88a800c881000007
	left_alone sub1 81000064
	bng_ifaces
	expect none eval "kbng -j iface list | jq -r '.[0].vlan'"
	left_alone sub1 81000064
	left_alone sub2 88a800c881000007
	fails kbng iface set core0 role core vlan single
	bng_ifaces vlan both
	passes sub1 81000064
}

static_sessions()
{
	local new="kbng session new iface acc0 address 10.64.2.1 mac 02:00:00:00:66:01"

	$new vlan 4094 inner-vlan 4094 state active
	expect "4094 4094 null" eval "kbng -j session list address 10.64.2.1 |
		jq -r '.[] | \"\(.vlan) \(.inner_vlan) \(.vlan_protocol)\"'"
	fails $new vlan 4094 inner-vlan 4094	# is there
	kbng session clear 10.64.2.1
	fails $new vlan 4095
	fails $new inner-vlan 7
	fails $new vlan 7 vlan-protocol 802.1ad
	bng_ifaces vlan single
	fails $new vlan 7 inner-vlan 8
	bng_ifaces vlan both
}

with_fastpath()
{
	on bng nft reset counters > /dev/null
	fastpath on vlan both
	only_tagged sub1 81000064 reaches_and_is_reached sub1
	only_tagged sub2 88a800c881000007 reaches_and_is_reached sub2
	only_tagged sub6 88a80ffe81000ffe reaches_and_is_reached sub6
	reaches_and_is_reached sub3 sub4 sub5
	passes sub2 88a800c881000007
	refused drop_spoofed_vlan sub2 810000c881000007
	tcp_both_ways sub2
	fragments sub2
}

stack_forwarded_nothing() # of pings that are no fragments
{
	expect 0 eval "on bng nft -j list counter ip seen small |
		jq '.nftables[] | .counter // empty | .packets'"
}

topo_up 0
bridge -n acc link set dev up0 learning off
line_add sub1 "$(mac 1)" 802.1Q 100
line_add sub2 "$(mac 2)" 802.1ad 200 802.1Q 7
line_add sub3 "$(mac 3)" 802.1Q 200 802.1Q 7
line_add sub4 "$(mac 4)"
line_add sub5 "$(mac 1)" 802.1Q 101
line_add sub6 "$(mac 6)" 802.1ad 4094 802.1Q 4094
acc_mac=$(mac_of bng acc0) bng_mac=$(mac_of bng core0) srv_mac=$(mac_of core srv)
watch core srv arrived "udp dport 9"
on bng nft -f - <<'EOT'
table ip seen {
	counter small { }
	chain forward {
		type filter hook forward priority 0
		icmp type { echo-request, echo-reply } meta length < 1000 counter name small
	}
}
EOT
kea_start 7200
start iperf3 core iperf3 -s
bng_ifaces vlan both circuit-id '{vlan}/{svlan}/{cvlan}'

check "one tag, udhcpc" comes_up sub1 udhcpc "$(mac 1) 100 null null 100/0/100"
check "802.1ad and 802.1Q, dhclient" \
	comes_up sub2 dhclient "$(mac 2) 200 7 802.1ad 200.7/200/7"
check "802.1Q twice, udhcpc that asks for broadcast" \
	comes_up sub3 udhcpc "$(mac 3) 200 7 null 200.7/200/7" -B
check "untagged on the same iface" comes_up sub4 udhcpc "$(mac 4) null null null 0/0/0"
check "the MAC address of another line" \
	comes_up sub5 udhcpc "$(mac 1) 101 null null 101/0/101" -x 0x3d:0102030405
check "the greatest VIDs" \
	comes_up sub6 udhcpc "$(mac 6) 4094 4094 802.1ad 4094.4094/4094/4094"
check "the same MAC address is two sessions" same_mac_two_sessions
check "sessions are listed by VLAN" lists_by_vlan
check "renewal by unicast" renews sub1
check "renewal by unicast, two tags" renews sub3
check "the same xid and MAC address from two lines" same_xid
check "traffic both ways, one tag, no ARP" \
	only_tagged sub1 81000064 reaches_and_is_reached sub1
check "traffic both ways, 802.1ad and 802.1Q, no ARP" \
	only_tagged sub2 88a800c881000007 reaches_and_is_reached sub2
check "traffic both ways, 802.1Q twice, no ARP" \
	only_tagged sub3 810000c881000007 reaches_and_is_reached sub3
check "traffic both ways, tags in the frame" tags_in_the_frame \
	only_tagged sub6 88a80ffe81000ffe reaches_and_is_reached sub6 sub1 sub3
check "traffic both ways, untagged and the other with its MAC address" \
	reaches_and_is_reached sub4 sub5
check "fragments, one tag" only_tagged sub1 81000064 fragments sub1
check "fragments, two tags" only_tagged sub2 88a800c881000007 fragments sub2
check "TCP with GSO, one tag" tcp_both_ways sub1
check "TCP with GSO, two tags" tcp_both_ways sub2
check "the gateway's ICMP errors, one tag" ttl_exceeded sub1
check "the gateway's ICMP errors, two tags" ttl_exceeded sub2
check "from line to line" neighbour_line
check "the device goes down and up" link_flaps
check "frames with a line's own tags pass" own_tags_pass
check "frames with other tags do not" other_tags_do_not
check "frames that end in their tags" cut_off
check "ARP is answered on the line that asks" arp_on_lines
check "an address stays where it is" twin_gets_no_address
check "RELEASE from another line" foreign_release
check "only what the iface takes is taken" modes
check "static sessions" static_sessions
check "all of this on the fast path" with_fastpath
check "of that the stack forwarded fragments only" stack_forwarded_nothing
check "RELEASE ends a session, one tag" released sub1
check "RELEASE ends a session, two tags" released sub3
done_testing
