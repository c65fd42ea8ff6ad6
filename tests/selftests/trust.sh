#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Layer-2 access nodes: subscribers share a VLAN, and the access node adds option
# 82 to what they send, with giaddr 0. Here each client adds it for its node:
# udhcpc by -x, dhcpsend by -o. Topology: lib.sh.
. "$(dirname "$0")/lib.sh"

# Circuit-id and remote-id of a line, and a sub-option that we know nothing of.
node() # LINE
{
	printf '%s%s0902beef' "$(sub_option 1 "olt1/$1")" "$(sub_option 2 "onu$1")"
}

own() # NAMESPACE: sub-options that the templates make
{
	printf '%s%s' "$(sub_option 1 "$(hostname):acc0")" "$(sub_option 2 "$(mac_of "$1")")"
}

# Option 82 of the newest message of a client at the server.
at_the_server() # MAC
{
	captured srv "select(.chaddr == \"$1\" and .op == 1) | .options" | tail -n 1 |
		grep -o '82:[0-9a-f]*'
}

# ... and in the newest answer that came back to its node.
at_the_node() # NAMESPACE
{
	captured "$1" 'select(.op == 2) | .options' | tail -n 1 | grep -o '82:[0-9a-f]*'
}

discover() # NAMESPACE [OPTION...]: that is answered
{
	dhcpsend "$1" -w 20 "${@:2}" eth0 discover > "$TMP/offer"
}

clients_lease()
{
	bng_ifaces trusted on
	udhcpc_start sub1 -x "82:$(node 1)"
	udhcpc_start sub2 -x "82:$(node 2)"
}

ids_in_the_session()
{
	expect "olt1/1 onu1 pending" session_of sub1 '"\(.circuit_id) \(.remote_id) \(.state)"'
	expect "olt1/2 onu2 pending" session_of sub2 '"\(.circuit_id) \(.remote_id) \(.state)"'
	expect "$(addr_of sub1)" session_of sub1 .address
}

filter_by_line()
{
	expect "$(mac 2)" jq -r '.[].mac' <(kbng -j session list circuit-id olt1/2)
}

kea_knows_the_line()
{
	busywait 20 grep -qi "$(node 1)" "$TMP/leases.csv"
}

# Its option goes to the server and comes back, octet by octet.
keep()
{
	expect "82:$(node 1)" at_the_server "$(mac 1)"
	busywait 10 expect "82:$(node 1)" at_the_node sub1
}

# The iface's own at the server, the node's own at the node.
replace()
{
	bng_ifaces trusted on opt82 replace
	discover sub3 -o "82:$(node 3)"
	expect "82:$(own sub3)" at_the_server "$(mac 3)"
	expect "$(hostname):acc0 $(mac 3)" session_of sub3 '"\(.circuit_id) \(.remote_id)"'
	busywait 10 expect "82:$(node 3)" at_the_node sub3
}

append()
{
	bng_ifaces trusted on opt82 append
	discover sub3 -x 5 -o "82:$(sub_option 1 line3)0902beef"
	expect "82:$(sub_option 1 line3)0902beef$(sub_option 2 "$(mac 3)")" at_the_server "$(mac 3)"
	expect "line3 $(mac 3)" session_of sub3 '"\(.circuit_id) \(.remote_id)"'
	busywait 10 expect "82:$(sub_option 1 line3)0902beef" at_the_node sub3
}

append_finds_no_room()
{
	mark
	dhcpsend sub3 -x 6 -o "82:09f9$(printf '%0498d' 0)" eth0 discover
	counts "dhcp_opt82_no_room=1"
}

drop()
{
	bng_ifaces trusted on opt82 drop
	mark
	dhcpsend sub3 -x 7 -o "82:$(node 3)" eth0 discover
	counts "dhcp_opt82_refused=1"
	discover sub3 -x 8
	expect "82:$(own sub3)" at_the_server "$(mac 3)"
}

# A client whose node adds nothing is ours to name, and gets no option 82.
without()
{
	bng_ifaces trusted on
	discover sub3 -x 9
	expect "82:$(own sub3)" at_the_server "$(mac 3)"
	fails grep '^option 82' "$TMP/offer"
}

