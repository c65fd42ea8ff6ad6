#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Router advertisements: what each subscriber is told, when, and that nobody else
# hears it. The clients are the kernel's own and rdisc6. Two of the lines have
# the same MAC address.
#
#   sub1 200.7 802.1ad MAC 1 ─┐
#   sub2 untagged      MAC 2 ─┼─ br0 ── acc0 BNG core0 ── srv 2001:db8:c::2
#   sub3 100           MAC 1 ─┘      vlan both, ra on
#                                fe80::1, 2001:db8:a::1
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/frames.bash"
. "$selftests/tools/lines.bash"

N=5 RS=133 LINK6=2001:db8:a::1 DNS6=2001:db8:c::53
SEARCH="isp.example home.isp.example"
acc_mac=
declare -A line=([sub1]="vlan 200 inner-vlan 7" [sub2]="vlan 0" [sub3]="vlan 100 inner-vlan 0")
declare -A tags=([sub1]=88a800c881000007 [sub2]='' [sub3]=81000064)

ifaces() # [WORD...]
{
	bng_ifaces vlan both "$@"
}

advertised() # [WORD...]
{
	ifaces link6 $LINK6 server6 $SERVER6 ra on dns6 $DNS6 search6 "$SEARCH" "$@"
}

# The answer to a solicitation, a line "NAME: VALUE" each.
rdisc() # NAMESPACE
{
	on "$1" rdisc6 -1 -r 10 -w 2000 eth0 > "$TMP/rdisc" || {
		cat "$TMP/rdisc" >&2
		return 1
	}
	sed 's/ *([^)]*)//; s/^ *//; s/ *: */: /; s/ *$//' "$TMP/rdisc"
}

hears() # NAMESPACE LINE...: and no others like them
{
	local line

	rdisc "$1" > "$TMP/heard"
	for line in "${@:2}"; do
		expect "$line" grep "^${line%%:*}:" "$TMP/heard"
	done
}

unheard() # NAME...: in what was heard last
{
	local name

	for name in "$@"; do
		fails grep "^$name" "$TMP/heard"
	done
}

default_route() # NAMESPACE
{
	ip -n "$1" -6 route show default via fe80::1 proto ra | grep .
}

no_default_route()
{
	fails default_route "$1"
}

slaac() # NAMESPACE PREFIX: its address there, if it may be used for something new
{
	ip -n "$1" -6 -o address show dev eth0 to "$2" -tentative -deprecated |
		grep -o '2001:db8:[0-9a-f:]*'
}

no_slaac()
{
	fails slaac "$@"
}

begins() # NAMESPACE STATE PREFIX
{
	# shellcheck disable=SC2086
	kbng session new iface acc0 mac "$(mac_of "$1")" ${line[$1]} \
		$([ "$1" != sub1 ] || echo vlan-protocol 802.1ad) prefix "$3" state "$2"
}

session() # NAMESPACE VERB [WORD...]
{
	local uuid

	# shellcheck disable=SC2086
	uuid=$(kbng -j session list ${line[$1]} |
		jq -r '[.[] | select(.state != "stopped")][0].uuid')
	kbng session "$2" "$uuid" "${@:3}"
}

no_session()
{
	local ns

	for ns in sub1 sub2 sub3; do
		hears $ns "Hop limit: 64" "Stateful address conf.: Yes" \
			"Stateful other conf.: Yes" "Router lifetime: 0 seconds"
		unheard Prefix
		no_default_route $ns
	done
}

pending()
{
	begins sub1 pending 2001:db8:7::/64
	begins sub2 pending 2001:db8:8::/64
	hears sub1 "Router lifetime: 0 seconds"
	no_default_route sub1
	no_slaac sub1 2001:db8:7::/64
}

# Nobody asks: they are told.
active() # NAMESPACE PREFIX
{
	session "$1" set state active
	busywait 20 default_route "$1"
	busywait 20 slaac "$1" "$2"
}

content() # NAMESPACE PREFIX
{
	hears "$1" "Hop limit: 64" "Stateful address conf.: Yes" \
		"Stateful other conf.: Yes" \
		"Router lifetime: 1800 seconds" \
		"Source link-layer address: ${acc_mac^^}" "MTU: 1500 bytes" \
		"Prefix: $2" "On-link: No" "Autonomous address conf.: Yes" \
		"Valid time: 2592000 seconds" \
		"Pref. time: 604800 seconds" \
		"Recursive DNS server: $DNS6" \
		"DNS server lifetime: 5400 seconds" \
		"DNS search list: $SEARCH" "DNS search list lifetime: 5400 seconds"
	grep -x ' from fe80::1' "$TMP/rdisc"
}

