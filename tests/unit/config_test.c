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
		   "journal: { path: /tmp/j, max_events: 5000 }\n", 0644);
	assert_int_equal(config_load(path, &c, error), 0);
	assert_int_equal(c->ifaces[0].install_fq, YAMLFILE_NO);
	assert_int_equal(c->ifaces[0].shaper, KBNG_SHAPER_POLICE);
	assert_int_equal(*c->radius->retries, 0);
	assert_int_equal(c->radius->rates_count, 1);
	assert_int_equal(c->radius->rates[0].direction, POLICY_BOTH);
	assert_string_equal(c->redis->stream, "kbng:events");
	assert_string_equal(c->redis->password, "s3cret, with: all");
	assert_int_equal(c->journal.max_events, 5000);
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
	      "kbngd.yaml:1: radius: give either radius or subscribers_file: one of them decides");
	fails(HEAD RADIUS "subscribers_file: x\n",
	      "kbngd.yaml:12: subscribers_file: give either radius or subscribers_file: one of them decides");
	fails(HEAD RADIUS "  password_file: good.secret\n",
	      "kbngd.yaml:11: radius.password: there is a password_file too: remove one");
	fails(HEAD RADIUS "redis: { stream: x }\n",
	      "kbngd.yaml:12: redis.host: give either host or socket");
	fails(HEAD RADIUS "log_level: loud\n",
	      "kbngd.yaml:12: log_level: 'loud' is none: give error, warning, notice, info or debug");
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
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