# Templates may have what the client says of itself; who says nothing has no ids.
clients_words()
{
	bng_ifaces trusted on circuit-id '{ifname}/{hostname}' remote-id '{client_id}'
	discover sub3 -x 18 -o 61:0102ff -o 12:616c696365
	expect "82:$(sub_option 1 acc0/alice)$(sub_option 2 0102ff)" at_the_server "$(mac 3)"
	expect "acc0/alice 0102ff" session_of sub3 '"\(.circuit_id) \(.remote_id)"'
	bng_ifaces trusted on circuit-id '{hostname}' remote-id '{client_id}'
	discover sub3 -x 19
	expect 53:01 captured srv 'select(.op == 1 and .xid == 19) | .options'
	expect "null null" session_of sub3 '"\(.circuit_id) \(.remote_id)"'
}

# The node's option is found and removed wherever it stands.
among_others()
{
	bng_ifaces trusted on opt82 replace
	discover sub3 -x 10 -o "82:$(node 3)" -o 12:666f6f -o 60:6b626e67
	expect "53:01 12:666f6f 60:6b626e67 82:$(own sub3)" \
		captured srv 'select(.op == 1 and .xid == 10) | .options'
	expect foo session_of sub3 .hostname
}

# An option that is cut in two, between or within sub-options, is one (RFC 3396).
split()
{
	local at n=20

	bng_ifaces trusted on
	for at in 2 8 32; do
		n=$((n + 1))
		discover sub3 -x $n -o "82:$(node 3 | cut -c "-$at")" -o 12:626172 \
			-o "82:$(node 3 | cut -c "$((at + 1))-")"
		expect "53:01 12:626172 82:$(node 3)" \
			captured srv "select(.op == 1 and .xid == $n) | .options"
		expect "olt1/3 onu3 bar" session_of sub3 '"\(.circuit_id) \(.remote_id) \(.hostname)"'
		expect "82:$(node 3)" grep -x '82:.*' <(sed -n 's/^option 82 /82:/p' "$TMP/offer")
	done
	mark
	dhcpsend sub3 -x 24 -o "82:09c8$(printf '%0400d' 0)" -o "82:0a36$(printf '%0108d' 0)" eth0 discover
	counts "dhcp_opt82_too_long=1"
}

# An id of 120 octets is kept whole, a longer one refused.
long_ids()
{
	bng_ifaces trusted on
	mark
	dhcpsend sub3 -x 11 -o "82:0179$(printf '%0242d' 0)" eth0 discover
	dhcpsend sub3 -x 11 -o "82:0279$(printf '%0242d' 0)" eth0 discover
	counts "dhcp_opt82_too_long=2"
	discover sub3 -x 12 -o "82:$(sub_option 1 "$(printf '%0120d' 0)")"
	expect "$(printf '%0120d' 0) null" session_of sub3 '"\(.circuit_id) \(.remote_id)"'
}

# The Broadband Forum's tags among others': actual up and down, minimum up of a
# wrong size, attainable down.
rates()
{
	local vendors

	vendors=00000009$(sized abcd)00000de9$(sized 81040000271082040000c3508302ffff8604000186a0)
	dhcpsend sub3 -x 15 -w 20 -o "82:$(sub_option 1 dsl)09$(sized "$vendors")" eth0 discover > "$TMP/offer"
	expect '{"actual_down":50000000,"actual_up":10000000,"attainable_down":100000000}' \
		jq -c '.[].line' <(kbng -j session list mac "$(mac 3)")
	kbng session show "$(mac 3)" | grep -E 'line: +actual up 10 Mbit/s, actual down 50 Mbit/s'
}

# Octets of IP that sub3 gets in 4 s from who sends 4 Mbit/s.
gets()
{
	local before

	before=$(session_of sub3 .down.octets4)
	on core "$TOOLS/load" 4 1000 "$(session_of sub3 .address)" 4000000
	echo $(($(session_of sub3 .down.octets4) - before))
}

# A line of 1 Mbit/s, of which 80 percent are for IP, and later one of 2 Mbit/s.
line_cap()
{
	local address kbit vendors

	bng_ifaces trusted on line-cap 80
	for kbit in 1000 2000; do
		vendors=00000de9$(sized "$(printf '8104%08x8204%08x' $kbit $kbit)")
		vendors=$(sub_option 1 dsl)09$(sized "$vendors")
		dhcpsend sub3 -x 16 -w 20 -o "82:$vendors" eth0 discover > "$TMP/offer"
		address=$(sed -n 's/^yiaddr //p' "$TMP/offer")
		dhcpsend sub3 -x 16 -w 20 -o "82:$vendors" -i $SERVER -r "$address" \
			eth0 request
		ip -n sub3 address replace "$address/16" dev eth0
		kbng session set "$address" state active rate-up 500k rate-down 10M
		expect "null $((kbit * 800))" session_of sub3 '"\(.cap_up) \(.cap_down)"'
		gets > "$TMP/octets"
		# 4 s, and the burst.
		[ "$(cat "$TMP/octets")" -gt $((kbit * 350)) ]
		[ "$(cat "$TMP/octets")" -lt $((kbit * 480)) ]
	done
	bng_ifaces trusted on
	expect "null null" session_of sub3 '"\(.cap_up) \(.cap_down)"'
	kbng session clear "$address"
	kbng session forget "$address"
	ip -n sub3 address del "$address/16" dev eth0
}

