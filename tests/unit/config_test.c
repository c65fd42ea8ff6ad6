// SPDX-License-Identifier: GPL-2.0-or-later
/* What people are told about their kbngd.yaml. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "kbngd/config.h"
#include "kbngd/yamlfile.h"

static char dir[] = "/tmp/kbng-config-XXXXXX";
static char path[64], error[CONFIG_ERROR_SIZE];

static void write_file(const char *name, const char *text, mode_t mode)
{
	char at[96];
	FILE *file;

	snprintf(at, sizeof(at), "%s/%s", dir, name);
	unlink(at);
	file = fopen(at, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	chmod(at, mode);
}

static int setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	snprintf(path, sizeof(path), "kbngd.yaml");
	write_file("good.secret", "s3cret, with: all\nand more\n", 0600);
	write_file("open.secret", "s3cret\n", 0644);
	write_file("empty.secret", "\n", 0600);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink("good.secret");
	unlink("open.secret");
	unlink("empty.secret");
	unlink(path);
	return rmdir(dir);
}

#define HEAD	"bng_id: b\n"						\
		"ifaces:\n"						\
		"  - name: acc0\n"					\
		"    role: access\n"					\
		"    giaddr: 10.0.0.1\n"				\
		"    servers: [10.0.0.2]\n"
#define RADIUS	"radius:\n"						\
		"  auth_servers:\n"					\
		"    - address: 10.0.0.3\n"				\
		"      secret_file: good.secret\n"			\
		"  password: '{mac}'\n"

/* The whole line that @text gives. */
static void fails(const char *text, const char *expected)
{
	struct config *c;

	write_file(path, text, 0644);
	assert_int_equal(config_load(path, &c, error), -1);
	assert_null(c);
	assert_string_equal(error, expected);
}

static void test_good(void **state)
{
	struct config *c;

	(void)state;
	write_file(path, HEAD RADIUS, 0644);
	assert_int_equal(config_load(path, &c, error), 0);
	assert_string_equal(c->nas.identifier, "b");
	assert_int_equal(c->nas.port_type, 15);
	assert_int_equal(c->interim_interval, 300);
	assert_string_equal(c->ifaces[0].servers[0], "10.0.0.2");
	assert_int_equal(c->ifaces[0].install_fq, YAMLFILE_UNSET);
	assert_int_equal(c->radius->auth_servers[0].port, 1812);
	assert_string_equal(c->radius->auth_servers[0].secret,
			    "s3cret, with: all");
	assert_string_equal(c->radius->username, "{mac}");
	assert_int_equal(*c->radius->retries, 2);
	assert_int_equal(c->radius->dead_time, 60);
	assert_int_equal(c->radius->rate, 1000);
	assert_int_equal(c->radius->burst, 100);
	assert_int_equal(c->radius->rates_count, policy_default_rates_count);
	assert_null(c->redis);
	assert_string_equal(c->journal.path, "/var/lib/kbng/journal.db");
	config_free(c);
}

static void test_full(void **state)
{
	struct config *c;

	(void)state;
	write_file(path, HEAD
		   "    install_fq: false\n"
		   "    shaper: police\n"
		   RADIUS
		   "  retries: 0\n"
		   "  rates:\n"
		   "    - { vendor: 9, attribute: 1, unit: Mbit/s }\n"
		   "redis:\n"
		   "  socket: /run/redis.sock\n"
		   "  password_file: good.secret\n"
		   "journal: { path: /tmp/j, max_events: 5000, max_records: 100 }\n", 0644);
	assert_int_equal(config_load(path, &c, error), 0);
	assert_int_equal(c->ifaces[0].install_fq, YAMLFILE_NO);
	assert_int_equal(c->ifaces[0].shaper, KBNG_SHAPER_POLICE);
	assert_int_equal(*c->radius->retries, 0);
	assert_int_equal(c->radius->rates_count, 1);
	assert_int_equal(c->radius->rates[0].direction, POLICY_BOTH);
	assert_string_equal(c->redis->stream, "kbng:events");
	assert_string_equal(c->redis->password, "s3cret, with: all");
	assert_int_equal(c->journal.max_events, 5000);
	assert_int_equal(c->journal.max_records, 100);
	config_free(c);
}

