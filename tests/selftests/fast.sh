#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The fast path against the normal path: the same frames are sent through both,
# and what comes out anywhere must be the same, byte for byte, and so must the
# counters. nftables in the BNG sees which packets travelled the stack.
#
#   sub1 10.64.1.1, 2001:db8:a::1, 2001:db8:1::/56 ─┐    (the way out: mtu 1400)
#                                                   ├ br0 ── acc0 BNG core0 ── srv
#   sub2 10.64.1.2, 2001:db8:a::2 ──────────────────┘      192.0.2.2, 2001:db8:c::2
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/frames.bash"

acc_mac= bng_mac= srv_mac=
END=656e64				# "end", which the last packet carries

# --- The mix ----------------------------------------------------------------

# Variants of a good frame from stdin, which has an IPv4 header without options.
variants()
{
	local good ttl tos

	read -r good
	echo "$good"
	for ttl in 40 02 01 00 ff; do poke 22 $ttl <<< "$good" | ip_sum; done
	for tos in b8 03 10 20 fc; do poke 15 $tos <<< "$good" | ip_sum; done
	for proto in 01 06 2f 32 84 fd; do poke 23 $proto <<< "$good" | ip_sum; done
	poke 20 0000 <<< "$good" | ip_sum		# may be fragmented
	poke 20 2000 <<< "$good" | ip_sum		# first of several fragments
	poke 20 20b9 <<< "$good" | ip_sum		# one from the middle
	poke 20 00b9 <<< "$good" | ip_sum		# the last
	poke 18 abcd <<< "$good" | ip_sum		# an identification
	poke 24 1234 <<< "$good"			# wrong checksum
	poke 16 0014 <<< "$good" | ip_sum		# the rest is padding
	poke 16 0013 <<< "$good" | ip_sum		# shorter than its header
	poke 16 2000 <<< "$good" | ip_sum		# longer than the frame
	poke 14 44 <<< "$good" | ip_sum			# header too short
	poke 14 46 <<< "$good" | poke 34 01010100 | ip_sum	# options: nothing
	poke 14 46 <<< "$good" | poke 34 94040000 | ip_sum	# router alert
	poke 14 47 <<< "$good" | poke 34 8307040a40010900 | ip_sum # source route
	poke 14 65 <<< "$good"				# version 6
}

# Good frames for other destinations or of other sizes: DST SRC IP_SRC LIST
sizes_of() # MAC_TO MAC_FROM IP_FROM IP_TO
{
	local size

	for size in 28 29 46 64 576 1400 1401 1500; do
		eth_frame "$1" "$2" 0800 "$(udp_packet "$3" "$4" $size)"
		eth_frame "$1" "$2" 0800 "$(udp_packet "$3" "$4" $size)" |
			poke 20 0000 | ip_sum
	done
}

# The same with an IPv6 header.
variants6()
{
	local good hops next rest

	read -r good
	echo "$good"
	for hops in 40 02 01 00 ff; do poke 21 $hops <<< "$good"; done
	poke 14 6b8abcde <<< "$good"			# traffic class, flow label
	for next in 06 2f 32 3b 84 fd; do poke 20 $next <<< "$good"; done
	for rest in 0010 0001 0000 2000; do		# lengths
		poke 18 $rest <<< "$good"
	done
	poke 14 45 <<< "$good"				# version 4
	# hop-by-hop: padding, router alert, cut off; for the destination;
	# fragments: the only, first, middle, last; a routing header
	for next in 00.1100010400000000 00.1100050200000000 00.11ff010400000000 \
		3c.1100010400000000 2c.1100000000000001 2c.1100000100000002 \
		2c.110000b900000003 2c.110000b800000004 2b.1100000000000000; do
		rest=$(printf %04x $((0x${good:36:4} + 8)))
		poke 20 "${next%.*}" <<< "${good:0:108}${next#*.}${good:108}" |
			poke 18 "$rest"
	done
	echo "${good:0:80}"				# ends in the header
}

