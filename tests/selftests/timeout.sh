#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Session-Timeout, Idle-Timeout, KBNG-Quota and Termination-Action, from a real FreeRADIUS in
# `core` and by CoA; what the daemon notes must hold over kill -9.
# shellcheck disable=SC2154,SC2016
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/aaa.bash"

conf() # [ACCOUNTING PORT]
{
	aaa_conf "$@"
	cat <<-EOF
	  timeout: 5
	  coa:
	    clients: [{ address: $SERVER, secret_file: $TMP/radius.secret }]
	EOF
}

# sub1 and sub5 may stay 15 s, sub2 is asked about every 4 s, sub3 may be idle
# for 10 s, sub4 as long as it likes. sub6 may send and receive 100 kB; sub7, who
# is asked about then, as much.
users() # FILTER-ID [QUOTA of sub7]
{
	cat <<-EOF
	DEFAULT User-Name == "$(mac 1)", Cleartext-Password := "x"
	        Session-Timeout = 15
	DEFAULT User-Name == "$(mac 5)", Cleartext-Password := "x"
	        Session-Timeout = 15
	DEFAULT User-Name == "$(mac 2)", Cleartext-Password := "x"
	        Session-Timeout = 4, Termination-Action = RADIUS-Request, Filter-Id = "$1"
	DEFAULT User-Name == "$(mac 3)", Cleartext-Password := "x"
	        Idle-Timeout = 10
	DEFAULT User-Name == "$(mac 6)", Cleartext-Password := "x"
	        KBNG-Quota = 100000
	DEFAULT User-Name == "$(mac 7)", Cleartext-Password := "x"
	        KBNG-Quota = ${2:-100000}, Termination-Action = RADIUS-Request, Filter-Id = "$1"
	DEFAULT Cleartext-Password := "x"
	EOF
}

radius_up() # FILTER-ID of sub2 and sub7 [QUOTA of sub7]
{
	stop freeradius
	users "$@" | freeradius_start "$checkout/daemon/dictionary/dictionary.kbng"
}

coa() # UUID ATTRIBUTES
{
	on core radclient -d "$TMP/raddb" -x -t 5 $BNG:3799 coa testing123 \
		<<< "Acct-Session-Id = $1, $2" | grep -q 'Received CoA-ACK'
}

# Its time, which was SECONDS when it ended.
ended() # UUID CAUSE SECONDS
{
	local lasted

	busywait 60 has_record Stop "$1"
	expect "$2" eval "record Stop $1 Acct-Terminate-Cause | sort -u"
	lasted=$(record Stop "$1" Acct-Session-Time | tail -n 1)
	echo "lasted $lasted s, expected $3 s" >&2
	[ "$lasted" -ge "$3" ] && [ "$lasted" -le $((2 * $3 + 5)) ]
	busywait 20 forgotten "$1"
}

session_timeout()
{
	ended "$(cat "$TMP/id1")" Session-Timeout 15
}

# Half of the time the daemon is dead.
session_timeout_after_kill()
{
	local id

	id=$(new 5)
	busywait 20 has_record Start "$id"
	kill_kbngd
	restart_kbngd
	ended "$id" Session-Timeout 15
	expect 1 records Start "$id"
}

# The accounting server is away: the time is over all the same.
session_timeout_without_accounting()
{
	local id

	stop kbngd
	conf 1999 | kbngd_start
	kbngd_ready
	id=$(new 1)
	busywait 20 state_is "$id" active
	busywait 60 forgotten "$id"	# the journal has its Stop
	expect 0 records Stop "$id"
	stop kbngd
	conf | kbngd_start
	kbngd_ready
	ended "$id" Session-Timeout 15
}

asked_again()
{
	local id

	id=$(cat "$TMP/id2")
	state_is "$id" active
	radius_up second
	busywait 120 eval "field $id .policy.name | grep -qx second"
	state_is "$id" active
	expect 1 records Start "$id"
	expect 0 records Stop "$id"
}

idle()
{
	ended "$(cat "$TMP/id3")" Idle-Timeout 10
}

