#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Frames of all kinds, made from captures of real clients and damaged by
# tests/fuzz/frames/run.py, on an access iface and a core iface of their own:
# DHCP of both families, ARP, neighbour discovery, IPv4 and IPv6, with tags and
# without. Meanwhile sessions come and go, words of the ifaces change, and a real
# client has its lease beside all that.
#
#   sub1 ── br0 ── acc0 ─┐       ┌─ core0 ── srv 192.0.2.2 Kea
#                        ├─ bng ─┤
#   run.py ═ tap acc1   ─┘       └─ tap core1 ═ run.py, 192.0.3.2 and 2001:db8:d::2
#      10.65.0.1, 2001:db8:65::1     192.0.3.1, 2001:db8:d::1
#
# FUZZ_SECONDS (20) is how long it takes; set SEED to repeat a run.
. "$(dirname "$0")/lib.sh"

SEED=${SEED:-$RANDOM$RANDOM}
HOSTS=8 MAX_SESSIONS=200 MAX_OFFERS=64

# Without ARP, so that nothing is lost for want of a neighbour.
tap() # DEVICE MAC ADDRESS IPV6
{
	ip -n bng tuntap add "$1" mode tap
	ip -n bng link set "$1" address "$2" arp off txqueuelen 10000 up
	ip -n bng address add "$3" dev "$1"
	ip -n bng address add "$4" dev "$1" nodad
}

taps_up()
{
	on bng sysctl -qw net.ipv6.conf.all.disable_ipv6=0 \
		net.ipv6.conf.default.disable_ipv6=0 net.ipv6.conf.all.forwarding=1
	tap acc1 02:00:00:00:00:fe 10.65.0.1/16 2001:db8:65::1/64
	tap core1 02:00:00:00:00:fd 192.0.3.1/24 2001:db8:d::1/64
	ip -n bng route add default dev core1
	ip -n bng -6 route add default dev core1
	ip -n bng -6 route add 2001:db8:66::/48 dev acc1
	ip -n bng -6 route add 2001:db8:67::/48 dev acc1
	# What comes out of core1 has come in by acc1, or is relayed.
	on bng nft -f - <<-EOF
	table inet fuzz {
		chain forward {
			type filter hook forward priority 0
			iifname core1 oifname core1 drop
		}
		chain output {
			type filter hook output priority 0
			oifname core1 udp dport != { 67, 547 } drop
			oifname core1 meta l4proto != udp drop
		}
	}
	EOF
}

fuzzed_ifaces() # [WORD...]: of the access iface
{
	kbng iface set acc1 role access giaddr 10.65.0.1 server 192.0.3.2 vlan both \
		link6 2001:db8:65::1 server6 2001:db8:d::2 max-sessions $MAX_SESSIONS \
		ra on shaper police "$@"
	kbng iface set core1 role core shaper police
}

# Hosts 1 to 6 may send, 5 and 6 only little at a time; 7 and 8 may not.
fuzzed_sessions()
{
	local n words tags=(0 "" "" "vlan 100" "vlan 200 inner-vlan 7"
		"vlan 300 inner-vlan 7 vlan-protocol 802.1ad" "vlan 101" "" "vlan 100")

	for ((n = 1; n <= HOSTS; n++)); do
		case $n in
		[56]) words="state active rate-up 500k rate-down 500k" ;;
		7) words="state pending" ;;
		8) words="state rejected" ;;
		*) words="state active" ;;
		esac
		echo "iface acc1 mac 02:01:00:00:00:0$n address 10.65.1.$n" \
			"prefix 2001:db8:66:${n}00::/64 ${tags[n]} $words"
	done | kbng session new --batch -
}

churn()
{
	local words=("fastpath on" "fastpath off trusted on" "fastpath on trusted on opt82 append"
		"fastpath off line-sessions 3 move deny" "fastpath on dhcp-rate 500 opt82 drop trusted on")
	local n=0

	set +e
	while :; do
		# shellcheck disable=SC2086
		fuzzed_ifaces ${words[n++ % ${#words[@]}]}
		fuzzed_sessions
		kbng session clear 10.65.1.$((n % HOSTS + 1))
		kbng session forget iface acc1
		kbng session list
		# Not acc1: without it anybody may send.
		[ $((n % 7)) -ne 0 ] || kbng iface del core1
	done > "$TMP/churn" 2>&1
}

fuzz() # [OPTION...]
{
	on bng python3 "$selftests/../fuzz/frames/run.py" --seed "$SEED" \
		--hosts $HOSTS --active 6 "$@"
}

same_seed_same_frames()
{
	local n

	for n in 1 2; do fuzz --count 500 > "$TMP/run$n"; done
	expect "$(grep digest "$TMP/run1")" grep digest "$TMP/run2"
}

only_who_may_send()
{
	fuzz --seconds "${FUZZ_SECONDS:-20}" > "$TMP/frames" 2>&1 || {
		tail -n 5 "$TMP/frames"
		return 1
	}
}

# Names that a run must have met, or the fuzzer does not reach what it is for.
reached()
{
	expect "" eval 'kbng -j stats | jq -r ".counters |
		{drop_malformed, drop_no_session, drop_spoofed_mac, drop_spoofed_vlan,
		drop_unauthorised, drop_arp_spoofed, drop_link_local, drop_nd_spoofed,
		drop_nd_malformed, drop_nd_rogue_router, dhcp_relayed, dhcp_replied,
		dhcp_bound, dhcp_truncated, dhcp_option_overrun, dhcp_unmatched_reply,
		dhcp_giaddr_spoofed, dhcp6_relayed, dhcp6_replied, dhcp6_bound,
		dhcp6_malformed, dhcp6_unmatched_reply, dhcp6_bad_lease, ra_sent} |
		to_entries[] | select(.value == 0) | .key"'
}

bounded()
{
	stop churn
	fuzzed_ifaces
	kbng -j session list iface acc1 > "$TMP/left"
	[ "$(jq '[.[] | select(.state == "offered")] | length' "$TMP/left")" -le $MAX_OFFERS ]
	[ "$(jq '[.[] | select(.state != "stopped")] | length' "$TMP/left")" -le $MAX_SESSIONS ]
}

# The real client: its lease is there, it renews it, and another one comes.
real_clients()
{
	expect active session_of sub1 .state
	on sub1 ping -q -c 3 -i 0.2 -W 20 $SERVER > "$TMP/ping"
	on core ping -q -c 3 -i 0.2 -W 20 "$(addr_of sub1)" > "$TMP/ping"
	stop udhcpc-sub1
	busywait 20 eval '[ -z "$(session_of sub1)" ]'
	udhcpc_start sub2
	expect pending session_of sub2 .state
}

nothing_left()
{
	kbng iface del acc1
	kbng session forget iface acc1
	expect 0 jq length <(kbng -j session list iface acc1)
	ip -n bng link del acc1
	ip -n bng link del core1
}

echo "# seed $SEED"
topo_up 2
taps_up
kea_start
bng_ifaces
udhcpc_start sub1
kbng session set "$(addr_of sub1)" state active > "$TMP/set"
fuzzed_ifaces
fuzzed_sessions > "$TMP/new"
check "the same seed makes the same frames" same_seed_same_frames
churn &
echo $! > "$TMP/pids/churn"
check "only who may send reaches the core" only_who_may_send
cat "$TMP/frames"
check "names of all kinds were met" reached
check "offers and sessions are bounded" bounded
check "real clients notice nothing" real_clients
check "nothing is left" nothing_left
done_testing
