#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Events while Redis fails over, with real servers in `core`, a port each:
#
#	sentinels 26379 26380 26381 ── watch ──► 6379 6380 6381, one is the master
#	cluster   7001 7002 7003, masters; 7004 to 7006, replicas of two of them
#
# Each time: in the stream of the Redis that is the master then, all that was
# ever told is there once and in order.
# shellcheck disable=SC2154,SC2016,SC2086
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/aaa.bash"

REDIS="6379 6380 6381" SENTINELS="26379 26380 26381"
NODES="7001 7002 7003 7004 7005 7006"

# --- Servers ----------------------------------------------------------------

cli() # PORT COMMAND...
{
	on core redis-cli -h $SERVER -p "$1" "${@:2}"
}

answers() # PORT
{
	[ "$(cli "$1" ping)" = PONG ]
}

redis_node() # PORT [OPTION...]: keeps what it was given when it is started again
{
	mkdir -p "$TMP/$1"
	start "redis-$1" core redis-server --bind $SERVER --port "$1" \
		--dir "$TMP/$1" --save '' --appendonly yes --protected-mode no \
		--repl-diskless-sync-delay 0 --requirepass s3cret \
		--masterauth s3cret "${@:2}"
}

sentinel() # PORT
{
	cat > "$TMP/sentinel-$1.conf" <<-EOT
	bind $SERVER
	port $1
	dir $TMP
	protected-mode no
	requirepass s3cret
	sentinel sentinel-pass s3cret
	sentinel monitor bng $SERVER 6379 2
	sentinel auth-pass bng s3cret
	sentinel down-after-milliseconds bng 3000
	sentinel failover-timeout bng 10000
	EOT
	start "sentinel-$1" core redis-server "$TMP/sentinel-$1.conf" --sentinel
}

sentinel_knows() # PORT FIELD VALUE: of the master
{
	expect "$3" eval "cli $1 --json sentinel master bng | jq -r '.\"$2\"'"
}

sentinels_up()
{
	local port

	redis_node 6379
	for port in 6380 6381; do redis_node $port --replicaof $SERVER 6379; done
	for port in 6380 6381; do busywait 60 follows $port 6379; done
	for port in $SENTINELS; do sentinel "$port"; done
	for port in $SENTINELS; do
		busywait 60 sentinel_knows "$port" num-slaves 2
		busywait 60 sentinel_knows "$port" num-other-sentinels 2
	done
}

role() # PORT
{
	cli "$1" role | head -n 1
}

follows() # PORT MASTER: and it has all of it
{
	cli "$1" role | xargs | grep -q "^slave $SERVER $2 connected "
}

others() # PORT: the other servers of the sentinels'
{
	tr ' ' '\n' <<< "$REDIS" | grep -vx "$1"
}

same_stream() # PORT PORT
{
	diff <(cli "$1" xrange events - +) <(cli "$2" xrange events - +)
}

# --- kbngd ------------------------------------------------------------------

# With the section redis on stdin.
conf()
{
	kbngd_conf
	cat <<-EOT
	interim_interval: 300
	subscribers_file: $TMP/subscribers.yaml
	metrics: { address: 127.0.0.1 }
	EOT
	cat
}

conf_sentinels() # [REPLICAS]
{
	conf <<-EOT
	redis:
	  sentinels:
	    - { address: $SERVER, port: 26399 }		# nobody
	    - { address: $SERVER }
	    - { address: $SERVER, port: 26380 }
	    - { address: $SERVER, port: 26381 }
	  master: bng
	  sentinel_password_file: $TMP/redis.secret
	  password_file: $TMP/redis.secret
	  stream: events
	  wait_replicas: ${1:-1}
	EOT
}

redis_status() # FILTER
{
	kbng -j status | jq -r ".redis | $1"
}

port() # where events go
{
	redis_status .address | sed "s/^$SERVER://"
}

sent_elsewhere() # PORT: events go, to another one
{
	[ "$(port)" != "$1" ] && [ "$(redis_status .state)" = up ]
}

sent_to() # PORT
{
	[ "$(port)" = "$1" ] && [ "$(redis_status .state)" = up ]
}

