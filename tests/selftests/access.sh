#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Several access interfaces with one giaddr: a plain one, a bond, a bridge, with
# tags as well. Downstream the operator's routes say where an address is. sub6
# and sub7 share a VLAN behind an access node, which adds option 82: here, as in
# trust.sh, the clients do.
#
#   sub1 ────────────── br0 ─ acc0  ─┐
#   sub6, sub7 (400) ───┘            │
#   sub2 ─ swb ╤═══════════╤ bond0  ─┤
#   sub3 (100) ┘ two links           ├ BNG core0 ── srv 192.0.2.2
#   sub4 ────────── sub4 ┐           │               Kea
#   sub5 (100) ──── sub5 ┴ brx ──────┘
. "$(dirname "$0")/lib.sh"

subs="sub1 sub4 sub5 sub6 sub7"		# and sub2, sub3 where there are bonds
ifaces="brx"				# besides acc0

# With a switch behind it that does not know what a bond is.
bond_up()
{
	local n

	box swb
	ip -n swb link add br0 type bridge
	ip -n swb link set br0 up
	ip -n bng link add bond0 type bond mode active-backup miimon 50 || return
	for n in 1 2; do
		ip -n bng link add leg$n type veth peer leg$n netns swb
		ip -n bng link set leg$n master bond0
		ip -n bng link set leg$n up
		ip -n swb link set leg$n master br0 up
	done
	ip -n bng link set bond0 up
}

needs_bond()
{
	[ -e "$TMP/bond" ] || skip "this kernel has no bonding"
}

bridge_up()
{
	ip -n bng link add brx type bridge
	ip -n bng link set brx up
}

