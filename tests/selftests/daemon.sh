#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kbngd with a real FreeRADIUS and Redis in `core`.  Sessions are made with
# `kbng session new`, which is what a DHCPACK comes to, so that each phase of a
# session's life can be held and broken into.
# shellcheck disable=SC2154,SC2016,SC2086
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/aaa.bash"

# --- Configuration ----------------------------------------------------------

conf_base()
{
	kbngd_conf
	cat <<-EOF
	interim_interval: ${INTERIM:-300}
	log_level: debug
	nas: { address: $BNG }
	shapers:
	  - { name: port, rate_down: 1G }
	  - { name: node, parent: port, rate_up: 100M, rate_down: 100M }
	EOF
}

conf_radius()
{
	cat <<-EOF
	radius:
	  auth_servers: [{ address: $SERVER, secret_file: $TMP/radius.secret }]
	  acct_servers: [{ address: $SERVER, secret_file: $TMP/radius.secret }]
	  username: '{mac}'
	  password_file: $TMP/password.secret
	  timeout: 1
	  retries: 0
	  workers: 2
	  retry_pending: 1
	  retry_rejected: 4
	EOF
}

conf_redis()
{
	echo "redis: { host: $SERVER, stream: events }"
}

conf()
{
	conf_base
	conf_radius
	conf_redis
}

users()
{
	cat <<-EOF
	DEFAULT User-Name == "$(mac 3)", Auth-Type := Reject
	        Reply-Message = "unpaid"
	DEFAULT User-Name == "$(mac 1)"
	        KBNG-Shaper = "node", Fall-Through = Yes
	DEFAULT User-Name == "$(mac 5)"
	        KBNG-Shaper = "nowhere", Fall-Through = Yes
	DEFAULT Cleartext-Password := "pa{ss"
	        Class = "class-1", Class += 0x00ff01,
	        WISPr-Bandwidth-Max-Up = 2000000,
	        WISPr-Bandwidth-Max-Down = 8000000,
	        Filter-Id = "silver"
	EOF
}

# --- Events -----------------------------------------------------------------

in_stream() # the events as JSON objects, one a line
{
	redis --json XRANGE events - + | jq -c '.[][1] | . as $v |
		[range(0; length; 2) | {($v[.]): $v[. + 1]}] | add'
}

events_of() # UUID: their types in order
{
	in_stream | jq -r "select(.session_id == \"$1\") | .event_type" | xargs
}

events_are() # UUID TYPES
{
	[ "$(events_of "$1")" = "$2" ]
}

# Numbered from 1 in order, each number once, all of one instance.
sequence_is_whole()
{
	in_stream | jq -es '(map(.instance_id) | unique | length) == 1 and
		map(.seq | tonumber) == [range(1; length + 1)]' || {
		in_stream | jq -r .seq | xargs
		return 1
	}
}

# --- Traffic ----------------------------------------------------------------

sub_address() # N: what `new N` gave, without DHCP
{
	ip -n "sub$1" address replace "$(address "$1")/16" dev eth0
	ip -n "sub$1" route replace default via "$GATEWAY"
}

# COUNT pings of 100 octets each way, IP header included.
pings() # N COUNT
{
	on "sub$1" ping -q -s 72 -i 0.05 -W 5 -c "$2" $SERVER
}

# --- Servers ----------------------------------------------------------------

# It keeps what it was given when it is started again.
redis_up()
{
	redis_start --appendonly yes --appendfsync always
}

radius_up()
{
	users | freeradius_start "$checkout/daemon/dictionary/dictionary.kbng"
}

# --- Tests: what it says when it cannot run ---------------------------------

says() # TEXT: kbngd fails with one line that has it
{
	! "${@:2}" 2> "$TMP/says" || return
	cat "$TMP/says" >&2
	[ "$(wc -l < "$TMP/says")" = 1 ]
	grep -qF -- "$1" "$TMP/says"
}

