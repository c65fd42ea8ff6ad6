#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# DHCPv6 clients that are authenticated before a server hears of them: a real
# FreeRADIUS says who may ask a real Kea, and real clients wait for it, of DHCPv6
# alone and of both families. offer.sh is DHCPv4. Topology: lib.sh.
# shellcheck disable=SC2154,SC2016,SC2086
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/aaa.bash"
. "$selftests/tools/offer.bash"
. "$selftests/tools/frames.bash"

LINK6=2001:db8:a::1

conf() # [WORDS OF THE IFACE]
{
	kbngd_conf "auth: offer, max_sessions: 400, link6: \"$LINK6\", servers6: [\"$SERVER6\"]${1:+, $1}"
	cat <<-EOF
	policies:
	  - { name: pay, rate_up: 64k, rate_down: 128k }
	metrics: { address: $BNG }
	EOF
	impatient_radius_conf
}

# Nobody whose number is in $TMP/rejected.
radius_up()
{
	stop freeradius
	{
		rejections
		cat <<-EOF
		DEFAULT Cleartext-Password := "x"
		        User-Name = "alice", Filter-Id = "gold",
		        WISPr-Bandwidth-Max-Down = 8000000
		EOF
	} | freeradius_start
}

leased() # SUB KIND: what its session has
{
	session_of "$1" "(.prefixes // [])[] | select(.kind == \"$2\") | .prefix"
}

is_served() # SUB: it is active, with an address and a prefix
{
	[ "$(leased "$1" na)" ] && [ "$(leased "$1" pd)" ] &&
		[ "$(session_of "$1" '"\(.state) \(.policy.name)"')" = "active ${2:-gold}" ]
}

end6() # SUB: with a Release; as if it had never been there
{
	busywait 30 test -s "$TMP/dhclient6-$1.run"	# whom it is to end
	dhclient6_release "$1"
	busywait 30 expect '' session_of "$1" .uuid
	rm -f "$TMP/dhclient6-$1".{leases,run}
}

kill6() # SUB: without one
{
	stop "dhclient6-$1" KILL
	rm -f "$TMP/dhclient6-$1".{leases,run}
}

waiting() # COUNT: so many are held since mark, at least
{
	[ "$(grown dhcp_auth_held)" -ge "$1" ]
}

# The client's address in what the relay sends (RFC 8415 9).
listen6() # SUB
{
	watch core srv "relayed_$1" "udp dport 547 @th,208,128 0x$(hex_addr6 "$(link_local "$1")")"
}

heard6() # SUB: messages that servers have got from it
{
	seen core "relayed_$1"
}

