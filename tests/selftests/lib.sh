# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What every selftest stands on.  A selftest is a bash script that runs as root
# in a guest (tests/vm/run) and prints KTAP:
#
#	#!/bin/bash
#	# a drawing of the topology, if it is not this one
#	. "$(dirname "$0")/lib.sh"
#
#	a_lease_is_bound()
#	{
#		udhcpc_start sub1 && [ "$(session_of sub1 .state)" = pending ]
#	}
#
#	topo_up
#	kea_start
#	bng_ifaces
#	check "a lease is bound" a_lease_is_bound
#	done_testing
#
#	  sub1 ─┐     acc              bng                core
#	  sub2 ─┤ ┌─────────┐ ┌─────────────────┐ ┌──────────────────┐
#	   ...  ├─┤   br0   ├─┤ acc0       core0├─┤ srv  192.0.2.2   │
#	  subN ─┘ └─────────┘ └─────────────────┘ └──────────────────┘
#	  eth0     subN   up0  10.64.0.1  192.0.2.1  Kea, RADIUS, Redis
#
# Each box is a network namespace.  done_testing adds a last test to every
# selftest: kbng unloads with all of this in place, its namespaces can be
# cleaned up, it loads again, and the kernel has complained of nothing.

set -euo pipefail

selftests=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
checkout=$(realpath "$selftests/../..")
NAME=$(basename "$0" .sh)
TMP=/tmp/kbng-$NAME			# logs and configurations of this test
. "$selftests/../ktap.sh"

BIN=${KBNG_BIN:-$checkout/build}	# kbng, kbngd
TOOLS=$checkout/build/selftests		# pkt, dhcpsend; made by tools/Makefile
for _sanitizer in ASAN UBSAN TSAN; do
	export ${_sanitizer}_OPTIONS="log_path=$TMP/sanitizer"
done
# jq 1.6 compiles its library at each start, most of what a guest does in some
# tests. gojq prints keys sorted, and each value by itself: who reads less than all,
# as `head` and `grep -q` do, ends it, and pipefail sees that.
mkdir "$TMP/bin"
ln -s "$(type -P gojq)" "$TMP/bin/jq"
PATH=$TMP/bin:$PATH
GATEWAY=10.64.0.1 BNG=192.0.2.1 SERVER=192.0.2.2
BNG6=2001:db8:c::1 SERVER6=2001:db8:c::2

# --- Namespaces -------------------------------------------------------------

on() # NAMESPACE COMMAND [ARGUMENT...]
{
	ip netns exec "$@"
}

box() # NAMESPACE: make it
{
	mkdir -p "/etc/netns/$1"
	: > "/etc/netns/$1/resolv.conf"	# DHCP clients write here
	ip netns add "$1"
	on "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1
	ip -n "$1" link set lo up
}

# A subscriber's host behind a port of the access switch; its frames reach the
# BNG untagged, or with the tag VID.
sub_add() # NAME MAC [VID]
{
	box "$1"
	ip -n "$1" link add eth0 address "$2" type veth peer "$1" netns acc
	ip -n "$1" link set eth0 up
	ip -n acc link set "$1" master br0 up
	[ $# -lt 3 ] || {
		ip -n acc link set br0 type bridge vlan_filtering 1
		bridge -n acc vlan del dev "$1" vid 1
		bridge -n acc vlan add dev "$1" vid "$3" pvid untagged
		bridge -n acc vlan add dev up0 vid "$3"
	}
}

