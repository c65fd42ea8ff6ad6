#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Generic netlink: who may use it, what it says to bad requests, and dumps of
# thousands of sessions while they change.
#
#   acc              bng                  core
#   ┌──────┐ ┌──────────────────┐ ┌────────────┐
#   │  up0 ├─┤ acc0       core0 ├─┤ srv        │   another namespace,
#   └──────┘ └──────────────────┘ └────────────┘   another instance of kbng
#                kbng, genl
. "$(dirname "$0")/lib.sh"

SESSIONS=2000

# KBNG_* of the contract's enums as variables.
eval "$(awk '
	/^enum/ { value = 0; inside = 1; next }
	/^}/ { inside = 0 }
	inside && match($0, /^\t_*KBNG_[A-Z0-9_]+/) {
		name = substr($0, 2, RLENGTH - 1)
		if (match($0, /= [0-9]+/))
			value = substr($0, RSTART + 2, RLENGTH - 2)
		print name "=" value++
	}' "$checkout/uapi/linux/kbng.h")"

genl() # NAMESPACE [ARGUMENT...]
{
	on "$1" "$TOOLS/genl" "${@:2}" || true
}

# --- Permissions ------------------------------------------------------------

# As somebody without capabilities, who need not be able to reach the checkout.
as_nobody() # TOOL [ARGUMENT...]
{
	local tool=/tmp/$NAME-${1##*/}

	install -m 755 "$1" "$tool"
	on bng setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$tool" "${@:2}"
}

genl_as_nobody() # [ARGUMENT...]
{
	as_nobody "$TOOLS/genl" "$@" || true
}

commands_need_cap_net_admin()
{
	local cmd

	for cmd in $KBNG_CMD_IFACE_GET $KBNG_CMD_IFACE_SET $KBNG_CMD_IFACE_DEL \
		$KBNG_CMD_SESSION_GET $KBNG_CMD_SESSION_NEW $KBNG_CMD_SESSION_SET \
		$KBNG_CMD_SESSION_DEL $KBNG_CMD_SESSION_ACK $KBNG_CMD_STATS_GET; do
		expect "EPERM " genl_as_nobody $cmd
	done
	expect "EPERM " genl_as_nobody -d $KBNG_CMD_SESSION_GET
}

groups_need_cap_net_admin()
{
	local group

	for group in session dhcp; do
		expect EPERM genl_as_nobody -j $group
		expect ok genl bng -j $group
	done
}

cli_says_what_is_missing()
{
	local text

	text=$(as_nobody "$BIN/kbng" session list 2>&1) && return 1
	echo "$text"
	grep -q CAP_NET_ADMIN <<< "$text"
	[ "$(wc -l <<< "$text")" -eq 1 ]
}

# Root of a user namespace rules the network namespaces which it made itself.
user_namespace_rules_its_own()
{
	expect "EPERM " on bng unshare --user --map-root-user \
		sh -c "$TOOLS/genl $KBNG_CMD_STATS_GET || true"
	expect "ok 1" on bng unshare --user --map-root-user --net \
		"$TOOLS/genl" "$KBNG_CMD_STATS_GET"
}

namespaces_are_separate()
{
	local uuid

	uuid=$(kbng -j session new iface acc0 mac 02:00:00:00:00:01 \
		address 10.64.1.1 | jq -r '.. | .uuid? // empty')
	expect "ok 1" genl bng "$KBNG_CMD_SESSION_GET" "$KBNG_A_SESSION{" \
		"$KBNG_A_SESSION_UUID=hex:${uuid//-/}" "}"
	expect "ok 0" genl core -d "$KBNG_CMD_SESSION_GET"
	expect "ok 0" genl core -d "$KBNG_CMD_IFACE_GET"
	expect "ENOENT no session has this uuid" genl core \
		"$KBNG_CMD_SESSION_DEL" "$KBNG_A_SESSION{" \
		"$KBNG_A_SESSION_UUID=hex:${uuid//-/}" "}"
	fails [ "$(kbng -j stats | jq .module.instance)" = \
		"$(on core "$BIN/kbng" -j stats | jq .module.instance)" ]
	kbng session clear all
	kbng session forget all
}

# --- Refusals ---------------------------------------------------------------

refused() # "ERRNO TEXT" COMMAND [ATTRIBUTE...]; TEXT is a regular expression
{
	local want=$1 got

	got=$(genl bng "${@:2}")
	grep -qx -- "$want" <<< "$got" || {
		echo "expected: $want, got: $got, from: ${*:2}" >&2
		return 1
	}
}

malformed_requests_get_text()
{
	local s="$KBNG_A_SESSION{" i="$KBNG_A_IFACE{" p="$KBNG_A_SESSION_POLICY{"
	local index acc0 core0 iface uuid new many

	index=$(on bng cat /sys/class/net/acc0/ifindex)
	acc0=$KBNG_A_SESSION_IFINDEX=u32:$index
	iface=$KBNG_A_IFACE_IFINDEX=u32:$index
	core0=$KBNG_A_SESSION_IFINDEX=u32:$(on bng cat /sys/class/net/core0/ifindex)
	uuid=$KBNG_A_SESSION_UUID=hex:$(printf '00%.0s' {1..16})
	new="$KBNG_A_SESSION_MAC=hex:020000000001 $KBNG_A_SESSION_ADDR4=hex:0a400101"
	many=$(for _ in {1..9}; do echo "$KBNG_A_IFACE_SERVER=hex:c0000202"; done)

	# Words of these are split on purpose.
	# shellcheck disable=SC2086
	{
	refused "EINVAL the request names no session" $KBNG_CMD_SESSION_SET
	refused "EINVAL the request names no iface" $KBNG_CMD_IFACE_DEL
	refused "EINVAL the session's uuid is missing" $KBNG_CMD_SESSION_GET $s }
	refused "ENOENT no session has this uuid" $KBNG_CMD_SESSION_ACK $s $uuid }
	refused "ERANGE binary .* out of range" $KBNG_CMD_SESSION_GET $s $KBNG_A_SESSION_UUID=hex:0011 }
	refused "ERANGE binary .* out of range" $KBNG_CMD_SESSION_NEW $s $KBNG_A_SESSION_MAC=hex:02 }
	refused "ERANGE integer out of range" $KBNG_CMD_SESSION_SET $s $uuid \
		$KBNG_A_SESSION_STATE=u32:99 }
	refused "EINVAL a session can be made .*" $KBNG_CMD_SESSION_SET $s $uuid \
		$KBNG_A_SESSION_STATE=u32:$KBNG_STATE_STOPPED }
	refused "ERANGE a rate is .*" $KBNG_CMD_SESSION_SET $s $uuid \
		$p $KBNG_A_POLICY_RATE_UP=u64:63999 } }
	refused "ERANGE a rate is .*" $KBNG_CMD_SESSION_SET $s $uuid \
		$p $KBNG_A_POLICY_RATE_DOWN=u64:400000000001 } }
	refused "EINVAL a session needs .*" $KBNG_CMD_SESSION_NEW $s $acc0 }
	refused "ENOENT .*not an access iface" $KBNG_CMD_SESSION_NEW $s $core0 $new }
	refused "EADDRNOTAVAIL not the MAC .*" $KBNG_CMD_SESSION_NEW $s $acc0 $new \
		$KBNG_A_SESSION_MAC=hex:ffffffffffff }
	refused "EADDRNOTAVAIL not the address .*" $KBNG_CMD_SESSION_NEW $s $acc0 $new \
		$KBNG_A_SESSION_ADDR4=hex:e0000001 }
	refused "EINVAL the iface's ifindex is missing" $KBNG_CMD_IFACE_SET $i }
	refused "EINVAL the iface's role is missing.*" $KBNG_CMD_IFACE_SET $i \
		$KBNG_A_IFACE_IFINDEX=u32:1 }
	refused "ENODEV no such device.*" $KBNG_CMD_IFACE_SET $i \
		$KBNG_A_IFACE_IFINDEX=u32:4000 $KBNG_A_IFACE_ROLE=u32:$KBNG_ROLE_CORE }
	refused "EOPNOTSUPP not an Ethernet device" $KBNG_CMD_IFACE_SET $i \
		$KBNG_A_IFACE_IFINDEX=u32:1 $KBNG_A_IFACE_ROLE=u32:$KBNG_ROLE_CORE }
	refused "E2BIG too many DHCP servers.*" $KBNG_CMD_IFACE_SET $i $iface \
		$KBNG_A_IFACE_ROLE=u32:$KBNG_ROLE_ACCESS $many }
	refused "EINVAL unknown word in a template.*" $KBNG_CMD_IFACE_SET $i $iface \
		$KBNG_A_IFACE_ROLE=u32:$KBNG_ROLE_ACCESS \
		$KBNG_A_IFACE_REMOTE_ID_FORMAT=text:{nonsense} }
	refused "EBUSY the iface has another role.*" $KBNG_CMD_IFACE_SET $i $iface \
		$KBNG_A_IFACE_ROLE=u32:$KBNG_ROLE_CORE }
	refused "E[A-Z]* ..*" -d $KBNG_CMD_SESSION_GET $s $KBNG_A_SESSION_MAC=hex:02 }
	refused "EINVAL the command does not take .*" -d $KBNG_CMD_SESSION_GET $s \
		$KBNG_A_SESSION_LEASE_TIME=u32:60 }
	refused "EINVAL a dump of ifaces has no filter" -d $KBNG_CMD_IFACE_GET $i $iface }
	refused "EINVAL the command does not take .*" $KBNG_CMD_IFACE_DEL $i $iface \
		$KBNG_A_IFACE_ROLE=u32:$KBNG_ROLE_ACCESS }
	refused "EINVAL Unsupported attribute" $KBNG_CMD_IFACE_GET $i $iface } $s }
	refused "EINVAL Unsupported attribute" $KBNG_CMD_STATS_GET $s }
	}
}

