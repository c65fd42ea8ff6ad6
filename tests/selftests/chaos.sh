#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Subscribers come, send and go, while kbngd, FreeRADIUS, Redis and Kea are
# killed, paused and cut off at random, and kbngd's notifications overflow.
# Afterwards the books must close.
#
#	SEED			the same subscribers and outages in the same order
#	MINUTES (2)		for how long
#	SUBSCRIBERS (500)	how many there are, behind one port of the switch
#	RATE (12)		how many of them do something in a second
#
#	  hosts ── br0 (acc) ── acc0 bng core0 ── srv core: Kea, FreeRADIUS, Redis
# shellcheck disable=SC2154,SC2016,SC2119,SC2086
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/aaa.bash"

subscribers=${SUBSCRIBERS:-500}
seconds=$((${MINUTES:-2} * 60))
rate=${RATE:-12}
seed=${SEED:-$((RANDOM + 1))}
[ "$subscribers" -le 1000 ]		# addresses in Kea's pool

conf()
{
	aaa_conf
	cat <<-EOF
	  timeout: 1
	  retries: 1
	  retry_pending: 1
	interim_interval: 20
	health_interval: 5
	redis: { host: $SERVER, stream: events }
	kea: { socket: $TMP/kea.sock, interval: 5, timeout: 3 }
	EOF
}

# --- What can break, and how it comes back ------------------------------------

up_kbngd()
{
	restart_kbngd
}

up_freeradius()
{
	freeradius_restart
}

up_redis()
{
	redis_start --appendonly yes --appendfsync always
}

up_kea()
{
	kea_restart
}

# Everything in core hears nothing for a while.
cut_off()
{
	on core nft -f - <<-EOF
	table inet cut {
		chain in {
			type filter hook input priority 0
			policy drop
		}
	}
	EOF
}

cut_end()
{
	on core nft delete table inet cut
}

# More sessions come and go than notifications fit kbngd's buffer while it does
# not read them: some 26 000 with Linux 6.1, 34 000 with 7.3. Nobody has decided upon them yet.
flood()
{
	kbng session new --batch "$TMP/flood" > "$TMP/flood.log"
	kbng session clear circuit-id flood >> "$TMP/flood.log"
}

flood_prepare()
{
	awk 'BEGIN { for (i = 0; i < 20000; i++)
		printf "iface acc0 mac 02:03:00:00:%02x:%02x address 10.64.%d.%d circuit-id flood\n",
			i / 256, i % 256, 128 + i / 256, i % 256 }' > "$TMP/flood"
}

outage() # VICTIM HOW
{
	echo "$1 $2" >> "$TMP/outages"
	case $2 in
	KILL) stop "$1" KILL ;;
	STOP) kill -STOP "$(pid_of "$1")" ;;
	cut) cut_off ;;
	flood) kill -STOP "$(pid_of "$1")"; flood ;;
	esac
	sleep $((RANDOM % 5))
	case $2 in
	KILL) "up_$1" ;;
	STOP|flood) kill -CONT "$(pid_of "$1")" ;;&
	flood) wait_log 120 kbngd 'notifications were lost' ;;	# before the next KILL
	cut) cut_end ;;
	esac
	sleep $((RANDOM % 3))
}

