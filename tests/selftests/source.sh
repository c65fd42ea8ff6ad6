#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Who may send what. Frames are made by hand, so that each counter must grow by
# what was sent; one subscriber's pings must not notice. Topology: lib.sh with
#
#   sub1 10.64.1.1 active   ─┐
#   sub2 10.64.1.2 pending  ─┤     ┌─ acc0 ────┐
#   sub3 10.64.1.3 active   ─┤ br0 ┤       BNG ├ core0 ── srv 192.0.2.2
#   sub4 10.64.1.4 rejected ─┤     └─ acc0.100 ┘
#   sub5 10.65.1.5 active   ─┘ VLAN 100
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/frames.bash"

N=10
acc_mac= bng_mac= srv_mac=

# One UDP packet, one ICMP and one TCP, which nobody answers.
three_packets() # SOURCE DESTINATION
{
	udp_packet "$1" "$2"
	ipv4_packet "$1" "$2" 1 0000ffff00000000
	ipv4_packet "$1" "$2" 6 1388000900000000000000005004ffff00000000
}

up() # NAMESPACE MAC ADDRESS [DESTINATION]: N frames of each protocol
{
	three_packets "$3" "${4:-$SERVER}" | while read -r packet; do
		eth_frame "$acc_mac" "$2" 0800 "$packet"
	done | pkt "$1" send eth0 $N
}

down() # ADDRESS: the same from the core
{
	three_packets $SERVER "$1" | while read -r packet; do
		eth_frame "$bng_mac" "$srv_mac" 0800 "$packet"
	done | pkt core send srv $N
}

# What the others prove needs this: the same frames pass when they may.
pass_both_ways() # NUMBER
{
	mark
	up "sub$1" "$(mac "$1")" "10.64.1.$1"
	busywait 20 expect $((3 * N)) seen core strangers
	down "10.64.1.$1"
	busywait 20 expect $((3 * N)) seen "sub$1" me
	counts ""
	on core nft reset counters > /dev/null
}

refused_up() # NAME NAMESPACE MAC ADDRESS [DESTINATION]
{
	mark
	up "${@:2}"
	counts "$1=$((3 * N))"
	expect 0 seen core strangers
}

refused_both_ways() # NUMBER
{
	refused_up drop_unauthorised "sub$1" "$(mac "$1")" "10.64.1.$1"
	mark
	down "10.64.1.$1"
	counts "drop_unauthorised=$((3 * N))"
	expect 0 seen "sub$1" me
}

gateway_is_known() # NAMESPACE
{
	ip -n "$1" neigh show $GATEWAY | grep -q "lladdr $acc_mac"
}

arp_and_dhcp_pass() # NUMBER
{
	ip -n "sub$1" neigh flush dev eth0
	fails on "sub$1" ping -q -c 1 -W 1 $GATEWAY
	busywait 10 gateway_is_known "sub$1"
	mark
	dhcpsend "sub$1" eth0 request
	counts "dhcp_relayed=1"
}

verdict_lets_pass()
{
	kbng session set 10.64.1.2 state active
	pass_both_ways 2
	kbng session set 10.64.1.2 state rejected
	refused_up drop_unauthorised sub2 "$(mac 2)" 10.64.1.2
}

another_subscribers_address()
{
	refused_up drop_spoofed_mac sub2 "$(mac 2)" 10.64.1.3
	refused_up drop_spoofed_mac sub4 "$(mac 4)" 10.64.1.3 10.64.1.1
}

nobodys_address()
{
	local address

	for address in 10.64.1.77 $GATEWAY $BNG $SERVER 0.0.0.0 255.255.255.255 \
			127.0.0.1 224.0.0.1; do
		refused_up drop_no_session sub3 "$(mac 3)" "$address"
	done
}

another_mac()
{
	refused_up drop_spoofed_mac sub3 02:00:00:00:99:99 10.64.1.3
}

another_iface()
{
	refused_up drop_spoofed_iface sub5 "$(mac 3)" 10.64.1.3
	refused_up drop_spoofed_iface sub3 "$(mac 5)" 10.65.1.5
}

