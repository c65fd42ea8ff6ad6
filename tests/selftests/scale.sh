#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Many sessions, packets for all of them from every processor, and meanwhile
# sessions that come and go, verdicts, rates, the fast path on and off, dumps.
# At last the interface, the module and the namespace are taken away.
#
#   pktgen ─ gen ┐   acc        bng           core   ┌ gen ─ pktgen
#            ┌───┴─────┐  ┌─────────────┐  ┌─────────┴┐
#            │ br0 up0 ├──┤ acc0  core0 ├──┤ srv  br0 │
#            └─────────┘  └─────────────┘  └──────────┘
#
# pktgen keeps a reference to its packets, which bars them from the fast path;
# a bridge passes on copies.
#
# SESSIONS is their number: 10.65.0.0 and on. Half of them stay,
# with the circuit-id `stays` and one shaper for all, the others come and go. RATE
# is packets a second of each generator: one that cannot keep up leaves no time
# for anything else.
. "$(dirname "$0")/lib.sh"

case ${KBNG_UML_DIR:+uml}$(nproc) in
uml1) SESSIONS=${SESSIONS:-1000} RATE=${RATE:-100} ;;
uml*) SESSIONS=${SESSIONS:-64000} RATE=${RATE:-2000} ;;
*) SESSIONS=${SESSIONS:-2000} RATE=${RATE:-500} ;;
esac
STAYING=$((SESSIONS / 2))
GOING=$((SESSIONS - STAYING))
BASE=$((10 << 24 | 65 << 16))

# --- Topology ---------------------------------------------------------------

# A namespace whose gen1 is the other end of what pktgen sends through.
generator() # NAMESPACE
{
	box "$1"
	ip -n "$1" link add br0 up type bridge
	ip -n "$1" link add gen1 type veth peer gen
	for dev in gen1 gen; do ip -n "$1" link set $dev up; done
	ip -n "$1" link set gen1 master br0
	bridge -n "$1" link set dev gen1 learning off flood off
}

# Nobody answers ARP for so many hosts.
link() # DEVICE MAC PEER NAMESPACE
{
	ip -n bng link add "$1" address "$2" type veth peer "$3" netns "$4"
	ip -n "$4" link set "$3" master br0 up
	ip -n bng link set "$1" arp off up
	on bng tc qdisc replace dev "$1" root fq
}

access_up()
{
	link acc0 02:ff:00:00:00:01 up0 acc
	ip -n bng address add $GATEWAY/8 dev acc0
}

core_up()
{
	link core0 02:ff:00:00:00:02 srv core
	ip -n bng address add $BNG/24 dev core0
}

# --- Sessions ---------------------------------------------------------------

address() # N
{
	local a=$((BASE + $1))

	echo "$((a >> 24)).$((a >> 16 & 255)).$((a >> 8 & 255)).$((a & 255))"
}

# As `session new` takes them. pktgen begins with the first MAC address, but
# with the second address.
hosts() # FIRST COUNT MORE
{
	awk -v first="$1" -v count="$2" -v more="$3" -v all=$SESSIONS 'BEGIN {
		for (n = first; n < first + count; n++) {
			mac = (n + all - 1) % all
			printf "iface acc0 mac 02:00:00:%02x:%02x:%02x", mac / 65536,
				mac / 256 % 256, mac % 256
			printf " address 10.%d.%d.%d state active %s\n", 65 + n / 65536,
				n / 256 % 256, n % 256, more
		}
	}'
}

make_staying()
{
	expect "made $STAYING sessions" eval \
		'hosts 0 $STAYING "circuit-id stays shaper all" | kbng session new --batch -'
}

make_going()
{
	expect "made $GOING sessions" eval \
		'hosts $STAYING $GOING "circuit-id goes" | kbng session new --batch -'
}

ifaces()
{
	fastpath "$1" max-sessions $((2 * SESSIONS))
}

sessions_up()
{
	ifaces off
	kbng shaper set all rate-up 1G rate-down 1G
	make_staying
	make_going
	expect $SESSIONS eval 'kbng -t session list state active | wc -l'
}

# --- Packets ----------------------------------------------------------------

pg() # NAMESPACE FILE COMMAND...
{
	on "$1" bash -c 'for line in "${@:2}"; do
		echo "$line" > "/proc/net/pktgen/$1"; done' pg "${@:2}"
}

# One on each processor, of each host in turn.
pktgen_start() # NAMESPACE COMMAND...
{
	local cpu

	for cpu in $(seq 0 $(($(nproc) - 1))); do
		pg "$1" "kpktgend_$cpu" rem_device_all "add_device gen@$cpu"
		pg "$1" "gen@$cpu" "count 0" "clone_skb 0" "pkt_size 100" \
			"delay $((1000000000 / RATE))" "udp_dst_min 9" "udp_dst_max 9" "${@:2}"
	done
	start "pktgen-$1" "$1" bash -c 'echo start > /proc/net/pktgen/pgctrl'
}

traffic_up()
{
	local last

	last=$(address $((SESSIONS - 1)))
	pktgen_start acc "dst_mac 02:ff:00:00:00:01" "src_mac 02:00:00:00:00:00" \
		"src_mac_count $SESSIONS" "src_min 10.65.0.0" "src_max $last" \
		"dst $SERVER"
	pktgen_start core "dst_mac 02:ff:00:00:00:02" "src_min $SERVER" \
		"src_max $SERVER" "dst_min 10.65.0.0" "dst_max $last"
}

