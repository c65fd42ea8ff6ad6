#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# IPv6 pools, DNS servers and routes from a real FreeRADIUS: a real Kea leases
# real dhclients what it has for them, and real hosts hear of the rest by router
# advertisements. Topology: lib.sh, and an access node, tools/ldra.c, before sub3:
#
#   sub1, sub2 ──────────┐
#   sub3 ── ldra ── br0 ─┴─ acc0 BNG core0 ── srv: FreeRADIUS, Kea
# shellcheck disable=SC2154,SC2016,SC2034
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/aaa.bash"
. "$selftests/tools/frames.bash"

LINK6=2001:db8:a::1 DNS6=2001:db8:c::53 DNS1=2001:db8:c::61 DNS2=2001:db8:c::62
ROUTE=2001:db8:77::/48

# Stateful-IPv6-Address-Pool, Delegated-IPv6-Prefix-Pool, both "gold", and
# Framed-IPv6-Pool "old", each as an attribute.
gold=ac06676f6c64ab06676f6c64 old=64056f6c64

conf()
{
	local words

	words="link6: '$LINK6', servers6: ['$SERVER6'], ra: yes, dns6: ['$DNS6'], trusted: yes"
	aaa_conf | sed "s/role: access,/& $words,/"
	cat <<-EOT
	  timeout: 2
	  retries: 1
	  retry_pending: 1
	  no_answer: [last]
	  coa:
	    clients: [{ address: $SERVER, secret_file: $TMP/coa.secret }]
	EOT
}

users()
{
	cat <<-EOT
	DEFAULT User-Name == "$(mac 1)"
	        Framed-IPv6-Pool = "old",
	        Route-IPv6-Information = $ROUTE,
	        DNS-Server-IPv6-Address = $DNS1,
	        DNS-Server-IPv6-Address += $DNS2,
	        Delegated-IPv6-Prefix-Pool = "gold",
	        Stateful-IPv6-Address-Pool = "gold", Fall-Through = Yes
	DEFAULT User-Name == "$(mac 2)"
	        Framed-IPv6-Pool = "old", Fall-Through = Yes
	DEFAULT User-Name == "$(mac 3)"
	        Delegated-IPv6-Prefix-Pool = "gold",
	        Stateful-IPv6-Address-Pool = "gold", Fall-Through = Yes
	DEFAULT Cleartext-Password := "x"
	        Filter-Id = "plain"
	EOT
}

# Only sub1's DNS server, another one: what the second answer says.
other_users()
{
	cat <<-EOT
	DEFAULT User-Name == "$(mac 1)", Cleartext-Password := "x"
	        DNS-Server-IPv6-Address = $DNS2
	DEFAULT Cleartext-Password := "x"
	        Filter-Id = "plain"
	EOT
}

radius_up() # COMMAND: prints users
{
	stop freeradius
	$1 | freeradius_start "$checkout/daemon/dictionary/dictionary.kbng"
}

# As docs/radius.md has it.
classes()
{
	cat <<-'EOT'
	"client-classes": [
	  { "name": "gold", "test": "substring(relay6[0].option[81].hex,0,6) == 0xac06676f6c64" },
	  { "name": "gold-pd", "test": "substring(relay6[0].option[81].hex,6,6) == 0xab06676f6c64" },
	  { "name": "old", "test": "substring(relay6[0].option[81].hex,0,5) == 0x64056f6c64" },
	  { "name": "plain", "test": "not member('gold') and not member('old')" },
	  { "name": "plain-pd", "test": "not member('gold-pd')" } ]
	EOT
}

KEA6_POOLS='"pools": [
	{ "pool": "2001:db8:a::1:0/112", "client-class": "plain" },
	{ "pool": "2001:db8:a::2:0/112", "client-class": "gold" },
	{ "pool": "2001:db8:a::3:0/112", "client-class": "old" } ],
  "pd-pools": [
	{ "prefix": "2001:db8:1::", "prefix-len": 48, "delegated-len": 56, "client-class": "plain-pd" },
	{ "prefix": "2001:db8:2::", "prefix-len": 48, "delegated-len": 56, "client-class": "gold-pd" } ]'