# Messages that no client would send by itself: one, from subN.
dhcp6() # N MESSAGE_HEX
{
	eth_frame 33:33:00:01:00:02 "$(mac "$1")" 86dd "$(sum6_packet "$(link_local "sub$1")" \
		ff02::1:2 17 "02220223$(printf %04x $((8 + ${#2} / 2)))0000$2")" |
		pkt "sub$1" send eth0
}

opt6() # CODE HEX
{
	printf '%04x%04x%s' "$1" $((${#2} / 2)) "$2"
}

# Client identifier, and an IA_NA without address.
duid() # N
{
	opt6 1 "00030001$(mac "$1" | tr -d :)"
}

ia=$(opt6 3 000000010000000000000000)

# --- Tests -------------------------------------------------------------------

accepted()
{
	local before id

	before=$(requests ok)
	mark
	dhclient6_start sub1
	busywait 60 is_served sub1
	expect 8000000 session_of sub1 .policy.rate_down
	expect null session_of sub1 .offer
	expect null session_of sub1 .address
	counts dhcp_auth_held=1 dhcp6_bound=1
	expect $((before + 1)) requests ok
	id=$(session_of sub1 .uuid)
	busywait 30 has_record Start "$id"
	expect alice record Start "$id" User-Name
	expect 1 records Start "$id"
}

# Whoever is away; the client asks after a quarter of its lease.
renewed()
{
	kill_kbngd
	stop freeradius KILL
	mark
	busywait 60 eval '[ "$(grown dhcp6_renewed)" -ge 1 ]'
	expect 0 grown dhcp_auth_held
	radius_up
	restart_kbngd
	end6 sub1
}

rejected()
{
	local before was

	echo 2 > "$TMP/rejected"
	radius_up
	before=$(requests rejected)
	was=$(counter dhcp_auth_rejected)
	dhclient6_start sub2
	busywait 30 is sub2 refused
	busywait 30 above dhcp_auth_rejected "$was"
	grep -q "session rejected session=.* user=$(mac 2)" "$TMP/kbngd.log"
	# While it lasts nobody is asked, and then once more.
	[ "$(requests rejected)" -le $((before + 2)) ]
	busywait 60 eval "[ \$(requests rejected) -gt $((before + 1)) ]"
	expect 0 heard6 sub2
	expect '' leased sub2 na
}

# Release and Decline do not wait: they go nowhere.
rejected_release()
{
	busywait 30 is sub2 refused
	mark
	dhcp6 2 "08abcde1$(duid 2)"
	dhcp6 2 "09abcde2$(duid 2)"
	busywait 20 expect 2 grown dhcp6_release_foreign
	expect 0 heard6 sub2
}

let_in_later()
{
	: > "$TMP/rejected"
	radius_up
	busywait 90 is_served sub2
	[ "$(heard6 sub2)" -ge 2 ]
	end6 sub2
}

# FreeRADIUS is stopped and answers in time: the message itself goes on.
late()
{
	kill -STOP "$(pid_of freeradius)"
	mark
	dhcp6 3 "01abcd03$(duid 3)$ia"
	busywait 20 is sub3 wanted
	expect 0 heard6 sub3
	expect '' leased sub3 na
	kill -CONT "$(pid_of freeradius)"
	busywait 20 is sub3 granted
	busywait 20 expect 1 heard6 sub3
	busywait 20 counts dhcp_auth_held=1 dhcp6_relayed=1 dhcp6_replied=1
	expect 0 grown dhcp_auth_timeout
	kbng session clear mac "$(mac 3)"
}

# No server answers: what waits is dropped, and the next message waits again.
silent()
{
	local before

	before=$(heard6 sub3)
	stop freeradius KILL
	mark
	dhclient6_start sub3
	busywait 30 is sub3 wanted
	busywait 30 eval '[ "$(grown dhcp_auth_replaced)" -gt 0 ]'
	kill6 sub3
	busywait 30 counts dhcp_auth_timeout=1
	expect "$before" heard6 sub3
	is sub3 wanted
	dhclient6_start sub3
	radius_up
	busywait 120 is_served sub3
	end6 sub3
}

# All of these wait, the newest of them.
every_type()
{
	local before type

	kill_kbngd
	before=$(heard6 sub4)
	mark
	for type in 01 03 04 05 06 0b; do dhcp6 4 "${type}abcd${type}$(duid 4)"; done
	busywait 20 counts dhcp_auth_held=6 dhcp_auth_replaced=5
	is sub4 wanted
	dhcp6 4 "08abcd08$(duid 4)"
	busywait 20 counts dhcp6_release_foreign=1
	expect "$before" heard6 sub4
	restart_kbngd
	busywait 20 is sub4 granted
	kbng session clear mac "$(mac 4)"
}

# A Solicit that a Reply may answer (RFC 8415 18.3.1) waits like others.
rapid()
{
	local before

	jq '.Dhcp6.subnet6[0]["rapid-commit"] = true' "$TMP/kea6.json" > "$TMP/kea6.rapid"
	kea6_with "$TMP/kea6.rapid"
	echo 2 > "$TMP/rejected"
	radius_up
	before=$(heard6 sub2)
	dhcp6 2 "01abcd02$(duid 2)000e0000$ia"
	busywait 30 is sub2 refused
	dhcp6 2 "01abcd02$(duid 2)000e0000$ia"
	expect "$before" heard6 sub2
	expect '' leased sub2 na
	before=$(requests ok)
	mark
	dhcp6 4 "01abcd04$(duid 4)000e0000$ia"
	busywait 30 expect active session_of sub4 .state
	leased sub4 na | grep '^2001:db8:a::1:'
	counts dhcp_auth_held=1 dhcp6_relayed=1 dhcp6_replied=1 dhcp6_bound=1
	expect $((before + 1)) requests ok
	kbng session clear mac "$(mac 4)"
	kbng session clear mac "$(mac 2)" 2> /dev/null || true
	: > "$TMP/rejected"
	radius_up
	kea6_with "$TMP/kea6.plain"
}

kea6_with() # CONFIGURATION
{
	stop kea6
	KEA_PIDFILE_DIR=$TMP KEA_LOCKFILE_DIR=$TMP KEA_DHCP_DATA_DIR=$TMP \
		start kea6 core kea-dhcp6 -c "$1"
	busywait 60 listens u 547
}

killed()
{
	stop freeradius KILL
	dhclient6_start sub1
	busywait 30 is sub1 wanted
	kill_kbngd
	is sub1 wanted
	expect '' leased sub1 na
	radius_up
	restart_kbngd
	busywait 90 is_served sub1
	end6 sub1
}

# Its answer is in memory only: the session asks again when it is bound.
killed_between()
{
	dhcp6 4 "01abcd04$(duid 4)$ia"
	busywait 20 is sub4 granted
	kill_kbngd
	mark
	dhclient6_start sub4
	busywait 60 leased sub4 pd
	busywait 60 expect pending session_of sub4 .state
	expect 0 grown dhcp_auth_held
	restart_kbngd
	busywait 30 is_served sub4
	end6 sub4
}

# --- Both families ------------------------------------------------------------

# Each waits with its message while nobody decides, and one answer is for both.
dual_stack()
{
	local id

	kill_kbngd
	mark
	dhclient6_start sub1
	client sub1
	busywait 30 waiting 2
	busywait 30 eval '[ "$(session_of sub1 .uuid | wc -l)" = 1 ]'
	is sub1 wanted
	expect 0 grown dhcp_relayed
	expect 0 grown dhcp6_relayed
	restart_kbngd
	busywait 60 has_address sub1
	busywait 60 is_served sub1
	expect "$(addr_of sub1)" session_of sub1 .address
	expect 1 requests ok
	id=$(session_of sub1 .uuid)
	busywait 30 has_record Start "$id"
	expect 1 records Start "$id"
	stop udhcpc-sub1
	busywait 30 expect null session_of sub1 .address
	is_served sub1
	end6 sub1
	busywait 30 has_record Stop "$id"
	expect 1 records Start "$id"
	ip -n sub1 -4 address flush dev eth0
}

dhcpcd_start() # SUB
{
	cat > "$TMP/dhcpcd.conf" <<-EOT
	duid
	nohook resolv.conf, hostname
	noipv6rs
	allowinterfaces eth0
	interface eth0
	ia_na 1
	ia_pd 2
	EOT
	start "dhcpcd-$1" "$1" dhcpcd -B -d -f "$TMP/dhcpcd.conf" eth0
}

# One client of both families at once.
dual_client()
{
	local before id

	before=$(requests ok)
	dhcpcd_start sub2
	busywait 90 is_served sub2
	busywait 90 has_address sub2	# it has probed for it: so it can give it back
	expect "$(addr_of sub2)" session_of sub2 .address
	is_served sub2
	expect $((before + 1)) requests ok
	id=$(session_of sub2 .uuid)
	busywait 30 has_record Start "$id"
	expect 1 records Start "$id"
	stop dhcpcd-sub2 ALRM
	busywait 30 expect '' session_of sub2 .uuid
	ip -n sub2 -4 address flush dev eth0
}

dual_rejected()
{
	local before

	before=$(heard6 sub2)
	mark
	echo 2 > "$TMP/rejected"
	radius_up
	dhclient6_start sub2
	client sub2
	busywait 30 is sub2 refused
	busywait 30 eval '[ "$(grown dhcp_auth_rejected)" -ge 4 ]'
	expect "$before" heard6 sub2
	expect 0 grown dhcp_relayed
	expect 0 grown dhcp6_relayed
	stop udhcpc-sub2 KILL
	kill6 sub2
	kbng session clear mac "$(mac 2)" 2> /dev/null || true
	: > "$TMP/rejected"
	radius_up
}

# Bound by DHCPv4 when kbngd went: DHCPv6 waits for nothing, as renewals.
joined()
{
	local id

	dhcpsend sub3 -x 7 -w 20 eth0 discover > "$TMP/offer"
	is sub3 granted
	kill_kbngd
	dhcpsend sub3 -x 7 -w 20 -i $SERVER -r "$(awk '/^yiaddr/ { print $2 }' "$TMP/offer")" \
		eth0 request > "$TMP/ack"
	expect pending session_of sub3 .state
	id=$(session_of sub3 .uuid)
	mark
	dhclient6_start sub3
	busywait 60 leased sub3 pd
	busywait 60 eval '[ "$(leased sub3 pd)" ]'
	expect 0 grown dhcp_auth_held
	restart_kbngd
	busywait 30 is_served sub3
	expect "$id" session_of sub3 .uuid
	expect 1 requests ok
	kill6 sub3
	kbng session clear mac "$(mac 3)"
}

# A session without any lease that waits for its own verdict.
begun_otherwise()
{
	local before id

	before=$(heard6 sub4)
	stop freeradius KILL
	id=$(kbng session new iface acc0 mac "$(mac 4)" prefix 2001:db8:4::/64)
	mark
	dhclient6_start sub4
	busywait 30 waiting 1
	expect "$before" heard6 sub4
	radius_up
	busywait 90 is_served sub4
	expect "$id" session_of sub4 .uuid
	end6 sub4
}

# --- Limits and ends ----------------------------------------------------------

# kbngd is away: what waits is bounded, and goes with its session, for which
# another one waits.
bounded()
{
	local i m max=/sys/module/kbng/parameters/max_held

	kill_kbngd
	m=01abcdef$(duid 2)$ia
	echo 10 > $max
	for i in $(seq 300); do
		printf -v i '%02x:%02x' $((i >> 8)) $((i & 255))
		eth_frame 33:33:00:01:00:02 "02:ff:00:00:$i" 86dd "$(sum6_packet "fe80::bad:$i" \
			ff02::1:2 17 "02220223$(printf %04x $((8 + ${#m} / 2)))0000$m")"
	done > "$TMP/flood"
	watch core srv flood "udp dport 547 @th,208,96 0xfe8000000000000000000bad"
	mark
	pkt sub2 send eth0 < "$TMP/flood"
	busywait 30 eval '[ $(($(grown dhcp_auth_held) + $(grown dhcp_auth_full))) = 300 ]'
	expect 200 grown dhcp_offer_evicted
	expect 10 eval 'echo $(($(grown dhcp_auth_held) - $(grown dhcp_auth_timeout)))'
	busywait 30 eval '[ $(grown dhcp_auth_held) = $(grown dhcp_auth_timeout) ]'
	echo 4096 > $max
	expect 0 seen core flood
	kbng session clear all
}

# The ends of what waits: the iface goes, and the module with all that is there.
gone()
{
	mark
	dhclient6_start sub3
	client sub3
	busywait 30 waiting 2
	kbng iface del acc0
	busywait 20 eval '[ "$(grown dhcp_auth_timeout)" -ge 2 ]'
	restart_kbngd
	busywait 60 has_address sub3
	busywait 60 is_served sub3
	stop udhcpc-sub3
	end6 sub3
	ip -n sub3 -4 address flush dev eth0
}

walled()
{
	stop kbngd
	kbng session clear all
	conf 'on_reject: walled, walled_policy: pay' | kbngd_start
	kbngd_ready
	echo 2 > "$TMP/rejected"
	radius_up
	mark
	dhclient6_start sub2
	busywait 60 is_served sub2 pay
	counts dhcp_auth_held=1 dhcp6_bound=1
	end6 sub2
	: > "$TMP/rejected"
	radius_up
}

# --- An access node that wraps it (RFC 6221) ----------------------------------

wrapped() # XID: what goes to servers of the Solicit that a node has wrapped
{
	local m

	m=0c00$(printf %032d 0)$(hex_addr6 "$(link_local sub4)")$(opt6 18 "$(hex "node7 eth 0/3")")
	m+=$(opt6 37 "00000de9$(hex alice)")$(opt6 9 "01abcd$1$(duid 4)$ia")
	start seen core "$TOOLS/pkt" recv srv 60
	busywait 20 eval 'on core grep -q "^[0-9a-f]" /proc/net/packet'
	eth_frame 33:33:00:01:00:02 "$(mac 4)" 86dd "$(sum6_packet "$(link_local sub4)" \
		ff02::1:2 17 "02230223$(printf %04x $((8 + ${#m} / 2)))0000$m")" |
		pkt sub4 send eth0
	busywait 30 grep -q "01abcd$1" "$TMP/seen.log"
	stop seen
	sed -n 's/.*02230223........\(0c01.*\)/\1/p' "$TMP/seen.log" | head -n 1
}

as_without()
{
	local with

	stop kbngd
	kbng session clear all
	conf 'trusted: yes' | kbngd_start
	kbngd_ready
	mark
	with=$(wrapped 77)
	counts dhcp_auth_held=1 dhcp6_relayed=1
	expect "node7 eth 0/3 alice" session_of sub4 '"\(.circuit_id) \(.remote_id)"'
	stop kbngd
	kbng session clear all
	conf 'trusted: yes' | sed 's/auth: offer/auth: ack/' | kbngd_start
	kbngd_ready
	mark
	[ "$with" ]
	expect "$with" wrapped 77
	counts dhcp6_relayed=1
	expect 0 grown dhcp_auth_held
	stop kbngd
	kbng session clear all
	conf | kbngd_start
	kbngd_ready
}

topo_up 4
topo_up6 sub1 sub2 sub3 sub4
ip -n bng address add $LINK6/64 dev acc0 nodad
secret radius.secret testing123
: > "$TMP/rejected"
kea_start
kea6_start 40
cp "$TMP/kea6.json" "$TMP/kea6.plain"
radius_up
conf | kbngd_start
kbngd_ready
for sub in sub1 sub2 sub3 sub4; do
	busywait 30 link_local $sub > /dev/null
	listen6 $sub
done
check "accepted: held, let in, asked about once" accepted
check "renewals wait for nobody" renewed
check "rejected: no server hears of it, and nobody is asked for a while" rejected
check "rejected: nor of what it gives back" rejected_release
check "rejected: until it is accepted" let_in_later
check "a late answer: the message that has waited goes on" late
check "no answer: dropped in time, held again, and let in when there is one" silent
check "each message that asks for something waits" every_type
check "rapid commit waits too" rapid
check "kbngd is killed while a client waits, and lets it in when it is back" killed
check "kbngd is killed between Advertise and Reply: authenticated once more" killed_between
check "both families: a message of each waits for one answer" dual_stack
check "both families: one client, asked about once" dual_client
check "both families: rejected, no server hears of either" dual_rejected
check "a session that has an IPv4 address: DHCPv6 waits for nothing" joined
check "a session without lease: DHCPv6 waits for its verdict" begun_otherwise
check "a flood: bounded, each under a name" bounded
check "what waits goes with its iface" gone
check "on_reject walled: an address, a prefix, and the policy for that" walled
check "behind an access node: servers get the same as without waiting" as_without
check "sanitizers are silent" sanitizers_are_silent
kill_kbngd
mark
dhclient6_start sub3
client sub3
busywait 30 waiting 2
done_testing