# 802.1p tags with VLAN 0 are nobody's VLAN; two of them hide the packet behind.
priority_tagged()
{
	local tag

	for tag in 81000000 81002000 8100000081000000 88a8000081000000 \
			810000008100000081000000; do
		echo "tag $tag"
		mark
		eth_frame "$acc_mac" "$(mac 2)" "$tag" "0800$(udp_packet 10.64.1.3 $SERVER)" |
			pkt sub2 send eth0 $N
		eth_frame "$acc_mac" "$(mac 2)" "$tag" \
			"0806$(arp_packet 2 "$(mac 2)" 10.64.1.3 "$acc_mac" $GATEWAY)" |
			pkt sub2 send eth0 $N
		busywait 20 expect $((2 * N)) drops
		expect 0 seen core strangers
		fails ip_claimed 10.64.1.3 "$(mac 2)"
	done
}

drops() # since mark, whatever their names
{
	counted | tr ' ' '\n' | sed -n 's/^drop_.*=//p' | paste -sd + | bc
}

# The same for a tagged message to the relay: it must not reach the stack.
priority_tagged_dhcp()
{
	local frame tag

	frame=$(dhcpsend sub2 -n -m "$(mac 2)" eth0 discover)
	on bng nft -f - <<-'EOT'
	table ip dhcp {
		counter seen { }
		chain in {
			type filter hook prerouting priority raw
			udp dport 67 iifname "acc0*" counter name seen
		}
	}
	EOT
	for tag in 81000000 8100000081000000; do
		echo "${frame:0:24}$tag${frame:24}" | pkt sub2 send eth0 $N
	done
	fails busywait 1 stack_saw_dhcp
}

stack_saw_dhcp()
{
	[ "$(on bng nft -j list counter ip dhcp seen |
		jq '.nftables[] | .counter // empty | .packets')" -gt 0 ]
}

ip_claimed() # ADDRESS MAC: the BNG believes it
{
	ip -n bng neigh show | grep "^$1 .*lladdr $2"
}

arp() # NAMESPACE MAC PACKET: N frames
{
	eth_frame ff:ff:ff:ff:ff:ff "$2" 0806 "$3" | pkt "$1" send eth0 $N
}

arp_spoofed()
{
	local me=$(mac 2) zero=00:00:00:00:00:00 address packet

	for address in 10.64.1.3 10.64.1.1 $GATEWAY 10.64.1.77 $SERVER 10.65.1.5; do
		for packet in "1 $me $address $zero $GATEWAY" "2 $me $address $acc_mac $GATEWAY" \
				"1 $me $address $zero $address" "2 $me $address $zero $address"; do
			mark
			# shellcheck disable=SC2086
			arp sub2 "$me" "$(arp_packet $packet)"
			counts "drop_arp_spoofed=$N"
		done
		fails ip_claimed "$address" "$me"
	done
}

# The own address, but the frame and the message name different hosts.
arp_mac_spoofed()
{
	mark
	arp sub3 "$(mac 3)" "$(arp_packet 1 02:00:00:00:99:99 10.64.1.3 00:00:00:00:00:00 $GATEWAY)"
	arp sub3 02:00:00:00:99:99 "$(arp_packet 2 "$(mac 3)" 10.64.1.3 "$acc_mac" $GATEWAY)"
	arp sub3 02:00:00:00:99:99 "$(arp_packet 2 02:00:00:00:99:99 10.64.1.3 "$acc_mac" $GATEWAY)"
	counts "drop_arp_spoofed=$((3 * N))"
	fails ip_claimed 10.64.1.3 02:00:00:00:99:99
}

arp_from_another_iface()
{
	mark
	arp sub5 "$(mac 3)" "$(arp_packet 2 "$(mac 3)" 10.64.1.3 "$acc_mac" $GATEWAY)"
	counts "drop_arp_spoofed=$N"
	fails ip_claimed 10.64.1.3 "$(mac 3) .* acc0.100"
}

