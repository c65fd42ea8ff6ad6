// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kbngd: decides about subscribers' sessions. The module carries them, with or
 * without it.
 *
 *   kernel.c		the module: ifaces, notifications, dumps
 *   session.c		when there is something to do for a session; task.c what;
 *			update.c many at once; group.c when the journal has it
 *   auth.c acct.c	RADIUS attributes out and in; policy.c template.c
 *   timeout.c		how long a session lasts
 *   route.c		routes to IPv6 prefixes
 *   nas.c		Accounting-On and -Off; outbox.c sends records
 *   verdict.c		from an answer, or from subscribers.c, to the kernel
 *   fixed.c		sessions that the configuration names
 *   fallback.c		who is let in when no server answers; readmit.c asks later
 *   coa_listen.c	servers that change sessions: coa.c what, coa_apply.c how,
 *			replay.c once only
 *   radius*.c		threads; exchange*.c ask servers; packet.c the octets
 *   events.c		what the outside is told; health.c of the machine
 *   journal*.c	keep it; redis.c ships, redis_link.c to where it is now,
 *			which sentinel.c asks
 *   reconcile.c	sessions and leases: kea.c http.c ask for them, lease.c reads
 *   config*.c		kbngd.yaml; yamlfile.c secret.c; reload.c reads it again
 *   metrics.c	what Prometheus asks; exposition.c is the answer
 *   save.c restore.c	sessions that outlive the module; saved.c is the file
 *   control.c		what kbng asks; status.c is one of the answers
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "coa_listen.h"
#include "control.h"
#include "fixed.h"
#include "group.h"
#include "health.h"
#include "kbngd.h"
#include "kernel.h"
#include "lib/log.h"
#include "metrics.h"
#include "nas.h"
#include "node.h"
#include "outbox.h"
#include "readmit.h"
#include "recent.h"
#include "reconcile.h"
#include "reload.h"
#include "route.h"
#include "save.h"
#include "session.h"
#include "trace.h"
#include "update.h"

#define ERROR_SIZE	CONFIG_ERROR_SIZE
#define SIGNALS		3

static const char usage[] =
	"usage: kbngd [-c FILE] [--check | --events | --save]\n"
	"\n"
	"  -c, --config FILE  configuration, " KBNG_SYSCONF "/kbngd.yaml without it\n"
	"      --check        read the configuration, say what is wrong, exit\n"
	"      --events       print the events that the journal holds, exit\n"
	"      --save         before the module is unloaded: save the sessions, exit\n"
	"      --version      print the version, exit\n"
	"  -h, --help         print this, exit\n"
	"\n"
	"Runs in the foreground. Stopping it stops no session.\n";

enum mode { MODE_RUN, MODE_CHECK, MODE_EVENTS, MODE_SAVE };

/* What it has open besides a struct kbngd. */
struct parts {
	struct kernel *kernel;
	struct control *control;
	struct metrics *metrics;
	struct health *health;
	uv_signal_t signals[SIGNALS];
	uv_timer_t watchdog;
};

/* How main_run() ended. */
enum end { END_UNOPENED, END_LOST, END_STOPPED, END_RELOAD };

static void main_signal(uv_signal_t *handle, int number)
{
	struct kbngd *k = handle->data;

	kbng_notice("%s: stopping, sessions stay", strsignal(number));
	config_free(k->next);
	k->next = NULL;
	uv_stop(handle->loop);
}

static void main_reload(uv_signal_t *handle, int number)
{
	char error[ERROR_SIZE];

	(void)number;
	if (reload_begin(handle->data, error))
		kbng_error("not reloaded: %s", error);
}

static void main_signals(struct kbngd *k, uv_signal_t *handles)
{
	static const struct {
		int number;
		uv_signal_cb cb;
	} signals[SIGNALS] = {
		{ SIGTERM, main_signal },
		{ SIGINT, main_signal },
		{ SIGHUP, main_reload },
	};
	int i;

	for (i = 0; i < SIGNALS; i++) {
		uv_signal_init(&k->loop, &handles[i]);
		handles[i].data = k;
		uv_signal_start(&handles[i], signals[i].cb, signals[i].number);
		uv_unref((uv_handle_t *)&handles[i]);
	}
}

