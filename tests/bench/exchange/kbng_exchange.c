// SPDX-License-Identifier: GPL-2.0
/*
 * Clients and a server of DHCP for benchmarks, as two network cards: `clients`
 * and `server`. What is sent by one of them is answered at once by what comes in
 * by it. Client n has the MAC address 02:00:00 and n, and gets the address
 * 10.1.0.0 + n; the server has no address of its own to check.
 *
 *	write "COUNT WINDOW"	clients 1 to COUNT do a four-way exchange each, WINDOW
 *				of them at a time (RFC 2131 3.1)
 *	read			exchanges a second of the newest run
 */
#include <linux/completion.h>
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/proc_fs.h>
#include <linux/rtnetlink.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/net_namespace.h>

#define EX_BODY		240		/* fixed fields and magic cookie */
#define EX_PAYLOAD	300
#define EX_CLIENTS	65535
#define EX_SECONDS	300

#define EX_OFF_XID	4
#define EX_OFF_YIADDR	16
#define EX_OFF_CHADDR	28
#define EX_OFF_OPTIONS	EX_BODY

enum ex_type {
	EX_DISCOVER = 1,
	EX_OFFER,
	EX_REQUEST,
	EX_ACK = 5,
};

static const u8 ex_cookie[] = { 0x63, 0x82, 0x53, 0x63 };

static struct net_device *ex_clients;
static struct net_device *ex_server;
static DEFINE_MUTEX(ex_lock);		/* one run at a time */
static DECLARE_COMPLETION(ex_done);
static unsigned int ex_count;
static atomic_t ex_begun;
static atomic_t ex_bound;
static u64 ex_ns;

/* Ethernet, IP and UDP, and @len octets behind them, zero. */
static struct sk_buff *ex_packet(struct net_device *dev, const u8 *source,
				 const u8 *to, __be32 saddr, __be32 daddr,
				 u16 sport, u16 dport, unsigned int len)
{
	struct sk_buff *skb;
	struct ethhdr *eth;
	struct udphdr *uh;
	struct iphdr *ip;

	skb = netdev_alloc_skb_ip_align(dev, sizeof(*eth) + sizeof(*ip) +
					sizeof(*uh) + len);
	if (!skb)
		return NULL;
	eth = skb_put(skb, sizeof(*eth));
	ether_addr_copy(eth->h_dest, to);
	ether_addr_copy(eth->h_source, source);
	eth->h_proto = htons(ETH_P_IP);
	ip = skb_put(skb, sizeof(*ip));
	*ip = (struct iphdr) {
		.version = 4,
		.ihl = 5,
		.tot_len = htons(sizeof(*ip) + sizeof(*uh) + len),
		.ttl = 64,
		.protocol = IPPROTO_UDP,
		.saddr = saddr,
		.daddr = daddr,
	};
	ip_send_check(ip);
	uh = skb_put(skb, sizeof(*uh));
	*uh = (struct udphdr) {
		.source = htons(sport),
		.dest = htons(dport),
		.len = htons(sizeof(*uh) + len),
	};
	skb_put_zero(skb, len);
	skb->protocol = eth_type_trans(skb, dev);
	return skb;
}

static u8 *ex_body(struct sk_buff *skb)
{
	return skb->data + sizeof(struct iphdr) + sizeof(struct udphdr);
}

/* A client's message; with the address that it was offered, if any. */
static void ex_ask(enum ex_type type, u32 n, __be32 offered)
{
	const u8 mac[ETH_ALEN] = { 2, 0, 0, n >> 16, n >> 8, n };
	struct sk_buff *skb;
	__be32 xid = htonl(n);
	u8 *body;
	u8 *opt;

	skb = ex_packet(ex_clients, mac, ex_clients->broadcast, 0,
			htonl(INADDR_BROADCAST), 68, 67, EX_PAYLOAD);
	if (!skb)
		return;
	body = ex_body(skb);
	body[0] = 1;
	body[1] = 1;
	body[2] = ETH_ALEN;
	memcpy(body + EX_OFF_XID, &xid, sizeof(xid));
	memcpy(body + EX_OFF_CHADDR, mac, ETH_ALEN);
	memcpy(body + EX_BODY - sizeof(ex_cookie), ex_cookie,
	       sizeof(ex_cookie));
	opt = body + EX_OFF_OPTIONS;
	*opt++ = 53;
	*opt++ = 1;
	*opt++ = type;
	if (offered) {
		*opt++ = 50;
		*opt++ = sizeof(offered);
		memcpy(opt, &offered, sizeof(offered));
		opt += sizeof(offered);
	}
	*opt = 255;
	netif_rx(skb);
}

static void ex_begin(void)
{
	unsigned int n = atomic_inc_return(&ex_begun);

	if (n <= READ_ONCE(ex_count))
		ex_ask(EX_DISCOVER, n, 0);
}

/* Where the type is: the first option in all that is sent here. */
static u8 ex_type(const u8 *body)
{
	return body[EX_OFF_OPTIONS + 2];
}

