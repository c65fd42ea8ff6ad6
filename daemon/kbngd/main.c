// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kbngd: decides about subscribers' sessions. The module carries them, with or
 * without it.
 *
 *   kernel.c		the module: ifaces, notifications, dumps
 *   session.c		what is to be done for a session, and when
 *   auth.c acct.c	RADIUS attributes out and in; policy.c cookie.c template.c
 *   verdict.c		from an answer, or from subscribers.c, to the kernel
 *   radius.c		threads; exchange.c asks servers; packet.c the octets
 *   events.c		what the outside is told; journal*.c keep it; redis.c ships
 *   config*.c		kbngd.yaml; yamlfile.c secret.c
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "kbngd.h"
#include "kernel.h"
#include "lib/log.h"
#include "session.h"

#define ERROR_SIZE	512

static const char usage[] =
	"usage: kbngd [-c FILE] [--check | --events]\n"
	"\n"
	"  -c, --config FILE  configuration, " KBNG_SYSCONF "/kbngd.yaml without it\n"
	"      --check        read the configuration, say what is wrong, exit\n"
	"      --events       print the events that the journal holds, exit\n"
	"      --version      print the version, exit\n"
	"  -h, --help         print this, exit\n"
	"\n"
	"Runs in the foreground. Stopping it stops no session.\n";

enum mode { MODE_RUN, MODE_CHECK, MODE_EVENTS };

static void main_signal(uv_signal_t *handle, int number)
{
	kbng_notice("%s: stopping, sessions stay", strsignal(number));
	uv_stop(handle->loop);
}

static void main_signals(uv_loop_t *loop, uv_signal_t *handles)
{
	static const int numbers[] = { SIGTERM, SIGINT };
	int i;

	for (i = 0; i < 2; i++) {
		uv_signal_init(loop, &handles[i]);
		uv_signal_start(&handles[i], main_signal, numbers[i]);
		uv_unref((uv_handle_t *)&handles[i]);
	}
}

static int main_open_aaa(struct kbngd *k, char *error)
{
	const struct config *c = k->config;

	if (!c->radius)
		return subscribers_load(c->subscribers_file, &k->subscribers,
					error);
	return radius_open(c->radius, &k->loop, session_answered, k,
			   &k->radius, error, ERROR_SIZE);
}

/* The ladder up; main_close() goes down from wherever it ended. */
static int main_open(struct kbngd *k, struct kernel **kernel, char *error)
{
	const struct config *c = k->config;
	int kind;

	for (kind = 0; kind < RADIUS_KINDS; kind++)
		session_queue_init(&k->waiting[kind]);
	if (table_init(&k->sessions)) {
		snprintf(error, ERROR_SIZE, "out of memory");
		return -1;
	}
	if (kernel_open(k, error) ||
	    journal_open(c->journal.path, c->journal.max_events, &k->journal,
			 error, ERROR_SIZE) ||
	    main_open_aaa(k, error) || kernel_ifaces(k, error))
		return -1;
	if (c->redis) {
		k->redis = redis_open(c->redis, &k->loop, k->journal);
		if (!k->redis) {
			snprintf(error, ERROR_SIZE, "out of memory");
			return -1;
		}
	}
	return kernel_listen(k, kernel, error);
}

static void main_close_signal(uv_handle_t *handle, void *arg)
{
	(void)arg;
	if (handle->type == UV_SIGNAL)
		uv_close(handle, NULL);
}

static void main_close(struct kbngd *k, struct kernel *kernel)
{
	int kind;

	kernel_close(kernel);
	radius_close(k->radius);
	for (kind = 0; kind < RADIUS_KINDS; kind++)
		while (session_queue_get(&k->waiting[kind]))
			;
	if (k->sessions.buckets)
		table_free(&k->sessions);
	redis_close(k->redis);
	uv_walk(&k->loop, main_close_signal, NULL);
	uv_run(&k->loop, UV_RUN_DEFAULT);
	uv_loop_close(&k->loop);
	subscribers_free(k->subscribers);
	journal_close(k->journal);
	kbng_nl_close(k->nl);
	config_free(k->config);
}

static int main_run(struct config *config)
{
	struct kbngd k = { .config = config };
	struct kernel *kernel = NULL;
	uv_signal_t signals[2];
	char error[ERROR_SIZE];
	bool ok;

	signal(SIGPIPE, SIG_IGN);
	srandom(time(NULL) ^ getpid());
	uv_loop_init(&k.loop);
	main_signals(&k.loop, signals);
	ok = !main_open(&k, &kernel, error);
	if (ok) {
		kbng_notice("kbngd " KBNG_VERSION " runs bng_id=%s sessions=%zu",
			    config->bng_id, k.sessions.n);
		sd_notify(0, "READY=1");
		uv_run(&k.loop, UV_RUN_DEFAULT);
		sd_notify(0, "STOPPING=1");
		ok = !kernel_lost(kernel);
	} else {
		kbng_error("%s", error);
	}
	main_close(&k, kernel);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int main_events(struct config *config)
{
	char error[ERROR_SIZE];
	int err;

	err = journal_print(config->journal.path, error, sizeof(error));
	if (err)
		kbng_error("%s", error);
	config_free(config);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "check", no_argument, NULL, 'C' },
		{ "events", no_argument, NULL, 'E' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	const char *path = KBNG_SYSCONF "/kbngd.yaml";
	enum mode mode = MODE_RUN;
	enum kbng_log_level level;
	struct config *config;
	char error[ERROR_SIZE];
	int c;

	while ((c = getopt_long(argc, argv, "c:h", options, NULL)) >= 0)
		switch (c) {
		case 'c':
			path = optarg;
			break;
		case 'C':
			mode = MODE_CHECK;
			break;
		case 'E':
			mode = MODE_EVENTS;
			break;
		case 'V':
			puts("kbngd " KBNG_VERSION);
			return EXIT_SUCCESS;
		case 'h':
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		default:
			fputs(usage, stderr);
			return 2;
		}
	if (optind < argc) {
		fputs(usage, stderr);
		return 2;
	}
	if (config_load(path, &config, error)) {
		kbng_error("%s", error);
		return EXIT_FAILURE;
	}
	if (config->log_level &&
	    kbng_log_level_parse(config->log_level, &level))
		kbng_log_level(level);
	if (mode == MODE_EVENTS)
		return main_events(config);
	if (mode == MODE_RUN)
		return main_run(config);
	printf("%s: no errors\n", path);
	config_free(config);
	return EXIT_SUCCESS;
}