static void test_keys(void **state)
{
	(void)state;
	fails("bng_id: b\nfoo: 1\n",
	      "kbngd.yaml:2: foo: unknown key: remove it, or see the manual page for the keys there are");
	fails(HEAD RADIUS "  colour: red\n",
	      "kbngd.yaml:12: radius.colour: unknown key: remove it, or see the manual page for the keys there are");
	fails(HEAD "    gaddr: 10.0.0.1\n" RADIUS,
	      "kbngd.yaml:7: ifaces[0].gaddr: unknown key: remove it, or see the manual page for the keys there are");
	fails(HEAD "radius:\n  auth_servers:\n    - address: 10.0.0.3\n",
	      "kbngd.yaml:9: radius.auth_servers[0].secret_file: missing: add it");
	fails("ifaces: []\n",
	      "kbngd.yaml:1: ifaces: empty: give at least one entry");
	fails("bng_id: a\nbng_id: b\n",
	      "kbngd.yaml:1: bng_id: Mapping field already seen: bng_id: give it once");
}

static void test_types(void **state)
{
	(void)state;
	fails(HEAD RADIUS "  timeout: soon\n",
	      "kbngd.yaml:12: radius.timeout: Invalid uint64_t value: 'soon': correct the value");
	fails(HEAD "  - name: core0\n    role: cor\n" RADIUS,
	      "kbngd.yaml:8: ifaces[1].role: Invalid ENUM value: cor: correct the value");
	fails(HEAD "    install_fq: perhaps\n" RADIUS,
	      "kbngd.yaml:7: ifaces[0].install_fq: Invalid ENUM value: perhaps: correct the value");
	fails("bng_id: [b]\n",
	      "kbngd.yaml:1: bng_id: Expecting STRING, got event: SEQUENCE_START: correct the value");
	fails("bng_id: b\n  x: y\n",
	      "kbngd.yaml:2: not YAML: libyaml: mapping values are not allowed in this context");
	fails("", "kbngd.yaml:1: the file is empty");
}

#define SESSION(rest)	HEAD RADIUS "sessions:\n  - { iface: acc0, " rest " }\n"

static void test_sessions(void **state)
{
	(void)state;
	fails(SESSION("mac: '02:00'"),
	      "kbngd.yaml:13: sessions[0].mac: not a MAC address such as 52:54:00:12:34:56");
	fails(SESSION("mac: '02:00:00:00:00:01'"),
	      "kbngd.yaml:13: sessions[0].address: give an IPv4 address, or prefixes");
	fails(SESSION("mac: '02:00:00:00:00:01', prefixes: [10.0.0]"),
	      "kbngd.yaml:13: sessions[0].prefixes: neither an IPv6 prefix such as 2001:db8:1::/56 nor an IPv4 network");
	fails(SESSION("mac: '02:00:00:00:00:01', address: 10.0.0.9, inner_vlan: 7"),
	      "kbngd.yaml:13: sessions[0].inner_vlan: not from 1 to 4094, or without vlan");
	fails(HEAD RADIUS "sessions:\n  - { iface: acc1, mac: '02:00:00:00:00:01', address: 10.0.0.9 }\n",
	      "kbngd.yaml:13: sessions[0].iface: 'acc1' is no access iface of ifaces");
}