in_trouble() # PATTERN
{
	redis_status .trouble | grep -q -- "$1"
}

# Sessions come and go until `stop load`.
load()
{
	while :; do
		for n in {1..10}; do new "$n" > /dev/null || true; done
		kbng session clear all || true
	done
}

load_start()
{
	load > "$TMP/load.log" 2>&1 &
	echo $! > "$TMP/pids/load"
}

told() # how many events there were
{
	kbng -j status | jq .journal.seq
}

more_than() # EVENTS
{
	[ "$(told)" -gt "$1" ]
}

# Some events from now on.
load_goes_on()
{
	busywait 60 more_than $(($(told) + 10))
}

nothing_waits()
{
	[ "$(kbng -j status | jq .journal.events)" = 0 ]
}

stream() # PORT: the number of each of its events
{
	cli "$1" --json XRANGE events - + | jq '.[][1] | . as $v |
		[range(0; length; 2) | {($v[.]): $v[. + 1]}] | add | .seq | tonumber'
}

# All that was told is in the stream, once and in order.
is_whole()
{
	nothing_waits &&
		stream "$(port)" > "$TMP/numbers" &&
		seq "$(told)" | diff - "$TMP/numbers"
}

whole()
{
	stop load
	busywait 60 is_whole
}

# --- Tests: Sentinel --------------------------------------------------------

found()
{
	busywait 60 sent_to 6379
	load_start
	load_goes_on
	whole
	kbng status | grep -q "address: $SERVER:6379$"
}

killed()
{
	load_start
	load_goes_on
	stop redis-6379 KILL
	busywait 90 sent_elsewhere 6379
	load_goes_on
	whole
	expect master role "$(port)"
	grep -q "Redis is elsewhere now address=$SERVER:$(port) before=$SERVER:6379" \
		"$TMP/kbngd.log"
	expect 1 redis_status .moves
	expect 'kbng_redis_moves_total 1' eval 'on bng curl -sSf -m 20 \
		http://127.0.0.1:9469/metrics | grep ^kbng_redis_moves_total'
}

returned()
{
	redis_node 6379
	busywait 60 follows 6379 "$(port)"
	busywait 30 same_stream 6379 "$(port)"
}

# The sentinels make another one the master while kbngd still reaches the old
# one, which takes events that no replica will ever have.
cut_off()
{
	local old before

	old=$(port)
	before=$(told)
	on core nft -f - <<-EOT
	table ip cut {
		chain in {
			type filter hook input priority 0
			ip saddr $SERVER tcp dport $old drop
			ip saddr $SERVER tcp sport $old drop
		}
	}
	EOT
	new 11
	busywait 20 more_than "$before"
	busywait 90 sent_elsewhere "$old"
	on bng redis-cli -h $SERVER -p "$old" xlen events > "$TMP/xlen"
	[ "$(cat "$TMP/xlen")" -gt "$before" ]
	whole
	on core nft delete table ip cut
	busywait 60 follows "$old" "$(port)"
	whole
}

# Until the sentinels turn the other replica over it agrees with the old master:
# only all of the replicas are enough then.
by_hand()
{
	local old

	conf_sentinels 2 > "$TMP/kbngd.yaml"
	kbng reload
	busywait 60 sent_elsewhere ''
	old=$(port)
	load_start
	load_goes_on
	expect OK cli 26380 sentinel failover bng
	busywait 90 sent_elsewhere "$old"
	load_goes_on
	whole
	busywait 60 follows "$old" "$(port)"
}

no_replica()
{
	local master p

	master=$(port)
	for p in $(others "$master"); do stop "redis-$p" KILL; done
	new 12
	busywait 60 in_trouble '0 of 2 replicas have the events'
	fails nothing_waits
	for p in $(others "$master"); do redis_node "$p" --replicaof $SERVER "$master"; done
	busywait 90 sent_to "$master"
	whole
}

# --- Tests: Cluster ---------------------------------------------------------

knows_all() # PORT
{
	[ "$(cli "$1" cluster info | tr -d '\r' | grep -x -e cluster_state:ok \
		-e cluster_known_nodes:6 | wc -l)" = 2 ]
}

