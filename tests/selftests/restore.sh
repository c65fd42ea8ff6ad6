#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sessions that outlive the module: kbngd stops, `kbngd --save`, the module goes
# and another comes, kbngd starts. To the books of a real FreeRADIUS, to the
# events and to the subscribers they are the same sessions.
#
#   sub1 (udhcpc) ─┐ ┌─────┐ ┌─────────────┐ ┌──────────────────┐
#   sub2           ├─┤ br0 ├─┤ acc0  core0 ├─┤ srv  Kea, RADIUS │
#   sub3           ─┤ └─────┘ └─────────────┘ └──────────────────┘
#   sub4 (dhclient6)┘
# shellcheck disable=SC2154,SC2016
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/aaa.bash"
. "$selftests/tools/traffic.bash"

SAVED=$TMP/sessions.saved
LINK6=2001:db8:a::1
SIZE=1000		# octets of a packet of ping

conf()
{
	aaa_conf | sed "s/role: access,/& vlan: both, link6: '$LINK6', servers6: ['$SERVER6'],/"
	cat <<-EOF
	  timeout: 5
	  retries: 1
	interim_interval: 60
	EOF
}

save()
{
	stop kbngd
	on bng "$BIN/kbngd" -c "$TMP/kbngd.yaml" --save
	expect 600 stat -c %a "$SAVED"
}

reload_module()
{
	rmmod kbng
	modprobe kbng
}

