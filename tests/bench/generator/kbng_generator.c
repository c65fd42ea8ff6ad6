// SPDX-License-Identifier: GPL-2.0
/*
 * A network card for benchmarks: makes packets and hands them to the stack as
 * a driver would, 64 at a time. Lines written to /proc/kbng_generator:
 *
 *	job NAME IN OUT up|down PACKETS EXPECT
 *			packets come in by the device IN, both in the writer's
 *			network namespace; EXPECT of them must leave by OUT
 *	run SUBSCRIBERS ROUNDS
 *			all jobs, one after the other, ROUNDS times
 *	clear		forget the jobs
 *
 * Reading it gives a line a job and round: NAME, direction, and ns a packet.
 *
 * Subscriber n, from 1, has the address 10.1.0.0 + n and the MAC 02:00:00 and n.
 * Subscribers are visited in random order, the same in every run, and speak
 * with 4096 hosts of 198.18.0.0/16.
 *
 * pktgen will not do: it keeps a reference to each packet it sends, so that
 * whoever forwards it has to copy it first.
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/proc_fs.h>
#include <linux/random.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <linux/udp.h>
#include <linux/vmalloc.h>
#include <net/ip.h>
#include <net/net_namespace.h>

#define GEN_BATCH	64
#define GEN_PAYLOAD	18		/* of the shortest Ethernet frame */
#define GEN_REMOTES	4096
#define GEN_SUBSCRIBERS	1000000

#define GEN_JOBS	32
#define GEN_ROUNDS	64

/**
 * struct gen_job - what is measured
 * @name: of the candidate
 * @up: packets come from subscribers
 * @in: where they arrive
 * @out: where they leave
 * @packets: a round
 * @expect: of these, how many leave
 * @result: ns, by round
 */
struct gen_job {
	char name[32];
	bool up;
	struct net_device *in;
	struct net_device *out;
	unsigned int packets;
	unsigned int expect;
	u64 result[GEN_ROUNDS];
};

static DEFINE_MUTEX(gen_lock);	/* protects the rest */
static struct gen_job gen_jobs[GEN_JOBS];
static unsigned int gen_n_jobs;
static unsigned int gen_rounds;
static u32 *gen_order;
static unsigned int gen_subscribers;

static struct sk_buff *gen_packet(const struct gen_job *job, unsigned int i)
{
	u32 n = gen_order[i % gen_subscribers];
	__be32 subscriber = htonl(0x0a010000 + n);
	__be32 remote = htonl(0xc6120000 + (i * 2654435761U >> 20) % GEN_REMOTES);
	struct sk_buff *skb;
	struct ethhdr *eth;
	struct udphdr *uh;
	struct iphdr *ip;

	skb = netdev_alloc_skb_ip_align(job->in, sizeof(*eth) + sizeof(*ip) +
					sizeof(*uh) + GEN_PAYLOAD);
	if (!skb)
		return NULL;
	eth = skb_put(skb, sizeof(*eth));
	ip = skb_put(skb, sizeof(*ip));
	uh = skb_put_zero(skb, sizeof(*uh) + GEN_PAYLOAD);

	ether_addr_copy(eth->h_dest, job->in->dev_addr);
	eth->h_source[0] = 2;
	eth->h_source[1] = 0;
	eth->h_source[2] = 0;
	eth->h_source[3] = n >> 16;
	eth->h_source[4] = n >> 8;
	eth->h_source[5] = n;
	eth->h_proto = htons(ETH_P_IP);
	*ip = (struct iphdr) {
		.version = 4,
		.ihl = 5,
		.tot_len = htons(sizeof(*ip) + sizeof(*uh) + GEN_PAYLOAD),
		.frag_off = htons(IP_DF),
		.ttl = 64,
		.protocol = IPPROTO_UDP,
		.saddr = job->up ? subscriber : remote,
		.daddr = job->up ? remote : subscriber,
	};
	ip_send_check(ip);
	uh->source = htons(9);
	uh->dest = htons(9);
	uh->len = htons(sizeof(*uh) + GEN_PAYLOAD);
	skb->protocol = eth_type_trans(skb, job->in);
	return skb;
}

static int gen_shuffle(unsigned int subscribers)
{
	struct rnd_state rnd;
	unsigned int i;

	vfree(gen_order);
	gen_order = vmalloc_array(subscribers, sizeof(*gen_order));
	if (!gen_order)
		return -ENOMEM;
	gen_subscribers = subscribers;
	prandom_seed_state(&rnd, 1);
	for (i = 0; i < subscribers; i++) {
		u32 j = prandom_u32_state(&rnd) % (i + 1);

		gen_order[i] = gen_order[j];
		gen_order[j] = i + 1;
	}
	return 0;
}