config_errors()
{
	conf > "$TMP/kbngd.yaml"
	on bng "$BIN/kbngd" -c "$TMP/kbngd.yaml" --check
	sed 's/^interim_interval:/interim:/' "$TMP/kbngd.yaml" > "$TMP/bad.yaml"
	says "$TMP/bad.yaml:6: interim: unknown key" \
		"$BIN/kbngd" -c "$TMP/bad.yaml" --check
	says 'create it' "$BIN/kbngd" -c "$TMP/nothing.yaml"
	chmod 644 "$TMP/password.secret"
	says "radius.password_file: others than its owner can read $TMP/password.secret: chmod 600" \
		"$BIN/kbngd" -c "$TMP/kbngd.yaml"
	chmod 600 "$TMP/password.secret"
}

no_capability()
{
	conf > "$TMP/kbngd.yaml"
	says 'needs CAP_NET_ADMIN: run it as root' on bng setpriv \
		--bounding-set -net_admin --inh-caps -net_admin \
		"$BIN/kbngd" -c "$TMP/kbngd.yaml"
}

second_daemon()
{
	says 'another kbngd runs in this network namespace' \
		on bng "$BIN/kbngd" -c "$TMP/kbngd.yaml"
}

status()
{
	kbng status | tee /dev/stderr | grep -qx '  bng id: bng-t'
	expect 'bng-t 1 up' eval "kbng -j status |
		jq -r '\"\(.kbngd.bng_id) \(.sessions.active) \(.redis.state)\"'"
	expect "$(pid_of kbngd)" eval "kbng -t status | sed -n 's/^kbngd.pid\t//p'"
	says "takes no arguments" kbng status now
}

# Abstract sockets have no mode.
status_is_roots()
{
	says 'kbngd answers root alone' on bng setpriv --reuid 65534 \
		--clear-groups "$BIN/kbng" status
	kbng status > /dev/null
}

reload_is_checked()
{
	sed -i 's/^interim_interval:/interim:/' "$TMP/kbngd.yaml"
	says 'kbngd.yaml:6: interim: unknown key' kbng reload
	conf | sed 's/name: core0/name: core7/' > "$TMP/kbngd.yaml"
	says 'there is no device core7' kbng reload
	kill -HUP "$(pid_of kbngd)"
	wait_log 20 kbngd 'not reloaded: there is no device core7'
	expect bng-t eval 'kbng -j status | jq -r .kbngd.bng_id'
}

runs_as() # BNG_ID
{
	[ "$(kbng -j status | jq -r .kbngd.bng_id)" = "$1" ]
}

# The same process and sessions, and nothing is told twice.
reload()
{
	local id pid

	id=$(cat "$TMP/id1")
	pid=$(pid_of kbngd)
	conf | sed 's/bng_id: bng-t/bng_id: bng-u/' > "$TMP/kbngd.yaml"
	kbng reload
	busywait 20 runs_as bng-u
	conf > "$TMP/kbngd.yaml"
	kill -HUP "$pid"
	busywait 20 runs_as bng-t
	expect "$pid" eval 'kbng -j status | jq .kbngd.pid'
	state_is "$id" active
	# An update may be due at any moment after it.
	expect 'POLICY_APPLY SESSION_START' eval "events_of $id | sed 's/ SESSION_UPDATE//g'"
	expect 1 records Start "$id"
}

# The check cannot know: it goes on with what it had.
reload_fails()
{
	mkdir "$TMP/full.db"
	conf | sed "s|journal: .*|journal: { path: $TMP/full.db }|" > "$TMP/kbngd.yaml"
	kbng reload
	wait_log 20 kbngd 'going on with the configuration before it'
	busywait 20 runs_as bng-t
	conf > "$TMP/kbngd.yaml"
}

not_running()
{
	says 'no kbngd runs in this network namespace: systemctl start kbngd' \
		kbng status
}

no_device()
{
	conf | sed 's/name: core0/name: core7/' > "$TMP/bad.yaml"
	says 'there is no device core7: create it first' \
		on bng "$BIN/kbngd" -c "$TMP/bad.yaml"
}

# --- Tests: authentication --------------------------------------------------

