// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"
#include "config_schema.h"
#include "yamlfile.h"

#define OPTIONAL	CYAML_FLAG_OPTIONAL
#define OPTIONAL_PTR	(CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define STRING(key, type, member)					\
	CYAML_FIELD_STRING_PTR(key, OPTIONAL_PTR, type, member, 1, 4095)
#define STRING_MUST(key, type, member)					\
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 1, 4095)

static const cyaml_strval_t roles[] = {
	{ "access", KBNG_ROLE_ACCESS },
	{ "core", KBNG_ROLE_CORE },
};

static const cyaml_strval_t shapers[] = {
	{ "auto", KBNG_SHAPER_AUTO },
	{ "edt", KBNG_SHAPER_EDT },
	{ "police", KBNG_SHAPER_POLICE },
};

static const cyaml_strval_t opt82_policies[] = {
	{ "keep", KBNG_OPT82_KEEP },
	{ "replace", KBNG_OPT82_REPLACE },
	{ "append", KBNG_OPT82_APPEND },
	{ "drop", KBNG_OPT82_DROP },
};

static const cyaml_strval_t servers_modes[] = {
	{ "all", KBNG_SERVERS_ALL },
	{ "failover", KBNG_SERVERS_FAILOVER },
};

static const cyaml_strval_t moves[] = {
	{ "follow", KBNG_MOVE_FOLLOW },
	{ "deny", KBNG_MOVE_DENY },
};

static const cyaml_strval_t auths[] = {
	{ "ack", KBNG_AUTH_ACK },
	{ "offer", KBNG_AUTH_OFFER },
};

static const cyaml_strval_t vlans[] = {
	{ "none", KBNG_VLAN_NONE },
	{ "single", KBNG_VLAN_SINGLE },
	{ "double", KBNG_VLAN_DOUBLE },
	{ "both", KBNG_VLAN_BOTH },
};

static const cyaml_strval_t directions[] = {
	{ "up", POLICY_UP },
	{ "down", POLICY_DOWN },
	{ "both", POLICY_BOTH },
};

static const cyaml_strval_t units[] = {
	{ "bit/s", POLICY_BIT },
	{ "kbit/s", POLICY_KBIT },
	{ "Mbit/s", POLICY_MBIT },
	{ "octet/s", POLICY_OCTET },
	{ "octets", POLICY_BURST },
	{ "mikrotik", POLICY_MIKROTIK },
	{ "name", POLICY_NAME },
	{ "shaper", POLICY_SHAPER },
	{ "overhead", POLICY_OVERHEAD },
	{ "min_unit", POLICY_MIN_UNIT },
	{ "quota", POLICY_QUOTA },
	{ "isolated", POLICY_ISOLATED },
};

static const cyaml_strval_t fallbacks[] = {
	{ "hold", DECISION_HOLD },
	{ "local", DECISION_LOCAL },
	{ "last", DECISION_LAST },
	{ "open", DECISION_OPEN },
};

static const cyaml_strval_t rejections[] = {
	{ "block", DECISION_BLOCK },
	{ "walled", DECISION_WALLED },
};

static const cyaml_schema_value_t fallback = {
	CYAML_VALUE_ENUM(CYAML_FLAG_STRICT, uint32_t, fallbacks,
			 CYAML_ARRAY_LEN(fallbacks)),
};

/* The same keys in radius and in each of ifaces. */
#define ADMISSION(type)							\
	CYAML_FIELD_SEQUENCE("no_answer", OPTIONAL_PTR, type,		\
			     admission.no_answer, &fallback, 1,		\
			     CONFIG_ORDER_MAX),				\
	STRING("open_policy", type, admission.open_policy),		\
	CYAML_FIELD_ENUM("on_reject", CYAML_FLAG_STRICT | OPTIONAL, type, \
			 admission.on_reject, rejections,		\
			 CYAML_ARRAY_LEN(rejections)),			\
	STRING("walled_policy", type, admission.walled_policy),		\
	CYAML_FIELD_UINT("retry_rejected", OPTIONAL, type,		\
			 admission.retry_rejected)

static const cyaml_schema_value_t address = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 63),
};

