// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RADIUS over TLS, with a server on loopback that does what each test wants and
 * certificates that are made here.
 */
#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "kbngd/credentials.h"
#include "kbngd/exchange.h"

#define SECRET		"radsec"
#define CONNECTIONS	32

/* What the server does with a request. */
enum manner { GOOD, SILENT, SHORT, LONG, TRUNCATED, FORGED, GOODBYE };

static struct {
	int fd;
	gnutls_certificate_credentials_t credentials;
	atomic_int manner, connections, requests;
	bool wants_cert;
	const char *priority;		/* NULL: the default */
	pthread_t thread, serving[CONNECTIONS];
	int sockets[CONNECTIONS];
} server;

static struct config_tls tls;
static struct config_server config;
static struct exchange ex;
static char dir[] = "/tmp/kbng-radsec-XXXXXX";

/* --- Certificates ------------------------------------------------------- */

struct identity {
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;
};

static void write_pem(const char *name, const gnutls_datum_t *pem, mode_t mode)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(pem->data, 1, pem->size, file), pem->size);
	fclose(file);
	chmod(name, mode);
}

/*
 * NAME.pem and NAME.key for @days from yesterday, signed by @ca or, if that is
 * NULL, a CA of its own.
 */
static struct identity identity(const char *name, const char *dns,
				const struct identity *ca, int days)
{
	struct in_addr loopback = { htonl(INADDR_LOOPBACK) };
	time_t yesterday = time(NULL) - 86400;
	static uint8_t serial = 1;
	struct identity id;
	gnutls_datum_t pem;
	char file[64];

	gnutls_x509_privkey_init(&id.key);
	gnutls_x509_privkey_generate(id.key, GNUTLS_PK_ECDSA,
				     GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
				     0);
	gnutls_x509_crt_init(&id.crt);
	gnutls_x509_crt_set_version(id.crt, 3);
	gnutls_x509_crt_set_serial(id.crt, &serial, 1);
	serial++;
	gnutls_x509_crt_set_dn_by_oid(id.crt, GNUTLS_OID_X520_COMMON_NAME, 0,
				      name, strlen(name));
	gnutls_x509_crt_set_activation_time(id.crt, yesterday);
	gnutls_x509_crt_set_expiration_time(id.crt, yesterday + days * 86400 -
						    (days == 1 ? 60 : 0));
	gnutls_x509_crt_set_basic_constraints(id.crt, !ca, -1);
	if (!ca)
		gnutls_x509_crt_set_key_usage(id.crt, GNUTLS_KEY_KEY_CERT_SIGN);
	else if (dns)
		gnutls_x509_crt_set_subject_alt_name(id.crt, GNUTLS_SAN_DNSNAME,
						     dns, strlen(dns), 0);
	else
		gnutls_x509_crt_set_subject_alt_name(id.crt,
						     GNUTLS_SAN_IPADDRESS,
						     &loopback, 4, 0);
	gnutls_x509_crt_set_key(id.crt, id.key);
	assert_int_equal(gnutls_x509_crt_sign2(id.crt, ca ? ca->crt : id.crt,
					       ca ? ca->key : id.key,
					       GNUTLS_DIG_SHA256, 0), 0);
	gnutls_x509_crt_export2(id.crt, GNUTLS_X509_FMT_PEM, &pem);
	snprintf(file, sizeof(file), "%s.pem", name);
	write_pem(file, &pem, 0644);
	gnutls_free(pem.data);
	gnutls_x509_privkey_export2(id.key, GNUTLS_X509_FMT_PEM, &pem);
	snprintf(file, sizeof(file), "%s.key", name);
	write_pem(file, &pem, 0600);
	gnutls_free(pem.data);
	return id;
}

static void identity_free(struct identity id)
{
	gnutls_x509_crt_deinit(id.crt);
	gnutls_x509_privkey_deinit(id.key);
}

static int make_certificates(void **state)
{
	struct identity ca, other;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	ca = identity("ca", NULL, NULL, 10);
	other = identity("other", NULL, NULL, 10);
	identity_free(identity("server", NULL, &ca, 10));
	identity_free(identity("named", "radius.test", &ca, 10));
	identity_free(identity("expired", NULL, &ca, 1));
	identity_free(identity("client", "bng.test", &ca, 10));
	identity_free(ca);
	identity_free(other);
	return 0;
}

