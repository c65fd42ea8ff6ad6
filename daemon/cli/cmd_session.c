// SPDX-License-Identifier: GPL-2.0-or-later
/* kbng session list, show */
#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "lib/fmt.h"
#include "select.h"

#define POLICY(name)	.offset = offsetof(struct kbng_policy, name)
#define COUNT(name)	.offset = offsetof(struct kbng_counters, name)
#define DROPS(name)	.offset = offsetof(struct kbng_drops, name)
#define LINE(name)	.offset = offsetof(struct kbng_line_rates, name)
#define SESSION(name)	.offset = offsetof(struct kbng_session_info, name)
#define IF(name)	.flag = FLAG(struct kbng_session_info, name)

static const struct field policy_fields[] = {
	{ "name", KIND_TEXT, POLICY(name), .optional = true },
	{ "rate_up", KIND_RATE, POLICY(rate_up) },
	{ "rate_down", KIND_RATE, POLICY(rate_down) },
	{ "burst_up", KIND_OCTETS, POLICY(burst_up), .optional = true },
	{ "burst_down", KIND_OCTETS, POLICY(burst_down), .optional = true },
	{ NULL },
};

static const struct field count_fields[] = {
	{ "packets4", KIND_NUMBER64, COUNT(packets4) },
	{ "octets4", KIND_OCTETS64, COUNT(octets4) },
	{ "packets6", KIND_NUMBER64, COUNT(packets6) },
	{ "octets6", KIND_OCTETS64, COUNT(octets6) },
	{ "drops", KIND_NUMBER64, COUNT(drops) },
	{ NULL },
};

static const struct field line_fields[] = {
	{ "actual_up", KIND_RATE, LINE(actual_up), .optional = true },
	{ "actual_down", KIND_RATE, LINE(actual_down), .optional = true },
	{ "minimum_up", KIND_RATE, LINE(minimum_up), .optional = true },
	{ "minimum_down", KIND_RATE, LINE(minimum_down), .optional = true },
	{ "attainable_up", KIND_RATE, LINE(attainable_up), .optional = true },
	{ "attainable_down", KIND_RATE, LINE(attainable_down), .optional = true },
	{ NULL },
};

static const struct field drop_fields[] = {
	{ "spoofed_iface", KIND_NUMBER64, DROPS(spoofed_iface), .optional = true },
	{ "spoofed_vlan", KIND_NUMBER64, DROPS(spoofed_vlan), .optional = true },
	{ "spoofed_mac", KIND_NUMBER64, DROPS(spoofed_mac), .optional = true },
	{ "unauthorised", KIND_NUMBER64, DROPS(unauthorised), .optional = true },
	{ "shaper_up", KIND_NUMBER64, DROPS(shaper_up), .optional = true },
	{ "shaper_down", KIND_NUMBER64, DROPS(shaper_down), .optional = true },
	{ "aqm_up", KIND_NUMBER64, DROPS(aqm_up), .optional = true },
	{ "aqm_down", KIND_NUMBER64, DROPS(aqm_down), .optional = true },
	{ NULL },
};