# Put a subscriber's eth0 on top of VLAN devices; what was it is `wire`.
sub_tags() # NAME PROTOCOL VID [PROTOCOL VID]: outer first
{
	local name=$1 parent=wire

	shift
	ip -n "$name" link set eth0 down
	ip -n "$name" link set eth0 name wire
	ip -n "$name" link set wire up
	while [ $# -gt 2 ]; do
		ip -n "$name" link add link $parent name "$parent.$2" type vlan \
			protocol "$1" id "$2"
		parent=$parent.$2
		ip -n "$name" link set "$parent" up
		shift 2
	done
	ip -n "$name" link add link "$parent" name eth0 type vlan protocol "$1" id "$2"
	ip -n "$name" link set eth0 up
}

# The topology above with subscribers sub1..subN, and the module.
topo_up() # [N]
{
	local n

	modprobe kbng
	for n in acc bng core; do box $n; done
	ip -n acc link add br0 type bridge
	ip -n acc link set br0 up
	ip -n bng link add acc0 type veth peer up0 netns acc
	ip -n acc link set up0 master br0 up
	ip -n bng link add core0 type veth peer srv netns core
	for n in acc0 core0; do ip -n bng link set $n up; done
	ip -n core link set srv up
	ip -n bng address add $GATEWAY/16 dev acc0
	ip -n bng address add $BNG/24 dev core0
	ip -n core address add $SERVER/24 dev srv
	ip -n core route add 10.64.0.0/16 via $BNG
	on bng sysctl -qw net.ipv4.ip_forward=1
	for n in $(seq "${1:-2}"); do sub_add "sub$n" "$(mac "$n")"; done
}

# IPv6 as well, with fe80::1 on acc0, for these subscribers.
topo_up6() # NAMESPACE...
{
	local ns

	for ns in bng core "$@"; do
		on "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=0 \
			net.ipv6.conf.default.disable_ipv6=0
	done
	on bng sysctl -qw net.ipv6.conf.all.forwarding=1
	ip -n bng address add fe80::1/64 dev acc0 nodad
	ip -n bng address add $BNG6/64 dev core0 nodad
	ip -n core address add $SERVER6/64 dev srv nodad
	ip -n core -6 route add 2001:db8::/32 via $BNG6
}

mac() # N: of subscriber subN
{
	printf '02:00:00:00:%02x:%02x' $(($1 >> 8)) $(($1 & 255))
}

mac_of() # NAMESPACE [DEVICE]
{
	on "$1" cat "/sys/class/net/${2:-eth0}/address"
}

addr_of() # NAMESPACE: IPv4 address of its eth0, nothing if it has none
{
	ip -n "$1" -j -4 address show dev eth0 | jq -r '.[0].addr_info[0].local // empty'
}

topo_down()
{
	local ns

	ip netns list | cut -d ' ' -f 1 | while read -r ns; do
		ip netns del "$ns"
		rm -rf "/etc/netns/$ns"
	done
}

# --- Processes --------------------------------------------------------------

# A daemon with the name NAME in a namespace, its output in $TMP/NAME.log.
start() # NAME NAMESPACE COMMAND [ARGUMENT...]
{
	local name=$1 ns=$2

	shift 2
	: > "$TMP/$name.log"	# here: who waits must not read the one before
	ip netns exec "$ns" "$@" < /dev/null > "$TMP/$name.log" 2>&1 &
	echo $! > "$TMP/pids/$name"
}

pid_of() # NAME
{
	cat "$TMP/pids/$1"
}

is_gone() # NAME: ended, or a zombie that another shell has to collect
{
	! grep -qs '^State:[[:space:]]*[^ZX]' "/proc/$(pid_of "$1")/status"
}

stop() # NAME [SIGNAL]: end it and wait for that
{
	[ -e "$TMP/pids/$1" ] || return 0
	kill "-${2:-TERM}" "$(pid_of "$1")" 2>/dev/null || true
	busywait 20 is_gone "$1" || kill -KILL "$(pid_of "$1")"
	rm "$TMP/pids/$1"
}

stop_all()
{
	local file

	for file in "$TMP"/pids/*; do
		[ ! -e "$file" ] || stop "${file##*/}"
	done
}

# Wait until a daemon says PATTERN in its log; if it does not, show the log.
wait_log() # SECONDS NAME PATTERN
{
	busywait "$1" grep -q -- "$3" "$TMP/$2.log" || {
		tail -n 20 "$TMP/$2.log" >&2
		return 1
	}
}