static int remove_certificates(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

/* --- The server --------------------------------------------------------- */

static bool octets(gnutls_session_t session, uint8_t *buf, size_t len)
{
	size_t got = 0;
	ssize_t n;

	while (got < len) {
		n = gnutls_record_recv(session, buf + got, len - got);
		if (n <= 0)
			return false;
		got += n;
	}
	return true;
}

/* Whether the connection goes on. */
static bool respond(gnutls_session_t session, const uint8_t *request)
{
	uint8_t answer[PACKET_MAX];
	int manner = server.manner;
	size_t len;

	len = packet_answer(answer, request[0] == PW_ACCESS_REQUEST ?
			    PW_ACCESS_ACCEPT : PW_ACCOUNTING_RESPONSE, request,
			    (const uint8_t *)"\x12\x04ok", 4,
			    manner == FORGED ? "another" : SECRET);
	if (manner == SILENT)
		return true;
	if (manner == SHORT)
		answer[3] = PACKET_HEADER - 1;
	if (manner == LONG)
		memcpy(answer + 2, "\x10\x01", 2);
	if (manner == TRUNCATED) {
		gnutls_record_send(session, answer, len - 1);
		return false;
	}
	/* In two records: what belongs together need not come together. */
	gnutls_record_send(session, answer, 7);
	gnutls_record_send(session, answer + 7, len - 7);
	return manner != GOODBYE;
}

static void *serve(void *arg)
{
	uint8_t request[PACKET_MAX];
	gnutls_session_t session;
	int fd = *(int *)arg, err;

	gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL);
	gnutls_priority_set_direct(session, server.priority ? server.priority :
				   "NORMAL", NULL);
	gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE,
			       server.credentials);
	if (server.wants_cert) {
		gnutls_certificate_server_set_request(session,
						      GNUTLS_CERT_REQUIRE);
		gnutls_session_set_verify_cert(session, NULL, 0);
	}
	gnutls_transport_set_int(session, fd);
	err = gnutls_handshake(session);
	if (err) {
		gnutls_alert_send_appropriate(session, err);
	} else {
		while (octets(session, request, PACKET_HEADER) &&
		       octets(session, request + PACKET_HEADER,
			      packet_length(request) - PACKET_HEADER)) {
			server.requests++;
			if (!respond(session, request))
				break;
		}
		gnutls_bye(session, GNUTLS_SHUT_WR);
	}
	gnutls_deinit(session);
	shutdown(fd, SHUT_RDWR);
	return NULL;
}

static void *listen_on(void *arg)
{
	int fd, n;

	(void)arg;
	while ((fd = accept(server.fd, NULL, NULL)) >= 0) {
		n = server.connections;
		server.sockets[n] = fd;
		pthread_create(&server.serving[n], NULL, serve,
			       &server.sockets[n]);
		server.connections++;
	}
	return NULL;
}

static void server_start(const char *name)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	char cert[64], key[64];
	socklen_t len = sizeof(sa);

	memset(&server, 0, sizeof(server));
	snprintf(cert, sizeof(cert), "%s.pem", name);
	snprintf(key, sizeof(key), "%s.key", name);
	gnutls_certificate_allocate_credentials(&server.credentials);
	assert_int_equal(gnutls_certificate_set_x509_key_file(
				server.credentials, cert, key,
				GNUTLS_X509_FMT_PEM), 0);
	gnutls_certificate_set_x509_trust_file(server.credentials, "ca.pem",
					       GNUTLS_X509_FMT_PEM);
	server.fd = socket(AF_INET, SOCK_STREAM, 0);
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(server.fd, (struct sockaddr *)&sa, len), 0);
	assert_int_equal(listen(server.fd, CONNECTIONS), 0);
	getsockname(server.fd, (struct sockaddr *)&sa, &len);
	config.port = ntohs(sa.sin_port);
	pthread_create(&server.thread, NULL, listen_on, NULL);
}

static void server_stop(void)
{
	int i;

	shutdown(server.fd, SHUT_RDWR);
	pthread_join(server.thread, NULL);
	for (i = 0; i < server.connections; i++) {
		shutdown(server.sockets[i], SHUT_RDWR);
		pthread_join(server.serving[i], NULL);
		close(server.sockets[i]);
	}
	close(server.fd);
	gnutls_certificate_free_credentials(server.credentials);
}

/* --- The exchange with it ----------------------------------------------- */

static void believe(const char *ca, const char *cert, const char *key)
{
	char why[256] = "";

	credentials_free(&tls);
	tls.ca = (char *)ca;
	tls.cert = (char *)cert;
	tls.key = (char *)key;
	assert_null(credentials_read(&tls, why, sizeof(why)));
	assert_string_equal(why, "");
}

