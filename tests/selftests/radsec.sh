#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# RADIUS over TLS with a real FreeRADIUS in `core` that is reached in no other
# way and wants to see the BNG's certificate.
#
#   bng: kbngd, ca.pem, bng.pem ── TCP 2083 ── core: FreeRADIUS, ca.pem, server.pem
#
# shellcheck disable=SC2154,SC2016
. "$(dirname "$0")/lib.sh"
. "$selftests/tools/aaa.bash"

# NAME.pem and NAME.key: a CA's.
make_ca() # NAME
{
	openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=$1" -days 2 \
		-keyout "$TMP/$1.key" -out "$TMP/$1.pem" 2>> "$TMP/openssl"
}

# The same for who is signed by ca; the key is for its owner only.
make_cert() # NAME SUBJECT_ALT_NAME
(
	umask 077
	openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" \
		-keyout "$TMP/$1.key" -out "$TMP/$1.csr" 2>> "$TMP/openssl"
	openssl x509 -req -in "$TMP/$1.csr" -CA "$TMP/ca.pem" -CAkey "$TMP/ca.key" \
		-CAcreateserial -days 2 -out "$TMP/$1.pem" \
		-extfile <(echo "subjectAltName=$2") 2>> "$TMP/openssl"
)

freeradius_listen()
{
	cat <<-EOF
	thread pool {
	}
	clients radsec {
		client bng {
			ipaddr = $BNG
			proto = tls
			secret = radsec
		}
	}
	listen {
		type = auth+acct
		proto = tcp
		ipaddr = $SERVER
		port = 2083
		virtual_server = default
		clients = radsec
		tls {
			private_key_file = $TMP/server.key
			certificate_file = $TMP/server.pem
			ca_file = $TMP/ca.pem
			require_client_cert = yes
		}
	}
	EOF
}

# tls of both servers.
conf() # TLS
{
	aaa_conf | sed "s|port: 1813, ||; s|secret_file: [^ ]*|tls: { $1 }|"
	cat <<-EOF
	  timeout: 2
	  retries: 2
	  dead_time: 2
	  retry_pending: 1
	EOF
}

CA="ca: $TMP/ca.pem" CERT="cert: $TMP/bng.pem, key: $TMP/bng.key"

reload_with() # TLS
{
	(umask 077 && conf "$1" > "$TMP/kbngd.yaml")
	kbng reload
}

server() # KIND FILTER
{
	kbng -j status | jq -r ".radius.$1_servers[0] | $2"
}

# Ours towards the server, the other side's port first.
connections()
{
	on bng ss -Htn state established "dport = 2083"
}

in_over_tls_only()
{
	local id

	fails listens u 1812
	fails listens u 1813
	watch core srv datagrams 'meta l4proto udp'
	id=$(new 1)
	busywait 60 state_is "$id" active
	busywait 60 has_record Start "$id"
	expect 0 seen core datagrams
	expect "tls 2083 up" server auth '"\(.transport) \(.port) \(.state)"'
	expect "tls 2083 up" server acct '"\(.transport) \(.port) \(.state)"'
	connections | grep -q "$SERVER:2083"
}

# Not more connections for a second session.
connections_are_kept()
{
	local before id

	before=$(connections | sort)
	id=$(new 2)
	busywait 60 state_is "$id" active
	busywait 60 has_record Start "$id"
	expect "$before" eval "connections | sort"
}

session_id() # N
{
	kbng -j session show "$(address "$1")" | jq -r '.[0].uuid'
}

# Its connections are gone, and it does not say so. What happens while it is away
# arrives afterwards.
server_killed()
{
	local one two three

	one=$(session_id 1) two=$(session_id 2)
	stop freeradius KILL
	kbng session clear "$(address 1)"
	kbng session clear "$(address 2)"
	wait_log 60 kbngd 'server does not answer.*port=2083 reason="Connection refused"'
	fails has_record Stop "$one"
	freeradius_restart
	busywait 60 has_record Stop "$one"
	busywait 60 has_record Stop "$two"
	three=$(new 3)
	busywait 60 state_is "$three" active
	busywait 60 has_record Start "$three"
	expect "1 1 1 1 1" echo "$(records Start "$one")" "$(records Stop "$one")" \
		"$(records Start "$two")" "$(records Stop "$two")" "$(records Start "$three")"
	wait_log 60 kbngd 'server answers again'
}

# A firewall has forgotten the connections: nothing comes back, not even a reset.
connections_forgotten()
{
	local id ports

	ports=$(connections | awk '{ sub(".*:", "", $3); print $3 }' | paste -sd ,)
	on core nft -f - <<-EOT
	table ip forgets {
		chain in {
			type filter hook input priority 0
			tcp dport 2083 tcp sport { $ports } drop
		}
	}
	EOT
	id=$(new 4)
	busywait 60 state_is "$id" active
	busywait 60 has_record Start "$id"
	expect 1 records Start "$id"
	expect up server auth .state
	on core nft delete table ip forgets
}

# Nobody gets in; the log says REASON, once for each kind of server however often
# they are asked; then all is well again.
nobody_gets_in() # NUMBER REASON TLS
{
	local id asked

	reload_with "$3"
	id=$(new "$1")
	wait_log 60 kbngd "server does not answer.*port=2083 reason=\"$2"
	asked=$(server auth .asked)
	busywait 60 eval "[ \"\$(server auth .asked)\" -gt $((asked + 2)) ]"
	[ "$(grep -c "does not answer.*$2" "$TMP/kbngd.log")" -le 2 ]
	server auth .trouble | grep "$2"
	expect pending field "$id" .state
	reload_with "$CA, $CERT"
	busywait 60 state_is "$id" active
	busywait 60 has_record Start "$id"
}

topo_up 8
make_ca ca
make_ca other
make_cert server "IP:$SERVER"
make_cert bng DNS:bng.test
echo 'DEFAULT Cleartext-Password := "x"' | freeradius_start
conf "$CA, $CERT" | kbngd_start
kbngd_ready
check "authenticated and accounted for over TLS, and nothing over UDP" in_over_tls_only
check "connections are kept" connections_are_kept
check "the server is killed: records arrive afterwards, once each" server_killed
check "connections that a firewall forgets are replaced" connections_forgotten
check "a server of another CA" nobody_gets_in 5 \
	'The certificate is NOT trusted. The certificate issuer is unknown' "ca: $TMP/other.pem, $CERT"
check "a server with another name" nobody_gets_in 6 \
	'The certificate is NOT trusted. The name in the certificate does not match' "$CA, $CERT, name: other.test"
check "the server wants our certificate" nobody_gets_in 7 'the server closed the connection' "$CA"
check "sanitizers are silent" sanitizers_are_silent
done_testing
