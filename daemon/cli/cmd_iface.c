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
	{ "trusted", KIND_NAME, IFACE(trusted), .names = &kbng_switch },
	{ "opt82", KIND_NAME, IFACE(opt82), .names = &kbng_opt82_policies },
	{ "servers_mode", KIND_NAME, IFACE(servers_mode), .names = &kbng_servers_modes },
	{ "link_selection", KIND_ADDR, IFACE(link_selection), .optional = true },
	{ "server_id", KIND_ADDR, IFACE(server_id), .optional = true },
	{ "subscriber_id", KIND_TEXT, IFACE(subscriber_id_format), .optional = true },
	{ "relay_id", KIND_TEXT, IFACE(relay_id_format), .optional = true },
	{ "vpn", KIND_TEXT, IFACE(vpn), .optional = true },
	{ "relay_flags", KIND_NAME, IFACE(relay_flags), .names = &kbng_switch },
	{ "target_delay_us", KIND_NUMBER, IFACE(target_delay_us), .optional = true },
	{ "dhcp_rate", KIND_NUMBER, IFACE(dhcp_rate), .optional = true },
	{ "line_dhcp_rate", KIND_NUMBER, IFACE(line_dhcp_rate), .optional = true },
	{ "line_sessions", KIND_NUMBER, IFACE(line_sessions), .optional = true },
	{ "move", KIND_NAME, IFACE(move), .names = &kbng_moves },
	{ "vlan", KIND_NAME, IFACE(vlan), .names = &kbng_vlan_modes },
	{ "link6", KIND_ADDR6, IFACE(link6), .optional = true },
	{ "servers6", KIND_ADDRS6, IFACE(servers6), COUNT(n_servers6), .optional = true },
	{ "ra", KIND_NAME, IFACE(ra), .names = &kbng_switch },
	{ "ra_lifetime", KIND_SECONDS, IFACE(ra_lifetime), .optional = true },
	{ "dns6", KIND_ADDRS6, IFACE(dns6), COUNT(n_dns6), .optional = true },
	{ "triggers", KIND_SUBNETS, IFACE(triggers), COUNT(n_triggers), .optional = true },
	{ "trigger6", KIND_NAME, IFACE(trigger6), .names = &kbng_switch },
	{ "trigger_rate", KIND_NUMBER, IFACE(trigger_rate), .optional = true },
	{ "line_cap", KIND_NUMBER, IFACE(line_cap), .optional = true },
	{ "search6", KIND_TEXT, IFACE(search6), .optional = true },
	{ "nodes", KIND_ADDRS, IFACE(nodes), COUNT(n_nodes), .optional = true },
	{ "auth", KIND_NAME, IFACE(auth), .names = &kbng_auths },
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
	{ "trusted", KIND_NAME, IFACE(trusted), .names = &kbng_switch,
	  .help = "on: access nodes in front of the BNG may send option 82" },
	{ "opt82", KIND_NAME, IFACE(opt82), .names = &kbng_opt82_policies,
	  .help = "what becomes of it: keep, replace, append or drop" },
	{ "servers-mode", KIND_NAME, IFACE(servers_mode), .names = &kbng_servers_modes,
	  .help = "all or failover: the first in their order that answers" },
	{ "link-selection", KIND_ADDR, IFACE(link_selection),
	  .help = "address in the subnet to lease from (sub-option 5)" },
	{ "server-id", KIND_ADDR, IFACE(server_id),
	  .help = "address that clients renew at (sub-option 11)" },
	{ "subscriber-id", KIND_TEXT, IFACE(subscriber_id_format), .max = KBNG_FORMAT_MAX,
	  .help = "template of sub-option 6" },
	{ "relay-id", KIND_TEXT, IFACE(relay_id_format), .max = KBNG_FORMAT_MAX,
	  .help = "template of sub-option 12" },
	{ "vpn", KIND_TEXT, IFACE(vpn), .max = KBNG_FORMAT_MAX,
	  .help = "name of the VPN to lease from (sub-options 151, 152)" },
	{ "relay-flags", KIND_NAME, IFACE(relay_flags), .names = &kbng_switch,
	  .help = "on: tell the server what came by unicast (sub-option 10)" },
	{ "target-delay", KIND_NUMBER, IFACE(target_delay_us), .min = 1000, .max = 5000000,
	  .help = "microseconds that packets may wait for long; as max-delay: no AQM" },
	{ "dhcp-rate", KIND_NUMBER, IFACE(dhcp_rate), .max = 30000,
	  .help = "DHCP messages a second of the iface" },
	{ "line-dhcp-rate", KIND_NUMBER, IFACE(line_dhcp_rate), .max = 30000,
	  .help = "DHCP messages a second of each line" },
	{ "line-sessions", KIND_NUMBER, IFACE(line_sessions),
	  .help = "sessions of each line, offered ones included" },
	{ "move", KIND_NAME, IFACE(move), .names = &kbng_moves,
	  .help = "a bound MAC on another line: follow or deny" },
	{ "vlan", KIND_NAME, IFACE(vlan), .names = &kbng_vlan_modes,
	  .help = "tagged frames that are subscribers': none, single, double or both" },
	{ "link6", KIND_ADDR6, IFACE(link6), .help = "relay agent address of DHCPv6" },
	{ "server6", KIND_ADDRS6, IFACE(servers6), COUNT(n_servers6),
	  .max = KBNG_SERVERS_MAX, .help = "DHCPv6 server, up to 8 times" },
	{ "ra", KIND_NAME, IFACE(ra), .names = &kbng_switch,
	  .help = "on: router advertisements to each subscriber" },
	{ "ra-lifetime", KIND_SECONDS, IFACE(ra_lifetime), .min = 4, .max = 9000,
	  .help = "seconds that hosts keep their default route without another one" },
	{ "dns6", KIND_ADDRS6, IFACE(dns6), COUNT(n_dns6),
	  .max = KBNG_SERVERS_MAX, .help = "DNS server in them, up to 8 times" },
	{ "trigger", KIND_SUBNETS, IFACE(triggers), COUNT(n_triggers),
	  .max = KBNG_SERVERS_MAX,
	  .help = "IPv4 prefix whose hosts need no DHCP, up to 8 times" },
	{ "trigger6", KIND_NAME, IFACE(trigger6), .names = &kbng_switch,
	  .help = "on: IPv6 hosts need no DHCPv6" },
	{ "trigger-rate", KIND_NUMBER, IFACE(trigger_rate), .min = 1,
	  .help = "sessions of each line that may begin so in a second" },
	{ "line-cap", KIND_NUMBER, IFACE(line_cap), .max = 1000,
	  .help = "percent of a line's actual rates that are the most it gets" },
	{ "search6", KIND_TEXT, IFACE(search6), .max = KBNG_SEARCH_MAX,
	  .help = "DNS search list in them, like 'isp.example home.isp.example'" },
	{ "node", KIND_ADDRS, IFACE(nodes), COUNT(n_nodes), .max = KBNG_SERVERS_MAX,
	  .help = "address of a layer-3 access node, its giaddr, up to 8 times" },
	{ "auth", KIND_NAME, IFACE(auth), .names = &kbng_auths,
	  .help = "when a client is decided about: at its ack, or before an offer" },
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