accept()
{
	local id

	id=$(new 1)
	busywait 20 state_is "$id" active
	expect '2000000 8000000 silver' field "$id" \
		'.policy | "\(.rate_up) \(.rate_down) \(.name)"'
	expect node field "$id" .shaper
	expect 'port  1000000000 node port 100000000' eval \
		"kbng -j shaper list | jq -r '.[] | .name, .parent // \"\", .rate_down' | xargs -d '\n'"
	busywait 20 has_record Start "$id"
	busywait 20 events_are "$id" 'POLICY_APPLY SESSION_START'
	echo "$id" > "$TMP/id1"
}

identity()
{
	local id

	id=$(cat "$TMP/id1")
	expect "$(mac 1)" record Start "$id" User-Name
	expect "$(mac 1)" record Start "$id" Calling-Station-Id
	expect acc0 record Start "$id" NAS-Port-Id
	expect bng-t record Start "$id" NAS-Identifier
	expect $BNG record Start "$id" NAS-IP-Address
	expect "$(address 1)" record Start "$id" Framed-IP-Address
	expect Ethernet record Start "$id" NAS-Port-Type
	expect 0x0001ff record Start "$id" ADSL-Agent-Remote-Id
	expect '0x636c6173732d31 0x00ff01' eval \
		"record Start $id Class | xargs"
}

reject()
{
	local id

	id=$(new 3)
	busywait 20 state_is "$id" rejected
	busywait 20 events_are "$id" POLICY_APPLY
	expect reject eval "in_stream | jq -r 'select(.session_id == \"$id\") | .result'"
	expect 0 records Start "$id"
	echo "$id" > "$TMP/id3"
}

reject_is_retried()
{
	local id

	id=$(cat "$TMP/id3")
	sed -i "/$(mac 3)/,+1d" "$TMP/raddb/authorize"
	stop freeradius
	freeradius_restart
	busywait 60 state_is "$id" active
	busywait 20 events_are "$id" 'POLICY_APPLY POLICY_APPLY SESSION_START'
}

# Its lease is extended: no need to wait for retry_rejected.
reject_is_retried_on_renewal()
{
	local id

	stop kbngd
	conf | sed 's/retry_rejected: 4/retry_rejected: 3600/' | kbngd_start
	kbngd_ready
	kea_start
	udhcpc_start sub4
	id=$(session_of sub4 .uuid)
	busywait 20 state_is "$id" active
	kbng session set "$id" state rejected
	sleep 1
	state_is "$id" rejected
	kill -USR1 "$(pid_of udhcpc-sub4)"
	busywait 20 state_is "$id" active
	stop udhcpc-sub4
	busywait 20 forgotten "$id"
	stop kea
	stop kbngd
	conf | kbngd_start
	kbngd_ready
}

no_answer()
{
	local id i

	stop freeradius
	for i in 5 6 7 8 9 10 11 12; do new $i; done > "$TMP/ids"
	sleep 3
	while read -r id; do state_is "$id" pending; done < "$TMP/ids"
	radius_up
	while read -r id; do busywait 90 state_is "$id" active; done < "$TMP/ids"
	# The first of them has a shaper that is not there: service goes before.
	wait_log 20 kbngd 'no shaper has this name.*nowhere'
	expect '2000000 8000000 silver' field "$(head -n 1 "$TMP/ids")" \
		'.policy | "\(.rate_up) \(.rate_down) \(.name)"'
	while read -r id; do busywait 20 has_record Start "$id"; done < "$TMP/ids"
}

second_server()
{
	local id

	stop kbngd
	conf | sed "s|auth_servers: \[|&{ address: 192.0.2.99, secret_file: $TMP/radius.secret }, |" |
		kbngd_start
	kbngd_ready
	id=$(new 13)
	busywait 20 state_is "$id" active
	expect 'dead up' eval "kbng -j status |
		jq -r '.radius.auth_servers | map(.state) | join(\" \")'"
}

# --- Tests: accounting ------------------------------------------------------