traffic_down()
{
	local ns

	for ns in acc core; do
		pg $ns pgctrl stop
		stop pktgen-$ns
	done
}

# Of `session list -t`: packets up and down.
UP=24 DOWN=29

packets() # COLUMN...: of the sessions on stdin, in all
{
	awk -F '\t' -v columns="$*" '
		BEGIN { n = split(columns, column, " ") }
		{ for (i = 1; i <= n; i++) sum += $column[i] }
		END { printf "%d\n", sum }'
}

passed() # COLUMN
{
	kbng -t session list state active | packets "$1"
}

# More packets in both directions than there are now.
passes()
{
	local up down

	up=$(passed $UP) down=$(passed $DOWN)
	busywait 120 eval "[ \$(passed $UP) -gt $up ] && [ \$(passed $DOWN) -gt $down ]"
}

# Sessions that a packet in each direction reached.
reached()
{
	kbng -t session list state active |
		awk -F '\t' -v up=$UP -v down=$DOWN '$up && $down' | wc -l
}

every_session_is_reached()
{
	busywait 120 expect $SESSIONS reached
}

# --- Change -----------------------------------------------------------------

# What has ended by itself counts as well: it is written down before it is
# forgotten.
come_and_go()
{
	until [ -e "$TMP/enough" ]; do
		expect $GOING kbng -t session clear circuit-id goes
		kbng -t session list state stopped >> "$TMP/gone"
		expect $GOING kbng -t session forget circuit-id goes
		make_going
	done
}

judge()
{
	local n host

	until [ -e "$TMP/enough" ]; do
		for n in on off; do
			ifaces $n
			kbng shaper set all rate-up 100k rate-down 100k
			host=$(address $((RANDOM % STAYING)))
			kbng session set "$host" state pending
			kbng session set "$host" rate-up 64k rate-down 64k
			kbng session set "$host" state active rate-up 0 rate-down 1G
			kbng shaper set all rate-up 1G rate-down 1G
		done
	done
}

dumps_are_whole()
{
	local n came judged

	: > "$TMP/gone"
	kbng -t session list circuit-id stays | cut -f 1 | sort > "$TMP/stays"
	come_and_go &
	came=$!
	judge &
	judged=$!
	for n in {1..5}; do
		kbng -t session list | cut -f 1 | sort > "$TMP/during"
		expect "" comm -23 "$TMP/stays" "$TMP/during"
		expect "" uniq -d "$TMP/during"
	done
	touch "$TMP/enough"
	wait $came
	wait $judged
	[ -s "$TMP/gone" ]
	expect $SESSIONS eval 'kbng -t session list state active | wc -l'
	passes
}

received() # packets by both interfaces of the BNG
{
	on bng cat /sys/class/net/{acc0,core0}/statistics/rx_packets | paste -sd + | bc
}

dropped() # in all, since mark
{
	counted | tr ' ' '\n' | sed -n 's/^drop_.*=//p' | paste -sd + | bc
}

sums_up()
{
	kbng -t session list | cat - "$TMP/gone" > "$TMP/all"
	expect $(($(received) - before)) echo $(($(packets $UP $DOWN < "$TMP/all") + $(dropped)))
}

every_packet_is_counted_once()
{
	traffic_down
	busywait 20 sums_up
	expect "" eval 'counted | tr " " "\n" |
		sed -E "/^(drop_(no_session|shaper|aqm)(_up|_down)?|drop_unauthorised|aqm_marked)=/d"'
}

# --- The end of things ------------------------------------------------------

interface_is_removed()
{
	passes
	timeout 120 ip -n bng link del acc0
	expect 0 eval 'kbng -t session list state active | wc -l'
	expect $SESSIONS eval 'kbng -t session list state stopped | wc -l'
	expect $SESSIONS kbng -t session forget all
	access_up
	sessions_up
	passes
}

module_is_removed()
{
	ifaces on
	passes
	timeout 120 rmmod kbng
	[ ! -e /sys/module/kbng ]
	modprobe kbng
	sessions_up
	passes
}

namespace_is_removed()
{
	ifaces on
	passes
	timeout 120 ip netns del bng
	busywait 120 fails ip -n acc link show up0
}

modprobe kbng
modprobe -q pktgen || [ -d /proc/net/pktgen ]
# Of all namespaces.
for n in 1 2 3; do
	sysctl -qw "net.ipv4.neigh.default.gc_thresh$n=$((4 * SESSIONS))"
done
generator acc
generator core
box bng
access_up
core_up
on bng sysctl -qw net.ipv4.ip_forward=1

check "$SESSIONS sessions" sessions_up
mark
before=$(received)
traffic_up
check "packets reach every session, both ways" every_session_is_reached
check "dumps are whole while sessions, policies and packets come and go" dumps_are_whole
check "every packet is counted once" every_packet_is_counted_once
traffic_up
check "an interface is removed under traffic" interface_is_removed
check "rmmod under traffic" module_is_removed
check "a namespace is removed under traffic" namespace_is_removed
traffic_down
done_testing
