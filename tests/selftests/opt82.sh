#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Option 82, seen at the server, in the session and at the client. Topology:
# lib.sh, and a VLAN of its own for sub2:
#
#   sub1 untagged ─┐     ┌─ acc0      10.64.0.1 ─┐
#   sub3 untagged ─┤ br0 ┤                   BNG ├─ core0 ── srv (Kea, dhcpsend)
#   sub2 VLAN 100 ─┘     └─ acc0.100  10.65.0.1 ─┘
. "$(dirname "$0")/lib.sh"

GATEWAY2=10.65.0.1
bng_mac=

# Sub-options 1 and 2 as the server saw them last from a client.
ids_at_the_server() # MAC
{
	captured srv "select(.chaddr == \"$1\" and .op == 1) | .options" | tail -n 1 |
		grep -o '82:[0-9a-f]*'
}

discover() # NAMESPACE [OPTION...]: a DISCOVER that is answered, into $TMP/offer
{
	dhcpsend "$1" -w 20 "${@:2}" eth0 discover > "$TMP/offer"
}

# A client's message arrives at the server with these ids, and the session of
# the namespace has them.
ids_are() # NAMESPACE CIRCUIT REMOTE
{
	discover "$1"
	expect "82:$(sub_option 1 "$2")$(sub_option 2 "$3")" \
		ids_at_the_server "$(mac_of "$1")"
	expect "$2 $3" session_of "$1" '"\(.circuit_id) \(.remote_id)"'
}

defaults()
{
	ids_are sub1 "$(hostname):acc0" "$(mac 1)"
}

every_word()
{
	bng_ifaces circuit-id 'pop1/{host}/{ifname}.{vlan}' remote-id '{mac} via {giaddr}'
	ids_are sub1 "pop1/$(hostname)/acc0.0" "$(mac 1) via $GATEWAY"
}

vlan_word()
{
	kbng iface set acc0.100 role access giaddr $GATEWAY2 server $SERVER \
		circuit-id '{host}:{ifname}:{vlan}' remote-id '{giaddr}/{mac}'
	ids_are sub2 "$(hostname):acc0.100:100" "$GATEWAY2/$(mac 2)"
}

vlan_giaddr()
{
	expect "$GATEWAY2 $GATEWAY2" captured srv \
		"select(.chaddr == \"$(mac 2)\") | \"\(.giaddr) \(.ip_src)\""
	grep -x 'type offer' "$TMP/offer"
	grep -xE 'yiaddr 10\.65\.1\.[0-9]+' "$TMP/offer"
}

# The VLAN device's lines are not the plain one's.
vlan_line_is_its_own()
{
	expect "acc0.100" session_of sub2 .iface
	expect 1 captured srv "select(.chaddr == \"$(mac 2)\") | .type"
}

a_vlan_client_leases()
{
	udhcpc_start sub2
	expect "acc0.100 pending" session_of sub2 '"\(.iface) \(.state)"'
}

# 120 octets each are kept, so both fit into one option.
cut_at_120()
{
	local word=abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLM format id

	format="$word{giaddr}"
	hostname "$(printf %064d 7)"
	bng_ifaces circuit-id "$word{host}{host}" remote-id "$format"
	id=$word$(printf %064d 7)$(printf %064d 7)
	hostname kbng-vm
	ids_are sub1 "${id:0:120}" "$word$GATEWAY"
}

refused() # TEXT WORD...: kbng refuses this, and says so
{
	local text=$1

	shift
	fails kbng iface set acc0 role access giaddr $GATEWAY server $SERVER "$@" 2> "$TMP/refusal"
	cat "$TMP/refusal"
	grep -qF "$text" "$TMP/refusal"
}

unknown_words()
{
	local text='use {host}, {ifname}, {mac}, {vlan}, {svlan}, {cvlan}, {giaddr}, {hostname} or {client_id}'

	refused "$text" circuit-id '{hosts}'
	refused "$text" circuit-id '{host'
	refused "$text" circuit-id 'host}'
	refused "$text" remote-id '{}'
	refused "$text" remote-id '{{mac}}'
	refused "$text" remote-id '{MAC}'
}

