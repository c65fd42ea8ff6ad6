// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * genl - say to family kbng what no honest client would, on a plain socket
 *
 *   genl [-d] COMMAND [ATTRIBUTE...]	a request, -d for a dump
 *   genl -j GROUP			join a multicast group
 *   genl -n COUNT SEED			random requests, well-framed only
 *
 * COMMAND and attribute types are numbers. An ATTRIBUTE is TYPE=u32:N,
 * TYPE=u64:N, TYPE=hex:DIGITS, TYPE=text:STRING; TYPE{ begins a nest and }
 * ends it. Prints "ok" and how many messages came back, or the errno's name
 * and the kernel's text; exits 1 if refused.
 */
#include <err.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FAMILY	"kbng"

/** struct message - a request being written */
struct message {
	union {
		struct nlmsghdr nlh;
		uint8_t buf[16384];
	};
};

/** struct family - what the kernel calls it */
struct family {
	uint16_t id;
	const char *group;	/* wanted */
	uint32_t group_id;
};

static void put(struct message *m, const void *data, size_t len)
{
	size_t room = NLMSG_ALIGN(len);

	if (m->nlh.nlmsg_len + room > sizeof(m->buf))
		errx(2, "the request is too long");
	memset(m->buf + m->nlh.nlmsg_len, 0, room);
	memcpy(m->buf + m->nlh.nlmsg_len, data, len);
	m->nlh.nlmsg_len += room;
}

static void put_attr(struct message *m, uint16_t type, const void *data, size_t len)
{
	struct nlattr nla = { .nla_len = NLA_HDRLEN + len, .nla_type = type };

	put(m, &nla, sizeof(nla));
	put(m, data, len);
}

static void begin(struct message *m, uint16_t type, uint16_t flags, uint8_t cmd)
{
	struct genlmsghdr genl = { .cmd = cmd, .version = 1 };

	memset(m, 0, NLMSG_HDRLEN);
	m->nlh = (struct nlmsghdr){
		.nlmsg_len = NLMSG_HDRLEN, .nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST | flags, .nlmsg_seq = 1,
	};
	put(m, &genl, sizeof(genl));
}

static size_t unhex(const char *text, uint8_t *out, size_t max)
{
	size_t n = 0;

	for (; text[0] && text[1]; text += 2) {
		char digits[3] = { text[0], text[1] };

		if (n == max)
			errx(2, "too many digits");
		out[n++] = strtoul(digits, NULL, 16);
	}
	return n;
}

/* TYPE=KIND:VALUE */
static void put_word(struct message *m, const char *word)
{
	uint8_t data[8192];
	uint64_t u64;
	uint32_t u32;
	char *value;
	long type = strtol(word, &value, 0);

	if (!strncmp(value, "=u32:", 5)) {
		u32 = strtoul(value + 5, NULL, 0);
		put_attr(m, type, &u32, sizeof(u32));
	} else if (!strncmp(value, "=u64:", 5)) {
		u64 = strtoull(value + 5, NULL, 0);
		put_attr(m, type, &u64, sizeof(u64));
	} else if (!strncmp(value, "=hex:", 5)) {
		put_attr(m, type, data, unhex(value + 5, data, sizeof(data)));
	} else if (!strncmp(value, "=text:", 6)) {
		put_attr(m, type, value + 6, strlen(value + 6) + 1);
	} else {
		errx(2, "not an attribute: %s", word);
	}
}

static void put_words(struct message *m, char **words)
{
	uint32_t open[8];
	int depth = 0;

	for (; *words; words++) {
		size_t len = strlen(*words);

		if (!strcmp(*words, "}")) {
			if (!depth--)
				errx(2, "} without {");
			((struct nlattr *)(m->buf + open[depth]))->nla_len =
				m->nlh.nlmsg_len - open[depth];
		} else if ((*words)[len - 1] == '{') {
			if (depth == 8)
				errx(2, "too many {");
			open[depth++] = m->nlh.nlmsg_len;
			put_attr(m, atoi(*words) | NLA_F_NESTED, NULL, 0);
		} else {
			put_word(m, *words);
		}
	}
	if (depth)
		errx(2, "{ without }");
}

static const struct nlattr *find(const void *start, size_t len, uint16_t type)
{
	const uint8_t *p = start, *end = p + len;

	while (end - p >= NLA_HDRLEN) {
		const struct nlattr *nla = (const struct nlattr *)p;

		if (nla->nla_len < NLA_HDRLEN || nla->nla_len > end - p)
			break;
		if ((nla->nla_type & NLA_TYPE_MASK) == type)
			return nla;
		p += NLA_ALIGN(nla->nla_len);
	}
	return NULL;
}

static void *data_of(const struct nlattr *nla)
{
	return (uint8_t *)nla + NLA_HDRLEN;
}