static u64 gen_sent(const struct gen_job *job)
{
	struct rtnl_link_stats64 stats;

	return dev_get_stats(job->out, &stats)->tx_packets;
}

static int gen_measure(struct gen_job *job, unsigned int round)
{
	u64 before = gen_sent(job);
	unsigned int done = 0;
	struct sk_buff *skb;
	ktime_t start;

	start = ktime_get();
	while (done < job->packets) {
		unsigned int end = min(done + GEN_BATCH, job->packets);

		local_bh_disable();
		for (; done < end; done++) {
			skb = gen_packet(job, done);
			if (!skb) {
				local_bh_enable();
				return -ENOMEM;
			}
			netif_receive_skb(skb);
		}
		local_bh_enable();
		cond_resched();
	}
	job->result[round] = ktime_to_ns(ktime_sub(ktime_get(), start));
	if (gen_sent(job) - before == job->expect)
		return 0;
	pr_err("%s %s: %llu of %u packets came out\n", job->name,
	       job->up ? "up" : "down", gen_sent(job) - before, job->expect);
	return -EIO;
}

static int gen_run(unsigned int subscribers, unsigned int rounds)
{
	unsigned int round;
	unsigned int i;
	int err;

	if (!subscribers || subscribers > GEN_SUBSCRIBERS ||
	    rounds > GEN_ROUNDS)
		return -EINVAL;
	err = gen_shuffle(subscribers);
	gen_rounds = rounds;
	for (round = 0; round < rounds && !err; round++)
		for (i = 0; i < gen_n_jobs && !err; i++)
			err = gen_measure(&gen_jobs[i], round);
	return err;
}

static void gen_clear(void)
{
	while (gen_n_jobs--) {
		dev_put(gen_jobs[gen_n_jobs].in);
		dev_put(gen_jobs[gen_n_jobs].out);
	}
	gen_n_jobs = 0;
	gen_rounds = 0;
}

static int gen_add(const char *line)
{
	struct net *net = current->nsproxy->net_ns;
	struct gen_job *job = &gen_jobs[gen_n_jobs];
	char out[IFNAMSIZ];
	char in[IFNAMSIZ];
	char direction[5];

	if (gen_n_jobs == GEN_JOBS ||
	    sscanf(line, "job %31s %15s %15s %4s %u %u", job->name, in, out,
		   direction, &job->packets, &job->expect) != 6 ||
	    !job->packets)
		return -EINVAL;
	job->up = !strcmp(direction, "up");
	job->in = dev_get_by_name(net, in);
	job->out = dev_get_by_name(net, out);
	if (job->in && job->out) {
		gen_n_jobs++;
		return 0;
	}
	dev_put(job->in);
	dev_put(job->out);
	return -ENODEV;
}

static ssize_t gen_write(struct file *file, const char __user *buf,
			 size_t len, loff_t *pos)
{
	unsigned int subscribers;
	unsigned int rounds;
	char line[128];
	int err;

	if (len >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, len))
		return -EFAULT;
	line[len] = '\0';
	mutex_lock(&gen_lock);
	if (sscanf(line, "run %u %u", &subscribers, &rounds) == 2) {
		err = gen_run(subscribers, rounds);
	} else if (!strncmp(line, "clear", 5)) {
		gen_clear();
		err = 0;
	} else {
		err = gen_add(line);
	}
	mutex_unlock(&gen_lock);
	return err ?: len;
}

static int gen_show(struct seq_file *m, void *v)
{
	const struct gen_job *job;
	unsigned int round;
	u64 tenths;

	mutex_lock(&gen_lock);
	for (job = gen_jobs; job < gen_jobs + gen_n_jobs; job++)
		for (round = 0; round < gen_rounds; round++) {
			tenths = div_u64(10 * job->result[round], job->packets);
			seq_printf(m, "%s %s %llu.%llu\n", job->name,
				   job->up ? "up" : "down", tenths / 10,
				   tenths % 10);
		}
	mutex_unlock(&gen_lock);
	return 0;
}

static int gen_open(struct inode *inode, struct file *file)
{
	return single_open(file, gen_show, NULL);
}

static const struct proc_ops gen_ops = {
	.proc_open = gen_open,
	.proc_read = seq_read,
	.proc_write = gen_write,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

static int __init gen_init(void)
{
	return proc_create("kbng_generator", 0600, NULL, &gen_ops) ? 0 : -ENOMEM;
}

static void __exit gen_exit(void)
{
	remove_proc_entry("kbng_generator", NULL);
	gen_clear();
	vfree(gen_order);
}

module_init(gen_init);
module_exit(gen_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Packet generator of kbng's benchmarks");
