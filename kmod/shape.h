/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_SHAPE_H
#define _KBNG_SHAPE_H

#include "session.h"
#include "stats.h"

struct net_device;
struct sk_buff;

/**
 * struct kbng_shape_out - where a packet leaves, looked up once for it
 * @held: the device has a queue that keeps packets until their time
 * @max_delay: ns that a packet may wait
 */
struct kbng_shape_out {
	bool held;
	u64 max_delay;
};

bool kbng_shape_held(const struct net_device *dev, enum kbng_shaper_mode mode);
enum kbng_stat kbng_shape_charge(struct kbng_session *s, enum kbng_dir dir,
				 struct sk_buff *skb,
				 const struct kbng_shape_out *out);
void kbng_shape_refund(struct kbng_session *s, enum kbng_dir dir,
		       const struct sk_buff *skb);

#endif /* _KBNG_SHAPE_H */
