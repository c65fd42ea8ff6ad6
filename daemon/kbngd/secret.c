// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "secret.h"

#define SECRET_FILE_MAX	1024	/* octets looked at */

int secret_open(const char *path, const char *advice, char *why, size_t size)
{
	struct stat st;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		snprintf(why, size, "cannot read %s: %s: %s", path,
			 strerror(errno), advice);
		return -1;
	}
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		snprintf(why, size, "%s is not a file", path);
	else if (st.st_mode & 077)
		snprintf(why, size, "others than its owner can read %s: chmod 600 %s",
			 path, path);
	else
		return fd;
	close(fd);
	return -1;
}

/* The file's beginning in @buf; the octets read, or -1 and @why. */
static ssize_t secret_slurp(const char *path, char *buf, char *why, size_t size)
{
	ssize_t n;
	int fd;

	fd = secret_open(path, "create it with the secret as its only line, mode 0600",
			 why, size);
	if (fd < 0)
		return -1;
	n = read(fd, buf, SECRET_FILE_MAX);
	if (n < 0)
		snprintf(why, size, "cannot read %s: %s", path,
			 strerror(errno));
	close(fd);
	return n;
}

char *secret_read(const char *path, size_t max, char *why, size_t size)
{
	char buf[SECRET_FILE_MAX], *secret = NULL;
	size_t len;
	ssize_t n;

	n = secret_slurp(path, buf, why, size);
	if (n < 0)
		return NULL;
	for (len = 0; len < (size_t)n && buf[len] != '\n'; len++)
		if (!buf[len])
			break;
	if (!len)
		snprintf(why, size, "the first line of %s is empty: write the secret there",
			 path);
	else if (len > max)
		snprintf(why, size, "the secret in %s is longer than %zu octets",
			 path, max);
	else if (!(secret = strndup(buf, len)))
		snprintf(why, size, "out of memory");
	explicit_bzero(buf, sizeof(buf));
	return secret;
}

void secret_free(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}
