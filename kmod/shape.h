/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_SHAPE_H
#define _KBNG_SHAPE_H

#include "host.h"
#include "stats.h"

struct kbng_iface;
struct net_device;
struct sk_buff;

/**
 * struct kbng_shape_out - where packets leave, looked up once for several
 * @dev: the device
 * @iface: its iface, or NULL
 * @now: ns, when
 * @max_delay: ns that a packet may wait
 * @target: ns that packets may wait for long
 * @fq: the device's queue is fq, as root or below mq
 * @held: some queue keeps packets until their time
 */
struct kbng_shape_out {
	struct net_device *dev;
	struct kbng_iface *iface;
	u64 now;
	u64 max_delay;
	u64 target;
	bool fq;
	bool held;
};

bool kbng_shape_held(const struct net_device *dev, enum kbng_shaper_mode mode);
void kbng_shape_out(struct kbng_shape_out *out);
struct sk_buff *kbng_shape_split(const struct kbng_host *host,
				 enum kbng_dir dir, struct sk_buff *skb,
				 const struct kbng_shape_out *out);
enum kbng_stat kbng_shape_charge(struct kbng_host *host, enum kbng_dir dir,
				 struct sk_buff *skb,
				 const struct kbng_shape_out *out,
				 bool *straight);
void kbng_shape_refund(struct kbng_host *host, enum kbng_dir dir,
		       struct sk_buff *skb);

#endif /* _KBNG_SHAPE_H */