static void main_alive(uv_timer_t *timer)
{
	(void)timer;
	sd_notify(0, "WATCHDOG=1");
}

/* The service manager may want to hear that the loop goes round. */
static void main_watchdog(struct kbngd *k, uv_timer_t *timer)
{
	uint64_t us;

	uv_timer_init(&k->loop, timer);
	if (sd_watchdog_enabled(0, &us) > 0)
		uv_timer_start(timer, main_alive, 0, us / 3000);
}

static void main_trace(struct kbngd *k, const struct radius_request *req)
{
	struct session *s = table_find(&k->sessions, req->uuid);

	if (!s)
		return;
	trace(s->mac, "radius kind=%s result=%s",
	      kbng_name(&radius_kind_names, req->kind),
	      kbng_name(&radius_result_names, req->result));
	trace_pairs(s->mac, "sent", radius_handle(k->radius), req->send);
	trace_pairs(s->mac, "received", radius_handle(k->radius), req->reply);
}

static void main_answered(struct radius_request *req, void *arg)
{
	struct kbngd *k = arg;

	k->radius_results[req->kind][req->result]++;
	main_trace(k, req);
	if (req->kind == RADIUS_ACCT)
		outbox_answered(k->outbox, req);
	else
		session_answered(k, req);
}

static int main_open_groups(struct kbngd *k, char *error)
{
	k->group = group_open(k);
	k->updates = updates_open(k);
	if (k->group && k->updates)
		return 0;
	snprintf(error, ERROR_SIZE, "out of memory");
	return -1;
}

static int main_open_aaa(struct kbngd *k, char *error)
{
	const struct config *c = k->config;

	if (c->subscribers_file &&
	    subscribers_load(c->subscribers_file, &k->subscribers, error))
		return -1;
	if (!c->radius)
		return 0;
	if (radius_open(c->radius, &k->loop, main_answered, k, &k->radius,
			error, ERROR_SIZE))
		return -1;
	if (c->radius->acct_servers_count)
		k->outbox = outbox_open(k);
	if ((k->outbox || !c->radius->acct_servers_count) &&
	    !readmit_open(k, &k->readmit))
		return 0;
	snprintf(error, ERROR_SIZE, "out of memory");
	return -1;
}

/* The ladder up; main_close() goes down from wherever it ended. */
static int main_open(struct kbngd *k, struct parts *parts, char *error)
{
	const struct config *c = k->config;

	session_queue_init(&k->waiting);
	k->recent = recent_open();
	if (!k->recent || table_init(&k->sessions)) {
		snprintf(error, ERROR_SIZE, "out of memory");
		return -1;
	}
	if (control_open(k, &parts->control, error, ERROR_SIZE) ||
	    kernel_open(k, error) ||
	    journal_open(c->journal.path, c->journal.max_events,
			 c->journal.max_records, &k->journal, error,
			 ERROR_SIZE) ||
	    main_open_groups(k, error) || main_open_aaa(k, error) ||
	    kernel_ifaces(k, error) || restore(k, error))
		return -1;
	if (c->redis) {
		k->redis = redis_open(c->redis, &k->loop, k->journal);
		if (!k->redis) {
			snprintf(error, ERROR_SIZE, "out of memory");
			return -1;
		}
	}
	if (route_open(k, error, ERROR_SIZE) ||
	    nodes_open(k, &k->nodes, error, ERROR_SIZE) ||
	    kernel_listen(k, &parts->kernel, error) ||
	    metrics_open(k, &parts->metrics, error, ERROR_SIZE))
		return -1;
	parts->health = health_open(k);
	if (!parts->health) {
		snprintf(error, ERROR_SIZE, "out of memory");
		return -1;
	}
	if (nas_open(k)) {
		snprintf(error, ERROR_SIZE, "cannot begin accounting");
		return -1;
	}
	if (c->radius && c->radius->coa &&
	    coa_listen_open(k, &k->coa, error, ERROR_SIZE))
		return -1;
	if (fixed_open(k, &k->fixed)) {
		snprintf(error, ERROR_SIZE, "out of memory");
		return -1;
	}
	return reconcile_open(k, &k->reconcile, error, ERROR_SIZE);
}

