#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# DHCP servers of two kinds, and what the relay tells them: sub-options, which
# server is asked, and what becomes of renewals. Topology: lib.sh, and
#
#   sub1 .. sub4 ── acc0 BNG core0 ── srv 192.0.2.2 Kea
#                            core1 ── srv 192.0.3.2 dnsmasq (core2)
. "$(dirname "$0")/lib.sh"

SECOND=192.0.3.2

addr_hex() # ADDRESS
{
	# shellcheck disable=SC2046
	printf '%02x%02x%02x%02x' $(tr . ' ' <<< "$1")
}

iface() # WORD...
{
	kbng iface set acc0 role access giaddr $GATEWAY "$@"
}

dnsmasq_start() # [OPTION...]
{
	start dnsmasq core2 dnsmasq -d -C /dev/null --port=0 -i srv --dhcp-authoritative \
		--dhcp-range=10.64.2.1,10.64.2.250,255.255.0.0,10m \
		--dhcp-option=option:router,$GATEWAY --log-dhcp \
		--dhcp-leasefile="$TMP/dnsmasq.leases" --user=root "$@"
	wait_log 20 dnsmasq 'DHCP, IP range'
}

dhcpcd_start() # NAMESPACE [LINE OF ITS CONFIGURATION]
{
	rm -f /var/lib/dhcpcd/eth0.lease	# of another host
	echo "${2:-}" > "$TMP/dhcpcd.conf"
	start "dhcpcd-$1" "$1" dhcpcd -4 -B -d -f "$TMP/dhcpcd.conf" --noipv4ll \
		--noarp -c /bin/true eth0
	busywait 60 has_address "$1"
}

messages_at() # NAME MAC: how many of a client
{
	captured "$1" "select(.chaddr == \"$2\" and .op == 1) | .type" | wc -l
}

# --- Tests --------------------------------------------------------------------

every_sub_option()
{
	iface server $SERVER circuit-id c remote-id r subscriber-id 'sub {ifname}' \
		relay-id '{host}' link-selection 10.66.0.1 server-id $GATEWAY relay-flags on
	dhcpsend sub1 -x 1 -w 20 eth0 discover > "$TMP/offer"
	expect "82:$(sub_option 1 c)$(sub_option 2 r)05$(sized 0a420001)$(
		)$(sub_option 6 'sub acc0')0a$(sized 00)0b$(sized "$(addr_hex $GATEWAY)")$(
		)$(sub_option 12 "$(hostname)")" \
		eval "captured srv 'select(.xid == 1) | .options' | grep -o '82:.*'"
	fails grep '^option 82' "$TMP/offer"
}

link_selection()
{
	grep -xE 'yiaddr 10\.66\.1\.[0-9]+' "$TMP/offer"
	expect $GATEWAY captured srv 'select(.xid == 1) | .giaddr'
}

unicast_flag()
{
	dhcpsend sub1 -x 2 -c 10.64.1.1 -S 10.64.1.1 -D $GATEWAY eth0 request
	busywait 10 eval "captured srv 'select(.xid == 2) | .options' | grep -c 0a$(sized 80)"
}

too_much()
{
	local word

	word=$(printf %063d 0)
	iface server $SERVER circuit-id "$word" remote-id "$word" subscriber-id "$word" \
		relay-id "$word"
	mark
	dhcpsend sub1 -x 3 eth0 discover
	counts "dhcp_opt82_no_room=1"
}

vpn()
{
	local vss

	vss=97$(sized "00$(hex blue)")
	iface server $SERVER circuit-id c remote-id r vpn blue
	mark
	dhcpsend sub1 -x 4 eth0 discover
	counts "dhcp_relayed=1 dhcp_vss_ignored=1"	# Kea returns it as it came
	expect "82:$(sub_option 1 c)$(sub_option 2 r)$vss$(sub_option 152 '')" \
		eval "captured srv 'select(.xid == 4) | .options' | grep -o '82:.*'"
	mark
	dhcpsend core -p 67:67 -W 0:02 -M "$(mac_of bng core0)" -S $SERVER -D $GATEWAY -g $GATEWAY \
		-m "$(mac 1)" -x 4 -y 10.64.1.99 -l 60 -i $SERVER -o "82:$vss" srv offer
	counts "dhcp_replied=1"
}

