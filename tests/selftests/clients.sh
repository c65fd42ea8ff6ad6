#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Clients of the kind that subscribers have: dhcpcd (sub1) and systemd-networkd
# (sub2), each a router with a network `lan` behind it, ask for an IPv4 address,
# an IPv6 address and a prefix; with Kea, and then with dnsmasq, which delegates
# no prefixes. kbngd lets them in, and routes to their prefixes. Topology: lib.sh.
# shellcheck disable=SC2154,SC2016
. "$(dirname "$0")/lib.sh"

LINK6=2001:db8:a::1

conf()
{
	cat <<-EOT
	bng_id: bng-t
	ifaces:
	  - { name: acc0, role: access, giaddr: $GATEWAY, servers: [$SERVER],
	      link6: $LINK6, servers6: [$SERVER6], ra: yes }
	  - { name: core0, role: core }
	journal: { path: $TMP/journal.db }
	subscribers_file: $TMP/subscribers.yaml
	EOT
}

dhcpcd_start() # NAMESPACE
{
	cat > "$TMP/dhcpcd.conf" <<-EOT
	duid
	noipv6rs
	nohook resolv.conf, hostname
	allowinterfaces eth0 lan
	interface eth0
	ipv6rs
	ia_na 1
	ia_pd 2 lan/1
	EOT
	start "dhcpcd-$1" "$1" dhcpcd -B -d -f "$TMP/dhcpcd.conf" eth0
}

# Without systemd, udev and D-Bus; /run is its own, and /sys read-only tells it
# that no udev has to name a device first.
networkd_start() # NAMESPACE
{
	cat > "$TMP/eth0.network" <<-EOT
	[Match]
	Name=eth0
	[Network]
	DHCP=yes
	IPv6AcceptRA=yes
	[DHCPv6]
	PrefixDelegationHint=::/56
	EOT
	cat > "$TMP/lan.network" <<-EOT
	[Match]
	Name=lan
	[Network]
	DHCPPrefixDelegation=yes
	[DHCPPrefixDelegation]
	UplinkInterface=eth0
	EOT
	start "networkd-$1" "$1" env SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console \
		unshare -m bash -e -c "
			mount --make-rprivate /
			mount -o remount,bind,ro /sys
			mount -t tmpfs run /run
			mkdir -p /run/systemd/network /run/systemd/netif
			cp '$TMP'/*.network /run/systemd/network/
			exec /lib/systemd/systemd-networkd"
}

leased() # NAMESPACE KIND
{
	session_of "$1" "(.prefixes // [])[] | select(.kind == \"$2\") | .prefix"
}

is_active() # NAMESPACE: with both addresses, in one session
{
	[ "$(leased "$1" na)" ] &&
		expect active session_of "$1" 'select(.address) | .state'
}

lan_address() # NAMESPACE: of its prefix
{
	ip -n "$1" -6 -j address show dev lan scope global -tentative |
		jq -er '[.[].addr_info[]?.local // empty][0]'
}

comes_up() # NAMESPACE CLIENT
{
	ip -n "$1" link show lan > /dev/null 2>&1 ||
		ip -n "$1" link add lan type dummy
	ip -n "$1" link set lan up
	"$2_start" "$1"
	busywait 90 is_active "$1" || {
		tail -n 40 "$TMP/$2-$1.log" >&2
		return 1
	}
	ping_from "$1" "$(session_of "$1" .address)" $SERVER
	busywait 60 reaches6 "$1"
}

reaches6() # NAMESPACE
{
	on "$1" ping -q -c 1 -W 2 -I "$(leased "$1" na)" $SERVER6
}

ping_from() # NAMESPACE ADDRESS TO
{
	busywait 30 on "$1" ping -q -c 1 -W 2 -I "$2" "$3"
}

# A host on its `lan` reaches the core.
prefix_works() # NAMESPACE
{
	local address

	busywait 60 leased "$1" pd
	[ "$(leased "$1" pd)" ]
	busywait 60 lan_address "$1" || {
		ip -n "$1" -6 address >&2
		return 1
	}
	address=$(lan_address "$1")
	ping_from "$1" "$address" $SERVER6
	on core ping -q -c 1 -W 10 "$address"
}

renewed() # NAMESPACE: both families, within the life of their leases
{
	mark
	busywait 60 eval 'counted | grep dhcp_renewed= | grep dhcp6_renewed='
	is_active "$1"
}

# dhcpcd gives back all that it has, long before any lease is over.
dhcpcd_goes() # NAMESPACE
{
	local told

	told=$(wc -l < "$TMP/monitor.log")
	stop "dhcpcd-$1" ALRM
	busywait 15 expect '' session_of "$1"
	busywait 15 eval "tail -n +$((told + 1)) '$TMP/monitor.log' |
		grep ' stop .* $(mac_of "$1") .*User-Request'"
}

# networkd before version 253 gives back IPv4 only.
networkd_goes() # NAMESPACE
{
	stop "networkd-$1"
	busywait 15 expect null session_of "$1" .address
}

networkd_expires()
{
	networkd_goes sub2
	busywait 60 expect '' session_of sub2
}

dnsmasq_start()
{
	start dnsmasq core dnsmasq -k -C /dev/null --log-facility=- --log-dhcp \
		--no-resolv --no-hosts --port=0 --interface=srv \
		--dhcp-leasefile="$TMP/dnsmasq.leases" \
		--dhcp-range=10.64.2.0,10.64.2.255,255.255.0.0,10m \
		--dhcp-option=option:router,$GATEWAY \
		--dhcp-range=2001:db8:a::2:0,2001:db8:a::2:ffff,64,10m
	busywait 30 listens u 67
	busywait 30 listens u 547
}

dnsmasq_instead()
{
	stop kea
	stop kea6
	dnsmasq_start
}

from_dnsmasq() # NAMESPACE CLIENT
{
	comes_up "$1" "$2"
	session_of "$1" .address | grep '^10\.64\.2\.'
	leased "$1" na | grep '^2001:db8:a::2:'
	"$2_goes" "$1"
}

topo_up 2
topo_up6 sub1 sub2
ip -n bng address add $LINK6/64 dev acc0 nodad
kea_start 40
kea6_start 40
echo 'subscribers: [ { rate_up: 100M, rate_down: 100M } ]' > "$TMP/subscribers.yaml"
conf | kbngd_start
kbngd_ready
start monitor bng "$BIN/kbng" monitor
check "dhcpcd: both families, and packets pass" comes_up sub1 dhcpcd
check "dhcpcd: the network behind it" prefix_works sub1
check "dhcpcd: renews" renewed sub1
check "dhcpcd: releases" dhcpcd_goes sub1
check "networkd: both families, and packets pass" comes_up sub2 networkd
check "networkd: the network behind it" prefix_works sub2
check "networkd: renews" renewed sub2
check "networkd: releases IPv4, and the rest ends" networkd_expires
check "dnsmasq is the server of both" dnsmasq_instead
check "dnsmasq and dhcpcd" from_dnsmasq sub1 dhcpcd
check "dnsmasq and networkd" from_dnsmasq sub2 networkd
done_testing
