#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sessions that begin without DHCP: hosts with fixed addresses are met by their
# first packet, and a real FreeRADIUS in `core` knows whose address it is.
# Topology: lib.sh.
#
#   10.64.2.0/24  fixed addresses: subscriber N has .N
#   10.64.1.0/24  Kea's, where a host may turn up that the BNG has forgotten
# shellcheck disable=SC2154,SC2016
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/aaa.bash"
. "$selftests/tools/frames.bash"

conf()
{
	kbngd_conf "triggers: [10.64.2.0/24, 10.64.1.0/24], trigger6: yes, ra: yes"
	radius_conf
	cat <<-EOF
	  timeout: 1
	  retries: 0
	  dead_time: 1
	  retry_pending: 1
	  no_answer: [last, open]
	  open_policy: emergency
	policies:
	  - { name: emergency }
	sessions:
	  - { iface: acc0, mac: '$(mac 7)', address: 10.64.4.7, circuit_id: shop }
	EOF
}

# sub1 and sub2 have an address, sub5 a prefix; sub3 and sub4 are known, and that
# is all; nobody knows the others.
users()
{
	local n

	for n in 1 2; do
		cat <<-EOF
		DEFAULT User-Name == "$(mac $n)", Cleartext-Password := "x"
		        Framed-IP-Address = $(address $n)
		EOF
	done
	cat <<-EOF
	DEFAULT User-Name == "$(mac 5)", Cleartext-Password := "x"
	        Framed-IPv6-Prefix = 2001:db8:5:5::/64
	DEFAULT User-Name == "$(mac 3)", Cleartext-Password := "x"
	        Class = "known"
	DEFAULT User-Name == "$(mac 4)", Cleartext-Password := "x"
	        Class = "known"
	DEFAULT User-Name == "$(mac 7)", Cleartext-Password := "x"
	        Class = "known"
	DEFAULT Auth-Type := Reject
	EOF
}

fixed() # NAMESPACE ADDRESS
{
	ip -n "$1" -4 address flush dev eth0
	ip -n "$1" address add "$2/16" dev eth0
	ip -n "$1" route replace default via $GATEWAY
}

reaches_server() # NAMESPACE
{
	on "$1" ping -q -c 1 -W 2 $SERVER > "$TMP/ping"
}

passes() # NAMESPACE
{
	busywait 60 reaches_server "$1" || {
		kbng session list
		tail -n 5 "$TMP/kbngd.log"
		return 1
	} >&2
}

session_is() # NAMESPACE WORD: trigger/state/address
{
	[ "$(session_of "$1" '"\(.trigger)/\(.state)/\(.address)"')" = "$2" ]
}

becomes() # NAMESPACE WORD
{
	busywait 30 session_is "$@" || {
		kbng session list
		session_of "$1"
		tail -n 5 "$TMP/kbngd.log"
		return 1
	} >&2
}

# The gateway is known to it: nothing but IP is sent.
packet()
{
	local id

	fixed sub1 "$(address 1)"
	ip -n sub1 neigh replace $GATEWAY lladdr "$(mac_of bng acc0)" dev eth0
	mark
	fails reaches_server sub1
	passes sub1
	becomes sub1 "packet/active/$(address 1)"
	counted | grep -w 'trigger_session=1'
	counted | grep 'drop_unauthorised='
	id=$(session_of sub1 .uuid)
	expect acc0 session_of sub1 '.circuit_id | split(":")[1]'
	busywait 30 has_record Start "$id"
	expect "$(address 1)" record Start "$id" Framed-IP-Address
}

arp()
{
	fixed sub2 "$(address 2)"
	passes sub2
	becomes sub2 "arp/active/$(address 2)"
}

# It is let in by RADIUS, but not with an address that RADIUS does not name, nor
# while there is no RADIUS. Another host does not have to wait for long.
claim_is_no_proof()
{
	ip -n sub2 link set eth0 down
	kbng session clear "$(address 2)"
	fixed sub3 "$(address 2)"
	fails reaches_server sub3
	becomes sub3 "arp/rejected/$(address 2)"
	wait_log 10 kbngd 'session rejected .*Framed-IP-Address'
	fails reaches_server sub3
	ip -n sub2 link set eth0 up
	fixed sub2 "$(address 2)"
	passes sub2
	expect active session_of sub2 .state
	expect '' session_of sub3
	mark
	fails reaches_server sub3
	counted | grep 'drop_\(arp_spoofed\|spoofed_mac\)='
	expect '' session_of sub3
}