# One that another instance of the module had, with prefixes of DHCPv6, counters
# and a time before this boot.
restored_as_it_was()
{
	local s="$KBNG_A_SESSION{" p="$KBNG_A_SESSION_PREFIX{" index
	local uuid=00112233-4455-6677-8899-aabbccddeeff
	local id=$KBNG_A_SESSION_UUID=hex:${uuid//-/}
	local pd="$KBNG_A_PREFIX_ADDR=hex:20010db8000100000000000000000000 $KBNG_A_PREFIX_LEN=u32:56"
	local new count

	index=$(on bng cat /sys/class/net/acc0/ifindex)
	new="$KBNG_A_SESSION_IFINDEX=u32:$index $KBNG_A_SESSION_MAC=hex:020000000001"
	new+=" $KBNG_A_SESSION_ADDR4=hex:0a400101 $KBNG_A_SESSION_STATE=u32:$KBNG_STATE_ACTIVE"
	pd="$p $pd $KBNG_A_PREFIX_KIND=u32:$KBNG_PREFIX_PD $KBNG_A_PREFIX_PREFERRED=u32:500
		$KBNG_A_PREFIX_VALID=u32:1000 $KBNG_A_PREFIX_LEFT=u32:400 }"
	count="$KBNG_A_COUNT_PACKETS4=u64:1 $KBNG_A_COUNT_OCTETS4=u64:20000000000
		$KBNG_A_COUNT_PACKETS6=u64:3 $KBNG_A_COUNT_OCTETS6=u64:4"

	# Words of these are split on purpose.
	# shellcheck disable=SC2086
	{
	refused "EINVAL only a session that is restored has this.*" $KBNG_CMD_SESSION_NEW $s $new \
		$KBNG_A_SESSION_STARTED=u64:1 }
	refused "EINVAL only a session that is restored has prefixes.*" $KBNG_CMD_SESSION_NEW $s $new $pd }
	refused "EINVAL what is left is of a lease time" $KBNG_CMD_SESSION_NEW $s $new $id \
		$KBNG_A_SESSION_LEASE_LEFT=u32:1 }
	refused "EADDRNOTAVAIL not a link-local address" $KBNG_CMD_SESSION_NEW $s $new $id \
		$KBNG_A_SESSION_LINK_LOCAL=hex:20010db8000100000000000000000000 }
	refused "ERANGE .*" $KBNG_CMD_SESSION_NEW $s $new $id $KBNG_A_SESSION_TRIGGER=u32:4 }
	expect 0 eval 'kbng -j session list | jq length'
	expect "ok 1" genl bng $KBNG_CMD_SESSION_NEW $s $new $id $pd \
		$KBNG_A_SESSION_STARTED=u64:1000000000 $KBNG_A_SESSION_TIME=u32:4000000000 \
		$KBNG_A_SESSION_LEASE_TIME=u32:3600 $KBNG_A_SESSION_LEASE_LEFT=u32:1800 \
		$KBNG_A_SESSION_RENEWALS=u32:7 $KBNG_A_SESSION_HOSTNAME=text:box \
		$KBNG_A_SESSION_LINK_LOCAL=hex:fe800000000000000000000000000001 \
		$KBNG_A_SESSION_UP{ $count } $KBNG_A_SESSION_DOWN{ $count } \
		$KBNG_A_SESSION_LINE{ $KBNG_A_LINE_ACTUAL_UP=u64:5000000 } \
		$KBNG_A_SESSION_DROPS{ $KBNG_A_DROP_SHAPER_UP=u64:2 $KBNG_A_DROP_AQM_UP=u64:3 } }
	refused "EEXIST the MAC has a session .*" $KBNG_CMD_SESSION_NEW $s $new $id }
	new=${new/0001/0002} new=${new/0101/0102}
	refused "EEXIST a session has this uuid" $KBNG_CMD_SESSION_NEW $s $new $id }
	refused "EINVAL only static prefixes can be changed" $KBNG_CMD_SESSION_SET $s $id $pd }
	refused "EINVAL the command does not take .*" $KBNG_CMD_SESSION_SET $s $id \
		$KBNG_A_SESSION_STARTED=u64:1 }
	}
	kbng -j session show $uuid | jq -e '.[0] | .state == "active" and
		.started == 1000000000 and (.time - 4000000000 | . >= 0 and . < 60) and
		.lease_time == 3600 and .lease_left <= 1800 and .lease_left > 1740 and
		.renewals == 7 and .up == { packets4: 1, octets4: 20000000000,
			packets6: 3, octets6: 4, drops: 5 } and .down.drops == 0 and
		.line.actual_up == 5000000 and (.prefixes[0] | .kind == "pd" and
			.preferred == 500 and .valid == 1000 and
			.left <= 400 and .left > 340)' > "$TMP/shown"
	kbng session clear all
	expect '20000000000' eval "kbng -j session show $uuid | jq '.[0].up.octets4'"
	kbng session forget all
}

