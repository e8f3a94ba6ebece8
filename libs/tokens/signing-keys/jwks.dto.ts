import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ACCESS_TOKEN_SIGNING_ALGS, type AccessTokenSigningAlg } from '#oauth-protocol';

/** A public key (RFC 7517 §4). */
export class JwkDto {
  @ApiProperty({ description: 'Its kind: `EC`, or `OKP` for Ed25519.', example: 'EC' })
  kty: string;

  @ApiProperty({ description: 'Its curve.', example: 'P-256' })
  crv: string;

  @ApiProperty({
    description: 'The point, or its first half.',
    example: '2-hjFSHEFvgM7ScLq1adov-uLx78008sn09uj5WTpaE',
  })
  x: string;

  @ApiPropertyOptional({
    description: 'The point’s second half, of `EC` keys.',
    example: 'lDVfQdzl3OJIxvK8G7AK75YmS-iUJNYGcxPwV8I6Efk',
  })
  y?: string;

  @ApiProperty({
    description: 'Its thumbprint (RFC 7638), which the tokens name.',
    example: 'Qvryk4NsxdDfRGGEs7HaqNLi5KW4he_jD6okyoalZ4A',
  })
  kid: string;

  @ApiProperty({ description: 'What it signs by.', enum: ACCESS_TOKEN_SIGNING_ALGS, example: 'ES256' })
  alg: AccessTokenSigningAlg;

  @ApiProperty({ description: 'It signs.', enum: ['sig'], example: 'sig' })
  use: 'sig';
}

/** A JWK Set (RFC 7517 §5). */
export class JwksDto {
  @ApiProperty({ description: 'The keys.', type: [JwkDto] })
  keys: JwkDto[];
}
