#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Rates as they arrive, by the receiving kernel's timestamps (tools/rate.c).
# Topology: lib.sh; static addresses, sessions without DHCP.
#
#   sub1 10.64.1.1 ─┐     ┌─────────────────┐
#                   ├ br0 ┤ acc0  BNG  core0├ srv 192.0.2.2 iperf3
#   sub2 10.64.1.2 ─┘     └ fq ───────── fq ┘
#
# A guest whose processors are not given to it sends too little. So most is
# measured with a max-delay of 1 s: what then waits in fq bridges such a pause,
# and a departure time is kept over it. Where the pauses were longer, or the
# default of 50 ms is the point, a rate that is too low is measured again, and
# the test is skipped if the machine stalls each time. One that is too high
# fails at once.
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/frames.bash"

SKIP=3 MEASURED=6 PORTS=(5201 5202)
acc_mac=

fq() # DEVICE
{
	tc -n bng qdisc replace dev "$1" root fq limit 100000 flow_limit 10000
}

no_fq() # DEVICE
{
	tc -n bng qdisc del dev "$1" root
}

rates() # NUMBER UP DOWN
{
	kbng session set "10.64.1.$1" rate-up "$2" rate-down "$3"
}

# A flow of iperf3 between subN and the server, until flow_stop.
flow_start() # NUMBER up|down [OPTION...]
{
	local reverse=()

	[ "$2" = up ] || reverse=(-R)
	start "flow$1" "sub$1" iperf3 -c $SERVER -p "${PORTS[$1 - 1]}" -t 300 \
		"${reverse[@]}" "${@:3}"
}

flow_stop() # NUMBER
{
	stop "flow$1" INT
	busywait 20 idle "${PORTS[$1 - 1]}"
}

idle() # PORT: the server has no connection
{
	[ -z "$(on core ss -Htn state established "sport = $1")" ]
}

meter_start() # NUMBER up|down PLAN
{
	local where=(core srv "10.64.1.$1")

	[ "$2" = up ] || where=("sub$1" eth0 $SERVER)
	start "meter$1" "${where[0]}" "$TOOLS/rate" "${where[@]:1}" $SKIP $MEASURED "$3"
	wait_log 20 "meter$1" listening
}

# What it measured, on stdout and in the file $TMP/measured.
meter_read() # NUMBER
{
	busywait 90 is_gone "meter$1"
	rm -f "$TMP/pids/meter$1"
	tail -n 1 "$TMP/meter$1.log" | tee "$TMP/measured"
}

# Is $TMP/measured PLAN within these per mille? 2: too low, but the machine stalled.
within() # PLAN BELOW ABOVE
{
	jq -er --argjson plan "$1" --argjson below "$2" --argjson above "$3" '
		if .rate > $plan * (1000 + $above) / 1000 then 1
		elif .rate >= $plan * (1000 - $below) / 1000 then 0
		elif .stalled > 50 then 2 else 1 end' "$TMP/measured" > "$TMP/verdict"
	return "$(cat "$TMP/verdict")"
}

# COMMAND measures, and again if the machine stalled.
rate_is() # PLAN BELOW ABOVE COMMAND...
{
	local try verdict

	for try in 1 2 3 4; do
		"${@:4}"
		verdict=0
		within "$1" "$2" "$3" || verdict=$?
		[ $verdict -eq 2 ] || return $verdict
	done
	skip "the machine stalled: $(cat "$TMP/measured")"
}

measure() # PLAN NUMBER up|down [OPTION of iperf3...]
{
	meter_start "$2" "$3" "$1"
	flow_start "${@:2}"
	meter_read "$2"
	flow_stop "$2"
}

tcp() # BIT/S up|down
{
	rates 1 "$1" "$1"
	rate_is "$1" 30 10 measure "$1" 1 "$2"
}

flood() # BIT/S up|down: UDP at twice the rate
{
	rates 1 "$1" "$1"
	drops_all 1 "$2" > "$TMP/drops-$2"
	mark
	rate_is "$1" 20 20 measure "$1" 1 "$2" -u -b $((2 * $1)) -l 1400
	counted
	counted | grep -qw "drop_shaper_$2=[0-9]*"
	expect "$(counted | tr ' ' '\n' | sed -n "s/^drop_shaper_$2=//p")" drops 1 "$2"
}

