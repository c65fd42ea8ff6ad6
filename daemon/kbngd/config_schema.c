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
};

static const cyaml_schema_value_t address = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 63),
};

static const cyaml_schema_field_t nas_fields[] = {
	STRING("identifier", struct config_nas, identifier),
	STRING("address", struct config_nas, address),
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
	CYAML_FIELD_ENUM("shaper", CYAML_FLAG_STRICT | OPTIONAL,
			 struct config_iface, shaper, shapers,
			 CYAML_ARRAY_LEN(shapers)),
	YAMLFILE_FIELD_FLAG("install_fq", struct config_iface, install_fq),
	YAMLFILE_FIELD_FLAG("fastpath", struct config_iface, fastpath),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t iface = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_iface,
			    iface_fields),
};

static const cyaml_schema_field_t server_fields[] = {
	STRING_MUST("address", struct config_server, address),
	CYAML_FIELD_UINT("port", OPTIONAL, struct config_server, port),
	STRING_MUST("secret_file", struct config_server, secret_file),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t server = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_server,
			    server_fields),
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
	CYAML_FIELD_UINT("workers", OPTIONAL, struct config_radius, workers),
	STRING("username", struct config_radius, username),
	STRING("password", struct config_radius, password),
	STRING("password_file", struct config_radius, password_file),
	STRING("called_station_id", struct config_radius, called_station_id),
	CYAML_FIELD_UINT("retry_pending", OPTIONAL, struct config_radius,
			 retry_pending),
	CYAML_FIELD_UINT("retry_rejected", OPTIONAL, struct config_radius,
			 retry_rejected),
	CYAML_FIELD_SEQUENCE("rates", OPTIONAL_PTR, struct config_radius, rates,
			     &rate, 1, POLICY_RATES_MAX),
	YAMLFILE_FIELD_FLAG("require_message_authenticator",
			    struct config_radius, must_sign),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t redis_fields[] = {
	STRING("host", struct config_redis, host),
	CYAML_FIELD_UINT("port", OPTIONAL, struct config_redis, port),
	STRING("socket", struct config_redis, socket),
	STRING("stream", struct config_redis, stream),
	CYAML_FIELD_UINT("maxlen", OPTIONAL, struct config_redis, maxlen),
	STRING("password_file", struct config_redis, password_file),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t journal_fields[] = {
	STRING("path", struct config_journal, path),
	CYAML_FIELD_UINT("max_events", OPTIONAL, struct config_journal,
			 max_events),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t config_fields[] = {
	STRING_MUST("bng_id", struct config, bng_id),
	STRING("log_level", struct config, log_level),
	CYAML_FIELD_UINT("interim_interval", OPTIONAL, struct config,
			 interim_interval),
	CYAML_FIELD_MAPPING("nas", OPTIONAL, struct config, nas, nas_fields),
	CYAML_FIELD_SEQUENCE("ifaces", CYAML_FLAG_POINTER, struct config,
			     ifaces, &iface, 1, 4096),
	CYAML_FIELD_MAPPING_PTR("radius", OPTIONAL_PTR, struct config, radius,
				radius_fields),
	STRING("subscribers_file", struct config, subscribers_file),
	CYAML_FIELD_MAPPING_PTR("redis", OPTIONAL_PTR, struct config, redis,
				redis_fields),
	CYAML_FIELD_MAPPING("journal", OPTIONAL, struct config, journal,
			    journal_fields),
	CYAML_FIELD_END
};

const cyaml_schema_value_t config_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct config, config_fields),
};