static int setup(void **state)
{
	(void)state;
	memset(&ex, 0, sizeof(ex));
	memset(&tls, 0, sizeof(tls));
	memset(&config, 0, sizeof(config));
	config.address = "127.0.0.1";
	config.secret = SECRET;
	config.tls = &tls;
	tls.name = "127.0.0.1";
	believe("ca.pem", NULL, NULL);
	server_start("server");
	ex.servers = &config;
	ex.n = 1;
	ex.timeout = 30;		/* a machine may be slow */
	ex.dead_time = 600;
	ex.rate = 1000;
	ex.burst = 100;
	ex.stop_fd = eventfd(0, 0);
	return pthread_mutex_init(&ex.lock, NULL);
}

static int teardown(void **state)
{
	(void)state;
	exchange_close(&ex);
	server_stop();
	credentials_free(&tls);
	close(ex.stop_fd);
	return 0;
}

/* Another server at a port of its own. */
static void server_is(const char *name)
{
	server_stop();
	server_start(name);
}

static bool ask_of(uint8_t code)
{
	static const struct exchange_tried untried;
	uint8_t answer[PACKET_MAX];
	bool limited;
	size_t len;

	len = exchange_run(&ex, code, NULL, 0, &untried, answer, &limited);
	if (len)
		assert_memory_equal(answer + len - 4, "\x12\x04ok", 4);
	return len;
}

static bool ask(void)
{
	return ask_of(PW_ACCESS_REQUEST);
}

static void refused(const char *why)
{
	assert_false(ask());
	assert_string_equal(exchange_state(&ex, 0).trouble, why);
	assert_true(exchange_all_dead(&ex));
	assert_null(ex.idle[0]);
}

static void counts(int connections, int requests)
{
	assert_int_equal(server.connections, connections);
	assert_int_equal(server.requests, requests);
}

static void test_same_connection(void **state)
{
	(void)state;
	assert_true(ask());
	assert_true(ask_of(PW_ACCOUNTING_REQUEST));
	assert_true(ask());
	counts(1, 3);
	assert_int_equal(exchange_state(&ex, 0).answered, 3);
	assert_string_equal(exchange_state(&ex, 0).trouble, "");
}

static void *ask_many(void *arg)
{
	int i;

	for (i = 0; i < 20; i++)
		if (!ask())
			*(bool *)arg = false;
	return NULL;
}

/* As many connections as requests at once, and no more. */
static void test_threads(void **state)
{
	bool good[4] = { true, true, true, true };
	pthread_t threads[4];
	int i;

	(void)state;
	ex.burst = 1000;
	for (i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, ask_many, &good[i]);
	for (i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_true(good[i]);
	}
	assert_int_equal(server.requests, 80);
	assert_in_range(server.connections, 1, 4);
}

static bool has_gone(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLHUP };

	return poll(&p, 1, 5000) > 0;
}

/* The server closes what is idle: nobody notices. */
static void test_closed_idle(void **state)
{
	(void)state;
	server.manner = GOODBYE;
	assert_true(ask());
	assert_true(has_gone(server.sockets[0]));
	assert_true(ask());
	counts(2, 2);
}

/* It closes when it gets the next request: that is sent once more. */
static void test_closed_later(void **state)
{
	(void)state;
	assert_true(ask());
	server.manner = TRUNCATED;
	refused("the server closed the connection");
	counts(2, 3);
	server.manner = GOOD;
	assert_true(ask());
	counts(3, 4);
	assert_string_equal(exchange_state(&ex, 0).trouble, "");
}

static void test_unknown_ca(void **state)
{
	(void)state;
	believe("other.pem", NULL, NULL);
	refused("The certificate is NOT trusted. The certificate issuer is unknown.");
	assert_int_equal(server.requests, 0);
}

static void test_name(void **state)
{
	(void)state;
	tls.name = "radius.test";
	refused("The certificate is NOT trusted. The name in the certificate does not match the expected.");
	server_is("named");
	assert_true(ask());
	exchange_close(&ex);
	tls.name = "127.0.0.1";
	refused("The certificate is NOT trusted. The name in the certificate does not match the expected.");
}

static void test_expired(void **state)
{
	(void)state;
	server_is("expired");
	refused("The certificate is NOT trusted. The certificate chain uses expired certificate.");
}

static void test_mutual(void **state)
{
	(void)state;
	server.wants_cert = true;
	server.priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2";
	assert_false(ask());
	assert_non_null(strstr(exchange_state(&ex, 0).trouble,
			       "the server says: "));
	assert_int_equal(server.requests, 0);
	believe("ca.pem", "client.pem", "client.key");
	assert_true(ask());
	exchange_close(&ex);
	server.priority = NULL;
	assert_true(ask());
	counts(3, 2);
}