of() # DIGITS COUNT: them so often
{
	printf "$1%.0s" $(seq "$2")
}

# A session with all that it may have fits into one notification.
largest_session()
{
	local s="$KBNG_A_SESSION{" uuid=00112233-4455-6677-8899-aabbccddeeff
	local new p count line drops policy octets lost radius6 n

	lost=$(counter ntf_lost)
	new="$KBNG_A_SESSION_IFINDEX=u32:$(on bng cat /sys/class/net/acc0/ifindex)
		$KBNG_A_SESSION_MAC=hex:020000000001 $KBNG_A_SESSION_ADDR4=hex:0a400101
		$KBNG_A_SESSION_UUID=hex:${uuid//-/} $KBNG_A_SESSION_STATE=u32:$KBNG_STATE_ACTIVE
		$KBNG_A_SESSION_SERVER=hex:c0000202 $KBNG_A_SESSION_FRAMED_ADDR4=hex:0a400101"
	p=$(for n in 1 2 3 4 5 6 7 8; do
		echo "$KBNG_A_SESSION_PREFIX{ $KBNG_A_PREFIX_ADDR=hex:20010db8000${n}00$(of 00 9)
			$KBNG_A_PREFIX_LEN=u32:56 $KBNG_A_PREFIX_KIND=u32:$KBNG_PREFIX_PD
			$KBNG_A_PREFIX_PREFERRED=u32:500 $KBNG_A_PREFIX_VALID=u32:1000
			$KBNG_A_PREFIX_LEFT=u32:400 }"
	done)
	count="$KBNG_A_COUNT_PACKETS4=u64:1 $KBNG_A_COUNT_OCTETS4=u64:2
		$KBNG_A_COUNT_PACKETS6=u64:3 $KBNG_A_COUNT_OCTETS6=u64:4"
	line=$(for n in $(seq $KBNG_A_LINE_ACTUAL_UP $KBNG_A_LINE_ATTAINABLE_DOWN); do
		echo "$n=u64:1000000"
	done)
	drops=$(for n in $(seq $KBNG_A_DROP_SPOOFED_IFACE $KBNG_A_DROP_AQM_DOWN); do
		echo "$n=u64:1"
	done)
	policy="$KBNG_A_POLICY_NAME=text:$(of p 63) $KBNG_A_POLICY_QUOTA=u64:1
		$KBNG_A_POLICY_RATE_UP=u64:64000 $KBNG_A_POLICY_BURST_UP=u32:9000"
	radius6=$(of ac7e"$(of 70 124)" 4)	# pools
	octets="$KBNG_A_SESSION_CIRCUIT_ID=hex:$(of 63 120) $KBNG_A_SESSION_REMOTE_ID=hex:$(of 72 120)
		$KBNG_A_SESSION_HOSTNAME=hex:$(of 68 63) $KBNG_A_SESSION_AGENT=hex:$(of 61 255)
		$KBNG_A_SESSION_RADIUS_ATTRS=hex:$(of 52 120) $KBNG_A_SESSION_COOKIE=hex:$(of 6b 1024)
		$KBNG_A_SESSION_LINK_LOCAL=hex:fe80$(of 00 13)01"
	radius6+=6408$(of 70 6)
	start monitor bng "$BIN/kbng" -j monitor
	busywait 30 monitor_joined
	# shellcheck disable=SC2086
	expect "ok 1" genl bng $KBNG_CMD_SESSION_NEW $s $new $p $octets \
		$KBNG_A_SESSION_RADIUS6=hex:$radius6 $KBNG_A_SESSION_POLICY{ $policy } \
		$KBNG_A_SESSION_STARTED=u64:1 $KBNG_A_SESSION_TIME=u32:2 $KBNG_A_SESSION_RENEWALS=u32:7 \
		$KBNG_A_SESSION_LEASE_TIME=u32:3600 $KBNG_A_SESSION_LEASE_LEFT=u32:1800 \
		$KBNG_A_SESSION_UP{ $count } $KBNG_A_SESSION_DOWN{ $count } \
		$KBNG_A_SESSION_LINE{ $line } $KBNG_A_SESSION_DROPS{ $drops } }
	busywait 30 grep -q $uuid "$TMP/monitor.log"
	expect "$lost" counter ntf_lost
	expect "0x$radius6" eval "kbng -j session show $uuid | jq -r '.[0].radius6_attributes'"
	stop monitor INT
	kbng session clear all
	kbng session forget all
}

