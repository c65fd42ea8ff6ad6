#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One line cannot starve the others: floods of DISCOVERs from invented MAC
# addresses, more addresses than a line may have, moves and conflicts; and 50 000
# offers at a time. Each client's access node is its own option 82. Topology:
# lib.sh, sub1 to sub10 the honest ones, sub11 the other.
. "$(dirname "$0")/lib.sh"

N=10 FLOOD=10000 RATE=20 MANY=50000

line() # NAME: option 82 of an access node
{
	echo "82:$(sub_option 1 "$1")"
}

grown() # NAME: how much a counter has since mark
{
	kbng -j stats | jq --slurpfile old "$TMP/mark" ".counters.$1 - \$old[0].counters.$1"
}

# As many DISCOVERs a second, each from another MAC.
flood_start()
{
	mark
	start flood sub11 "$TOOLS/dhcpsend" -N 100000000 -R $FLOOD -o "$(line evil)" eth0 discover
	busywait 20 eval '[ "$(grown dhcp_rate_line)" -gt 100 ]'
}

# The honest ones come up, from nothing: how many ms that takes.
honest_start()
{
	local n begin

	begin=$(date +%s%N)
	for n in $(seq $N); do
		start "udhcpc-sub$n" "sub$n" udhcpc -f -R -i eth0 -t 10 -T 2 \
			-s "$selftests/tools/dhcp-script" -x "$(line "line$n")"
	done
	for n in $(seq $N); do busywait 60 has_address "sub$n"; done
	echo $((($(date +%s%N) - begin) / 1000000))
}

honest_stop()
{
	local n

	for n in $(seq $N); do
		stop "udhcpc-sub$n"
		busywait 20 eval "! has_address sub$n"
	done
}

# --- Tests --------------------------------------------------------------------

flood()
{
	local alone ms sent n

	bng_ifaces trusted on line-dhcp-rate $RATE
	alone=$(honest_start)
	honest_stop
	flood_start
	mark
	ms=$(honest_start)
	sent=$(($(grown dhcp_rate_line) * 1000 / ms))
	echo "# $N clients in $alone ms, in $ms ms while one line floods with $sent messages/s" >&3
	[ "$sent" -ge $((25 * RATE)) ]	# as many as this machine makes of FLOOD
	[ "$ms" -lt $((5 * alone + 10000)) ]
	expect 0 grown dhcp_rate_iface
	expect 0 grown dhcp_sessions_full
	for n in $(seq $N); do expect pending session_of "sub$n" .state; done
}

evicts_its_own()
{
	local n

	# 64 offers are the iface's share: the line that floods has them all.
	bng_ifaces trusted on max-sessions 200 offer-timeout 300
	dhcpsend sub1 -m 02:00:00:00:aa:01 -x 9 -o "$(line line1)" eth0 discover
	mark
	on sub11 "$TOOLS/dhcpsend" -N 300 -R 100 -o "$(line evil)" eth0 discover
	busywait 20 expect 0 eval '[ "$(grown dhcp_offer_evicted)" -gt 100 ]; echo $?'
	expect offered jq -r '.[].state' <(kbng -j session list mac 02:00:00:00:aa:01)
	for n in $(seq $N); do expect pending session_of "sub$n" .state; done
}

iface_rate()
{
	bng_ifaces trusted on dhcp-rate 5
	mark
	on sub11 "$TOOLS/dhcpsend" -N 100 -o "$(line evil)" eth0 discover
	busywait 20 expect 100 eval 'echo $(($(grown dhcp_relayed) + $(grown dhcp_rate_iface)))'
	[ "$(grown dhcp_rate_iface)" -gt 80 ]
}

without_option_82_the_iface_is_the_line()
{
	bng_ifaces line-dhcp-rate 5
	mark
	on sub11 "$TOOLS/dhcpsend" -N 50 eth0 discover
	busywait 20 expect 50 eval 'echo $(($(grown dhcp_relayed) + $(grown dhcp_rate_line)))'
	[ "$(grown dhcp_rate_line)" -gt 30 ]
}

lease() # MAC LINE: one of sub11
{
	dhcpsend sub11 -m "$1" -x 3 -w 20 -o "$(line "$2")" eth0 discover > "$TMP/offer"
	dhcpsend sub11 -m "$1" -x 3 -w 20 -o "$(line "$2")" -i $SERVER \
		-r "$(sed -n 's/^yiaddr //p' "$TMP/offer")" eth0 request
}

line_full()
{
	bng_ifaces trusted on line-sessions 2
	lease 02:00:00:00:bb:01 few
	lease 02:00:00:00:bb:02 few
	mark
	dhcpsend sub11 -m 02:00:00:00:bb:03 -o "$(line few)" eth0 discover
	counts "dhcp_line_full=1"
	lease 02:00:00:00:bb:04 other
}

