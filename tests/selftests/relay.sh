#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The DHCP relay, seen from both sides of it: real clients and Kea, and messages
# that neither would send. Topology: lib.sh, with a second server's address.
#
#   sub1 udhcpc   ─┐                ┌─ 192.0.2.2 Kea
#   sub2 dhclient ─┤ acc0 BNG core0 ┤
#   sub3 dhcpsend ─┘                └─ 192.0.2.3 (nobody answers)
. "$(dirname "$0")/lib.sh"

SECOND=192.0.2.3
core_mac= bng_mac=

# What the stack of the BNG got to see from the access side.
stack_saw()
{
	on bng nft -j list counter ip seen dhcp | jq '.nftables[-1].counter.packets'
}

stack_watch()
{
	on bng nft -f - <<-'EOT'
	table ip seen {
		counter dhcp { }
		chain in {
			type filter hook prerouting priority raw
			iifname "acc0" udp dport { 67, 68 } counter name dhcp
		}
	}
	EOT
}

# Without this, "the stack saw nothing" would prove nothing.
the_watch_works()
{
	dhcpsend sub3 eth0 discover
	busywait 10 expect 1 stack_saw
	on bng nft reset counter ip seen dhcp
}

# A server's message to the relay, from core; -S and the like override.
reply() # TYPE [OPTION...]
{
	dhcpsend core -p 67:67 -W 0:02 -M "$bng_mac" -S $SERVER -D $GATEWAY \
		-g $GATEWAY -m "$(mac 3)" -x 0x777 "${@:2}" srv "$1"
}

leased() # NAMESPACE
{
	expect "pending true 0" session_of "$1" '"\(.state) \(.lease_left > 500) \(.renewals)"'
	expect "$(addr_of "$1")" session_of "$1" .address
}

udhcpc_leases()
{
	udhcpc_start sub1
	leased sub1
}

dhclient_leases()
{
	dhclient_start sub2
	leased sub2
}

# DISCOVER and REQUEST of each client, once a server.
servers_see_a_relay()
{
	local n server

	for n in 1 2; do
		for server in $SERVER $SECOND; do
			expect "$(printf '%s\n' "1 $GATEWAY 1 67 67 $GATEWAY 1" \
				"1 $GATEWAY 1 67 67 $GATEWAY 3")" \
				captured srv "select(.chaddr == \"$(mac $n)\" and .ip_dst == \"$server\")
				| \"\(.op) \(.giaddr) \(.hops) \(.sport) \(.dport) \(.ip_src) \(.type)\""
		done
	done
}

# OFFER and ACK to the client's own addresses, although it has none yet.
client_gets_unicast()
{
	local address

	address=$(addr_of sub1)
	expect "$(printf '%s\n' "2 $(mac 1) $address $GATEWAY 67 68 2" \
		"2 $(mac 1) $address $GATEWAY 67 68 5")" \
		captured sub1 'select(.op == 2)
		| "\(.op) \(.eth_dst) \(.ip_dst) \(.ip_src) \(.sport) \(.dport) \(.type)"'
	expect "$address" captured sub1 'select(.type == 5) | .yiaddr'
}

client_gets_broadcast()
{
	dhcpsend sub3 -b -x 3 -w 20 eth0 discover > "$TMP/offer"
	grep -x "eth_dst ff:ff:ff:ff:ff:ff" "$TMP/offer"
	grep -x "ip_dst 255.255.255.255" "$TMP/offer"
	grep -x "type offer" "$TMP/offer"
}

lease_left_at_most() # NAMESPACE SECONDS
{
	[ "$(session_of "$1" .lease_left)" -le "$2" ]
}

# What a client sends at T1 (RFC 2131 4.4.5), once: udhcpc may ask twice if the
# answer comes while it changes its socket. The stack has none for the answer.
renewal_extends()
{
	local uuid addr

	uuid=$(session_of sub1 .uuid)
	addr=$(addr_of sub1)
	busywait 60 lease_left_at_most sub1 590
	mark
	dhcpsend sub1 -x 0x77 -o "61:01$(mac 1)" -c "$addr" -S "$addr" -D $SERVER \
		-M "$(mac_of bng acc0)" -w 20 eth0 request > "$TMP/ack"
	grep -x 'type ack' "$TMP/ack"
	expect "$uuid true" session_of sub1 '"\(.uuid) \(.lease_left > 592)"'
	counts "dhcp_relayed=1 dhcp_replied=1 dhcp_renewed=1 drop_unauthorised=1"
}

