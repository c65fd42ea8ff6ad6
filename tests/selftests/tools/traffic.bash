# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Traffic that goes on by itself between the subscribers of lib.sh's topology
# and srv, while something else is tested.

# Sessions of sub1 and sub2 that may send, shaped by departure time in both
# directions, so that packets wait in fq.
sessions_up()
{
	local n

	for n in acc0 core0; do on bng tc qdisc replace dev $n root fq; done
	bng_ifaces
	for n in 1 2; do
		ip -n sub$n address replace 10.64.1.$n/16 dev eth0
		ip -n sub$n route replace default via $GATEWAY
		kbng session new iface acc0 mac "$(mac $n)" address 10.64.1.$n \
			state active rate-up 500k rate-down 500k > "$TMP/new"
	done
}

# Datagrams of 1000 octets to ADDRESS, near a hundred a second: more than the
# plan of 500 kbit/s, less than what keeps a slow guest from anything else.
send_udp() # ADDRESS
{
	exec 3> "/dev/udp/$1/9" 4<> <(:)
	while :; do
		printf %1000s x >&3 || true
		read -rt 0.01 -u 4 || true
	done 2> /dev/null
}

send_dhcp()
{
	while :; do
		"$TOOLS/dhcpsend" -x $RANDOM -m "$(mac $((RANDOM % 90 + 10)))" eth0 discover || true
		sleep 0.2
	done
}

traffic_up()
{
	local n

	export -f send_udp send_dhcp mac
	export TOOLS
	for n in 1 2; do
		start up$n sub$n bash -c "send_udp $SERVER"
		start down$n core bash -c "send_udp 10.64.1.$n"
	done
	start dhcp sub1 bash -c send_dhcp
}

traffic_down()
{
	local n

	for n in up1 up2 down1 down2 dhcp; do stop $n; done
}

# Octets grow in both directions of sub1: packets pass.
passes()
{
	local up down

	read -r up down < <(octets)
	busywait 60 grown "$up" "$down"
}

octets() # of sub1, up and down
{
	session_of sub1 '"\(.up.octets4) \(.down.octets4)"'
}

grown() # UP DOWN: since then
{
	local up down

	read -r up down < <(octets)
	[ "$up" -gt "$1" ] && [ "$down" -gt "$2" ]
}
