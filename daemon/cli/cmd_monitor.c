// SPDX-License-Identifier: GPL-2.0-or-later
/* kbng monitor */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "lib/fmt.h"

#define DHCP(name)	.offset = offsetof(struct kbng_dhcp_info, name)

static const struct field dhcp_fields[] = {
	{ "iface", KIND_IFINDEX, DHCP(ifindex) },
	{ "ifindex", KIND_NUMBER, DHCP(ifindex) },
	{ "type", KIND_NAME, DHCP(type), .names = &kbng_dhcp_types },
	{ "xid", KIND_NUMBER, DHCP(xid) },
	{ "mac", KIND_MAC, DHCP(mac) },
	{ "address", KIND_ADDR, DHCP(addr), .optional = true },
	{ "server", KIND_ADDR, DHCP(server), .optional = true },
	{ NULL },
};

static const struct {
	enum kbng_cmd cmd;
	const char *name;
} event_names[] = {
	{ KBNG_CMD_SESSION_BIND_NTF, "bind" },
	{ KBNG_CMD_SESSION_RENEW_NTF, "renew" },
	{ KBNG_CMD_SESSION_STATE_NTF, "state" },
	{ KBNG_CMD_SESSION_STOP_NTF, "stop" },
	{ KBNG_CMD_SESSION_QUOTA_NTF, "quota" },
	{ KBNG_CMD_SESSION_AUTH_NTF, "auth" },
	{ KBNG_CMD_DHCP_NTF, "dhcp" },
};

/** struct monitor - what was shown last */
struct monitor {
	enum format format;
	uint64_t seq;
};

static const char *event_name(enum kbng_cmd cmd)
{
	size_t i;

	for (i = 0; i < sizeof(event_names) / sizeof(event_names[0]); i++)
		if (event_names[i].cmd == cmd)
			return event_names[i].name;
	return "unknown";
}

/* What makes this event worth a look, behind what every one has. */
static void print_news(const struct kbng_event *ev)
{
	const struct kbng_session_info *s = ev->session;
	char down[KBNG_FMT_SIZE];
	char up[KBNG_FMT_SIZE];

	switch (ev->cmd) {
	case KBNG_CMD_SESSION_STOP_NTF:
		printf(", %s after %s",
		       kbng_name(&kbng_causes, s->terminate_cause),
		       kbng_fmt_duration(up, sizeof(up), s->time));
		printf(", %s down, %s up",
		       kbng_fmt_octets(down, sizeof(down),
				       s->down.octets4 + s->down.octets6),
		       kbng_fmt_octets(up, sizeof(up),
				       s->up.octets4 + s->up.octets6));
		break;
	case KBNG_CMD_SESSION_STATE_NTF:
		if (*s->policy.name)
			printf(", policy %s",
			       kbng_fmt_blob(up, sizeof(up), s->policy.name,
					     strlen(s->policy.name)));
		if (s->policy.rate_down)
			printf(", %s down", kbng_fmt_rate(down, sizeof(down),
							  s->policy.rate_down));
		if (s->policy.rate_up)
			printf(", %s up", kbng_fmt_rate(up, sizeof(up),
							s->policy.rate_up));
		break;
	default:
		if (s->has_lease)
			printf(", lease %s", kbng_fmt_duration(up, sizeof(up),
							       s->lease_time));
		if (s->hostname.len)
			printf(", %s",
			       kbng_fmt_blob(up, sizeof(up), s->hostname.data,
					     s->hostname.len));
	}
}

static void print_time(void)
{
	time_t now = time(NULL);
	char text[16] = "";
	struct tm tm;

	if (localtime_r(&now, &tm))
		strftime(text, sizeof(text), "%H:%M:%S", &tm);
	fputs(text, stdout);
}

