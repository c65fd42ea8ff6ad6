#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Mixed traffic by chance, and two counts of it: the sessions' counters must be
# what nftables counts where packets arrive, for each session, direction and
# family, to the packet and the octet. Of the frames that are made by hand each
# must have arrived or be counted as dropped, by a name of kbng or by the stack.
#
#   sub1 untagged    10.64.1.1                           ─┐
#   sub2 untagged    10.64.1.2, 2001:db8:a::2            ─┼ br0 ─ acc0 BNG core0 ─ srv
#   sub3 100         10.64.1.3, 2001:db8:a::3, 3::/56    ─┤       way to them: mtu 1400
#   sub4 200.7       10.64.1.4                           ─┘   devices take 4000 octets
#   sub2 and sub4 have a rate that is too low    way to it: mtu 1420
#
# The BNG's devices cut GSO packets when they send, so that receivers see what is
# on a wire. Set SEED to repeat a run's frames; FRAMES is how many.
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/lines.bash"

SEED=${SEED:-$RANDOM$RANDOM}
FRAMES=${FRAMES:-250}
RANDOM=$SEED
MADE='{ 1, 6, 199 }'		# TTL of what tools/mix.c has made, on arrival
acc_mac= bng_mac= srv_mac=

declare -A address6=([2]=2001:db8:a::2 [3]=2001:db8:3::5)
rates="rate-up 3M rate-down 3M"

# --- Two counts -----------------------------------------------------------------

# Count at a device what it gets of each session, up and down, and end what was
# made by hand. What the BNG itself says does not count.
counters() # NAMESPACE DEVICE [NUMBER]
{
	local ns=$1 n prefixes

	{
		echo "table netdev count {"
		echo "chain in {"
		echo "type filter hook ingress device \"$2\" priority 0"
		echo "meta pkttype != unicast return"
		echo "ip saddr { $GATEWAY, $BNG } return"
		echo "ip6 saddr { fe80::/10, $BNG6 } return"
		for n in 1 2 3 4; do
			prefixes="{ 2001:db8:a::$n, 2001:db8:$n::/56 }"
			echo "ip saddr 10.64.1.$n counter name up4_$n"
			echo "ip6 saddr $prefixes counter name up6_$n"
			[ "${3:-}" != $n ] || echo "ip daddr 10.64.1.$n counter name down4_$n
				ip6 daddr $prefixes counter name down6_$n"
		done
		echo "ip ttl $MADE counter name made drop"
		echo "ip6 hoplimit $MADE counter name made drop"
		echo "}"
		echo "}"
	} > "$TMP/rules"
	{
		echo "table netdev count {"
		grep -o 'name [a-z0-9_]*' "$TMP/rules" | sort -u | sed 's/name \(.*\)/counter \1 { }/'
		echo "}"
		cat "$TMP/rules"
	} | on "$ns" nft -f -
}

# NAME PACKETS OCTETS, the sum of all receivers'.
delivered()
{
	local ns

	for ns in core sub1 sub2 sub3 sub4; do
		on $ns nft -j list counters table netdev count
	done | jq -rs '[.[].nftables[].counter // empty] | group_by(.name)[] |
		"\(.[0].name) \(map(.packets) | add) \(map(.bytes) | add)"'
}

delivered_to_sessions()
{
	delivered | grep -v '^made'
}

billed()
{
	kbng -j session list state active | jq -r '.[] | (.address | split(".")[3]) as $n |
		("up", "down") as $dir | .[$dir] |
		"\($dir)4_\($n) \(.packets4) \(.octets4)",
		"\($dir)6_\($n) \(.packets6) \(.octets6)"' | sort
}

same()
{
	delivered_to_sessions > "$TMP/delivered"
	billed > "$TMP/billed"
	diff "$TMP/delivered" "$TMP/billed"
}

equal()
{
	busywait 30 same
	cat "$TMP/billed"
}

# Of all that there can be, something was counted.
nothing_is_0()
{
	fails grep -E '^(up4|down4|.*_[23]) 0 0$' "$TMP/billed"
}

# --- Frames made by hand ----------------------------------------------------------

# What is sent at a time: NAMESPACE DEVICE and what tools/mix.c makes of the rest,
# DIRECTION TO FROM SUB PEER SUB6 PEER6. The last two go from one to the other.
streams()
{
	local n

	for n in 1 2 3 4; do
		echo sub$n eth0 up "$acc_mac" "$(mac $n)" 10.64.1.$n $SERVER \
			${address6[$n]:+"${address6[$n]}" $SERVER6}
		echo core srv down "$bng_mac" "$srv_mac" 10.64.1.$n $SERVER \
			${address6[$n]:+"${address6[$n]}" $SERVER6}
	done
	echo sub1 eth0 up "$acc_mac" "$(mac 1)" 10.64.1.1 10.64.1.4
	echo sub3 eth0 up "$acc_mac" "$(mac 3)" 10.64.1.3 10.64.1.2 \
		"${address6[3]}" "${address6[2]}"
}
STREAMS=10

