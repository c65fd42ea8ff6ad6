// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: a hostile answer from a RADIUS server, as it came and with the
 * authenticators that a server which knows the secret would give it.
 */
#include <stdlib.h>
#include "../../daemon/kbngd/packet.c"

#define FUZZ_SECRET	"s"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Make the Response Authenticator right, and the signature if there is one. */
static void fuzz_sign(const uint8_t *request, uint8_t *answer, size_t len)
{
	size_t signature;

	memcpy(answer + AUTHENTICATOR, request + AUTHENTICATOR, DIGEST);
	if (packet_walk(answer, len, &signature) && signature) {
		memset(answer + signature, 0, DIGEST);
		packet_sign(answer, len, FUZZ_SECRET, answer + signature);
	}
	packet_digest(answer, len, FUZZ_SECRET, answer + AUTHENTICATOR);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t request[PACKET_MAX];
	enum packet_verdict v;
	uint8_t *answer;

	if (!request[0])
		packet_encode(request, PW_ACCESS_REQUEST, 1, NULL, FUZZ_SECRET);
	if (size > PACKET_MAX)
		return 0;
	answer = malloc(size ? size : 1);
	memcpy(answer, data, size);
	if (packet_verify(request, answer, size, FUZZ_SECRET, false) ==
	    PACKET_GENUINE)
		abort();	/* the fuzzer has guessed a digest */
	if (size >= PACKET_HEADER) {
		answer[1] = request[1];
		answer[2] = size >> 8;
		answer[3] = size;
		fuzz_sign(request, answer, size);
		v = packet_verify(request, answer, size, FUZZ_SECRET, false);
		if (v != PACKET_GENUINE && v != PACKET_MALFORMED)
			abort();
	}
	free(answer);
	return 0;
}
