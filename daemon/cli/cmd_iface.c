// SPDX-License-Identifier: GPL-2.0-or-later
/* kbng iface list, set, del */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

#define IFACE(name)	.offset = offsetof(struct kbng_iface_info, name)
#define COUNT(name)	.flag = FLAG(struct kbng_iface_info, name)

/* The order is that of -t, which kbng(8) promises: add at the end only. */
static const struct field iface_fields[] = {
	{ "iface", KIND_TEXT, IFACE(ifname), .optional = true },
	{ "ifindex", KIND_NUMBER, IFACE(ifindex) },
	{ "role", KIND_NAME, IFACE(role), .names = &kbng_roles },
	{ "giaddr", KIND_ADDR, IFACE(giaddr), .optional = true },
	{ "servers", KIND_ADDRS, IFACE(servers), COUNT(n_servers), .optional = true },
	{ "circuit_id", KIND_TEXT, IFACE(circuit_id_format), .optional = true },
	{ "remote_id", KIND_TEXT, IFACE(remote_id_format), .optional = true },
	{ "max_sessions", KIND_NUMBER, IFACE(max_sessions), .optional = true },
	{ "offer_timeout", KIND_SECONDS, IFACE(offer_timeout), .optional = true },
	{ "max_delay_us", KIND_NUMBER, IFACE(max_delay_us), .optional = true },
	{ "shaper", KIND_NAME, IFACE(shaper_mode), .names = &kbng_shapers },
	{ "shaping", KIND_NAME, IFACE(shaping), .names = &kbng_shapers },
	{ "sessions", KIND_NUMBER, IFACE(sessions) },
	{ "fastpath", KIND_NAME, IFACE(fastpath), .names = &kbng_switch },
	{ NULL },
};

const struct word iface_words[] = {
	{ "role", KIND_NAME, IFACE(role), .names = &kbng_roles, .mandatory = true,
	  .help = "access: subscribers behind it; core: the network" },
	{ "giaddr", KIND_ADDR, IFACE(giaddr), .help = "relay agent address" },
	{ "server", KIND_ADDRS, IFACE(servers), COUNT(n_servers),
	  .max = KBNG_SERVERS_MAX, .help = "DHCP server, up to 8 times" },
	{ "circuit-id", KIND_TEXT, IFACE(circuit_id_format), .max = KBNG_FORMAT_MAX,
	  .help = "template, like '{host}:{ifname}'" },
	{ "remote-id", KIND_TEXT, IFACE(remote_id_format), .max = KBNG_FORMAT_MAX,
	  .help = "template, like '{mac}'" },
	{ "max-sessions", KIND_NUMBER, IFACE(max_sessions), .min = 1,
	  .help = "limit, offered ones included" },
	{ "offer-timeout", KIND_SECONDS, IFACE(offer_timeout), .min = 1, .max = 3600,
	  .help = "seconds without an ACK until an offer is dropped" },
	{ "max-delay", KIND_NUMBER, IFACE(max_delay_us), .min = 1000, .max = 5000000,
	  .help = "microseconds a packet may wait in the shaper" },
	{ "shaper", KIND_NAME, IFACE(shaper_mode), .names = &kbng_shapers,
	  .help = "auto, edt or police" },
	{ "fastpath", KIND_NAME, IFACE(fastpath), .names = &kbng_switch,
	  .help = "on: what arrives skips the IP stack and its nftables rules" },
	{ NULL },
};

static int list_one(const struct kbng_iface_info *iface, void *arg)
{
	output_object(arg, "iface", iface_fields, iface);
	return 0;
}

int iface_list(int argc, char **argv, const struct options *opt)
{
	struct output out = { .format = opt->format };
	struct kbng_nl *nl;
	int rc;

	if (argc)
		return usage("iface list takes no arguments, but `%s' is one",
			     argv[0]);
	nl = cli_open();
	if (!nl)
		return EXIT_FAILURE;
	rc = kbng_nl_iface_dump(nl, list_one, &out);
	if (!rc)
		output_end(&out);
	return cli_close(nl, rc);
}

int iface_set(int argc, char **argv, const struct options *opt)
{
	struct kbng_iface_info iface = { 0 };
	char error[WORDS_ERROR_MAX];
	struct kbng_nl *nl;

	(void)opt;
	if (!argc)
		return usage("which interface? see `kbng help iface set'");
	iface.ifindex = if_nametoindex(argv[0]);
	if (!iface.ifindex)
		return fail("no interface `%s' in this network namespace, see `ip link'",
			    argv[0]);
	if (!words_parse(iface_words, argc - 1, argv + 1, &iface, error))
		return usage("%s", error);
	nl = cli_open();
	if (!nl)
		return EXIT_FAILURE;
	return cli_close(nl, kbng_nl_iface_set(nl, &iface));
}

int iface_del(int argc, char **argv, const struct options *opt)
{
	struct kbng_nl *nl;
	uint32_t ifindex;

	(void)opt;
	if (argc != 1)
		return usage("iface del takes one interface");
	ifindex = if_nametoindex(argv[0]);
	if (!ifindex)
		return fail("no interface `%s' in this network namespace, see `kbng iface list'",
			    argv[0]);
	nl = cli_open();
	if (!nl)
		return EXIT_FAILURE;
	return cli_close(nl, kbng_nl_iface_del(nl, ifindex));
}
