// SPDX-License-Identifier: GPL-2.0-or-later
/* The file of saved sessions: all that goes in comes out, or nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kbngd/saved.h"

#define N	20

static char dir[] = "/tmp/kbng-saved-XXXXXX", path[64];
static char error[SAVED_ERROR];
static const struct saved_head head = { "0123456789abcde", 1700000000, 0 };

static void fill(void *to, size_t len, uint8_t seed)
{
	uint8_t *octets = to;

	while (len--)
		*octets++ = seed++;
}

static void fill_policy(struct kbng_session_info *s)
{
	s->has_policy = true;
	s->policy = (struct kbng_policy){
		.name = "gold", .rate_up = KBNG_RATE_MAX, .rate_down = 64000,
		.burst_up = 1, .burst_down = 2, .shaper = "left",
		.overhead = 38, .min_unit = 84, .quota = UINT64_MAX,
		.isolated = 1,
	};
}

static void fill_prefixes(struct kbng_prefixes *list)
{
	unsigned int i;

	list->given = true;
	list->n = KBNG_PREFIXES_MAX;
	for (i = 0; i < list->n; i++) {
		list->prefix[i] = (struct kbng_prefix){
			.len = 48 + i, .kind = i ? KBNG_PREFIX_PD :
						   KBNG_PREFIX_STATIC,
			.has_lifetime = i, .preferred = i, .valid = 2 * i,
			.left = i ? UINT32_MAX - i : 0,
		};
		fill(&list->prefix[i].addr, 6, i);
	}
}

/* A session that has all there is, as long as may be. */
static void fill_session(struct kbng_session_info *s, uint32_t id)
{
	memset(s, 0, sizeof(*s));
	s->id = id;
	fill(s->uuid, sizeof(s->uuid), id);
	s->state = KBNG_STATE_ACTIVE;
	s->ifindex = 3;
	strcpy(s->ifname, "a23456789012345");
	fill(s->mac, sizeof(s->mac), 2);
	s->addr.s_addr = htonl(0x0a400101);
	s->server.s_addr = htonl(0xc0000202);
	s->circuit_id.len = s->remote_id.len = KBNG_ID_MAX;
	fill(s->circuit_id.data, KBNG_ID_MAX, 5);
	fill(s->remote_id.data, KBNG_ID_MAX, 6);
	s->hostname.len = KBNG_NAME_MAX;
	fill(s->hostname.data, KBNG_NAME_MAX, 7);
	s->has_lease = true;
	s->lease_time = 3600;
	s->started = 1600000000;
	s->stopped = 1600000001;
	s->time = 1;
	s->renewals = 8;
	s->terminate_cause = KBNG_CAUSE_MAX;
	s->cookie_len = KBNG_COOKIE_MAX;
	fill(s->cookie, s->cookie_len, 9);
	fill(&s->up, sizeof(s->up), 10);
	fill(&s->down, sizeof(s->down), 99);
	fill(&s->drops, sizeof(s->drops), 1);
	fill(&s->line, sizeof(s->line), 2);
	s->vlan = 4094;
	s->inner_vlan = 1;
	s->vlan_protocol = KBNG_VLAN_8021AD;
	s->over_quota = 1;
	s->trigger = KBNG_TRIGGER_ARP;
	fill(&s->link_local, sizeof(s->link_local), 1);
	s->node.s_addr = 1;
	fill(s->hop, sizeof(s->hop), 4);
	s->agent.len = UINT8_MAX;
	fill(s->agent.data, UINT8_MAX, 0);
	s->terms.framed.s_addr = 7;
	s->terms.attrs.len = KBNG_ID_MAX;
	fill(s->terms.attrs.data, KBNG_ID_MAX, 200);
	s->radius6.len = KBNG_RADIUS6_MAX;
	fill(s->radius6.data, KBNG_RADIUS6_MAX, 90);
	fill_policy(s);
	fill_prefixes(&s->prefixes);
}

static const struct kbng_shaper_info shaper = {
	.name = "left", .parent = "top", .rate_up = 1000000,
	.rate_down = 2000000, .burst_up = 3, .burst_down = 4,
};

static void write_file(void)
{
	struct kbng_session_info s;
	struct saved_writer w;
	uint32_t i;

	assert_int_equal(saved_begin(&w, path, 100000, error), 0);
	assert_int_equal(saved_shaper(&w, &shaper, error), 0);
	for (i = 1; i <= N; i++) {
		fill_session(&s, i);
		assert_int_equal(saved_session(&w, &s, error), 0);
	}
	assert_int_equal(saved_end(&w, &head, error), 0);
}

static void read_shaper(const struct kbng_shaper_info *s, void *arg)
{
	uint32_t *n = arg;

	assert_int_equal(*n, 0);
	assert_memory_equal(s, &shaper, sizeof(shaper));
}

static void read_session(struct kbng_session_info *s, void *arg)
{
	struct kbng_session_info want;
	uint32_t *n = arg;

	fill_session(&want, ++*n);
	assert_memory_equal(s, &want, sizeof(want));
}

