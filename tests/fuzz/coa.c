// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: a CoA- or Disconnect-Request, first as anybody may send it, then
 * as a hostile server that knows the secret. The first octet chooses the code,
 * the rest are attributes; what they grant goes through policy.c too.
 */
#include <stdlib.h>
#include "../../daemon/kbngd/coa.c"
#include "../../daemon/kbngd/packet.c"
#include "../../daemon/kbngd/policy.c"

#define FUZZ_SECRET	"s"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* radcli's lookup, without its library. */
VALUE_PAIR *rc_avpair_get(VALUE_PAIR *vp, int attribute, int vendor)
{
	while (vp && vp->attribute != ((uint32_t)vendor << 16 | attribute))
		vp = vp->next;
	return vp;
}

static void fuzz_inside(const struct coa_octets *value, const uint8_t *packet,
			size_t len)
{
	if (value->data && (value->data < packet + PACKET_HEADER ||
			    value->data + value->len > packet + len))
		abort();
}

static void fuzz_parse(const uint8_t *packet, size_t len)
{
	static struct coa coa;
	struct kbng_policy policy = { .name = "before" };
	enum coa_error error;

	error = coa_parse(&coa, packet, policy_default_rates,
			  policy_default_rates_count);
	fuzz_inside(&coa.session_id, packet, len);
	fuzz_inside(&coa.user, packet, len);
	fuzz_inside(&coa.state, packet, len);
	if (coa.classes > COOKIE_CLASSES_MAX)
		abort();
	if (error)
		return;
	if (coa.disconnect && (coa.rates || coa.command || coa.classes))
		abort();
	policy_update(policy_default_rates, policy_default_rates_count,
		      coa.rates, &policy);
	if (policy.rate_up && policy.rate_up < KBNG_RATE_MIN)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t answer[PACKET_MAX];
	size_t len = PACKET_HEADER + size - 1, signature;
	uint8_t *packet;

	if (!size || len > PACKET_MAX)
		return 0;
	packet = malloc(len);		/* ends where the attributes do */
	memset(packet, 0, PACKET_HEADER);
	packet_put_header(packet, data[0] & 1 ? PACKET_COA_REQUEST :
						PACKET_DISCONNECT_REQUEST,
			  7, len);
	memcpy(packet + PACKET_HEADER, data + 1, size - 1);
	if (packet_verify_request(packet, len, FUZZ_SECRET, false) ==
	    PACKET_GENUINE)
		abort();		/* the fuzzer has guessed a digest */
	if (packet_walk(packet, len, &signature)) {
		if (signature) {
			memset(packet + signature, 0, DIGEST);
			packet_sign(packet, len, FUZZ_SECRET,
				    packet + signature);
		}
		packet_digest(packet, len, FUZZ_SECRET, answer);
		memcpy(packet + AUTHENTICATOR, answer, DIGEST);
		if (packet_verify_request(packet, len, FUZZ_SECRET, false) !=
		    PACKET_GENUINE)
			abort();
		fuzz_parse(packet, len);
		packet_answer(answer, PACKET_COA_ACK, packet,
			      packet + PACKET_HEADER, size - 1, FUZZ_SECRET);
	}
	free(packet);
	return 0;
}