interim()
{
	local id

	stop kbngd
	INTERIM=5 conf | kbngd_start
	kbngd_ready
	id=$(cat "$TMP/id1")
	sub_address 1
	pings 1 5
	busywait 30 eval "record Interim-Update $id Acct-Input-Octets | grep -qx 500"
	expect 500 eval "record Interim-Update $id Acct-Output-Octets | tail -n 1"
	expect 5 eval "record Interim-Update $id Acct-Input-Packets | tail -n 1"
	expect 0 eval "record Interim-Update $id Acct-Input-Gigawords | tail -n 1"
	busywait 20 eval "events_of $id | grep -q SESSION_UPDATE"
	expect 500 eval "in_stream | jq -r 'select(.session_id == \"$id\" and
		.event_type == \"SESSION_UPDATE\") | .input_octets_v4' | tail -n 1"
}

# Killed and started again: the same session goes on, nothing is said twice.
killed_with_session()
{
	local id before

	id=$(cat "$TMP/id1")
	kill_kbngd
	pings 1 3
	before=$(records Interim-Update "$id")
	restart_kbngd
	busywait 30 has_record Interim-Update "$id" $((before + 1))
	expect 800 eval "record Interim-Update $id Acct-Input-Octets | tail -n 1"
	expect 1 records Start "$id"
	# no counter steps back
	expect '' eval "record Interim-Update $id Acct-Input-Octets |
		awk 'last > \$1; { last = \$1 }'"
}

stopped_while_dead()
{
	local id

	id=$(cat "$TMP/id1")
	kill_kbngd
	pings 1 2
	kbng session clear "$id"
	restart_kbngd
	busywait 30 has_record Stop "$id"
	expect 1000 record Stop "$id" Acct-Input-Octets
	expect 1000 record Stop "$id" Acct-Output-Octets
	expect Admin-Reset record Stop "$id" Acct-Terminate-Cause
	busywait 20 forgotten "$id"
	expect 1 records Start "$id"
	expect 1 eval "events_of $id | grep -o SESSION_START | wc -l"
	expect SESSION_STOP eval "events_of $id | grep -o '[A-Z_]*$'"
	expect 1000 eval "in_stream | jq -r 'select(.session_id == \"$id\" and
		.event_type == \"SESSION_STOP\") | .output_octets'"
}

never_active()
{
	local id id2

	stop freeradius
	id=$(new 19)
	sleep 1
	kbng session clear "$id"
	busywait 20 forgotten "$id"
	radius_up
	id2=$(new 20)
	busywait 20 has_record Start "$id2"	# what came before was sent
	expect 0 records Stop "$id"
	expect '' events_of "$id"
}

# Nobody takes records: Start and Stop wait, over kills, and come in order.
acct_server_down()
{
	local id

	stop kbngd
	conf | sed "s/acct_servers: \[{/& port: 1999,/" | kbngd_start
	kbngd_ready
	id=$(new 14)
	busywait 20 state_is "$id" active
	busywait 20 events_are "$id" 'POLICY_APPLY SESSION_START'
	kill_kbngd
	restart_kbngd
	kbng session clear "$id"
	busywait 20 events_are "$id" 'POLICY_APPLY SESSION_START SESSION_STOP'
	kill_kbngd
	restart_kbngd
	busywait 20 forgotten "$id"	# the journal has it
	expect 0 records Start "$id"
	stop kbngd
	conf | kbngd_start
	busywait 30 has_record Stop "$id"
	expect 1 records Start "$id"
	expect 1 records Stop "$id"
	expect 'POLICY_APPLY SESSION_START SESSION_STOP' events_of "$id"
}

killed_while_authenticating()
{
	local id

	stop freeradius
	id=$(new 15)
	sleep 1
	kill_kbngd
	radius_up
	restart_kbngd
	busywait 20 state_is "$id" active
	busywait 20 has_record Start "$id"
	expect 1 records Start "$id"
}

terminated()
{
	local n

	n=$(kbng -j session list state active | jq length)
	stop kbngd
	grep -q 'stopping, sessions stay' "$TMP/kbngd.log"
	expect "$n" eval 'kbng -j session list state active | jq length'
	restart_kbngd
}

# --- Tests: events ----------------------------------------------------------

