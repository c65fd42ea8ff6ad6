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
GATEWAY=10.64.0.1 BNG=192.0.2.1 SERVER=192.0.2.2

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

# Roles without kbngd.  Arguments are more words for the access iface.
bng_ifaces()
{
	kbng iface set acc0 role access giaddr $GATEWAY server $SERVER "$@"
	kbng iface set core0 role core
}

# Of both ifaces.
fastpath() # on|off
{
	bng_ifaces fastpath "$1"
	kbng iface set core0 role core fastpath "$1"
}

counter() # NAME: of `kbng stats`
{
	kbng -j stats | jq -e ".counters.$1"
}

# Remember all counters; `counted` then prints those that have grown since, as
# NAME=BY in the order of `kbng stats`.
mark()
{
	kbng -j stats > "$TMP/mark"
}

counted()
{
	kbng -j stats | jq -r --slurpfile old "$TMP/mark" '.counters
		| with_entries(.value -= $old[0].counters[.key])
		| [to_entries[] | select(.value != 0) | "\(.key)=\(.value)"]
		| join(" ")'
}

# FILTER (jq) of a subscriber's only session that is not stopped.
session_of() # NAMESPACE [FILTER]
{
	kbng -j session list mac "$(mac_of "$1")" |
		jq -r "[.[] | select(.state != \"stopped\")] | .[] | ${2:-.}"
}

# With the configuration on stdin.
kbngd_start() # [OPTION...]
{
	install -m 600 /dev/stdin "$TMP/kbngd.yaml"
	kbngd_restart "$@"
}

kbngd_restart() # [OPTION...]
{
	start kbngd bng "$BIN/kbngd" -c "$TMP/kbngd.yaml" "$@"
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
	KEA_PIDFILE_DIR=$TMP KEA_LOCKFILE_DIR=$TMP KEA_DHCP_DATA_DIR=$TMP \
		start kea core kea-dhcp4 -c "$TMP/kea.json"
	wait_log 60 kea DHCP4_STARTED
	busywait 60 listens u 67
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
	client bng {
		ipaddr = $BNG
		secret = testing123
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
	server default {
		listen {
			type = auth
			ipaddr = $SERVER
			port = 1812
		}
		listen {
			type = acct
			ipaddr = $SERVER
			port = 1813
		}
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
	start freeradius core freeradius -f -l stdout -n radiusd -d "$raddb"
	wait_log 60 freeradius 'Ready to process requests'
}

redis_start()
{
	start redis core redis-server --bind $SERVER --port 6379 \
		--unixsocket "$TMP/redis.sock" --dir "$TMP" --save '' \
		--protected-mode no
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

# --- Frames -----------------------------------------------------------------

pkt() # NAMESPACE send|recv DEVICE [ARGUMENT...]; see tools/pkt.c
{
	on "$1" "$TOOLS/pkt" "${@:2}"
}

dhcpsend() # NAMESPACE [OPTION...] DEVICE TYPE; see tools/dhcpsend.c
{
	on "$1" "$TOOLS/dhcpsend" "${@:2}"
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
	grep -hE -A 30 'ERROR: (Address|Leak)Sanitizer|runtime error:' "$TMP"/*.log
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
