/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration file: what kbngd.yaml(5) says, as plain structs.
 *
 * libcyaml fills them by the schema in config_schema.c; config_check.c then
 * puts in the defaults, looks at ranges and reads the secrets. Everything is
 * owned by the struct config and lives until config_free(). What an error
 * says always has the form "FILE:LINE: KEY: what is wrong: what to do".
 */
#ifndef KBNGD_CONFIG_H
#define KBNGD_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <netinet/in.h>

#include "lib/cookie.h"
#include "lib/model.h"
#include "policy.h"

#define CONFIG_ERROR_SIZE	512
#define CONFIG_SERVERS_MAX	8	/* RADIUS servers of a kind */
#define CONFIG_ORDER_MAX	4	/* of no_answer */
#define CONFIG_ENDPOINTS_MAX	32	/* sentinels, or nodes of a cluster */
#define CONFIG_SECRET_MAX	95	/* octets of a RADIUS secret */

/** struct config_nas - how this BNG calls itself in RADIUS and events */
struct config_nas {
	char *identifier;		/* default: bng_id */
	char *address, *address6;	/* NULL: not sent */
	uint32_t port_type;		/* RFC 2865 5.41, default 15, Ethernet */
	struct in_addr addr;		/* of @address */
	struct in6_addr addr6;		/* of @address6 */
};

/** struct config_policy - a policy by its name */
struct config_policy {
	char *name, *shaper;
	char *rate_up, *rate_down;	/* like 1M, NULL: no limit */
	char *burst_up, *burst_down;	/* like 64KiB */
	uint32_t isolated;		/* enum yamlfile_flag */
	struct kbng_policy grant;	/* of all that */
};

/** struct config_admission - who gets in without an Access-Accept */
struct config_admission {
	uint32_t *no_answer;		/* enum decision, in this order */
	uint32_t no_answer_count;
	char *open_policy;
	uint32_t on_reject;		/* enum decision */
	char *walled_policy;
	uint32_t retry_rejected;	/* s */
};

/** struct config_iface - a device and its role */
struct config_iface {
	char *name;
	uint32_t role;			/* enum kbng_role */
	char *giaddr;
	char **servers;
	uint32_t servers_count;
	char *circuit_id;		/* NULL: the kernel's default */
	char *remote_id;
	uint32_t max_sessions;		/* 0: the kernel's default */
	uint32_t offer_timeout;		/* s, 0: the kernel's default */
	uint32_t max_delay;		/* us, 0: the kernel's default */
	uint32_t target_delay;		/* us, 0: the kernel's default */
	uint32_t shaper;		/* enum kbng_shaper_mode */
	uint32_t install_fq;		/* enum yamlfile_flag, default yes */
	uint32_t install_routes;	/* enum yamlfile_flag, default yes */
	uint32_t route_table;		/* 0: main */
	uint32_t fastpath;		/* enum yamlfile_flag, default no */
	uint32_t trusted;		/* enum yamlfile_flag, default no */
	uint32_t opt82;			/* enum kbng_opt82_policy */
	uint32_t servers_mode;			/* enum kbng_servers_mode */
	char *link_selection;			/* NULL: none */
	char *server_id;			/* NULL: none */
	char *subscriber_id;			/* NULL: none */
	char *relay_id;			/* NULL: none */
	char *vpn;			/* NULL: none */
	uint32_t relay_flags;		/* enum yamlfile_flag, default no */
	uint32_t dhcp_rate;			/* 0: none */
	uint32_t line_dhcp_rate;			/* 0: none */
	uint32_t line_sessions;			/* 0: none */
	uint32_t move;			/* enum kbng_move */
	uint32_t vlan;			/* enum kbng_vlan_mode */
	char *link6;			/* NULL: none */
	char **servers6;
	uint32_t servers6_count;
	uint32_t ra;			/* enum yamlfile_flag, default no */
	uint32_t ra_lifetime;		/* s, 0: the kernel's default */
	char **dns6;
	uint32_t dns6_count;
	char **triggers;
	uint32_t triggers_count;
	uint32_t trigger6;		/* enum yamlfile_flag, default no */
	uint32_t trigger_rate;		/* 0: the kernel's default */
	uint32_t line_cap;		/* percent, 0: none */
	char *search6;			/* NULL: none */
	char **nodes;
	uint32_t nodes_count;
	uint32_t auth;			/* enum kbng_auth */
	struct config_admission admission;	/* what differs from radius */
};

