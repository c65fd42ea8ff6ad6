#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The counters of sessions against what nftables counts where the packets
# arrive, on the wire of the receiver, to the packet and the octet. Topology:
# lib.sh. The BNG's devices cut GSO packets when they send, so that the receiver
# sees what is on a wire, while the module sees the large packets.
#
#   sub1 10.64.1.1 ─┐
#                   ├ br0 ── acc0 (no TSO) BNG core0 (no TSO) ── srv 192.0.2.2
#   sub2 10.64.1.2 ─┘
#   each counts `down`                                 counts `up1` and `up2`
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/frames.bash"

acc_mac= bng_mac= srv_mac=

delivered() # NAMESPACE NAME...: packets and octets
{
	local names

	names=$(printf ',"%s"' "${@:2}")
	on "$1" nft -j list counters | jq -r "[${names#,}][] as \$name | .nftables[] |
		.counter // empty | select(.table == \$name) | \"\(.packets) \(.bytes)\""
}

billed() # NUMBER DIRECTION
{
	kbng -j session list address "10.64.1.$1" | jq -r ".[] |
		select(.state == \"active\") | .$2 | \"\(.packets4) \(.octets4)\""
}

# up of both subscribers at the server, down of both at their hosts
delivered_all()
{
	delivered core up1 up2
	delivered sub1 down
	delivered sub2 down
}

billed_all()
{
	kbng -j session list state active | jq -r 'sort_by(.address) |
		(.[0].up, .[1].up, .[0].down, .[1].down) | "\(.packets4) \(.octets4)"'
}

same()
{
	expect "$(delivered_all)" billed_all
}

equal()
{
	busywait 30 same
}

grown_by() # "PACKETS OCTETS" "BEFORE" "AFTER"
{
	local before after

	read -ra before <<< "$2"
	read -ra after <<< "$3"
	expect "$1" echo $((after[0] - before[0])) $((after[1] - before[1]))
}

sizes=(28 29 100 576 1499 1500)
N=50

udp_up()
{
	local size before total=0

	before=$(billed 1 up)
	for size in "${sizes[@]}"; do
		eth_frame "$acc_mac" "$(mac 1)" 0800 "$(udp_packet 10.64.1.1 $SERVER "$size")"
	done | pkt sub1 send eth0 $N
	for size in "${sizes[@]}"; do total=$((total + size)); done
	equal
	grown_by "$((N * ${#sizes[@]})) $((N * total))" "$before" "$(billed 1 up)"
}

udp_down()
{
	local size before total=0

	before=$(billed 1 down)
	for size in "${sizes[@]}"; do
		eth_frame "$bng_mac" "$srv_mac" 0800 "$(udp_packet $SERVER 10.64.1.1 "$size")"
	done | pkt core send srv $N
	for size in "${sizes[@]}"; do total=$((total + size)); done
	equal
	grown_by "$((N * ${#sizes[@]})) $((N * total))" "$before" "$(billed 1 down)"
}

# Frames shorter than Ethernet's least are padded on a wire: that is not billed.
padded()
{
	local before packet

	before=$(billed 1 up)
	packet=$(udp_packet 10.64.1.1 $SERVER 29)
	eth_frame "$acc_mac" "$(mac 1)" 0800 "$packet$(printf %034d 0)" | pkt sub1 send eth0 $N
	busywait 20 grown_by_now "$N $((N * 29))" "$before" 1 up
	equal
}

grown_by_now() # "PACKETS OCTETS" "BEFORE" NUMBER DIRECTION
{
	grown_by "$1" "$2" "$(billed "$3" "$4")"
}

icmp()
{
	local before

	before=$(billed 1 down)
	on sub1 ping -q -c 20 -i 0.02 -W 20 -s 1000 $SERVER
	on core ping -q -c 20 -i 0.02 -W 20 -s 100 10.64.1.2
	equal
	grown_by "20 20560" "$before" "$(billed 1 down)"
}

tcp_to() # up|down OCTETS [OPTION...]
{
	local reverse=()

	[ "$1" = up ] || reverse=(-R)
	on sub1 iperf3 -c $SERVER -n "$2" "${reverse[@]}" "${@:3}" > "$TMP/iperf3" ||
		{ cat "$TMP/iperf3" >&2; return 1; }
}

# The module must have seen fewer packets than it billed.
gso_was_used() # DIRECTION PACKETS_BILLED
{
	local seen

	seen=$(on bng nft -j list counter ip big "$1" |
		jq '.nftables[] | .counter // empty | .packets')
	echo "$1: $seen packets were billed as $2"
	[ "$seen" -lt $(($2 * 3 / 4)) ]
}

tcp_gso()
{
	local before after

	on bng nft reset counters > /dev/null
	before=$(billed 1 up)
	tcp_to up 4M
	equal
	after=$(billed 1 up)
	gso_was_used up $((${after% *} - ${before% *}))
	on bng nft reset counters > /dev/null
	before=$(billed 1 down)
	tcp_to down 4M
	equal
	after=$(billed 1 down)
	gso_was_used down $((${after% *} - ${before% *}))
}

tcp_fast()
{
	on bng nft reset counters > "$TMP/reset"
	tcp_to up 4M
	equal
	tcp_to down 4M
	equal
	expect "0 0" eval "on bng nft -j list counters table ip big |
		jq -r '[.nftables[] | .counter // empty | .packets] | join(\" \")'"
}

tcp_no_gso()
{
	on sub1 ethtool -K eth0 tso off gso off
	on core ethtool -K srv tso off gso off
	tcp_to up 2M
	tcp_to down 2M
	equal
	tcp_to up 500K -M 536
	equal
	on sub1 ethtool -K eth0 tso on gso on
	on core ethtool -K srv tso on gso on
}

udp_iperf()
{
	on sub1 iperf3 -c $SERVER -u -b 8M -l 1400 -t 2 > "$TMP/iperf3"
	on sub1 iperf3 -c $SERVER -u -b 8M -l 1400 -t 2 -R > "$TMP/iperf3"
	equal
}

# The sender fragments: each fragment is a packet.
fragments()
{
	local before

	before=$(billed 1 up)
	on sub1 ping -q -c 10 -i 0.02 -W 20 -s 4000 $SERVER
	equal
	grown_by "30 $((10 * (4008 + 3 * 20)))" "$before" "$(billed 1 up)"
}

# conntrack puts fragments together before the module sees them.
fragments_conntrack()
{
	on bng nft add table ip track
	on bng nft 'add chain ip track forward { type filter hook forward priority 0; }'
	on bng nft add rule ip track forward ct state established,related accept
	fragments
	on core ping -q -c 5 -i 0.02 -W 20 -s 3001 10.64.1.2
	equal
}

# The BNG fragments what the access side does not take, unless it must not.
fragments_by_the_bng()
{
	local before

	before=$(billed 1 down)
	eth_frame "$bng_mac" "$srv_mac" 0800 "$(udp_packet $SERVER 10.64.1.1 1428)" |
		poke 20 0000 | ip_sum | pkt core send srv $N
	eth_frame "$bng_mac" "$srv_mac" 0800 "$(udp_packet $SERVER 10.64.1.1 1428)" |
		pkt core send srv $N
	equal
	grown_by "$((2 * N)) $((N * (1408 + 2 * 20)))" "$before" "$(billed 1 down)"
}

nat()
{
	on bng nft -f - <<-'EOT'
	table ip nat {
		chain post {
			type nat hook postrouting priority srcnat
			oifname "core0" masquerade
		}
	}
	EOT
	local before

	before=$(billed 1 up)
	on sub1 ping -q -c 10 -i 0.02 -W 20 -s 100 $SERVER
	busywait 20 grown_by_now "10 1280" "$before" 1 up
	before=$(billed 1 down)
	on sub1 ping -q -c 10 -i 0.02 -W 20 -s 200 $SERVER
	busywait 20 grown_by_now "10 2280" "$before" 1 down
	nat_gso
	on bng nft delete table ip nat
	# What conntrack knows of these is gone with it.
	on core nft reset counters > /dev/null
}

# At this rate the module takes GSO packets apart, before they get their address.
nat_gso()
{
	local before after

	kbng session set 10.64.1.1 rate-up 20M
	on bng nft reset counters > /dev/null
	before=$(billed 1 up)
	tcp_to up 2M
	after=$(billed 1 up)
	gso_was_used up $((${after% *} - ${before% *}))
	kbng session set 10.64.1.1 rate-up 0
}

received_is_billed() # NUMBER
{
	expect "$(delivered "sub$1" down)" billed "$1" down
}

# From one subscriber to another, by way of the BNG: up of one, down of the other.
between_subscribers()
{
	local before1 before2

	before1=$(billed 1 up) before2=$(billed 2 down)
	eth_frame "$acc_mac" "$(mac 1)" 0800 "$(udp_packet 10.64.1.1 10.64.1.2 1000)" |
		pkt sub1 send eth0 $N
	busywait 20 grown_by_now "$N $((N * 1000))" "$before1" 1 up
	busywait 20 grown_by_now "$N $((N * 1000))" "$before2" 2 down
	busywait 20 received_is_billed 2
}

# Whichever of the two it is who is isolated; what is dropped nobody pays.
isolated() # WHO
{
	local before1 before2

	before1=$(billed 1 up) before2=$(billed 2 down)
	kbng session set "10.64.1.$1" isolated on
	mark
	eth_frame "$acc_mac" "$(mac 1)" 0800 "$(udp_packet 10.64.1.1 10.64.1.2 1000)" |
		pkt sub1 send eth0 $N
	busywait 20 eval "[ \"\$(counted_as drop_isolated)\" = $N ]"
	expect "$before1" billed 1 up
	expect "$before2" billed 2 down
	kbng session set "10.64.1.$1" isolated off
	between_subscribers
}

# To the other's rate: what that one does not get, this one does not pay.
between_subscribers_shaped()
{
	local before1 before2 after1 after2

	before1=$(billed 1 up) before2=$(billed 2 down)
	kbng session set 10.64.1.2 rate-down 1M
	eth_frame "$acc_mac" "$(mac 1)" 0800 "$(udp_packet 10.64.1.1 10.64.1.2 1500)" |
		pkt sub1 send eth0 300
	kbng session set 10.64.1.2 rate-down 0
	busywait 20 received_is_billed 2
	after1=$(billed 1 up) after2=$(billed 2 down)
	[ $((${after2% *} - ${before2% *})) -lt 300 ]
	expect $((${after2% *} - ${before2% *})) echo $((${after1% *} - ${before1% *}))
}

drops_of() # NUMBER DIRECTION
{
	kbng -j session show "10.64.1.$1" | jq ".[].$2.drops"
}

counted_as() # NAME
{
	counted | tr ' ' '\n' | sed -n "s/^$1=//p"
}

more_than() # N COMMAND...
{
	[ "$("${@:2}")" -gt "$1" ]
}

# 500 packets at once to a session of 1 Mbit/s: most of them are dropped.
dropped_not_billed()
{
	local direction before drops passed

	kbng session set 10.64.1.1 rate-up 1M rate-down 1M
	mark
	for direction in up down; do
		before=$(billed 1 $direction) drops=$(drops_of 1 $direction)
		if [ $direction = up ]; then
			eth_frame "$acc_mac" "$(mac 1)" 0800 "$(udp_packet 10.64.1.1 $SERVER 1500)" |
				pkt sub1 send eth0 500
		else
			eth_frame "$bng_mac" "$srv_mac" 0800 "$(udp_packet $SERVER 10.64.1.1 1500)" |
				pkt core send srv 500
		fi
		equal
		drops=$(($(drops_of 1 $direction) - drops))
		passed=$(billed 1 $direction)
		passed=$((${passed% *} - ${before% *}))
		echo "$direction: $passed passed, $drops dropped"
		expect 500 echo $((passed + drops))
		[ $drops -gt 400 ]
		expect "$drops" eval "counted | tr ' ' '\\n' |
			awk -F = '/^drop_(shaper|aqm)_$direction=/ { n += \$2 } END { print n }'"
	done
}

# Rates change all the time while TCP runs: the counters never step back.
never_back()
{
	local last=0 now rates=(5M 20M 2M 0 50M) n

	start iperf sub1 iperf3 -c $SERVER -t 60 -R
	for n in {0..7}; do
		kbng session set 10.64.1.1 rate-down "${rates[n % 5]}"
		now=$(billed 1 down)
		[ "${now#* }" -ge $last ]
		last=${now#* }
	done
	[ $last -gt 0 ]
	stop iperf INT
	kbng session set 10.64.1.1 rate-down 0
	equal
}

# As DHCP does it: an ACK extends the lease of a session with traffic.
survive_renewal()
{
	local before

	dhcpsend sub1 -x 5 -c 10.64.1.1 eth0 request
	before=$(billed 1 down)
	dhcpsend core -p 67:67 -W 0:02 -M "$bng_mac" -S $SERVER -D $GATEWAY -g $GATEWAY \
		-m "$(mac 1)" -x 5 -y 10.64.1.1 -c 10.64.1.1 -l 900 srv ack
	busywait 20 expect "1 900" session_of sub1 '"\(.renewals) \(.lease_time)"'
	expect "$before" billed 1 down
}

stopped_counts()
{
	kbng -j session show "$1" | jq -c '.[] | [.state, .up, .down]'
}

# The server sends on to an address whose session has ended.
final_is_final()
{
	local uuid final

	uuid=$(session_of sub1 .uuid)
	start flood core ping -q -i 0.005 10.64.1.1
	start flood-up sub1 ping -q -i 0.005 $SERVER
	on sub1 ping -q -c 5 -W 20 $SERVER
	mark
	kbng session clear "$uuid"
	final=$(stopped_counts "$uuid")
	busywait 60 more_than 50 counted_as drop_no_session_down
	stop flood
	stop flood-up
	expect "$final" stopped_counts "$uuid"
	kbng session new iface acc0 mac "$(mac 1)" address 10.64.1.1 state active
	on sub1 ping -q -c 5 -W 20 $SERVER
	expect "$final" stopped_counts "$uuid"
	expect "5 420" billed 1 up
}

topo_up 2
idle() # NUMBER COMPARISON SECONDS
{
	[ "$(kbng -j session show "10.64.1.$1" | jq '.[].idle')" "$2" "$3" ]
}

# Only what the subscriber sends counts: the Internet's noise never ends.
idle_time()
{
	eth_frame "$acc_mac" "$(mac 2)" 0800 "$(udp_packet 10.64.1.2 $SERVER 100)" |
		pkt sub2 send eth0 1
	busywait 20 idle 2 -lt 2
	busywait 30 idle 2 -ge 3
	eth_frame "$bng_mac" "$srv_mac" 0800 "$(udp_packet $SERVER 10.64.1.2 100)" |
		pkt core send srv 1
	equal
	idle 2 -ge 3
	eth_frame "$acc_mac" "$(mac 2)" 0800 "$(udp_packet 10.64.1.2 $SERVER 100)" |
		pkt sub2 send eth0 1
	busywait 20 idle 2 -lt 3
}

acc_mac=$(mac_of bng acc0) bng_mac=$(mac_of bng core0) srv_mac=$(mac_of core srv)
bng_ifaces
on bng ethtool -K acc0 tso off gso off
on bng ethtool -K core0 tso off gso off
on bng nft -f - <<'EOT'
table ip big {
	counter up { }
	counter down { }
	chain forward {
		type filter hook forward priority 0
		ip saddr 10.64.1.1 counter name up
		ip daddr 10.64.1.1 counter name down
	}
}
EOT
for n in 1 2; do
	ip -n sub$n address add 10.64.1.$n/32 dev eth0
	ip -n sub$n route add $GATEWAY dev eth0
	ip -n sub$n route add default via $GATEWAY
	watch core srv up$n "ip saddr 10.64.1.$n"
	watch sub$n eth0 down "ip daddr 10.64.1.$n ip saddr != $GATEWAY"
	kbng session new iface acc0 mac "$(mac $n)" address 10.64.1.$n state active > "$TMP/uuid"
	on sub$n ping -q -c 1 -W 20 $SERVER > "$TMP/ping"
done
start iperf3 core iperf3 -s
busywait 20 listens t 5201

check "what has been sent so far" equal
check "UDP from 28 to 1500 octets, up" udp_up
check "UDP from 28 to 1500 octets, down" udp_down
check "the padding of a frame is not billed" padded
check "ICMP" icmp
check "TCP with GSO: large packets are billed as what they become" tcp_gso
check "TCP without GSO, and with small segments" tcp_no_gso
check "UDP of iperf3" udp_iperf
check "fragments of the sender" fragments
check "fragments that conntrack puts together" fragments_conntrack
ip -n bng link set acc0 mtu 1280
check "fragments that the BNG makes" fragments_by_the_bng
ip -n bng link set acc0 mtu 1500
check "what the shaper drops is not billed" dropped_not_billed
kbng session set 10.64.1.1 rate-up 0 rate-down 0 > "$TMP/set"
check "the counters never step back while rates change" never_back
check "a renewal keeps the counters" survive_renewal
check "idle time is since the subscriber's newest packet" idle_time

# Again, past the stack: rules of nftables see none of these packets.
fastpath on
kbng session set 10.64.1.1 rate-up 0 rate-down 0 > "$TMP/set"
check "fast path: UDP from 28 to 1500 octets, up" udp_up
check "fast path: UDP from 28 to 1500 octets, down" udp_down
check "fast path: the padding of a frame is not billed" padded
check "fast path: ICMP" icmp
check "fast path: TCP with GSO" tcp_fast
check "fast path: TCP without GSO, and with small segments" tcp_no_gso
check "fast path: UDP of iperf3" udp_iperf
check "fast path: what the shaper drops is not billed" dropped_not_billed
kbng session set 10.64.1.1 rate-up 0 rate-down 0 > "$TMP/set"
check "fast path: the counters never step back while rates change" never_back
fastpath off

check "behind source NAT" nat
check "from subscriber to subscriber" between_subscribers
check "nothing passes from one who is isolated" isolated 1
check "nor to him" isolated 2
check "from subscriber to subscriber, above the receiver's rate" between_subscribers_shaped
check "a stopped session's counters stay, and the next one starts at 0" final_is_final
fastpath on
check "fast path: a stopped session's counters stay, and the next one starts at 0" final_is_final
done_testing
