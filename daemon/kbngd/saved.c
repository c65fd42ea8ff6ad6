// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/fmt.h"
#include "lib/parse.h"
#include "saved.h"

#define MAGIC	"kbng sessions "

void saved_path(const char *journal, char *path, size_t size)
{
	const char *slash = strrchr(journal, '/');
	int dir = slash ? slash - journal + 1 : 0;

	snprintf(path, size, "%.*ssessions.saved", dir, journal);
}

static int saved_fail(const char *path, char *error)
{
	snprintf(error, SAVED_ERROR, "%.200s: %s", path, strerror(errno));
	return -1;
}

int saved_begin(struct saved_writer *w, const char *path, size_t room,
		char *error)
{
	static const char head[SAVED_HEAD];
	int fd;

	memset(w, 0, sizeof(*w));
	snprintf(w->path, sizeof(w->path), "%s", path);
	snprintf(w->temporary, sizeof(w->temporary), "%s.new", path);
	unlink(w->temporary);
	fd = open(w->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	w->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!w->file) {
		if (fd >= 0)
			close(fd);
		return saved_fail(w->temporary, error);
	}
	errno = posix_fallocate(fd, 0, sizeof(head) + room);
	if (errno || fwrite(head, sizeof(head), 1, w->file) != 1)
		return saved_fail(w->temporary, error);
	return 0;
}

static int saved_write(struct saved_writer *w, const void *octets, size_t len,
		       char *error)
{
	w->records++;
	errno = ENOMEM;			/* no octets */
	return fwrite(octets, len, 1, w->file) == 1 ?
	       0 : saved_fail(w->temporary, error);
}

int saved_shaper(struct saved_writer *w, const struct kbng_shaper_info *s,
		 char *error)
{
	uint32_t octets[KBNG_NL_PACKED_MAX / sizeof(uint32_t)];

	return saved_write(w, octets, kbng_nl_shaper_pack(s, octets), error);
}

int saved_session(struct saved_writer *w, const struct kbng_session_info *s,
		  char *error)
{
	uint32_t octets[KBNG_NL_PACKED_MAX / sizeof(uint32_t)];

	return saved_write(w, octets, kbng_nl_session_pack(s, octets), error);
}

/* The name, too, is to survive. */
static int saved_sync_directory(const char *path)
{
	char dir[4096];
	char *slash;
	int err, fd;

	snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (slash)
		slash[1] = '\0';
	fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	err = fsync(fd);
	close(fd);
	return err;
}

int saved_end(struct saved_writer *w, const struct saved_head *head,
	      char *error)
{
	char line[SAVED_HEAD] = "", uuid[KBNG_UUID_TEXT];
	int fd = fileno(w->file);
	off_t len;

	snprintf(line, sizeof(line), MAGIC "%d %s %" PRIu64 " %" PRIu64 "\n",
		 SAVED_VERSION, kbng_fmt_uuid(uuid, sizeof(uuid),
					      head->instance),
		 (uint64_t)head->time, w->records);
	len = ftello(w->file);
	if (len < 0 || fflush(w->file) || ftruncate(fd, len) ||
	    pwrite(fd, line, sizeof(line), 0) != sizeof(line) || fsync(fd) ||
	    rename(w->temporary, w->path) || saved_sync_directory(w->path))
		return saved_fail(w->path, error);
	fclose(w->file);
	w->file = NULL;
	return 0;
}

void saved_abort(struct saved_writer *w)
{
	if (!w->file)
		return;
	fclose(w->file);
	w->file = NULL;
	unlink(w->temporary);
}

static int saved_parse_head(const char *line, struct saved_head *head,
			    char *error)
{
	char uuid[KBNG_UUID_TEXT];
	uint64_t when, records;
	unsigned int version;
	int end = 0;

	if (sscanf(line, MAGIC "%u", &version) != 1) {
		snprintf(error, SAVED_ERROR, "no sessions are in it");
		return -1;
	}
	if (version != SAVED_VERSION) {
		snprintf(error, SAVED_ERROR, "it has format %u, this kbngd reads %d",
			 version, SAVED_VERSION);
		return -1;
	}
	if (sscanf(line, MAGIC "%*u %36s %" SCNu64 " %" SCNu64 "%n", uuid,
		   &when, &records, &end) != 3 || line[end] != '\n' ||
	    !kbng_parse_uuid(uuid, head->instance)) {
		snprintf(error, SAVED_ERROR, "its first line is damaged");
		return -1;
	}
	head->time = when;
	head->records = records;
	return 0;
}

/* Records up to the end, as many as there should be. */
static int saved_check(const struct saved *saved, char *error)
{
	struct kbng_session_info session;
	struct kbng_shaper_info shaper;
	size_t at = SAVED_HEAD;
	uint64_t n = 0;
	int len;

	while (at < saved->len) {
		len = kbng_nl_session_unpack(saved->octets + at,
					     saved->len - at, &session);
		if (len < 0)
			len = kbng_nl_shaper_unpack(saved->octets + at,
						    saved->len - at, &shaper);
		if (len < 0)
			break;
		at += len;
		n++;
	}
	if (at == saved->len && n == saved->head.records)
		return 0;
	snprintf(error, SAVED_ERROR, "it is damaged after %" PRIu64 " of %" PRIu64 " records",
		 n, saved->head.records);
	return -1;
}

static int saved_load(int fd, struct saved *saved)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st))
		return -1;
	saved->octets = malloc(st.st_size + 1);
	if (!saved->octets)
		return -1;
	while (saved->len < (size_t)st.st_size) {
		n = read(fd, saved->octets + saved->len,
			 st.st_size - saved->len);
		if (n < 0)
			return -1;
		if (!n)
			break;
		saved->len += n;
	}
	return 0;
}

int saved_read(const char *path, struct saved *saved, char *error)
{
	char line[SAVED_HEAD + 1] = "";
	int err, fd;

	memset(saved, 0, sizeof(*saved));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : saved_fail(path, error);
	err = saved_load(fd, saved);
	if (err)
		saved_fail(path, error);
	close(fd);
	if (!err) {
		memcpy(line, saved->octets, saved->len < SAVED_HEAD ?
		       saved->len : SAVED_HEAD);
		err = saved_parse_head(line, &saved->head, error) ||
		      saved_check(saved, error);
	}
	if (err)
		saved_free(saved);
	return err ? -1 : 0;
}

void saved_each(const struct saved *saved,
		void (*shaper)(const struct kbng_shaper_info *s, void *arg),
		void (*session)(struct kbng_session_info *s, void *arg),
		void *arg)
{
	struct kbng_session_info one;
	struct kbng_shaper_info rates;
	size_t at = SAVED_HEAD;
	int len;

	while (at < saved->len) {
		len = kbng_nl_session_unpack(saved->octets + at,
					     saved->len - at, &one);
		if (len > 0) {
			session(&one, arg);
		} else {
			len = kbng_nl_shaper_unpack(saved->octets + at,
						    saved->len - at, &rates);
			if (len < 0)
				return;
			shaper(&rates, arg);
		}
		at += len;
	}
}

void saved_free(struct saved *saved)
{
	free(saved->octets);
	saved->octets = NULL;
	saved->len = 0;
}
