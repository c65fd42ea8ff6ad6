#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kbngd's sessions against the leases of a real Kea in `core`, both ways.  The
# clients are stock ones with leases long enough that they say nothing by
# themselves: what comes back did so without them.
# shellcheck disable=SC2154,SC2016,SC2119
. "$(dirname "$0")/lib.sh"

LEASE=3600

conf()
{
	kbngd_conf
	cat <<-EOF
	log_level: debug
	subscribers_file: $TMP/subscribers.yaml
	kea: { socket: $TMP/kea.sock, interval: ${INTERVAL:-3600}, timeout: 3 }
	EOF
}

# Pings the server, through the BNG.
online() # SUB
{
	on "$1" ping -q -c 1 -W 2 $SERVER
}

reconciled() # FILTER [OPTION...]: of a reconciliation now
{
	kbng -j reconcile "${@:2}" | jq -r "$1"
}

# A pass may be under way, the first one say.
changes() # ADOPTED CORRECTED ENDED [OPTION...]
{
	busywait 30 idle
	expect "$1 $2 $3" reconciled '"\(.adopted) \(.corrected) \(.ended)"' "${@:4}"
}

kea_is() # STATE
{
	[ "$(kbng -j status | jq -r .kea.state)" = "$1" ]
}

passes() # COUNT: at least
{
	[ "$(kbng -j status | jq .kea.passes)" -ge "$1" ]
}

idle()
{
	kbng reconcile --dry-run
}

has_session() # SUB STATE
{
	[ "$(session_of "$1" .state)" = "$2" ]
}

no_session() # SUB
{
	[ -z "$(session_of "$1" .state)" ]
}

lease_of() # SUB FILTER
{
	kea lease4-get "{\"ip-address\": \"$(addr_of "$1")\"}" | jq -r ".arguments | $2"
}

# Kea's lease of a subscriber as it is, but for some members.
lease_change() # SUB MEMBERS (JSON)
{
	kea lease4-update "$(lease_of "$1" "{\"ip-address\", \"subnet-id\",
		\"hw-address\", \"valid-lft\", \"user-context\"} + $2")" |
		jq -e '.result == 0'
}

lease_delete() # SUB
{
	kea lease4-del "{\"ip-address\": \"$(addr_of "$1")\"}" | jq -e '.result == 0'
}

kea_again()
{
	KEA_PIDFILE_DIR=$TMP KEA_LOCKFILE_DIR=$TMP KEA_DHCP_DATA_DIR=$TMP \
		start kea core kea-dhcp4 -c "$TMP/kea.json"
	wait_log 60 kea DHCP4_STARTED
}

# --- Tests ------------------------------------------------------------------

in_line()
{
	for n in 1 2 3; do busywait 30 has_session sub$n active; done
	changes 0 0 0
	expect '3 3 0' reconciled '"\(.leases) \(.sessions) \(.failed)"'
	kea_is up
}

dry_run()
{
	lease_delete sub3
	changes 0 0 1 --dry-run
	expect "end $(addr_of sub3) $(mac 3)" reconciled \
		'.changes[] | "\(.action) \(.address) \(.mac)"' --dry-run
	has_session sub3 active
}

lease_gone()
{
	local id

	id=$(session_of sub3 .uuid)
	changes 0 0 1
	busywait 20 no_session sub3
	expect Lost-Service eval "'$BIN/kbngd' -c '$TMP/kbngd.yaml' --events |
		jq -r 'select(.session_id == \"$id\" and
		.event_type == \"SESSION_STOP\") | .terminate_cause'"
	fails online sub3
	online sub1
	online sub2
}

# By itself, and not only when it is asked.
lease_gone_in_time()
{
	stop kbngd
	INTERVAL=5 conf | kbngd_start
	kbngd_ready
	udhcpc_renew sub3
	lease_delete sub3
	busywait 30 no_session sub3
	stop kbngd
	conf | kbngd_start
	kbngd_ready
	busywait 30 kea_is up
	udhcpc_renew sub3
}

udhcpc_renew() # SUB: get an address again
{
	stop "udhcpc-$1" KILL
	ip -n "$1" address flush dev eth0
	udhcpc_start "$1"
	busywait 30 has_session "$1" active
}

# Nothing but its lease tells that there was a session.
module_reloaded()
{
	local n

	stop kbngd KILL
	rmmod kbng
	modprobe kbng
	kbngd_restart
	kbngd_ready
	for n in 1 2 3; do busywait 60 has_session sub$n active; done
	for n in 1 2 3; do online sub$n; done
	expect 0 counter dhcp_relayed
	expect '3 0' eval "kbng -j status | jq -r '.kea | \"\\(.adopted) \\(.unknown)\"'"
	expect $SERVER session_of sub1 .server
	expect true session_of sub1 ".lease_left <= $LEASE and .lease_left > $LEASE - 900"
	changes 0 0 0
}

