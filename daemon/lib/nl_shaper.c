// SPDX-License-Identifier: GPL-2.0-or-later
/* Shapers: rates that many subscribers share. */
#include "nl_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int shaper_decode(struct nlmsghdr *nlh, void *item)
{
	return kbng_nl_decode_shaper(nlh, item);
}

int kbng_nl_shaper_dump(struct kbng_nl *nl,
			int (*cb)(const struct kbng_shaper_info *s, void *arg),
			void *arg)
{
	struct kbng_nl_list list = {
		.decode = shaper_decode,
		.size = sizeof(struct kbng_shaper_info),
	};
	int rc = kbng_nl_collect(nl, KBNG_CMD_SHAPER_GET, &list);
	const struct kbng_shaper_info *shaper = list.items;
	size_t i;

	for (i = 0; i < list.count && !rc; i++)
		rc = cb(&shaper[i], arg);
	free(list.items);
	return rc;
}

int kbng_nl_put_shaper(struct nl_msg *msg, const struct kbng_shaper_info *s)
{
	struct nlattr *nest = nla_nest_start(msg, KBNG_A_SHAPER | NLA_F_NESTED);

	if (!nest || nla_put_string(msg, KBNG_A_SHAPER_NAME, s->name) ||
	    (*s->parent &&
	     nla_put_string(msg, KBNG_A_SHAPER_PARENT, s->parent)) ||
	    (s->rate_up &&
	     nla_put_u64(msg, KBNG_A_SHAPER_RATE_UP, s->rate_up)) ||
	    (s->rate_down &&
	     nla_put_u64(msg, KBNG_A_SHAPER_RATE_DOWN, s->rate_down)) ||
	    (s->burst_up &&
	     nla_put_u32(msg, KBNG_A_SHAPER_BURST_UP, s->burst_up)) ||
	    (s->burst_down &&
	     nla_put_u32(msg, KBNG_A_SHAPER_BURST_DOWN, s->burst_down)))
		return -ENOMEM;
	nla_nest_end(msg, nest);
	return 0;
}

static int request(struct kbng_nl *nl, enum kbng_cmd cmd,
		   const struct kbng_shaper_info *s)
{
	struct nl_msg *msg = kbng_nl_request(nl, cmd, 0);

	msg = kbng_nl_filled(msg, !msg || kbng_nl_put_shaper(msg, s));
	return kbng_nl_transact(nl, msg, NULL, NULL);
}

int kbng_nl_shaper_set(struct kbng_nl *nl, const struct kbng_shaper_info *s)
{
	return request(nl, KBNG_CMD_SHAPER_SET, s);
}

int kbng_nl_shaper_del(struct kbng_nl *nl, const char *name)
{
	struct kbng_shaper_info s = { 0 };

	strncpy(s.name, name, KBNG_NAME_MAX);
	return request(nl, KBNG_CMD_SHAPER_DEL, &s);
}