coa() # ATTRIBUTES
{
	on core radclient -d "$TMP/raddb" -x -r 3 -t 5 $BNG:3799 coa c0a <<< "$1" > "$TMP/radclient" 2>&1
	grep -q '^Received CoA-ACK' "$TMP/radclient"
}

active() # N [WORD...]: a session that kbngd has let in
{
	kbng session new iface acc0 mac "$(mac "$1")" address "$(address "$1")" "${@:2}" > "$TMP/id$1"
	busywait 30 state_is "$(cat "$TMP/id$1")" active
}

attributes() # N
{
	field "$(cat "$TMP/id$1")" '.radius6_attributes // ""'
}

leased() # SUB KIND
{
	session_of "$1" "(.prefixes // [])[] | select(.kind == \"$2\") | .prefix"
}

has_leases() # SUB
{
	[ "$(leased "$1" na)" ] && [ "$(leased "$1" pd)" ]
}

# A new lease of SUB: its address and prefix are of these.
leases() # SUB ADDRESS PREFIX
{
	dhclient6_start "$1"
	busywait 60 has_leases "$1"
	leased "$1" na | grep "^$2"
	leased "$1" pd | grep "^$3"
}

gives_back() # SUB
{
	dhclient6_release "$1"
	busywait 30 expect '' leased "$1" na
}

# --- DHCPv6 -----------------------------------------------------------------

kept()
{
	active 1
	expect "0x$gold${old}a912$(hex_addr6 $DNS1)a912$(hex_addr6 $DNS2)" \
		eval "attributes 1 | sed 's/aa..0030.*//'"
	attributes 1 | grep -i 'aa[01].003020010db80077[0]*$'
	kbng session show "$(cat "$TMP/id1")" | grep "radius6 attributes:.* DNS-Server-IPv6-Address $(:
		)$DNS1, .*, Route-IPv6-Information 2001:db8:77::/48$"
	active 2
	expect "0x$old" attributes 2
	fails grep -q 'means nothing here vendor=0 attribute=1' "$TMP/kbngd.log"
}

# All but the route, and in front of what Kea keeps of the relay.
pools()
{
	leases sub1 2001:db8:a::2: 2001:db8:2:
	grep -i "00510035$gold${old}a912$(hex_addr6 $DNS1)a912$(hex_addr6 $DNS2)0*[^0]" \
		"$TMP/leases6.csv" | grep -vi "aa..0030"
	leases sub2 2001:db8:a::3: 2001:db8:1:
	grep -i "00510005$old" "$TMP/leases6.csv"
	gives_back sub2
}

# Kea would not extend it otherwise; the module does not need kbngd for that.
renewed_alone()
{
	local address

	address=$(leased sub1 na)
	kill_kbngd
	stop dhclient6-sub1 KILL
	mark
	dhclient6_start sub1		# confirms, and renews in time
	busywait 60 eval 'counted | grep -q dhcp6_renewed='
	expect "$address" leased sub1 na
	gives_back sub1
	leases sub1 2001:db8:a::2: 2001:db8:2:
	gives_back sub1
	restart_kbngd
}

# Which wraps what the relay wraps once more.
behind_a_node()
{
	ip -n acc link set sub3 nomaster
	ip -n acc link add node0 type veth peer node1
	ip -n acc link set node1 master br0 up
	ip -n acc link set node0 up
	on sub3 ethtool -K eth0 tx off > /dev/null	# frames pass a packet socket
	start node acc "$TOOLS/ldra" sub3 node0 port-3
	wait_log 20 node ready
	active 3 circuit-id port-3
	leases sub3 2001:db8:a::2: 2001:db8:2:
	gives_back sub3
	stop node
	ip -n acc link set sub3 master br0
}