static void test_old_tls(void **state)
{
	(void)state;
	server.priority = "NORMAL:-VERS-ALL:+VERS-TLS1.1";
	assert_false(ask());
	assert_int_equal(server.requests, 0);
	assert_string_equal(exchange_state(&ex, 0).trouble,
			    "A packet with illegal or unsupported version was received.");
	server.priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2";
	assert_true(ask());
}

static void test_frames(void **state)
{
	(void)state;
	server.manner = SHORT;
	refused("an answer of 19 octets");
	server.manner = LONG;
	refused("an answer of 4097 octets");
	server.manner = TRUNCATED;
	refused("the server closed the connection");
	server.manner = FORGED;
	refused("its answer is not genuine");
	server.manner = GOOD;
	assert_true(ask());
}

static void test_silent(void **state)
{
	int64_t start = deadline_now_ms();

	(void)state;
	ex.timeout = 1;
	ex.retries = 1;
	server.manner = SILENT;
	refused("no answer");
	assert_in_range(deadline_now_ms() - start, 2000, 20000);
	counts(1, 1);
}

/* A socket that the exchange asks, where nobody listens yet. */
static int nobody(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t len = sizeof(sa);

	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, len), 0);
	getsockname(fd, (struct sockaddr *)&sa, &len);
	config.port = ntohs(sa.sin_port);
	return fd;
}

/* Nobody listens; then somebody does who speaks no TLS. */
static void test_no_server(void **state)
{
	uint32_t port = config.port;
	int fd = nobody();

	(void)state;
	refused("Connection refused");
	assert_int_equal(listen(fd, 1), 0);
	ex.timeout = 1;
	refused("no TLS handshake in time");
	ex.timeout = 30;
	close(fd);
	config.port = port;
	assert_true(ask());
}

static atomic_bool may_stop;

static void *stop(void *arg)
{
	uint64_t one = 1;

	(void)arg;
	while (!server.requests && !may_stop)
		poll(NULL, 0, 10);
	assert_int_equal(write(ex.stop_fd, &one, sizeof(one)), sizeof(one));
	return NULL;
}

static void stops(void)
{
	int64_t start = deadline_now_ms();
	pthread_t thread;

	ex.timeout = 60;
	pthread_create(&thread, NULL, stop, NULL);
	assert_false(ask());
	pthread_join(thread, NULL);
	assert_in_range(deadline_now_ms() - start, 0, 30000);
	assert_false(exchange_all_dead(&ex));	/* it is not to blame */
}

static void test_stop(void **state)
{
	(void)state;
	server.manner = SILENT;
	stops();
}

/* The same in the handshake. */
static void test_stop_early(void **state)
{
	int fd = nobody();

	(void)state;
	assert_int_equal(listen(fd, 1), 0);
	may_stop = true;
	stops();
	close(fd);
}

static void wrong(const char *ca, const char *cert, const char *key,
		  const char *which, const char *expected)
{
	struct config_tls t = { (char *)ca, (char *)cert, (char *)key, NULL,
				NULL };
	char why[256];

	assert_string_equal(credentials_read(&t, why, sizeof(why)), which);
	assert_string_equal(why, expected);
	credentials_free(&t);
}

static void test_credentials(void **state)
{
	(void)state;
	wrong("none.pem", NULL, NULL, "ca",
	      "cannot read none.pem: No such file or directory: give a file in PEM");
	wrong("ca.key", NULL, NULL, "ca",
	      "no certificate in ca.key: give that of the CA that signed the server's, in PEM");
	wrong("ca.pem", "none.pem", "client.key", "cert",
	      "cannot read none.pem: No such file or directory: give a file in PEM");
	wrong("ca.pem", "client.pem", "none.key", "key",
	      "cannot read none.key: No such file or directory: give the private key in PEM, mode 0600");
	wrong("ca.pem", "client.pem", "server.key", "key",
	      "server.key with client.pem: The certificate and the given key do not match. give the key of that certificate, in PEM and without password");
	chmod("client.key", 0640);
	wrong("ca.pem", "client.pem", "client.key", "key",
	      "others than its owner can read client.key: chmod 600 client.key");
	chmod("client.key", 0600);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_same_connection),
		TEST(test_threads),
		TEST(test_closed_idle),
		TEST(test_closed_later),
		TEST(test_unknown_ca),
		TEST(test_name),
		TEST(test_expired),
		TEST(test_mutual),
		TEST(test_old_tls),
		TEST(test_frames),
		TEST(test_silent),
		TEST(test_no_server),
		TEST(test_stop),
		TEST(test_stop_early),
		cmocka_unit_test(test_credentials),
	};

	return cmocka_run_group_tests(tests, make_certificates,
				      remove_certificates);
}
