/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_SHAPE_H
#define _KBNG_SHAPE_H

#include "host.h"
#include "stats.h"

struct kbng_iface;
struct kbng_net;
struct net_device;
struct sk_buff;

/**
 * struct kbng_shape_out - where a packet leaves, looked up once for it
 * @iface: its iface, or NULL
 * @held: the device has a queue that keeps packets until their time
 * @straight: set when a packet was charged that has none of its flow in the
 *	queue before it, and may leave now
 * @max_delay: ns that a packet may wait
 */
struct kbng_shape_out {
	struct kbng_iface *iface;
	bool held;
	bool straight;
	u64 max_delay;
};

bool kbng_shape_has_fq(const struct net_device *dev);
bool kbng_shape_held(const struct net_device *dev, enum kbng_shaper_mode mode);
void kbng_shape_out(struct kbng_net *kn, const struct net_device *dev,
		    struct kbng_shape_out *out);
enum kbng_stat kbng_shape_charge(struct kbng_host *host, enum kbng_dir dir,
				 struct sk_buff *skb,
				 struct kbng_shape_out *out);
void kbng_shape_refund(struct kbng_host *host, enum kbng_dir dir,
		       const struct sk_buff *skb);

#endif /* _KBNG_SHAPE_H */