opt6() # CODE HEX
{
	printf '%04x%04x%s' "$1" $((${#2} / 2)) "$2"
}

# What a node before sub3 would make of its Solicit, with OPTIONS besides.
wrapped() # OPTIONS
{
	local m

	m=0c00$(printf '%032d' 0)$(hex_addr6 fe80::3:3)$(opt6 18 "$(hex port-3)")$1$(opt6 9 01abcdef)
	eth_frame 33:33:00:01:00:02 "$(mac 3)" 86dd "$(sum6_packet fe80::3:3 ff02::1:2 17 \
		"02230223$(printf %04x $((8 + ${#m} / 2)))0000$m")" | pkt sub3 send eth0 1
}

# Its own stay, and ours do not come on top.
of_the_node()
{
	local own

	own=$(opt6 81 6407"$(hex other)")
	start servers core "$TOOLS/pkt" recv srv 600
	busywait 20 eval 'on core grep -q 0003 /proc/net/packet'
	wrapped "$own"
	busywait 30 grep -qi "$own" "$TMP/servers.log"
	fails grep -qi $gold "$TMP/servers.log"
	wrapped ''
	busywait 30 grep -qi "$(opt6 81 $gold)0009" "$TMP/servers.log"
	stop servers
}

# --- Router advertisements --------------------------------------------------

# The answer to a solicitation, a line "NAME: VALUE" each.
rdisc() # NAMESPACE
{
	on "$1" rdisc6 -1 -r 10 -w 2000 eth0 > "$TMP/rdisc" || {
		cat "$TMP/rdisc" >&2
		return 1
	}
	sed 's/ *([^)]*)//; s/^ *//; s/ *: */: /; s/ *$//' "$TMP/rdisc"
}

dns_of() # SUB: and their lifetime, of each
{
	rdisc "$1" | sed -n 's/^Recursive DNS server: //p; s/^DNS servers\? lifetime: //p' | xargs
}

routes_of() # SUB: with preference and lifetime
{
	rdisc "$1" | sed -n 's/^Route: //p; s/^Route preference: //p; s/^Route lifetime: //p' | xargs
}

advertised()
{
	expect "$DNS1 $DNS2 5400 seconds" dns_of sub1
	expect "$ROUTE medium 1800 seconds" routes_of sub1
	expect "$DNS6 5400 seconds" dns_of sub2
	expect '' routes_of sub2
}

# What a host with a real stack makes of that.
by_the_host()
{
	[ -e /proc/sys/net/ipv6/conf/all/accept_ra_rt_info_max_plen ] ||
		skip "the guest's kernel has no CONFIG_IPV6_ROUTE_INFO"
	on sub1 sysctl -qw net.ipv6.conf.eth0.accept_ra_rt_info_max_plen=64
	rdisc sub1
	busywait 30 host_route
	ip -n sub1 -6 route show $ROUTE | grep 'proto ra .*pref medium'
	: > "$TMP/host"
}

host_route()
{
	ip -n sub1 -6 route show $ROUTE | grep -q 'via fe80::1 dev eth0'
}

no_host_route()
{
	! host_route
}

listen()
{
	start heard sub1 "$TOOLS/pkt" recv eth0 600
	busywait 20 eval 'on sub1 grep -q 0003 /proc/net/packet'
}

# In router advertisements that came to sub1: this option.
told() # HEX
{
	grep -qiE "86dd6.{7}.{4}3aff.{64}86.*$1" "$TMP/heard.log"
}

gone=1802300000000000$(hex_addr6 ${ROUTE%/*} | cut -c 1-16)

# Nobody asks: what is not in the new answer has no lifetime any more, in a
# message of its own, and the rest stays.
changed()
{
	listen
	radius_up other_users
	coa "Acct-Session-Id = $(cat "$TMP/id1"), KBNG-Command = Reauthenticate"
	busywait 30 expect "0xa912$(hex_addr6 $DNS2)" attributes 1
	busywait 30 told "${gone}1903000000000000$(hex_addr6 $DNS1)"
	busywait 30 told "1903000000001518$(hex_addr6 $DNS2)"
	fails told "000000000000$(hex_addr6 $DNS2)"
	expect active field "$(cat "$TMP/id1")" .state
	[ ! -e "$TMP/host" ] || busywait 30 no_host_route
	expect "$DNS2 5400 seconds" dns_of sub1
	expect '' routes_of sub1
	stop heard
}

# A CoA-Request of other things leaves it, one that asks again does not.
taken_away()
{
	local id

	id=$(cat "$TMP/id2")
	coa "Acct-Session-Id = $id, Class = 0x63"
	expect "0x$old" attributes 2
	coa "Acct-Session-Id = $id, KBNG-Command = Reauthenticate"
	busywait 30 expect '' attributes 2
	radius_up users
	coa "Acct-Session-Id = $(cat "$TMP/id1"), KBNG-Command = Reauthenticate"
	busywait 30 expect "$ROUTE medium 1800 seconds" routes_of sub1
	expect "$DNS1 $DNS2 5400 seconds" dns_of sub1
	[ ! -e "$TMP/host" ] || busywait 30 host_route
}

# --- The rest ---------------------------------------------------------------

outlives_the_module()
{
	local before

	before=$(attributes 1)
	stop kbngd
	on bng "$BIN/kbngd" -c "$TMP/kbngd.yaml" --save
	rmmod kbng
	modprobe kbng
	restart_kbngd
	wait_log 30 kbngd 'restored sessions='
	expect "$before" attributes 1
	expect "$ROUTE medium 1800 seconds" routes_of sub1
}

# No server answers: what the user was accepted with last.
remembered()
{
	local before

	before=$(attributes 1)
	stop freeradius KILL
	kbng session clear "$(cat "$TMP/id1")"
	active 1
	expect last field "$(cat "$TMP/id1")" .decision
	expect "$before" attributes 1
	radius_up users
	busywait 60 expect null field "$(cat "$TMP/id1")" .decision
	expect "$before" attributes 1
}

ended()
{
	listen
	kbng session clear "$(cat "$TMP/id1")"
	busywait 30 told "$gone"
	busywait 30 told "1905000000000000$(hex_addr6 $DNS1)$(hex_addr6 $DNS2)"
	[ ! -e "$TMP/host" ] || busywait 30 no_host_route
	expect "$DNS6 0 seconds" dns_of sub1
	stop heard
}

# More than there is room for, and what no attribute looks like: told of once,
# and all else counts.
too_much()
{
	{
		cat <<-EOT
		DEFAULT Cleartext-Password := "x"
		        Attr-169 = 0x2001, Attr-170 = 0x00ff,
		        Stateful-IPv6-Address-Pool = "$(printf '%0250d' 0)",
		        Delegated-IPv6-Prefix-Pool = "$(printf '%0250d' 0)",
		        Framed-IPv6-Pool = "toolong"
		EOT
	} > "$TMP/too_much"
	kbng session clear "$(cat "$TMP/id2")"
	radius_up "cat $TMP/too_much"
	active 1
	expect $((2 + 2 * 504)) eval 'attributes 1 | tr -d "\n" | wc -c'
	wait_log 10 kbngd 'malformed or too many count=3'
	active 2
	expect 1 grep -c 'IPv6 pools, DNS servers or routes .*malformed' "$TMP/kbngd.log"
}

topo_up 3
topo_up6 sub1 sub2 sub3
ip -n bng address add $LINK6/64 dev acc0 nodad
for n in sub1 sub2 sub3; do busywait 30 link_local $n; done
secret radius.secret testing123
secret coa.secret c0a
kea6_start 60 "$(classes)"
radius_up users
conf | kbngd_start
kbngd_ready
check "an Access-Accept's attributes are the session's" kept
check "Kea leases from the pools that they name" pools
check "renewals and new leases while kbngd is away" renewed_alone
check "behind an access node" behind_a_node
check "an access node's own RADIUS attributes" of_the_node
check "router advertisements have its DNS servers and routes" advertised
check "a host takes the route" by_the_host
check "what another answer lacks is told at once" changed
check "a CoA-Request leaves them, another answer takes them away" taken_away
check "they outlive the module" outlives_the_module
check "no server answers: those of the last time" remembered
check "the session's end is that of routes and DNS servers" ended
check "attributes that are malformed or too long are left out" too_much
check "sanitizers are silent" sanitizers_are_silent
done_testing