static const cyaml_schema_field_t nas_fields[] = {
	STRING("identifier", struct config_nas, identifier),
	STRING("address", struct config_nas, address),
	STRING("address6", struct config_nas, address6),
	CYAML_FIELD_UINT("port_type", OPTIONAL, struct config_nas, port_type),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t iface_fields[] = {
	STRING_MUST("name", struct config_iface, name),
	CYAML_FIELD_ENUM("role", CYAML_FLAG_STRICT, struct config_iface, role,
			 roles, CYAML_ARRAY_LEN(roles)),
	STRING("giaddr", struct config_iface, giaddr),
	CYAML_FIELD_SEQUENCE("servers", OPTIONAL_PTR, struct config_iface,
			     servers, &address, 1, KBNG_SERVERS_MAX),
	STRING("circuit_id", struct config_iface, circuit_id),
	STRING("remote_id", struct config_iface, remote_id),
	CYAML_FIELD_UINT("max_sessions", OPTIONAL, struct config_iface,
			 max_sessions),
	CYAML_FIELD_UINT("offer_timeout", OPTIONAL, struct config_iface,
			 offer_timeout),
	CYAML_FIELD_UINT("max_delay", OPTIONAL, struct config_iface, max_delay),
	CYAML_FIELD_UINT("target_delay", OPTIONAL, struct config_iface, target_delay),
	CYAML_FIELD_ENUM("shaper", CYAML_FLAG_STRICT | OPTIONAL,
			 struct config_iface, shaper, shapers,
			 CYAML_ARRAY_LEN(shapers)),
	YAMLFILE_FIELD_FLAG("install_fq", struct config_iface, install_fq),
	YAMLFILE_FIELD_FLAG("install_routes", struct config_iface,
			    install_routes),
	CYAML_FIELD_UINT("route_table", OPTIONAL, struct config_iface,
			 route_table),
	YAMLFILE_FIELD_FLAG("fastpath", struct config_iface, fastpath),
	YAMLFILE_FIELD_FLAG("trusted", struct config_iface, trusted),
	CYAML_FIELD_ENUM("opt82", CYAML_FLAG_STRICT | OPTIONAL,
			 struct config_iface, opt82, opt82_policies,
			 CYAML_ARRAY_LEN(opt82_policies)),
	CYAML_FIELD_ENUM("servers_mode", CYAML_FLAG_STRICT | OPTIONAL,
			 struct config_iface, servers_mode, servers_modes,
			 CYAML_ARRAY_LEN(servers_modes)),
	STRING("link_selection", struct config_iface, link_selection),
	STRING("server_id", struct config_iface, server_id),
	STRING("subscriber_id", struct config_iface, subscriber_id),
	STRING("relay_id", struct config_iface, relay_id),
	STRING("vpn", struct config_iface, vpn),
	YAMLFILE_FIELD_FLAG("relay_flags", struct config_iface, relay_flags),
	CYAML_FIELD_UINT("dhcp_rate", OPTIONAL, struct config_iface,
			 dhcp_rate),
	CYAML_FIELD_UINT("line_dhcp_rate", OPTIONAL, struct config_iface,
			 line_dhcp_rate),
	CYAML_FIELD_UINT("line_sessions", OPTIONAL, struct config_iface,
			 line_sessions),
	CYAML_FIELD_ENUM("move", CYAML_FLAG_STRICT | OPTIONAL,
			 struct config_iface, move, moves,
			 CYAML_ARRAY_LEN(moves)),
	CYAML_FIELD_ENUM("auth", CYAML_FLAG_STRICT | OPTIONAL,
			 struct config_iface, auth, auths,
			 CYAML_ARRAY_LEN(auths)),
	CYAML_FIELD_ENUM("vlan", CYAML_FLAG_STRICT | OPTIONAL,
			 struct config_iface, vlan, vlans,
			 CYAML_ARRAY_LEN(vlans)),
	STRING("link6", struct config_iface, link6),
	CYAML_FIELD_SEQUENCE("servers6", OPTIONAL_PTR, struct config_iface,
			     servers6, &address, 1, KBNG_SERVERS_MAX),
	YAMLFILE_FIELD_FLAG("ra", struct config_iface, ra),
	CYAML_FIELD_UINT("ra_lifetime", OPTIONAL, struct config_iface,
			 ra_lifetime),
	CYAML_FIELD_SEQUENCE("dns6", OPTIONAL_PTR, struct config_iface,
			     dns6, &address, 1, KBNG_SERVERS_MAX),
	CYAML_FIELD_SEQUENCE("triggers", OPTIONAL_PTR, struct config_iface,
			     triggers, &address, 1, KBNG_SERVERS_MAX),
	YAMLFILE_FIELD_FLAG("trigger6", struct config_iface, trigger6),
	CYAML_FIELD_UINT("trigger_rate", OPTIONAL, struct config_iface,
			 trigger_rate),
	CYAML_FIELD_UINT("line_cap", OPTIONAL, struct config_iface, line_cap),
	STRING("search6", struct config_iface, search6),
	CYAML_FIELD_SEQUENCE("nodes", OPTIONAL_PTR, struct config_iface,
			     nodes, &address, 1, KBNG_SERVERS_MAX),
	ADMISSION(struct config_iface),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t iface = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_iface,
			    iface_fields),
};

