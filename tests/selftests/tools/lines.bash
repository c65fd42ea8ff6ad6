# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
#
# Subscribers' lines with VLAN tags behind a switch that floods, and what of the
# frames on it is for whom. On top of lib.sh.

line_add() # NAME MAC [PROTOCOL VID]...
{
	sub_add "$1" "$2"
	bridge -n acc link set dev "$1" learning off
	[ $# -eq 2 ] || sub_tags "$1" "${@:3}"
}

pings() # NAMESPACE OPTION... ADDRESS
{
	on "$1" ping -q -c 3 -i 0.2 -W 20 "${@:2}" > "$TMP/ping" || {
		cat "$TMP/ping" >&2
		return 1
	}
}

record() # what the BNG sends
{
	start wire acc "$TOOLS/pkt" recv up0 600
	busywait 20 listens_raw acc
}

listens_raw() # NAMESPACE: somebody has a packet socket
{
	on "$1" grep -q 0003 /proc/net/packet
}

tags_to() # MAC DIGITS
{
	grep "^${1//:/}" "$TMP/wire.log" | cut -c "25-$((24 + $2))" | sort -u |
		paste -sd ' '
}

tagged() # TAGS: put them into each frame on stdin
{
	local frame

	while read -r frame; do
		echo "${frame:0:24}$1${frame:24}"
	done
}