redis_down()
{
	local id

	stop redis
	id=$(new 16)
	busywait 20 state_is "$id" active
	busywait 20 has_record Start "$id"
	kill_kbngd
	restart_kbngd
	kbng session clear "$id"
	busywait 20 has_record Stop "$id"
	redis_up
	busywait 40 events_are "$id" 'POLICY_APPLY SESSION_START SESSION_STOP'
	busywait 20 nothing_waits
	sequence_is_whole
}

redis_paused()
{
	local id

	kill -STOP "$(pid_of redis)"
	id=$(new 17)
	busywait 20 state_is "$id" active
	kill -CONT "$(pid_of redis)"
	busywait 40 events_are "$id" 'POLICY_APPLY SESSION_START'
	sequence_is_whole
}

# Redis refuses to write: all waits, and comes in order afterwards.
redis_full()
{
	local id

	redis config set maxmemory 1
	id=$(new 18)
	busywait 20 state_is "$id" active
	busywait 20 grep -q 'Redis does not take events' "$TMP/kbngd.log"
	redis config set maxmemory 0
	busywait 40 events_are "$id" 'POLICY_APPLY SESSION_START'
	sequence_is_whole
}

# --- Tests: many ------------------------------------------------------------

many_live() # [STATE]: sessions of the batch
{
	kbng -j session list ${1:+state "$1"} |
		jq -c '.[] | select(.mac | startswith("02:00:00:01:"))'
}

many_are() # COUNT [STATE]
{
	[ "$(many_live ${2:+"$2"} | wc -l)" = "$1" ]
}

many()
{
	local i n=${MANY:-300}

	for i in $(seq "$n"); do
		printf 'iface acc0 mac 02:00:00:01:%02x:%02x address 10.64.%d.%d\n' \
			$((i >> 8)) $((i & 255)) $((16 + (i >> 8))) $((i & 255))
	done | kbng session new --batch -
	many_live | jq -r .uuid > "$TMP/ids"
	expect "$n" eval "wc -l < $TMP/ids"
	kill_kbngd
	restart_kbngd
	busywait 120 many_are "$n" active
	kill_kbngd
	restart_kbngd
	kbng session clear state active
	kill_kbngd
	restart_kbngd
	busywait 120 many_are 0
	busywait 60 nothing_waits
}

nothing_waits() # for Redis
{
	[ -z "$(in_journal .seq)" ]
}

many_balance()
{
	local n

	n=$(wc -l < "$TMP/ids")
	in_stream | jq -r 'select(.event_type == "SESSION_START" or
		.event_type == "SESSION_STOP") | .event_type + " " + .session_id + " " + .seq' |
		grep -Ff "$TMP/ids" | sort -u > "$TMP/events"
	expect $((2 * n)) eval "wc -l < $TMP/events"
	expect $((2 * n)) eval "cut -d ' ' -f 1,2 $TMP/events | uniq | wc -l"
	awk -v RS= '{
		match($0, /Acct-Status-Type = [A-Za-z-]*/)
		type = substr($0, RSTART + 19, RLENGTH - 19)
		match($0, /Acct-Session-Id = "[^"]*/)
		print type, substr($0, RSTART + 19, RLENGTH - 19)
	}' "$TMP/accounting" | grep -E '^(Start|Stop) ' | grep -Ff "$TMP/ids" |
		sort -u > "$TMP/records"
	expect $((2 * n)) eval "wc -l < $TMP/records"
	sequence_is_whole
}

# --- Tests: without servers -------------------------------------------------

local_mode()
{
	local id reject last

	stop kbngd
	cat > "$TMP/subscribers.yaml" <<-EOF
	subscribers:
	  - { mac: "$(mac 21)", username: erin, policy: gold, rate_up: 10M, rate_down: 40M }
	  - { circuit_id: port-22, reject: true }
	EOF
	{
		conf_base
		echo "subscribers_file: $TMP/subscribers.yaml"
	} | kbngd_start
	kbngd_ready
	id=$(new 21)
	reject=$(new 22)
	busywait 20 state_is "$id" active
	busywait 20 state_is "$reject" rejected
	expect '10000000 40000000 gold' field "$id" \
		'.policy | "\(.rate_up) \(.rate_down) \(.name)"'
	kbng session clear "$id"
	busywait 20 forgotten "$id"
	expect 'POLICY_APPLY SESSION_START SESSION_STOP' eval \
		"in_journal 'select(.session_id == \"$id\") | .event_type' | xargs"
	expect erin eval "in_journal 'select(.session_id == \"$id\") | .username' | uniq"
	expect reject eval "in_journal 'select(.session_id == \"$reject\") | .result'"
	# numbers are numbers, and go on where the stream ended
	last=$(in_stream | jq -s 'map(.seq | tonumber) | max')
	expect $((last + 1)) eval 'in_journal .seq | sed -n 1p'
	expect number eval 'in_journal ".input_octets | type" | uniq'
}

