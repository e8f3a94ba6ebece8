/**
 * What clients may sign by, in assertions and proofs: asymmetric alone, and those of the FAPI 2.0 Security
 * Profile (§5.4.1). `Ed25519` is the name that RFC 9864 gives to the one kind of `EdDSA` there is here.
 */
export const SIGNATURE_ALGS = ['ES256', 'PS256', 'EdDSA', 'Ed25519'] as const;

/** How far a client's clock may be off, in seconds: a minute (FAPI 2.0 §5.3.2.1), as people set clocks by hand. */
export const CLOCK_TOLERANCE = 60;

/** The longest `jti` that is remembered. */
export const MAX_JTI = 512;