# --- The BNG ----------------------------------------------------------------

kbng()
{
	on bng "$BIN/kbng" "$@"
}

# COMMAND fails, and what it says has TEXT in it.
says() # TEXT COMMAND...
{
	if "${@:2}" 2> "$TMP/said"; then return 1; fi
	cat "$TMP/said"
	grep -q -- "$1" "$TMP/said"
}

# Roles without kbngd.  Arguments are more words for the access iface.
bng_ifaces()
{
	kbng iface set acc0 role access giaddr $GATEWAY server $SERVER "$@"
	kbng iface set core0 role core
}

# Whether `kbng monitor` gets events, while kbngd does not run.
monitor_joined()
{
	on bng awk '$2 == 16 && $4 !~ /^0+$/ { joined = 1 } END { exit !joined }' \
		/proc/net/netlink
}

# Of both ifaces.
fastpath() # on|off [WORD...]
{
	bng_ifaces fastpath "$@"
	kbng iface set core0 role core fastpath "$1"
}

counter() # NAME: of `kbng stats`
{
	kbng -j stats | jq -e ".counters.$1"
}

# Remember all counters; `counted` then prints those that have grown since, as
# NAME=BY, sorted.
mark()
{
	kbng -j stats > "$TMP/mark"
}

counted()
{
	kbng -j stats | jq -r --slurpfile old "$TMP/mark" '.counters
		| with_entries(.value -= $old[0].counters[.key])
		| [to_entries[] | select(.value != 0) | "\(.key)=\(.value)"]
		| sort | join(" ")'
}

counts() # WHAT: that is counted since mark, and nothing else
{
	busywait 20 expect "$(printf '%s\n' $1 | sort | paste -sd ' ')" counted
}

# FILTER (jq) of a subscriber's only session that is not stopped.
session_of() # NAMESPACE [FILTER]
{
	kbng -j session list mac "$(mac_of "$1")" |
		jq -r "[.[] | select(.state != \"stopped\")] | .[] | ${2:-.}"
}

# What a configuration begins with: the log is read from "kbngd runs".
kbngd_conf() # [WORDS of acc0]
{
	cat <<-EOF
	bng_id: bng-t
	ifaces:
	  - { name: acc0, role: access, giaddr: $GATEWAY, servers: [$SERVER]${1:+, $1} }
	  - { name: core0, role: core }
	journal: { path: $TMP/journal.db }
	EOF
}

# With the configuration on stdin.
kbngd_start() # [OPTION...]
{
	(umask 077 && cat > "$TMP/kbngd.yaml")
	kbngd_restart "$@"
}

kbngd_restart() # [OPTION...]
{
	start kbngd bng "$BIN/kbngd" -c "$TMP/kbngd.yaml" "$@"
}

kbngd_ready()
{
	wait_log 60 kbngd ' runs bng_id=bng-t'
}

# --- Servers in core --------------------------------------------------------

listens() # PROTOCOL(t|u) PORT
{
	on core ss "-Hln$1" "sport = $2" | grep -q .
}

