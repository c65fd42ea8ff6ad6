#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Subscribers behind a layer-3 access node, which relays their DHCP itself and
# routes what they send: dnsmasq is the relay, Kea the server. On top of lib.sh:
#
#   far1 ─┐          node
#   far2 ─┤ ┌─────────────────────┐
#    ...  ├─┤ br0            eth0 ├── acc ── acc0 BNG core0 ── srv Kea
#   far4 ─┘ │ 10.70.0.1  .64.0.254│
#           └─────────────────────┘       sub1: a neighbour of the node
. "$(dirname "$0")/lib.sh"

NODE=10.70.0.1			# its giaddr
UPLINK=10.64.0.254		# its address towards the BNG
NODE_MAC=02:00:00:00:ee:01
LINK=05040a460001		# link selection: NODE

node_up()
{
	local n

	sub_add node $NODE_MAC
	ip -n node address add $UPLINK/16 dev eth0
	ip -n node route add default via $GATEWAY
	on node sysctl -qw net.ipv4.ip_forward=1
	ip -n node link add br0 type bridge
	ip -n node address add $NODE/24 dev br0
	ip -n node link set br0 up
	for n in 1 2 3 4; do
		box "far$n"
		ip -n "far$n" link add eth0 address "$(mac $((0x700 + n)))" \
			type veth peer "far$n" netns node
		ip -n "far$n" link set eth0 up
		ip -n node link set "far$n" master br0 up
	done
	start relay node dnsmasq -d -C /dev/null --port=0 --user=root \
		--dhcp-relay=$NODE,$SERVER
	busywait 20 relay_listens
}

relay_listens()
{
	on node ss -Hlnu 'sport = 67' | grep -q .
}

iface() # WORD...
{
	bng_ifaces circuit-id c remote-id r "$@"
}

# A message of the node's, whose client has another MAC address.
node_sends() # NAMESPACE CLIENT_MAC [OPTION...] TYPE
{
	dhcpsend "$1" -W "28:${2//:/}" -S $NODE -D $SERVER -M "$(mac_of bng acc0)" \
		-p 67:67 -W 0:01 -W 3:01 "${@:3:$#-3}" eth0 "${!#}"
}

to_server() # CHADDR [FILTER]
{
	captured srv "select(.chaddr == \"$1\") | ${2:-.type}"
}

# --- Refused --------------------------------------------------------------------

not_configured()
{
	iface
	mark
	node_sends node 02:00:00:00:aa:01 -g $NODE discover
	iface node 10.70.0.2 node 10.70.0.3 trusted on
	node_sends node 02:00:00:00:aa:01 -g $NODE discover
	iface node $NODE
	node_sends node 02:00:00:00:aa:01 -g $GATEWAY discover
	counts "dhcp_giaddr_spoofed=3"
}

# Without giaddr the frame has to be the client's.
not_the_clients()
{
	mark
	node_sends node 02:00:00:00:aa:01 discover
	node_sends node 02:00:00:00:aa:01 -c 10.70.0.9 request
	counts "dhcp_chaddr_mismatch=2"
}

words()
{
	says 'unicast' kbng iface set acc0 role access node 224.0.0.1
	says another kbng iface set acc0 role access giaddr $GATEWAY node $GATEWAY
	iface node $NODE node 10.70.0.2
	expect "$NODE 10.70.0.2" jq -r '.[] | select(.iface == "acc0") | .nodes | join(" ")' \
		<(kbng -j iface list)
	iface node $NODE
}

by_hand()
{
	local new="kbng session new iface acc0 mac 02:00:00:00:aa:09 address 10.70.0.9"

	says 'an address and a MAC address' $new node $NODE
	says 'an address and a MAC address' $new hop $NODE_MAC
	says 'no such access node' $new node 10.70.0.99 hop $NODE_MAC
	says 'the MAC address of one host' $new node $NODE hop ff:ff:ff:ff:ff:ff
	$new node $NODE hop $NODE_MAC state active
	expect "$NODE $NODE_MAC" jq -r '.[] | "\(.node) \(.hop)"' \
		<(kbng -j session list address 10.70.0.9)
	kbng session clear 10.70.0.9
}

# --- Leases ---------------------------------------------------------------------

lease()
{
	capture node node eth0
	udhcpc_start far1
	expect "pending $(addr_of far1) $NODE" session_of far1 '"\(.state) \(.address) \(.node)"'
	grep -xE '10\.70\.0\.[0-9]+' <(addr_of far1)
}

server_saw()
{
	expect "$(printf '%s\n' "$GATEWAY 2" "$GATEWAY 2")" \
		to_server "$(mac_of far1)" '"\(.giaddr) \(.hops)"'
	expect "82:$LINK$(printf '010163020172')" \
		eval "to_server '$(mac_of far1)' .options | grep -o '82:.*' | sort -u"
}

