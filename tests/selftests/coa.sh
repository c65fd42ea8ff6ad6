#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# CoA- and Disconnect-Requests (RFC 5176): FreeRADIUS's radclient in `core` asks
# kbngd in `bng`, which listens on port 3799; so do others who should not.
#
#	core 192.0.2.2  radclient ──► 192.0.2.1:3799 kbngd ──► kernel: sub1 .. sub3
#	     192.0.2.3  a stranger          └─► FreeRADIUS in core, to ask again
# shellcheck disable=SC2154,SC2016,SC2086
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/aaa.bash"

STRANGER=192.0.2.3

conf() # [LINE OF coa...]
{
	aaa_conf
	cat <<-EOF
	  timeout: 2
	  retry_pending: 1
	  coa:
	    clients: [{ address: $SERVER, secret_file: $TMP/coa.secret }]
	EOF
	[ $# -eq 0 ] || printf '    %s\n' "$@"
}

users() # [FILTER-ID]: what everybody gets
{
	cat <<-EOF
	DEFAULT Service-Type == Authorize-Only, State == "of-the-coa", Auth-Type := Accept
	        Filter-Id = "authorized-only"
	DEFAULT Service-Type == Authorize-Only, Auth-Type := Reject
	DEFAULT User-Name == "$(mac 1)", Cleartext-Password := "x"
	        User-Name = "alice", Class = "class-1",
	        Chargeable-User-Identity = 0x632d31,
	        WISPr-Bandwidth-Max-Up = 2000000,
	        WISPr-Bandwidth-Max-Down = 8000000, Filter-Id = "${1:-silver}"
	DEFAULT Cleartext-Password := "x"
	        User-Name = "bob", Filter-Id = "${1:-silver}"
	EOF
}

radius_up() # [FILTER-ID]
{
	stop freeradius
	users "$@" | freeradius_start "$checkout/daemon/dictionary/dictionary.kbng"
}

reload() # [LINE OF coa...]
{
	stop kbngd
	conf "$@" | kbngd_start
	kbngd_ready
}

# --- Asking -----------------------------------------------------------------

# The answer to a request with ATTRIBUTES: its name and Error-Cause.
ask() # coa|disconnect ATTRIBUTES [OPTION...]
{
	on core radclient -d "$TMP/raddb" -x -r 3 -t 5 "${@:3}" \
		$BNG:3799 "$1" "${SECRET:-c0a}" <<< "$2" > "$TMP/radclient" 2>&1 || true
	sed -n 's/^Received \([A-Za-z-]*\) Id.*/\1/p
		s/^\tError-Cause = //p' "$TMP/radclient" | xargs
}

# Nothing comes back.
no_answer() # coa|disconnect ATTRIBUTES [OPTION...]
{
	expect '' ask "$@" -r 1 -t 1
}

id_is() # UUID
{
	echo "Acct-Session-Id = $1"
}

policy_of() # UUID
{
	field "$1" '.policy | "\(.rate_up) \(.rate_down) \(.name)"'
}

applied() # UUID: how often a policy was
{
	in_journal "select(.session_id == \"$1\" and .event_type == \"POLICY_APPLY\") | .seq" | wc -l
}

applied_are() # UUID COUNT
{
	[ "$(applied "$1")" = "$2" ]
}

# The datagram of a request, as radclient sends it, into FILE.
datagram() # FILE coa|disconnect ATTRIBUTES [OPTION...]
{
	start tcpdump core tcpdump -U -i srv -c 1 -w "$TMP/pcap" udp dst port 3799
	wait_log 20 tcpdump 'listening on'
	ask "${@:2}" > "$TMP/$1.answer"
	busywait 20 is_gone tcpdump
	tail -c +83 "$TMP/pcap" > "$TMP/$1"	# headers of file, packet, Ethernet, IP, UDP
}

# Send FILE so often, all from one port; a checksum of each answer.
datagram_send() # FILE [COUNT]
{
	on core bash -c 'exec 3<> /dev/udp/'$BNG'/3799
		for i in $(seq '"${2:-1}"'); do
			cat "$1" >&3
			timeout 5 dd bs=4096 count=1 <&3 2> /dev/null | md5sum
		done' bash "$TMP/$1"
}

datagram_is_ignored() # FILE
{
	on core bash -c 'exec 3<> /dev/udp/'$BNG'/3799
		cat "$1" >&3
		! timeout 0.5 dd bs=4096 count=1 <&3 2> /dev/null | grep -q .' bash "$TMP/$1"
}

says() # TEXT: kbngd, in its log
{
	wait_log 20 kbngd "$1"
}

# --- Tests ------------------------------------------------------------------

rates()
{
	local id

	id=$(new 1)
	busywait 20 state_is "$id" active
	busywait 20 has_record Start "$id"
	echo "$id" > "$TMP/id1"
	expect 0x632d31 record Start "$id" Chargeable-User-Identity
	expect 2001:db8:b::1 record Start "$id" NAS-IPv6-Address
	expect '2000000 8000000 silver' policy_of "$id"
	expect CoA-ACK ask coa "$(id_is "$id"), WISPr-Bandwidth-Max-Up = 3000000"
	expect '3000000 8000000 silver' policy_of "$id"
	expect CoA-ACK ask coa "$(id_is "$id"), Mikrotik-Rate-Limit = \"5M/20M 9M/9M\", Filter-Id = gold"
	expect '5000000 20000000 gold' policy_of "$id"
	busywait 20 applied_are "$id" 3
	expect 0 eval "in_journal 'select(.event_type == \"SESSION_STOP\") | .seq' | wc -l"
}

all_or_nothing()
{
	local id

	id=$(cat "$TMP/id1")
	expect 'CoA-NAK Unsupported-Attribute' ask coa \
		"$(id_is "$id"), WISPr-Bandwidth-Max-Up = 1000000, Framed-MTU = 1400"
	expect 'CoA-NAK Invalid-Attribute-Value' ask coa \
		"$(id_is "$id"), WISPr-Bandwidth-Max-Up = 1000000, Mikrotik-Rate-Limit = fast"
	expect 'CoA-NAK Invalid-Attribute-Value' ask coa \
		"$(id_is "$id"), WISPr-Bandwidth-Max-Up = 10"
	expect 'CoA-NAK Missing-Attribute' ask coa "$(id_is "$id")"
	expect 'CoA-NAK Unsupported-Service' ask coa \
		"$(id_is "$id"), Service-Type = Framed-User"
	expect 'Disconnect-NAK Unsupported-Attribute' ask disconnect \
		"$(id_is "$id"), Filter-Id = gold"
	expect '5000000 20000000 gold' policy_of "$id"
	state_is "$id" active
}

# Each attribute alone, where it is enough, and all of them together.
identification()
{
	local id id2 id3 change='Filter-Id = named'

	id=$(cat "$TMP/id1")
	id2=$(new 2)
	id3=$(new 3)
	busywait 20 state_is "$id2" active
	busywait 20 state_is "$id3" active
	expect CoA-ACK ask coa "User-Name = alice, $change"
	expect CoA-ACK ask coa "Framed-IP-Address = $(address 1), $change"
	expect CoA-ACK ask coa "Calling-Station-Id = $(mac 1), $change"
	expect CoA-ACK ask coa "Chargeable-User-Identity = 0x632d31, $change"
	expect CoA-ACK ask coa "NAS-Port-Id = acc0, User-Name = alice, $change"
	expect CoA-ACK ask coa "$(id_is "$id"), User-Name = alice, NAS-Port-Id = acc0,
		Framed-IP-Address = $(address 1), Calling-Station-Id = $(mac 1),
		NAS-Identifier = bng-t, NAS-IP-Address = $BNG,
		NAS-IPv6-Address = 2001:db8:b::1, $change"
	expect '5000000 20000000 named' policy_of "$id"
	expect '0 0 silver' policy_of "$id2"
	# two of bob's, three on the port
	expect 'CoA-NAK Multiple-Session-Selection-Unsupported' \
		ask coa "User-Name = bob, $change"
	expect 'Disconnect-NAK Multiple-Session-Selection-Unsupported' \
		ask disconnect 'NAS-Port-Id = acc0'
	expect '0 0 silver' policy_of "$id2"
	expect CoA-ACK ask coa "User-Name = bob, Framed-IP-Address = $(address 2), $change"
	expect '0 0 named' policy_of "$id2"
	expect '0 0 silver' policy_of "$id3"
}

disagreement()
{
	local id none='Disconnect-NAK Session-Context-Not-Found'

	id=$(cat "$TMP/id1")
	expect "$none" ask disconnect "$(id_is "$id"), User-Name = bob"
	expect "$none" ask disconnect "$(id_is "$id"), Framed-IP-Address = $(address 2)"
	expect "$none" ask disconnect "User-Name = alice, Calling-Station-Id = $(mac 2)"
	expect "$none" ask disconnect "User-Name = alice, NAS-Port-Id = core0"
	expect "$none" ask disconnect "User-Name = bob, Chargeable-User-Identity = 0x632d31"
	expect "$none" ask disconnect 'User-Name = alic'
	expect "$none" ask disconnect 'Acct-Session-Id = 00000000-0000-4000-8000-000000000000'
	expect "$none" ask disconnect 'Acct-Session-Id = x'
	expect "$none" ask disconnect 'NAS-Port-Id = "a name longer than a device may have"'
	expect 'Disconnect-NAK NAS-Identification-Mismatch' \
		ask disconnect "$(id_is "$id"), NAS-Identifier = bng-u"
	expect 'Disconnect-NAK NAS-Identification-Mismatch' \
		ask disconnect "$(id_is "$id"), NAS-IP-Address = 192.0.2.77"
	expect 'Disconnect-NAK NAS-Identification-Mismatch' \
		ask disconnect "$(id_is "$id"), NAS-IPv6-Address = 2001:db8:b::2"
	expect 'Disconnect-NAK Missing-Attribute' ask disconnect 'NAS-Identifier = bng-t'
	state_is "$id" active
}

told() # UUID: its line in the SESSION_START
{
	in_journal "select(.session_id == \"$1\" and .event_type == \"SESSION_START\") |
		\"\(.ifname) \(.vlan) \(.inner_vlan)\""
}

# NAS-Port-Id is the same text in records and requests, and no other means it.
lines_with_tags()
{
	local id id2 port

	kbng iface set acc0 role access giaddr $GATEWAY server $SERVER vlan both
	id=$(new 4 vlan 200 inner-vlan 7)
	id2=$(new 5 vlan 200)
	busywait 30 has_record Start "$id"
	busywait 30 has_record Start "$id2"
	expect acc0:200.7 record Start "$id" NAS-Port-Id
	expect acc0:200 record Start "$id2" NAS-Port-Id
	expect 'acc0 200 7' told "$id"
	expect 'acc0 200 null' told "$id2"
	expect 'acc0 null null' told "$(cat "$TMP/id1")"
	for port in 200.8 200.70 7.200 200.7x 200.07 200. 200.0 0200 201 4095 200:7 ''; do
		expect 'Disconnect-NAK Session-Context-Not-Found' \
			ask disconnect "NAS-Port-Id = \"acc0:$port\""
	done
	expect CoA-ACK ask coa 'NAS-Port-Id = "acc0:200.7", Filter-Id = tagged'
	expect '0 0 tagged' policy_of "$id"
	expect '0 0 silver' policy_of "$id2"
	expect Disconnect-ACK ask disconnect 'NAS-Port-Id = "acc0:200"'
	busywait 20 has_record Stop "$id2"
	expect acc0:200 record Stop "$id2" NAS-Port-Id
	expect Disconnect-ACK ask disconnect \
		"NAS-Port-Id = \"acc0:200.7\", Calling-Station-Id = $(mac 4)"
}

forced_interim()
{
	local id

	id=$(cat "$TMP/id1")
	expect 0 records Interim-Update "$id"
	expect CoA-ACK ask coa "$(id_is "$id"), KBNG-Command = Interim-Update"
	busywait 20 has_record Interim-Update "$id"
}

# Class and interval are the session's, over kill -9.
class_and_interval()
{
	local id

	id=$(cat "$TMP/id1")
	expect CoA-ACK ask coa "$(id_is "$id"), Class = 0x0102, Acct-Interim-Interval = 120"
	kill_kbngd
	restart_kbngd
	expect CoA-ACK ask coa "$(id_is "$id"), KBNG-Command = Interim-Update"
	busywait 20 has_record Interim-Update "$id" 2
	expect 0x0102 eval "record Interim-Update $id Class | tail -n 1"
}

auth_state() # UUID: that its last POLICY_APPLY tells
{
	in_journal "select(.session_id == \"$1\" and .event_type == \"POLICY_APPLY\") |
		.auth_state" | tail -n 1
}

# Into the walled garden and out again, over kill -9.
walled()
{
	local id

	id=$(cat "$TMP/id1")
	expect CoA-ACK ask coa "$(id_is "$id"), KBNG-Walled = Yes, WISPr-Bandwidth-Max-Up = 64000"
	busywait 30 expect WALLED auth_state "$id"
	kill_kbngd
	restart_kbngd
	expect walled field "$id" .decision
	expect 64000 field "$id" .policy.rate_up
	expect CoA-ACK ask coa "$(id_is "$id"), KBNG-Walled = No"
	busywait 30 expect AUTHORIZED auth_state "$id"
	expect null field "$id" .decision
	expect 1 records Start "$id"
}

reauthenticate()
{
	local id

	id=$(cat "$TMP/id1")
	radius_up bronze
	expect CoA-ACK ask coa "$(id_is "$id"), KBNG-Command = Reauthenticate"
	busywait 20 eval "policy_of $id | grep -qx '2000000 8000000 bronze'"
	state_is "$id" active
}

# RFC 5176 3.2: no, but an Access-Request with State follows.
authorize_only()
{
	local id

	id=$(cat "$TMP/id1")
	expect 'CoA-NAK Missing-Attribute' ask coa "$(id_is "$id"), Service-Type = Authorize-Only"
	expect 'CoA-NAK Request-Initiated' ask coa \
		"$(id_is "$id"), Service-Type = Authorize-Only, State = 0x6f662d7468652d636f61"
	grep -q 'Service-Type = Authorize-Only' "$TMP/radclient"
	busywait 20 eval "policy_of $id | grep -qx '0 0 authorized-only'"
	expect 1 records Start "$id"
}

nobody_to_ask_again()
{
	local id

	id=$(cat "$TMP/id1")
	stop freeradius
	expect CoA-ACK ask coa "$(id_is "$id"), KBNG-Command = Reauthenticate"
	says 'nobody answered the new Access-Request'
	state_is "$id" active
	expect '0 0 authorized-only' policy_of "$id"
	radius_up
}

authorisation_withdrawn()
{
	local id

	id=$(new 4)
	busywait 20 state_is "$id" active
	expect 'CoA-NAK Request-Initiated' ask coa \
		"$(id_is "$id"), Service-Type = Authorize-Only, State = 0x00"
	busywait 20 state_is "$id" rejected
	expect 'CoA-NAK Session-Context-Not-Found' ask coa "$(id_is "$id"), Filter-Id = gold"
	expect CoA-ACK ask coa "$(id_is "$id"), KBNG-Command = Reauthenticate"
	busywait 20 state_is "$id" active
}

sub_address() # N: what `new N` gave, without DHCP
{
	ip -n "sub$1" address replace "$(address "$1")/16" dev eth0
	ip -n "sub$1" route replace default via "$GATEWAY"
}

ping_start() # N
{
	start "ping$1" "sub$1" ping -i 0.02 -W 5 $SERVER
	wait_log 20 "ping$1" 'icmp_seq=10 '
}

ping_lost() # N: of those that were answered or should have been; ends it
{
	stop "ping$1" INT
	sed -n 's/^\([0-9]*\) packets transmitted, \([0-9]*\) received.*/\1 \2/p' \
		"$TMP/ping$1.log" | { read -r sent got; echo $((sent - got)); }
}

# A change of rates loses nothing, an end only what is the subscriber's own.
traffic()
{
	local id id2 i

	id=$(cat "$TMP/id1")
	id2=$(new 5)
	busywait 20 state_is "$id2" active
	sub_address 1
	sub_address 5
	ping_start 1
	ping_start 5
	for i in 1 2 3 4 5; do
		expect CoA-ACK ask coa "$(id_is "$id"), WISPr-Bandwidth-Max-Up = ${i}000000"
	done
	i=$(grep -c icmp_seq "$TMP/ping1.log")
	busywait 20 eval "[ \$(grep -c icmp_seq $TMP/ping1.log) -gt $((i + 10)) ]"
	expect Disconnect-ACK ask disconnect "$(id_is "$id2")"
	grep -q 'Acct-Terminate-Cause = Admin-Reset' "$TMP/radclient"
	i=$(grep -c icmp_seq "$TMP/ping5.log")
	busywait 20 has_record Stop "$id2"
	expect Admin-Reset record Stop "$id2" Acct-Terminate-Cause
	busywait 20 forgotten "$id2"
	[ "$(grep -c icmp_seq "$TMP/ping5.log")" -le $((i + 2)) ]
	# one may be on its way when it is counted
	[ "$(ping_lost 1)" -le 1 ]
	[ "$(ping_lost 5)" -ge 10 ]
}

again()
{
	local id n

	id=$(cat "$TMP/id1")
	n=$(applied "$id")
	datagram same coa "$(id_is "$id"), Filter-Id = again"
	expect CoA-ACK cat "$TMP/same.answer"
	expect 1 eval 'datagram_send same 4 | sort -u | wc -l'
	busywait 20 applied_are "$id" $((n + 2))	# radclient's port was another one
}

# With an Event-Timestamp it is no other request, wherever it comes from.
replayed()
{
	local id n

	id=$(cat "$TMP/id1")
	n=$(applied "$id")
	datagram old coa "$(id_is "$id"), Filter-Id = old, Event-Timestamp = $(date +%s)"
	expect CoA-ACK ask coa "$(id_is "$id"), Filter-Id = new"
	busywait 20 applied_are "$id" $((n + 2))
	datagram_send old 3
	expect $((n + 2)) applied "$id"
	policy_of "$id" | grep -q new
}

stale()
{
	local id

	id=$(cat "$TMP/id1")
	no_answer disconnect "$(id_is "$id"), Event-Timestamp = $(($(date +%s) - 400))"
	no_answer disconnect "$(id_is "$id"), Event-Timestamp = $(($(date +%s) + 400))"
	says 'Event-Timestamp missing or out of the window'
	state_is "$id" active
	reload 'require_event_timestamp: yes'
	no_answer coa "$(id_is "$id"), Filter-Id = x"
	expect CoA-ACK ask coa "$(id_is "$id"), Filter-Id = x, Event-Timestamp = $(date +%s)"
}

message_authenticator()
{
	local id

	id=$(cat "$TMP/id1")
	reload 'require_message_authenticator: yes'
	no_answer coa "$(id_is "$id"), Filter-Id = y"
	says 'not made with our secret'
	expect CoA-ACK ask coa "$(id_is "$id"), Filter-Id = y, Message-Authenticator = 0x00"
	grep -q 'Message-Authenticator = ' "$TMP/radclient"
	reload
	datagram signed coa "$(id_is "$id"), Filter-Id = z, Message-Authenticator = 0x00"
	expect CoA-ACK cat "$TMP/signed.answer"
}

strangers()
{
	local id

	id=$(cat "$TMP/id1")
	reload
	SECRET=wrong no_answer disconnect "$(id_is "$id")"
	says 'not made with our secret'
	no_answer disconnect "$(id_is "$id"), Packet-Src-IP-Address = $STRANGER"
	says "ignored address=$STRANGER reason=\"not one of radius.coa.clients\""
	state_is "$id" active
}

# Cut, stretched, broken, of another kind: no answer, and it goes on.
hostile()
{
	local id i size

	id=$(cat "$TMP/id1")
	datagram good coa "$(id_is "$id"), Filter-Id = good"
	size=$(stat -c %s "$TMP/good")
	for i in 1 4 19 20 21 $((size - 1)); do
		head -c "$i" "$TMP/good" > "$TMP/bad"
		datagram_is_ignored bad
	done
	for i in 0 2 3 4 21 $((size - 1)); do	# one octet is another
		{
			head -c "$i" "$TMP/good"
			tail -c "+$((i + 1))" "$TMP/good" | head -c 1 | tr '\000-\377' '\001-\377\000'
			tail -c "+$((i + 2))" "$TMP/good"
		} > "$TMP/bad"
		datagram_is_ignored bad
	done
	head -c 4096 /dev/zero > "$TMP/bad"
	datagram_is_ignored bad
	head -c 9000 /dev/urandom > "$TMP/bad"
	datagram_is_ignored bad
	says 'reason="malformed"'
	expect CoA-ACK ask coa "$(id_is "$id"), Filter-Id = still-here"
	policy_of "$id" | grep -q still-here
}

rate()
{
	local id i

	id=$(cat "$TMP/id1")
	reload 'rate: 2'
	for i in 1 2 3 4 5 6; do
		echo "$(id_is "$id"), Filter-Id = \"rate-$i\""
		echo
	done > "$TMP/many"
	on core radclient -d "$TMP/raddb" -p 6 -r 1 -t 2 $BNG:3799 coa c0a < "$TMP/many" || true
	says 'more than radius.coa.rate a second'
	expect CoA-ACK ask coa "$(id_is "$id"), Filter-Id = after"
}

proxied()
{
	local id

	id=$(cat "$TMP/id1")
	expect CoA-ACK ask coa "$(id_is "$id"), Filter-Id = p, Proxy-State = 0x01, Proxy-State += 0x0203"
	expect '0x01 0x0203' eval "sed -n '/^Received/,\$s/.*Proxy-State = //p' $TMP/radclient | xargs"
}

disconnect_twice()
{
	local id

	id=$(cat "$TMP/id1")
	datagram bye disconnect "$(id_is "$id"), Event-Timestamp = $(date +%s)"
	expect Disconnect-ACK cat "$TMP/bye.answer"
	busywait 20 has_record Stop "$id"
	expect 1 eval 'datagram_send bye 2 | sort -u | wc -l'
	busywait 20 forgotten "$id"
	expect 'Disconnect-NAK Session-Context-Not-Found' ask disconnect "$(id_is "$id")"
	expect 1 records Stop "$id"
	expect 1 records Start "$id"
}

topo_up 5
ip -n core address add $STRANGER/24 dev srv
secret radius.secret testing123
secret coa.secret c0a
radius_up
conf | kbngd_start
kbngd_ready
check "a change of rates is applied" rates
check "what cannot be done changes nothing" all_or_nothing
check "one session is found by each of its names" identification
check "names that do not agree find none" disagreement
check "a line with VLAN tags" lines_with_tags
check "an Interim-Update on demand" forced_interim
check "Class and interval stay with the session" class_and_interval
check "walled, and no more" walled
check "it is authenticated again on demand" reauthenticate
check "Authorize-Only asks the server" authorize_only
check "nobody answers: the session goes on" nobody_to_ask_again
check "an authorisation is withdrawn, and given back" authorisation_withdrawn
check "nobody else loses a packet" traffic
check "what comes again gets the same answer" again
check "a replay changes nothing" replayed
check "an old request is no request" stale
check "Message-Authenticator is checked, and can be required" message_authenticator
check "strangers and wrong secrets get no answer" strangers
check "hostile datagrams" hostile
check "Proxy-State comes back" proxied
check "Disconnect ends the session once" disconnect_twice
id1_again()
{
	new 1 > "$TMP/id1"
	busywait 20 state_is "$(cat "$TMP/id1")" active
}
check "requests are limited" eval 'id1_again && rate'
check "sanitizers are silent" sanitizers_are_silent
done_testing
