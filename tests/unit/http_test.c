// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "kbngd/http.h"

static void asks(const char *host, const char *user, const char *password,
		 const char *expected)
{
	char *request = http_request(host, 8000, user, password, "{}");

	assert_non_null(request);
	assert_string_equal(request, expected);
	free(request);
}

static void test_request(void **state)
{
	(void)state;
	asks("192.0.2.2", NULL, NULL,
	     "POST / HTTP/1.0\r\nHost: 192.0.2.2:8000\r\n"
	     "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
	/* RFC 7617 2 */
	asks("2001:db8::1", "Aladdin", "open sesame",
	     "POST / HTTP/1.0\r\nHost: [2001:db8::1]:8000\r\n"
	     "Content-Type: application/json\r\nContent-Length: 2\r\n"
	     "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n{}");
}

/* Its body, or why there is none. */
static void answers(const char *text, const char *body, const char *why)
{
	size_t len = strlen(text);
	char *exact = malloc(len + !len);	/* ASan looks at its end */
	const char *at = exact, *got;

	assert_non_null(exact);
	memcpy(exact, text, len);
	got = http_answer(&at, &len);
	if (why) {
		assert_string_equal(got, why);
	} else {
		assert_null(got);
		assert_int_equal(len, strlen(body));
		assert_memory_equal(at, body, len);
	}
	free(exact);
}

static void test_answer(void **state)
{
	(void)state;
	answers("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nDate: x\r\n\r\n[{}]",
		"[{}]", NULL);
	answers("HTTP/1.0 200 OK\ncontent-length:4\n\n[{}]more", "[{}]", NULL);
	answers("HTTP/1.1 200 OK\r\n\r\nall of it", "all of it", NULL);
	answers("HTTP/1.1 200 OK\r\n\r\n", "", NULL);
}

static void test_refused(void **state)
{
	(void)state;
	answers("HTTP/1.1 401 Unauthorized\r\n\r\n{}", NULL,
		"HTTP status 401: see kea.user and kea.password_file");
	answers("HTTP/1.1 500 x\r\n\r\n{}", NULL, "HTTP status 500");
}

static void test_damaged(void **state)
{
	static const char cut[] = "the answer is cut short";
	static const char other[] = "the answer is not one of HTTP";
	static const char number[] = "the answer's Content-Length is no number";

	(void)state;
	answers("", NULL, other);
	answers("{}", NULL, other);
	answers("SSH-2.0-OpenSSH\r\n", NULL, other);
	answers("HTTP/1.1 200\r", NULL, other);
	answers("HTTP/2 200 OK\r\n\r\n", NULL, other);
	answers("HTTP/1.1 200 OK\r\n", NULL, cut);
	answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n[{}]", NULL, cut);
	answers("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999\r\n\r\n",
		NULL, cut);
	answers("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\n",
		NULL, number);
	answers("HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n", NULL, number);
	answers("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", NULL, number);
	answers("HTTP/1.1 200 OK\r\nContent-Length: 4x\r\n\r\n[{}]", NULL, number);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
