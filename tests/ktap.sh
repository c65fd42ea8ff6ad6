# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Results in KTAP, for scripts that set TMP to a directory of their own and
# source this: `check` for every test, ktap_end at last.

set -euo pipefail

_tests=0 _failed=0

ok() # DESCRIPTION
{
	_tests=$((_tests + 1))
	echo "ok $_tests $1"
}

not_ok() # DESCRIPTION
{
	_tests=$((_tests + 1)) _failed=$((_failed + 1))
	echo "not ok $_tests $1"
}

# For use in a function that `check` runs: this test cannot be made here.
skip() # REASON
{
	echo "$1" > "$TMP/skip"
	exit 4
}

# The plan comes last, so a script that dies has none and is seen to have died.
ktap_end()
{
	echo "1..$_tests"
	exit $((_failed != 0))
}

# Run a test in a subshell: it passes if no command in it fails (set -e), and
# what it printed is shown if it does not.
check() # DESCRIPTION COMMAND [ARGUMENT...]
{
	local description=$1 status

	shift
	set +e
	(set -e; trap - EXIT; "$@") > "$TMP/check" 2>&1 < /dev/null
	status=$?
	set -e
	case $status in
	0) ok "$description" ;;
	4) ok "$description # SKIP $(cat "$TMP/skip")" ;;
	*)
		not_ok "$description"
		sed 's/^/# /' "$TMP/check"
		echo "# $1: status $status"
		;;
	esac
}

# A pipe that is never written to: `read -t` from it sleeps without a process.
exec {_never}<> <(:)

# Wait until COMMAND succeeds.  SECONDS is what a slow machine may need, so be
# generous: a test that passes does not wait for it.  Between two looks is as
# much time as a look took, as what looks is not what gets on with it.
busywait() # SECONDS COMMAND [ARGUMENT...]
{
	local end seconds=$1 now=${EPOCHREALTIME/./} look pause

	shift
	end=$((now + seconds * 1000000))
	until look=$now; "$@" > "$TMP/busywait.$BASHPID" 2>&1; do
		now=${EPOCHREALTIME/./}
		if [ "$now" -ge $end ]; then
			echo "not within $seconds s: $*" >&2
			cat "$TMP/busywait.$BASHPID" >&2
			return 1
		fi
		pause=$((now - look))
		pause=$((pause < 50000 ? 50000 : pause > 500000 ? 500000 : pause))
		printf -v pause 0.%06d $pause
		read -rt $pause -u "$_never" || true
		now=${EPOCHREALTIME/./}
	done
}

# The output of COMMAND must be EXPECTED; a difference is shown.
expect() # EXPECTED COMMAND [ARGUMENT...]
{
	local expected=$1 got

	shift
	got=$("$@") || return 1
	[ "$got" = "$expected" ] || {
		echo "expected: $expected" >&2
		echo "got:      $got" >&2
		echo "from:     $*" >&2
		return 1
	}
}

# COMMAND must fail (`! COMMAND` is not seen by set -e).
fails() # COMMAND [ARGUMENT...]
{
	if "$@"; then
		echo "should have failed: $*" >&2
		return 1
	fi
}

rm -rf "$TMP"
mkdir -p "$TMP"
echo "KTAP version 1"
