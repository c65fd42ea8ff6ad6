#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Access nodes that kbngd finds by itself and watches: ROUTER_UPDATE when one is
# new, silent or back, and at no other time. Topology: lib.sh, and behind acc0
#
#   node1 node2	relays of 10.70.0.0/24, which answer echoes
#   sub1	what a layer-2 access node forwards, with its option 82
. "$(dirname "$0")/lib.sh"

conf() # [by LIST]
{
	kbngd_conf "trusted: yes, nodes: [10.70.0.1, 10.70.0.2]"
	cat <<-EOF
	subscribers_file: $TMP/subscribers.yaml
	metrics: { port: 9469 }
	access_nodes:
	  interval: 2
	  down_after: 2
	  up_after: 2
	$([ $# -eq 0 ] || echo "  by: $2")
	  known:
	    - { name: olt-9, address: 10.64.0.9 }
	EOF
}

node_up() # N
{
	sub_add "node$1" "$(mac $((0x700 + $1)))"
	ip -n "node$1" address add "10.64.0.25$1/16" dev eth0
	ip -n "node$1" address add "10.70.0.$1/32" dev lo
	ip -n "node$1" route add default via $GATEWAY
	ip -n bng route add "10.70.0.$1/32" via "10.64.0.25$1"
	ip -n core route add "10.70.0.$1/32" via $BNG
	kbng session new iface acc0 mac "$(mac_of "node$1")" \
		address "10.64.0.25$1" state active > /dev/null
}

# A client with this MAC address behind node N gets a lease, with the option 82
# that the node adds.
lease_by_node() # N MAC OPTION_82
{
	local say=(-W "28:${2//:/}" -S "10.70.0.$1" -D $SERVER -M "$(mac_of bng acc0)"
		-p 67:67 -W 0:01 -W 3:01 -g "10.70.0.$1" -o "82:$3" -w 20)

	dhcpsend "node$1" -x "0x$1${2##*:}" "${say[@]}" eth0 discover > "$TMP/offer"
	dhcpsend "node$1" -x "0x$1${2##*:}" "${say[@]}" -i $SERVER \
		-r "$(offered)" eth0 request > "$TMP/ack"
	grep -x 'type ack' "$TMP/ack"
}

offered()
{
	sed -n 's/^yiaddr //p' "$TMP/offer"
}

# The same through a layer-2 access node: giaddr is 0.
lease_by_switch() # MAC OPTION_82
{
	dhcpsend sub1 -m "$1" -x "0x99${1##*:}" -o "82:$2" -w 20 eth0 discover > "$TMP/offer"
	dhcpsend sub1 -m "$1" -x "0x99${1##*:}" -o "82:$2" -w 20 -i $SERVER \
		-r "$(offered)" eth0 request > "$TMP/ack"
	grep -x 'type ack' "$TMP/ack"
}

events()
{
	on bng "$BIN/kbngd" -c "$TMP/kbngd.yaml" --events
}

# ROUTER_UPDATE events of a node, each as up or down.
told() # NAME
{
	events |
		jq -r "select(.event_type == \"ROUTER_UPDATE\" and .router_name == \"$1\") |
			if .is_alive then \"up\" else \"down\" end"
}

told_is() # NAME WORD...
{
	[ "$(told "$1" | xargs)" = "${*:2}" ]
}

state_of() # NAME
{
	kbng -j node list | jq -r ".[] | select(.name == \"$1\") | .state"
}

state_is() # NAME STATE
{
	[ "$(state_of "$1")" = "$2" ]
}

# relay-id "olt" is 0c 03 6f6c74, remote-id "r-1" 02 03 722d31.
discovered()
{
	lease_by_node 1 02:00:00:00:aa:01 0103616263
	busywait 20 told_is 10.70.0.1 up
	lease_by_switch 02:00:00:00:aa:02 0101610203722d31
	busywait 20 told_is r-1 up
	lease_by_switch 02:00:00:00:aa:03 0101620203722d320c036f6c74
	busywait 20 told_is olt up
	expect '' told r-2
	expect 10.70.0.1 eval "kbng -j node list | jq -r '.[] | select(.name == \"10.70.0.1\") | .address'"
	kbng node list | grep -E '^olt +up +- +acc0 +20'
	kbng -t node list | grep -P '^r-1\tup\t-\tacc0\t20'
}

fields()
{
	events | jq -es 'any(.router_name == "olt" and .bng_id == "bng-t" and
		.ifname == "acc0" and .remote_id == "r-2" and .relay_id == "olt" and
		(.seq | type) == "number" and (.last_seen | test("^20.*Z$")) and
		.is_alive == true and (has("router_ip") | not))'
	events | jq -es 'any(.router_name == "10.70.0.1" and .router_ip == "10.70.0.1")'
}

# Nobody has the address of the one that is configured.
configured()
{
	busywait 60 told_is olt-9 down
	kbng -j node list | jq -e '.[] | select(.name == "olt-9") | .state == "down" and
		.address == "10.64.0.9" and (has("last_seen") | not)'
	grep -E 'access node is down name="olt-9"' "$TMP/kbngd.log"
}

# Many leases and many answers say nothing new.
told_once()
{
	local seen

	lease_by_node 1 02:00:00:00:aa:11 0103616263
	lease_by_switch 02:00:00:00:aa:12 0101630203722d31
	seen=$(kbng -j node list | jq -r '.[] | select(.name == "10.70.0.1") | .last_seen')
	busywait 20 eval "kbng -j node list | jq -e '.[] | select(.name == \"10.70.0.1\") | .last_seen > \"$seen\"'"
	told_is 10.70.0.1 up
	told_is r-1 up
}

silent()
{
	ip -n node1 address del 10.70.0.1/32 dev lo
	busywait 30 told_is 10.70.0.1 up down
	expect down state_of 10.70.0.1
	expect up state_of olt
	ip -n node1 address add 10.70.0.1/32 dev lo
	busywait 30 told_is 10.70.0.1 up down up
}

# Down, though it does not answer: its DHCP is enough.
back_by_dhcp()
{
	on node1 sysctl -qw net.ipv4.icmp_echo_ignore_all=1
	busywait 30 told_is 10.70.0.1 up down up down
	lease_by_node 1 02:00:00:00:aa:21 0103616263
	busywait 20 told_is 10.70.0.1 up down up down up
	on node1 sysctl -qw net.ipv4.icmp_echo_ignore_all=0
	busywait 20 state_is 10.70.0.1 up
}

# What was told is known after a kill; what happened meanwhile is told.
restarted()
{
	local n

	on node1 sysctl -qw net.ipv4.icmp_echo_ignore_all=1
	busywait 30 eval "told 10.70.0.1 | tail -n 1 | grep down"
	n=$(told 10.70.0.1 | wc -l)
	stop kbngd KILL
	kbngd_restart
	kbngd_ready
	expect down state_of 10.70.0.1
	expect up state_of olt
	told_is olt up
	told_is r-1 up
	told_is olt-9 down
	expect "$n" eval "told 10.70.0.1 | wc -l"
	on node1 sysctl -qw net.ipv4.icmp_echo_ignore_all=0
	busywait 30 expect $((n + 1)) eval "told 10.70.0.1 | wc -l"
	expect up state_of 10.70.0.1
}

metrics()
{
	on bng curl -sf -m 20 http://127.0.0.1:9469/metrics > "$TMP/metrics"
	grep -x 'kbng_access_nodes{state="up"} 3' "$TMP/metrics"
	grep -x 'kbng_access_nodes{state="down"} 1' "$TMP/metrics"
	kbng -j status | jq -e '.access_nodes == { up: 3, down: 1, unknown: 0 }'
}

# The operator says what names a node.
by_remote_id()
{
	conf by "[remote-id]" > "$TMP/kbngd.yaml"
	kbng reload > /dev/null
	busywait 30 eval "grep -c reloaded $TMP/kbngd.log"
	lease_by_node 2 02:00:00:00:aa:31 0101780203722d37
	busywait 20 told_is r-7 up
	expect 10.70.0.2 eval "kbng -j node list | jq -r '.[] | select(.name == \"r-7\") | .address'"
	expect '' told 10.70.0.2
}

refused()
{
	conf by "[mac]" > "$TMP/bad.yaml"
	says 'access_nodes' on bng "$BIN/kbngd" --check -c "$TMP/bad.yaml"
	conf | sed 's/address: 10.64.0.9/address: olt/' > "$TMP/bad.yaml"
	says "known\[0\].address: 'olt'" on bng "$BIN/kbngd" --check -c "$TMP/bad.yaml"
	conf | sed 's/interval: 2/interval: 1/' > "$TMP/bad.yaml"
	says 'access_nodes.interval' on bng "$BIN/kbngd" --check -c "$TMP/bad.yaml"
}

# An old unit does not give the right to ask for echoes.
without_right()
{
	stop kbngd
	start kbngd bng setpriv --bounding-set=-net_raw --inh-caps=-net_raw \
		"$BIN/kbngd" -c "$TMP/kbngd.yaml"
	kbngd_ready
	grep -E 'not probed: give kbngd CAP_NET_RAW' "$TMP/kbngd.log"
	lease_by_node 2 02:00:00:00:aa:41 0101780203722d38
	busywait 20 told_is r-8 up
}

topo_up 1
bng_ifaces
node_up 1
node_up 2
kea_start 600 '"shared-networks": [ { "name": "far", "subnet4": [ {
	"id": 2, "subnet": "10.70.0.0/24",
	"pools": [ { "pool": "10.70.0.16 - 10.70.0.200" } ] } ] } ]'
echo 'subscribers: [ { rate_up: 10M, rate_down: 10M } ]' > "$TMP/subscribers.yaml"
conf | kbngd_start
kbngd_ready
check "nodes are discovered by giaddr, remote-id and relay-id" discovered
check "an event says which node it is" fields
check "a configured node that does not answer is down" configured
check "what is not new is not told" told_once
check "a node that falls silent is down, and up when it answers" silent
check "DHCP through a node shows that it is up" back_by_dhcp
check "what was told is known after a kill -9" restarted
check "metrics and status count them" metrics
check "what names a node is configured" by_remote_id
check "what is wrong with the configuration is said" refused
check "without CAP_NET_RAW nodes are discovered, not probed" without_right
done_testing