iface_removed()
{
	stop kbngd
	{
		conf_base | grep -v core0
		echo "subscribers_file: $TMP/subscribers.yaml"
	} | kbngd_start
	kbngd_ready
	expect acc0 eval 'kbng -j iface list | jq -r ".[].iface // .[].ifname"'
}

# A root qdisc of the operator's own stays; what is fq keeps its handle.
fq_is_kept()
{
	local before

	before=$(tc -n bng -j qdisc show dev acc0 | jq -c 'map([.kind, .handle])')
	stop kbngd
	tc -n bng qdisc replace dev core0 root tbf rate 1gbit burst 1m latency 1ms
	conf | kbngd_start
	kbngd_ready
	expect "$before" eval "tc -n bng -j qdisc show dev acc0 | jq -c 'map([.kind, .handle])'"
	expect tbf eval "tc -n bng -j qdisc show dev core0 | jq -r '.[0].kind'"
	grep -q "no fq on the device" "$TMP/kbngd.log"
}

module_gone()
{
	rmmod kbng
	busywait 30 is_gone kbngd
	grep -q 'module kbng is gone: modprobe kbng' "$TMP/kbngd.log"
}

no_module()
{
	echo 'install kbng /bin/false' > /etc/modprobe.d/kbng-test.conf
	says 'module kbng is not loaded: modprobe kbng' \
		on bng "$BIN/kbngd" -c "$TMP/kbngd.yaml"
	rm /etc/modprobe.d/kbng-test.conf
}

topo_up 4
secret radius.secret testing123
secret password.secret 'pa{ss'
check "configuration errors name file, line and key" config_errors
check "without CAP_NET_ADMIN it says so" no_capability
check "without a device it says which" no_device
check "without kbngd, kbng status says so" not_running
redis_up
radius_up
conf | kbngd_start
kbngd_ready
check "a second daemon is refused" second_daemon
check "an accepted session gets its policy, a Start and its events" accept
check "a record tells who and where" identity
check "kbng status tells how the daemon is" status
check "the control socket answers root alone" status_is_roots
check "a wrong configuration is not reloaded" reload_is_checked
check "a reload keeps process and sessions" reload
check "a configuration that cannot be opened is given up" reload_fails
check "a rejected session gets no Start" reject
check "a rejected session is tried again" reject_is_retried
check "a rejected session is tried again on renewal" reject_is_retried_on_renewal
check "no answer: sessions stay pending until there is one" no_answer
check "a dead server's peer answers for it" second_server
check "interim records and updates have the octets" interim
check "kill -9: the same session goes on" killed_with_session
check "kill -9: a session stopped meanwhile yields its Stop" stopped_while_dead
check "no accounting server: records wait, in order" acct_server_down
check "kill -9 while authenticating" killed_while_authenticating
check "a session that never was active gets no Stop" never_active
check "SIGTERM ends the daemon and no session" terminated
check "Redis down and up: nothing lost, no gap" redis_down
check "Redis paused" redis_paused
check "Redis full" redis_full
check "many sessions, killed in between" many
check "many sessions: one Start and one Stop each" many_balance
check "without servers: subscriber file and journal" local_mode
check "an iface that is not configured any more goes" iface_removed
check "a qdisc of somebody else's stays" fq_is_kept
check "the daemon ends when the module is gone" module_gone
check "without the module it says what to do" no_module
check "sanitizers are silent" sanitizers_are_silent
done_testing