/* Print what an error or the end of a dump says; the exit status. */
static int verdict(const struct nlmsghdr *nlh, int replies)
{
	const int *error = NLMSG_DATA(nlh);
	size_t fixed = nlh->nlmsg_type == NLMSG_DONE ? sizeof(int) :
						       sizeof(struct nlmsgerr);
	const struct nlattr *text = NULL;

	if (!*error) {
		printf("ok %d\n", replies);
		return 0;
	}
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		text = find((uint8_t *)NLMSG_DATA(nlh) + fixed,
			    nlh->nlmsg_len - NLMSG_HDRLEN - fixed, NLMSGERR_ATTR_MSG);
	printf("%s %s\n", strerrorname_np(-*error),
	       text ? (const char *)data_of(text) : "");
	return 1;
}

static void learn(struct family *f, const struct nlmsghdr *nlh)
{
	const uint8_t *attrs = (uint8_t *)NLMSG_DATA(nlh) + GENL_HDRLEN;
	size_t len = nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	const struct nlattr *nla = find(attrs, len, CTRL_ATTR_FAMILY_ID);

	if (nla)
		f->id = *(uint16_t *)data_of(nla);
	nla = find(attrs, len, CTRL_ATTR_MCAST_GROUPS);
	for (int i = 1; nla && f->group; i++) {
		const struct nlattr *group = find(data_of(nla), nla->nla_len - NLA_HDRLEN, i);
		const struct nlattr *name;

		if (!group)
			return;
		name = find(data_of(group), group->nla_len - NLA_HDRLEN,
			    CTRL_ATTR_MCAST_GRP_NAME);
		if (name && !strcmp(data_of(name), f->group))
			f->group_id = *(uint32_t *)data_of(
				find(data_of(group), group->nla_len - NLA_HDRLEN,
				     CTRL_ATTR_MCAST_GRP_ID));
	}
}

/* Send @m and read until it is answered; what it says is learnt if @f. */
static int talk(int fd, const struct message *m, struct family *f)
{
	static uint8_t buf[65536] __attribute__((aligned(8)));
	int replies = 0;

	if (send(fd, m->buf, m->nlh.nlmsg_len, 0) < 0)
		err(1, "send");
	for (;;) {
		ssize_t len = recv(fd, buf, sizeof(buf), 0);
		const struct nlmsghdr *nlh = (struct nlmsghdr *)buf;

		if (len < 0)
			err(1, "recv");
		for (; NLMSG_OK(nlh, (size_t)len); nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_type == NLMSG_ERROR && f)
				return ((struct nlmsgerr *)NLMSG_DATA(nlh))->error;
			if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE)
				return verdict(nlh, replies);
			replies++;
			if (f)
				learn(f, nlh);
		}
	}
}

/* Random attributes, nests among them: small numbers, which may mean something. */
static void put_noise(struct message *m, int depth)
{
	for (int n = random() % 6; n; n--) {
		uint32_t at = m->nlh.nlmsg_len;
		uint8_t data[80];
		size_t len = random() % 3 ? 4 : random() % sizeof(data);

		for (size_t i = 0; i < len; i++)
			data[i] = random();
		if (len == 4 && random() % 2)
			memcpy(data, &(uint32_t){ random() % 8 }, 4);
		if (depth && random() % 2) {
			put_attr(m, (random() % 8) | NLA_F_NESTED, NULL, 0);
			put_noise(m, depth - 1);
			((struct nlattr *)(m->buf + at))->nla_len =
				m->nlh.nlmsg_len - at;
		} else {
			put_attr(m, random() % 24, data, len);
		}
	}
}

int main(int argc, char **argv)
{
	static struct message m;
	struct family f = { 0 };
	uint16_t flags = NLM_F_ACK;
	long noise = 0;
	int on = 1;
	int c, fd;

	while ((c = getopt(argc, argv, "+dj:n:")) != -1) {
		if (c == 'd')
			flags = NLM_F_DUMP;
		else if (c == 'n')
			noise = atol(optarg);
		else if (c == 'j')
			f.group = optarg;
		else
			return 2;
	}
	if (!f.group && optind == argc)
		errx(2, "usage: genl [-d] COMMAND [ATTRIBUTE...] | -j GROUP | -n COUNT SEED");

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (fd < 0 ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)))
		err(1, "netlink socket");
	begin(&m, GENL_ID_CTRL, NLM_F_ACK, CTRL_CMD_GETFAMILY);
	put_attr(&m, CTRL_ATTR_FAMILY_NAME, FAMILY, sizeof(FAMILY));
	c = talk(fd, &m, &f);
	if (c)
		errx(1, "family " FAMILY ": %s", strerrorname_np(-c));

	if (f.group) {
		if (!f.group_id)
			errx(1, "no group %s", f.group);
		if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
			       &f.group_id, sizeof(f.group_id))) {
			printf("%s\n", strerrorname_np(errno));
			return 1;
		}
		puts("ok");
		return 0;
	}
	for (srandom(atoi(argv[optind])); noise; noise--) {
		begin(&m, f.id, random() % 4 ? NLM_F_ACK : NLM_F_DUMP, random() % 24);
		put_noise(&m, 2);
		talk(fd, &m, NULL);
		if (noise == 1)
			return 0;
	}
	begin(&m, f.id, flags, atoi(argv[optind]));
	put_words(&m, argv + optind + 1);
	return talk(fd, &m, NULL);
}