send_mix() # SEED
{
	local ns device args n=0

	while read -r ns device args; do
		n=$((n + 1))
		# shellcheck disable=SC2086
		"$TOOLS/mix" "$1$n" "$FRAMES" $args > "$TMP/mix$n"
		pkt "$ns" send "$device" < "$TMP/mix$n" &
	done < <(streams)
	wait
}

# Of the BNG's stack: packets that it dropped, less what fragments came on top.
stack_dropped()
{
	on bng cat /proc/net/snmp6 | awk '
		/^Ip6(InHdrErrors|InTruncatedPkts|InNoRoutes|FragFails) / { n += $2 }
		END { print n + 0 }' | cat - <(on bng nstat -asz | awk '
		/^Ip(InHdrErrors|InAddrErrors|FragFails|FragOKs) / ||
		/^IpExtIn(TruncatedPkts|NoRoutes) / { n += $2 }
		/^IpFragCreates / { n -= $2 }
		END { print n + 0 }') | paste -sd + | bc
}

# Of kbng, but for what hosts' stacks say of themselves.
kbng_dropped()
{
	kbng -j stats | jq '.counters | with_entries(select(.key | test("^drop_") and
		(test("link_local|_nd_|_arp_") | not))) | add'
}

made()
{
	delivered | sed -n 's/^made \([0-9]*\) .*/\1/p'
}

accounted_for()
{
	expect "$1" echo $(($(made) + $(stack_dropped) + $(kbng_dropped) - $2))
}

# Of who took an address that is another's: by the sessions, and all of them.
spoofed_by_session()
{
	kbng -j session list | jq '[.[].drops // {} | to_entries[] |
		select(.key | test("^spoofed_"))] | group_by(.key) |
		map({ key: .[0].key, value: map(.value) | add }) | from_entries'
}

spoofed()
{
	kbng -j stats | jq '.counters | with_entries(
		select((.key | test("^drop_spoofed_")) and .value > 0) |
		.key |= ltrimstr("drop_"))'
}

