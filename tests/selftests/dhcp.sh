#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# DHCP message by message, as no client or server here would send them: options
# where they are seldom, what comes twice, late or in another order, and who may
# answer what. Topology: lib.sh; dhcpsend is client and server.
. "$(dirname "$0")/lib.sh"

ADDRESS=10.64.1.99
bng_mac=

ask() # TYPE XID [OPTION...]: sub1's message
{
	dhcpsend sub1 -x "$2" "${@:3}" eth0 "$1"
}

# To sub1, unless -m names another; without a lease time.
answer() # TYPE XID [OPTION...]
{
	dhcpsend core -p 67:67 -W 0:02 -M "$bng_mac" -S $SERVER -D $GATEWAY -g $GATEWAY \
		-m "$(mac 1)" -y $ADDRESS -x "$2" "${@:3}" srv "$1"
}

# What sub1 got since `capture sub1`, the options of each message.
got() # OPTIONS...
{
	busywait 10 expect "$(printf '%s\n' "$@")" captured sub1 .options
	stop sub1
}

begin() # XID: sub1 has no session, and waits for an answer
{
	kbng session clear mac "$(mac 1)" 2> /dev/null || true
	ask request "$1"
	busywait 10 expect offered session_of sub1 .state
	mark
}

# The states that a client asks in (RFC 2131 4.3.2), one session through all.
four_requests()
{
	local uuid

	begin 0x30					# as in SELECTING
	uuid=$(session_of sub1 .uuid)
	answer ack 0x30 -l 60
	ask request 0x31 -r $ADDRESS			# INIT-REBOOT
	answer ack 0x31 -l 61
	ask request 0x32 -c $ADDRESS -S $ADDRESS -D $SERVER	# RENEWING
	answer ack 0x32 -l 62
	ask request 0x33 -c $ADDRESS -S $ADDRESS	# REBINDING
	answer ack 0x33 -l 63
	counts "dhcp_relayed=3 dhcp_replied=4 dhcp_bound=1 dhcp_renewed=3"
	expect "$uuid $ADDRESS 63 3" session_of sub1 \
		'"\(.uuid) \(.address) \(.lease_time) \(.renewals)"'
}

# --- Options ----------------------------------------------------------------------

overloaded_ack()
{
	begin 0x10
	capture sub1 sub1 eth0
	answer none 0x10 -o 52:03 -W 44:350105ff -W 108:33040000003cff
	counts "dhcp_replied=1 dhcp_bound=1"
	expect "pending $ADDRESS 60" session_of sub1 '"\(.state) \(.address) \(.lease_time)"'
	got 52:03
}

# Where the relay cannot take it out (RFC 3046 2.1).
overloaded_opt82()
{
	begin 0x11
	answer ack 0x11 -l 60 -o 52:01 -W 108:5203010161ff
	answer ack 0x11 -l 60 -o 52:02 -W 44:5203010161ff
	counts "dhcp_opt82_malformed=2"
	expect offered session_of sub1 .state
}

# An overload that is itself in file or sname is none (RFC 2131 4.1).
overload_in_file()
{
	begin 0x12
	answer none 0x12 -o 52:01 -W 44:350105ff -W 108:340102ff
	counts "dhcp_no_type=1"
}

split_options()
{
	begin 0x13
	answer ack 0x13 -o 51:0000 -o 51:003c
	answer ack 0x13 -l 60 -o 51:00000078
	answer ack 0x13 -l 60 -o 52:01 -W 108:33040000003dff
	answer ack 0x13 -l 60 -o 53:06
	ask discover 0x13 -o 53:07
	ask discover 0x13 -r $ADDRESS -r 10.64.1.98
	counts "dhcp_option_length=6"
	expect offered session_of sub1 .state
	answer ack 0x13 -l 60 -o 51:0000003c -o 53:05
	counts "dhcp_replied=1 dhcp_bound=1 dhcp_option_length=6"
}

split_opt82()
{
	begin 0x14
	answer ack 0x14 -l 60 -o 82:0102 -o 82:6162	# circuit-id "ab"
	answer ack 0x14 -l 60 -o 82:0103 -o 82:6162
	answer ack 0x14 -l 60 -o "82:01fc$(printf %0504d 0)" -o 82:0900
	ask discover 0x14 -o 82:0102 -o 82:6162
	counts "dhcp_opt82_malformed=1 dhcp_opt82_untrusted=1 dhcp_opt82_too_long=1 dhcp_opt82_mismatch=1"
	expect offered session_of sub1 .state
}

# What is split and not ours goes on as it came.
split_others()
{
	begin 0x15
	capture sub1 sub1 eth0
	answer ack 0x15 -l 60 -o 121:18 -o 6:08080808 -o 121:0a4001
	got "53:05 51:0000003c 121:18 6:08080808 121:0a4001"
}