no_dhcp_no_dns()
{
	ifaces ra on
	hears sub1 "Stateful address conf.: No" "Stateful other conf.: No"
	unheard "Recursive DNS"
	unheard "DNS search"
	advertised
}

traffic() # NAMESPACE PREFIX
{
	local address

	address=$(slaac "$1" "$2")
	ip -n bng -6 route replace "$2" dev acc0
	pings "$1" $SERVER6
	pings core "$address"
	pings "$1" $LINK6
}

# All advertisements on the wire meanwhile, as MAC address and tags.
advertisements()
{
	sed -nE "s/^(.{12})${acc_mac//:/}(.*)86dd6.{7}.{4}3aff$(hex_addr6 fe80::1).{32}86.*/\1 \2/p" \
		"$TMP/wire.log"
}

only_to() # NAMESPACE
{
	record
	session "$1" set state pending
	busywait 20 no_default_route "$1"
	session "$1" set state active
	busywait 20 default_route "$1"
	rdisc "$1"
	stop wire
	expect "$(mac_of "$1" | tr -d :) ${tags[$1]}" eval "advertisements | sort -u"
}

others_heard_nothing()
{
	no_default_route sub3
	no_slaac sub3 2001:db8::/32
}

prefix_changes()
{
	session sub1 set prefix 2001:db8:7::/64 prefix 2001:db8:9::/64 prefix 2001:db8:b::/56
	busywait 20 slaac sub1 2001:db8:9::/64
	slaac sub1 2001:db8:7::/64
	session sub1 set prefix 2001:db8:9::/64
	busywait 20 no_slaac sub1 2001:db8:7::/64
	slaac sub1 2001:db8:9::/64
	no_slaac sub1 2001:db8:b::/56
	session sub1 set prefix 2001:db8:7::/64
	busywait 20 slaac sub1 2001:db8:7::/64
	busywait 20 no_slaac sub1 2001:db8:9::/64
}

rejected()
{
	session sub1 set state rejected
	busywait 20 no_default_route sub1
	busywait 20 no_slaac sub1 2001:db8:7::/64
	active sub1 2001:db8:7::/64
}

cleared()
{
	session sub1 clear
	busywait 20 no_default_route sub1
	busywait 20 no_slaac sub1 2001:db8:7::/64
	default_route sub2
	begins sub1 active 2001:db8:7::/64
	busywait 20 default_route sub1
	busywait 20 slaac sub1 2001:db8:7::/64
}

advertised_to() # NAMESPACE COUNT: or more
{
	[ "$(advertisements | grep -cx "$(mac_of "$1" | tr -d :) ${tags[$1]}")" -ge "$2" ]
}

# The new lifetime is told, and more often than it is long.
repeated()
{
	record
	advertised ra-lifetime 6
	busywait 60 advertised_to sub1 6
	busywait 60 advertised_to sub2 6
	stop wire
	expect "" eval "sed -nE 's/.*3aff.{64}86.{10}(.{4}).*/\1/p' '$TMP/wire.log' | grep -vx 0006 || true"
	default_route sub1 | grep -E 'expires [0-6]sec'
	default_route sub2
	advertised
	busywait 20 eval "default_route sub1 | grep -E 'expires [0-9]{4}sec'"
	busywait 20 eval "default_route sub2 | grep -E 'expires [0-9]{4}sec'"
}

# --- Solicitations by hand --------------------------------------------------

solicit() # TAGS MAC SOURCE [OPTIONS [HOP_LIMIT]]: a frame
{
	eth_frame 33:33:00:00:00:02 "$2" 86dd \
		"$(nd_packet "$3" ff02::2 $RS "00000000${4:-}" "${5:-255}")" | tagged "$1"
}

grown() # NAME
{
	counted | tr ' ' '\n' | sed -n "s/^$1=//p" | grep . || echo 0
}

# Periodic ones may come on top.
all_counted() # NUMBER
{
	[ $(($(grown ra_sent) + $(grown ra_limited))) -ge "$1" ]
}