sizes6_of() # MAC_TO MAC_FROM IP_FROM IP_TO
{
	local size

	for size in 48 49 64 576 1280 1400 1401 1500; do
		eth_frame "$1" "$2" 86dd "$(udp6_packet "$3" "$4" $size)"
	done
}

mix6_up()
{
	local from=2001:db8:1:2::5 to

	eth_frame "$acc_mac" "$(mac 1)" 86dd "$(udp6_packet $from $SERVER6 120)" |
		variants6
	sizes6_of "$acc_mac" "$(mac 1)" 2001:db8:a::1 $SERVER6
	# the gateway, another subscriber, where no route leads, groups (who does not
	# answer neighbour discovery would be told of late)
	for to in fe80::1 $BNG6 2001:db8:a::2 2001:db8:dd::1 2001:db8:dead::1 \
		::1 :: ff02::1 ff02::5 ff0e::5; do
		eth_frame "$acc_mac" "$(mac 1)" 86dd "$(udp6_packet $from $to 90)"
	done
	# a stranger, the other's address, addresses that are nobody's
	for from in 2001:db8:a::3 2001:db8:a::2 2001:db8:1:100::1 fe80::5 :: ::1 ff02::1; do
		eth_frame "$acc_mac" "$(mac 1)" 86dd "$(udp6_packet $from $SERVER6 90)"
	done
	eth_frame "$acc_mac" "$(mac 3)" 86dd "$(udp6_packet 2001:db8:a::1 $SERVER6 90)"
	eth_frame ff:ff:ff:ff:ff:ff "$(mac 1)" 86dd "$(udp6_packet 2001:db8:a::1 $SERVER6 90)"
}

mix6_down()
{
	local from to

	eth_frame "$bng_mac" "$srv_mac" 86dd "$(udp6_packet $SERVER6 2001:db8:1:2::5 120)" |
		variants6
	sizes6_of "$bng_mac" "$srv_mac" $SERVER6 2001:db8:a::1
	for from in ::1 :: fe80::2 ff02::1 $BNG6 2001:db8:a::2 2001:db8:dd::1; do
		eth_frame "$bng_mac" "$srv_mac" 86dd "$(udp6_packet $from 2001:db8:a::1 90)"
	done
	for to in 2001:db8:a::9 2001:db8:1:ff::1 2001:db8:1:100::1 ff0e::5; do
		eth_frame "$bng_mac" "$srv_mac" 86dd "$(udp6_packet $SERVER6 $to 90)"
	done
	eth_frame ff:ff:ff:ff:ff:ff "$srv_mac" 86dd "$(udp6_packet $SERVER6 2001:db8:a::1 90)"
}

mix_up()
{
	local to

	eth_frame "$acc_mac" "$(mac 1)" 0800 "$(udp_packet 10.64.1.1 $SERVER 120)" |
		variants
	sizes_of "$acc_mac" "$(mac 1)" 10.64.1.1 $SERVER
	# the gateway, another subscriber, nobody, and where no route leads
	for to in $GATEWAY $BNG 10.64.1.2 10.64.9.9 198.51.100.1 203.0.113.1 \
		127.0.0.1 0.0.0.0 224.0.0.5 255.255.255.255 10.64.255.255; do
		eth_frame "$acc_mac" "$(mac 1)" 0800 "$(udp_packet 10.64.1.1 $to 90)"
	done
	# a stranger, the other's address, somebody else's frame
	eth_frame "$acc_mac" "$(mac 3)" 0800 "$(udp_packet 10.64.1.3 $SERVER 90)"
	eth_frame "$acc_mac" "$(mac 1)" 0800 "$(udp_packet 10.64.1.2 $SERVER 90)"
	eth_frame ff:ff:ff:ff:ff:ff "$(mac 1)" 0800 "$(udp_packet 10.64.1.1 $SERVER 90)"
	mix6_up
}

