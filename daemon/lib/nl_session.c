// SPDX-License-Identifier: GPL-2.0-or-later
/* Sessions: requests and dumps. */
#include "nl_private.h"

#include <errno.h>
#include <string.h>
#include <netlink/genl/genl.h>

/** struct session_dump - a dump and how far it has come */
struct session_dump {
	int (*cb)(const struct kbng_session_info *s, void *arg);
	void *arg;
	uint32_t last;		/* id */
	int result;		/* of @cb */
};

/** struct session_reply - where one session goes */
struct session_reply {
	struct kbng_session_info *s;
	bool whole;
	bool seen;
};

static int put_blob(struct nl_msg *msg, int type, const struct kbng_blob *blob)
{
	return blob->len ? nla_put(msg, type, blob->len, blob->data) : 0;
}

static int put_policy(struct nl_msg *msg, const struct kbng_policy *p)
{
	struct nlattr *nest =
		nla_nest_start(msg, KBNG_A_SESSION_POLICY | NLA_F_NESTED);

	if (!nest ||
	    (*p->name && nla_put_string(msg, KBNG_A_POLICY_NAME, p->name)) ||
	    nla_put_u64(msg, KBNG_A_POLICY_RATE_UP, p->rate_up) ||
	    nla_put_u64(msg, KBNG_A_POLICY_RATE_DOWN, p->rate_down) ||
	    (p->burst_up &&
	     nla_put_u32(msg, KBNG_A_POLICY_BURST_UP, p->burst_up)) ||
	    (p->burst_down &&
	     nla_put_u32(msg, KBNG_A_POLICY_BURST_DOWN, p->burst_down)) ||
	    (*p->shaper &&
	     nla_put_string(msg, KBNG_A_POLICY_SHAPER, p->shaper)) ||
	    (p->overhead &&
	     nla_put_u32(msg, KBNG_A_POLICY_OVERHEAD, p->overhead)) ||
	    (p->min_unit &&
	     nla_put_u32(msg, KBNG_A_POLICY_MIN_UNIT, p->min_unit)) ||
	    (p->quota && nla_put_u64(msg, KBNG_A_POLICY_QUOTA, p->quota)) ||
	    (p->isolated &&
	     nla_put_u32(msg, KBNG_A_POLICY_ISOLATED, p->isolated)))
		return -ENOMEM;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_prefix(struct nl_msg *msg, const struct kbng_prefix *p,
		      bool restored)
{
	struct nlattr *nest =
		nla_nest_start(msg, KBNG_A_SESSION_PREFIX | NLA_F_NESTED);

	if (!nest ||
	    (p && (nla_put(msg, KBNG_A_PREFIX_ADDR, sizeof(p->addr), &p->addr) ||
		   nla_put_u32(msg, KBNG_A_PREFIX_LEN, p->len))) ||
	    (restored && kbng_nl_put_restored_prefix(msg, p)))
		return -ENOMEM;
	return nla_nest_end_keep_empty(msg, nest);
}

/* An empty nest says that there are none. */
static int put_prefixes(struct nl_msg *msg, const struct kbng_prefixes *list,
			bool restored)
{
	unsigned int i;

	if (!list->n)
		return put_prefix(msg, NULL, false);
	for (i = 0; i < list->n; i++)
		if (put_prefix(msg, &list->prefix[i], restored))
			return -ENOMEM;
	return 0;
}

static int put_filter(struct nl_msg *msg, const struct kbng_session_filter *f,
		      uint32_t after)
{
	static const struct kbng_session_filter all;
	struct nlattr *nest =
		nla_nest_start(msg, KBNG_A_SESSION | NLA_F_NESTED);

	if (!f)
		f = &all;
	if (!nest || (after && nla_put_u32(msg, KBNG_A_SESSION_ID, after)) ||
	    (f->by_ifindex &&
	     nla_put_u32(msg, KBNG_A_SESSION_IFINDEX, f->ifindex)) ||
	    (f->by_mac &&
	     nla_put(msg, KBNG_A_SESSION_MAC, KBNG_MAC_LEN, f->mac)) ||
	    (f->by_addr &&
	     nla_put_u32(msg, KBNG_A_SESSION_ADDR4, f->addr.s_addr)) ||
	    (f->by_addr6 && nla_put(msg, KBNG_A_SESSION_ADDR6,
				    sizeof(f->addr6), &f->addr6)) ||
	    (f->by_state && nla_put_u32(msg, KBNG_A_SESSION_STATE, f->state)) ||
	    (f->by_circuit_id &&
	     put_blob(msg, KBNG_A_SESSION_CIRCUIT_ID, &f->circuit_id)) ||
	    (f->by_remote_id &&
	     put_blob(msg, KBNG_A_SESSION_REMOTE_ID, &f->remote_id)) ||
	    (f->by_vlan && nla_put_u32(msg, KBNG_A_SESSION_VLAN, f->vlan)) ||
	    (f->by_inner_vlan &&
	     nla_put_u32(msg, KBNG_A_SESSION_INNER_VLAN, f->inner_vlan)))
		return -ENOMEM;
	nla_nest_end(msg, nest);
	return 0;
}

int kbng_nl_put_session(struct nl_msg *msg, const struct kbng_session_info *s,
			enum kbng_nl_purpose purpose)
{
	static const uint8_t no_hop[KBNG_MAC_LEN];
	bool restored = purpose != KBNG_NL_NEW;
	struct nlattr *nest =
		nla_nest_start(msg, KBNG_A_SESSION | NLA_F_NESTED);

	if (!nest || (restored && kbng_nl_put_restored(msg, s)) ||
	    (purpose == KBNG_NL_PACKED && kbng_nl_put_packed(msg, s)) ||
	    nla_put_u32(msg, KBNG_A_SESSION_IFINDEX, s->ifindex) ||
	    nla_put(msg, KBNG_A_SESSION_MAC, KBNG_MAC_LEN, s->mac) ||
	    (s->addr.s_addr &&
	     nla_put_u32(msg, KBNG_A_SESSION_ADDR4, s->addr.s_addr)) ||
	    (s->prefixes.given && put_prefixes(msg, &s->prefixes, restored)) ||
	    put_blob(msg, KBNG_A_SESSION_CIRCUIT_ID, &s->circuit_id) ||
	    put_blob(msg, KBNG_A_SESSION_REMOTE_ID, &s->remote_id) ||
	    (s->vlan && nla_put_u32(msg, KBNG_A_SESSION_VLAN, s->vlan)) ||
	    (s->inner_vlan &&
	     nla_put_u32(msg, KBNG_A_SESSION_INNER_VLAN, s->inner_vlan)) ||
	    (s->vlan_protocol &&
	     nla_put_u32(msg, KBNG_A_SESSION_VLAN_PROTOCOL,
			 s->vlan_protocol)) ||
	    (s->node.s_addr &&
	     nla_put_u32(msg, KBNG_A_SESSION_NODE, s->node.s_addr)) ||
	    (memcmp(s->hop, no_hop, KBNG_MAC_LEN) &&
	     nla_put(msg, KBNG_A_SESSION_HOP, KBNG_MAC_LEN, s->hop)) ||
	    (s->has_lease &&
	     nla_put_u32(msg, KBNG_A_SESSION_LEASE_TIME, s->lease_time)) ||
	    (s->server.s_addr &&
	     nla_put_u32(msg, KBNG_A_SESSION_SERVER, s->server.s_addr)) ||
	    (s->state && nla_put_u32(msg, KBNG_A_SESSION_STATE, s->state)) ||
	    (s->has_policy && put_policy(msg, &s->policy)) ||
	    (s->cookie_len &&
	     nla_put(msg, KBNG_A_SESSION_COOKIE, s->cookie_len, s->cookie)))
		return -ENOMEM;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_terms(struct nl_msg *msg, const struct kbng_terms *t)
{
	return nla_put_u32(msg, KBNG_A_SESSION_FRAMED_ADDR4,
			   t->framed.s_addr) ||
	       nla_put(msg, KBNG_A_SESSION_RADIUS_ATTRS, t->attrs.len,
		       t->attrs.data);
}

static int put_verdict(struct nl_msg *msg, const struct kbng_verdict *v)
{
	if ((v->state && nla_put_u32(msg, KBNG_A_SESSION_STATE, v->state)) ||
	    (v->policy && put_policy(msg, v->policy)) ||
	    (v->prefixes && put_prefixes(msg, v->prefixes, false)) ||
	    (v->terms && put_terms(msg, v->terms)) ||
	    (v->radius6 && nla_put(msg, KBNG_A_SESSION_RADIUS6,
				   v->radius6->len, v->radius6->data)) ||
	    (v->cookie &&
	     nla_put(msg, KBNG_A_SESSION_COOKIE, v->cookie_len, v->cookie)) ||
	    (v->lease_time &&
	     nla_put_u32(msg, KBNG_A_SESSION_LEASE_TIME, v->lease_time)) ||
	    (v->retry && nla_put_u32(msg, KBNG_A_SESSION_RETRY, v->retry)))
		return -ENOMEM;
	return 0;
}

/*
 * A request about one session, with a verdict or a terminate cause where they
 * belong to @cmd. NULL without memory.
 */
static struct nl_msg *request_by_uuid(struct kbng_nl *nl, enum kbng_cmd cmd,
				      const uint8_t *uuid,
				      const struct kbng_verdict *v,
				      uint32_t cause)
{
	struct nl_msg *msg = kbng_nl_request(nl, cmd, 0);
	struct nlattr *nest;

	if (!msg)
		return NULL;
	nest = nla_nest_start(msg, KBNG_A_SESSION | NLA_F_NESTED);
	if (!nest || nla_put(msg, KBNG_A_SESSION_UUID, KBNG_UUID_LEN, uuid) ||
	    (cause &&
	     nla_put_u32(msg, KBNG_A_SESSION_TERMINATE_CAUSE, cause)) ||
	    (v && put_verdict(msg, v))) {
		nlmsg_free(msg);
		return NULL;
	}
	nla_nest_end(msg, nest);
	return msg;
}

static int dump_one(struct nlmsghdr *nlh, void *arg)
{
	struct session_dump *d = arg;
	struct kbng_session_info s;
	int rc = kbng_nl_decode_session(nlh, true, &s);

	if (rc)
		return rc;
	if (s.id <= d->last)
		return 0;
	d->last = s.id;
	d->result = d->cb(&s, d->arg);
	return d->result;
}

int kbng_nl_session_dump(struct kbng_nl *nl,
			 const struct kbng_session_filter *filter,
			 int (*cb)(const struct kbng_session_info *s, void *arg),
			 void *arg)
{
	struct session_dump d = { .cb = cb, .arg = arg };
	struct nl_msg *msg;
	int tries = 0;
	int rc;

	do {
		msg = kbng_nl_request(nl, KBNG_CMD_SESSION_GET, NLM_F_DUMP);
		msg = kbng_nl_filled(msg, !msg || put_filter(msg, filter,
							     d.last));
		rc = kbng_nl_transact(nl, msg, dump_one, &d);
	} while (rc == -EINTR && !d.result && ++tries < KBNG_NL_DUMP_TRIES);
	return rc;
}

static int session_reply(struct nlmsghdr *nlh, void *arg)
{
	struct session_reply *r = arg;

	r->seen = true;
	return kbng_nl_decode_session(nlh, r->whole, r->s);
}

int kbng_nl_session_get(struct kbng_nl *nl, const uint8_t *uuid,
			struct kbng_session_info *s)
{
	struct session_reply r = { .s = s, .whole = true };
	struct nl_msg *msg;
	int rc;

	msg = request_by_uuid(nl, KBNG_CMD_SESSION_GET, uuid, NULL, 0);
	rc = kbng_nl_ask(nl, msg, session_reply, &r);
	if (!rc && !r.seen)
		return kbng_nl_fail(nl, -EBADMSG, "the kernel sent no session");
	return rc;
}

static int session_make(struct kbng_nl *nl, struct kbng_session_info *s,
			enum kbng_nl_purpose purpose)
{
	struct nl_msg *msg = kbng_nl_request(nl, KBNG_CMD_SESSION_NEW, 0);
	struct kbng_session_info made;
	struct session_reply r = { .s = &made };
	int rc;

	msg = kbng_nl_filled(msg, !msg || kbng_nl_put_session(msg, s,
							      purpose));
	rc = kbng_nl_transact(nl, msg, session_reply, &r);
	if (rc)
		return rc;
	if (!r.seen)
		return kbng_nl_fail(nl, -EBADMSG, "the kernel sent no session");
	s->id = made.id;
	memcpy(s->uuid, made.uuid, sizeof(s->uuid));
	return 0;
}

int kbng_nl_session_new(struct kbng_nl *nl, struct kbng_session_info *s)
{
	return session_make(nl, s, KBNG_NL_NEW);
}

int kbng_nl_session_restore(struct kbng_nl *nl, struct kbng_session_info *s)
{
	return session_make(nl, s, KBNG_NL_RESTORED);
}

int kbng_nl_session_set(struct kbng_nl *nl, const uint8_t *uuid,
			const struct kbng_verdict *v)
{
	struct nl_msg *msg;

	msg = request_by_uuid(nl, KBNG_CMD_SESSION_SET, uuid, v, 0);
	return kbng_nl_transact(nl, msg, NULL, NULL);
}

int kbng_nl_session_del(struct kbng_nl *nl, const uint8_t *uuid, uint32_t cause)
{
	struct nl_msg *msg;

	msg = request_by_uuid(nl, KBNG_CMD_SESSION_DEL, uuid, NULL, cause);
	return kbng_nl_transact(nl, msg, NULL, NULL);
}

int kbng_nl_session_ack(struct kbng_nl *nl, const uint8_t *uuid)
{
	struct nl_msg *msg;

	msg = request_by_uuid(nl, KBNG_CMD_SESSION_ACK, uuid, NULL, 0);
	return kbng_nl_transact(nl, msg, NULL, NULL);
}