flood()
{
	local sent began

	mark
	solicit "${tags[sub1]}" "$(mac 1)" fe80::77 | pkt sub1 send wire 500
	busywait 60 all_counted 500
	sent=$(grown ra_sent)
	echo "# $sent of 500 answered"
	[ "$sent" -ge 1 ]
	[ "$sent" -le 20 ]
	mark
	for n in 1 2 3 4 5 6 7 8; do
		solicit 8100012c "02:00:00:00:77:0$n" ::
	done > "$TMP/frames"
	began=$SECONDS
	pkt sub1 send wire 60 < "$TMP/frames"	# a device's backlog has room for 1000
	busywait 60 all_counted 480
	sent=$(grown ra_sent)
	echo "# $sent of 480 answered"
	[ "$sent" -ge 100 ]
	[ "$sent" -le $((200 + 100 * (SECONDS - began + 1))) ]	# 100/s
	hears sub1 "Router lifetime: 1800 seconds"
}

# To its link-local address, or to all nodes if it has none.
answered_to() # SOURCE DESTINATION
{
	record
	solicit 8100012c 02:00:00:00:77:10 "$1" | pkt sub1 send wire 1
	busywait 20 grep -E "^020000007710${acc_mac//:/}8100012c86dd6.{11}3aff$(hex_addr6 fe80::1)$(hex_addr6 "$2")86" \
		"$TMP/wire.log"
	stop wire
}

destination()
{
	answered_to fe80::77 fe80::77
	answered_to :: ff02::1
}

malformed()
{
	local me="${tags[sub1]} $(mac 1)" good sll

	sll=0101$(mac 1 | tr -d :)
	# shellcheck disable=SC2086
	{
		good=$(solicit $me fe80::77)
		echo "${good:0:-12}${good: -12:2}00ffff${good: -6}"	# checksum
		solicit $me fe80::77 "" 254
		solicit $me fe80::77 "0100${sll:4}"
		solicit $me fe80::77 "0102${sll:4}"
		solicit $me fe80::77 "$sll$sll"
		solicit $me :: "$sll"
	} > "$TMP/frames"
	mark
	pkt sub1 send wire $N < "$TMP/frames"
	busywait 20 expect "drop_nd_malformed=$((6 * N))" counted
	mark
	# shellcheck disable=SC2086
	{
		solicit $me fe80::77 010102000000aaaa
		solicit $me fe80::1
		solicit $me $LINK6
	} | pkt sub1 send wire $N
	busywait 20 expect "drop_nd_spoofed=$((3 * N))" counted
}

without_link_local()
{
	ip -n bng -6 address show dev acc0 scope link | grep -o 'fe80:[^ ]*' > "$TMP/addresses"
	while read -r address; do
		ip -n bng address del "$address" dev acc0
	done < "$TMP/addresses"
	mark
	solicit 8100012c 02:00:00:00:77:10 :: | pkt sub1 send wire $N
	busywait 20 expect "ra_no_address=$N" counted
	ip -n bng address add fe80::1/64 dev acc0 nodad
	destination
}

# --- The rest ---------------------------------------------------------------

stack_sees() # NUMBER
{
	local before

	before=$(seen bng solicited)
	solicit "" "$(mac 2)" fe80::77 | pkt sub2 send eth0 $N
	solicit 8100012c 02:00:00:00:77:10 :: | pkt sub1 send wire $N
	busywait 20 expect "$1" eval 'echo $(($(seen bng solicited) - '"$before"'))'
}

off()
{
	watch bng acc0 solicited "icmpv6 type nd-router-solicit"
	stack_sees 0
	ifaces
	mark
	stack_sees $((2 * N))
	expect "" counted
	advertised
	stack_sees 0
}

refusals()
{
	local set="kbng iface set acc0 role access ra on" p

	says "set ra on" kbng iface set acc0 role access dns6 $DNS6
	says "set ra on" kbng iface set acc0 role access ra-lifetime 60
	says "only an access iface" kbng iface set core0 role core ra on
	for p in fe80::53 ff02::1 :: ::1; do
		says "a DNS server needs" $set dns6 $p
	done
	says "set ra on" kbng iface set acc0 role access search6 isp.example
	for p in 'a  b' .isp isp. isp..example 'isp.example,b' "$(printf '%064d' 0)"; do
		says "a search list is" $set search6 "$p"
	done
	fails $set search6 "$(printf '%0256d' 0)"
	$set dns6 $DNS6 dns6 $SERVER6
	expect "$DNS6 $SERVER6" eval "kbng -j iface list | jq -r '.[0].dns6 | join(\" \")'"
	advertised
	for p in 0 3 9001; do
		fails $set ra-lifetime $p
	done
	expect "on 1800 $DNS6" eval \
		"kbng -j iface list | jq -r '.[0] | \"\(.ra) \(.ra_lifetime) \(.dns6[])\"'"
	# shellcheck disable=SC2046
	says "dns6 is given more than 8 times" $set $(printf 'dns6 2001:db8::%d ' $(seq 9))
}

