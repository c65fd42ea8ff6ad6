// SPDX-License-Identifier: GPL-2.0-or-later
/* The answer to a question over HTTP. */
#include "../../daemon/kbngd/http.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	size_t len = size;

	if (!http_answer(&text, &len) &&
	    (text <= (const char *)data || text > (const char *)data + size ||
	     len > (size_t)((const char *)data + size - text)))
		abort();
	return 0;
}
