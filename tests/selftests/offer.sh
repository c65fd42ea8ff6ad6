#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Clients that are authenticated before an offer: a real FreeRADIUS says who may
# ask a real Kea, and real clients wait for it. Topology: lib.sh.
# shellcheck disable=SC2154,SC2016
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/aaa.bash"
. "$selftests/tools/offer.bash"

conf() # [WORDS OF THE IFACE]
{
	kbngd_conf "auth: offer, max_sessions: 400${1:+, $1}"
	cat <<-EOF
	policies:
	  - { name: emergency, rate_up: 1M, rate_down: 2M }
	  - { name: pay, rate_up: 64k, rate_down: 128k }
	metrics: { address: $BNG }
	EOF
	impatient_radius_conf
}

# What it is to lease, of those that it has more to say of.
users()
{
	cat <<-EOF
	DEFAULT User-Name == "$(mac 2)"
	        Framed-Pool = gold, Framed-IPv6-Pool = gold, Fall-Through = Yes
	DEFAULT User-Name == "$(mac 3)"
	        Framed-IP-Address = $(cat "$TMP/framed"), Fall-Through = Yes
	EOF
}

# Nobody whose number is in $TMP/rejected.
radius_up()
{
	stop freeradius
	{
		rejections
		[ ! -e "$TMP/framed" ] || users
		cat <<-EOF
		DEFAULT Cleartext-Password := "x"
		        User-Name = "alice", Class = "c1", Filter-Id = "gold",
		        WISPr-Bandwidth-Max-Down = 8000000
		EOF
	} | freeradius_start
}

end() # SUB: as if it had never been there
{
	stop "udhcpc-$1"
	busywait 20 expect '' session_of "$1" .uuid
	ip -n "$1" -4 address flush dev eth0
}