renewal_asks_the_named_server()
{
	expect "$SERVER $GATEWAY $GATEWAY" \
		captured srv "select(.ciaddr == \"$(addr_of sub1)\")
		| \"\(.ip_dst) \(.ip_src) \(.giaddr)\""
}

renewal_is_answered_by_the_named_server()
{
	expect "$(mac 1) $SERVER $(addr_of sub1)" captured sub1 \
		'select(.type == 5 and .ciaddr != "0.0.0.0")
		| "\(.eth_dst) \(.ip_src) \(.ip_dst)"'
}

# The server answers the client's REQUEST for an address that is another's.
nak_ends_the_session()
{
	local uuid

	uuid=$(session_of sub1 .uuid)
	mark
	dhcpsend sub1 -x 0x99 -o "61:01$(mac 1)" -r 10.64.1.200 -w 20 eth0 request \
		> "$TMP/nak"
	grep -x 'type nak' "$TMP/nak"
	grep -x 'eth_dst ff:ff:ff:ff:ff:ff' "$TMP/nak"
	kbng -j session show "$uuid" > "$TMP/stopped"
	expect "stopped Lost-Service" jq -r '.[] | "\(.state) \(.terminate_cause)"' "$TMP/stopped"
	counts "dhcp_relayed=1 dhcp_replied=1"
}

# As after a reboot of the host: the same address, a session of its own.
client_comes_back()
{
	dhcpsend sub1 -x 0x9a -o "61:01$(mac 1)" -r "$(addr_of sub1)" -w 20 eth0 request \
		> "$TMP/ack"
	grep -x 'type ack' "$TMP/ack"
	leased sub1
}

# An ACK without an address, for who has one.
inform_is_answered()
{
	local session

	session=$(session_of sub3 '"\(.uuid) \(.address) \(.renewals)"')
	mark
	capture sub3 sub3 eth0
	dhcpsend sub3 -x 0x777 -S 10.64.1.99 -c 10.64.1.99 eth0 inform
	counts "dhcp_relayed=1"
	reply ack -c 10.64.1.99 -o 6:08080808
	counts "dhcp_relayed=1 dhcp_replied=1"
	busywait 10 expect "$(mac 3) 10.64.1.99 53:05 6:08080808" \
		captured sub3 '"\(.eth_dst) \(.ip_dst) \(.options)"'
	stop sub3
	expect "$session" session_of sub3 '"\(.uuid) \(.address) \(.renewals)"'
}

# sub3 waits for an answer to the transaction 0x777.
offer_session()
{
	dhcpsend sub3 -x 0x777 eth0 request
	busywait 10 expect offered session_of sub3 .state
}

unknown_server()
{
	mark
	reply ack -S 192.0.2.9 -y 10.64.1.99 -i 192.0.2.9 -l 60
	counts "dhcp_unknown_server=1"
	expect offered session_of sub3 .state
}

# The server's own address as identifier does not make it the sender.
unknown_server_that_lies()
{
	mark
	reply ack -S 192.0.2.9 -y 10.64.1.99 -i $SERVER -l 60
	counts "dhcp_unknown_server=1"
}

unmatched_reply()
{
	mark
	reply ack -x 0x778 -y 10.64.1.99 -l 60
	reply ack -m 02:00:00:00:77:77 -y 10.64.1.99 -l 60
	reply ack -g 10.64.0.2 -y 10.64.1.99 -l 60
	counts "dhcp_unmatched_reply=3"
	expect offered session_of sub3 .state
}

not_a_servers_type()
{
	mark
	reply discover -y 10.64.1.99
	reply request -y 10.64.1.99 -l 60
	reply 9 -y 10.64.1.99 -l 60
	counts "dhcp_bad_type=3"
	expect offered session_of sub3 .state
}

unusable_lease()
{
	mark
	reply ack -y 10.64.1.99
	reply ack -y 10.64.1.99 -l 0
	reply ack -y $GATEWAY -l 60
	reply ack -y 224.0.0.1 -l 60
	reply ack -y 255.255.255.255 -l 60
	reply ack -y 127.0.0.1 -l 60
	counts "dhcp_bad_lease=6"
	expect offered session_of sub3 .state
}

# The reply that all those above differ from in one thing.
matched_reply()
{
	mark
	capture sub3 sub3 eth0
	reply ack -y 10.64.1.99 -i $SERVER -l 60
	busywait 10 expect "10.64.1.99 pending" session_of sub3 '"\(.address) \(.state)"'
	counts "dhcp_replied=1 dhcp_bound=1"
	busywait 10 expect "$(mac 3) 10.64.1.99" captured sub3 '"\(.eth_dst) \(.ip_dst)"'
	stop sub3
}

