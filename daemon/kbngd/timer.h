/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of what has a timer of the loop's in it: libuv needs the timer for a
 * moment longer.
 */
#ifndef KBNGD_TIMER_H
#define KBNGD_TIMER_H

#include <stdlib.h>
#include <uv.h>

static inline void timer_closed(uv_handle_t *handle)
{
	free(handle->data);
}

/* Close @timer, and free its data, from malloc(), that it is part of. */
static inline void timer_free(uv_timer_t *timer)
{
	uv_close((uv_handle_t *)timer, timer_closed);
}

#endif /* KBNGD_TIMER_H */
