#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Queues: who waits, who is slowed down, and how subscribers share a rate. In
# virtual time, where a millisecond is one on every machine: tests/uml/run
# --virtual-time. Nothing here may send without a limit, which would never end.
#
#        sub1                       bng                  core
#   10.64.1.1..100 ── br0 ── acc0 (fq)  core0 ── srv 192.0.2.2 load, iperf3
#
# One host has the addresses of all subscribers; each has a session of its own.
. "$(dirname "$0")/lib.sh"

SIZE=1000

address() # N
{
	echo "10.64.1.$1"
}

# Subscribers FIRST to LAST are sent something; RATES are taken by turns.
load() # SECONDS FIRST LAST RATE...
{
	local words=() rates=("${@:4}") i

	for ((i = 0; i <= $3 - $2; i++)); do
		words+=("10.64.1.$(($2 + i))" "${rates[i % ${#rates[@]}]}")
	done
	on core "$TOOLS/load" "$1" $SIZE "${words[@]}"
}

# IP octets that have arrived since the last call, a line each subscriber:
# NUMBER OCTETS.
arrived()
{
	on sub1 nft -j list set ip seen by | jq -r '.nftables[].set.elem // [] | .[] |
		.elem | "\(.val) \(.counter.bytes)"' | sed 's/^10\.64\.1\.//' | sort -n
	on sub1 nft flush set ip seen by
}

# bit/s of SECONDS that stand in FILE: of all, and Jain's index of fairness
sum() # FILE SECONDS
{
	awk -v t="$2" '{ s += $2 } END { print int(s * 8 / t) }' "$1"
}

jain() # FILE: in per mille
{
	awk '{ s += $2; q += $2 * $2 } END { print int(1000 * s * s / (NR * q)) }' "$1"
}

near() # VALUE PLAN PER_MILLE
{
	[ "$1" -ge $(($2 * (1000 - $3) / 1000)) ] &&
		[ "$1" -le $(($2 * (1000 + $3) / 1000)) ]
}

# Load them for 2 s so that the shares are found, and then for 4 s.
loaded() # FIRST LAST RATE...
{
	load 2 "$@"
	arrived > "$TMP/start"
	load 4 "$@"
	arrived > "$TMP/arrived"
	echo "# $(sum "$TMP/arrived" 4) bit/s, fairness $(jain "$TMP/arrived")"
}

# Subscribers FIRST to LAST, who share SHAPER: a process each would take long.
subscribe() # FIRST LAST SHAPER
{
	local n lladdr

	lladdr=$(mac_of sub1)
	for n in $(seq "$1" "$2"); do
		echo "address replace $(address "$n")/32 dev eth0"
	done > "$TMP/addresses"
	for n in $(seq "$1" "$2"); do
		echo "neighbour replace $(address "$n") dev acc0 nud permanent lladdr $lladdr"
	done > "$TMP/neighbours"
	for n in $(seq "$1" "$2"); do
		echo "iface acc0 mac $(mac "$n") address $(address "$n")" \
			"state active rate-down 10M shaper \"$3\""
	done > "$TMP/sessions"
	ip -n sub1 -batch "$TMP/addresses"
	ip -n bng -batch "$TMP/neighbours"
	kbng session new --batch "$TMP/sessions" > "$TMP/uuids"
}

shared_equally()
{
	loaded 1 100 1000000
	near "$(sum "$TMP/arrived" 4)" 50000000 10
	[ "$(jain "$TMP/arrived")" -ge 950 ]
}

# Who asks for four times as much gets no more.
shared_fairly()
{
	loaded 1 100 800000 1600000 3200000
	near "$(sum "$TMP/arrived" 4)" 50000000 10
	[ "$(jain "$TMP/arrived")" -ge 950 ]
}