too_long_a_format()
{
	refused '63' circuit-id "$(printf %064d 1)"
}

# Every octet of the client's options arrives as it was sent, ours behind them.
client_options_untouched()
{
	bng_ifaces
	discover sub1 -x 21 -o 61:01020304050607 -o 12:666f6f -o 60:6b626e67 \
		-o 55:0103060f -o 77:00ff00 -o 254:01
	expect "53:01 61:01020304050607 12:666f6f 60:6b626e67 55:0103060f 77:00ff00 254:01 82:$(
		sub_option 1 "$(hostname):acc0")$(sub_option 2 "$(mac 1)")" \
		captured srv 'select(.op == 1 and .xid == 21) | .options'
}

# Kea returns option 82. The client gets everything but that, in Kea's order.
removed_from_replies()
{
	local offer

	capture replies bng core0
	discover sub1 -x 22 -o 55:0103060f333a3b
	busywait 10 captured_one replies 22
	offer=$(captured replies 'select(.op == 2 and .xid == 22) | .options')
	stop replies
	grep -q ' 82:' <<< " $offer"
	grep '^option' "$TMP/offer" | sed 's/option \([0-9]*\) /\1:/' | paste -sd ' ' \
		> "$TMP/client-options"
	cat "$TMP/client-options"
	expect "$(sed 's/ \?82:[0-9a-f]*//' <<< "$offer")" cat "$TMP/client-options"
}

captured_one() # NAME XID
{
	captured "$1" "select(.op == 2 and .xid == $2) | .xid" | grep -c .
}

# --- Messages that must not pass ----------------------------------------------

untrusted()
{
	mark
	dhcpsend sub1 -o "82:$(sub_option 1 mine)" eth0 discover
	dhcpsend sub1 -o "82:$(sub_option 1 mine)" -t eth0 request
	dhcpsend sub1 -o 82:0900 eth0 discover
	counts "dhcp_opt82_untrusted=3"
}

malformed()
{
	mark
	dhcpsend sub1 -o 82:0105 eth0 discover		# ends behind its end
	dhcpsend sub1 -o 82:01046162 eth0 discover
	dhcpsend sub1 -o 82:01 eth0 discover
	dhcpsend sub1 -o 82: eth0 discover
	dhcpsend sub1 -o 82:010161ff eth0 discover	# an octet too many
	dhcpsend sub1 -o 82:01 -o 82:0561 eth0 discover	# split, and the same
	counts "dhcp_opt82_malformed=6"
}

giaddr_spoofed()
{
	mark
	dhcpsend sub1 -g $GATEWAY eth0 discover
	dhcpsend sub1 -g 10.64.9.9 eth0 discover
	dhcpsend sub1 -g $GATEWAY -o "82:$(sub_option 1 mine)" eth0 request
	counts "dhcp_giaddr_spoofed=3"
}

reply() # OPTION...: a server's ACK to sub3's transaction 0x33
{
	dhcpsend core -p 67:67 -W 0:02 -M "$bng_mac" -S $SERVER -D $GATEWAY -g $GATEWAY \
		-m "$(mac 3)" -x 0x33 -y 10.64.1.99 -l 60 -i $SERVER "$@" srv ack
}

reply_of_another_line()
{
	local circuit remote

	circuit=$(sub_option 1 "$(hostname):acc0") remote=$(sub_option 2 "$(mac 3)")
	mark
	reply -o "82:$(sub_option 1 "$(hostname):acc1")$remote"
	reply -o "82:$circuit$(sub_option 2 "$(mac 1)")"
	reply -o "82:$circuit$(sub_option 2 "$(mac 3)x")"
	reply -o "82:${circuit}0200"
	reply -o "82:$circuit" -o "82:$(sub_option 2 "$(mac 1)")"
	counts "dhcp_opt82_mismatch=5"
	expect offered session_of sub3 .state
}