# What was adopted is one of DHCP's sessions like any other.
adopted_and_gone()
{
	lease_delete sub3
	changes 0 0 1
	busywait 20 no_session sub3
	udhcpc_renew sub3
}

on_its_vlans()
{
	local n

	stop kbngd
	conf | sed 's/role: access,/& vlan: both,/' | kbngd_start
	kbngd_ready
	sub_add sub4 "$(mac 4)"
	sub_tags sub4 802.1ad 100 802.1Q 7
	udhcpc_start sub4
	busywait 30 has_session sub4 active
	stop kbngd
	rmmod kbng
	modprobe kbng
	kbngd_restart
	kbngd_ready
	for n in 1 2 3 4; do busywait 60 has_session sub$n active; done
	expect "100 7 802.1ad" session_of sub4 '"\(.vlan) \(.inner_vlan) \(.vlan_protocol)"'
	for n in 1 2 3 4; do online sub$n; done
	stop udhcpc-sub4
	busywait 20 no_session sub4
	stop kbngd
	conf | kbngd_start
	kbngd_ready
	changes 0 0 0
}

ended_on_purpose()
{
	kbng session clear "$(addr_of sub2)"
	busywait 20 no_session sub2
	changes 0 0 0
	expect 1 reconciled .tombstones
	kbngd_again
	busywait 30 kea_is up
	changes 0 0 0
	no_session sub2
	udhcpc_renew sub2
	changes 0 0 0
	expect 0 reconciled .tombstones
}

kbngd_again()
{
	stop kbngd KILL
	kbngd_restart
	kbngd_ready
}

# Cleared while the daemon was away: that it was ended is in the kernel.
ended_while_dead()
{
	stop kbngd KILL
	kbng session clear "$(addr_of sub2)"
	kbngd_restart
	kbngd_ready
	busywait 30 kea_is up
	busywait 20 no_session sub2
	changes 0 0 0
	no_session sub2
	udhcpc_renew sub2
}

expiry()
{
	lease_change sub1 '{"valid-lft": 1200}'
	changes 0 1 0
	expect true session_of sub1 '.lease_left <= 1200 and .lease_left > 1000'
	changes 0 0 0
	online sub1
}

# The lease is somebody else's now.
other_owner()
{
	lease_change sub3 "{\"hw-address\": \"$(mac 99)\"}"
	changes 0 0 1
	busywait 20 no_session sub3
	lease_delete sub3
	udhcpc_renew sub3
}

# A line that is not ours, as all BNGs of a Kea have their leases there.
foreign_lease()
{
	kea lease4-add "{\"ip-address\": \"10.64.1.250\", \"hw-address\": \"$(mac 77)\",
		\"user-context\": {\"ISC\": {\"relay-agent-info\": \"0x0103626e67\"}}}" |
		jq -e '.result == 0'
	changes 0 0 0
	expect 1 reconciled .unknown
	kea lease4-del '{"ip-address": "10.64.1.250"}'
}

without_dhcp()
{
	kbng session new iface acc0 mac "$(mac 50)" address 10.64.9.9 state active
	changes 0 0 0
	expect active eval "kbng -j session show 10.64.9.9 | jq -r '.[0].state'"
	kbng session clear 10.64.9.9
}

# A lease database that was lost must not end everybody's session.
leases_lost()
{
	local n

	for n in $(seq 60 79); do
		echo "iface acc0 mac $(mac "$n") address 10.64.8.$n server $SERVER"
	done | kbng session new --batch -
	busywait 60 eval 'kbng status | grep -q "active: 23"'
	! kbng reconcile 2> "$TMP/refused" || return
	grep -q 'no lease for 20 of 23 sessions: if that is right, kbng reconcile --force' \
		"$TMP/refused"
	kea_is down
	changes 0 0 20 --dry-run
	changes 0 0 20 --force
	kea_is up
	for n in 1 2 3; do has_session sub$n active; done
}

kea_killed()
{
	stop kea KILL
	! kbng reconcile 2> "$TMP/refused" || return
	grep -q 'kbng: Kea: ' "$TMP/refused"
	kea_is down
	grep -q 'not reconciled with Kea, sessions stay as they are' "$TMP/kbngd.log"
	for n in 1 2 3; do has_session sub$n active; done
	online sub1
	kea_again
	changes 0 0 0
	kea_is up
}

