import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { TOKEN_TYPES, type TokenType } from '../token-endpoint/token-type.js';

/** RFC 7662 §2.2. Of a token that is worth nothing, `active` is all that there is. */
export class IntrospectionDto {
  @ApiProperty({ description: 'Whether it is good now.', example: true })
  active: boolean;

  @ApiPropertyOptional({ description: 'What it may do, space-separated.', example: 'devices:read' })
  scope?: string;

  @ApiPropertyOptional({ description: 'Whose it is.', example: '5f0c6d0d2a8c4a6f9d1be2a7c3b4d5e6' })
  client_id?: string;

  @ApiPropertyOptional({ description: 'The person that it speaks for.', example: 'alice' })
  username?: string;

  @ApiPropertyOptional({
    description: 'How it is sent; of access tokens alone.',
    enum: TOKEN_TYPES,
    example: 'Bearer',
  })
  token_type?: TokenType;

  @ApiPropertyOptional({ type: 'integer', description: 'When it expires.', example: 1795255200 })
  exp?: number;

  @ApiPropertyOptional({ type: 'integer', description: 'When it was issued.', example: 1795251600 })
  iat?: number;

  @ApiPropertyOptional({ type: 'integer', description: 'From when on it is good.', example: 1795251600 })
  nbf?: number;

  @ApiPropertyOptional({
    description: 'Whom it speaks for: the client’s id, or `operator:` and a person’s.',
    example: '5f0c6d0d2a8c4a6f9d1be2a7c3b4d5e6',
  })
  sub?: string;

  @ApiPropertyOptional({
    description: 'Where it is good; several as a list (RFC 8707).',
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    example: 'https://postern.example.com',
  })
  aud?: string | readonly string[];

  @ApiPropertyOptional({ description: 'Who issued it.', example: 'https://postern.example.com' })
  iss?: string;

  @ApiPropertyOptional({
    description: 'Names the token; an access token under `/api/v1/tokens` as well.',
    example: '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f',
  })
  jti?: string;

  @ApiPropertyOptional({
    description: 'What it is bound to: the thumbprint of the key that its sender must show (RFC 9449 §6.2).',
    type: 'object',
    properties: { jkt: { type: 'string' } },
    example: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' },
  })
  cnf?: { jkt: string };

  @ApiPropertyOptional({ description: 'The customer (tenant) whose rows it reads.', example: '10001' })
  customer_id?: string;
}