# What 99 do not use is for the one who can.
rest_goes_to_who_asks()
{
	local greedy others

	kbng session set "$(address 1)" rate-down 40M shaper node
	others=$(printf '200000 %.0s' $(seq 99))
	# shellcheck disable=SC2086
	loaded 1 100 60000000 $others
	near "$(sum "$TMP/arrived" 4)" 50000000 10
	greedy=$(awk '$1 == 1 { print $2 * 2 }' "$TMP/arrived")
	near "$greedy" $((50000000 - 99 * 200000)) 30
	# None of the others has lost anything: 100 packets of 1000 octets in 4 s.
	expect 99 awk '$1 != 1 && $2 >= 98000 { n++ } END { print n }' "$TMP/arrived"
	kbng session set "$(address 1)" rate-down 10M shaper node
}

# Two nodes of 40M on a port of 50M; 10 subscribers ask the second for all.
parents()
{
	kbng shaper set port rate-down 50M
	kbng shaper set left parent port rate-down 40M
	kbng shaper set right parent port rate-down 40M
	subscribe 101 150 left
	subscribe 151 160 right
	loaded 101 160 5000000
	near "$(sum "$TMP/arrived" 4)" 50000000 10
	[ "$(jain "$TMP/arrived")" -ge 950 ]
	# Alone, the left ones have their node's rate.
	loaded 101 150 5000000
	near "$(sum "$TMP/arrived" 4)" 40000000 10
}

shapers_are_kept()
{
	fails kbng shaper del port
	fails kbng shaper del left
	fails kbng shaper set left parent right
	fails kbng shaper set left rate-down 1k
	fails kbng session set "$(address 1)" shaper nobody
	kbng shaper set left parent port rate-down 20M
	loaded 101 150 5000000
	near "$(sum "$TMP/arrived" 4)" 20000000 10
	kbng session clear all
	fails kbng shaper del left
	kbng session forget all
	for name in node left right port; do kbng shaper del $name; done
	expect "" shaper_names
}

shaper_names()
{
	kbng -j shaper list | jq -r '.[].name'
}

too_deep()
{
	local above=top

	kbng shaper set top
	for name in a b c; do
		kbng shaper set $name parent $above
		above=$name
	done
	fails kbng shaper set d parent c
	for name in c b a top; do kbng shaper del $name; done
}

# With what Ethernet adds to a packet, and a frame's least length.
line_overhead()
{
	kbng session set "$(address 1)" rate-down 10M overhead 38 min-unit 84
	loaded 1 1 15000000
	near "$(sum "$TMP/arrived" 4)" $((10000000 * 1000 / 1038)) 5
	SIZE=40 loaded 1 1 8000000
	near "$(sum "$TMP/arrived" 4)" $((10000000 * 40 / 84)) 5
	kbng session set "$(address 1)" overhead 0 min-unit 0
	loaded 1 1 15000000
	near "$(sum "$TMP/arrived" 4)" 10000000 5
}

round_trip_p99() # ms
{
	on core "$TOOLS/rtt" "$(address 1)" 200 20 | sort -n | sed -n 198p
}

# A full line: what is sparse does not wait, and what is bulk waits briefly.
sparse_passes()
{
	start bulk core "$TOOLS/load" 12 $SIZE "$(address 1)" 12000000
	round_trip_p99 | tee "$TMP/p99"
	awk '{ exit !($1 < 1.5) }' "$TMP/p99"
	stop bulk
}

tcp() # SECONDS [OPTION...]: from the server to subscriber 1
{
	start tcp core iperf3 -c "$(address 1)" -t "$1" "${@:2}"
	busywait 60 is_gone tcp
	rm -f "$TMP/pids/tcp"
}

# A bulk flow's own queue, seen from inside: TCP's round trip time.
queue_is_short()
{
	mark
	start tcp core iperf3 -c "$(address 1)" -t 20
	sleep 5
	for _ in $(seq 50); do
		on core ss -tin dst "$(address 1)" |
			sed -n 's/.*[ ]rtt:\([0-9.]*\).*/\1/p' | sort -n | tail -n 1
		sleep 0.2
	done | sort -n > "$TMP/rtt"
	stop tcp INT
	sed -n '25p;45p' "$TMP/rtt"
	awk 'NR == 25 { exit !($1 < 12) }' "$TMP/rtt"
	counted | grep -qw 'drop_aqm_down=[0-9]*'
	fails grep -qw aqm_marked <(counted)
}