# It does not wait for Kea with anything else.
kea_paused()
{
	kill -STOP "$(pid_of kea)"
	kbng reconcile 2> "$TMP/refused" &
	kbng session clear "$(addr_of sub3)"
	busywait 20 no_session sub3
	! wait $! || return
	kea_is down
	kill -CONT "$(pid_of kea)"
	busywait 30 idle
	changes 0 0 0
	udhcpc_renew sub3
}

# The same over HTTP, with basic authentication.
agent_start()
{
	cat > "$TMP/agent.json" <<-EOF
	{ "Control-agent": {
		"http-host": "$SERVER", "http-port": 8000,
		"authentication": { "type": "basic", "realm": "kea",
			"clients": [ { "user": "kbng", "password": "s3cret" } ] },
		"control-sockets": { "dhcp4": {
			"socket-type": "unix", "socket-name": "$TMP/kea.sock" } },
		"loggers": [ { "name": "kea-ctrl-agent", "severity": "INFO",
			"output_options": [ { "output": "stdout" } ] } ]
	} }
	EOF
	KEA_PIDFILE_DIR=$TMP KEA_LOCKFILE_DIR=$TMP \
		start agent core kea-ctrl-agent -c "$TMP/agent.json"
	busywait 60 listens t 8000
}

over_http() # PASSWORD
{
	stop kbngd
	(umask 077 && echo "$1" > "$TMP/kea.secret")
	conf | sed "s|socket: $TMP/kea.sock|host: $SERVER, user: kbng, password_file: $TMP/kea.secret|" |
		kbngd_start
	kbngd_ready
}

http_in_line()
{
	agent_start
	over_http s3cret
	for n in 1 2 3; do busywait 30 has_session sub$n active; done
	changes 0 0 0
	expect '3 3 0' reconciled '"\(.leases) \(.sessions) \(.failed)"'
	kea_is up
}

http_lease_gone()
{
	lease_delete sub3
	changes 0 0 1
	busywait 20 no_session sub3
	online sub1
	udhcpc_renew sub3
}

http_refused()
{
	over_http wrong
	busywait 30 kea_is down
	kbng status | grep -q 'HTTP status 401: see kea.user and kea.password_file'
	for n in 1 2 3; do has_session sub$n active; done
	over_http s3cret
	busywait 30 kea_is up
}

# Kea behind it is away, then the agent is silent, then killed.
http_trouble()
{
	stop kea KILL
	fails kbng reconcile
	kea_is down
	kea_again
	changes 0 0 0
	kill -STOP "$(pid_of agent)"
	says 'no answer in time' kbng reconcile
	kill -CONT "$(pid_of agent)"
	busywait 30 idle
	changes 0 0 0
	stop agent KILL
	says 'kbng: Kea: connection refused' kbng reconcile
	for n in 1 2 3; do has_session sub$n active; done
}

no_kea_section()
{
	stop kbngd
	conf | grep -v ^kea: | kbngd_start
	kbngd_ready
	! kbng reconcile 2> "$TMP/refused" || return
	grep -q 'the configuration has no kea section' "$TMP/refused"
}

topo_up 3
echo 'subscribers: [ { rate_up: 10M, rate_down: 40M } ]' > "$TMP/subscribers.yaml"
kea_start $LEASE "$(kea_control)"
conf | kbngd_start
kbngd_ready
for n in 1 2 3; do udhcpc_start sub$n; done
check "sessions and leases agree" in_line
check "a dry run tells and does nothing" dry_run
check "a session without lease is ended" lease_gone
check "a session without lease is ended in time" lease_gone_in_time
check "the module is loaded anew: service returns without DHCP" module_reloaded
check "an adopted session without lease is ended" adopted_and_gone
check "an adopted session is on its VLANs" on_its_vlans
check "what was ended on purpose is not adopted" ended_on_purpose
check "nor if it was ended while kbngd was dead" ended_while_dead
check "the lease says when it is over" expiry
check "a session whose lease is another client's is ended" other_owner
check "a lease of another BNG stays alone" foreign_lease
check "a session without DHCP stays alone" without_dhcp
check "half of the leases lost: nothing ends without --force" leases_lost
check "Kea killed: nothing happens to sessions" kea_killed
check "Kea paused: nothing waits for it" kea_paused
check "over HTTP: sessions and leases agree" http_in_line
check "over HTTP: a session without lease is ended" http_lease_gone
check "over HTTP: a wrong password is told, and harms nobody" http_refused
check "over HTTP: Kea away, its agent paused or killed" http_trouble
check "without a kea section it says so" no_kea_section
done_testing