static const cyaml_schema_field_t shaper_fields[] = {
	STRING_MUST("name", struct config_shaper, name),
	STRING("parent", struct config_shaper, parent),
	STRING("rate_up", struct config_shaper, rate_up),
	STRING("rate_down", struct config_shaper, rate_down),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t shaper = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_shaper,
			    shaper_fields),
};

static const cyaml_strval_t vlan_protocols[] = {
	{ "802.1q", KBNG_VLAN_8021Q },
	{ "802.1ad", KBNG_VLAN_8021AD },
};

static const cyaml_schema_field_t session_fields[] = {
	STRING_MUST("iface", struct config_session, iface),
	STRING_MUST("mac", struct config_session, mac),
	STRING("address", struct config_session, address),
	CYAML_FIELD_SEQUENCE("prefixes", OPTIONAL_PTR, struct config_session,
			     prefixes, &address, 1, KBNG_PREFIXES_MAX),
	CYAML_FIELD_UINT("vlan", OPTIONAL, struct config_session, vlan),
	CYAML_FIELD_UINT("inner_vlan", OPTIONAL, struct config_session,
			 inner_vlan),
	CYAML_FIELD_ENUM("vlan_protocol", CYAML_FLAG_STRICT | OPTIONAL,
			 struct config_session, vlan_protocol, vlan_protocols,
			 CYAML_ARRAY_LEN(vlan_protocols)),
	STRING("circuit_id", struct config_session, circuit_id),
	STRING("remote_id", struct config_session, remote_id),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t session = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_session,
			    session_fields),
};

static const cyaml_schema_field_t policy_fields[] = {
	STRING_MUST("name", struct config_policy, name),
	STRING("rate_up", struct config_policy, rate_up),
	STRING("rate_down", struct config_policy, rate_down),
	STRING("burst_up", struct config_policy, burst_up),
	STRING("burst_down", struct config_policy, burst_down),
	STRING("shaper", struct config_policy, shaper),
	YAMLFILE_FIELD_FLAG("isolated", struct config_policy, isolated),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t policy = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_policy,
			    policy_fields),
};

static const cyaml_schema_field_t tls_fields[] = {
	STRING_MUST("ca", struct config_tls, ca),
	STRING("cert", struct config_tls, cert),
	STRING("key", struct config_tls, key),
	STRING("name", struct config_tls, name),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t server_fields[] = {
	STRING_MUST("address", struct config_server, address),
	CYAML_FIELD_UINT("port", OPTIONAL, struct config_server, port),
	STRING("secret_file", struct config_server, secret_file),
	CYAML_FIELD_MAPPING_PTR("tls", OPTIONAL_PTR, struct config_server, tls,
				tls_fields),
	STRING("source", struct config_server, source),
	STRING("device", struct config_server, device),
	CYAML_FIELD_UINT("weight", OPTIONAL, struct config_server, weight),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t server = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_server,
			    server_fields),
};

static const cyaml_schema_field_t client_fields[] = {
	STRING_MUST("address", struct config_server, address),
	STRING_MUST("secret_file", struct config_server, secret_file),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t client = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_server,
			    client_fields),
};