# A host behind a bridge in NAMESPACE, its eth0 on VLAN device VID if given.
host_add() # NAME MAC NAMESPACE BRIDGE [VID]
{
	box "$1"
	ip -n "$1" link add eth0 address "$2" type veth peer "$1" netns "$3"
	ip -n "$1" link set eth0 up
	ip -n "$3" link set "$1" master "$4" up
	bridge -n "$3" link set dev "$1" isolated on
	[ $# -lt 5 ] || sub_tags "$1" 802.1Q "$5"
}

set_ifaces() # [WORD...]
{
	local n

	bng_ifaces vlan single trusted on "$@"
	for n in $ifaces; do
		kbng iface set "$n" role access giaddr $GATEWAY server $SERVER \
			vlan single "$@"
	done
}

comes_up() # NAMESPACE IFACE VLAN [OPTION of udhcpc...]
{
	udhcpc_start "$1" "${@:4}"
	expect "$2 $3 pending" session_of "$1" '"\(.iface) \(.vlan) \(.state)"'
	[ "$2" = acc0 ] || ip -n bng route add "$(addr_of "$1")" dev "$2"
	kbng session set "$(addr_of "$1")" state active
	traffic "$1"
}

behind_a_bond() # NAMESPACE VLAN
{
	needs_bond
	comes_up "$1" bond0 "$2"
}

# TEXT of 6 octets is the circuit-id that the node gives.
behind_a_node() # NAMESPACE TEXT
{
	comes_up "$1" acc0 400 -x "82:$(sub_option 1 "$2")"
	expect "$2" session_of "$1" .circuit_id
}

traffic() # NAMESPACE...
{
	local ns

	for ns in "$@"; do
		on "$ns" ping -q -c 3 -i 0.2 -W 20 $GATEWAY > "$TMP/ping"
		on "$ns" ping -q -c 3 -i 0.2 -W 20 $SERVER > "$TMP/ping"
		on core ping -q -c 3 -i 0.2 -W 20 "$(addr_of "$ns")" > "$TMP/ping"
	done
}

counts_on_its_own() # NAMESPACE...
{
	local ns before

	for ns in "$@"; do
		before=$(session_of "$ns" .down.packets4)
		on core ping -q -c 3 -i 0.2 -W 20 "$(addr_of "$ns")" > "$TMP/ping"
		expect $((before + 3)) session_of "$ns" .down.packets4
	done
}

# NAMESPACE releases VICTIM's lease and uses its address, in vain: DROP has it.
spoofed() # NAMESPACE VICTIM DROP WORD OF dhcpsend...
{
	local addr

	addr=$(addr_of "$2")
	mark
	dhcpsend "$1" -c "$addr" -S "$addr" "${@:4}" release
	busywait 20 expect "dhcp_release_foreign=1" counted
	mark
	ip -n "$1" address add "$addr/32" dev eth0
	fails on "$1" ping -q -c 2 -W 1 -I "$addr" $SERVER > "$TMP/ping"
	ip -n "$1" address del "$addr/32" dev eth0
	counted | grep -qE "drop_($3|arp_spoofed)="
	expect active session_of "$2" .state
}

# The address of who is behind another device, with everything else right.
spoofed_from_elsewhere()
{
	spoofed sub4 sub1 spoofed_iface -m "$(mac_of sub1)" eth0
}

# Neighbours in a shared VLAN are told apart by MAC address and circuit-id.
spoofed_in_the_vlan()
{
	spoofed sub7 sub6 spoofed_mac -v 400 -m "$(mac 7)" wire
}

active_leg()
{
	on bng cat /sys/class/net/bond0/bonding/active_slave
}

a_leg_fails()
{
	local leg

	needs_bond
	leg=$(active_leg)
	ip -n swb link set "$leg" down
	busywait 20 fails expect "$leg" active_leg
	# The switch learns where the BNG is now from what it sends.
	on bng ping -q -c 1 -W 20 "$(addr_of sub2)" > "$TMP/ping"
	traffic sub2 sub3
	ip -n swb link set "$leg" up
}

members_are_refused()
{
	fails kbng iface set sub4 role access
	fails ip -n bng link set acc0 master brx
}

legs_are_refused()
{
	needs_bond
	fails kbng iface set leg1 role access
	fails ip -n bng link set bond0 master brx
	fails ip -n bng link set acc0 master bond0
}

all_fast()
{
	set_ifaces fastpath on
	kbng iface set core0 role core fastpath on
	# shellcheck disable=SC2086
	traffic $subs
	# shellcheck disable=SC2086
	counts_on_its_own $subs
}

one_goes() # Its sessions end, the others stay.
{
	ip -n bng link del brx
	busywait 20 expect stopped eval "kbng -j session list mac $(mac_of sub4) | jq -r '.[].state'"
	busywait 20 expect stopped eval "kbng -j session list mac $(mac_of sub5) | jq -r '.[].state'"
	# shellcheck disable=SC2086
	traffic ${subs/sub4 sub5/}
}

topo_up 1
bridge_up
host_add sub4 "$(mac 4)" bng brx
host_add sub5 "$(mac 5)" bng brx 100
for n in 6 7; do
	sub_add sub$n "$(mac $n)"
	sub_tags sub$n 802.1Q 400
done
if bond_up 2> "$TMP/bond-log"; then
	touch "$TMP/bond"
	subs="$subs sub2 sub3" ifaces="$ifaces bond0"
	host_add sub2 "$(mac 2)" swb br0
	host_add sub3 "$(mac 3)" swb br0 100
fi
kea_start 7200
set_ifaces

check "a plain device" comes_up sub1 acc0 null
check "a bond" behind_a_bond sub2 null
check "a bond, tagged" behind_a_bond sub3 100
check "a bridge" comes_up sub4 brx null
check "a bridge, tagged" comes_up sub5 brx 100
check "a shared VLAN behind an access node" behind_a_node sub6 port/6
check "another subscriber in that VLAN" behind_a_node sub7 port/7
# shellcheck disable=SC2086
check "each counts its own" counts_on_its_own $subs
check "a session is not to be had from another device" spoofed_from_elsewhere
check "a session is not to be had by a neighbour in the VLAN" spoofed_in_the_vlan
check "one link of the bond fails" a_leg_fails
check "members of a bridge are no access interfaces" members_are_refused
check "members of a bond are no access interfaces" legs_are_refused
check "all of them on the fast path" all_fast
check "one of them goes" one_goes
done_testing