malformed_reply()
{
	mark
	reply -o 82:0105
	reply -o 82:01 -o 82:05
	counts "dhcp_opt82_malformed=2"
	expect offered session_of sub3 .state
}

reply_of_this_line()
{
	local circuit remote

	circuit=$(sub_option 1 "$(hostname):acc0") remote=$(sub_option 2 "$(mac 3)")
	mark
	capture sub3 sub3 eth0
	reply -o 15:61 -o "82:$circuit$remote" -o 6:08080808
	counts "dhcp_replied=1 dhcp_bound=1"
	busywait 10 expect "53:05 51:0000003c 54:$(printf '%02x' ${SERVER//./ }) 15:61 6:08080808" \
		captured sub3 .options
	expect 300 captured sub3 .len
	stop sub3
}

# A server that does not speak option 82 is a server all the same (RFC 3046 2.2).
reply_without()
{
	mark
	dhcpsend sub3 -x 0x33 eth0 request
	reply
	counts "dhcp_relayed=1 dhcp_replied=1 dhcp_renewed=1"
}

# It may return one that is too long for it in parts (RFC 3396).
reply_in_parts()
{
	local echo

	echo=$(sub_option 1 "$(hostname):acc0")$(sub_option 2 "$(mac 3)")
	mark
	capture sub3 sub3 eth0
	dhcpsend sub3 -x 0x33 eth0 request
	reply -o "82:${echo:0:6}" -o 15:61 -o "82:${echo:6}"
	counts "dhcp_relayed=1 dhcp_replied=1 dhcp_renewed=1"
	busywait 10 expect "53:05 51:0000003c 54:$(printf '%02x' ${SERVER//./ }) 15:61" \
		captured sub3 .options
	stop sub3
}

topo_up 1
sub_add sub2 "$(mac 2)" 100
sub_add sub3 "$(mac 3)"
ip -n bng link add link acc0 name acc0.100 type vlan id 100
ip -n bng link set acc0.100 up
ip -n bng address add $GATEWAY2/16 dev acc0.100
ip -n core route add 10.65.0.0/16 via $BNG
kea_start 600 '"shared-networks": [ { "name": "vlan100", "subnet4": [ {
	"id": 2, "subnet": "10.65.0.0/16",
	"pools": [ { "pool": "10.65.1.0 - 10.65.1.255" } ],
	"option-data": [ { "name": "routers", "data": "10.65.0.1" } ] } ] } ]'
bng_mac=$(mac_of bng core0)
bng_ifaces
capture srv core srv
check "the default templates" defaults
check "host, ifname, vlan, mac and giaddr in templates" every_word
check "a VLAN's number, name and giaddr in templates" vlan_word
check "a VLAN's giaddr chooses the subnet" vlan_giaddr
check "a VLAN's client is on the VLAN's iface alone" vlan_line_is_its_own
check "udhcpc gets a lease on a VLAN" a_vlan_client_leases
check "an id is cut at 120 octets" cut_at_120
check "an unknown word in a template is refused with a text" unknown_words
check "a template that is too long is refused" too_long_a_format
check "the client's own options arrive as they were, in their order" client_options_untouched
check "option 82 is removed from replies, and nothing else" removed_from_replies
check "a client that sends option 82 is dropped" untrusted
check "a malformed option 82 from a client is dropped" malformed
check "a client that claims to be a relay is dropped" giaddr_spoofed
stop kea
bng_ifaces offer-timeout 600
dhcpsend sub3 -x 0x33 eth0 request
busywait 10 expect offered session_of sub3 .state
check "a reply with another line's ids is dropped" reply_of_another_line
check "a reply with a malformed option 82 is dropped" malformed_reply
check "a reply with this line's ids is taken" reply_of_this_line
check "a reply without option 82 is taken" reply_without
check "a reply with this line's ids in parts is taken" reply_in_parts
done_testing