# RFC 6842 is for servers: with or without it, it is the client's to judge.
client_id()
{
	capture sub1 sub1 eth0
	begin 0x16
	answer ack 0x16 -l 60 -o 61:00a1b2
	ask request 0x17 -o 61:00a1b2
	busywait 10 expect 1 eval "counted | grep -c dhcp_relayed=1"
	answer ack 0x17 -l 60
	got "53:05 51:0000003c 61:00a1b2" "53:05 51:0000003c"
	expect "pending 1" session_of sub1 '"\(.state) \(.renewals)"'
}

# --- Order ------------------------------------------------------------------------

# The client is served by the first ACK; each message may come twice.
doubled()
{
	local n

	begin 0x20
	for n in discover discover; do ask $n 0x21; done
	for n in offer offer; do answer $n 0x21; done
	for n in request request; do ask $n 0x21; done
	counts "dhcp_relayed=4 dhcp_replied=2"
	for n in ack ack offer; do answer $n 0x21 -l 60; done
	counts "dhcp_relayed=4 dhcp_replied=3 dhcp_bound=1 dhcp_unmatched_reply=2"
	ask request 0x21
	counts "dhcp_relayed=5 dhcp_replied=3 dhcp_bound=1 dhcp_unmatched_reply=2"
	answer ack 0x21 -l 60
	counts "dhcp_relayed=5 dhcp_replied=4 dhcp_bound=1 dhcp_renewed=1 dhcp_unmatched_reply=2"
	ask release 0x22 -c $ADDRESS
	ask release 0x22 -c $ADDRESS
	counts "dhcp_relayed=6 dhcp_replied=4 dhcp_bound=1 dhcp_renewed=1 $(
		)dhcp_unmatched_reply=2 dhcp_release_foreign=1"
}

# The ACK of a renewal that a RELEASE has overtaken.
ack_after_release()
{
	begin 0x23
	answer ack 0x23 -l 60
	counts "dhcp_replied=1 dhcp_bound=1"
	ask request 0x24 -c $ADDRESS
	ask release 0x25 -c $ADDRESS
	counts "dhcp_relayed=2 dhcp_replied=1 dhcp_bound=1"
	answer ack 0x24 -l 60
	counts "dhcp_relayed=2 dhcp_replied=1 dhcp_bound=1 dhcp_unmatched_reply=1"
	expect "" session_of sub1 .state
}

one_xid()
{
	begin 0x26
	dhcpsend sub2 -x 0x26 eth0 request
	busywait 10 expect offered session_of sub2 .state
	answer ack 0x26 -l 60 -m "$(mac 2)" -y 10.64.1.98
	answer ack 0x26 -l 60
	counts "dhcp_relayed=1 dhcp_replied=2 dhcp_bound=2"
	expect $ADDRESS session_of sub1 .address
	expect 10.64.1.98 session_of sub2 .address
}

# --- Rapid commit (RFC 4039 3) ------------------------------------------------------

ack_unasked()
{
	begin 0x30
	ask discover 0x31
	answer ack 0x31 -l 60
	answer ack 0x31 -l 60 -o 80:
	ask discover 0x32 -o 80:
	answer ack 0x32 -l 60
	counts "dhcp_relayed=2 dhcp_ack_unasked=3"
	ask discover 0x33
	answer ack 0x32 -l 60 -o 80:
	answer ack 0x33 -l 60 -o 80:
	counts "dhcp_relayed=3 dhcp_unmatched_reply=1 dhcp_ack_unasked=4"
	expect offered session_of sub1 .state
}

rapid_ack()
{
	begin 0x34
	ask discover 0x35 -o 80:
	ask discover 0x35
	answer ack 0x35 -l 60 -o 80:
	counts "dhcp_relayed=2 dhcp_replied=1 dhcp_bound=1"
	expect "pending $ADDRESS" session_of sub1 '"\(.state) \(.address)"'
}

# Of several servers one may not have it: the client goes on with its offer.
offer_all_the_same()
{
	begin 0x36
	ask discover 0x37 -o 80:
	answer offer 0x37 -l 60
	ask request 0x37
	ask discover 0x37 -o 80:
	answer ack 0x37 -l 60
	counts "dhcp_relayed=3 dhcp_replied=2 dhcp_bound=1"
}

topo_up
bng_ifaces offer-timeout 600
bng_mac=$(mac_of bng core0)
check "REQUEST in its four states" four_requests
check "type and lease in sname and file are found" overloaded_ack
check "option 82 in sname or file is refused" overloaded_opt82
check "an overload in file is none" overload_in_file
check "a fixed-size option that is split, or differs, is refused" split_options
check "a split option 82 is judged as one" split_opt82
check "other split options pass as they are" split_others
check "answers pass with the client-id and without" client_id
check "messages that come twice, and late ones" doubled
check "an ACK behind the RELEASE binds nothing" ack_after_release
check "two clients with one xid" one_xid
check "an ACK before any REQUEST is dropped" ack_unasked
check "an ACK with option 80 to a DISCOVER with it starts a session" rapid_ack
check "an OFFER to a DISCOVER with option 80 is as good" offer_all_the_same
done_testing