/** struct config_session - one that is there without DHCP */
struct config_session {
	char *iface, *mac;
	char *address;			/* NULL: only prefixes */
	char **prefixes;
	uint32_t prefixes_count;
	uint32_t vlan, inner_vlan;	/* 0: none */
	uint32_t vlan_protocol;		/* enum kbng_vlan_protocol */
	char *circuit_id, *remote_id;	/* NULL: none */
};

/** struct config_shaper - a rate that subscribers share */
struct config_shaper {
	char *name;
	char *parent;			/* one that stands before it, or NULL */
	char *rate_up, *rate_down;	/* like 1G, NULL: no limit */
	struct kbng_shaper_info info;	/* of all that */
};

/** struct config_tls - how to speak TLS with a server */
struct config_tls {
	char *ca;			/* file: who signed its certificate */
	char *cert, *key;		/* files: our own, both or none */
	char *name;			/* in its certificate; default its address */
	struct gnutls_certificate_credentials_st *credentials;	/* of all that */
};

/** struct config_server - a RADIUS server and the secret shared with it */
struct config_server {
	char *address;			/* IPv4 or IPv6, no name */
	uint32_t port;			/* default 1812, 1813, or 2083 with TLS */
	struct config_tls *tls;		/* NULL: UDP */
	char *secret_file;		/* NULL with TLS: RFC 6614's */
	char *secret;
	char *source;			/* our address towards it, or NULL */
	char *device;			/* the device towards it, or NULL */
	uint32_t weight;		/* share of requests, 0: when no other answers */
};

/** struct config_coa - servers may change sessions, RFC 5176 */
struct config_coa {
	char *address;			/* to listen on; default nas.address */
	uint32_t port;			/* default 3799 */
	struct config_server *clients;	/* who may; their port is not used */
	uint32_t clients_count;
	uint32_t rate;			/* requests a second of each client */
	uint32_t window;		/* s that an Event-Timestamp may be off */
	uint32_t must_sign;		/* enum yamlfile_flag */
	uint32_t must_stamp;		/* enum yamlfile_flag */
};

/** struct config_radius - authentication and accounting by RADIUS */
struct config_radius {
	struct config_server *auth_servers, *acct_servers;
	uint32_t auth_servers_count, acct_servers_count;
	uint32_t timeout;		/* s an answer may take */
	uint32_t *retries;		/* times that a request is sent again */
	uint32_t dead_time;		/* s that a silent server is spared */
	uint32_t rate, burst;		/* requests a second, at once; a server */
	uint32_t workers;		/* threads a kind of request */
	char *username;			/* template */
	char *password;			/* template, or */
	char *password_file;		/* whose content is no template */
	char *password_secret;
	char *called_station_id;	/* template */
	uint32_t retry_pending;		/* s, doubled up to a minute */
	struct config_admission admission;
	uint32_t remember;		/* s that DECISION_LAST knows somebody */
	uint32_t readmit_rate;		/* a second, when servers answer again */
	struct policy_rate *rates;
	uint32_t rates_count;
	uint32_t must_sign;		/* enum yamlfile_flag: answers too */
	struct config_coa *coa;		/* NULL: sessions are not changed */
};

/** struct config_endpoint - where somebody listens */
struct config_endpoint {
	char *address;			/* IPv4 or IPv6, no name */
	uint32_t port;
};