# An offer of the line makes room; it is not a lease.
line_offers()
{
	bng_ifaces trusted on line-sessions 2
	dhcpsend sub11 -m 02:00:00:00:bb:11 -o "$(line offers)" eth0 discover
	dhcpsend sub11 -m 02:00:00:00:bb:12 -o "$(line offers)" eth0 discover
	lease 02:00:00:00:bb:13 offers
	expect 2 jq length <(kbng -j session list circuit-id offers)
}

state_of() # MAC
{
	jq -r '[.[] | "\(.circuit_id) \(.state)"] | sort | join(", ")' <(kbng -j session list mac "$1")
}

move_denied()
{
	bng_ifaces trusted on move deny
	lease 02:00:00:00:cc:01 here
	mark
	dhcpsend sub11 -m 02:00:00:00:cc:01 -o "$(line there)" eth0 discover
	counts "dhcp_move_denied=1"
	expect "here pending" state_of 02:00:00:00:cc:01
}

move_follows()
{
	bng_ifaces trusted on
	lease 02:00:00:00:cc:01 there
	expect "here stopped, there pending" state_of 02:00:00:00:cc:01
}

ack() # MAC LINE ADDRESS, as a server would give it
{
	dhcpsend sub11 -m "$1" -x 7 -o "$(line "$2")" eth0 request
	dhcpsend core -p 67:67 -W 0:02 -M "$(mac_of bng core0)" -S $SERVER -D $GATEWAY -g $GATEWAY \
		-m "$1" -x 7 -y "$3" -l 60 -i $SERVER srv ack
}

conflict()
{
	stop kea
	ack 02:00:00:00:dd:01 first 10.64.9.9
	busywait 10 expect "first pending" state_of 02:00:00:00:dd:01
	mark
	ack 02:00:00:00:dd:02 second 10.64.9.9
	counts "dhcp_relayed=1 dhcp_address_conflict=1"
	expect "first pending" state_of 02:00:00:00:dd:01
	ack 02:00:00:00:dd:03 first 10.64.9.9
	busywait 10 expect "first pending" state_of 02:00:00:00:dd:03
	expect "first stopped" state_of 02:00:00:00:dd:01
}

foreign_release()
{
	mark
	dhcpsend sub11 -m 02:00:00:00:dd:03 -c 10.64.9.9 -o "$(line second)" eth0 release
	counts "dhcp_release_foreign=1"
	expect "first pending" state_of 02:00:00:00:dd:03
}

words()
{
	fails kbng iface set acc0 role access move maybe
	fails kbng iface set acc0 role access dhcp-rate 30001
	expect "7 8 9 deny" jq -r '.[] | select(.iface == "acc0") |
		"\(.dhcp_rate) \(.line_dhcp_rate) \(.line_sessions) \(.move)"' \
		<(bng_ifaces dhcp-rate 7 line-dhcp-rate 8 line-sessions 9 move deny; kbng -j iface list)
}

unreclaimable() # octets of kernel memory
{
	awk '/^SUnreclaim:/ { print $2 * 1024 }' /proc/meminfo
}

offered()
{
	kbng -j iface list | jq '.[] | select(.iface == "acc0").sessions'
}

# Nobody answers. More of them throw out the oldest, and all end by themselves.
many_offers()
{
	local before peak each

	bng_ifaces max-sessions $((4 * MANY)) offer-timeout 60
	before=$(unreclaimable)
	mark
	on sub11 "$TOOLS/dhcpsend" -N $((MANY + 5000)) -R $FLOOD eth0 discover
	busywait 60 eval '[ "$(grown dhcp_offer_evicted)" -ge 1000 ]'
	expect $MANY offered
	peak=$(($(unreclaimable) - before))
	each=$((peak / MANY))
	echo "# $MANY offers take $each octets each" >&3
	[ $each -gt 100 ]
	[ $each -lt 2048 ]
	busywait 120 expect 0 offered
	busywait 60 eval "[ \$((\$(unreclaimable) - $before)) -lt $((peak / 4)) ]"
}

exec 3>&1
topo_up 11
kea_start
# As in an access network: ports see the BNG only, and invented addresses are
# not what is to be tested of this switch.
for n in $(seq 11); do bridge -n acc link set dev "sub$n" isolated on; done
bridge -n acc link set dev sub11 learning off
check "ten clients lease while one line floods" flood
stop flood KILL
check "who floods throws out his own offers" evicts_its_own
check "an iface's rate" iface_rate
check "without option 82 the iface is the line" without_option_82_the_iface_is_the_line
check "a line has no more sessions than it may" line_full
check "a line's offers make room" line_offers
check "a MAC with a session on another line is refused" move_denied
check "... or moves: one stop, one start" move_follows
check "another line's address is refused, the same line's moves" conflict
check "a release from another line is refused" foreign_release
check "the words of limits" words
stop kea
kbng session clear all > /dev/null
kbng session forget all > /dev/null
check "50 000 offers are bounded, in number and memory" many_offers
done_testing