mix_down()
{
	local from

	eth_frame "$bng_mac" "$srv_mac" 0800 "$(udp_packet $SERVER 10.64.1.1 120)" |
		variants
	sizes_of "$bng_mac" "$srv_mac" $SERVER 10.64.1.1
	# sources that may not be, and the BNG's own
	for from in 127.0.0.1 0.0.0.0 224.0.0.5 255.255.255.255 240.0.0.1 $BNG \
		$GATEWAY 10.64.1.2 198.51.100.7; do
		eth_frame "$bng_mac" "$srv_mac" 0800 "$(udp_packet $from 10.64.1.1 90)"
	done
	eth_frame "$bng_mac" "$srv_mac" 0800 "$(udp_packet $SERVER 10.64.1.9 90)"
	eth_frame ff:ff:ff:ff:ff:ff "$srv_mac" 0800 "$(udp_packet $SERVER 10.64.1.1 90)"
	mix6_down
}

last_up()
{
	eth_frame "$acc_mac" "$(mac 1)" 0800 \
		"$(ipv4_packet 10.64.1.1 $SERVER 253 "$END$(printf %080d 0)")"
}

last_down()
{
	eth_frame "$bng_mac" "$srv_mac" 0800 \
		"$(ipv4_packet $SERVER 10.64.1.1 253 "$END$(printf %080d 0)")"
}

# --- Both ways --------------------------------------------------------------

# What the BNG itself wrote (ICMP errors) has identifications of its own; its
# neighbour discovery comes when it wants.
without_own_ids()
{
	local own

	own="$(hex_addr $GATEWAY)|$(hex_addr $BNG)"
	sed -E "/^3333.{20}86dd/d; s/^(.{36})....(.{6}01)....($own)/\1iiii\2cccc\3/"
}

sessions_counted()
{
	kbng -j session list state active | jq -c 'sort_by(.address) | map([.up, .down])'
}

stack_forwarded()
{
	on bng nft -j list counter inet seen forwarded |
		jq '.nftables[] | .counter // empty | .packets'
}

# The mix of DIRECTION through the path that is set up, from fresh sessions.
# Leaves what came out where, what was counted, and what the stack saw.
through() # normal|fast up|down
{
	local out=$TMP/$1-$2 from=sub1 device=eth0 n

	[ "$2" = up ] || from=core device=srv
	ip -n bng link set acc0 mtu $([ "$2" = up ] && echo 1500 || echo 1400)
	ip -n bng link set core0 mtu $([ "$2" = up ] && echo 1400 || echo 1500)
	for n in 1 2; do
		kbng session clear "10.64.1.$n" > "$TMP/clear" 2>&1 || true
		kbng session new iface acc0 mac "$(mac $n)" address 10.64.1.$n \
			prefix 2001:db8:a::$n $([ $n -gt 1 ] || echo prefix 2001:db8:1::/56) \
			state active > "$TMP/uuid"
	done
	on bng nft reset counters > "$TMP/reset"
	mark
	start at-srv core "$TOOLS/pkt" recv srv 600
	start at-sub1 sub1 "$TOOLS/pkt" recv eth0 600
	start at-sub2 sub2 "$TOOLS/pkt" recv eth0 600
	sleep 1					# until they listen
	# From one processor, or they may overtake each other.
	mix_"$2" | on $from taskset -c 0 "$TOOLS/pkt" send $device
	last_"$2" | pkt $from send $device
	last_up | pkt sub1 send eth0
	last_down | pkt core send srv
	wait_log 60 at-srv $END
	wait_log 60 at-sub1 $END
	for n in srv sub1 sub2; do
		stop at-$n
		without_own_ids < "$TMP/at-$n.log" > "$out-$n"
	done
	sessions_counted > "$out-counts"
	counted | tr ' ' '\n' | grep -v '^fast_' > "$out-stats"
	counted | tr ' ' '\n' | grep '^fast_' > "$out-fast" || true
	stack_forwarded > "$out-stack"
}

same_out() # up|down
{
	local what

	fastpath off
	through normal "$1"
	fastpath on
	through fast "$1"
	for what in srv sub1 sub2 counts stats; do
		diff -u "$TMP/normal-$1-$what" "$TMP/fast-$1-$what"
	done
	[ "$(wc -l < "$TMP/normal-$1-$([ "$1" = up ] && echo srv || echo sub1)")" -ge 30 ]
}