id() # PORT
{
	cli "$1" cluster myid
}

# Sets owner: who has the stream's slot; target: who gets it; third.
cluster_up()
{
	local p

	for p in $NODES; do
		redis_node "$p" --cluster-enabled yes --cluster-node-timeout 4000
	done
	for p in $NODES; do busywait 60 answers "$p"; done
	cli 7001 cluster addslotsrange 0 5460
	cli 7002 cluster addslotsrange 5461 10922
	cli 7003 cluster addslotsrange 10923 16383
	slot=$(cli 7001 cluster keyslot events)
	owner=$((7001 + slot / 5461))
	target=$((7001 + (owner - 7000) % 3))
	third=$((7001 + (owner - 6999) % 3))
	for p in $NODES; do cli 7001 cluster meet $SERVER "$p"; done
	for p in $NODES; do busywait 60 knows_all "$p"; done
	cli 7004 cluster replicate "$(id $owner)"
	for p in 7005 7006; do cli $p cluster replicate "$(id $target)"; done
	busywait 60 follows 7004 $owner
	for p in 7005 7006; do busywait 60 follows $p $target; done
}

conf_cluster()
{
	conf <<-EOT
	redis:
	  cluster:
	    - { address: $SERVER, port: 7099 }		# nobody
	    - { address: $SERVER, port: $third }
	    - { address: $SERVER, port: $target }
	  password_file: $TMP/redis.secret
	  stream: events
	EOT
}

cluster_found()
{
	busywait 60 sent_to $owner
	load_start
	load_goes_on
	whole
}

keys_moved()
{
	local keys

	keys=$(cli $owner cluster getkeysinslot "$slot" 10 | xargs)
	[ -z "$keys" ] ||
		! cli $owner migrate $SERVER $target '' 0 5000 auth s3cret keys $keys
}

# While it moves, and its keys are at the other node already, all wait.
slot_moves()
{
	load_start
	load_goes_on
	cli $target cluster setslot "$slot" importing "$(id $owner)"
	cli $owner cluster setslot "$slot" migrating "$(id $target)"
	load_goes_on
	busywait 30 keys_moved
	busywait 60 in_trouble ASK
	for p in $target $owner $third; do
		expect OK cli "$p" cluster setslot "$slot" node "$(id $target)"
	done
	busywait 60 sent_to $target
	load_goes_on
	whole
}

node_killed()
{
	load_start
	load_goes_on
	stop redis-$target KILL
	busywait 120 sent_elsewhere $target
	load_goes_on
	whole
	port | grep -qx '700[56]'
}

node_returned()
{
	redis_node $target --cluster-enabled yes --cluster-node-timeout 4000
	busywait 60 follows $target "$(port)"
}

export ASAN_OPTIONS=log_path=$TMP/sanitizer UBSAN_OPTIONS=log_path=$TMP/sanitizer
export REDISCLI_AUTH=s3cret
topo_up 0
secret redis.secret s3cret
{
	echo "subscribers:"
	for n in {1..12}; do echo "  - { mac: \"$(mac "$n")\", rate_up: 1M }"; done
} > "$TMP/subscribers.yaml"
sentinels_up
conf_sentinels | kbngd_start
kbngd_ready
check "the master is found by its sentinels" found
check "the master is killed: nothing lost, no gap" killed
check "it returns as a replica" returned
check "a master that is cut off: nothing lost, no gap" cut_off
check "the master is changed by hand" by_hand
check "without a replica events wait in the journal" no_replica
stop kbngd
for p in $SENTINELS; do stop "sentinel-$p"; done
for p in $REDIS; do stop "redis-$p"; done
rm "$TMP"/journal.db*
cluster_up > "$TMP/cluster_up.log"
conf_cluster | kbngd_start
kbngd_ready
check "the node of a cluster is found" cluster_found
check "the stream's slot moves: nothing lost, no gap" slot_moves
check "the node is killed: nothing lost, no gap" node_killed
check "it returns as a replica of the new one" node_returned
check "sanitizers are silent" sanitizers_are_silent
done_testing
