/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_params.h"

struct trust_policy trust_policy_default(void)
{
	return (struct trust_policy){
		.verify_depth = 10,
		.rsa_bits_min = 2048,
		.ec_bits_min = 256,
		.digests = TRUST_DIGEST_SHA256 | TRUST_DIGEST_SHA384 | TRUST_DIGEST_SHA512,
		.limits =
			{
				.certificates = TRUST_CHAIN_MAX,
				.bytes = TRUST_CHAIN_BYTES_MAX,
				.candidates = 256,
				.signatures = 64,
				.names = 20000,
				.policies = 1000,
			},
	};
}