policy_is() # SUB STATE/POLICY/DECISION
{
	[ "$(session_of "$1" '"\(.state)/\(.policy.name // "-")/\(.decision // "-")"')" = "$2" ]
}

heard() # SUB: what servers have got from it
{
	captured servers "select(.chaddr == \"$(mac_of "$1")\" and .op == 1) | .type" | wc -l
}

# --- Tests -------------------------------------------------------------------

accepted()
{
	local before id

	before=$(requests ok)
	mark
	client sub1
	busywait 30 has_address sub1
	busywait 30 policy_is sub1 active/gold/-
	expect 8000000 session_of sub1 .policy.rate_down
	expect null session_of sub1 .offer
	counts dhcp_auth_held=1 dhcp_relayed=2 dhcp_bound=1
	expect $((before + 1)) requests ok
	id=$(session_of sub1 .uuid)
	busywait 30 has_record Start "$id"
	expect alice record Start "$id" User-Name
}

# A session that has its address is renewed whoever is away.
renewed()
{
	kill_kbngd
	stop freeradius KILL
	mark
	kill -USR1 "$(pid_of udhcpc-sub1)"
	busywait 30 eval '[ "$(session_of sub1 .renewals)" -ge 1 ]'
	expect 0 grown dhcp_auth_held
	radius_up
	restart_kbngd
	end sub1
}

rejected()
{
	local before

	echo 2 > "$TMP/rejected"
	radius_up
	before=$(requests rejected)
	mark
	client sub2
	busywait 30 is sub2 refused
	above dhcp_auth_rejected 0
	grep -q "session rejected session=.* user=$(mac 2)" "$TMP/kbngd.log"
	[ "$(requests rejected)" -le $((before + 1)) ]
	expect 0 heard sub2
	expect '' addr_of sub2
	# While it lasts nobody is asked.
	above dhcp_auth_rejected 1 || busywait 20 above dhcp_auth_rejected 1
	busywait 30 eval "[ \$(requests rejected) -gt $((before + 1)) ]"
	expect 0 heard sub2
}

let_in_later()
{
	: > "$TMP/rejected"
	radius_up
	busywait 60 has_address sub2
	busywait 30 policy_is sub2 active/gold/-
	end sub2
}

# No server answers: what waits is dropped, and the next message waits again.
silent()
{
	stop freeradius KILL
	mark
	client sub3
	busywait 30 is sub3 wanted
	busywait 30 above dhcp_auth_replaced 0
	stop udhcpc-sub3 KILL
	busywait 30 counts dhcp_auth_timeout=1
	expect 0 heard sub3
	is sub3 wanted
	client sub3
	radius_up
	busywait 90 has_address sub3
	busywait 30 policy_is sub3 active/gold/-
	end sub3
}

killed()
{
	stop freeradius KILL
	client sub1
	busywait 30 is sub1 wanted
	kill_kbngd
	is sub1 wanted
	expect '' addr_of sub1
	radius_up
	restart_kbngd
	busywait 60 has_address sub1
	busywait 30 policy_is sub1 active/gold/-
	end sub1
}

# Its answer is in memory only: the session asks again when it is bound.
killed_between()
{
	dhcpsend sub4 -x 7 -w 20 eth0 discover > "$TMP/offer"
	is sub4 granted
	kill_kbngd
	dhcpsend sub4 -x 7 -w 20 -i $SERVER -r "$(awk '/^yiaddr/ { print $2 }' "$TMP/offer")" \
		eth0 request > "$TMP/ack"
	expect pending session_of sub4 .state
	restart_kbngd
	busywait 30 policy_is sub4 active/gold/-
	kbng session clear mac "$(mac 4)"
}

# It has a lease from before, says so, and is unknown here.
init_reboot()
{
	local addr before

	addr=$(awk '/^yiaddr/ { print $2 }' "$TMP/offer")
	busywait 20 expect '' session_of sub4 .uuid
	before=$(requests ok)
	mark
	dhcpsend sub4 -x 8 -w 20 -r "$addr" eth0 request > "$TMP/ack"
	grep -qx "yiaddr $addr" "$TMP/ack"
	counts dhcp_auth_held=1 dhcp_bound=1
	busywait 30 policy_is sub4 active/gold/-
	expect $((before + 1)) requests ok
	kbng session clear mac "$(mac 4)"
}

# By hand, where no daemon runs; what cannot be said of an offer is refused.
by_hand()
{
	local id

	kill_kbngd
	client sub1
	busywait 30 is sub1 wanted
	id=$(session_of sub1 .uuid)
	says "all else when it has an address" kbng session set "$id" state active rate-up 1M
	says "all else when it has an address" kbng session set "$id" state pending
	kbng session set "$id" state active
	busywait 30 has_address sub1
	expect pending session_of sub1 .state
	kbng session clear "$id"
	stop udhcpc-sub1 KILL
	ip -n sub1 -4 address flush dev eth0
}

# kbngd is away: what waits is bounded, and goes with its session, for which
# another one waits.
bounded()
{
	local max=/sys/module/kbng/parameters/max_held

	echo 10 > $max
	mark
	on sub2 "$TOOLS/dhcpsend" -N 300 eth0 discover
	expect 200 grown dhcp_offer_evicted
	expect 300 eval 'echo $(($(grown dhcp_auth_held) + $(grown dhcp_auth_full)))'
	expect 10 eval 'echo $(($(grown dhcp_auth_held) - $(grown dhcp_auth_timeout)))'
	busywait 30 eval '[ $(grown dhcp_auth_held) = $(grown dhcp_auth_timeout) ]'
	echo 4096 > $max
	expect '' eval "captured servers 'select(.chaddr | startswith(\"02:ff\"))'"
}

# The ends of what waits: the iface goes, and the module with all that is there.
gone()
{
	client sub3
	busywait 30 is sub3 wanted
	kbng iface del acc0
	restart_kbngd
	busywait 60 has_address sub3
	end sub3
	kill_kbngd
	client sub3
	busywait 30 is sub3 wanted
}

# What began by IPv6 is pending already: DHCP waits for that verdict.
ipv6_first()
{
	local id before

	before=$(heard sub4)
	stop freeradius KILL
	id=$(kbng session new iface acc0 mac "$(mac 4)" prefix 2001:db8:4::/64)
	mark
	client sub4
	busywait 30 eval '[ "$(grown dhcp_auth_held)" -gt 0 ]'
	expect "$before" heard sub4
	radius_up
	busywait 60 has_address sub4
	expect "$id" session_of sub4 .uuid
	expect active session_of sub4 .state
	end sub4
}

# --- Other policies ----------------------------------------------------------

walled()
{
	stop udhcpc-sub3 KILL
	kbng session clear mac "$(mac 3)"
	conf 'on_reject: walled, walled_policy: pay, no_answer: [open], open_policy: emergency' |
		kbngd_start
	kbngd_ready
	echo 2 > "$TMP/rejected"
	radius_up
	client sub2
	busywait 30 has_address sub2
	busywait 30 policy_is sub2 active/pay/walled
	end sub2
}

open()
{
	stop freeradius KILL
	client sub1
	busywait 30 has_address sub1
	busywait 30 policy_is sub1 active/emergency/open
	radius_up
	busywait 60 policy_is sub1 active/gold/-
	end sub1
}

# --- What it leases -----------------------------------------------------------

# What a client's messages of TYPE have told servers in sub-option 7.
told() # SUB TYPE
{
	captured servers "select(.chaddr == \"$(mac_of "$1")\" and .type == $2) |
		.options | split(\" \")[] | select(startswith(\"82:\"))" | sed -n "s/.*\($sub7\).*/\1/p" | uniq
}

in_pool() # SUB PREFIX
{
	[[ $(addr_of "$1") = $2.* ]]
}

pool()
{
	echo 255.255.255.254 > "$TMP/framed"
	: > "$TMP/rejected"
	radius_up
	capture answers sub2 eth0
	client sub2
	busywait 30 in_pool sub2 10.64.5
	client sub1
	busywait 30 in_pool sub1 10.64.1
	client sub3
	busywait 30 in_pool sub3 10.64.1
	expect "$sub7" told sub2 1
	expect "$sub7" told sub2 3
	expect '' told sub1 1
	expect 0 eval "captured answers '.options | split(\" \")[] | select(startswith(\"82:\"))' | wc -l"
	stop answers
	expect "0x${sub7:4}" session_of sub2 .radius_attributes
	expect 0x6406676f6c64 session_of sub2 .radius6_attributes
	end sub1
	end sub3
}

# The server would not extend it otherwise; the module does not need kbngd for that.
pool_renewed()
{
	local addr

	addr=$(addr_of sub2)
	kill_kbngd
	kill -USR1 "$(pid_of udhcpc-sub2)"
	busywait 30 eval '[ "$(session_of sub2 .renewals)" -ge 1 ]'
	expect "$addr" addr_of sub2
	in_pool sub2 10.64.5
	restart_kbngd
	end sub2
}

# Whatever the client would like to have.
framed()
{
	echo 10.64.1.77 > "$TMP/framed"
	radius_up
	start udhcpc-sub3 sub3 udhcpc -f -R -i eth0 -r 10.64.1.99 -t 100 -T 1 -A 1 \
		-s "$selftests/tools/dhcp-script"
	busywait 30 expect 10.64.1.77 addr_of sub3
	busywait 30 policy_is sub3 active/gold/-
	expect 10.64.1.77 session_of sub3 .framed_address
	end sub3
	mark
	dhcpsend sub3 -x 9 -w 20 -r 10.64.1.99 eth0 request > "$TMP/ack" || true
	fails grep -q 'yiaddr 10.64.1.99' "$TMP/ack"
	busywait 30 expect '' session_of sub3 .uuid ||
		kbng session clear mac "$(mac 3)"
}

not_to_be_had()
{
	echo 10.64.77.77 > "$TMP/framed"
	radius_up
	mark
	client sub3
	busywait 30 above dhcp_not_framed 0
	expect '' addr_of sub3
	expect offered session_of sub3 .state
	stop udhcpc-sub3 KILL
}

# When no server answers: what they were given last, after a restart too.
last()
{
	local sub

	stop kbngd
	kbng session clear all
	echo 10.64.1.77 > "$TMP/framed"
	radius_up
	conf 'no_answer: [last]' | kbngd_start
	kbngd_ready
	for sub in sub2 sub3; do client $sub; done
	for sub in sub2 sub3; do busywait 30 policy_is $sub active/gold/-; done
	for sub in sub2 sub3; do end $sub; done
	stop freeradius KILL
	kill_kbngd
	restart_kbngd
	for sub in sub2 sub3; do client $sub; done
	for sub in sub2 sub3; do busywait 60 policy_is $sub active/gold/last; done
	busywait 30 in_pool sub2 10.64.5
	expect 0x6406676f6c64 session_of sub2 .radius6_attributes
	busywait 30 expect 10.64.1.77 addr_of sub3
	for sub in sub2 sub3; do end $sub; done
	radius_up
}

# At the ACK there is nothing to choose any more: what DHCP has leased counts.
at_the_ack()
{
	stop kbngd
	kbng session clear all
	conf | sed 's/auth: offer/auth: ack/' | kbngd_start
	kbngd_ready
	client sub2
	client sub3
	busywait 30 policy_is sub2 active/gold/-
	busywait 30 in_pool sub2 10.64.1
	expect 0x6406676f6c64 session_of sub2 .radius6_attributes
	busywait 30 expect active session_of sub3 .state
	busywait 30 in_pool sub3 10.64.1
	expect 1 eval "grep -c 'Framed-Pool of an Access-Accept comes too late' '$TMP/kbngd.log'"
	end sub2
	end sub3
}

# "gold" by RADIUS, all others, and a server that listens to RFC 4014.
sub7=070d5806676f6c640107616c696365
classes='"client-classes": [
	{ "name": "gold", "test": "substring(relay4[7].hex,0,6) == 0x5806676f6c64" },
	{ "name": "plain", "test": "not member('"'gold'"')" } ]'
pools='[ { "pool": "10.64.1.0/24", "client-class": "plain" },
	{ "pool": "10.64.5.0/24", "client-class": "gold" } ]'

topo_up 4
secret radius.secret testing123
: > "$TMP/rejected"
kea_start 600 "$classes"
jq --argjson pools "$pools" '.Dhcp4.subnet4[0].pools = $pools' "$TMP/kea.json" > "$TMP/kea.pools"
cp "$TMP/kea.pools" "$TMP/kea.json"
stop kea
kea_restart
capture servers core srv
radius_up
conf | kbngd_start
kbngd_ready
check "accepted: held, let in, asked about once" accepted
check "renewals wait for nobody" renewed
check "rejected: no server hears of it, and nobody is asked for a while" rejected
check "rejected: until it is accepted" let_in_later
check "no answer: dropped in time, held again, and let in when there is one" silent
check "kbngd is killed while a client waits, and lets it in when it is back" killed
check "kbngd is killed between offer and ACK: authenticated at the ACK" killed_between
check "INIT-REBOOT of an unknown client waits too" init_reboot
check "a session that IPv6 began: DHCP waits for its verdict" ipv6_first
check "a verdict by hand, and what is none" by_hand
check "a flood: bounded, each under a name" bounded
check "what waits goes with its iface" gone
check "on_reject walled: an address, and the policy for that" walled
check "no_answer open: an address, and the policy for that" open
check "Framed-Pool: what the server leases from" pool
check "Framed-Pool: and renews, with kbngd or without" pool_renewed
check "Framed-IP-Address: what the client asks for" framed
check "Framed-IP-Address: nothing else comes through" not_to_be_had
check "no_answer last: its pool and its address again" last
check "auth: ack: Framed-Pool is too late, Framed-IP-Address is compared" at_the_ack
check "sanitizers are silent" sanitizers_are_silent
client sub3
done_testing