arp_malformed()
{
	local good

	good=$(arp_packet 1 "$(mac 3)" 10.64.1.3 00:00:00:00:00:00 $GATEWAY)
	mark
	arp sub3 "$(mac 3)" "${good:0:40}"
	arp sub3 "$(mac 3)" "0006${good:4}"
	arp sub3 "$(mac 3)" "${good:0:8}0804${good:12}"
	arp sub3 "$(mac 3)" "${good:0:8}ff04${good:12}"
	arp sub3 "$(mac 3)" "${good:0:8}0610${good:12}"
	arp sub3 "$(mac 3)" "${good:0:4}86dd${good:8}"
	counts "drop_malformed=$((6 * N))"
}

# A probe (RFC 5227) claims nothing. The own address may be announced.
arp_allowed()
{
	mark
	arp sub2 "$(mac 2)" "$(arp_packet 1 "$(mac 2)" 0.0.0.0 00:00:00:00:00:00 10.64.1.3)"
	arp sub3 "$(mac 3)" "$(arp_packet 1 "$(mac 3)" 10.64.1.3 00:00:00:00:00:00 10.64.1.3)"
	counts ""
	fails ip_claimed 10.64.1.3 "$(mac 2)"
	fails ip_claimed 0.0.0.0 "$(mac 2)"
}

a=2001:db8:a::1 c=2001:db8:c::2 echo6=8000000000000000

ipv6_up()
{
	mark
	eth_frame "$acc_mac" "$(mac 3)" 86dd "$(ipv6_packet $a $c 58 $echo6)" | pkt sub3 send eth0 $N
	eth_frame 33:33:00:00:00:01 "$(mac 3)" 86dd \
		"$(ipv6_packet fe80::1 ff02::1 58 $echo6)" |
		pkt sub3 send eth0 $N
	counts "drop_no_session=$N drop_link_local=$N"
}

ipv6_down()
{
	local n

	for n in all acc0 core0; do
		on bng sysctl -qw net.ipv6.conf.$n.disable_ipv6=0
	done
	on bng sysctl -qw net.ipv6.conf.all.forwarding=1
	ip -n bng -6 address add 2001:db8:c::1/64 dev core0 nodad
	ip -n bng -6 route add 2001:db8:a::/64 dev acc0
	mark
	eth_frame "$bng_mac" "$srv_mac" 86dd "$(ipv6_packet $c $a 58 $echo6)" | pkt core send srv $N
	counts "drop_no_session_down=$N"
	on bng sysctl -qw net.ipv6.conf.all.disable_ipv6=1
}

down_to_nobody()
{
	mark
	down 10.64.1.77
	down 10.64.255.254
	counts "drop_no_session_down=$((6 * N))"
	expect 0 seen sub1 who_has
}

malformed()
{
	local good n

	good=$(eth_frame "$acc_mac" "$(mac 3)" 0800 "$(udp_packet 10.64.1.3 $SERVER)")
	mark
	for n in 55 65 44 40; do
		poke 14 $n <<< "$good"		# version, length of the header
	done | ip_sum | pkt sub3 send eth0 $N
	for n in 0000 0013 0065 ffff; do
		poke 16 $n <<< "$good"		# length of the packet: 0064
	done | ip_sum | pkt sub3 send eth0 $N
	poke 16 001b <<< "$good" | ip_sum | pkt sub3 send eth0 $N	# 7 octets of UDP
	poke 14 4f <<< "${good:0:100}" | poke 16 0024 | pkt sub3 send eth0 $N
	echo "${good:0:66}" | pkt sub3 send eth0 $N	# not even a header
	counts "drop_malformed=$((11 * N))"
	expect 0 seen core strangers
}

