// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"
#include "lib/control.h"
#include "lib/log.h"
#include "save.h"
#include "saved.h"

/** struct was - of a session what its end, and its iface's, takes from it */
struct was {
	uint32_t id;
	uint32_t lease_left;
	enum kbng_state state;
	char ifname[IF_NAMESIZE];
};

struct saving {
	struct kbng_nl *nl;
	struct was *was;		/* by id */
	size_t n, max, at;
	uint32_t *ifaces;		/* their ifindex */
	size_t n_ifaces;
	size_t room;			/* octets that the records take */
	unsigned int live, ended;
	struct saved_writer writer;
	char *error;
};

static int save_was(const struct kbng_session_info *s, void *arg)
{
	uint32_t octets[KBNG_NL_PACKED_MAX / sizeof(uint32_t)];
	struct saving *save = arg;
	struct was *w;
	void *more;

	if (s->state == KBNG_STATE_OFFERED)
		return 0;
	save->room += kbng_nl_session_pack(s, octets) + 64;
	if (save->n == save->max) {
		save->max = save->max ? 2 * save->max : 1024;
		more = reallocarray(save->was, save->max, sizeof(*save->was));
		if (!more)
			return -ENOMEM;
		save->was = more;
	}
	w = &save->was[save->n++];
	w->id = s->id;
	w->lease_left = s->lease_left;
	w->state = s->state;
	memcpy(w->ifname, s->ifname, sizeof(w->ifname));
	return 0;
}

static int save_iface(const struct kbng_iface_info *iface, void *arg)
{
	struct saving *save = arg;
	void *more = reallocarray(save->ifaces, save->n_ifaces + 1,
				  sizeof(*save->ifaces));

	if (!more)
		return -ENOMEM;
	save->ifaces = more;
	save->ifaces[save->n_ifaces++] = iface->ifindex;
	return 0;
}

static int save_shaper(const struct kbng_shaper_info *s, void *arg)
{
	struct saving *save = arg;

	return saved_shaper(&save->writer, s, save->error) ? -EIO : 0;
}

/* One that ended with its iface is as it was before. */
static void save_revive(struct kbng_session_info *s, const struct was *w)
{
	memcpy(s->ifname, w->ifname, sizeof(s->ifname));
	if (w->state == KBNG_STATE_STOPPED ||
	    s->state != KBNG_STATE_STOPPED ||
	    s->terminate_cause != KBNG_CAUSE_PORT_ERROR)
		return;
	s->state = w->state;
	s->lease_left = w->lease_left;
	s->stopped = 0;
	s->terminate_cause = 0;
}

/* Sessions come by id, the first time and now. */
static int save_session(const struct kbng_session_info *final, void *arg)
{
	struct kbng_session_info s = *final;
	struct saving *save = arg;

	if (s.state == KBNG_STATE_OFFERED)
		return 0;
	while (save->at < save->n && save->was[save->at].id < s.id)
		save->at++;
	if (save->at < save->n && save->was[save->at].id == s.id)
		save_revive(&s, &save->was[save->at]);
	if (s.state == KBNG_STATE_STOPPED)
		save->ended++;
	else
		save->live++;
	return saved_session(&save->writer, &s, save->error) ? -EIO : 0;
}

/* What is wrong with the kernel, unless writing has said so. */
static int save_failed(const struct saving *save, int err)
{
	if (err && err != -EIO)
		snprintf(save->error, CONFIG_ERROR_SIZE, "%s",
			 kbng_nl_error(save->nl));
	return err;
}

static int save_all(struct saving *save, const char *path)
{
	struct kbng_module_info info;
	struct saved_head head;
	size_t i;

	if (save_failed(save, kbng_nl_stats(save->nl, 0, &info, NULL, NULL)) ||
	    save_failed(save, kbng_nl_session_dump(save->nl, NULL, save_was,
						   save)) ||
	    save_failed(save, kbng_nl_iface_dump(save->nl, save_iface, save)) ||
	    saved_begin(&save->writer, path, save->room, save->error) ||
	    save_failed(save, kbng_nl_shaper_dump(save->nl, save_shaper, save)))
		return -1;
	memcpy(head.instance, info.instance, sizeof(head.instance));
	head.time = time(NULL);
	for (i = 0; i < save->n_ifaces; i++)
		if (save_failed(save, kbng_nl_iface_del(save->nl,
							save->ifaces[i])))
			return -1;
	if (save_failed(save, kbng_nl_session_dump(save->nl, NULL, save_session,
						   save)))
		return -1;
	return saved_end(&save->writer, &head, save->error);
}

static bool save_is_alone(void)
{
	char *answer = NULL;
	bool alone = kbng_control_ask("{\"command\":\"status\"}", &answer) ==
		     -ECONNREFUSED;

	free(answer);
	return alone;
}

int save(struct config *config, char *error)
{
	struct kbngd k = { .config = config };
	struct saving save = { .error = error };
	char path[4096];
	int err = -1;

	if (!save_is_alone()) {
		snprintf(error, CONFIG_ERROR_SIZE, "kbngd runs: stop it first");
		return -1;
	}
	saved_path(config->journal.path, path, sizeof(path));
	if (!access(path, F_OK)) {
		snprintf(error, CONFIG_ERROR_SIZE, "sessions are saved already, in %.200s: unload the module, or start kbngd to have them back",
			 path);
		return -1;
	}
	if (!kernel_open(&k, error)) {
		save.nl = k.nl;
		err = save_all(&save, path);
	}
	saved_abort(&save.writer);
	if (!err)
		kbng_notice("sessions are saved and nothing is forwarded by them: unload the module, then start kbngd file=%s sessions=%u ended=%u",
			    path, save.live, save.ended);
	free(save.was);
	free(save.ifaces);
	kbng_nl_close(k.nl);
	return err;
}
