# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Frames as lines of hex digits, for `pkt send`: made from scratch, or bent on
# their way through a pipe.

hex_addr() # IPV4
{
	# shellcheck disable=SC2046,SC2086
	printf %02x ${1//./ }
}

eth_frame() # DESTINATION SOURCE TYPE PAYLOAD
{
	echo "${1//:/}${2//:/}$3$4"
}

# An IPv4 packet without options, its checksum right.
ipv4_packet() # SOURCE DESTINATION PROTOCOL PAYLOAD
{
	local header i sum=0

	printf -v header '4500%04x0000400040%02x0000%s%s' $((20 + ${#4} / 2)) "$3" \
		"$(hex_addr "$1")" "$(hex_addr "$2")"
	for ((i = 0; i < 40; i += 4)); do
		sum=$((sum + 0x${header:i:4}))
	done
	sum=$(((sum & 0xffff) + (sum >> 16)))
	printf '%s%04x%s%s\n' "${header:0:20}" $((~(sum + (sum >> 16)) & 0xffff)) \
		"${header:24}" "$4"
}

# To the discard port, without a checksum; OCTETS is the IP packet's length.
udp_packet() # SOURCE DESTINATION [OCTETS]
{
	local udp

	printf -v udp '13880009%04x0000%0*d' $((${3:-100} - 20)) $(((${3:-100} - 28) * 2)) 0
	[ "${3:-100}" -gt 28 ] || udp=${udp:0:16}
	ipv4_packet "$1" "$2" 17 "$udp"
}

arp_packet() # OPERATION SENDER_MAC SENDER_IP TARGET_MAC TARGET_IP
{
	printf '000108000604%04x%s%s%s%s\n' "$1" "${2//:/}" "$(hex_addr "$3")" \
		"${4//:/}" "$(hex_addr "$5")"
}

poke() # OFFSET HEX: overwrite octets in each frame on stdin
{
	local line

	while read -r line; do
		echo "${line:0:$1 * 2}$2${line:$1 * 2 + ${#2}}"
	done
}

# Make the IPv4 header's checksum right in each untagged frame on stdin.
ip_sum()
{
	local line sum i ihl

	while read -r line; do
		ihl=$((0x${line:29:1} * 4)) sum=0
		for ((i = 14; i < 14 + ihl; i += 2)); do
			[ $i -eq 24 ] || sum=$((sum + 0x${line:i * 2:4}))
		done
		sum=$(((sum & 0xffff) + (sum >> 16)))
		sum=$((~(sum + (sum >> 16)) & 0xffff))
		poke 24 "$(printf %04x $sum)" <<< "$line"
	done
}

hex_addr6() # IPV6, with at most one "::"
{
	local head=${1%%::*} tail= group out= rest=

	[ "$head" = "$1" ] || tail=${1#*::}
	for group in ${head//:/ }; do printf -v out '%s%04x' "$out" "0x$group"; done
	for group in ${tail//:/ }; do printf -v rest '%s%04x' "$rest" "0x$group"; done
	group=00000000000000000000000000000000$rest
	printf %s "$out${group:${#out} + ${#rest}}"
}

ipv6_packet() # SOURCE DESTINATION NEXT_HEADER PAYLOAD [HOP_LIMIT]
{
	printf '60000000%04x%02x%02x%s%s%s\n' $((${#4} / 2)) "$3" "${5:-64}" \
		"$(hex_addr6 "$1")" "$(hex_addr6 "$2")" "$4"
}

# To the discard port; OCTETS is the IP packet's length.
udp6_packet() # SOURCE DESTINATION [OCTETS]
{
	local udp

	printf -v udp '13880009%04x0000%0*d' $((${3:-100} - 40)) $(((${3:-100} - 48) * 2)) 0
	[ "${3:-100}" -gt 48 ] || udp=${udp:0:16}
	sum6_packet "$1" "$2" 17 "$udp"
}

# A packet of 17 (UDP) or 58 (ICMPv6), whose checksum is made right.
sum6_packet() # SOURCE DESTINATION PROTOCOL PAYLOAD [HOP_LIMIT]
{
	local at=$(($3 == 17 ? 12 : 4)) data sum=0 i

	data=$(hex_addr6 "$1")$(hex_addr6 "$2")$(printf %08x%08x $((${#4} / 2)) "$3")$4
	data+=$( ((${#data} % 4)) && echo 00)
	for ((i = 0; i < ${#data}; i += 4)); do
		sum=$((sum + 0x${data:i:4}))
	done
	sum=$(((sum & 0xffff) + (sum >> 16)))
	sum=$((~(sum + (sum >> 16)) & 0xffff))
	ipv6_packet "$1" "$2" "$3" "${4:0:at}$(printf %04x $sum)${4:at+4}" "${5:-64}"
}

# A neighbour discovery message: TYPE, what follows the checksum, and options.
nd_packet() # SOURCE DESTINATION TYPE REST [HOP_LIMIT]
{
	sum6_packet "$1" "$2" 58 "$(printf %02x "$3")000000$4" "${5:-255}"
}
