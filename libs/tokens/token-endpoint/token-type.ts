export const TOKEN_TYPES = ['Bearer', 'DPoP'] as const;
export type TokenType = (typeof TOKEN_TYPES)[number];

/** How a token is to be sent: by RFC 6750, or with a proof of the key that it is bound to (RFC 9449 §5). */
export function tokenTypeOf({ dpopJkt }: { dpopJkt: string | null }): TokenType {
  return dpopJkt === null ? 'Bearer' : 'DPoP';
}