static void test_ranges(void **state)
{
	(void)state;
	fails(HEAD RADIUS "  timeout: 61\n",
	      "kbngd.yaml:12: radius.timeout: 61 is out of range: give 1 to 60");
	fails(HEAD RADIUS "interim_interval: 4\n",
	      "kbngd.yaml:12: interim_interval: 4 is out of range: give 5 to 86400");
	fails("bng_id: b\nifaces:\n  - { name: acc0, role: access, giaddr: 10.0.0.256 }\n" RADIUS,
	      "kbngd.yaml:3: ifaces[0].giaddr: '10.0.0.256' is not an IPv4 address: names are not looked up");
	fails("bng_id: b\nifaces:\n  - { name: averylongdevicename, role: core }\n" RADIUS,
	      "kbngd.yaml:3: ifaces[0].name: 'averylongdevicename' is longer than 15 octets");
	fails(HEAD "  - { name: acc0, role: core }\n" RADIUS,
	      "kbngd.yaml:7: ifaces[1].name: 'acc0' is there twice: remove one");
	fails("bng_id: b\nifaces:\n  - { name: c, role: core, giaddr: 10.0.0.1 }\n" RADIUS,
	      "kbngd.yaml:3: ifaces[0].role: a core iface relays no DHCP: remove giaddr and servers");
	fails(HEAD RADIUS "  username: '{mac}@{realm}'\n",
	      "kbngd.yaml:12: radius.username: cannot use '{realm}': there are {mac}, {ifname}, {circuit_id}, {remote_id}, {hostname}, {address} and {bng_id}");
}

static void test_together(void **state)
{
	(void)state;
	fails(HEAD "log_level: info\n",
	      "kbngd.yaml:1: radius: give radius or subscribers_file: one of them decides");
	fails(HEAD RADIUS "subscribers_file: x\n",
	      "kbngd.yaml:12: subscribers_file: nobody asks it: add local to no_answer, or remove it or radius");
	fails(HEAD RADIUS "  password_file: good.secret\n",
	      "kbngd.yaml:11: radius.password: there is a password_file too: remove one");
	fails(HEAD RADIUS "redis: { stream: x }\n",
	      "kbngd.yaml:12: redis.host: give one of host, socket, sentinels and cluster");
	fails(HEAD RADIUS "log_level: loud\n",
	      "kbngd.yaml:12: log_level: 'loud' is none: give error, warning, notice, info or debug");
}

#define SENTINELS	"redis:\n  sentinels:\n"				\
			"    - { address: 10.0.0.5 }\n"			\
			"    - { address: 2001:db8::5, port: 5000 }\n"

static void test_redis(void **state)
{
	struct config *c;

	(void)state;
	write_file(path, HEAD RADIUS SENTINELS "  master: bng\n"
		   "  sentinel_password_file: good.secret\n", 0644);
	assert_int_equal(config_load(path, &c, error), 0);
	assert_int_equal(c->redis->sentinels_count, 2);
	assert_int_equal(c->redis->sentinels[0].port, 26379);
	assert_string_equal(c->redis->sentinels[1].address, "2001:db8::5");
	assert_int_equal(c->redis->sentinels[1].port, 5000);
	assert_string_equal(c->redis->master, "bng");
	assert_string_equal(c->redis->sentinel_password, "s3cret, with: all");
	assert_int_equal(*c->redis->wait_replicas, 1);
	config_free(c);
	write_file(path, HEAD RADIUS "redis:\n  wait_replicas: 0\n"
		   "  cluster: [{ address: 10.0.0.5 }]\n", 0644);
	assert_int_equal(config_load(path, &c, error), 0);
	assert_int_equal(c->redis->cluster[0].port, 6379);
	assert_int_equal(*c->redis->wait_replicas, 0);
	config_free(c);
	write_file(path, HEAD RADIUS "redis: { host: 10.0.0.5 }\n", 0644);
	assert_int_equal(config_load(path, &c, error), 0);
	assert_int_equal(*c->redis->wait_replicas, 0);
	config_free(c);
	fails(HEAD RADIUS SENTINELS,
	      "kbngd.yaml:12: redis.master: missing: add the name by which the sentinels know the master");
	fails(HEAD RADIUS SENTINELS "  host: 10.0.0.5\n",
	      "kbngd.yaml:16: redis.host: give one of host, socket, sentinels and cluster");
	fails(HEAD RADIUS SENTINELS "  master: bng\n  port: 6379\n",
	      "kbngd.yaml:17: redis.port: it is host's: remove it, or give host");
	fails(HEAD RADIUS SENTINELS "  master: bng\n  wait_replicas: 17\n",
	      "kbngd.yaml:17: redis.wait_replicas: 17 is out of range: give 0 to 16");
	fails(HEAD RADIUS "redis:\n  host: 10.0.0.5\n  master: bng\n",
	      "kbngd.yaml:14: redis.master: sentinels know it by its name: add them, or remove it");
	fails(HEAD RADIUS "redis:\n  host: 10.0.0.5\n  sentinel_password_file: good.secret\n",
	      "kbngd.yaml:14: redis.sentinel_password_file: there are no sentinels: add them, or remove it");
	fails(HEAD RADIUS "redis:\n  cluster:\n    - address: redis.example\n",
	      "kbngd.yaml:14: redis.cluster[0].address: 'redis.example' is not an IP address: names are not looked up");
	fails(HEAD RADIUS "redis:\n  cluster: [{ address: 10.0.0.5 }]\n  stream: '{a}b'\n",
	      "kbngd.yaml:14: redis.stream: '{a}b' has a brace: in a cluster its other keys would be elsewhere");
}