# What DHCPv6 servers and hosts rely upon.
radius6_is_checked()
{
	local set="$KBNG_CMD_SESSION_SET $KBNG_A_SESSION{" a=$KBNG_A_SESSION_RADIUS6 id dns route

	id=$(kbng session new iface acc0 mac "$(mac 1)" address 10.64.1.1)
	set+=" $KBNG_A_SESSION_UUID=hex:${id//-/}"
	dns=a912$(of 20 16) route=aa0a0020$(of 20 6)
	# shellcheck disable=SC2086
	{
	refused "EINVAL RADIUS attributes about IPv6 are .*" $set $a=hex:580370 }
	refused "EINVAL RADIUS attributes about IPv6 of a wrong length" $set $a=hex:6402 }
	refused "EINVAL RADIUS attributes about IPv6 of a wrong length" $set $a=hex:640470 }
	refused "EINVAL RADIUS attributes about IPv6 of a wrong length" $set $a=hex:a9112020 }
	refused "EINVAL RADIUS attributes about IPv6 of a wrong length" $set $a=hex:${route/0020/0031} }
	refused "E2BIG a session has at most 8 DNS servers" $set $a=hex:"$(of "$dns" 9)" }
	refused "E2BIG a host is told of at most 8 routes" $set $a=hex:"$(of "$route" 9)" }
	refused "ERANGE .*" $set $a=hex:"$(of 640370 171)" }
	expect null eval "kbng -j session show $id | jq -r '.[0].radius6_attributes'"
	expect "ok 0" genl bng $set $a=hex:"$(of "$dns" 8)$(of "$route" 8)" }
	expect "0x$(of "$dns" 8)$(of "$route" 8)" eval "kbng -j session show $id | jq -r '.[0].radius6_attributes'"
	expect "ok 0" genl bng $set $a=hex: }
	}
	expect null eval "kbng -j session show $id | jq -r '.[0].radius6_attributes'"
	kbng session clear all
	kbng session forget all
}