/* The order is that of -t, which kbng(8) promises: add at the end only. */
const struct field session_fields[] = {
	{ "uuid", KIND_UUID, SESSION(uuid) },
	{ "id", KIND_NUMBER, SESSION(id) },
	{ "state", KIND_NAME, SESSION(state), .names = &kbng_states },
	{ "iface", KIND_TEXT, SESSION(ifname), .optional = true },
	{ "ifindex", KIND_NUMBER, SESSION(ifindex) },
	{ "mac", KIND_MAC, SESSION(mac) },
	{ "address", KIND_ADDR, SESSION(addr), .optional = true },
	{ "circuit_id", KIND_BLOB, SESSION(circuit_id), .optional = true },
	{ "remote_id", KIND_BLOB, SESSION(remote_id), .optional = true },
	{ "hostname", KIND_BLOB, SESSION(hostname), .optional = true },
	{ "server", KIND_ADDR, SESSION(server), .optional = true },
	{ "lease_time", KIND_SECONDS, SESSION(lease_time), IF(has_lease) },
	{ "lease_left", KIND_SECONDS, SESSION(lease_left), IF(has_lease) },
	{ "started", KIND_EPOCH, SESSION(started), .optional = true },
	{ "stopped", KIND_EPOCH, SESSION(stopped), .optional = true },
	{ "time", KIND_SECONDS, SESSION(time) },
	{ "renewals", KIND_NUMBER, SESSION(renewals) },
	{ "terminate_cause", KIND_NAME, SESSION(terminate_cause),
	  .names = &kbng_causes, .optional = true },
	{ "policy", KIND_NEST, SESSION(policy), IF(has_policy),
	  .fields = policy_fields },
	{ "up", KIND_NEST, SESSION(up), .fields = count_fields },
	{ "down", KIND_NEST, SESSION(down), .fields = count_fields },
	{ "line", KIND_NEST, SESSION(line), .fields = line_fields,
	  .optional = true },
	{ "idle", KIND_SECONDS, SESSION(idle), IF(has_idle) },
	{ "shaper", KIND_TEXT, SESSION(policy.shaper), .optional = true },
	{ "prefixes", KIND_PREFIXES, SESSION(prefixes), .optional = true },
	{ "overhead", KIND_NUMBER, SESSION(policy.overhead), .optional = true },
	{ "min_unit", KIND_NUMBER, SESSION(policy.min_unit), .optional = true },
	{ "vlan", KIND_NUMBER, SESSION(vlan), .optional = true },
	{ "inner_vlan", KIND_NUMBER, SESSION(inner_vlan), .optional = true },
	{ "vlan_protocol", KIND_NAME, SESSION(vlan_protocol),
	  .names = &kbng_vlan_protocols, .optional = true },
	{ "quota", KIND_OCTETS64, SESSION(policy.quota), .optional = true },
	{ "over_quota", KIND_NAME, SESSION(over_quota),
	  .names = &kbng_switch, .optional = true },
	{ "link_local", KIND_ADDR6, SESSION(link_local), .optional = true },
	{ "decision", KIND_DECISION, .optional = true },
	{ "trigger", KIND_NAME, SESSION(trigger), .names = &kbng_triggers,
	  .optional = true },
	{ "cap_up", KIND_RATE, SESSION(cap_up), .optional = true },
	{ "cap_down", KIND_RATE, SESSION(cap_down), .optional = true },
	{ "node", KIND_ADDR, SESSION(node), .optional = true },
	{ "agent", KIND_OPTION, SESSION(agent), .optional = true },
	{ "hop", KIND_MAC, SESSION(hop), .optional = true },
	{ "offer", KIND_NAME, SESSION(offer), .names = &kbng_offers,
	  .optional = true },
	{ "framed_address", KIND_ADDR, SESSION(terms.framed),
	  .optional = true },
	{ "radius_attributes", KIND_RADIUS, SESSION(terms.attrs),
	  .optional = true },
	{ "drops", KIND_NEST, SESSION(drops), .fields = drop_fields,
	  .optional = true },
	{ "isolated", KIND_NAME, SESSION(policy.isolated),
	  .names = &kbng_switch, .optional = true },
	{ "radius6_attributes", KIND_RADIUS6, SESSION(radius6),
	  .optional = true },
	{ NULL },
};

/** struct table - a list for people: what it has shown */
struct table {
	struct output out;
	int iface_width;
	unsigned int by_state[KBNG_STATE_STOPPED + 1];
};

static int show_one(const struct kbng_session_info *s, void *arg)
{
	output_object(arg, "session", session_fields, s);
	return 0;
}

/* "DOWN/UP"; "-" without a limit. */
static char *fmt_rates(char *buf, size_t size,
		       const struct kbng_session_info *s)
{
	char down[KBNG_FMT_SIZE] = "-";
	char up[KBNG_FMT_SIZE] = "-";

	if (s->policy.rate_down)
		kbng_fmt_short(down, sizeof(down), s->policy.rate_down, false);
	if (s->policy.rate_up)
		kbng_fmt_short(up, sizeof(up), s->policy.rate_up, false);
	if (s->policy.rate_down || s->policy.rate_up)
		snprintf(buf, size, "%.20s/%.20s", down, up);
	else
		snprintf(buf, size, "-");
	return buf;
}

static char *fmt_transfer(char *buf, size_t size,
			  const struct kbng_session_info *s)
{
	char down[KBNG_FMT_SIZE];
	char up[KBNG_FMT_SIZE];

	kbng_fmt_short(down, sizeof(down), s->down.octets4 + s->down.octets6,
		       true);
	kbng_fmt_short(up, sizeof(up), s->up.octets4 + s->up.octets6, true);
	snprintf(buf, size, "%.20s/%.20s", down, up);
	return buf;
}

