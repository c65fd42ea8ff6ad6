# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
#
# For selftests of kbngd with RADIUS: after lib.sh. Sessions are made with
# `kbng session new`.

secret() # FILE TEXT: for its owner only
{
	(umask 077 && echo "$2" > "$TMP/$1")
}

# The end of a configuration: its section radius may go on.
radius_conf() # [ACCOUNTING PORT]
{
	cat <<-EOF
	nas: { address: $BNG, address6: "2001:db8:b::1" }
	radius:
	  auth_servers: [{ address: $SERVER, secret_file: $TMP/radius.secret }]
	  acct_servers: [{ address: $SERVER, port: ${1:-1813}, secret_file: $TMP/radius.secret }]
	  password: 'x'
	EOF
}

aaa_conf() # [ACCOUNTING PORT]
{
	kbngd_conf
	radius_conf "$@"
}

# Users whom RADIUS rejects: those whose number is in $TMP/rejected.
rejections()
{
	local n

	for n in $(cat "$TMP/rejected"); do
		echo "DEFAULT User-Name == \"$(mac "$n")\", Auth-Type := Reject"
	done
}

kill_kbngd()
{
	stop kbngd KILL
}

restart_kbngd()
{
	kbngd_restart
	kbngd_ready
}

# --- Sessions ---------------------------------------------------------------

address() # N
{
	echo "10.64.2.$1"
}

new() # N [WORD VALUE...]: a pending session of subscriber N, its UUID
{
	kbng session new iface acc0 mac "$(mac "$1")" address "$(address "$1")" \
		circuit-id "port-$1" remote-id 0x0001ff "${@:2}"
}

field() # UUID FILTER
{
	kbng -j session show "$1" | jq -r ".[0] | $2"
}

state_is() # UUID STATE
{
	[ "$(field "$1" .state)" = "$2" ]
}

forgotten() # UUID
{
	! kbng session show "$1" 2> /dev/null | grep -q .
}

# --- Records and events -----------------------------------------------------

# The values of ATTRIBUTE in the accounting records of TYPE for a session.
record() # TYPE UUID ATTRIBUTE
{
	[ -e "$TMP/accounting" ] || return 0
	awk -v RS= -F '\n' -v type="$1" -v id="$2" -v want="$3" '
	$0 ~ "Acct-Status-Type = " type "\n" && index($0, "\"" id "\"") {
		for (i = 1; i <= NF; i++)
			if ($i ~ "^\t" want " = ") {
				sub("^\t" want " = ", "", $i)
				gsub("\"", "", $i)
				print $i
			}
	}' "$TMP/accounting"
}

records() # TYPE UUID: how many
{
	record "$1" "$2" Acct-Session-Id | wc -l
}

has_record() # TYPE UUID [COUNT]
{
	[ "$(records "$1" "$2")" -ge "${3:-1}" ]
}

# All records: "TYPE SESSION EVENT DELAY CAME INPUT OUTPUT", a line each: the
# Event-Timestamp with underscores, when it came in s, octets with gigawords.
accounting()
{
	[ -e "$TMP/accounting" ] || return 0
	awk -v RS= -F '\n' '{
		split("", a)
		for (i = 2; i <= NF; i++) {
			n = index($i, " = ")
			v = substr($i, n + 3)
			gsub("\"", "", v)
			a[substr($i, 2, n - 2)] = v
		}
		gsub(" ", "_", a["Event-Timestamp"])
		printf "%s %s %s %d %d %.0f %.0f\n", a["Acct-Status-Type"],
			a["Acct-Session-Id"], a["Event-Timestamp"],
			a["Acct-Delay-Time"], a["Timestamp"],
			a["Acct-Input-Gigawords"] * 2 ^ 32 + a["Acct-Input-Octets"],
			a["Acct-Output-Gigawords"] * 2 ^ 32 + a["Acct-Output-Octets"]
	}' "$TMP/accounting"
}

in_journal() # FILTER of each event
{
	"$BIN/kbngd" -c "$TMP/kbngd.yaml" --events | jq -r "$1"
}

# Nothing, unless KBNG_BIN was built with SANITIZE.
sanitizers_are_silent()
{
	! cat "$TMP"/sanitizer.* 2> /dev/null
}