/* The message itself becomes its answer: its options, 82 among them, stay. */
static netdev_tx_t ex_server_xmit(struct sk_buff *skb, struct net_device *dev)
{
	static const u8 mac[ETH_ALEN] = { 2, 0xff, 0, 0, 0, 1 };
	static const u8 lease[] = { 51, 4, 0, 1, 0x51, 0x80 };
	const unsigned int headers = sizeof(struct ethhdr) +
		sizeof(struct iphdr) + sizeof(struct udphdr);
	const struct iphdr *ip;
	struct sk_buff *answer;
	unsigned int len;
	__be32 yiaddr;
	u8 *body;

	if (skb_linearize(skb) || skb->protocol != htons(ETH_P_IP) ||
	    skb->len < headers + EX_PAYLOAD)
		goto out_free;
	ip = ip_hdr(skb);
	len = skb->len - headers;
	answer = ex_packet(dev, mac, dev->dev_addr, ip->daddr, ip->saddr, 67,
			   67, len + sizeof(lease));
	if (!answer)
		goto out_free;
	body = ex_body(answer);
	memcpy(body, skb->data + headers, EX_OFF_OPTIONS + 3);
	memcpy(body + EX_OFF_OPTIONS + 3, lease, sizeof(lease));
	memcpy(body + EX_OFF_OPTIONS + 3 + sizeof(lease),
	       skb->data + headers + EX_OFF_OPTIONS + 3,
	       len - EX_OFF_OPTIONS - 3);
	body[0] = 2;
	body[EX_OFF_OPTIONS + 2] =
		ex_type(body) == EX_DISCOVER ? EX_OFFER : EX_ACK;
	yiaddr = htonl(0x0a010000 + (body[EX_OFF_CHADDR + 3] << 16 |
				     body[EX_OFF_CHADDR + 4] << 8 |
				     body[EX_OFF_CHADDR + 5]));
	memcpy(body + EX_OFF_YIADDR, &yiaddr, sizeof(yiaddr));
	netif_rx(answer);
out_free:
	dev_kfree_skb(skb);
	return NETDEV_TX_OK;
}

static netdev_tx_t ex_clients_xmit(struct sk_buff *skb, struct net_device *dev)
{
	const unsigned int headers = sizeof(struct ethhdr) +
		sizeof(struct iphdr) + sizeof(struct udphdr);
	const u8 *body;
	__be32 yiaddr;
	u32 n;

	if (skb_linearize(skb) || skb->protocol != htons(ETH_P_IP) ||
	    skb->len < headers + EX_PAYLOAD)
		goto out_free;
	body = skb->data + headers;
	n = body[EX_OFF_CHADDR + 3] << 16 | body[EX_OFF_CHADDR + 4] << 8 |
	    body[EX_OFF_CHADDR + 5];
	memcpy(&yiaddr, body + EX_OFF_YIADDR, sizeof(yiaddr));
	if (ex_type(body) == EX_OFFER) {
		ex_ask(EX_REQUEST, n, yiaddr);
	} else if (ex_type(body) == EX_ACK) {
		if (atomic_inc_return(&ex_bound) == READ_ONCE(ex_count))
			complete(&ex_done);
		else
			ex_begin();
	}
out_free:
	dev_kfree_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops ex_clients_ops = {
	.ndo_start_xmit = ex_clients_xmit,
};

static const struct net_device_ops ex_server_ops = {
	.ndo_start_xmit = ex_server_xmit,
};

static int ex_run(unsigned int count, unsigned int window)
{
	ktime_t start;
	unsigned int i;

	if (!count || count > EX_CLIENTS || !window || window > count)
		return -EINVAL;
	WRITE_ONCE(ex_count, count);
	atomic_set(&ex_begun, 0);
	atomic_set(&ex_bound, 0);
	reinit_completion(&ex_done);
	start = ktime_get();
	for (i = 0; i < window; i++)
		ex_begin();
	if (!wait_for_completion_timeout(&ex_done, EX_SECONDS * HZ)) {
		pr_err("%d of %u clients have an address\n",
		       atomic_read(&ex_bound), count);
		return -ETIMEDOUT;
	}
	ex_ns = ktime_to_ns(ktime_sub(ktime_get(), start));
	return 0;
}

static ssize_t ex_write(struct file *file, const char __user *buf, size_t len,
			loff_t *pos)
{
	unsigned int window;
	unsigned int count;
	char line[64];
	int err;

	if (len >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, len))
		return -EFAULT;
	line[len] = '\0';
	if (sscanf(line, "%u %u", &count, &window) != 2)
		return -EINVAL;
	mutex_lock(&ex_lock);
	err = ex_run(count, window);
	mutex_unlock(&ex_lock);
	return err ?: len;
}

static int ex_show(struct seq_file *m, void *v)
{
	if (ex_ns)
		seq_printf(m, "%llu\n",
			   div64_u64((u64)ex_count * NSEC_PER_SEC, ex_ns));
	return 0;
}

static int ex_open(struct inode *inode, struct file *file)
{
	return single_open(file, ex_show, NULL);
}

static const struct proc_ops ex_ops = {
	.proc_open = ex_open,
	.proc_read = seq_read,
	.proc_write = ex_write,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

static struct net_device *ex_create(const char *name,
				    const struct net_device_ops *ops)
{
	struct net_device *dev;

	dev = alloc_netdev(0, name, NET_NAME_USER, ether_setup);
	if (!dev)
		return NULL;
	dev->netdev_ops = ops;
	dev->flags |= IFF_NOARP;
	dev->priv_flags |= IFF_NO_QUEUE;
	eth_hw_addr_random(dev);
	if (!register_netdev(dev))
		return dev;
	free_netdev(dev);
	return NULL;
}

static void ex_destroy(struct net_device *dev)
{
	if (!dev)
		return;
	unregister_netdev(dev);
	free_netdev(dev);
}

static int __init ex_init(void)
{
	ex_clients = ex_create("clients", &ex_clients_ops);
	ex_server = ex_create("server", &ex_server_ops);
	if (ex_clients && ex_server &&
	    proc_create("kbng_exchange", 0600, NULL, &ex_ops))
		return 0;
	ex_destroy(ex_clients);
	ex_destroy(ex_server);
	return -ENOMEM;
}

static void __exit ex_exit(void)
{
	remove_proc_entry("kbng_exchange", NULL);
	ex_destroy(ex_clients);
	ex_destroy(ex_server);
}

module_init(ex_init);
module_exit(ex_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("DHCP clients and server of kbng's benchmarks");