# Who was not on the fast path is counted under a reason, and nobody else took
# the stack's way.
fell_back() # up|down REASON...
{
	local all few

	cat "$TMP/fast-$1-fast"
	all=$(cat "$TMP/normal-$1-stack") few=$(cat "$TMP/fast-$1-stack")
	echo "the stack forwarded $all, and $few of the same with the fast path"
	[ "$few" -lt "$all" ]
	for name in "${@:2}"; do
		grep -q "^fast_$name=" "$TMP/fast-$1-fast"
	done
}

no_fallback_without_it()
{
	[ ! -s "$TMP/normal-up-fast" ]
	[ ! -s "$TMP/normal-down-fast" ]
}

# --- Changes count at once --------------------------------------------------

# More packets up, as many as it takes to remember the way; prints the destination
# MAC of the first that arrives at the server, or nothing when none does.
arrives() # FRAME
{
	start probe core "$TOOLS/pkt" recv srv 5 4
	sleep 0.5
	printf '%s\n' "$1" "$1" "$1" "$1" | pkt sub1 send eth0
	busywait 10 is_gone probe
	# Between them the BNG may look for its neighbours.
	sed -n "/$END/ { s/^\(.\{12\}\).*/\1/p; q }" "$TMP/probe.log"
}

arrives_with()
{
	arrives "$(eth_frame "$acc_mac" "$(mac 1)" 0800 \
		"$(ipv4_packet 10.64.1.1 "${1:-$SERVER}" 253 "$END")")"
}

changes_count()
{
	local before

	on core ip neighbour flush all
	before=$(stack_forwarded)
	expect "${srv_mac//:/}" arrives_with
	ip -n bng route add blackhole $SERVER/32
	expect "" arrives_with
	ip -n bng route del blackhole $SERVER/32
	expect "${srv_mac//:/}" arrives_with
	ip -n bng neighbour replace $SERVER lladdr 02:00:00:00:99:99 dev core0
	expect 020000009999 arrives_with
	ip -n bng neighbour replace $SERVER lladdr "$srv_mac" dev core0
	on bng sysctl -qw net.ipv4.conf.acc0.forwarding=0
	expect "" arrives_with
	on bng sysctl -qw net.ipv4.conf.acc0.forwarding=1
	expect "${srv_mac//:/}" arrives_with
	expect "$before" stack_forwarded
}

# What the stack decides by the source: filters, rules, addresses of its own.
sources_count()
{
	local before

	before=$(stack_forwarded)
	expect "${srv_mac//:/}" arrives_with
	ip -n bng route add 10.64.1.1/32 dev core0
	expect "${srv_mac//:/}" arrives_with
	on bng sysctl -qw net.ipv4.conf.acc0.rp_filter=1
	expect "" arrives_with
	ip -n bng route del 10.64.1.1/32 dev core0
	expect "${srv_mac//:/}" arrives_with
	on bng sysctl -qw net.ipv4.conf.acc0.rp_filter=0
	expect "${srv_mac//:/}" arrives_with
	# Not every kernel has rules.
	if ip -n bng rule add from 10.64.1.1 blackhole 2> "$TMP/rule"; then
		expect "" arrives_with
		ip -n bng rule del from 10.64.1.1 blackhole
		expect "${srv_mac//:/}" arrives_with
	fi
	ip -n bng address add 10.64.1.1/32 dev lo
	expect "" arrives_with
	ip -n bng address del 10.64.1.1/32 dev lo
	expect "${srv_mac//:/}" arrives_with
	expect "$before" stack_forwarded
}

# Likewise with IPv6.
arrives6_with()
{
	arrives "$(eth_frame "$acc_mac" "$(mac 1)" 86dd \
		"$(ipv6_packet 2001:db8:1::1 $SERVER6 253 "$END")")"
}