busy()
{
	local id

	id=$(new 3)
	busywait 20 state_is "$id" active
	ip -n sub3 address replace "$(address 3)/16" dev eth0
	ip -n sub3 route replace default via $GATEWAY
	start ping sub3 ping -i 0.5 $SERVER
	busywait 60 eval "[ \$(field $id .time) -ge 25 ]"
	state_is "$id" active
	stop ping INT
	busywait 60 has_record Stop "$id"
	expect Idle-Timeout eval "record Stop $id Acct-Terminate-Cause | sort -u"
}

# Some 2 kB for each of PACKETS: there and back.
uses() # N PACKETS
{
	ip -n "sub$1" address replace "$(address "$1")/16" dev eth0
	ip -n "sub$1" route replace default via $GATEWAY
	on "sub$1" ping -q -i 0.02 -c "$2" -s 980 $SERVER || true
}

quota_ends()
{
	local id

	id=$(new 6)
	busywait 20 state_is "$id" active
	uses 6 20
	sleep 2					# it is looked at once a second
	state_is "$id" active
	expect null field "$id" .over_quota
	uses 6 40
	busywait 30 has_record Stop "$id"
	expect Session-Timeout eval "record Stop $id Acct-Terminate-Cause | sort -u"
	[ "$(record Stop "$id" Acct-Input-Octets | tail -n 1)" -ge 50000 ]
}

# While it is asked and asked again the session goes on.
quota_asks_again()
{
	local id

	id=$(new 7)
	busywait 20 state_is "$id" active
	uses 7 60
	busywait 30 eval "field $id .over_quota | grep -qx on"
	busywait 30 has_record Interim-Update "$id"
	[ "$(record Interim-Update "$id" Acct-Input-Octets | tail -n 1)" -ge 50000 ]
	state_is "$id" active
	radius_up third 10000000
	kill_kbngd				# what is used up is known after a restart, too
	restart_kbngd
	busywait 60 eval "field $id .policy.name | grep -qx third"
	expect null field "$id" .over_quota
	expect 10000000 field "$id" .quota
	expect 0 records Stop "$id"
}

quota_by_coa()
{
	local id

	id=$(field "$(address 7)" .uuid)
	coa "$id" 'KBNG-Quota = 0'
	expect null field "$id" .quota
	coa "$id" 'KBNG-Quota = 1000, Termination-Action = Default'
	busywait 30 has_record Stop "$id"
}

by_coa()
{
	local id

	id=$(cat "$TMP/id4")
	state_is "$id" active
	coa "$id" 'Session-Timeout = 600, Idle-Timeout = 600'
	coa "$id" 'Session-Timeout = 3'
	busywait 30 has_record Stop "$id"
	expect Session-Timeout eval "record Stop $id Acct-Terminate-Cause | sort -u"
}

# What a CoA has taken away does not come back by a restart.
by_coa_no_more()
{
	local id

	id=$(new 1)
	busywait 20 state_is "$id" active
	coa "$id" 'Session-Timeout = 0'
	kill_kbngd
	restart_kbngd
	busywait 60 eval "[ \$(field $id .time) -ge 20 ]"
	state_is "$id" active
}

topo_up 7
secret radius.secret testing123
radius_up first
conf | kbngd_start
kbngd_ready
for n in 1 2 3 4; do new $n > "$TMP/id$n"; done
check "a session lasts as long as it may" session_timeout
check "an idle session ends" idle
check "kill -9 does not prolong it" session_timeout_after_kill
check "it ends without an accounting server" session_timeout_without_accounting
check "a session that is busy does not end" busy
check "asked again when its time is over" asked_again
check "a session ends with its quota" quota_ends
check "or RADIUS is asked, who may give more" quota_asks_again
check "a CoA-Request sets a quota" quota_by_coa
check "a CoA-Request sets a limit" by_coa
check "a CoA-Request takes a limit away" by_coa_no_more
check "sanitizers are silent" sanitizers_are_silent
done_testing
