// SPDX-License-Identifier: GPL-2.0-or-later
/* CPU figures are those of all processors, and never out of range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../daemon/kbngd/health.c"

static struct health_report told;

int events_health(struct kbngd *k, const struct health_report *report)
{
	(void)k;
	told = *report;
	return 0;
}

void table_each(struct table *t, void (*cb)(struct session *s, void *arg),
		void *arg)
{
	struct session s = { .state = KBNG_STATE_ACTIVE };

	(void)t;
	cb(&s, arg);
}

static void the_line_of_all_processors_is_read(void **state)
{
	struct health_cpu cpu;

	(void)state;
	assert_true(health_cpu_parse("cpu  10 1 5 80 4 2 1 3 7 0\n", &cpu));
	assert_int_equal(cpu.busy, 10 + 1 + 5 + 2 + 1 + 3);
	assert_int_equal(cpu.all, cpu.busy + 80 + 4);
	assert_false(health_cpu_parse("cpu0 10 1 5 80 4 2 1 3 7 0\n", &cpu));
	assert_false(health_cpu_parse("cpu  10 1 5 80\n", &cpu));
	assert_false(health_cpu_parse("", &cpu));
}

static void what_was_busy_is_a_part_of_all(void **state)
{
	static const struct {
		struct health_cpu then, now;
		unsigned int busy;
	} cases[] = {
		{ { 100, 1000 }, { 150, 1200 }, 250 },
		{ { 100, 1000 }, { 300, 1200 }, 1000 },
		{ { 100, 1000 }, { 100, 1200 }, 0 },
		{ { 100, 1000 }, { 100, 1000 }, 0 },
		{ { 100, 1000 }, { 99, 1001 }, 0 },
		{ { 100, 1000 }, { 101, 999 }, 0 },
		{ { 100, 1000 }, { 103, 1002 }, 1000 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(health_cpu_busy(&cases[i].then, &cases[i].now),
				 cases[i].busy);
}

static void this_machine_has_both(void **state)
{
	struct config config = { .health_interval = 5 };
	struct kbngd k = { .config = &config };
	struct health *h;

	(void)state;
	uv_loop_init(&k.loop);
	h = health_open(&k);
	assert_non_null(h);
	health_tell(&h->timer);
	health_close(h);
	uv_run(&k.loop, UV_RUN_DEFAULT);
	uv_loop_close(&k.loop);
	assert_in_range(told.cpu, 0, 1000);
	assert_in_range(told.mem_max, 16, 1U << 30);
	assert_in_range(told.mem_usage, 1, told.mem_max);
	assert_int_equal(told.sessions[KBNG_STATE_ACTIVE], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_of_all_processors_is_read),
		cmocka_unit_test(what_was_busy_is_a_part_of_all),
		cmocka_unit_test(this_machine_has_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