node_got()
{
	expect "$(printf '%s\n' "$NODE $NODE 67 2 false" "$NODE $NODE 67 5 false")" captured node \
		'"\(.giaddr) \(.ip_dst) \(.dport) \(.type) \(.options | test("82:"))"'
	stop node
}

# Each with its own counters, though all frames are the node's.
traffic()
{
	udhcpc_start far2
	fails on far1 ping -q -c 1 -W 1 $SERVER
	kbng session set "$(addr_of far1)" state active
	on far1 ping -q -c 3 -i 0.2 -W 10 $SERVER
	on core ping -q -c 2 -i 0.2 -W 10 "$(addr_of far1)"
	fails on far2 ping -q -c 1 -W 1 $SERVER
	expect "5 5" session_of far1 '"\(.up.packets4) \(.down.packets4)"'
	expect "0 0" session_of far2 '"\(.up.packets4) \(.down.packets4)"'
}

# Past the stack both ways, though the route down leads by way of the node.
fast_path()
{
	on bng nft "add table inet seen; add chain inet seen forward {
		type filter hook forward priority 0; }; add rule inet seen forward counter"
	fastpath on circuit-id c remote-id r node $NODE
	on far1 ping -q -c 3 -i 0.2 -W 10 $SERVER
	expect "8 8" session_of far1 '"\(.up.packets4) \(.down.packets4)"'
	on bng nft list table inet seen | grep 'counter packets 0 '
	fastpath off circuit-id c remote-id r node $NODE
	on far1 ping -q -c 1 -W 10 $SERVER
	on bng nft list table inet seen | grep 'counter packets 2 '
	on bng nft delete table inet seen
}

# A neighbour of the node takes the address of its subscriber.
spoofed()
{
	ip -n sub1 address add "$(addr_of far1)/32" dev eth0
	ip -n sub1 route add $SERVER dev eth0
	ip -n sub1 neighbour add $SERVER lladdr "$(mac_of bng acc0)" dev eth0
	mark
	fails on sub1 ping -q -c 1 -W 1 $SERVER
	counts "drop_spoofed_mac=1"
	ip -n sub1 address flush dev eth0
}

# What it sends to the server by itself, past the node's relay.
renewal()
{
	local uuid address

	uuid=$(session_of far1 .uuid)
	address=$(addr_of far1)
	mark
	dhcpsend far1 -x 0x77 -o "61:01$(mac_of far1 | tr -d :)" -c "$address" -S "$address" \
		-D $SERVER -M "$(mac_of node br0)" -w 20 eth0 request > "$TMP/ack"
	grep -x 'type ack' "$TMP/ack"
	grep -x "ip_dst $address" "$TMP/ack"
	fails grep '^option 82' "$TMP/ack"
	expect "$uuid 1" session_of far1 '"\(.uuid) \(.renewals)"'
	counts "dhcp_relayed=1 dhcp_replied=1 dhcp_renewed=1"
	expect "$GATEWAY 1 $address" captured srv 'select(.xid == 119) | "\(.giaddr) \(.hops) \(.ciaddr)"'
	expect "82:$LINK$(printf '010163020172')" \
		eval "captured srv 'select(.xid == 119) | .options' | grep -o '82:.*'"
}

release()
{
	local address

	address=$(addr_of far1)
	stop udhcpc-far1
	busywait 10 expect "" session_of far1 .state
	kbng -j session list address "$address" |
		jq -e '.[0] | .state == "stopped" and .terminate_cause == "User-Request"'
}

own_option_82()
{
	node_sends node 02:00:00:00:aa:02 -g $NODE -x 0x82 -o 82:0103616263 -w 20 discover \
		> "$TMP/offer"
	expect "82:0103616263$LINK" eval "to_server 02:00:00:00:aa:02 .options | grep -o '82:.*'"
	grep -x 'option 82 0103616263' "$TMP/offer"
	grep -x "giaddr $NODE" "$TMP/offer"
	grep -x "ip_dst $NODE" "$TMP/offer"
	kbng -j session list mac 02:00:00:00:aa:02 | jq -e '.[0].circuit_id == "abc"'
}

# They are two hosts.
twice_the_mac()
{
	dhcpsend sub1 -m 02:00:00:00:aa:02 -x 0x83 -w 20 eth0 discover > "$TMP/offer"
	grep -xE 'yiaddr 10\.64\.1\.[0-9]+' "$TMP/offer"
	expect 2 eval "kbng -j session list mac 02:00:00:00:aa:02 | jq length"
}