static const cyaml_schema_field_t coa_fields[] = {
	STRING("address", struct config_coa, address),
	CYAML_FIELD_UINT("port", OPTIONAL, struct config_coa, port),
	CYAML_FIELD_SEQUENCE("clients", CYAML_FLAG_POINTER, struct config_coa,
			     clients, &client, 1, CONFIG_SERVERS_MAX),
	CYAML_FIELD_UINT("rate", OPTIONAL, struct config_coa, rate),
	CYAML_FIELD_UINT("window", OPTIONAL, struct config_coa, window),
	YAMLFILE_FIELD_FLAG("require_message_authenticator", struct config_coa,
			    must_sign),
	YAMLFILE_FIELD_FLAG("require_event_timestamp", struct config_coa,
			    must_stamp),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t rate_fields[] = {
	CYAML_FIELD_UINT("vendor", OPTIONAL, struct policy_rate, vendor),
	CYAML_FIELD_UINT("attribute", CYAML_FLAG_DEFAULT, struct policy_rate,
			 attribute),
	CYAML_FIELD_ENUM("direction", CYAML_FLAG_STRICT | OPTIONAL,
			 struct policy_rate, direction, directions,
			 CYAML_ARRAY_LEN(directions)),
	CYAML_FIELD_ENUM("unit", CYAML_FLAG_STRICT, struct policy_rate, unit,
			 units, CYAML_ARRAY_LEN(units)),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t rate = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct policy_rate,
			    rate_fields),
};

static const cyaml_schema_field_t radius_fields[] = {
	CYAML_FIELD_SEQUENCE("auth_servers", CYAML_FLAG_POINTER,
			     struct config_radius, auth_servers, &server, 1,
			     CONFIG_SERVERS_MAX),
	CYAML_FIELD_SEQUENCE("acct_servers", OPTIONAL_PTR,
			     struct config_radius, acct_servers, &server, 1,
			     CONFIG_SERVERS_MAX),
	CYAML_FIELD_UINT("timeout", OPTIONAL, struct config_radius, timeout),
	CYAML_FIELD_UINT_PTR("retries", OPTIONAL_PTR, struct config_radius,
			     retries),
	CYAML_FIELD_UINT("dead_time", OPTIONAL, struct config_radius,
			 dead_time),
	CYAML_FIELD_UINT("rate", OPTIONAL, struct config_radius, rate),
	CYAML_FIELD_UINT("burst", OPTIONAL, struct config_radius, burst),
	CYAML_FIELD_UINT("workers", OPTIONAL, struct config_radius, workers),
	STRING("username", struct config_radius, username),
	STRING("password", struct config_radius, password),
	STRING("password_file", struct config_radius, password_file),
	STRING("called_station_id", struct config_radius, called_station_id),
	CYAML_FIELD_UINT("retry_pending", OPTIONAL, struct config_radius,
			 retry_pending),
	ADMISSION(struct config_radius),
	CYAML_FIELD_UINT("remember", OPTIONAL, struct config_radius, remember),
	CYAML_FIELD_UINT("readmit_rate", OPTIONAL, struct config_radius,
			 readmit_rate),
	CYAML_FIELD_SEQUENCE("rates", OPTIONAL_PTR, struct config_radius, rates,
			     &rate, 1, POLICY_RATES_MAX),
	YAMLFILE_FIELD_FLAG("require_message_authenticator",
			    struct config_radius, must_sign),
	CYAML_FIELD_MAPPING_PTR("coa", OPTIONAL_PTR, struct config_radius, coa,
				coa_fields),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t endpoint_fields[] = {
	STRING_MUST("address", struct config_endpoint, address),
	CYAML_FIELD_UINT("port", OPTIONAL, struct config_endpoint, port),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t endpoint = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_endpoint,
			    endpoint_fields),
};

static const cyaml_schema_field_t redis_fields[] = {
	STRING("host", struct config_redis, host),
	CYAML_FIELD_UINT("port", OPTIONAL, struct config_redis, port),
	STRING("socket", struct config_redis, socket),
	CYAML_FIELD_SEQUENCE("sentinels", OPTIONAL_PTR, struct config_redis,
			     sentinels, &endpoint, 1, CONFIG_ENDPOINTS_MAX),
	STRING("master", struct config_redis, master),
	STRING("sentinel_password_file", struct config_redis,
	       sentinel_password_file),
	CYAML_FIELD_SEQUENCE("cluster", OPTIONAL_PTR, struct config_redis,
			     cluster, &endpoint, 1, CONFIG_ENDPOINTS_MAX),
	CYAML_FIELD_UINT_PTR("wait_replicas", OPTIONAL_PTR, struct config_redis,
			     wait_replicas),
	STRING("stream", struct config_redis, stream),
	CYAML_FIELD_UINT("maxlen", OPTIONAL, struct config_redis, maxlen),
	STRING("password_file", struct config_redis, password_file),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t kea_fields[] = {
	STRING("socket", struct config_kea, socket),
	STRING("host", struct config_kea, host),
	CYAML_FIELD_UINT("port", OPTIONAL, struct config_kea, port),
	STRING("user", struct config_kea, user),
	STRING("password_file", struct config_kea, password_file),
	CYAML_FIELD_UINT("interval", OPTIONAL, struct config_kea, interval),
	CYAML_FIELD_UINT("timeout", OPTIONAL, struct config_kea, timeout),
	CYAML_FIELD_UINT("tombstone", OPTIONAL, struct config_kea, tombstone),
	CYAML_FIELD_SEQUENCE("servers", OPTIONAL_PTR, struct config_kea,
			     servers, &address, 1, KBNG_SERVERS_MAX),
	CYAML_FIELD_END
};

static const cyaml_strval_t node_bys[] = {
	{ "relay-id", NODE_BY_RELAY_ID },
	{ "giaddr", NODE_BY_GIADDR },
	{ "remote-id", NODE_BY_REMOTE_ID },
};

static const cyaml_schema_value_t node_by = {
	CYAML_VALUE_ENUM(CYAML_FLAG_STRICT, uint32_t, node_bys,
			 CYAML_ARRAY_LEN(node_bys)),
};

static const cyaml_schema_field_t node_fields[] = {
	STRING_MUST("name", struct config_node, name),
	STRING_MUST("address", struct config_node, address),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t node = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_node,
			    node_fields),
};