rejected()
{
	fixed sub6 "$(address 6)"
	fails reaches_server sub6
	becomes sub6 "arp/rejected/$(address 6)"
	mark
	fails reaches_server sub6
	counted | grep 'drop_unauthorised='
	fails grep trigger_session <(counted)
}

elsewhere()
{
	fixed sub6 10.64.3.6
	mark
	fails reaches_server sub6
	counted | grep 'drop_arp_spoofed='
	fails grep trigger_ <(counted)
}

radius_is_away()
{
	kbng session clear "$(address 1)"
	stop freeradius
	fails reaches_server sub1
	sleep 3
	becomes sub1 "packet/pending/$(address 1)"
	fails reaches_server sub1
	freeradius_restart
	passes sub1
}

# An address of Kea's that a host only says it has is free for who leases it.
dhcp_takes_over()
{
	kea_start
	fixed sub3 10.64.1.0
	fails reaches_server sub3
	becomes sub3 "arp/rejected/10.64.1.0"
	udhcpc_start sub4
	expect 10.64.1.0 addr_of sub4
	expect '' session_of sub3
	becomes sub4 "null/active/10.64.1.0"
	passes sub4
	# And who began so asks by DHCP later.
	kbng session clear mac "$(mac 1)"
	passes sub1
	becomes sub1 "packet/active/$(address 1)"
	ip -n sub1 address flush dev eth0
	udhcpc_start sub1
	becomes sub1 "null/active/$(addr_of sub1)"
	passes sub1
	stop udhcpc-sub1
}

# It is there before its host says anything, and again when somebody ends it.
in_the_configuration()
{
	local id

	becomes sub7 "null/active/10.64.4.7"
	expect shop session_of sub7 .circuit_id
	fixed sub7 10.64.4.7
	passes sub7
	id=$(session_of sub7 .uuid)
	kbng session clear "$id"
	busywait 60 session_is sub7 "null/active/10.64.4.7"
	passes sub7
	[ "$(session_of sub7 .uuid)" != "$id" ]
}

# A reload ends what has changed or is gone in there, and nobody else.
taken_out_of_the_configuration()
{
	local id other

	id=$(session_of sub7 .uuid) other=$(session_of sub2 .uuid)
	conf | sed 's/circuit_id: shop/circuit_id: bakery/' > "$TMP/kbngd.yaml"
	kbng reload
	busywait 30 expect bakery session_of sub7 .circuit_id
	becomes sub7 "null/active/10.64.4.7"
	[ "$(session_of sub7 .uuid)" != "$id" ]
	passes sub7
	conf | sed '/^sessions:/,$d' > "$TMP/kbngd.yaml"
	kbng reload
	busywait 30 expect '' session_of sub7
	fails reaches_server sub7
	passes sub2
	expect "$other" session_of sub2 .uuid
	conf > "$TMP/kbngd.yaml"
	kbng reload
	becomes sub7 "null/active/10.64.4.7"
	expect shop session_of sub7 .circuit_id
}

# The hosts do nothing; what they had fixed comes back by itself.
module_is_loaded_anew()
{
	fixed sub1 "$(address 1)"
	passes sub1
	stop kbngd
	rmmod kbng
	modprobe kbng
	kbngd_restart
	kbngd_ready
	passes sub1
	passes sub2
	becomes sub2 "$(session_of sub2 .trigger)/active/$(address 2)"
}

slaac()
{
	ip -n sub5 -6 -o address show dev eth0 to 2001:db8:5:5::/64 -tentative |
		grep -o '2001:db8:[0-9a-f:]*'
}

reaches_server6()
{
	on sub5 ping -q -c 1 -W 2 $SERVER6 > "$TMP/ping"
}