# Who is first in the list is silent: the second serves after five seconds.
silent_first()
{
	iface server $SECOND server $SERVER servers-mode failover
	mark
	udhcpc_start sub2
	kbng -j stats | jq -e --slurpfile old "$TMP/mark" \
		'.counters.dhcp_server_dead - $old[0].counters.dhcp_server_dead == 1'
	expect $SERVER session_of sub2 .server
}

passed_over()
{
	udhcpc_start sub3
	expect 0 messages_at second "$(mac 3)"
}

comes_back()
{
	dnsmasq_start
	busywait 90 dnsmasq_serves
}

dnsmasq_serves() # sub1, as soon as it is asked again
{
	dhcpsend sub1 -x 5 -w 2 eth0 discover > "$TMP/offer"
	grep "option 54 $(addr_hex $SECOND)" "$TMP/offer"
}

first_again()
{
	dhclient_start sub4
	expect $SECOND session_of sub4 .server
	expect 0 eval "captured srv 'select(.chaddr == \"$(mac 4)\") | .type' | wc -l"
}

# A lease of the one cannot be renewed at the other: its owner is asked.
renewal_at_its_server()
{
	kill -USR1 "$(pid_of udhcpc-sub2)"
	busywait 30 expect "$SERVER true" session_of sub2 '"\(.server) \(.renewals > 0)"'
}

# Each answers; the client takes one offer, and the other server stays out.
both()
{
	iface server $SERVER server $SECOND
	dhcpcd_start sub1
	busywait 10 expect pending session_of sub1 .state
	expect "$(addr_of sub1)" session_of sub1 .address
	fails expect 0 messages_at srv "$(mac 1)"
	fails expect 0 messages_at second "$(mac 1)"
}

types_of() # CAPTURE MAC: of its messages, in their order
{
	captured "$1" "select(.chaddr == \"$2\") | .type" | paste -sd ' '
}

# Two messages instead of four (RFC 4039). Who does not ask for that is answered
# as ever.
rapid_commit()
{
	stop dnsmasq
	stop dhcpcd-sub1
	dnsmasq_start --dhcp-rapid-commit --no-ping
	iface server $SECOND
	sub_add sub5 "$(mac 5)"
	sub_add sub6 "$(mac 6)"
	capture rapid core2 srv
	capture sub5 sub5 eth0
	dhcpcd_start sub5 'option rapid_commit'
	expect "pending $(addr_of sub5) $SECOND" session_of sub5 '"\(.state) \(.address) \(.server)"'
	expect 1 types_of rapid "$(mac 5)"
	expect 5 types_of sub5 "$(mac 5)"
	udhcpc_start sub6
	expect "1 3" types_of rapid "$(mac 6)"
}

# What a client knows as its server is the gateway (RFC 5107), and there its
# unicasts go; the relay sends renewals on to who leased the address, which is not
# the first that it would ask.
RENEWS='.type == 3 and .ciaddr != "0.0.0.0"'

of() # CAPTURE NAMESPACE CONDITION FILTER: each value of a client's messages
{
	captured "$1" "select(.chaddr == \"$(mac_of "$2")\" and ($3)) | $4" | sort -u
}

override() # NAMESPACE CLIENT
{
	capture "$1" "$1" eth0
	capture "$1-says" acc "$1"
	iface server $SECOND server-id $GATEWAY circuit-id "line-$1" remote-id r
	"$2_start" "$1"
	expect "$SECOND $(addr_of "$1")" session_of "$1" '"\(.server) \(.address)"'
	expect "54:$(addr_hex $GATEWAY)" of "$1" "$1" '.op == 2' \
		'.options | match("54:[0-9a-f]*").string'
	expect "$GATEWAY" of "$1" "$1" '.op == 2' .ip_src
	iface server $SERVER server $SECOND servers-mode failover server-id $GATEWAY \
		circuit-id "line-$1" remote-id r
}