# What a session is, but for what goes by itself.
what_it_is() # UUID
{
	field "$1" 'del(.id, .time, .idle, .lease_left)
		| .prefixes |= (. // [] | map(del(.left)))'
}

up_and_down() # UUID
{
	field "$1" '"\(.up.octets4) \(.up.packets4) \(.down.octets4) \(.down.packets4)"'
}

pings() # SUB COUNT
{
	on "$1" ping -q -i 0.02 -W 20 -c "$2" -s $((SIZE - 28)) $SERVER > "$TMP/ping"
}

static_up() # N
{
	ip -n "sub$1" address replace "$(address "$1")/16" dev eth0
	ip -n "sub$1" route replace default via $GATEWAY
}

on_records()
{
	accounting | grep -c '^Accounting-O' || true
}

restored() # SESSIONS ENDED REFUSED
{
	wait_log 30 kbngd "restored sessions=$1 ended=$2 refused=$3 "
}

# --- Tests ------------------------------------------------------------------

sessions_begin()
{
	kbng shaper set top rate-down 50M
	kbng shaper set left parent top rate-down 20M
	udhcpc_start sub1
	busywait 60 eval '[ "$(session_of sub1 .state)" = active ]'
	dhcp=$(session_of sub1 .uuid)
	fixed=$(new 2 prefix 2001:db8:9::/56)
	busywait 60 state_is "$fixed" active
	kbng session set "$(address 2)" shaper left rate-down 30M quota 1G isolated on
	rejected=$(new 3)
	busywait 60 state_is "$rejected" rejected
	static_up 2
	pings sub1 40
	pings sub2 30
	busywait 60 has_record Start "$dhcp"
	busywait 60 has_record Start "$fixed"
	expect "40000 40 40000 40" up_and_down "$dhcp"
	expect 1 on_records
	echo "dhcp=$dhcp fixed=$fixed rejected=$rejected" > "$TMP/sessions"
}

not_beside_kbngd()
{
	fails on bng "$BIN/kbngd" -c "$TMP/kbngd.yaml" --save 2> "$TMP/says"
	grep -q 'kbngd runs: stop it first' "$TMP/says"
	state_is "$dhcp" active
	fails [ -e "$SAVED" ]
}

go_on()
{
	local id left

	for id in $dhcp $fixed $rejected; do what_it_is "$id" > "$TMP/$id"; done
	field "$dhcp" .time > "$TMP/time"
	left=$(field "$dhcp" .lease_left)
	kbng -j shaper list | jq 'map({name, parent, rate_down, users})' > "$TMP/shapers"
	save
	reload_module
	restart_kbngd
	restored 3 0 0
	fails [ -e "$SAVED" ]
	for id in $dhcp $fixed $rejected; do
		diff "$TMP/$id" <(what_it_is "$id") >&2
	done
	diff "$TMP/shapers" <(kbng -j shaper list | jq 'map({name, parent, rate_down, users})') >&2
	[ "$(field "$dhcp" .time)" -ge "$(cat "$TMP/time")" ]
	[ "$(field "$dhcp" .lease_left)" -le "$left" ]
	[ "$(field "$dhcp" .lease_left)" -gt $((left - 300)) ]
	expect 3 eval 'kbng -j session list | jq length'
}

packets_go_on()
{
	pings sub1 20
	pings sub2 10
	expect "60000 60 60000 60" up_and_down "$dhcp"
	expect "40000 40 40000 40" up_and_down "$fixed"
}

# It says so to the server that leased, and the server to it.
lease_goes_on()
{
	local renewals

	renewals=$(field "$dhcp" '.renewals // 0')
	kill -USR1 "$(pid_of udhcpc-sub1)"
	busywait 60 eval '[ "$(field "$dhcp" ".renewals // 0")" -gt '"$renewals"' ]'
	expect "$dhcp" session_of sub1 .uuid
}

# Nothing that a server or a reader of events was told has happened twice.
books_are_the_same()
{
	expect 1 on_records
	for id in $dhcp $fixed; do
		expect 1 records Start "$id"
		expect 0 records Stop "$id"
	done
	events_are_whole
	expect 2 eval 'in_journal .event_type | grep -c SESSION_START'
	fails grep -q SESSION_STOP <(in_journal .event_type)
}

events_are_whole()
{
	in_journal .seq | jq -es 'map(tonumber) | . == [range(1; length + 1)]'
}

# Final counters, not those of some moment before.
nothing_is_lost()
{
	local before

	start flood sub2 bash -c "send_udp $SERVER"
	busywait 30 eval '[ "$(field "$fixed" .up.octets4)" -gt 80000 ]'
	save
	stop flood
	expect stopped field "$fixed" .state
	fails on bng "$BIN/kbngd" -c "$TMP/kbngd.yaml" --save 2> "$TMP/says"
	grep -q 'sessions are saved already' "$TMP/says"
	before=$(up_and_down "$fixed")
	reload_module
	restart_kbngd
	restored 3 0 0
	expect "$before" up_and_down "$fixed"
}

in_the_same_module()
{
	local before

	before=$(up_and_down "$fixed")
	save
	cp "$SAVED" "$TMP/again"
	restart_kbngd
	restored 3 0 0
	expect "$before" up_and_down "$fixed"
	state_is "$rejected" rejected
	pings sub1 1
}

# As if it had died before the file was removed.
restored_twice()
{
	stop kbngd
	cp "$TMP/again" "$SAVED"
	restart_kbngd
	restored 3 0 0
	expect 3 eval 'kbng -j session list | jq length'
	expect "61000 61 61000 61" up_and_down "$dhcp"
	books_are_the_same
}

leased6() # KIND: what sub4's session has of DHCPv6
{
	session_of sub4 "(.prefixes // [])[] | select(.kind == \"$1\") | .prefix" | grep .
}

# The server's answers still find the client, and packets its prefix.
dhcp6_goes_on()
{
	local id pd

	dhclient6_start sub4
	busywait 60 leased6 pd
	pd=$(leased6 pd)
	id=$(session_of sub4 .uuid)
	busywait 60 has_record Start "$id"
	what_it_is "$id" > "$TMP/$id"
	save
	reload_module
	restart_kbngd
	restored 4 0 0
	diff "$TMP/$id" <(what_it_is "$id") >&2
	expect "$(link_local sub4)" field "$id" .link_local
	field "$id" '.prefixes[].left' | awk '$1 > 600 || $1 < 300 { exit 1 }'
	busywait 30 eval "ip -n bng -6 route show proto 75 |
		grep '^$pd via $(link_local sub4) dev acc0'"
	expect 0 records Stop "$id"
	dhclient6_release sub4
	busywait 60 has_record Stop "$id"
	expect User-Request record Stop "$id" Acct-Terminate-Cause
	expect 1 records Start "$id"
}

ended_while_stopped()
{
	local id

	id=$(new 4)
	busywait 60 has_record Start "$id"
	stop kbngd
	kbng session clear "$(address 4)"
	on bng "$BIN/kbngd" -c "$TMP/kbngd.yaml" --save
	reload_module
	restart_kbngd
	restored 3 1 0
	busywait 60 has_record Stop "$id"
	expect Admin-Reset record Stop "$id" Acct-Terminate-Cause
	forgotten "$id"
}

# Its line is one that the iface takes no more.
cannot_go_on()
{
	local id

	id=$(new 5 vlan 100)
	busywait 60 has_record Start "$id"
	save
	reload_module
	sed -i 's/vlan: both,//' "$TMP/kbngd.yaml"
	restart_kbngd
	restored 3 1 1
	wait_log 10 kbngd "session is not restored.*$id.*vlan mode"
	busywait 60 has_record Stop "$id"
	expect NAS-Error record Stop "$id" Acct-Terminate-Cause
	forgotten "$id"
}

one_stop_with_the_sum()
{
	kbng session clear "$dhcp"
	kbng session clear "$fixed"
	busywait 60 has_record Stop "$dhcp"
	busywait 60 has_record Stop "$fixed"
	expect 61000 record Stop "$dhcp" Acct-Input-Octets
	expect 61000 record Stop "$dhcp" Acct-Output-Octets
	expect 1 records Start "$dhcp"
	expect 1 records Stop "$dhcp"
	expect 1 on_records
	events_are_whole
	expect 1 eval "in_journal 'select(.event_type == \"SESSION_STOP\" and .session_id == \"$dhcp\").input_octets' | grep -cx 61000"
}

# The first number after the UUID is when.
too_old()
{
	local id

	id=$(new 6)
	busywait 60 has_record Start "$id"
	save
	python3 - "$SAVED" <<-'PYTHON'
	import sys
	with open(sys.argv[1], "r+b") as f:
	    words = f.readline().split()
	    old = b"%d" % (int(words[4]) - 1000)
	    f.seek(0)
	    f.write(b" ".join(words[:4] + [old] + words[5:]) + b"\n")
	PYTHON
	reload_module
	restart_kbngd
	restored 0 2 0
	wait_log 10 kbngd 'saved too long ago'
	busywait 60 has_record Stop "$id"
	expect Admin-Reboot record Stop "$id" Acct-Terminate-Cause
	expect 0 eval 'kbng -j session list | jq length'
}

damaged()
{
	new 7
	save
	truncate -s -4 "$SAVED"
	reload_module
	restart_kbngd
	wait_log 10 kbngd 'saved sessions cannot be read.*damaged after'
	fails [ -e "$SAVED" ]
	expect 0 eval 'kbng -j session list | jq length'
}

topo_up 4
topo_up6 sub4
ip -n bng address add $LINK6/64 dev acc0 nodad
secret radius.secret testing123
cat <<-EOF | freeradius_start
DEFAULT User-Name == "$(mac 3)", Auth-Type := Reject
DEFAULT Cleartext-Password := "x"
        Class = "class-1", WISPr-Bandwidth-Max-Up = 20000000,
        WISPr-Bandwidth-Max-Down = 40000000, Filter-Id = "gold"
EOF
kea_start 3600
kea6_start
busywait 20 link_local sub4
export -f send_udp
conf | kbngd_start
kbngd_ready
check "sessions begin" sessions_begin
. "$TMP/sessions"
check "nothing is saved beside kbngd" not_beside_kbngd
check "they go on in another module" go_on
check "their packets go on, and are counted on" packets_go_on
check "their leases go on" lease_goes_on
check "books and events know of nothing" books_are_the_same
check "no packet is lost to the books" nothing_is_lost
check "they go on in the same module" in_the_same_module
check "what was restored already is left alone" restored_twice
check "prefixes of DHCPv6 go on" dhcp6_goes_on
check "what ended while kbngd was stopped has its Stop" ended_while_stopped
check "what cannot go on has its Stop" cannot_go_on
check "one Stop has the sum" one_stop_with_the_sum
check "what was saved long ago ends" too_old
check "a damaged file is refused" damaged
check "sanitizers are silent" sanitizers_are_silent
done_testing