/** struct config_redis - where events go */
struct config_redis {
	char *host;			/* an address; or */
	uint32_t port;
	char *socket;			/* or */
	struct config_endpoint *sentinels;	/* that are asked for */
	uint32_t sentinels_count;
	char *master;			/* its name; or */
	struct config_endpoint *cluster;	/* nodes of one */
	uint32_t cluster_count;
	char *sentinel_password_file;	/* or NULL */
	char *sentinel_password;
	uint32_t *wait_replicas;	/* that must have an event; NULL: 0 */
	char *stream;
	uint32_t maxlen;		/* entries that the stream keeps, about */
	char *password_file;		/* or NULL */
	char *password;
};

/** struct config_kea - Kea's control channel, where leases are looked up */
struct config_kea {
	char *socket;			/* or, over HTTP, */
	char *host;			/* an address */
	uint32_t port;
	char *user;			/* NULL: without authentication */
	char *password_file;
	char *password;
	uint32_t interval;		/* s between reconciliations */
	uint32_t timeout;		/* s an answer may take */
	uint32_t tombstone;		/* s that an end on purpose is known */
	char **servers;			/* that it speaks for, none: all */
	uint32_t servers_count;
};

/** enum config_node_by - what names an access node */
enum config_node_by {
	NODE_BY_RELAY_ID,
	NODE_BY_GIADDR,
	NODE_BY_REMOTE_ID,
	NODE_BYS,
};

/** struct config_node - an access node whose address is not seen in DHCP */
struct config_node {
	char *name, *address;
};

/** struct config_nodes - access nodes, how they are named and watched */
struct config_nodes {
	uint32_t *by;			/* enum config_node_by, the first it has */
	uint32_t by_count;
	uint32_t probe;			/* enum yamlfile_flag, default yes */
	uint32_t interval;		/* s, of one that is quiet */
	uint32_t down_after, up_after;	/* probes lost, or answered, in a row */
	struct config_node *known;
	uint32_t known_count;
};

/** struct config_metrics - where Prometheus may ask */
struct config_metrics {
	char *address;
	uint32_t port;
};

/** struct config_journal - events and accounting records on disk */
struct config_journal {
	char *path;
	uint32_t max_events;		/* beyond it the oldest are dropped */
	uint32_t max_records;		/* see journal_record_put() */
};

/** struct config - all of it */
struct config {
	char *bng_id;
	char *log_level;
	uint32_t interim_interval;	/* s */
	uint32_t health_interval;	/* s */
	struct config_nas nas;
	struct config_iface *ifaces;
	uint32_t ifaces_count;
	struct config_shaper *shapers;
	uint32_t shapers_count;
	struct config_policy *policies;
	uint32_t policies_count;
	struct config_session *sessions;
	uint32_t sessions_count;
	struct config_radius *radius;	/* NULL: @subscribers_file decides */
	char *subscribers_file;		/* with @radius for DECISION_LOCAL */
	struct config_redis *redis;	/* NULL: events stay in the journal */
	struct config_journal journal;
	struct config_metrics *metrics;	/* NULL: nowhere */
	struct config_kea *kea;		/* NULL: nothing is reconciled */
	struct config_nodes nodes;
};

/*
 * Read, check and complete the file @path. Returns 0 and *@config, or -1 and
 * one line in @error, which has room for CONFIG_ERROR_SIZE octets.
 */
int config_load(const char *path, struct config **config, char *error);

/** struct admission - what holds for an iface */
struct admission {
	const uint32_t *order;		/* enum decision, when none answers */
	uint32_t n;
	const struct kbng_policy *open;	/* NULL: not in @order */
	const struct kbng_policy *walled;	/* NULL: who is rejected is blocked */
	uint32_t retry_rejected;	/* s */
	bool before_offer;		/* clients are decided about then */
};

/* Of the iface with the name @ifname; there must be a section radius. */
struct admission config_admission(const struct config *config,
				  const char *ifname);

/* Whether @decision is in any iface's order. */
bool config_decides(const struct config *config, enum decision decision);

/* Fill in @s, a pending session without ifindex, from @c; NULL, or what is wrong. */
const char *config_session(const struct config_session *c,
			   struct kbng_session_info *s);

/* Wipe the secrets and free @config, which may be NULL. */
void config_free(struct config *config);

#endif /* KBNGD_CONFIG_H */
