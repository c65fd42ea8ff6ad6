// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <time.h>

#include "acct.h"
#include "lib/fmt.h"
#include "lib/log.h"
#include "lib/parse.h"
#include "nas.h"
#include "outbox.h"

#define NOTE	"acct_on"		/* the instance that had its On */

static int nas_put(struct kbngd *k, enum journal_status status,
		   const uint8_t *instance)
{
	char uuid[KBNG_UUID_TEXT] = "";
	struct journal_record record;

	if (acct_nas_record(k, status, instance, time(NULL), &record))
		return -1;
	if (status == JOURNAL_ON)
		kbng_fmt_uuid(uuid, sizeof(uuid), instance);
	journal_begin(k->journal);
	journal_record_put(k->journal, &record, 0);
	journal_note_set(k->journal, NOTE, uuid);
	if (journal_commit(k->journal) || journal_flush(k->journal))
		return -1;
	outbox_kick(k->outbox);
	return 0;
}

static int nas_instance(struct kbngd *k, struct kbng_module_info *info)
{
	if (!kbng_nl_stats(k->nl, 0, info, NULL, NULL))
		return 0;
	kbng_error("%s", kbng_nl_error(k->nl));
	return -1;
}

int nas_goes_on(struct kbngd *k, const uint8_t *before)
{
	char uuid[KBNG_UUID_TEXT], noted[KBNG_UUID_TEXT];
	struct kbng_module_info info;

	kbng_fmt_uuid(uuid, sizeof(uuid), before);
	journal_note_get(k->journal, NOTE, noted, sizeof(noted));
	if (strcmp(uuid, noted))
		return 0;
	if (nas_instance(k, &info))
		return -1;
	journal_begin(k->journal);
	journal_note_set(k->journal, NOTE, kbng_fmt_uuid(uuid, sizeof(uuid),
							 info.instance));
	return journal_commit(k->journal);
}

int nas_open(struct kbngd *k)
{
	char uuid[KBNG_UUID_TEXT], noted[KBNG_UUID_TEXT];
	struct kbng_module_info info;

	if (!k->outbox)
		return 0;
	if (nas_instance(k, &info))
		return -1;
	kbng_fmt_uuid(uuid, sizeof(uuid), info.instance);
	journal_note_get(k->journal, NOTE, noted, sizeof(noted));
	return strcmp(uuid, noted) ? nas_put(k, JOURNAL_ON, info.instance) : 0;
}

void nas_off(struct kbngd *k)
{
	uint8_t instance[KBNG_UUID_LEN];
	char noted[KBNG_UUID_TEXT];

	if (!k->outbox)
		return;
	journal_note_get(k->journal, NOTE, noted, sizeof(noted));
	if (!kbng_parse_uuid(noted, instance) ||
	    nas_put(k, JOURNAL_OFF, instance))
		return;
	outbox_send_last(k->outbox);
	if (journal_records(k->journal)->total)
		kbng_warning("no server has taken Accounting-Off yet: it waits in the journal");
}