static const cyaml_schema_field_t nodes_fields[] = {
	CYAML_FIELD_SEQUENCE("by", OPTIONAL_PTR, struct config_nodes, by,
			     &node_by, 1, NODE_BYS),
	YAMLFILE_FIELD_FLAG("probe", struct config_nodes, probe),
	CYAML_FIELD_UINT("interval", OPTIONAL, struct config_nodes, interval),
	CYAML_FIELD_UINT("down_after", OPTIONAL, struct config_nodes,
			 down_after),
	CYAML_FIELD_UINT("up_after", OPTIONAL, struct config_nodes, up_after),
	CYAML_FIELD_SEQUENCE("known", OPTIONAL_PTR, struct config_nodes, known,
			     &node, 1, 4096),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t metrics_fields[] = {
	STRING("address", struct config_metrics, address),
	CYAML_FIELD_UINT("port", OPTIONAL, struct config_metrics, port),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t journal_fields[] = {
	STRING("path", struct config_journal, path),
	CYAML_FIELD_UINT("max_events", OPTIONAL, struct config_journal,
			 max_events),
	CYAML_FIELD_UINT("max_records", OPTIONAL, struct config_journal,
			 max_records),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t config_fields[] = {
	STRING_MUST("bng_id", struct config, bng_id),
	STRING("log_level", struct config, log_level),
	CYAML_FIELD_UINT("interim_interval", OPTIONAL, struct config,
			 interim_interval),
	CYAML_FIELD_UINT("health_interval", OPTIONAL, struct config,
			 health_interval),
	CYAML_FIELD_MAPPING("nas", OPTIONAL, struct config, nas, nas_fields),
	CYAML_FIELD_SEQUENCE("ifaces", CYAML_FLAG_POINTER, struct config,
			     ifaces, &iface, 1, 4096),
	CYAML_FIELD_SEQUENCE("shapers", OPTIONAL_PTR, struct config, shapers,
			     &shaper, 1, 65536),
	CYAML_FIELD_SEQUENCE("policies", OPTIONAL_PTR, struct config, policies,
			     &policy, 1, 4096),
	CYAML_FIELD_SEQUENCE("sessions", OPTIONAL_PTR, struct config, sessions,
			     &session, 1, 65536),
	CYAML_FIELD_MAPPING_PTR("radius", OPTIONAL_PTR, struct config, radius,
				radius_fields),
	STRING("subscribers_file", struct config, subscribers_file),
	CYAML_FIELD_MAPPING_PTR("redis", OPTIONAL_PTR, struct config, redis,
				redis_fields),
	CYAML_FIELD_MAPPING("journal", OPTIONAL, struct config, journal,
			    journal_fields),
	CYAML_FIELD_MAPPING_PTR("kea", OPTIONAL_PTR, struct config, kea,
				kea_fields),
	CYAML_FIELD_MAPPING("access_nodes", OPTIONAL, struct config, nodes,
			    nodes_fields),
	CYAML_FIELD_MAPPING_PTR("metrics", OPTIONAL_PTR, struct config, metrics,
				metrics_fields),
	CYAML_FIELD_END
};

const cyaml_schema_value_t config_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct config, config_fields),
};