changes_count6()
{
	local before

	before=$(stack_forwarded)
	expect "${srv_mac//:/}" arrives6_with
	ip -n bng -6 route add blackhole $SERVER6/128
	expect "" arrives6_with
	ip -n bng -6 route del blackhole $SERVER6/128
	expect "${srv_mac//:/}" arrives6_with
	ip -n bng neighbour replace $SERVER6 lladdr 02:00:00:00:99:99 dev core0
	expect 020000009999 arrives6_with
	ip -n bng neighbour replace $SERVER6 lladdr "$srv_mac" dev core0 nud permanent
	kbng session set 10.64.1.1 prefix 2001:db8:a::1 > "$TMP/set"
	expect "" arrives6_with
	kbng session set 10.64.1.1 prefix 2001:db8:a::1 prefix 2001:db8:1::/56 > "$TMP/set"
	expect "${srv_mac//:/}" arrives6_with
	expect "$before" stack_forwarded
}

# Not only the verdict but also the switch itself.
state_counts()
{
	expect "${srv_mac//:/}" arrives_with
	kbng session set 10.64.1.1 state rejected > "$TMP/set"
	expect "" arrives_with
	kbng session set 10.64.1.1 state active > "$TMP/set"
	expect "${srv_mac//:/}" arrives_with
	expect "on on" eval "kbng -j iface list | jq -r 'map(.fastpath) | join(\" \")'"
}

topo_up 2
topo_up6
acc_mac=$(mac_of bng acc0) bng_mac=$(mac_of bng core0) srv_mac=$(mac_of core srv)
fastpath off
# No answer may be missing because there were many before it.
sysctl -qw net.ipv4.route.error_cost=0
on bng sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_msgs_per_sec=100000 \
	net.ipv4.icmp_msgs_burst=100000 net.ipv4.conf.all.send_redirects=0 \
	net.ipv4.conf.acc0.send_redirects=0 net.ipv6.icmp.ratelimit=0 \
	net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.acc0.rp_filter=0
ip -n bng route add 198.51.100.0/24 via $SERVER
ip -n bng route add unreachable 203.0.113.0/24
ip -n bng -6 route add 2001:db8:dd::/48 via $SERVER6
ip -n bng -6 route add unreachable 2001:db8:dead::/48
ip -n bng -6 route add 2001:db8:a::/64 dev acc0
ip -n bng -6 route add 2001:db8:1::/56 via fe80::51 dev acc0
ip -n bng neighbour replace fe80::51 dev acc0 lladdr "$(mac 1)" nud permanent
ip -n bng neighbour replace $SERVER6 dev core0 lladdr "$srv_mac" nud permanent
for n in 1 2; do
	ip -n sub$n address add 10.64.1.$n/32 dev eth0
	ip -n bng neighbour replace 10.64.1.$n dev acc0 lladdr "$(mac $n)" nud permanent
	ip -n bng neighbour replace 2001:db8:a::$n dev acc0 lladdr "$(mac $n)" nud permanent
	# What it gets must not make it answer.
	on sub$n nft "add table netdev end; add chain netdev end in { type filter \
		hook ingress device eth0 priority 0; policy drop; }"
done
# The switch knows where the BNG is, so that it floods nothing.
bridge -n acc fdb replace "$acc_mac" dev up0 master static
ip -n bng neighbour replace $SERVER dev core0 lladdr "$srv_mac" nud permanent
on core nft "add table netdev end; add chain netdev end in { type filter \
	hook ingress device srv priority 0; policy drop; }"
on bng nft -f - <<'EOT'
table inet seen {
	counter forwarded { }
	chain forward {
		type filter hook forward priority 0
		counter name forwarded
	}
}
EOT

check "upstream: the same comes out of both paths" same_out up
check "upstream: what the fast path leaves to the stack has a name" \
	fell_back up options fragment ttl mtu route other
check "downstream: the same comes out of both paths" same_out down
check "downstream: what the fast path leaves to the stack has a name" \
	fell_back down options fragment ttl mtu other
check "without it nothing is counted as left to the stack" no_fallback_without_it
check "route, neighbour and forwarding count at once" changes_count
check "so does what the stack decides by the source" sources_count
check "the same with IPv6, and its prefixes" changes_count6
check "so does the verdict on a session" state_counts
done_testing