other_sends() # OPTION... TYPE: far3's message, through sub1
{
	node_sends sub1 "$(mac_of far3)" "$@"
}

ended() # UUID
{
	kbng -j session show "$1" | jq -e '.[0].state == "stopped"'
}

# Another one takes over, with a MAC address of its own: the next message that it
# relays begins a new session, and the old way is closed. Or nothing of that.
other_node()
{
	local uuid

	udhcpc_start far3
	uuid=$(session_of far3 .uuid)
	iface node $NODE move deny
	mark
	other_sends -g $NODE request
	counts "dhcp_move_denied=1"
	iface node $NODE
	other_sends -g $NODE -c "$(addr_of far3)" release
	counts "dhcp_release_foreign=1 dhcp_move_denied=1"
	expect "$uuid" session_of far3 .uuid
	other_sends -g $NODE -x 0x84 -r "$(addr_of far3)" \
		-o "61:01$(mac_of far3 | tr -d :)" request
	busywait 10 ended "$uuid"
	expect "pending $(addr_of far3) $NODE" session_of far3 '"\(.state) \(.address) \(.node)"'
	kbng session set "$(addr_of far3)" state active
	mark
	fails on far3 ping -q -c 1 -W 1 $SERVER
	counts "drop_spoofed_mac=1"
}

kbngd_behind_node()
{
	{
		kbngd_conf "nodes: [$NODE], circuit_id: c, remote_id: r"
		cat <<-EOF
		subscribers_file: $TMP/subscribers.yaml
		kea: { socket: $TMP/kea.sock, interval: 3600 }
		sessions:
		  - { iface: acc0, mac: '$NODE_MAC', address: $UPLINK }
		EOF
	} | kbngd_start
	kbngd_ready
}

# What Kea has leases for is back behind its node, though nobody says anything,
# and the node's next message finds the session that it has.
restart()
{
	local uuid

	stop udhcpc-far2 KILL
	stop udhcpc-far3 KILL
	echo 'subscribers: [ { rate_up: 10M } ]' > "$TMP/subscribers.yaml"
	kbngd_behind_node
	udhcpc_start far1
	busywait 30 expect active session_of far1 .state
	on far1 ping -q -c 1 -W 10 $SERVER
	uuid=$(session_of far1 .uuid)
	stop kbngd
	rmmod kbng
	modprobe kbng
	kbngd_restart
	kbngd_ready
	busywait 60 expect "active $(addr_of far1) $NODE $NODE_MAC c r" session_of far1 \
		'"\(.state) \(.address) \(.node) \(.hop) \(.circuit_id) \(.remote_id)"'
	[ "$(session_of far1 .uuid)" != "$uuid" ]
	on far1 ping -q -c 1 -W 10 $SERVER
	uuid=$(session_of far1 .uuid)
	node_sends node "$(mac_of far1)" -g $NODE -x 0x85 -w 20 -c "$(addr_of far1)" \
		-o "61:01$(mac_of far1 | tr -d :)" request > "$TMP/ack"
	grep -x 'type ack' "$TMP/ack"
	expect "$uuid 1" session_of far1 '"\(.uuid) \(.renewals)"'
	stop kbngd
}

topo_up 1
node_up
ip -n bng route add 10.70.0.0/24 via $UPLINK
ip -n core route add 10.70.0.0/24 via $BNG
bng_ifaces
kbng session new iface acc0 mac $NODE_MAC address $UPLINK state active > /dev/null
kea_start 600 "$(kea_control)" '"shared-networks": [ { "name": "far", "subnet4": [ {
	"id": 2, "subnet": "10.70.0.0/24",
	"pools": [ { "pool": "10.70.0.16 - 10.70.0.200" } ],
	"option-data": [ { "name": "routers", "data": "10.70.0.1" } ] } ] } ]'
capture srv core srv
check "a giaddr that is no node's is refused" not_configured
check "a message without giaddr must be the sender's own" not_the_clients
check "the words of nodes" words
check "sessions behind a node are made by hand, too" by_hand
check "a client behind a node gets a lease" lease
check "the server gets our giaddr, and the node's as link selection" server_saw
check "the node gets its giaddr back, and no option 82" node_got
check "traffic of subscribers behind one MAC address is told apart" traffic
check "the fast path does the same" fast_path
check "a neighbour of the node cannot take a subscriber's address" spoofed
check "a renewal by unicast extends the lease" renewal
check "a release by unicast ends the session" release
check "a node's own option 82 goes to the server and comes back" own_option_82
check "one MAC address behind a node and on the link" twice_the_mac
check "another node that takes over begins new sessions" other_node
check "after a restart subscribers are behind their node again" restart
done_testing
