// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"
#include "config_check.h"
#include "config_schema.h"
#include "credentials.h"
#include "secret.h"
#include "yamlfile.h"

_Static_assert(CONFIG_ERROR_SIZE == YAMLFILE_ERROR_SIZE, "one line, one size");

int config_load(const char *path, struct config **config, char *error)
{
	void *data;

	*config = NULL;
	if (yamlfile_load(path, &config_schema, &data, error))
		return -1;
	if (config_check(path, data, error)) {
		config_free(data);
		return -1;
	}
	*config = data;
	return 0;
}

static void config_free_secrets(struct config_server *servers, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		secret_free(servers[i].secret);
		credentials_free(servers[i].tls);
	}
}

/* Secrets and credentials are not in the schema: libcyaml frees the rest. */
void config_free(struct config *config)
{
	struct config_radius *r;

	if (!config)
		return;
	r = config->radius;
	if (r) {
		config_free_secrets(r->auth_servers, r->auth_servers_count);
		config_free_secrets(r->acct_servers, r->acct_servers_count);
		secret_free(r->password_secret);
		if (r->coa)
			config_free_secrets(r->coa->clients,
					    r->coa->clients_count);
	}
	if (config->redis) {
		secret_free(config->redis->password);
		secret_free(config->redis->sentinel_password);
	}
	if (config->kea)
		secret_free(config->kea->password);
	yamlfile_free(&config_schema, config);
}