# In a namespace whose state nothing depends on, since some may be obeyed.
noise_is_survived()
{
	local n before

	before=$(kbng -j iface list)
	box noise
	for n in 1 2 3 4; do ip -n noise link add type veth; done
	on noise "$TOOLS/genl" -n 5000 $RANDOM | sort | uniq -c | sort -n > "$TMP/noise"
	sed 's/^/# /' "$TMP/noise" >&2
	expect "$before" kbng -j iface list
	ip netns del noise
}

# --- Dumps ------------------------------------------------------------------

batch() # FIRST LAST [CIRCUIT-ID]
{
	local n

	for ((n = $1; n <= $2; n++)); do
		echo "iface acc0 mac $(mac "$n") address 10.64.$((n / 250 + 1)).$((n % 250 + 1)) circuit-id ${3:-line-$((n % 10))}"
	done | kbng session new --batch -
}

dump_has_all_in_order()
{
	kbng -j session list > "$TMP/dump"
	expect "$SESSIONS" jq length "$TMP/dump"
	expect "$SESSIONS" jq '[.[].uuid] | unique | length' "$TMP/dump"
	expect "$SESSIONS" jq '[.[].mac] | unique | length' "$TMP/dump"
	expect true jq '[.[].id] | . == (sort | unique)' "$TMP/dump"
}