static void what_is_written_is_read(void **state)
{
	struct saved saved;
	struct stat st;
	uint32_t n = 0;

	(void)state;
	write_file();
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(saved_read(path, &saved, error), 0);
	assert_memory_equal(saved.head.instance, head.instance, KBNG_UUID_LEN);
	assert_int_equal(saved.head.time, head.time);
	assert_int_equal(saved.head.records, N + 1);
	saved_each(&saved, read_shaper, read_session, &n);
	assert_int_equal(n, N);
	saved_free(&saved);
}

static void no_file_is_no_sessions(void **state)
{
	struct saved saved;

	(void)state;
	unlink(path);
	assert_int_equal(saved_read(path, &saved, error), 0);
	assert_null(saved.octets);
}

/* The one before stays until the new one is whole. */
static void what_is_given_up_changes_nothing(void **state)
{
	struct saved_writer w;
	struct saved saved;

	(void)state;
	write_file();
	assert_int_equal(saved_begin(&w, path, 0, error), 0);
	assert_int_equal(saved_shaper(&w, &shaper, error), 0);
	saved_abort(&w);
	assert_int_equal(saved_read(path, &saved, error), 0);
	assert_int_equal(saved.head.records, N + 1);
	saved_free(&saved);
	assert_int_equal(saved_begin(&w, "/nowhere/file", 0, error), -1);
	assert_non_null(strstr(error, "No such file"));
	saved_abort(&w);
}

static void refused(const void *octets, size_t len, const char *why)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	struct saved saved;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, octets, len), len);
	close(fd);
	assert_int_equal(saved_read(path, &saved, error), -1);
	assert_null(saved.octets);
	if (why && !strstr(error, why))
		fail_msg("\"%s\" has no \"%s\"", error, why);
}

static size_t read_file(char **octets)
{
	struct stat st;
	int fd;

	write_file();
	fd = open(path, O_RDONLY);
	assert_int_equal(fstat(fd, &st), 0);
	*octets = malloc(st.st_size + 4);
	assert_int_equal(read(fd, *octets, st.st_size), st.st_size);
	memset(*octets + st.st_size, 0, 4);
	close(fd);
	return st.st_size;
}

static void what_is_cut_or_longer_is_refused(void **state)
{
	size_t len, cut;
	char *octets;

	(void)state;
	len = read_file(&octets);
	for (cut = 0; cut < len; cut += cut < 4096 ? 1 : 997)
		refused(octets, cut, NULL);
	refused(octets, len - 4, "damaged after 20 of 21 records");
	refused(octets, len + 4, "damaged after 21 of 21 records");
	free(octets);
}

static void what_is_strange_is_refused(void **state)
{
	static const char other[] = "kbng sessions 2 whatever comes then\n";
	static const char first[SAVED_HEAD] =
		"kbng sessions 1 01234567-89ab-cdef-0123-456789abcde 5 0\n";
	static const char more[SAVED_HEAD] =
		"kbng sessions 1 01234567-89ab-cdef-0123-456789abcdef 5 1\n";
	char *octets;
	size_t len;

	(void)state;
	refused("", 0, "no sessions");
	refused("kbng", 4, "no sessions");
	refused("\0\0\0\0", 4, "no sessions");
	refused(other, sizeof(other), "it has format 2, this kbngd reads 1");
	refused(first, sizeof(first), "first line");
	refused(more, sizeof(more), "damaged after 0 of 1");
	len = read_file(&octets);
	octets[SAVED_HEAD + 1] = (char)0xff;
	refused(octets, len, "damaged after 0 of 21");
	free(octets);
}

/* No octet that is wrong is read past its end: ASan would tell. */
static void noise_is_survived(void **state)
{
	struct saved saved;
	char *octets;
	size_t len;
	int fd, i;

	(void)state;
	len = read_file(&octets);
	srandom(1);
	for (i = 0; i < 3000; i++) {
		octets[random() % len] = random();
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		assert_int_equal(write(fd, octets, len), len);
		close(fd);
		if (!saved_read(path, &saved, error))
			saved_free(&saved);
		if (i % 20 == 0) {
			free(octets);
			len = read_file(&octets);
		}
	}
	free(octets);
}

static void the_path_is_beside_the_journal(void **state)
{
	char text[64];

	(void)state;
	saved_path("/var/lib/kbng/journal.db", text, sizeof(text));
	assert_string_equal(text, "/var/lib/kbng/sessions.saved");
	saved_path("journal.db", text, sizeof(text));
	assert_string_equal(text, "sessions.saved");
}

static int make_dir(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/sessions.saved", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(no_file_is_no_sessions),
		cmocka_unit_test(what_is_given_up_changes_nothing),
		cmocka_unit_test(what_is_cut_or_longer_is_refused),
		cmocka_unit_test(what_is_strange_is_refused),
		cmocka_unit_test(noise_is_survived),
		cmocka_unit_test(the_path_is_beside_the_journal),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