# Kea with the pool 10.64.1.0/24 and leases in $TMP/leases.csv.
kea_start() # [LEASE_SECONDS [JSON members of Dhcp4...]]
{
	local lifetime=${1:-600} more

	[ $# -eq 0 ] || shift
	more=$(printf '%s,' "$@")
	cat > "$TMP/kea.json" <<-EOF
	{ "Dhcp4": {
		${more#,}
		"interfaces-config": {
			"interfaces": [ "srv" ], "dhcp-socket-type": "udp" },
		"lease-database": { "type": "memfile", "persist": true,
			"name": "$TMP/leases.csv", "lfc-interval": 0 },
		"store-extended-info": true,
		"valid-lifetime": $lifetime,
		"subnet4": [ {
			"id": 1, "subnet": "10.64.0.0/16",
			"pools": [ { "pool": "10.64.1.0 - 10.64.1.255" } ],
			"option-data": [ { "name": "routers", "data": "$GATEWAY" } ]
		} ],
		"loggers": [ { "name": "kea-dhcp4", "severity": "INFO",
			"output_options": [ { "output": "stdout" } ] } ]
	} }
	EOF
	kea_restart
}

# As it was configured.
kea_restart()
{
	KEA_PIDFILE_DIR=$TMP KEA_LOCKFILE_DIR=$TMP KEA_DHCP_DATA_DIR=$TMP \
		start kea core kea-dhcp4 -c "$TMP/kea.json"
	wait_log 60 kea DHCP4_STARTED
	busywait 60 listens u 67
}

# Members of Dhcp4 that open Kea's control channel, for kea_start and kea.
kea_control()
{
	local hook

	hook=$(echo /usr/lib/*/kea/hooks/libdhcp_lease_cmds.so)
	cat <<-EOF
	"control-socket": {
		"socket-type": "unix", "socket-name": "$TMP/kea.sock" },
	"hooks-libraries": [ { "library": "$hook" } ]
	EOF
}

# Its answer to a command.
kea() # COMMAND [ARGUMENTS (JSON)]
{
	jq -nc --arg command "$1" --argjson arguments "${2:-{\}}" \
		'{$command, $arguments}' | python3 -c '
import socket, sys
with socket.socket(socket.AF_UNIX) as kea:
    kea.connect(sys.argv[1])
    kea.sendall(sys.stdin.buffer.read())
    while octets := kea.recv(65536):
        sys.stdout.buffer.write(octets)' "$TMP/kea.sock"
}

# How FreeRADIUS is reached; a test may have its own.
freeradius_listen()
{
	cat <<-EOF
	client bng {
		ipaddr = $BNG
		secret = testing123
	}
	listen {
		type = auth
		ipaddr = $SERVER
		port = 1812
		virtual_server = default
	}
	listen {
		type = acct
		ipaddr = $SERVER
		port = 1813
		virtual_server = default
	}
	EOF
}

# FreeRADIUS with the users file on stdin; secret `testing123`, accounting
# records in $TMP/accounting.  DICTIONARY is added to the stock ones.
freeradius_start() # [DICTIONARY]
{
	local raddb=$TMP/raddb

	mkdir -p "$raddb"
	cat > "$raddb/authorize"
	[ $# -eq 0 ] || echo "\$INCLUDE $1" > "$raddb/dictionary"
	cat > "$raddb/radiusd.conf" <<-EOF
	raddbdir = $raddb
	libdir = /usr/lib/freeradius
	pidfile = $TMP/freeradius.run
	security {
		reject_delay = 0
		status_server = yes
	}
	modules {
		pap {
		}
		files {
			filename = $raddb/authorize
		}
		detail {
			filename = $TMP/accounting
			permissions = 0600
		}
	}
	$(freeradius_listen)
	server default {
		authorize {
			files
			pap
		}
		authenticate {
			pap
		}
		accounting {
			detail
		}
	}
	EOF
	freeradius_restart
}

# As it was configured.
freeradius_restart()
{
	start freeradius core freeradius -f -l stdout -n radiusd -d "$TMP/raddb"
	wait_log 60 freeradius 'Ready to process requests'
}

redis_start() # [OPTION...]
{
	start redis core redis-server --bind $SERVER --port 6379 \
		--unixsocket "$TMP/redis.sock" --dir "$TMP" --save '' \
		--protected-mode no "$@"
	busywait 60 redis ping
}

redis() # COMMAND...
{
	redis-cli -s "$TMP/redis.sock" "$@"
}

# --- DHCP clients -----------------------------------------------------------

has_address() # NAMESPACE
{
	[ -n "$(addr_of "$1")" ]
}

# Stays in the background and renews; ends as a real client does: `stop
# udhcpc-SUB` sends a RELEASE, `stop udhcpc-SUB KILL` does not.
udhcpc_start() # NAMESPACE [OPTION...]
{
	local ns=$1

	shift
	ip -n "$ns" -4 address flush dev eth0	# of one that was killed
	start "udhcpc-$ns" "$ns" udhcpc -f -R -i eth0 -t 10 -T 2 \
		-s "$selftests/tools/dhcp-script" "$@"
	busywait 30 has_address "$ns"
}

# As above; `stop dhclient-SUB` is silent, dhclient_release is not.
dhclient_start() # NAMESPACE [OPTION...]
{
	local ns=$1

	shift
	: > "$TMP/dhclient-$ns.conf"
	ip -n "$ns" -4 address flush dev eth0
	start "dhclient-$ns" "$ns" dhclient -4 -d -v eth0 \
		-sf "$selftests/tools/dhcp-script" -cf "$TMP/dhclient-$ns.conf" \
		-lf "$TMP/dhclient-$ns.leases" -pf "$TMP/dhclient-$ns.run" "$@"
	busywait 30 has_address "$ns"
}

dhclient_release() # NAMESPACE
{
	on "$1" dhclient -4 -r -v eth0 \
		-sf "$selftests/tools/dhcp-script" -cf "$TMP/dhclient-$1.conf" \
		-lf "$TMP/dhclient-$1.leases" -pf "$TMP/dhclient-$1.run"
	rm -f "$TMP/pids/dhclient-$1"
}

# Kea for DHCPv6: addresses of 2001:db8:a::/64, and /56 of 2001:db8:2::/48, or
# what $KEA6_POOLS has, JSON members of the subnet.
kea6_start() # [LEASE_SECONDS [JSON members of Dhcp6...]]
{
	local lifetime=${1:-600} more pools

	pools='"pools": [ { "pool": "2001:db8:a::1:0/112" } ],
		"pd-pools": [ { "prefix": "2001:db8:2::", "prefix-len": 48,
			"delegated-len": 56 } ]'
	[ $# -eq 0 ] || shift
	more=$(printf '%s,' "$@")
	cat > "$TMP/kea6.json" <<-EOF
	{ "Dhcp6": {
		${more#,}
		"data-directory": "$TMP",
		"interfaces-config": { "interfaces": [ "srv/$SERVER6" ] },
		"lease-database": { "type": "memfile", "persist": true,
			"name": "$TMP/leases6.csv", "lfc-interval": 0 },
		"store-extended-info": true,
		"preferred-lifetime": $lifetime, "valid-lifetime": $lifetime,
		"renew-timer": $((lifetime / 4)),
		"rebind-timer": $((lifetime / 2)),
		"subnet6": [ {
			"id": 1, "subnet": "2001:db8:a::/64",
			${KEA6_POOLS:-$pools}
		} ],
		"loggers": [ { "name": "kea-dhcp6", "severity": "INFO",
			"output_options": [ { "output": "stdout" } ] } ]
	} }
	EOF
	KEA_PIDFILE_DIR=$TMP KEA_LOCKFILE_DIR=$TMP KEA_DHCP_DATA_DIR=$TMP \
		start kea6 core kea-dhcp6 -c "$TMP/kea6.json"
	busywait 60 listens u 547
}

# An address and a prefix; its link-local address must be there.
dhclient6_start() # NAMESPACE
{
	: > "$TMP/dhclient6-$1.conf"
	start "dhclient6-$1" "$1" dhclient -6 -N -P -d -v eth0 \
		-sf "$selftests/tools/dhcp-script" -cf "$TMP/dhclient6-$1.conf" \
		-lf "$TMP/dhclient6-$1.leases" -pf "$TMP/dhclient6-$1.run"
}

dhclient6_release() # NAMESPACE
{
	on "$1" dhclient -6 -N -P -r -v eth0 \
		-sf "$selftests/tools/dhcp-script" -cf "$TMP/dhclient6-$1.conf" \
		-lf "$TMP/dhclient6-$1.leases" -pf "$TMP/dhclient6-$1.run"
	rm -f "$TMP/pids/dhclient6-$1"
}

link_local() # NAMESPACE: its own, when it may use it
{
	ip -n "$1" -6 -o address show dev eth0 scope link -tentative |
		grep -o 'fe80:[0-9a-f:]*'
}

# --- Frames -----------------------------------------------------------------

hex() # TEXT
{
	printf %s "$1" | od -A n -t x1 -v | tr -d ' \n'
}

sized() # HEX: with its length in octets in front
{
	printf '%02x%s' $((${#1} / 2)) "$1"
}

sub_option() # CODE TEXT, in hex
{
	printf '%02x%s' "$1" "$(sized "$(hex "$2")")"
}

pkt() # NAMESPACE send|recv DEVICE [ARGUMENT...]; see tools/pkt.c
{
	on "$1" "$TOOLS/pkt" "${@:2}"
}

dhcpsend() # NAMESPACE [OPTION...] DEVICE TYPE; see tools/dhcpsend.c
{
	on "$1" "$TOOLS/dhcpsend" "${@:2}"
}

# Count what of the filter EXPRESSION arrives at a device, before its stack. What
# goes to the discard port ends there, so that no ICMP error comes back.
watch() # NAMESPACE DEVICE NAME EXPRESSION
{
	on "$1" nft -f - <<-EOT
	table netdev $3 {
		counter seen { }
		chain in {
			type filter hook ingress device "$2" priority 0
			$4 counter name seen
		}
		chain end {
			type filter hook ingress device "$2" priority 10
			udp dport 9 drop
		}
	}
	EOT
}

seen() # NAMESPACE NAME: how much of a watch
{
	on "$1" nft -j list counter netdev "$2" seen |
		jq '.nftables[] | .counter // empty | .packets'
}

# Record the DHCP messages that a device receives, until stop NAME; `captured`
# prints FILTER (jq) of each, a line each. See tools/dhcprecv.c for the fields.
capture() # NAME NAMESPACE DEVICE
{
	start "$1" "$2" "$TOOLS/dhcprecv" "$3"
	wait_log 20 "$1" listening
}

captured() # NAME [FILTER]
{
	jq -r "select(.listening == null) | ${2:-.}" "$TMP/$1.log"
}

# --- Begin and end ----------------------------------------------------------

_finished=

_complaints() # what the kernel has said that it should not have
{
	dmesg | tail -n "+$((_dmesg_lines + 1))" | grep -E -e 'WARNING:|BUG:|INFO: |Oops' \
		-e 'refcount|leak|waiting for .* to become free|[Cc]all [Tt]race' \
		-e 'Objects remaining'
}

_sanitizer_reports()
{
	grep -hE -A 30 '(ERROR|WARNING): (Address|Leak|Thread)Sanitizer|runtime error:' \
		"$TMP"/*.log "$TMP"/sanitizer.* 2> /dev/null
}

# Unloads with ifaces, sessions and packets in place.  Loading and unloading
# once more waits for the clean-up of the namespaces that topo_down gave up,
# which a leaked reference would hold up for ever.
_nothing_left()
{
	[ ! -e /sys/module/kbng ] || timeout 60 rmmod kbng
	topo_down
	modprobe kbng
	timeout 60 rmmod kbng
	# The debugging kernel complains of others too: tests/uml/run sorts it.
	[ "${KBNG_UML_DIR:-}" ] || fails _complaints
	fails _sanitizer_reports
}

# The closing test; ends the script.
done_testing()
{
	stop_all
	check "kbng unloads and leaves nothing" _nothing_left
	_finished=1
	ktap_end
}

_exit()
{
	local status=$?

	trap - EXIT
	if [ ! "$_finished" ]; then
		not_ok "the test ended early, with status $status"
		tail -n 10 "$TMP"/*.log 2>/dev/null | sed 's/^/# /'
		stop_all
		topo_down
		rmmod kbng 2>/dev/null
		ktap_end
	fi
	exit $status
}

mkdir "$TMP/pids"
_dmesg_lines=$(dmesg | wc -l)
trap _exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