# With ECN nothing is lost, and the rate is kept.
ecn_marks()
{
	for ns in core sub1; do on $ns sysctl -qw net.ipv4.tcp_ecn=1; done
	arrived > "$TMP/start"
	mark
	tcp 10
	arrived > "$TMP/arrived"
	counted | grep -qw 'aqm_marked=[0-9]*'
	fails grep -q 'drop_' <(counted)
	near "$(awk '$1 == 1 { print int($2 * 8 / 10) }' "$TMP/arrived")" 10000000 20
}

# At the value of max-delay there is no such management.
no_aqm()
{
	kbng iface set acc0 role access giaddr $GATEWAY target-delay 50000
	for ns in core sub1; do on $ns sysctl -qw net.ipv4.tcp_ecn=0; done
	mark
	tcp 5
	fails grep -q aqm <(counted)
	kbng iface set acc0 role access giaddr $GATEWAY
}

gso() # on|off
{
	local device

	for device in "bng acc0" "bng core0" "core srv" "sub1 eth0"; do
		on "${device% *}" ethtool -K "${device#* }" tso "$1" gso "$1" gro "$1"
	done
}

arrivals() # NAMESPACE DEVICE: "s OCTETS" of what TCP has sent to subscriber 1
{
	on "$1" timeout --preserve-status 4 tcpdump -nn -tt -q -i "$2" -l "tcp and dst $(address 1)" |
		sed -n 's/^\([0-9.]*\) .*tcp \([0-9]*\)$/\1 \2/p' > "$TMP/arrivals-$1"
}

# What the server sends in packets of up to 64 KiB arrives one by one, each in
# its time: 1.2 ms, but for what catches up.
gso_is_split() # [WORD of the iface...]
{
	kbng iface set acc0 role access giaddr $GATEWAY "$@"
	kbng iface set core0 role core "$@"
	start tcp core iperf3 -c "$(address 1)" -t 20
	sleep 2
	arrivals core srv &
	arrivals sub1 eth0
	wait $!
	stop tcp INT
	awk '$2 > 3000 { n++ } END { exit !(n > 50) }' "$TMP/arrivals-core"
	awk '$2 > 1448 { exit 1 } NR > 1 { n++; late += $1 - last > 0.001 } { last = $1 }
		END { print late, "of", n; exit !(n > 1000 && late > n * 0.8) }' "$TMP/arrivals-sub1"
}

topo_up 1
gso off
tc -n bng qdisc replace dev acc0 root fq limit 100000 flow_limit 10000 orphan_mask 1048575
kbng iface set acc0 role access giaddr $GATEWAY
kbng iface set core0 role core
on sub1 nft -f - <<'EOT'
table ip seen {
	set by { type ipv4_addr; size 1024; flags dynamic; counter; }
	chain in {
		type filter hook input priority 0
		add @by { ip daddr }
		udp dport 9 drop
	}
}
EOT
ip -n sub1 address add 10.64.255.1/16 dev eth0
ip -n sub1 route add default via $GATEWAY
on core sysctl -qw net.ipv4.ping_group_range="0 0"
kbng shaper set node rate-down 50M
subscribe 1 100 node

check "100 subscribers share a rate equally" shared_equally
check "who asks for more gets no more" shared_fairly
check "what the line adds is charged" line_overhead
check "what some do not use, others get" rest_goes_to_who_asks
check "a shaper and its parent: both rates are kept" parents
check "a shaper that is in use stays; its rate changes" shapers_are_kept
check "four shapers above each other, not five" too_deep
kbng session clear all > "$TMP/cleared"
kbng session forget all > "$TMP/forgotten"
subscribe 1 1 ""
start iperf3 sub1 iperf3 -s --forceflush
busywait 20 wait_log 1 iperf3 listening
check "sparse flows do not wait behind bulk" sparse_passes
check "a bulk flow's queue is short: AQM" queue_is_short
check "with ECN nothing is dropped for it" ecn_marks
check "target-delay at max-delay: no AQM" no_aqm
gso on
check "a GSO packet leaves packet by packet" gso_is_split
check "on the fast path too" gso_is_split fastpath on
done_testing