# The transaction was over with the first ACK.
second_answer()
{
	mark
	reply ack -y 10.64.1.98 -i $SECOND -S $SECOND -l 60
	reply nak -S $SECOND
	counts "dhcp_unmatched_reply=2"
	expect "10.64.1.99 pending" session_of sub3 '"\(.address) \(.state)"'
}

# As long as what fits into the access side's MTU, and longer.
long_replies()
{
	ip -n core link set srv mtu 2000
	ip -n bng link set core0 mtu 2000
	capture long sub3 eth0
	dhcpsend sub3 -x 0x777 eth0 request
	mark
	reply ack -P 1473 -y 10.64.1.99 -i $SERVER -l 60
	reply ack -P 1500 -y 10.64.1.99 -i $SERVER -l 60
	counts "dhcp_oversized=2"
	expect 0 session_of sub3 .renewals
	reply ack -P 1472 -y 10.64.1.99 -i $SERVER -l 60
	counts "dhcp_replied=1 dhcp_renewed=1 dhcp_oversized=2"
	busywait 10 expect 1472 captured long .len
	stop long
}

rogue_server()
{
	mark
	dhcpsend sub3 -p 67:68 -W 0:02 -S 10.64.1.99 -y 10.64.1.66 -i 10.64.1.99 -l 60 eth0 offer
	dhcpsend sub3 -p 67:68 -W 0:02 -S $SERVER -D 10.64.1.0 -y 10.64.1.0 -l 60 eth0 ack
	counts "dhcp_rogue_server=2"
}

# A subscriber that plays the server towards the relay itself.
rogue_server_to_the_relay()
{
	mark
	dhcpsend sub3 -p 67:67 -W 0:02 -S $SERVER -D $GATEWAY -M "$acc_mac" \
		-g $GATEWAY -m "$(mac 2)" -y 10.64.1.66 -l 60 eth0 ack
	counts "dhcp_bad_op=1"
	expect "$(addr_of sub2)" session_of sub2 .address
}

no_server_configured()
{
	mark
	kbng iface set acc0 role access giaddr $GATEWAY
	dhcpsend sub3 eth0 discover
	counts "dhcp_no_server=1"
}

no_route_to_the_server()
{
	mark
	bng_ifaces server 198.51.100.1
	kbng iface set acc0 role access giaddr $GATEWAY server 198.51.100.1
	dhcpsend sub3 eth0 discover
	counts "dhcp_unroutable=1"
}

nothing_reached_the_stack()
{
	expect 0 stack_saw
}

topo_up 3
kea_start
ip -n core address add $SECOND/24 dev srv	# now: Kea must not listen there
acc_mac=$(mac_of bng acc0) bng_mac=$(mac_of bng core0)
stack_watch
check "without the relay, the stack sees DHCP" the_watch_works
bng_ifaces server $SECOND offer-timeout 600
capture srv core srv
capture sub1 sub1 eth0
check "udhcpc gets a lease" udhcpc_leases
check "dhclient gets a lease" dhclient_leases
check "each server gets each message once, by unicast, with giaddr and hops 1" servers_see_a_relay
check "the client gets its answers by unicast" client_gets_unicast
check "the client gets its answer by broadcast if it asked for that" client_gets_broadcast
check "a renewal extends the lease" renewal_extends
check "a renewal goes to the server that the client named, alone" renewal_asks_the_named_server
check "a renewal's answer comes from that server's address" renewal_is_answered_by_the_named_server
stop udhcpc-sub1 KILL
check "NAK reaches the client and ends its session" nak_ends_the_session
check "a client comes back after that" client_comes_back
stop kea
offer_session
check "a reply from an unknown server is dropped" unknown_server
check "a reply from an unknown server that names a known one is dropped" unknown_server_that_lies
check "replies of another transaction, client or relay are dropped" unmatched_reply
check "what no server sends is dropped" not_a_servers_type
check "an ACK without a usable address and lease is dropped" unusable_lease
check "the reply that is right in all of that is taken" matched_reply
check "a second server's answer is too late" second_answer
check "INFORM is answered, and changes nothing" inform_is_answered
check "a reply of 1472 octets is passed on, a longer one is dropped and counted" long_replies
check "a server on the access side is dropped" rogue_server
check "a server's message to the relay from the access side is dropped" rogue_server_to_the_relay
check "an iface without server drops, and counts that" no_server_configured
check "a server without route is counted" no_route_to_the_server
check "nothing of that reached the BNG's own stack" nothing_reached_the_stack
done_testing
