/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For each header that a client may not bring to a backend: the exact bytes that the backend gets when it is sent in odd
 * case, with underscores, twice, nominated by Connection, and in trailers. */
#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>

#include "drive.h"

#define OURS                                                                                       \
	"X-Forwarded-For: 192.0.2.7\r\n"                                                           \
	"X-Forwarded-Proto: https\r\n"                                                             \
	"X-Forwarded-Port: 443\r\n"                                                                \
	"Client-Cert: :b3Vycw==:\r\n"                                                              \
	"X-Client-Certificate-Verification: SUCCESS\r\n"

static struct drive d;

/* Sends the request and compares all that the backend gets. */
static void backend_gets(const char *request, const char *want)
{
	struct span identity = SPAN_LIT("Client-Cert: :b3Vycw==:\r\n"
					"X-Client-Certificate-Verification: SUCCESS\r\n");

	drive_init(&d);
	d.fwd.identity_block = identity;
	cr_assert_eq(drive_request(&d, span_str(request)), HTTP_STEP_DONE, "%s: %s", request,
		     http_refusal_infos[d.x.refusal].name);
	cr_assert(span_eq(drive_to_backend(&d), span_str(want)), "sent:\n%s\ngot:\n%.*s", request,
		  (int)drive_to_backend(&d).len, (const char *)drive_to_backend(&d).p);
}

/* The name with every second letter in the other case, and with each '-' as `dash`. */
static void disguise(const char *name, char dash, char *ret_name)
{
	size_t i;

	for (i = 0; name[i] != '\0'; i++) {
		uint8_t c = ascii_lower((uint8_t)name[i]);

		ret_name[i] = (char)(c == '-' ? (uint8_t)dash : c);
		if (c >= 'a' && c <= 'z' && i % 2 == 1)
			ret_name[i] = (char)(c - ('a' - 'A'));
	}
	ret_name[i] = '\0';
}

#define HEAD "GET / HTTP/1.1\r\nHost: a\r\n"

static const char *format(const char *text, ...) __attribute__((format(printf, 1, 2)));
static const char *format(const char *text, ...)
{
	static char mem[1000];
	va_list args;

	va_start(args, text);
	vsnprintf(mem, sizeof(mem), text, args);
	va_end(args);
	return mem;
}

/* The headers First and Last stand around what is stripped, and must arrive. */
static void is_stripped_everywhere(const char *name, const char *value)
{
	static const char want[] = HEAD "First: 1\r\nLast: 2\r\n" OURS "\r\n";
	static const char want_chunked[] = HEAD
		"First: 1\r\nLast: 2\r\n" OURS
		"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n";
	char odd[100], under[100], dotted[100];

	disguise(name, '-', odd);
	disguise(name, '_', under);
	disguise(name, '.', dotted);
	/* as it is and in odd case, twice each */
	backend_gets(format(HEAD
			    "First: 1\r\n%s: %s\r\n%s: %s\r\nLast: 2\r\n%s:%s\r\n%s: %s\r\n\r\n",
			    name, value, odd, value, name, value, odd, value),
		     want);
	/* with other characters for '-' */
	backend_gets(format(HEAD "First: 1\r\n%s: %s\r\nLast: 2\r\n%s: %s\r\n\r\n", under, value,
			    dotted, value),
		     want);
	/* nominated by Connection, as ours are */
	backend_gets(format(HEAD "Connection: %s, client-cert\r\nFirst: 1\r\n%s: %s\r\nLast: 2\r\n"
				 "Connection: x-forwarded-for, host\r\n\r\n",
			    odd, name, value),
		     want);
	/* in trailers, announced */
	backend_gets(format(HEAD
			    "First: 1\r\nLast: 2\r\nTransfer-Encoding: chunked\r\nTrailer: %s\r\n"
			    "\r\n1\r\nx\r\n0\r\n%s: %s\r\n%s: %s\r\n\r\n",
			    name, name, value, under, value),
		     want_chunked);
}

#define STRIPPED(test, name)                                                                       \
	Test(header_rules, test)                                                                   \
	{                                                                                          \
		is_stripped_everywhere(name, "forged");                                            \
	}

/* who the client is */
STRIPPED(client_cert_is_ours_alone, "Client-Cert")
STRIPPED(client_cert_chain_is_ours_alone, "Client-Cert-Chain")
STRIPPED(client_cert_anything_is_ours_alone, "Client-Cert-Foo")
STRIPPED(x_client_cert_is_ours_alone, "X-Client-Cert")
STRIPPED(x_client_cert_anything_is_ours_alone, "X-Client-Cert-Subject")
STRIPPED(x_client_certificate_is_ours_alone, "X-Client-Certificate")
STRIPPED(x_client_certificate_start_date_is_ours_alone, "X-Client-Certificate-Start-Date")
STRIPPED(x_client_certificate_end_date_is_ours_alone, "X-Client-Certificate-End-Date")
STRIPPED(x_client_certificate_fingerprint_is_ours_alone, "X-Client-Certificate-Fingerprint")
STRIPPED(x_client_certificate_serial_is_ours_alone, "X-Client-Certificate-Serial")
STRIPPED(x_client_certificate_issuer_is_ours_alone, "X-Client-Certificate-Issuer")
STRIPPED(x_client_certificate_subject_is_ours_alone, "X-Client-Certificate-Subject")
STRIPPED(x_client_certificate_verification_is_ours_alone, "X-Client-Certificate-Verification")
STRIPPED(x_client_certificates_without_dash_is_ours_alone, "X-Client-Certificates")
STRIPPED(x_forwarded_client_cert_is_ours_alone, "X-Forwarded-Client-Cert")
STRIPPED(x_amzn_mtls_is_ours_alone, "X-Amzn-Mtls-Clientcert-Subject")
STRIPPED(x_amzn_tls_is_ours_alone, "X-Amzn-Tls-Version")
STRIPPED(x_ssl_client_is_ours_alone, "X-SSL-Client-Verify")
STRIPPED(ssl_client_is_ours_alone, "SSL-Client-S-DN")
STRIPPED(x_azure_is_ours_alone, "X-Azure-ClientIP")