#define POLICIES	"policies:\n"					\
			"  - { name: slow, rate_up: 1M, rate_down: 2M }\n"	\
			"  - { name: pay, burst_up: 64KiB }\n"

static void test_admission(void **state)
{
	struct admission a;
	struct config *c;

	(void)state;
	write_file(path, HEAD
		   "    no_answer: [hold]\n"
		   "    on_reject: block\n"
		   "  - { name: acc1, role: access, retry_rejected: 7 }\n"
		   POLICIES RADIUS
		   "  no_answer: [last, open]\n"
		   "  open_policy: slow\n"
		   "  on_reject: walled\n"
		   "  walled_policy: pay\n", 0644);
	assert_int_equal(config_load(path, &c, error), 0);
	a = config_admission(c, "acc0");
	assert_int_equal(a.n, 1);
	assert_int_equal(a.order[0], DECISION_HOLD);
	assert_null(a.walled);
	assert_int_equal(a.retry_rejected, 300);
	a = config_admission(c, "acc1");
	assert_int_equal(a.n, 2);
	assert_int_equal(a.order[1], DECISION_OPEN);
	assert_int_equal(a.open->rate_down, 2000000);
	assert_int_equal(a.walled->burst_up, 65536);
	assert_int_equal(a.retry_rejected, 7);
	a = config_admission(c, "gone");
	assert_int_equal(a.n, 2);
	assert_int_equal(a.retry_rejected, 300);
	assert_true(config_decides(c, DECISION_LAST));
	assert_false(config_decides(c, DECISION_LOCAL));
	config_free(c);
}