static void print_session(const struct kbng_event *ev)
{
	const struct kbng_session_info *s = ev->session;
	char uuid[KBNG_UUID_TEXT];
	char mac[KBNG_MAC_TEXT];
	char addr[INET_ADDRSTRLEN];
	char ifname[KBNG_FMT_SIZE];

	print_time();
	output_bold(" %-5s", event_name(ev->cmd));
	printf(" %.8s %s %s %s %s", kbng_fmt_uuid(uuid, sizeof(uuid), s->uuid),
	       inet_ntop(AF_INET, &s->addr, addr, sizeof(addr)),
	       kbng_fmt_mac(mac, sizeof(mac), s->mac),
	       kbng_fmt_blob(ifname, sizeof(ifname), s->ifname,
			     strlen(s->ifname)),
	       kbng_name(&kbng_states, s->state));
	print_news(ev);
	putchar('\n');
}

static void print_dhcp(const struct kbng_dhcp_info *d)
{
	char mac[KBNG_MAC_TEXT];
	char text[FIELD_TEXT_MAX];
	char addr[INET_ADDRSTRLEN];

	print_time();
	output_bold(" %-5s", "dhcp");
	printf(" %-8s", kbng_name(&kbng_dhcp_types, d->type));
	printf(" %s %s xid %08" PRIx32, kbng_fmt_mac(mac, sizeof(mac), d->mac),
	       field_pretty(dhcp_fields, d, text), d->xid);
	if (d->addr.s_addr)
		printf(" address %s",
		       inet_ntop(AF_INET, &d->addr, addr, sizeof(addr)));
	if (d->server.s_addr)
		printf(" server %s",
		       inet_ntop(AF_INET, &d->server, addr, sizeof(addr)));
	putchar('\n');
}

static void print_json(const struct kbng_event *ev)
{
	if (ev->dhcp)
		output_json_line(json_pack("{s:s, s:o}", "event",
					   event_name(ev->cmd), "dhcp",
					   output_json(dhcp_fields, ev->dhcp)));
	else
		output_json_line(json_pack(
			"{s:s, s:I, s:o}", "event", event_name(ev->cmd), "seq",
			(json_int_t)ev->seq, "session",
			output_json(session_fields, ev->session)));
}

static void print_tabs(const struct kbng_event *ev)
{
	if (ev->dhcp) {
		printf("%s\t-\t", event_name(ev->cmd));
		output_tabs(dhcp_fields, ev->dhcp);
	} else {
		printf("%s\t%" PRIu64 "\t", event_name(ev->cmd), ev->seq);
		output_tabs(session_fields, ev->session);
	}
	putchar('\n');
}

static int monitor_one(const struct kbng_event *ev, void *arg)
{
	struct monitor *m = arg;

	if (ev->session) {
		if (m->seq && ev->seq > m->seq + 1)
			fail("%" PRIu64 " session events were lost",
			     ev->seq - m->seq - 1);
		m->seq = ev->seq;
	}
	if (m->format == FORMAT_JSON)
		print_json(ev);
	else if (m->format == FORMAT_TABS)
		print_tabs(ev);
	else if (ev->session)
		print_session(ev);
	else
		print_dhcp(ev->dhcp);
	fflush(stdout);
	return ferror(stdout) ? EXIT_FAILURE : 0;
}

/* Until the output is closed or reading fails; what was lost shows by seq. */
static int monitor_loop(struct kbng_nl *nl, struct monitor *m)
{
	struct pollfd fds[] = {
		{ .fd = kbng_nl_fd(nl), .events = POLLIN },
		{ .fd = STDOUT_FILENO },
	};
	int rc;

	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return fail("poll: %m");
		if (fds[1].revents)
			return EXIT_SUCCESS;
		rc = kbng_nl_events_read(nl, monitor_one, m);
		if (rc == -ENOBUFS)
			fail("more events came than were read, `kbng session list' shows what is now");
		else if (rc != -EAGAIN)
			return rc;
	}
}

int monitor_run(int argc, char **argv, const struct options *opt)
{
	struct monitor m = { .format = opt->format };
	const bool dhcp = argc == 1 && !strcmp(argv[0], "dhcp");
	struct kbng_nl *nl;
	int rc;

	if (argc && !dhcp)
		return usage("monitor takes `dhcp' or nothing, not `%s'",
			     argv[argc - 1]);
	nl = cli_open();
	if (!nl)
		return EXIT_FAILURE;
	rc = kbng_nl_events_join(nl, dhcp);
	return cli_close(nl, rc ? rc : monitor_loop(nl, &m));
}