static void main_close_signal(uv_handle_t *handle, void *arg)
{
	(void)arg;
	if (handle->type == UV_SIGNAL)
		uv_close(handle, NULL);
}

static void main_close(struct kbngd *k, struct parts *parts)
{
	reconcile_close(k->reconcile);
	fixed_close(k->fixed);
	health_close(parts->health);
	metrics_close(parts->metrics);
	coa_listen_close(k->coa);
	kernel_close(parts->kernel);
	nodes_close(k->nodes);
	route_close(k->routes);
	radius_close(k->radius);
	readmit_close(k->readmit);
	outbox_close(k->outbox);
	while (session_queue_get(&k->waiting))
		;
	updates_close(k->updates);
	group_close(k->group);
	if (k->sessions.buckets)
		table_free(&k->sessions);
	redis_close(k->redis);
	control_close(parts->control);
	uv_close((uv_handle_t *)&parts->watchdog, NULL);
	uv_walk(&k->loop, main_close_signal, NULL);
	uv_run(&k->loop, UV_RUN_DEFAULT);
	uv_loop_close(&k->loop);
	subscribers_free(k->subscribers);
	recent_close(k->recent);
	journal_close(k->journal);
	kbng_nl_close(k->nl);
}

/*
 * From the opening to the end; *@next is what to go on with after a reload,
 * @before what it was until then.
 */
static enum end main_run(const char *path, struct config *config,
			 const struct config *before, struct config **next)
{
	struct kbngd k = {
		.config = config,
		.before = before,
		.config_path = path,
		.started = time(NULL),
	};
	struct parts parts = { 0 };
	enum kbng_log_level level = KBNG_LOG_INFO;
	enum end end = END_UNOPENED;
	char error[ERROR_SIZE];

	if (config->log_level)
		kbng_log_level_parse(config->log_level, &level);
	kbng_log_level(level);
	uv_loop_init(&k.loop);
	main_signals(&k, parts.signals);
	main_watchdog(&k, &parts.watchdog);
	if (!main_open(&k, &parts, error)) {
		kbng_notice("kbngd " KBNG_VERSION " runs bng_id=%s sessions=%zu",
			    config->bng_id, k.sessions.n);
		sd_notify(0, "READY=1");
		uv_run(&k.loop, UV_RUN_DEFAULT);
		end = kernel_lost(parts.kernel) ? END_LOST :
		      k.next ? END_RELOAD : END_STOPPED;
		if (end == END_LOST)
			nas_off(&k);
		sd_notify(0, end == END_RELOAD ? "RELOADING=1" : "STOPPING=1");
	} else {
		kbng_error("%s", error);
	}
	main_close(&k, &parts);
	*next = k.next;
	return end;
}

/* A configuration that cannot be opened gives way to the one before it. */
static int main_serve(const char *path, struct config *config)
{
	struct config *old = NULL, *next;
	enum end end;

	signal(SIGPIPE, SIG_IGN);
	srandom(time(NULL) ^ getpid());
	while ((end = main_run(path, config, old, &next)) == END_RELOAD ||
	       (end == END_UNOPENED && old)) {
		if (end == END_RELOAD) {
			config_free(old);
			old = config;
			config = next;
			kbng_notice("reloaded, sessions stay");
		} else {
			config_free(config);
			config = old;
			old = NULL;
			kbng_warning("going on with the configuration before it");
		}
	}
	config_free(next);
	config_free(old);
	config_free(config);
	return end == END_STOPPED ? EXIT_SUCCESS : EXIT_FAILURE;
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

static int main_save(struct config *config)
{
	char error[ERROR_SIZE];
	int err;

	err = save(config, error);
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
		{ "save", no_argument, NULL, 'S' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	const char *path = KBNG_SYSCONF "/kbngd.yaml";
	enum mode mode = MODE_RUN;
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
		case 'S':
			mode = MODE_SAVE;
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
	if (mode == MODE_EVENTS)
		return main_events(config);
	if (mode == MODE_SAVE)
		return main_save(config);
	if (mode == MODE_RUN)
		return main_serve(path, config);
	printf("%s: no errors\n", path);
	config_free(config);
	return EXIT_SUCCESS;
}