more_than() # N COMMAND...
{
	[ "$("${@:2}")" -gt "$1" ]
}

drops() # NUMBER DIRECTION: of the session, since the counters were marked
{
	echo $(($(drops_all "$1" "$2") - $(cat "$TMP/drops-$2")))
}

drops_all()
{
	kbng -j session show "10.64.1.$1" | jq ".[].$2.drops"
}

shaping() # DEVICE
{
	kbng -j iface list | jq -r ".[] | select(.iface == \"$1\") | .shaping"
}

fq_is_used()
{
	expect edt shaping acc0
	expect edt shaping core0
	fails grep -q . <(tc -n bng -j -s qdisc show | jq '.[] | select(.kind == "fq" and .drops > 0)')
}

queued() # packets that have taken the queue of acc0 or core0
{
	tc -n bng -j -s qdisc show |
		jq '[.[] | select(.kind == "fq") | .packets] | add'
}

# How many of 40 packets of one who is far below his rate take a queue.
pings_queued()
{
	local before

	before=$(queued)
	on sub1 ping -q -c 20 -i 0.02 $SERVER > "$TMP/ping"
	echo $(($(queued) - before))
}

few_are_queued()
{
	[ "$(pings_queued)" -lt 10 ]
}

queue_is_passed()
{
	local dev

	rates 1 10000000 10000000
	busywait 20 few_are_queued
	# What decides between, sees all.
	for dev in acc0 core0; do
		tc -n bng qdisc add dev $dev clsact
		tc -n bng filter add dev $dev egress matchall action ok
	done
	more_than 39 pings_queued
	for dev in acc0 core0; do
		tc -n bng qdisc del dev $dev clsact
	done
	busywait 20 few_are_queued
}

tcp_keeps_its_connection()
{
	local rate

	rates 1 4000000 4000000
	flow_start 1 down
	for rate in 4000000 10000000 2000000; do
		rates 1 4000000 $rate
		rate_is $rate 30 10 remeasure $rate
	done
	fails is_gone flow1
	fails grep -i error "$TMP/flow1.log"
	flow_stop 1
}

remeasure() # PLAN
{
	meter_start 1 down "$1"
	meter_read 1
}

sent_up()
{
	kbng -j session show 10.64.1.1 | jq '.[].up.packets4'
}

unlimited()
{
	local before

	rates 1 0 0
	before=$(sent_up)
	mark
	eth_frame "$acc_mac" "$(mac 1)" 0800 "$(udp_packet 10.64.1.1 $SERVER 1500)" |
		pkt sub1 send eth0 500
	busywait 20 more_than $((before + 499)) sent_up	# iperf3 says farewell, too
	expect "" counted
}

both()
{
	meter_start 1 down 1000000
	meter_start 2 down 2000000
	flow_start 1 down -u -b 2M -l 1400
	flow_start 2 down -u -b 4M -l 1400
	meter_read 1
	cp "$TMP/measured" "$TMP/measured1"
	meter_read 2
	flow_stop 1
	flow_stop 2
	cp "$TMP/measured" "$TMP/measured2"
	cp "$TMP/measured1" "$TMP/measured"
}

two_subscribers()
{
	rates 1 0 1000000
	rates 2 0 2000000
	rate_is 1000000 20 20 both
	cp "$TMP/measured2" "$TMP/measured"
	within 2000000 20 20 || [ $? -eq 2 ]
	rates 2 0 0
}

# A flood fills the queue of one, which is 1 s; the other's pings do not wait.
ping_beside_a_flood()
{
	local before

	before=$(drops_all 1 down)
	rates 1 1000000 1000000
	rates 2 1000000 1000000
	flow_start 1 down -u -b 4M -l 1400
	busywait 60 more_than "$before" drops_all 1 down
	on sub2 ping -q -c 40 -i 0.1 -W 20 $SERVER > "$TMP/ping"
	flow_stop 1
	cat "$TMP/ping"
	grep -q ' 0% packet loss' "$TMP/ping"
	awk -F / '/^rtt/ { exit !($5 < 200) }' "$TMP/ping"
}

