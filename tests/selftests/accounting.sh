#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Accounting-On and -Off of kbngd with a real FreeRADIUS in `core`: when they
# are sent, and that no session's record comes before the On.
# shellcheck disable=SC2154,SC2016
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/aaa.bash"

conf() # [ACCOUNTING PORT]
{
	aaa_conf "$@"
	cat <<-EOF
	  timeout: 5
	  retries: 0
	  retry_pending: 1
	EOF
}

# Type and Acct-Session-Id of each record in the order of their coming; one that
# was sent twice because its answer was late is there once.
all_records()
{
	[ -e "$TMP/accounting" ] || return 0
	awk -v RS= '{
		match($0, /Acct-Status-Type = [A-Za-z-]*/)
		type = substr($0, RSTART + 19, RLENGTH - 19)
		match($0, /Acct-Session-Id = "[^"]*/)
		print type, substr($0, RSTART + 19, RLENGTH - 19)
	}' "$TMP/accounting" | awk '!seen[$0]++'
}

has() # RECORD
{
	all_records | grep -qx "$1"
}

instance()
{
	kbng -j status | jq -r .module.instance
}

# No server takes records at first: sessions live, and wait.
on_comes_first()
{
	local id

	conf 1999 | kbngd_start
	kbngd_ready
	id=$(new 1)
	busywait 30 state_is "$id" active
	wait_log 30 kbngd 'no server takes accounting records'
	expect '' all_records
	stop kbngd
	conf | kbngd_start
	kbngd_ready
	busywait 60 has "Start $id"
	expect "Accounting-On $(instance)
Start $id" all_records
}

on_tells_who()
{
	local id

	id=$(instance)
	expect bng-t record Accounting-On "$id" NAS-Identifier
	expect $BNG record Accounting-On "$id" NAS-IP-Address
	expect 1 eval "record Accounting-On $id Event-Timestamp | wc -l"
}

# The NAS was not away: its sessions lived on.
once_for_each_instance()
{
	local id n

	kill_kbngd
	restart_kbngd
	stop kbngd
	restart_kbngd
	id=$(new 2)
	busywait 60 has "Start $id"
	n=$(all_records | grep -c 'Accounting-O')
	expect 1 echo "$n"
}

module_loaded_anew()
{
	local old new

	old=$(instance)
	rmmod kbng
	busywait 60 is_gone kbngd
	has "Accounting-Off $old"
	modprobe kbng
	restart_kbngd
	new=$(instance)
	busywait 60 has "Accounting-On $new"
	[ "$old" != "$new" ]
}

topo_up 2
secret radius.secret testing123
echo 'DEFAULT Cleartext-Password := "x"' | freeradius_start
check "Accounting-On comes before all records" on_comes_first
check "it tells who" on_tells_who
check "there is one for each instance of the module" once_for_each_instance
check "Off and On when the module is loaded anew" module_loaded_anew
check "sanitizers are silent" sanitizers_are_silent
done_testing