renewed() # NAMESPACE
{
	local address

	address=$(addr_of "$1")
	busywait 60 eval "session_of $1 'select(.renewals > 0)' | grep -q ."
	expect "$SECOND $address" session_of "$1" '"\(.server) \(.address)"'
	expect "$GATEWAY" of "$1-says" "$1" "$RENEWS" .ip_dst
	expect "$GATEWAY $address 82:$(sub_option 1 "line-$1")$(sub_option 2 r)0b$(
		sized "$(addr_hex $GATEWAY)")" of overridden "$1" "$RENEWS" \
		'"\(.giaddr) \(.ciaddr) \(.options | match("82:[0-9a-f]*").string)"'
	expect "$GATEWAY 54:$(addr_hex $GATEWAY) false" of "$1" "$1" \
		".type == 5 and .ciaddr == \"$address\"" '"\(.ip_src) \(
		.options | match("54:[0-9a-f]*").string) \(.options | contains(" 82:"))"'
	expect 0 messages_at srv "$(mac_of "$1")"
	grep "$(mac_of "$1") $address" "$TMP/dnsmasq.leases"
}

released() # NAMESPACE
{
	busywait 30 expect '' session_of "$1"
	expect "$GATEWAY" of "$1-says" "$1" '.type == 7' .ip_dst
	busywait 30 expect "$GATEWAY" of overridden "$1" '.type == 7' .giaddr
	busywait 30 fails grep "$(mac_of "$1")" "$TMP/dnsmasq.leases"
}

override_udhcpc()
{
	override sub7 udhcpc
	kill -USR1 "$(pid_of udhcpc-sub7)"
	renewed sub7
	stop udhcpc-sub7
	released sub7
}

override_dhclient()
{
	override sub8 dhclient
	renewed sub8
	dhclient_release sub8
	released sub8
}

words()
{
	fails iface server $SERVER servers-mode some
	fails iface server $SERVER subscriber-id '{nobody}'
	fails iface server $SERVER vpn "$(printf %064d 0)"
	fails iface server $SERVER link-selection 10.66
	iface server $SERVER servers-mode failover server-id 10.9.9.9 link-selection 10.9.9.8 \
		vpn blue relay-id r subscriber-id s relay-flags on
	expect "failover 10.9.9.9 10.9.9.8 blue r s on" jq -r '.[] | select(.iface == "acc0") |
		"\(.servers_mode) \(.server_id) \(.link_selection) \(.vpn) \(.relay_id) \(.subscriber_id) \(.relay_flags)"' \
		<(kbng -j iface list)
}

topo_up 4
box core2
ip -n bng link add core1 type veth peer srv netns core2
ip -n bng link set core1 up
ip -n core2 link set srv up
ip -n bng address add 192.0.3.1/24 dev core1
ip -n core2 address add $SECOND/24 dev srv
ip -n core2 route add 10.64.0.0/16 via 192.0.3.1
kea_start 600 '"shared-networks": [ { "name": "other", "subnet4": [ {
	"id": 2, "subnet": "10.66.0.0/16",
	"pools": [ { "pool": "10.66.1.0 - 10.66.1.255" } ] } ] } ]'
kbng iface set core0 role core
capture srv core srv
capture second core2 srv
check "sub-options 1, 2, 5, 6, 10, 11 and 12" every_sub_option
check "link selection: the lease is from that subnet, giaddr is ours" link_selection
check "flags: what came by unicast" unicast_flag
check "more than an option has room for is dropped" too_much
check "vpn: asked for, and an answer that ignores it is dropped" vpn
check "failover: the second serves when the first is silent" silent_first
check "failover: the first is then passed over" passed_over
check "failover: the first is asked again, and serves" comes_back
check "failover: dhclient gets a lease of dnsmasq, the first again" first_again
check "failover: a renewal goes to the lease's server" renewal_at_its_server
check "all: dhcpcd takes one of two offers" both
check "rapid commit: dhcpcd gets a lease with two messages" rapid_commit
stop dnsmasq
dnsmasq_start --no-ping --dhcp-option=option:T1,8
for n in 7 8; do sub_add sub$n "$(mac $n)"; done
capture overridden core2 srv
check "server identifier: udhcpc renews and releases at the gateway" override_udhcpc
check "server identifier: dhclient renews and releases at the gateway" override_dhclient
check "the words of servers and sub-options" words
done_testing