/* where the request came from and went to */
STRIPPED(x_forwarded_for_is_replaced, "X-Forwarded-For")
STRIPPED(x_forwarded_proto_is_replaced, "X-Forwarded-Proto")
STRIPPED(x_forwarded_port_is_replaced, "X-Forwarded-Port")
STRIPPED(x_forwarded_host_is_removed, "X-Forwarded-Host")
STRIPPED(forwarded_is_removed, "Forwarded")
STRIPPED(x_real_ip_is_removed, "X-Real-IP")
STRIPPED(x_original_url_is_removed, "X-Original-URL")
STRIPPED(x_rewrite_url_is_removed, "X-Rewrite-URL")
STRIPPED(proxy_is_removed, "Proxy")

/* hop-by-hop */
STRIPPED(keep_alive_is_hop_by_hop, "Keep-Alive")
STRIPPED(proxy_connection_is_hop_by_hop, "Proxy-Connection")
STRIPPED(proxy_authorization_is_hop_by_hop, "Proxy-Authorization")
STRIPPED(te_is_hop_by_hop, "TE")
STRIPPED(trailer_is_hop_by_hop, "Trailer")
STRIPPED(upgrade_is_hop_by_hop, "Upgrade")
STRIPPED(http2_settings_is_hop_by_hop, "HTTP2-Settings")
STRIPPED(connection_is_hop_by_hop, "Connection")

Test(header_rules, expect_is_answered_here)
{
	is_stripped_everywhere("Expect", "100-continue");
}

Test(header_rules, upgrade_does_not_end_http)
{
	/* llhttp would stop here and leave what follows unread. */
	backend_gets(
		"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\n" OURS "\r\n");
}

Test(header_rules, framing_in_disguise_does_not_reach_the_backend)
{
	backend_gets("POST / HTTP/1.1\r\nHost: a\r\nContent_Length: 3\r\nTransfer_Encoding: "
		     "chunked\r\n\r\n",
		     "POST / HTTP/1.1\r\nHost: a\r\n" OURS "Content-Length: 0\r\n\r\n");
}

Test(header_rules, framing_in_trailers_does_not_reach_the_backend)
{
	backend_gets("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
		     "1\r\nx\r\n0\r\nContent-Length: 3\r\nHost: b\r\nTransfer-Encoding: x\r\n\r\n",
		     "POST / HTTP/1.1\r\nHost: a\r\n" OURS
		     "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
}

Test(header_rules, nominated_headers_are_removed)
{
	backend_gets("GET / HTTP/1.1\r\nHost: a\r\nConnection: x-a ,, X-B\r\nX-A: 1\r\nx-b: "
		     "2\r\nX-C: 3\r\n"
		     "Connection:\tx-d\r\nx-D: 4\r\n\r\n",
		     "GET / HTTP/1.1\r\nHost: a\r\nX-C: 3\r\n" OURS "\r\n");
}

Test(header_rules, client_cannot_nominate_our_headers_away)
{
	backend_gets(
		"GET / HTTP/1.1\r\nHost: a\r\nConnection: Client-Cert, X-Forwarded-For, Host,"
		" x-client-certificate-verification, content-length\r\nContent-Length: 0\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\n" OURS "Content-Length: 0\r\n\r\n");
}

Test(header_rules, neighbours_of_stripped_names_pass)
{
	backend_gets(
		"GET / HTTP/1.1\r\nHost: a\r\nClient-Certain: 1\r\nX-Client: 2\r\nTEA: 3\r\n"
		"Authorization: 4\r\nCookie: 5\r\nX-Ssl: 6\r\nForwarded-By: 7\r\nA_B: 8\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nClient-Certain: 1\r\nX-Client: 2\r\nTEA: 3\r\n"
		"Authorization: 4\r\nCookie: 5\r\nX-Ssl: 6\r\nForwarded-By: 7\r\nA_B: 8\r\n" OURS
		"\r\n");
}

/* What a backend may not bring to a client. */
Test(header_rules, hop_by_hop_of_the_backend_is_removed)
{
	drive_init(&d);
	drive_request(&d, SPAN_LIT("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
	cr_assert_eq(drive_response(
			     &d,
			     SPAN_LIT("HTTP/1.1 200 OK\r\nConnection: X-A\r\nX-A: 1\r\n"
				      "Keep-Alive: 1\r\nProxy-Authenticate: 1\r\n"
				      "Proxy-Connection: 1\r\nTE: 1\r\nTrailer: 1\r\nUpgrade: 1\r\n"
				      "Content_Length: 9\r\nServer: x\r\nSet-Cookie: 1\r\n"
				      "Set-Cookie: 2\r\nContent-Length: 0\r\n\r\n"),
			     false),
		     HTTP_STEP_DONE);
	cr_assert(span_eq(
		drive_to_client(&d),
		SPAN_LIT("HTTP/1.1 200 OK\r\nServer: x\r\nSet-Cookie: 1\r\nSet-Cookie: 2\r\n"
			 "Content-Length: 0\r\n\r\n")));
}