grown() # NAME BY
{
	[ "$(counted | tr ' ' '\n' | sed -n "s/^$1=//p")" -ge "$2" ]
}

flows() # NAMESPACE
{
	[ "$(seen "$1" "$2")" -gt 20 ]
}

# What arrives before the session has ended, arrives; nothing does after that.
cleared_stops_up()
{
	local arrived

	start flood sub3 ping -q -i 0.005 $SERVER
	busywait 20 flows core strangers
	mark
	kbng session clear 10.64.1.3
	arrived=$(seen core strangers)
	busywait 60 grown drop_no_session 50
	expect "$arrived" seen core strangers
	stop flood
}

cleared_stops_down()
{
	local arrived

	kbng session new iface acc0 mac "$(mac 3)" address 10.64.1.3 state active
	on sub3 nft reset counters > /dev/null
	start flood core ping -q -i 0.005 10.64.1.3
	busywait 20 flows sub3 me
	mark
	kbng session clear 10.64.1.3
	arrived=$(seen sub3 me)
	busywait 60 grown drop_no_session_down 50
	expect "$arrived" seen sub3 me
	stop flood
}

# sub1 has pinged the server all the time.
bystander_unaffected()
{
	kill -INT "$(pid_of bystander)"
	busywait 20 is_gone bystander
	cat "$TMP/bystander.log"
	# The last one may still be on its way.
	awk '/packets transmitted/ { exit !($1 > 20 && $1 - $4 <= 1) }' "$TMP/bystander.log"
	expect active session_of sub1 .state
}

topo_up 4
sub_add sub5 "$(mac 5)" 100
ip -n bng link add link acc0 name acc0.100 type vlan id 100
ip -n bng link set acc0.100 up
ip -n bng address add 10.65.0.1/16 dev acc0.100
ip -n core route add 10.65.0.0/16 via $BNG
acc_mac=$(mac_of bng acc0) bng_mac=$(mac_of bng core0) srv_mac=$(mac_of core srv)
bng_ifaces
kbng iface set acc0.100 role access giaddr 10.65.0.1 server $SERVER
for n in 1 2 3 4; do
	ip -n sub$n address add 10.64.1.$n/16 dev eth0
	ip -n sub$n route add default via $GATEWAY
	watch sub$n eth0 me "ip daddr 10.64.1.$n"
	# A switch that lets them talk to each other lets them spoof each other.
	bridge -n acc link set dev sub$n isolated on
done
watch sub1 eth0 who_has 'arp operation request arp daddr ip != 10.64.1.0/28'
watch core srv strangers 'udp dport 67 return
			ip saddr != 10.64.1.1'
kbng session new --batch - > "$TMP/uuids" <<EOT
iface acc0 mac $(mac 1) address 10.64.1.1 state active
iface acc0 mac $(mac 2) address 10.64.1.2
iface acc0 mac $(mac 3) address 10.64.1.3 state active
iface acc0 mac $(mac 4) address 10.64.1.4 state rejected
iface acc0.100 mac $(mac 5) address 10.65.1.5 state active
EOT
on sub1 ping -q -c 1 -W 20 $SERVER > "$TMP/first-ping"
on core ping -q -c 1 -W 20 10.64.1.3 > "$TMP/first-ping"
on core nft reset counters > /dev/null
on sub3 nft reset counters > /dev/null
start bystander sub1 ping -q -i 0.1 $SERVER

check "frames of an active session pass both ways" pass_both_ways 3
check "pending: nothing passes in either direction" refused_both_ways 2
check "pending: ARP for the gateway and DHCP work" arp_and_dhcp_pass 2
check "rejected: nothing passes in either direction" refused_both_ways 4
check "rejected: ARP for the gateway and DHCP work" arp_and_dhcp_pass 4
check "a verdict lets pass, another stops" verdict_lets_pass
check "another subscriber's address" another_subscribers_address
check "an address without session, the gateway's and odd ones" nobodys_address
check "the own address from another MAC" another_mac
check "a session's address and MAC on another iface" another_iface
check "priority tags hide nothing" priority_tagged
check "priority tags hide no DHCP" priority_tagged_dhcp
check "ARP for another's address, the gateway's, nobody's" arp_spoofed
check "ARP with another MAC" arp_mac_spoofed
check "ARP on another iface" arp_from_another_iface
check "malformed ARP" arp_malformed
check "an ARP probe and an announcement pass" arp_allowed
check "IPv6 from a subscriber without a prefix" ipv6_up
check "IPv6 to nobody's prefix" ipv6_down
check "to an address without session, and nobody is asked for it" down_to_nobody
check "malformed IPv4 headers" malformed
check "session clear stops an upstream flow at once" cleared_stops_up
check "session clear stops a downstream flow at once" cleared_stops_down
check "meanwhile another subscriber lost nothing" bystander_unaffected
done_testing