static void test_admission_errors(void **state)
{
	(void)state;
	fails(HEAD RADIUS "  no_answer: [open]\n",
	      "kbngd.yaml:7: radius.open_policy: missing: name one of policies, which all get that open lets in");
	fails(HEAD RADIUS "  on_reject: walled\n",
	      "kbngd.yaml:7: radius.walled_policy: missing: name one of policies, which all get that are rejected");
	fails(HEAD RADIUS "  no_answer: [local]\n",
	      "kbngd.yaml:12: radius.no_answer[0]: local needs subscribers_file");
	fails(HEAD RADIUS "  no_answer: [hold, last]\n",
	      "kbngd.yaml:12: radius.no_answer[1]: is never asked: what stands before it decides");
	fails(HEAD RADIUS "  no_answer: [last, last]\n",
	      "kbngd.yaml:12: radius.no_answer[1]: is never asked: what stands before it decides");
	fails(HEAD RADIUS "  no_answer: [maybe]\n",
	      "kbngd.yaml:12: radius.no_answer[0]: Invalid ENUM value: maybe: correct the value");
	fails(HEAD "    open_policy: fast\n" POLICIES RADIUS,
	      "kbngd.yaml:7: ifaces[0].open_policy: 'fast' is none of policies");
	fails(HEAD "    retry_rejected: 86401\n" RADIUS,
	      "kbngd.yaml:7: ifaces[0].retry_rejected: 86401 is out of range: give 1 to 86400");
	fails(HEAD "  - { name: c, role: core, on_reject: block }\n" RADIUS,
	      "kbngd.yaml:7: ifaces[1]: no_answer, open_policy, on_reject, walled_policy and retry_rejected are for access ifaces with RADIUS");
	fails(HEAD "policies: [{ name: a }, { name: a }]\n" RADIUS,
	      "kbngd.yaml:7: policies[1].name: 'a' is there twice: remove one");
	fails(HEAD "policies: [{ name: a, shaper: s }]\n" RADIUS,
	      "kbngd.yaml:7: policies[0].shaper: 's' is none of shapers");
	fails(HEAD "policies: [{ name: a, rate_up: 1k }]\n" RADIUS,
	      "kbngd.yaml:7: policies[0].rate_up: '1k' is no rate: give 64k to 400G bit/s, or 0 for no limit");
	fails(HEAD "policies: [{ name: a, burst_down: x }]\n" RADIUS,
	      "kbngd.yaml:7: policies[0].burst_down: 'x' is no number of octets such as 64KiB");
}

static void test_coa(void **state)
{
	struct config *c;

	(void)state;
	write_file(path, HEAD "nas: { address: 10.0.0.9 }\n" RADIUS
		   "  coa:\n"
		   "    require_event_timestamp: yes\n"
		   "    clients:\n"
		   "      - { address: '2001:db8::1', secret_file: good.secret }\n",
		   0644);
	assert_int_equal(config_load(path, &c, error), 0);
	assert_string_equal(c->radius->coa->address, "10.0.0.9");
	assert_int_equal(c->radius->coa->port, 3799);
	assert_int_equal(c->radius->coa->window, 300);
	assert_int_equal(c->radius->coa->must_stamp, YAMLFILE_YES);
	assert_int_equal(c->radius->coa->must_sign, YAMLFILE_UNSET);
	assert_string_equal(c->radius->coa->clients[0].secret,
			    "s3cret, with: all");
	config_free(c);
	fails(HEAD RADIUS
	      "  coa: { clients: [{ address: 10.0.0.3, secret_file: good.secret }] }\n",
	      "kbngd.yaml:12: radius.coa.address: missing: give the address of this machine that servers send to, here or as nas.address");
	fails(HEAD RADIUS
	      "  coa: { address: 10.0.0.9, clients: [{ address: 10.0.0.3, secret_file: open.secret }] }\n",
	      "kbngd.yaml:12: radius.coa.clients[0].secret_file: others than its owner can read open.secret: chmod 600 open.secret");
}

static void test_source(void **state)
{
	struct config *c;

	(void)state;
	write_file(path, HEAD "radius:\n  auth_servers:\n"
		   "    - { address: 10.0.0.3, source: 10.0.0.1, device: vrf-a, secret_file: good.secret }\n"
		   "  password: x\n", 0644);
	assert_int_equal(config_load(path, &c, error), 0);
	assert_string_equal(c->radius->auth_servers[0].source, "10.0.0.1");
	assert_string_equal(c->radius->auth_servers[0].device, "vrf-a");
	config_free(c);
	fails(HEAD "radius:\n  auth_servers:\n    - address: '2001:db8::1'\n      source: 10.0.0.1\n      secret_file: good.secret\n  password: x\n",
	      "kbngd.yaml:10: radius.auth_servers[0].source: IPv4 does not reach IPv6: give an IPv6 address");
}

#define KEA(text)	HEAD RADIUS "kea: { " text " }\n"