filters_run_in_the_kernel()
{
	# The circuit-id line-3 as octets.
	expect "ok $((SESSIONS / 10))" genl bng -d $KBNG_CMD_SESSION_GET \
		"$KBNG_A_SESSION{" $KBNG_A_SESSION_CIRCUIT_ID=hex:6c696e652d33 "}"
	expect "ok 1" genl bng -d $KBNG_CMD_SESSION_GET \
		"$KBNG_A_SESSION{" "$KBNG_A_SESSION_MAC=hex:$(mac 7 | tr -d :)" "}"
	expect "ok 0" genl bng -d $KBNG_CMD_SESSION_GET \
		"$KBNG_A_SESSION{" $KBNG_A_SESSION_STATE=u32:$KBNG_STATE_STOPPED "}"
	expect 1 eval 'kbng -j session list address 10.64.1.8 | jq length'
}

dump_resumes_after_an_id()
{
	local id

	id=$(jq '.[999].id' "$TMP/dump")
	expect "ok $((SESSIONS - 1000))" genl bng -d $KBNG_CMD_SESSION_GET \
		"$KBNG_A_SESSION{" "$KBNG_A_SESSION_ID=u32:$id" "}"
}

# Those that live on are in every dump exactly once, whatever comes and goes.
dump_survives_change()
{
	local n first=$((SESSIONS + 1)) changer

	jq -r '.[].uuid' "$TMP/dump" | sort > "$TMP/permanent"
	until [ -e "$TMP/enough" ]; do
		batch $first $((first + 49)) guest
		kbng session clear circuit-id guest
		kbng session forget circuit-id guest
	done > "$TMP/changer.log" 2>&1 &
	changer=$!
	for n in {1..5}; do
		kbng -j session list | jq -r '.[].uuid' | sort > "$TMP/during"
		kill -0 $changer	# it goes on
		expect "" comm -23 "$TMP/permanent" "$TMP/during"
		expect "" uniq -d "$TMP/during"
	done
	touch "$TMP/enough"
	wait $changer
}

# The newest number is the sum of what happened, and no number is missing.
notifications_are_numbered()
{
	local before after

	start monitor bng "$BIN/kbng" -j monitor
	# It has joined when it sees a first event.
	busywait 20 eval 'batch 3001 3001; kbng session clear mac $(mac 3001);
		kbng session forget mac $(mac 3001); [ -s "$TMP/monitor.log" ]'
	before=$(kbng -j stats | jq .module.seq)
	batch 3002 3101
	kbng session clear iface acc0 mac "$(mac 3002)"
	after=$(kbng -j stats | jq .module.seq)
	expect 101 echo $((after - before))
	busywait 20 grep -q "\"seq\":$after" "$TMP/monitor.log"
	stop monitor INT
	expect "" eval 'jq .seq "$TMP/monitor.log" | awk "NR > 1 && \$1 != last + 1; { last = \$1 }"'
}

topo_up 1
bng_ifaces max-sessions 5000
check "every command needs CAP_NET_ADMIN" commands_need_cap_net_admin
check "joining a group needs CAP_NET_ADMIN" groups_need_cap_net_admin
check "kbng says in one line what is missing" cli_says_what_is_missing
check "a user namespace rules its own network only" user_namespace_rules_its_own
check "namespaces see nothing of each other" namespaces_are_separate
check "malformed requests are refused with a text" malformed_requests_get_text
check "a session is restored as it was" restored_as_it_was
check "the largest session fits into a notification" largest_session
check "RADIUS attributes about IPv6 are checked" radius6_is_checked
check "noise is survived" noise_is_survived
batch 1 $SESSIONS
check "a dump has all $SESSIONS sessions once, in order" dump_has_all_in_order
check "filters run in the kernel" filters_run_in_the_kernel
check "a dump resumes after an id" dump_resumes_after_an_id
check "a dump survives change" dump_survives_change
check "notifications are numbered without a gap" notifications_are_numbered
done_testing