static int table_row(const struct kbng_session_info *s, void *arg)
{
	struct table *t = arg;
	char uuid[KBNG_UUID_TEXT];
	char mac[KBNG_MAC_TEXT];
	char addr[KBNG_FMT_SIZE] = "-";
	char ifname[KBNG_FMT_SIZE] = "-";
	char duration[KBNG_FMT_SIZE];
	char rates[KBNG_FMT_SIZE];
	char transfer[KBNG_FMT_SIZE];

	if (!t->out.count++) {
		output_bold("%-8s  %-15s  %-17s  %-*s  %-8s  %-7s  %-13s  %s",
			    "UUID", "ADDRESS", "MAC", t->iface_width, "IFACE",
			    "STATE", "TIME", "RATE DOWN/UP", "OCTETS DOWN/UP");
		putchar('\n');
	}
	if (s->addr.s_addr)
		inet_ntop(AF_INET, &s->addr, addr, sizeof(addr));
	else if (s->prefixes.n)
		kbng_fmt_prefix(addr, sizeof(addr), s->prefixes.prefix);
	if (*s->ifname)
		kbng_fmt_blob(ifname, sizeof(ifname), s->ifname,
			      strlen(s->ifname));
	printf("%.8s  %-15s  %-17s  %-*s  %-8s  %-7s  %-13s  %s\n",
	       kbng_fmt_uuid(uuid, sizeof(uuid), s->uuid), addr,
	       kbng_fmt_mac(mac, sizeof(mac), s->mac), t->iface_width, ifname,
	       kbng_name(&kbng_states, s->state),
	       kbng_fmt_duration(duration, sizeof(duration), s->time),
	       fmt_rates(rates, sizeof(rates), s),
	       fmt_transfer(transfer, sizeof(transfer), s));
	if (s->state <= KBNG_STATE_STOPPED)
		t->by_state[s->state]++;
	return 0;
}

static void table_summary(const struct table *t)
{
	const char *before = ": ";
	unsigned int state;

	printf("%s%u session%s", t->out.count ? "\n" : "", t->out.count,
	       t->out.count == 1 ? "" : "s");
	for (state = KBNG_STATE_OFFERED; state <= KBNG_STATE_STOPPED; state++) {
		if (!t->by_state[state])
			continue;
		printf("%s%u %s", before, t->by_state[state],
		       kbng_name(&kbng_states, state));
		before = ", ";
	}
	putchar('\n');
}

static int widen(const struct kbng_iface_info *iface, void *arg)
{
	int *width = arg;
	int len = strlen(iface->ifname);

	if (*width < len)
		*width = len;
	return 0;
}

int session_list(int argc, char **argv, const struct options *opt)
{
	struct table t = {
		.out.format = opt->format,
		.iface_width = strlen("IFACE"),
	};
	struct kbng_session_filter filter = { 0 };
	char error[WORDS_ERROR_MAX];
	struct kbng_nl *nl;
	int rc;

	if (!words_parse(session_filter_words, argc, argv, &filter, error))
		return usage("%s", error);
	nl = cli_open();
	if (!nl)
		return EXIT_FAILURE;
	if (opt->format == FORMAT_PRETTY) {
		rc = kbng_nl_iface_dump(nl, widen, &t.iface_width);
		if (!rc)
			rc = kbng_nl_session_dump(nl, &filter, table_row, &t);
		if (!rc)
			table_summary(&t);
	} else {
		rc = kbng_nl_session_dump(nl, &filter, show_one, &t.out);
		if (!rc)
			output_end(&t.out);
	}
	return cli_close(nl, rc);
}

int session_show(int argc, char **argv, const struct options *opt)
{
	struct output out = { .format = opt->format };
	struct selection sel;
	struct kbng_nl *nl;
	int rc;

	if (!select_parse(&sel, argc, argv, false))
		return EXIT_USAGE;
	nl = cli_open();
	if (!nl)
		return EXIT_FAILURE;
	rc = select_each(nl, &sel, show_one, &out);
	if (!rc)
		output_end(&out);
	return select_close(nl, &sel, rc);
}