static void test_kea(void **state)
{
	struct config *c;

	(void)state;
	write_file(path, KEA("host: '2001:db8::1', user: u, password_file: good.secret"),
		   0644);
	assert_int_equal(config_load(path, &c, error), 0);
	assert_int_equal(c->kea->port, 8000);
	assert_string_equal(c->kea->password, "s3cret, with: all");
	config_free(c);
	fails(KEA("interval: 60"),
	      "kbngd.yaml:12: kea.socket: give either socket or host");
	fails(KEA("host: 10.0.0.1, socket: /s"),
	      "kbngd.yaml:12: kea.socket: give either socket or host");
	fails(KEA("socket: /s, port: 1"),
	      "kbngd.yaml:12: kea.socket: a unix socket has no port, user and password_file: remove them, or give host");
	fails(KEA("host: kea.example"),
	      "kbngd.yaml:12: kea.host: 'kea.example' is not an IP address: names are not looked up");
	fails(KEA("host: 10.0.0.1, user: u"),
	      "kbngd.yaml:12: kea.user: user and password_file go together");
	fails(KEA("host: 10.0.0.1, user: 'u:v', password_file: good.secret"),
	      "kbngd.yaml:12: kea.user: must have no colon");
}

/* What the files must be like is radsec_test's. */
static void test_tls(void **state)
{
	(void)state;
	fails(HEAD "radius:\n  auth_servers:\n    - address: 10.0.0.3\n      tls: { name: x }\n  password: x\n",
	      "kbngd.yaml:10: radius.auth_servers[0].tls.ca: missing: add it");
	fails(HEAD "radius:\n  auth_servers:\n    - address: 10.0.0.3\n      tls: { ca: ca.pem, cert: x }\n  password: x\n",
	      "kbngd.yaml:10: radius.auth_servers[0].tls.cert: cert and key go together");
	fails(HEAD "radius:\n  auth_servers:\n    - address: 10.0.0.3\n      tls:\n        ca: none.pem\n  password: x\n",
	      "kbngd.yaml:11: radius.auth_servers[0].tls.ca: cannot read none.pem: No such file or directory: give a file in PEM");
	fails(HEAD "radius:\n  auth_servers:\n    - address: 10.0.0.3\n      tls: { ca: good.secret }\n  password: x\n",
	      "kbngd.yaml:10: radius.auth_servers[0].tls.ca: no certificate in good.secret: give that of the CA that signed the server's, in PEM");
	fails(HEAD RADIUS "  coa: { address: 10.0.0.9, clients: [{ address: 10.0.0.3, secret_file: good.secret, tls: { ca: x } }] }\n",
	      "kbngd.yaml:12: radius.coa.clients[0].tls: unknown key: remove it, or see the manual page for the keys there are");
}

static void test_secrets(void **state)
{
	(void)state;
	fails(HEAD "radius:\n  auth_servers:\n    - address: 10.0.0.3\n      secret_file: none.secret\n  password: x\n",
	      "kbngd.yaml:10: radius.auth_servers[0].secret_file: cannot read none.secret: No such file or directory: create it with the secret as its only line, mode 0600");
	fails(HEAD "radius:\n  auth_servers:\n    - address: 10.0.0.3\n      secret_file: open.secret\n  password: x\n",
	      "kbngd.yaml:10: radius.auth_servers[0].secret_file: others than its owner can read open.secret: chmod 600 open.secret");
	fails(HEAD RADIUS "redis:\n  host: 10.0.0.4\n  password_file: empty.secret\n",
	      "kbngd.yaml:14: redis.password_file: the first line of empty.secret is empty: write the secret there");
}

static void test_no_file(void **state)
{
	struct config *c;

	(void)state;
	unlink(path);
	assert_int_equal(config_load(path, &c, error), -1);
	assert_string_equal(error, "kbngd.yaml: No such file or directory: create it, or name another file with -c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_sessions),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_redis),
		cmocka_unit_test(test_admission),
		cmocka_unit_test(test_admission_errors),
		cmocka_unit_test(test_coa),
		cmocka_unit_test(test_source),
		cmocka_unit_test(test_kea),
		cmocka_unit_test(test_tls),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