# All that can break, in a random order, again and again; a subshell would not
# advance the seed.
outages()
{
	local all=("kbngd KILL" "kbngd STOP" "kbngd flood" "freeradius KILL"
		"freeradius STOP" "redis KILL" "redis STOP" "kea KILL" "kea STOP"
		"network cut" "kbngd KILL" "freeradius KILL")
	local left=() i

	while ! is_gone clients; do
		[ ${#left[@]} -gt 0 ] || left=("${all[@]}")
		i=$((RANDOM % ${#left[@]}))
		outage ${left[i]}
		left=("${left[@]:0:i}" "${left[@]:i + 1}")
	done
}

chaos()
{
	RANDOM=$seed			# a subshell begins anew
	start clients hosts "$TOOLS/clients" eth0 "$subscribers" "$seed" \
		"$seconds" "$rate" $SERVER
	outages
	tail -n 1 "$TMP/clients.log" >> "$TMP/balance"
	[ "$(jq '.bound * .pongs' "$TMP/clients.log")" -gt 0 ]
}

# --- The books ------------------------------------------------------------------

agreed()
{
	[ "$(kbng -j reconcile | jq -r '.adopted + .corrected + .ended')" = 0 ] &&
		[ "$(kbng -j session list state pending | jq length)" = 0 ] &&
		[ "$(kbng -j session list state stopped | jq length)" = 0 ]
}

# A RELEASE that Kea did not hear leaves a lease, which holds until it is over.
leases_and_sessions()
{
	local sessions leases excused

	busywait 120 agreed
	kbng -j session list | jq -r '.[].address' | sort > "$TMP/sessions"
	kea lease4-get-all '{"subnets": [1]}' | jq -r '.arguments.leases[] |
		select(.state == 0) | ."ip-address"' | sort > "$TMP/leases"
	fails grep . <(comm -23 "$TMP/sessions" "$TMP/leases")
	sessions=$(wc -l < "$TMP/sessions")
	leases=$(wc -l < "$TMP/leases")
	busywait 30 kbng reconcile
	excused=$(kbng -j reconcile | jq '.tombstones + .unknown')
	echo "leases $leases, sessions $sessions, ended but leased $excused" >> "$TMP/balance"
	[ $((sessions + excused)) = "$leases" ]
}

nothing_is_left()
{
	[ "$(kbng -j session list | jq length)" = 0 ] &&
		[ "$(kbng -j status | jq '.journal | .events + .records.waiting')" = 0 ]
}

everybody_goes()
{
	kbng session clear all
	busywait 180 nothing_is_left
}

# Each event as an object, a line each.
stream()
{
	redis --json XRANGE events - + | jq -c '.[][1] | . as $v |
		[range(0; length; 2) | {($v[.]): $v[. + 1]}] | add'
}

of_type() # EVENT_TYPE FILTER
{
	jq -r "select(.event_type == \"$1\") | $2" "$TMP/stream"
}

# The ids of the sessions that have records of TYPE, once for each that differs
# in more than the delay.
recorded() # TYPE
{
	awk -v type="$1" '$1 == type { print $2, $3, $6, $7 }' "$TMP/records" |
		sort -u | cut -d ' ' -f 1
}

# The same session by session: in the stream, in the records.
starts_and_stops()
{
	local n

	stream > "$TMP/stream"
	accounting > "$TMP/records"
	of_type SESSION_START .session_id | sort > "$TMP/starts"
	of_type SESSION_STOP .session_id | sort > "$TMP/stops"
	n=$(wc -l < "$TMP/starts")
	echo "sessions $n, stopped $(wc -l < "$TMP/stops")" >> "$TMP/balance"
	cut -d ' ' -f 1 "$TMP/records" | sort | uniq -c >> "$TMP/balance"
	[ "$n" -gt 0 ]
	sort -u "$TMP/starts" | diff "$TMP/starts" -
	diff "$TMP/starts" "$TMP/stops"
	recorded Start | diff "$TMP/starts" -
	recorded Stop | diff "$TMP/starts" -
}

# What the module said last, what was told and what was billed.
octets()
{
	jq -r '.session | "\(.uuid) \(.up.octets4 + .up.octets6) \(.down.octets4 + .down.octets6)"' \
		"$TMP/monitor.log" | sort > "$TMP/all"
	join "$TMP/starts" "$TMP/all" > "$TMP/counted"
	of_type SESSION_STOP '"\(.session_id) \(.input_octets) \(.output_octets)"' |
		sort > "$TMP/told"
	awk '$1 == "Stop" { print $2, $6, $7 }' "$TMP/records" | sort -u > "$TMP/billed"
	awk '{ up += $2; down += $3 } END { print "octets up " up ", down " down; exit !(up * down) }' \
		"$TMP/counted" >> "$TMP/balance"
	diff "$TMP/counted" "$TMP/told"
	diff "$TMP/counted" "$TMP/billed"
}

numbers()
{
	jq -r .seq "$TMP/stream" > "$TMP/numbers"
	echo "events $(wc -l < "$TMP/numbers")" >> "$TMP/balance"
	seq "$(wc -l < "$TMP/numbers")" | diff - "$TMP/numbers"
}

echo "# SEED=$seed MINUTES=${MINUTES:-2} SUBSCRIBERS=$subscribers RATE=$rate"
topo_up 0
sub_add hosts 02:04:00:00:00:01
flood_prepare
secret radius.secret testing123
echo 'DEFAULT Cleartext-Password := "x"' | freeradius_start
up_redis
kea_start 3600 "$(kea_control)"
stop kea
sed -i 's/ - 10.64.1.255/ - 10.64.7.255/' "$TMP/kea.json"
up_kea
start monitor bng bash -c "$BIN/kbng -j monitor | grep --line-buffered '\"event\":\"stop\"'"
busywait 30 monitor_joined
conf | kbngd_start
kbngd_ready
check "chaos" chaos
check "sessions and leases agree afterwards" leases_and_sessions
check "everybody goes, everything is delivered" everybody_goes
check "each session has one Start and one Stop" starts_and_stops
check "octets billed and told are those of the module" octets
check "the stream's numbers have no gap" numbers
check "sanitizers are silent" sanitizers_are_silent
sort "$TMP/outages" | uniq -c | cat "$TMP/balance" - | sed 's/^/# /'
done_testing
