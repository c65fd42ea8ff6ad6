// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "credentials.h"
#include "secret.h"

#define KEY_MAX	32768			/* octets of a private key's file */

/* A certificate's file, to be freed with gnutls_free(). */
static int credentials_slurp(const char *path, gnutls_datum_t *pem, char *why,
			     size_t size)
{
	if (gnutls_load_file(path, pem) == 0)
		return 0;
	snprintf(why, size, "cannot read %s: %s: give a file in PEM", path,
		 strerror(errno));
	return -1;
}

static int credentials_read_ca(struct config_tls *tls, char *why, size_t size)
{
	gnutls_datum_t pem;
	int n;

	if (credentials_slurp(tls->ca, &pem, why, size))
		return -1;
	n = gnutls_certificate_set_x509_trust_mem(tls->credentials, &pem,
						  GNUTLS_X509_FMT_PEM);
	gnutls_free(pem.data);
	if (n > 0)
		return 0;
	snprintf(why, size, "no certificate in %s: give that of the CA that signed the server's, in PEM",
		 tls->ca);
	return -1;
}

static int credentials_read_key(struct config_tls *tls,
				const gnutls_datum_t *cert, char *why,
				size_t size)
{
	uint8_t buf[KEY_MAX];
	gnutls_datum_t pem = { .data = buf };
	ssize_t n;
	int fd, err;

	fd = secret_open(tls->key, "give the private key in PEM, mode 0600", why,
			 size);
	if (fd < 0)
		return -1;
	n = read(fd, buf, sizeof(buf));
	close(fd);
	pem.size = n > 0 ? n : 0;
	err = gnutls_certificate_set_x509_key_mem(tls->credentials, cert, &pem,
						  GNUTLS_X509_FMT_PEM);
	explicit_bzero(buf, sizeof(buf));
	if (err >= 0)
		return 0;
	snprintf(why, size, "%s with %s: %s give the key of that certificate, in PEM and without password",
		 tls->key, tls->cert, gnutls_strerror(err));
	return -1;
}

const char *credentials_read(struct config_tls *tls, char *why, size_t size)
{
	gnutls_datum_t cert;
	int err;

	if (gnutls_certificate_allocate_credentials(&tls->credentials)) {
		tls->credentials = NULL;
		snprintf(why, size, "out of memory");
		return "ca";
	}
	if (credentials_read_ca(tls, why, size))
		return "ca";
	if (!tls->cert)
		return NULL;
	if (credentials_slurp(tls->cert, &cert, why, size))
		return "cert";
	err = credentials_read_key(tls, &cert, why, size);
	gnutls_free(cert.data);
	return err ? "key" : NULL;
}

void credentials_free(struct config_tls *tls)
{
	if (tls && tls->credentials)
		gnutls_certificate_free_credentials(tls->credentials);
}
