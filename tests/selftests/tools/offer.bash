# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
#
# For offer.sh and offer6.sh: what waits for an answer, and what was counted.
# After lib.sh and aaa.bash.

# The end of a configuration, as radius_conf.
impatient_radius_conf()
{
	radius_conf
	cat <<-EOF
	  timeout: 1
	  retries: 0
	  dead_time: 1
	  retry_pending: 1
	  retry_rejected: 4
	EOF
}

# In the background: it gets no address by and by.
client() # SUB
{
	start "udhcpc-$1" "$1" udhcpc -f -R -i eth0 -t 100 -T 1 -A 1 \
		-s "$selftests/tools/dhcp-script"
}

counts() # NAME=BY [...]: among what has been counted
{
	local n

	for n in "$@"; do counted | grep -qw -- "$n" || { counted >&2; return 1; }; done
}

grown() # COUNTER: by how much
{
	counted | tr ' ' '\n' | awk -F = -v name="$1" '$1 == name { n = $2 } END { print n + 0 }'
}

above() # COUNTER VALUE
{
	[ "$(counter "$1")" -gt "$2" ]
}

is() # SUB OFFER
{
	[ "$(session_of "$1" '"\(.state) \(.offer)"')" = "offered $2" ]
}

requests() # RESULT: of Access-Requests, since kbngd runs
{
	on bng curl -s "http://$BNG:9469/metrics" | awk -v n="kbng_radius_requests_total{kind=\"auth\",result=\"$1\"}" \
		'$1 == n { print $2 }'
}
