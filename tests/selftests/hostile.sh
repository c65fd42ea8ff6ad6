#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a hostile client or a broken server sends: every message is dropped under
# the name of its defect, none is lost without a name, none reaches the server,
# and what only looks odd is answered. Topology: lib.sh; frames are made by
# dhcpsend -n, bent in bash and sent by pkt.
#
# Set SEED to repeat a run.
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/frames.bash"

SEED=${SEED:-$RANDOM$RANDOM}
MAC=$(mac 1)
IP=14 UDP=34 BOOTP=42		# offsets in an untagged frame

frame() # [OPTION...] TYPE: in hex; by default without padding
{
	"$TOOLS/dhcpsend" -n -m "$MAC" -P 0 "${@:1:$#-1}" eth0 "${!#}"
}

# Options are in the order of the message, behind the type.
discover=(-o "61:01${MAC//:/}" -o 12:666f6f discover)

sends() # [COUNT]: the frames on stdin
{
	pkt sub1 send eth0 "$@"
}

# The frames on stdin are dropped, each counted, under these names alone.
dropped() # NAME=N...
{
	mark
	sends
	counts "$*"
}

# --- Cut ------------------------------------------------------------------------

# 240 octets before the options; End is at 257, an option begins at 243 and 252.
cut_everywhere()
{
	frame -C all "${discover[@]}" > "$TMP/cut"
	expect 258 wc -l < "$TMP/cut"
	dropped dhcp_truncated=240 dhcp_option_overrun=14 dhcp_no_end=4 < "$TMP/cut"
}