# A trusted node is no licence for nonsense.
malformed()
{
	mark
	dhcpsend sub3 -o 82:0105 eth0 discover
	dhcpsend sub3 -o "82:$(sub_option 1 a)$(sub_option 1 b)" eth0 discover
	dhcpsend sub3 -o 82:01 -o 82:05 eth0 discover
	dhcpsend sub3 -g $GATEWAY -o "82:$(node 3)" eth0 discover
	counts "dhcp_giaddr_spoofed=1 dhcp_opt82_malformed=3"
}

renewals() # NAMESPACE
{
	session_of "$1" .renewals
}

renewal()
{
	expect 0 renewals sub1
	kill -USR1 "$(pid_of udhcpc-sub1)"
	busywait 30 expect 1 renewals sub1
	expect "olt1/1 onu1" session_of sub1 '"\(.circuit_id) \(.remote_id)"'
}

# An access node need not look into unicasts.
renewal_past_the_node()
{
	local address

	dhcpsend sub3 -x 13 -w 20 -o "82:$(node 3)" eth0 discover > "$TMP/offer"
	address=$(sed -n 's/^yiaddr //p' "$TMP/offer")
	dhcpsend sub3 -x 13 -w 20 -o "82:$(node 3)" -i $SERVER -r "$address" eth0 request
	expect "olt1/3 onu3 pending" session_of sub3 '"\(.circuit_id) \(.remote_id) \(.state)"'
	dhcpsend sub3 -x 14 -w 20 -c "$address" -S "$address" -D $SERVER eth0 request > "$TMP/ack"
	grep -x 'type ack' "$TMP/ack"
	fails grep '^option 82' "$TMP/ack"
	expect "olt1/3 onu3 1" session_of sub3 '"\(.circuit_id) \(.remote_id) \(.renewals)"'
	expect "82:$(sub_option 1 olt1/3)$(sub_option 2 onu3)" at_the_server "$(mac 3)"
}

refused() # WORD...
{
	fails kbng iface set acc0 role access giaddr $GATEWAY server $SERVER "$@"
}

words()
{
	refused trusted maybe
	refused opt82 forward
	expect "on append" jq -r '.[] | select(.iface == "acc0") | "\(.trusted) \(.opt82)"' \
		<(bng_ifaces trusted on opt82 append; kbng -j iface list)
	bng_ifaces
	expect "off keep" jq -r '.[] | select(.iface == "acc0") | "\(.trusted) \(.opt82)"' \
		<(kbng -j iface list)
}

# The other clients, who would ask through their node, are gone.
untrusted_again()
{
	stop udhcpc-sub1 KILL
	stop udhcpc-sub2 KILL
	mark
	dhcpsend sub3 -o "82:$(node 3)" eth0 discover
	counts "dhcp_opt82_untrusted=1"
}

topo_up 3
kea_start
capture srv core srv
for n in 1 2 3; do capture sub$n sub$n eth0; done
check "clients behind an access node get leases" clients_lease
check "the access node's ids are the session's" ids_in_the_session
check "sessions are found by the access node's ids" filter_by_line
check "Kea stores the access node's option" kea_knows_the_line
check "keep: there and back as it was" keep
check "replace: ours there, the access node's back" replace
check "append: what it lacks is added there, its own comes back" append
check "append: what does not fit is dropped" append_finds_no_room
check "drop: with option 82 dropped, without it relayed" drop
check "without option 82: ours there, none back" without
check "host name and client identifier in templates" clients_words
check "option 82 among others is replaced, and nothing else" among_others
check "option 82 that is split is one, and is no longer than one" split
check "ids of up to 120 octets" long_ids
check "line rates of TR-101 are the session's" rates
check "and limit what it gets" line_cap
check "a malformed option 82, and giaddr, from a trusted iface" malformed
check "a renewal past the access node keeps the line's ids" renewal_past_the_node
check "a renewal keeps the line's ids" renewal
check "the words trusted and opt82" words
check "no longer trusted: dropped" untrusted_again
done_testing
