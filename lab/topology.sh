#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# topology.sh up|down: an ISP in network namespaces, one a box below
#
#   alice ─┐  access switch      broadband network gateway       core
#   bob   ─┤ ┌───────────┐ ┌──────────────────────────────┐ ┌──────────────┐
#   carol ─┼─┤    br0    ├─┤ acc0   kbng.ko, kbngd  core0 ├─┤ eth0  server │
#   dave  ─┘ └───────────┘ └──────────────────────────────┘ └──────────────┘
#  100.64.0.x      sw         100.64.0.1   bng   192.0.2.1     192.0.2.2
#  by DHCP
#
# The namespace of a box is called kbng-NAME: `lab/in alice ip address`.
# Subscribers start without an address.  The server is the RADIUS, DHCP and
# Redis server and stands for the Internet as well.  Links carry packets as a
# wire does, none longer than the MTU, so octets can be compared.
set -eu -o pipefail
. "$(dirname "$(realpath "$0")")/names"

topology_box() # NAME
{
	local ns=kbng-$1

	# What a DHCP client writes about its resolver stays in its namespace.
	mkdir -p "/etc/netns/$ns"
	: > "/etc/netns/$ns/resolv.conf"
	ip netns add "$ns"
	ip netns exec "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1
	ip -n "$ns" link set lo up
}

topology_link() # BOX DEVICE BOX DEVICE
{
	local end

	ip link add "$2" netns "kbng-$1" type veth \
		peer name "$4" netns "kbng-$3"
	for end in "$1 $2" "$3 $4"; do
		ip netns exec "kbng-${end% *}" ethtool -K "${end#* }" \
			tso off gso off gro off > /dev/null
		ip -n "kbng-${end% *}" link set "${end#* }" up
	done
}

topology_up()
{
	local box n=0

	for box in $BOXES; do
		topology_box "$box"
	done

	ip -n kbng-sw link add br0 type bridge
	ip -n kbng-sw link set br0 up
	for box in $SUBSCRIBERS; do
		n=$((n + 1))
		topology_link "$box" eth0 sw "port$n"
		ip -n kbng-sw link set "port$n" master br0
		bridge -n kbng-sw link set dev "port$n" isolated on
		ip -n "kbng-$box" link set eth0 down
		ip -n "kbng-$box" link set eth0 address "$(mac_of "$box")"
		ip -n "kbng-$box" link set eth0 up
	done

	topology_link sw uplink bng acc0
	ip -n kbng-sw link set uplink master br0
	topology_link bng core0 server eth0

	ip -n kbng-bng address add "$GATEWAY/24" dev acc0
	ip -n kbng-bng address add "$BNG/24" dev core0
	ip netns exec kbng-bng sysctl -qw net.ipv4.ip_forward=1
	ip -n kbng-server address add "$SERVER/24" dev eth0
	ip -n kbng-server route add "$POOL" via "$BNG"
}

topology_down()
{
	local box

	for box in $BOXES; do
		ip netns del "kbng-$box" 2>/dev/null || true
		rm -rf "/etc/netns/kbng-$box"
	done
}

case ${1-} in
up)
	topology_down
	topology_up
	;;
down)
	topology_down
	;;
*)
	echo "usage: ${0##*/} up|down" >&2
	exit 2
	;;
esac