# The frame is cut, its headers speak of all of it.
cut_frame()
{
	local whole n

	whole=$(frame "${discover[@]}")
	for ((n = IP; n < ${#whole} / 2; n++)); do
		echo "${whole:0:n * 2}"
	done > "$TMP/cut"
	expect 286 wc -l < "$TMP/cut"
	dropped drop_malformed=286 < "$TMP/cut"
}

# The frame is whole, UDP's length says less or more. No checksum.
cut_udp()
{
	local whole n

	whole=$(frame "${discover[@]}" | poke $((UDP + 6)) 0000)
	for ((n = 0; n < 300; n++)); do
		[ $n -eq 266 ] || poke $((UDP + 4)) "$(printf %04x $n)" <<< "$whole"
	done > "$TMP/cut"
	dropped dhcp_truncated=281 dhcp_option_overrun=14 dhcp_no_end=4 < "$TMP/cut"
}

cut_replies()
{
	mark
	dhcpsend core -C all -p 67:67 -W 0:02 -M "$(mac_of bng core0)" -S $SERVER \
		-D $GATEWAY -g $GATEWAY -m "$MAC" -P 0 -y 10.64.1.9 -l 60 srv ack
	# The one without any octet is nothing that the relay knows.
	counts "dhcp_truncated=239 dhcp_option_overrun=7 dhcp_no_end=3"
}

# --- A defect each ----------------------------------------------------------------

fixed_fields()
{
	{
		frame -W 236:00000000 "${discover[@]}"
		frame -W 239:62 "${discover[@]}"
	} | dropped dhcp_bad_magic=2
	{
		frame -W 2:ff "${discover[@]}"
		frame -W 2:00 "${discover[@]}"
		frame -W 2:10 "${discover[@]}"
		frame -W 1:06 "${discover[@]}"
	} | dropped dhcp_bad_hlen=4
	{
		frame -W 0:00 "${discover[@]}"
		frame -W 0:02 "${discover[@]}"
		frame -W 0:ff "${discover[@]}"
	} | dropped dhcp_bad_op=3
	{
		frame -W 3:10 "${discover[@]}"
		frame -W 3:ff "${discover[@]}"
	} | dropped dhcp_hops=2
	{
		frame -W 28:020000000002 "${discover[@]}"
		frame -W 28:000000000000 "${discover[@]}"
		frame -W 28:ffffffffffff "${discover[@]}"
	} | dropped dhcp_chaddr_mismatch=3
}

bad_options()
{
	{
		frame -W 244:ff "${discover[@]}"	# 61 as long as can be
		frame -W 253:05 "${discover[@]}"	# an octet too long
		frame -W 257:0c "${discover[@]}"	# a code and no length
		frame -o 82:0104616263 -W 244:08 discover
	} | dropped dhcp_option_overrun=4
	{
		frame -W 257:00 "${discover[@]}"	# padding, but no End
		frame -W 253:04 "${discover[@]}"	# End is the option's
	} | dropped dhcp_no_end=2
	{
		frame -o 53:0101 none
		frame -o 53: none
		frame -o 50:0a4001 discover
		frame -o 50:0a40010101 request
		frame -o 51:00003c discover
		frame -o 52:0101 discover
		frame -o 52: discover
		frame -o 80:01 discover
	} | dropped dhcp_option_length=8
	{
		frame none
		frame -o 53:00 none
		frame -o 61:01 none
	} | dropped dhcp_no_type=3
	{
		frame offer
		frame ack
		frame nak
		frame 9
		frame 255
	} | dropped dhcp_bad_type=5
}

option_82()
{
	{
		frame -o 82:01ff6162 discover
		frame -o "82:01$(printf %0506d 1)" discover
		frame -o 82:0000ff discover
	} | dropped dhcp_opt82_malformed=3
	# In a field that the relay does not rewrite.
	frame -o 52:01 -W 108:5203010161ff discover | dropped dhcp_opt82_malformed=1
	frame -o 52:02 -W 44:5203010161ff discover | dropped dhcp_opt82_malformed=1
	frame -o 52:03 -W 108:0c0161 -W 44:5203010161ff discover |
		dropped dhcp_opt82_malformed=1
}

overloaded_fields()
{
	{
		frame -o 52:01 -W 108:0c806162 discover
		frame -o 52:02 -W 44:0c406162 discover
		frame -o 52:03 -W 108:0c0161ff -W 106:0c01 discover
		# The last one's sname ends with a length that is not there.
	} | dropped dhcp_option_overrun=3
	frame -o 52:01 -W 108:330103ff discover | dropped dhcp_option_length=1
}

udp_header()
{
	frame "${discover[@]}" | poke $((UDP + 6)) dead | dropped dhcp_checksum=1
	frame "${discover[@]}" | poke $((BOOTP + 250)) 99 | dropped dhcp_checksum=1
	# 1 to 7 octets of UDP, in an IP packet of that size
	frame "${discover[@]}" | poke $((IP + 2)) 001b | ip_sum | dropped drop_malformed=1
}

ip_header()
{
	{
		frame "${discover[@]}" | poke $IP 55
		frame "${discover[@]}" | poke $IP 44
		frame "${discover[@]}" | poke $IP 40
		frame "${discover[@]}" | poke $((IP + 2)) 0013
		frame "${discover[@]}" | poke $((IP + 2)) 0000
		frame "${discover[@]}" | poke $((IP + 2)) ffff
	} | ip_sum | dropped drop_malformed=6
	frame "${discover[@]}" | poke $((IP + 10)) dead | dropped drop_malformed=1
}

# IPv4 options before UDP are legal.
ip_options()
{
	local whole

	whole=$(frame "${discover[@]}")
	whole=${whole:0:UDP * 2}01010100${whole:UDP * 2}
	mark
	{ poke $IP 46 | poke $((IP + 2)) 0122 | ip_sum; } <<< "$whole" | sends
	counts "dhcp_relayed=1"
}

fragments()
{
	{
		frame "${discover[@]}" | poke $((IP + 6)) 2000
		frame "${discover[@]}" | poke $((IP + 6)) 6000
	} | ip_sum | dropped dhcp_fragment=2
	# A part in the middle is no DHCP: its sender's address has no session.
	frame "${discover[@]}" | poke $((IP + 6)) 2010 | ip_sum | dropped drop_no_session=1
}

too_long()
{
	frame -P 1501 discover | dropped dhcp_oversized=1
	frame -P 1900 discover | dropped dhcp_oversized=1
}

server_saw_nothing()
{
	captured srv > "$TMP/seen"
	cat "$TMP/seen"
	[ ! -s "$TMP/seen" ]
}

# --- Chance -----------------------------------------------------------------------

# Each frame counts once: as relayed, or as dropped.
sum_is() # N
{
	expect "$1" jq -n --argjson new "$(kbng -j stats)" --slurpfile old "$TMP/mark" '
		def sum: .counters | del(.dhcp_replied, .dhcp_bound, .dhcp_renewed) | add;
		($new | sum) - ($old[0] | sum)'
}

random_damage()
{
	echo "seed $SEED"
	{
		frame "${discover[@]}"
		frame -o 50:0a400105 -o 54:c0000202 request
		frame -c 10.64.1.5 release
		frame -o 52:03 -W 108:0c03666f6fff -W 44:3c0161ff discover
		frame -o 82:010161020162 discover
		frame -o "61:01${MAC//:/}" -P 300 inform
	} > "$TMP/good"
	"$TOOLS/mutate" "$SEED" 5000 < "$TMP/good" > "$TMP/bad"
	mark
	sends < "$TMP/bad"
	busywait 60 sum_is 5000
	echo "$(counted)"
}

random_replies()
{
	MAC=$(mac_of core srv)
	frame -p 67:67 -W 0:02 -M "$(mac_of bng core0)" -S $SERVER -D $GATEWAY \
		-g $GATEWAY -y 10.64.1.9 -l 60 -o 82:010161020162 ack > "$TMP/good"
	"$TOOLS/mutate" "$SEED" 3000 < "$TMP/good" > "$TMP/bad"
	pkt core send srv < "$TMP/bad"
}

# --- Nothing wrong with these -----------------------------------------------------

answered() # [OPTION...] TYPE
{
	dhcpsend sub1 -w 20 "${@:1:$#-1}" eth0 "${!#}" > "$TMP/answer"
	grep -qx 'type offer' "$TMP/answer"
}

sizes()
{
	answered -x 101 -P 0 discover
	answered -x 102 -P 300 discover
	answered -x 103 -P 576 discover
	answered -x 104 -P 1400 discover
	answered -x 105 -P 1500 discover
}

full_of_options()
{
	local big=()

	for n in 1 2 3 4 5; do
		big+=(-o "23$n:$(printf %0400d $n)")
	done
	answered -x 111 "${big[@]}" discover
	grep -q . <(captured srv 'select(.xid == 111 and .len > 1200) | .xid')
}

type_anywhere()
{
	answered -x 121 -o 61:010203040506 -o 12:666f6f -t discover
	answered -x 122 -o 61:010203040506 -o 53:01 -o 12:666f6f none
	answered -x 123 -o 254: -o 53:01 none
	# behind padding
	answered -x 124 -o 43:00 -W 240:0000000000000000350101ff -P 300 none
}

overload()
{
	answered -x 131 -o 52:01 -W 108:0c03666f6fff discover
	answered -x 132 -o 52:03 -W 108:0c03666f6fff -W 44:3c0161ff discover
	answered -x 133 -W 108:ffffffff -W 44:0cff discover	# not overloaded
	answered -x 134 -W 3:0f discover			# hops 15
	answered -x 135 -b -W 10:ffff discover
}

# Kea does not look for options in file; the relay has to. No damage to xid 1,
# above, makes these xids.
overloaded_type()
{
	mark
	frame -x 5550141 -o 52:01 -W 108:350101ff none | sends
	frame -x 5550142 -o 52:02 -W 44:350101ff none | sends
	counts "dhcp_relayed=2"
	busywait 10 expect "$(printf '5550141\n5550142')" \
		captured srv 'select(.xid == (5550141, 5550142)) | .xid'
}

still_works()
{
	udhcpc_start sub2
	expect pending session_of sub2 .state
}

echo "# seed $SEED"
counter_of() # IFACE NAME
{
	kbng -j stats "$1" | jq -e ".counters.$2"
}

# Whose fault it is: all of it came in by acc0.
drops_by_iface()
{
	local name

	for name in dhcp_chaddr_mismatch dhcp_giaddr_spoofed dhcp_bad_op; do
		[ "$(counter $name)" -gt 0 ]
		expect "$(counter $name)" counter_of acc0 $name
		expect 0 counter_of core0 $name
	done
	says 'not an iface' kbng stats lo
	says 'no interface' kbng stats nosuch
	says 'another' kbng stats acc0 core0
	kbng stats acc0 | grep -w dhcp_bad_op
}

topo_up 2
for n in "sub1 eth0" "acc sub1" "acc br0" "acc up0" "bng acc0"; do
	ip -n "${n% *}" link set "${n#* }" mtu 2000
done
bng_ifaces
capture srv core srv
check "a DISCOVER cut at every octet" cut_everywhere
check "a frame cut at every octet" cut_frame
check "a UDP length that is not the packet's" cut_udp
check "wrong op, htype, hlen, hops, chaddr and magic" fixed_fields
check "options past the end, without End, of a wrong size, without type" bad_options
check "option 82 that does not add up, or is out of reach" option_82
check "overloaded fields whose options do not add up" overloaded_fields
check "a wrong UDP checksum, and less than a UDP header" udp_header
check "a wrong IP header" ip_header
check "fragments" fragments
check "longer than any message" too_long
check "none of that reached the server" server_saw_nothing
check "an ACK cut at every octet" cut_replies
check "IP options are no defect" ip_options
check "5000 requests with random damage are each counted once" random_damage
check "3000 replies with random damage" random_replies
kea_start
check "requests of 244, 300, 576, 1400 and 1500 octets are answered" sizes
check "a request full of options is answered" full_of_options
check "the message type may stand anywhere" type_anywhere
check "options in file and sname are read" overload
check "the message type in file or sname is found" overloaded_type
check "a client gets a lease after all that" still_works
check "drops are counted by interface" drops_by_iface
done_testing