# Each session has its own drops by their names.
drops_have_names()
{
	expect "$(spoofed)" spoofed_by_session
	spoofed | jq -e 'has("spoofed_mac")'
	kbng -j session list | jq -e 'all(
		.up.drops == (.drops.shaper_up // 0) + (.drops.aqm_up // 0) and
		.down.drops == (.drops.shaper_down // 0) + (.drops.aqm_down // 0)) and
		any(.drops.shaper_down > 0)'
}

# Each frame is somewhere, once.
each_is_accounted_for() # SEED
{
	local before

	before=$(($(made) + $(stack_dropped) + $(kbng_dropped)))
	mark
	send_mix "$1"
	busywait 30 accounted_for $((STREAMS * FRAMES)) $before
	counted
	equal
	nothing_is_0
	drops_have_names
}

# --- Traffic of real stacks ---------------------------------------------------------

# Datagrams that leave the host as one, and are cut on the way. A host that was
# told of a smaller MTU than it likes takes 552.
send_gso() # NAMESPACE ADDRESS SEED
{
	on "$1" python3 -c '
import random, socket, sys
address, seed = sys.argv[1:]
random.seed(seed)
family = socket.AF_INET6 if ":" in address else socket.AF_INET
with socket.socket(family, socket.SOCK_DGRAM) as s:
    for n in range(20):
        size = random.randint(20, 500)
        s.setsockopt(socket.IPPROTO_UDP, 103, size)	# UDP_SEGMENT
        s.sendto(bytes(random.randint(1, 60 * size)), (address, 9))' "$2" "$3"
}

# Of each kind something, in both directions.
real() # NUMBER [ADDRESS OF_SERVER]
{
	local n=$1 address=${2:-10.64.1.$1} server=${3:-$SERVER}

	on sub$n iperf3 -c "$server" -p 520$n -n $((RANDOM * 4 + 20000))
	on sub$n iperf3 -c "$server" -p 520$n -n $((RANDOM * 4 + 20000)) -R
	send_gso sub$n "$server" $RANDOM
	send_gso core "$address" $RANDOM
	on sub$n ping -q -c 2 -i 0.05 -W 0.3 -s $((RANDOM % 6000)) "$server" || true
}

# The frames of the mix between them.
real_traffic() # SEED
{
	real 1 > "$TMP/real1" &
	real 2 > "$TMP/real2" &
	real 3 "${address6[3]}" $SERVER6 > "$TMP/real3" &
	real 4 > "$TMP/real4" &
	FRAMES=$((FRAMES / 4))
	send_mix "$1"
	wait
	real 2 "${address6[2]}" $SERVER6 > "$TMP/real2"
	real 3 > "$TMP/real3"
	equal
}

# Nothing may be lost behind the BNG because a slow machine has not got to it.
sysctl -qw net.core.netdev_max_backlog=100000
topo_up 0
topo_up6
line_add sub1 "$(mac 1)"
line_add sub2 "$(mac 2)"
sub_add sub3 "$(mac 3)"
sub_add sub4 "$(mac 4)"
for dev in br0 up0 sub{1..4}; do ip -n acc link set $dev mtu 4100; done
for n in 1 2 3 4; do
	bridge -n acc link set dev sub$n learning off
	ip -n sub$n link set eth0 mtu 4100
done
for dev in acc0 core0; do ip -n bng link set $dev mtu 4050; done
ip -n core link set srv mtu 4050
sub_tags sub3 802.1Q 100
sub_tags sub4 802.1ad 200 802.1Q 7
acc_mac=$(mac_of bng acc0) bng_mac=$(mac_of bng core0) srv_mac=$(mac_of core srv)
for dev in acc0 core0; do
	on bng ethtool -K $dev tso off gso off tx-udp-segmentation off
	on bng tc qdisc replace dev $dev root fq limit 100000 flow_limit 10000
done
on bng sysctl -qw net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.acc0.send_redirects=0
ip -n bng route replace 10.64.0.0/16 dev acc0 mtu 1400
ip -n bng -6 route add 2001:db8:a::/64 dev acc0 mtu 1400
ip -n bng -6 route add 2001:db8:3::/56 dev acc0 mtu 1400
ip -n bng route add $SERVER dev core0 mtu 1420
ip -n bng -6 route add $SERVER6 dev core0 mtu 1420
ip -n bng neighbour replace $SERVER dev core0 lladdr "$srv_mac" nud permanent
ip -n bng neighbour replace $SERVER6 dev core0 lladdr "$srv_mac" nud permanent
bng_ifaces vlan both
for n in 1 2 3 4; do
	ip -n sub$n address add 10.64.1.$n/32 dev eth0
	ip -n sub$n route add $GATEWAY dev eth0
	ip -n sub$n route add default via $GATEWAY mtu 1500
	counters sub$n eth0 $n
done
counters core srv
kbng session new iface acc0 mac "$(mac 1)" address 10.64.1.1 state active
kbng session new iface acc0 mac "$(mac 2)" address 10.64.1.2 prefix 2001:db8:a::2 state active $rates
kbng session new iface acc0 mac "$(mac 3)" vlan 100 address 10.64.1.3 \
	prefix 2001:db8:a::3 prefix 2001:db8:3::/56 state active
kbng session new iface acc0 mac "$(mac 4)" vlan 200 inner-vlan 7 vlan-protocol 802.1ad \
	address 10.64.1.4 state active $rates

for n in sub{1..4} core; do on $n sysctl -qw net.ipv4.ip_no_pmtu_disc=1; done
for n in 1 2 3 4; do
	start iperf$n core iperf3 -s -p 520$n
	busywait 20 listens t 520$n
done

echo "# seed $SEED"
check "each frame arrives or is dropped by name" each_is_accounted_for "${SEED}1"
fastpath on vlan both
check "fast path: each frame arrives or is dropped by name" each_is_accounted_for "${SEED}2"
for dev in acc0 core0; do on bng tc qdisc del dev $dev root; done
check "the same without fq" each_is_accounted_for "${SEED}3"

for n in 2 3; do
	on sub$n sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0
	ip -n sub$n address add "${address6[$n]}/128" dev eth0 nodad
	ip -n sub$n neighbour add fe80::1 lladdr "$acc_mac" dev eth0
	ip -n sub$n -6 route add default via fe80::1 dev eth0 mtu 1500
done
check "fast path: traffic of real stacks" real_traffic "${SEED}4"
for dev in acc0 core0; do
	on bng tc qdisc replace dev $dev root fq limit 100000 flow_limit 10000
done
fastpath off vlan both
check "traffic of real stacks" real_traffic "${SEED}5"
on bng nft 'add table inet track; add chain inet track forward { type filter hook forward priority 0; }
	add rule inet track forward ct state new accept'
check "the same with conntrack, which puts fragments together" real_traffic "${SEED}6"
done_testing