conf() # MEMBERS of acc0
{
	cat <<-EOT
	bng_id: bng-t
	ifaces:
	  - { name: acc0, role: access, $1 }
	  - { name: core0, role: core }
	journal: { path: $TMP/journal.db }
	subscribers_file: $TMP/subscribers.yaml
	EOT
}

by_kbngd()
{
	echo 'subscribers: [ { rate_up: 100M, rate_down: 100M } ]' > "$TMP/subscribers.yaml"
	conf "ra: yes, ra_lifetime: 3" > "$TMP/bad.yaml"
	says "ra_lifetime: must be from 4 to 9000" "$BIN/kbngd" -c "$TMP/bad.yaml" --check
	conf "dns6: [$DNS6]" > "$TMP/bad.yaml"
	says "ifaces\[0\].ra: " "$BIN/kbngd" -c "$TMP/bad.yaml" --check
	conf "search6: isp.example" > "$TMP/bad.yaml"
	says "ifaces\[0\].ra: " "$BIN/kbngd" -c "$TMP/bad.yaml" --check
	conf "ra: yes, search6: $(printf '%0256d' 0)" > "$TMP/bad.yaml"
	says "longer than 255 octets" "$BIN/kbngd" -c "$TMP/bad.yaml" --check
	conf "ra: yes, dns6: [192.0.2.1]" > "$TMP/bad.yaml"
	says "is not an IPv6 address" "$BIN/kbngd" -c "$TMP/bad.yaml" --check
	conf "vlan: both, ra: yes, ra_lifetime: 600, dns6: [$DNS6, $SERVER6],
		search6: $SEARCH, install_fq: no" |
		kbngd_start
	kbngd_ready
	expect "on 600 $DNS6 $SERVER6 $SEARCH" eval "kbng -j iface list | jq -r '.[0] |
		\"\(.ra) \(.ra_lifetime) \(.dns6 | join(\" \")) \(.search6)\"'"
	stop kbngd
	advertised
}

deleted()
{
	default_route sub1
	default_route sub2
	kbng iface del acc0
	busywait 20 no_default_route sub1
	busywait 20 no_default_route sub2
}

topo_up 0
bridge -n acc link set dev up0 learning off
line_add sub1 "$(mac 1)" 802.1ad 200 802.1Q 7
line_add sub2 "$(mac 2)"
line_add sub3 "$(mac 1)" 802.1Q 100
topo_up6
ip -n bng address add $LINK6/64 dev acc0 nodad
acc_mac=$(mac_of bng acc0)
advertised
for n in sub1 sub2 sub3; do
	on $n sysctl -qw net.ipv6.conf.eth0.accept_ra=1 net.ipv6.conf.eth0.autoconf=1 \
		net.ipv6.conf.eth0.disable_ipv6=0
	busywait 30 link_local $n
done

check "without a session: DHCPv6, and no default route" no_session
check "pending: no more than that" pending
check "two tags: active" active sub1 2001:db8:7::/64
check "two tags: what the advertisement says" content sub1 2001:db8:7::/64
check "two tags: traffic both ways from an address made of the prefix" \
	traffic sub1 2001:db8:7::/64
check "two tags: nobody else gets it" only_to sub1
check "untagged: active" active sub2 2001:db8:8::/64
check "untagged: what the advertisement says" content sub2 2001:db8:8::/64
check "untagged: traffic both ways" traffic sub2 2001:db8:8::/64
check "untagged: nobody else gets it" only_to sub2
check "the line with the same MAC address has heard nothing" others_heard_nothing
check "without DHCPv6 and DNS" no_dhcp_no_dns
check "other static prefixes" prefix_changes
check "rejected, and active again" rejected
check "cleared, and a new session" cleared
check "repeated, and another lifetime" repeated
check "where an answer goes" destination
check "a flood of solicitations" flood
check "malformed and spoofed solicitations" malformed
check "an iface without link-local address" without_link_local
check "ra off: solicitations are the stack's" off
check "refusals" refusals
check "kbngd sets it" by_kbngd
check "a deleted iface" deleted
done_testing