low_rate()
{
	rates 1 64k 64k
	on sub1 ping -q -c 4 -W 20 -s 1472 $SERVER > "$TMP/ping"
	cat "$TMP/ping"
	grep -q ' 0% packet loss' "$TMP/ping"
	rate_is 64000 30 30 measure 64000 1 up -u -b 128k -l 500
}

rate_too_low()
{
	fails kbng session set 10.64.1.1 rate-up 63999
	fails kbng session set 10.64.1.1 rate-up 400000000001
	rates 1 400G 400G
}

police_without_fq()
{
	expect police shaping acc0
	expect police shaping core0
	rates 1 4000000 4000000
	rate_is 4000000 20 20 measure 4000000 1 up -u -b 8M -l 1400
	rate_is 4000000 20 20 measure 4000000 1 down -u -b 8M -l 1400
}

police_forced()
{
	expect edt shaping core0
	kbng iface set core0 role core shaper police max-delay 1000000
	expect police shaping core0
	rate_is 4000000 20 20 measure 4000000 1 up -u -b 8M -l 1400
}

edt_forced()
{
	no_fq core0
	kbng iface set core0 role core shaper edt max-delay 1000000
	expect edt shaping core0
	kbng iface set core0 role core shaper auto
	expect police shaping core0
	fq core0
	expect edt shaping core0
}

fq_below()
{
	ip -n bng link add link core0 name core0.7 type vlan id 7
	ip -n bng link set core0.7 up
	kbng iface set core0.7 role core
	expect edt shaping core0.7
	no_fq core0
	expect police shaping core0.7
	ip -n bng link del core0.7
	fq core0
}

fq_below_mq()
{
	ip -n bng link add wide0 numtxqueues 2 type veth peer wide1
	ip -n bng link set wide0 up
	ip -n bng link set wide1 up	# without a carrier no queue is in force
	kbng iface set wide0 role core
	tc -n bng qdisc replace dev wide0 root handle 1: mq
	expect police shaping wide0
	tc -n bng qdisc replace dev wide0 parent 1:1 fq
	tc -n bng qdisc replace dev wide0 parent 1:2 fq
	busywait 10 expect edt shaping wide0
	ip -n bng link del wide0
}

topo_up 2
acc_mac=$(mac_of bng acc0)
bng_ifaces
for n in 1 2; do
	ip -n sub$n address add 10.64.1.$n/16 dev eth0
	ip -n sub$n route add default via $GATEWAY
	kbng session new iface acc0 mac "$(mac $n)" address 10.64.1.$n state active > "$TMP/uuid"
	on sub$n ping -q -c 1 -W 20 $SERVER > "$TMP/ping"
	start "iperf3-$n" core iperf3 -s -p "${PORTS[n - 1]}"
	busywait 20 listens t "${PORTS[n - 1]}"
done
fq acc0
fq core0

check "TCP at 10 Mbit/s down" tcp 10000000 down
check "TCP at 10 Mbit/s up" tcp 10000000 up
bng_ifaces max-delay 1000000 target-delay 1000000
kbng iface set core0 role core max-delay 1000000 target-delay 1000000
check "TCP at 10 Mbit/s down, with a queue of 1 s" tcp 10000000 down
check "TCP at 4 Mbit/s up, with a queue of 1 s" tcp 4000000 up
check "fq held the packets, and lost none" fq_is_used
check "what need not wait passes the queue, if nothing decides before that" queue_is_passed
check "UDP at twice the rate, down" flood 4000000 down
check "UDP at twice the rate, up" flood 4000000 up
check "another rate takes effect, the connection stays" tcp_keeps_its_connection
stop flow1 INT
check "two subscribers at once: each its own rate" two_subscribers
check "a flood to one does not delay the other" ping_beside_a_flood
stop flow1 INT
check "rate 0 is no limit" unlimited
check "rates out of range are refused" rate_too_low
no_fq acc0
no_fq core0
check "without fq: police" police_without_fq
fq acc0
fq core0
check "police, forced" police_forced
check "edt, forced" edt_forced
check "fq below a VLAN device is found" fq_below
check "fq below mq is found" fq_below_mq
bng_ifaces
check "64 kbit/s pass 1500 octets" low_rate
done_testing