has_counted() # NAME
{
	counted | grep -w "$1" > /dev/null
}

# A prefix of RADIUS, an address of the host's own: no DHCPv6 at all.
solicitation()
{
	on sub5 sysctl -qw net.ipv6.conf.all.disable_ipv6=0 \
		net.ipv6.conf.default.disable_ipv6=0 net.ipv6.conf.eth0.disable_ipv6=0
	busywait 60 slaac
	becomes sub5 "solicitation/active/null"
	expect 2001:db8:5:5::/64 session_of sub5 '.prefixes[0].prefix'
	busywait 30 reaches_server6
}

# Its own route stays when it is told that there is no router.
packet6()
{
	ip -n sub5 -6 route add default via fe80::1 dev eth0 metric 1
	kbng session clear mac "$(mac 5)"
	mark
	busywait 30 reaches_server6
	becomes sub5 "packet/active/null"
	counted | grep -w 'trigger_session=1'
}

# IPv4 of the same host: decided upon anew, with both.
both()
{
	fixed sub5 "$(address 5)"
	fails reaches_server sub5
	becomes sub5 "arp/rejected/$(address 5)"
	ip -n sub5 -4 address flush dev eth0
	kbng session clear mac "$(mac 5)"
	busywait 30 reaches_server6
}

spoofed() # FIRST LAST: packets from addresses that nobody has, a line each
{
	local n gateway

	gateway=$(mac_of bng acc0)
	for n in $(seq "$1" "$2"); do
		eth_frame "$gateway" "$(mac $((1000 + n)))" 0800 \
			"$(udp_packet "10.64.2.$n" $SERVER)"
	done
}

limits()
{
	bng_ifaces trigger 10.64.2.0/24 trigger-rate 5
	spoofed 20 79 > "$TMP/frames"
	mark
	pkt sub6 send eth0 < "$TMP/frames"
	busywait 20 has_counted trigger_limited
	[ "$(counted | tr ' ' '\n' | sed -n 's/^trigger_session=//p')" -le 20 ]
	# A quarter of the iface, and at least 64; those before count as well.
	bng_ifaces trigger 10.64.2.0/24 trigger-rate 1000 max-sessions 128
	spoofed 100 199 | pkt sub6 send eth0
	busywait 20 has_counted trigger_full
	[ "$(kbng -t session list state rejected | wc -l)" -le 64 ]
	passes sub2
	passes sub7
}

settings()
{
	says 'prefix' kbng iface set acc0 role access trigger 10.64.2.0/33
	says '8 to 32' kbng iface set acc0 role access trigger 10.0.0.0/7
	says 'access' kbng iface set core0 role core trigger 10.64.2.0/24
	bng_ifaces trigger 10.64.2.0/24 trigger 10.64.9.1 trigger6 on trigger-rate 7
	expect '10.64.2.0/24,10.64.9.1/32 on 7' eval 'kbng -j iface list |
		jq -r ".[] | select(.iface == \"acc0\") |
		\"\(.triggers | join(\",\")) \(.trigger6) \(.trigger_rate)\""'
}

topo_up 7
topo_up6
secret radius.secret testing123
users | freeradius_start
conf | kbngd_start
kbngd_ready
check "a packet begins a session, and RADIUS confirms its address" packet
check "so does ARP" arp
check "an address that RADIUS does not name is not given to who claims it" claim_is_no_proof
check "who is rejected stays so for a while" rejected
check "no other address begins a session" elsewhere
check "without RADIUS nobody is let in by an address of its own" radius_is_away
check "a DHCP server's word counts more" dhcp_takes_over
check "a session of the configuration needs neither" in_the_configuration
check "a reload ends what it has no more" taken_out_of_the_configuration
check "after a reboot the hosts need do nothing" module_is_loaded_anew
check "a router solicitation begins a session of IPv6 alone" solicitation
check "so does an IPv6 packet" packet6
check "IPv4 after IPv6 is decided upon" both
check "a flood of addresses is limited, and bounded" limits
check "settings are checked and shown" settings
check "sanitizers are silent" sanitizers_are_silent
done_testing
