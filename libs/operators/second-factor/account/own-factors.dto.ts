import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { IsNotEmpty, IsObject, IsString, Length, Matches, MaxLength } from 'class-validator';
import { Omittable } from '#http-api';
import { MAX_PASSWORD } from '#oauth-protocol';

export const MAX_NAME = 64;
export const MAX_CODE = 64;

const RECOVERY_CODES = {
  description: 'Each stands in for the second factor once. They are shown this once.',
  example: ['k3mq-7tzn-w4xa-p9vd', 'h2fc-8ybe-r6ju-5gsk'],
};
const WEB_AUTHN = { type: 'object', additionalProperties: true } as const;

/** A passkey of a person. */
export class PasskeyDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Names the passkey here.',
    example: '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f',
  })
  id: string;

  @ApiProperty({ description: 'What he calls it.', example: 'The key on my desk' })
  name: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it was enrolled.',
    example: '2026-11-21T09:00:00.000Z',
  })
  created_at: Date;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was used last.',
    example: null,
  })
  last_used_at: Date | null;
}

/** The app that shows a person's codes. */
export class TotpDto extends PickType(PasskeyDto, ['created_at', 'last_used_at'] as const) {}

/** A person's second factors, without anything that could stand for one. */
export class OwnFactorsDto {
  @ApiProperty({
    description: 'Whether his role requires a second factor; then the last one cannot be removed.',
    example: false,
  })
  required: boolean;

  @ApiProperty({ description: 'Whether he has one.', example: true })
  enrolled: boolean;

  @ApiProperty({ type: [PasskeyDto], description: 'From the oldest on.' })
  passkeys: PasskeyDto[];

  @ApiProperty({ type: TotpDto, nullable: true, description: 'The app that shows codes; null: none.' })
  totp: TotpDto | null;

  @ApiProperty({ type: 'integer', description: 'Recovery codes that have not been used.', example: 10 })
  recovery_codes_left: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why passkeys cannot be enrolled or used at this address, in words; null: they can.',
    example: null,
  })
  passkeys_impossible_because: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'When a second factor was last shown for this sign-in; what needs one goes for five minutes from then. Null: never.',
    example: '2026-11-21T09:00:00.000Z',
  })
  verified_at: Date | null;
}

/** The proof that it is he who begins to enrol a factor. */
export class BeginEnrolmentDto {
  @ApiPropertyOptional({
    description:
      'Needed for the first factor; wrong ones count as failed sign-ins. Whoever has a factor shows that instead (`verification`), and this is not looked at.',
    minLength: 1,
    maxLength: MAX_PASSWORD,
    writeOnly: true,
    example: 'seven quiet gates at noon',
  })
  @Omittable()
  @IsString()
  @Length(1, MAX_PASSWORD, { message: `must be 1 to ${MAX_PASSWORD} characters` })
  current_password?: string;
}

/** What a browser needs to make a passkey. */
export class PasskeyCreationDto {
  @ApiProperty({
    ...WEB_AUTHN,
    description:
      'PublicKeyCredentialCreationOptionsJSON of Web Authentication, for `PublicKeyCredential.parseCreationOptionsFromJSON` or `startRegistration` of @simplewebauthn/browser.',
  })
  options: object;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'Until when the answer is taken.',
    example: '2026-11-21T09:10:00.000Z',
  })
  expires_at: Date;
}

/** What a browser needs to show a passkey. */
export class PasskeyRequestDto extends PickType(PasskeyCreationDto, ['expires_at'] as const) {
  @ApiProperty({
    ...WEB_AUTHN,
    description:
      'PublicKeyCredentialRequestOptionsJSON of Web Authentication, for `PublicKeyCredential.parseRequestOptionsFromJSON` or `startAuthentication` of @simplewebauthn/browser.',
  })
  options: object;
}

/** A passkey that a browser has made. */
export class EnrolPasskeyDto {
  @ApiPropertyOptional({
    description: 'What to call it.',
    minLength: 1,
    maxLength: MAX_NAME,
    default: 'Passkey',
    example: 'The key on my desk',
  })
  @Omittable()
  @IsString()
  @Length(1, MAX_NAME, { message: `must be 1 to ${MAX_NAME} characters` })
  @Matches(/\S/, { message: 'should not be blank' })
  name?: string;

  @ApiProperty({
    ...WEB_AUTHN,
    description: 'RegistrationResponseJSON of Web Authentication, to the options that were begun with.',
  })
  @IsObject()
  response: object;
}

/** A passkey that has just been enrolled. */
export class EnrolledPasskeyDto extends PasskeyDto {
  @ApiProperty({
    ...RECOVERY_CODES,
    type: [String],
    nullable: true,
    description: `${RECOVERY_CODES.description} Null unless it is the first factor.`,
  })
  recovery_codes: string[] | null;
}

/** What an app needs to show codes. */
export class TotpBeginningDto extends PickType(PasskeyCreationDto, ['expires_at'] as const) {
  @ApiProperty({
    description: 'The key in base32, to type into an app. Shown this once.',
    example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  })
  secret: string;

  @ApiProperty({
    description: 'The same with all that an app wants to know.',
    example: 'otpauth://totp/Postern%20login.example.com:ada?issuer=…&secret=…',
  })
  otpauth_uri: string;

  @ApiProperty({ description: 'That as a QR code: an SVG document.', example: '<svg xmlns="…">…</svg>' })
  qr_svg: string;
}

/** The proof that the app has the key. */
export class ConfirmTotpDto {
  @ApiProperty({
    description: 'The six digits that the app shows now.',
    example: '492039',
    maxLength: MAX_CODE,
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_CODE, { message: `must be at most ${MAX_CODE} characters` })
  code: string;
}

/** An app that has just been enrolled. */
export class EnrolledTotpDto extends TotpDto {
  @ApiProperty({
    ...RECOVERY_CODES,
    type: [String],
    nullable: true,
    description: `${RECOVERY_CODES.description} Null unless it is the first factor.`,
  })
  recovery_codes: string[] | null;
}

/** New recovery codes. */
export class RecoveryCodesDto {
  @ApiProperty({ ...RECOVERY_CODES, type: [String] })
  recovery_codes: string[];
}

/** A second factor: one of the two. */
export class VerifyFactorDto {
  @ApiPropertyOptional({
    description: 'The six digits that the app shows now, or a recovery code.',
    example: '492039',
    maxLength: MAX_CODE,
  })
  @Omittable()
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_CODE, { message: `must be at most ${MAX_CODE} characters` })
  code?: string;

  @ApiPropertyOptional({
    ...WEB_AUTHN,
    description:
      'AuthenticationResponseJSON of Web Authentication, to the options of `verification/options`.',
  })
  @Omittable()
  @IsObject()
  assertion?: object;
}

/** That a second factor was shown. */
export class VerificationOfFactorDto {
  @ApiProperty({
    enum: ['passkey', 'totp', 'recovery_code'],
    description: 'What was shown.',
    example: 'passkey',
  })
  second_factor: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When.',
    example: '2026-11-21T09:00:00.000Z',
  })
  verified_at: Date;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'Until when it stands for what needs one.',
    example: '2026-11-21T09:05:00.000Z',
  })
  recent_until: Date;
}
