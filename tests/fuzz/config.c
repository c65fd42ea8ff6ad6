// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: a hostile kbngd.yaml, and the same octets as a subscriber file.
 * What is taken is freed again, and its sessions are what they must be.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "kbngd/config.h"
#include "kbngd/subscribers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One line, which names the file. */
static void fuzz_complaint(const char *error, const char *path)
{
	if (strncmp(error, path, strlen(path)) || strchr(error, '\n')) {
		fprintf(stderr, "no line of %s: %s\n", path, error);
		abort();
	}
}

static void fuzz_config(const char *path)
{
	char error[CONFIG_ERROR_SIZE];
	struct kbng_session_info info;
	struct config *config;
	uint32_t i;

	if (config_load(path, &config, error)) {
		fuzz_complaint(error, path);
		return;
	}
	for (i = 0; i < config->sessions_count; i++)
		if (config_session(&config->sessions[i], &info))
			abort();
	config_free(config);
}

static void fuzz_subscribers(const char *path)
{
	const struct kbng_session_info info = { .ifname = "acc0" };
	char error[SUBSCRIBERS_ERROR_SIZE];
	struct subscribers *subs;
	struct subscriber who;

	if (subscribers_load(path, &subs, error)) {
		fuzz_complaint(error, path);
		return;
	}
	if (subscribers_authorise(subs, &info, &who) &&
	    (who.prefixes.n > KBNG_PREFIXES_MAX ||
	     strlen(who.policy.name) > KBNG_NAME_MAX))
		abort();
	subscribers_free(subs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("config", 0);
	char path[32];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	fuzz_config(path);
	fuzz_subscribers(path);
	close(fd);
	return 0;
}
