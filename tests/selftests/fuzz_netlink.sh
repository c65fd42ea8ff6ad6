#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Requests made from uapi/kbng.yaml, by tests/fuzz/netlink/run.py: valid, with a
# defect, noise, badly framed, dumps left half read. Meanwhile packets pass, and
# sessions, ifaces and devices come and go.
#
#   sub1 ─┐   acc        bng           core
#   sub2 ─┤ ┌─────┐ ┌─────────────┐ ┌────────┐   UDP both ways; f0..f7 in bng
#         └─┤ br0 ├─┤ acc0  core0 ├─┤ srv    │   are the fuzzers'
#           └─────┘ └─────────────┘ └────────┘
#
# FUZZ_SECONDS (20) is how long it takes; set SEED to repeat a run.
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/traffic.bash"

SEED=${SEED:-$RANDOM$RANDOM}
FUZZ_SECONDS=${FUZZ_SECONDS:-20}

fuzz() # NET [OPTION...]: on devices of its own
{
	local first=$(($1 * 4 - 4))

	on bng python3 "$selftests/../fuzz/netlink/run.py" --net "$1" "${@:2}" \
		f$first f$((first + 1)) f$((first + 2)) f$((first + 3))
}

# What else happens: sessions of acc0 come and go with their iface, and a device.
churn()
{
	local n

	set +e
	while :; do
		for n in 1 2; do
			echo "iface acc0 mac $(mac $n) address 10.64.1.$n state active rate-up 500k"
		done | kbng session new --batch -
		for n in {1..5}; do
			kbng session set 10.64.1.1 rate-up $((n * 100))k
			kbng session list
		done
		kbng iface del acc0
		kbng session forget iface acc0
		ip -n bng link add x0 type veth peer x1
		kbng iface set x0 role access
		kbng session new iface x0 mac "$(mac 9)" address 10.64.9.9
		ip -n bng link del x0
		bng_ifaces
	done > "$TMP/churn" 2>&1
}

same_seed_same_requests()
{
	local digest n

	for n in 1 2; do
		fuzz 1 --seed "$SEED" --count 300 > "$TMP/run$n"
		kbng iface list
	done
	digest=$(grep digest "$TMP/run1")
	expect "$digest" grep digest "$TMP/run2"
}

requests_are_answered_right()
{
	fuzz 1 --seed "$SEED" --seconds "$FUZZ_SECONDS" \
		> "$TMP/fuzz1" 2>&1 &
	fuzz 2 --seed $((SEED + 1)) --seconds "$FUZZ_SECONDS" > "$TMP/fuzz2" 2>&1 &
	wait %1 && wait %2 || {
		tail -n 20 "$TMP"/fuzz[12]
		return 1
	}
}

the_family_answers()
{
	stop churn
	kbng -j stats | jq -e .counters
	kbng iface del acc0 || true
	sessions_up
	passes
}

topo_up 2
for n in 0 2 4 6; do
	ip -n bng link add f$n type veth peer f$((n + 1))
done
check "the same seed makes the same requests" same_seed_same_requests
sessions_up
traffic_up
churn &
echo $! > "$TMP/pids/churn"
check "requests are answered as uapi/kbng.yaml says" requests_are_answered_right
sed -n 's/^# //p' "$TMP"/fuzz[12] | sed 's/^/# /'
check "the family answers, and packets pass" the_family_answers
traffic_down
done_testing
