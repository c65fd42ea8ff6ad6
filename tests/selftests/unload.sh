#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Things are taken away while packets of theirs are on their way: the module,
# an interface, a namespace.
#
#   sub1 ─┐   acc        bng           core
#   sub2 ─┤ ┌─────┐ ┌─────────────┐ ┌────────┐
#         └─┤ br0 ├─┤ acc0  core0 ├─┤ srv    │   UDP in both directions and
#           └─────┘ └─────────────┘ └────────┘   DHCP all the time
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/traffic.bash"

unloads_under_traffic()
{
	local n

	for n in 1 2 3; do
		passes
		timeout 60 rmmod kbng
		[ ! -e /sys/module/kbng ]
		modprobe kbng
		sessions_up
	done
	passes
}

# Without the module the box is a router again.
routes_without_the_module()
{
	local before

	rmmod kbng
	before=$(received core srv)
	busywait 60 eval '[ "$(received core srv)" -gt $((before + 100)) ]'
	modprobe kbng
	sessions_up
	passes
}

received() # NAMESPACE DEVICE: packets
{
	on "$1" cat "/sys/class/net/$2/statistics/rx_packets"
}

role_is_taken_under_traffic()
{
	local n

	for n in 1 2 3; do
		passes
		kbng iface del acc0
		kbng iface del core0
		expect 0 eval 'kbng -j iface list | jq length'
		expect '["Port-Error","Port-Error"]' eval \
			'kbng -j session list | jq -c "[.[] | select(.address) | .terminate_cause]"'
		kbng session forget all
		sessions_up
	done
	passes
}

access_up()
{
	ip -n bng link add acc0 type veth peer up0 netns acc
	ip -n acc link set up0 master br0 up
	ip -n bng link set acc0 up
	ip -n bng address add $GATEWAY/16 dev acc0
}

interface_is_removed_under_traffic()
{
	passes
	timeout 60 ip -n bng link del acc0
	expect '["core0"]' eval 'kbng -j iface list | jq -c "[.[].iface]"'
	expect 2 eval 'kbng -j session list state stopped | jq "[.[] | select(.address)] | length"'
	access_up
	kbng session forget all
	sessions_up
	passes
}

# Its sessions end with it, and the module's other namespaces do not notice.
namespace_is_removed_under_traffic()
{
	passes
	ip -n core link add other type veth
	on core "$BIN/kbng" iface set other role core
	timeout 60 ip netns del bng
	busywait 60 fails ip -n acc link show up0
	expect '["other"]' eval 'on core "$BIN/kbng" -j iface list | jq -c "[.[].iface]"'
}

topo_up 2
sessions_up
traffic_up
check "rmmod under traffic" unloads_under_traffic
check "without the module the box routes" routes_without_the_module
check "roles are taken under traffic" role_is_taken_under_traffic
check "an interface is removed under traffic" interface_is_removed_under_traffic
check "a namespace is removed under traffic" namespace_is_removed_under_traffic
traffic_down
done_testing
