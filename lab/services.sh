#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# services.sh up|down: Kea, FreeRADIUS, Redis and an iperf3 server in `server`
#
# Their logs, leases and accounting records are in /run/kbng-lab.
set -eu -o pipefail
. "$(dirname "$(realpath "$0")")/names"
. "$LAB/processes"

services_secrets() # new ones each time, for their readers alone
{
	local name

	umask 077
	for name in radius redis users; do
		od -An -N16 -tx1 /dev/urandom | tr -d ' \n' > "$RUN/$name.secret"
	done
}

kea_up()
{
	rm -f "$RUN"/kea-leases4.csv*
	process_start kea server env KEA_PIDFILE_DIR="$RUN" \
		KEA_LOCKFILE_DIR="$RUN" kea-dhcp4 -c "$LAB/kea/kea-dhcp4.conf"
}

kea_ready()
{
	grep -q DHCP4_STARTED "$RUN/kea.log"
}

freeradius_up()
{
	rm -f "$RUN/accounting"
	process_start freeradius server env KBNG_LAB_RUN="$RUN" \
		KBNG_LAB_RADDB="$LAB/freeradius" \
		KBNG_LAB_SECRET="$(< "$RUN/radius.secret")" \
		KBNG_LAB_PASSWORD="$(< "$RUN/users.secret")" \
		freeradius -f -l stdout -n radiusd -d "$LAB/freeradius"
}

freeradius_ready()
{
	grep -q 'Ready to process requests' "$RUN/freeradius.log"
}

redis_up()
{
	{
		cat "$LAB/redis/redis.conf"
		echo "dir $RUN"
		echo "requirepass $(< "$RUN/redis.secret")"
	} > "$RUN/redis.conf"
	process_start redis server redis-server "$RUN/redis.conf"
}

redis_ready()
{
	in_box server env REDISCLI_AUTH="$(< "$RUN/redis.secret")" \
		redis-cli -h "$SERVER" ping | grep -q PONG
}

iperf3_up()
{
	process_start iperf3 server iperf3 --server --bind "$SERVER"
}

iperf3_ready()
{
	in_box server ss -Hltn "src $SERVER:5201" | grep -q .
}

services_up()
{
	local name

	mkdir -p "$RUN"
	services_secrets
	for name in kea freeradius redis iperf3; do
		: > "$RUN/$name.log"
		"${name}_up"
	done
	for name in kea freeradius redis iperf3; do
		if ! wait_for 60 "${name}_ready"; then
			echo "services.sh: $name is not ready after 60 s:" >&2
			tail -n 20 "$RUN/$name.log" >&2
			return 1
		fi
	done
}

services_down()
{
	local name

	for name in iperf3 redis freeradius kea; do
		process_stop "$name"
	done
}

case ${1-} in
up)
	services_down
	services_up
	;;
down)
	services_down
	;;
*)
	echo "usage: ${0##*/} up|down" >&2
	exit 2
	;;
esac
