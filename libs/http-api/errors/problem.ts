import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** One thing that is wrong with the input, and where. */
export class FieldError {
  @ApiProperty({ description: 'The parameter, or the path within the body.', example: 'scopes[0]' })
  field: string;

  @ApiProperty({ description: 'What it takes, in words.', example: 'is not a scope of the catalogue' })
  message: string;
}

interface ProblemOptions {
  /** What an operator may know and the caller may not; goes to the log. */
  cause?: unknown;
  errors?: FieldError[];
  headers?: Record<string, string>;
  /** Further members of the document (RFC 9457 §3.2), e.g. the report of an import. */
  extensions?: object;
}

/** A refusal that the caller may read, in the terms of RFC 9457. Anything else that is thrown is a 500. */
export class Problem extends Error {
  readonly errors?: FieldError[];
  readonly headers: Record<string, string>;
  readonly extensions: object;

  /**
   * @param status HTTP status code
   * @param code what programs branch on, e.g. `invalid_request`
   * @param detail what a person reads; never holds a secret
   */
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    options: ProblemOptions = {},
  ) {
    super(detail, { cause: options.cause });
    this.errors = options.errors;
    this.headers = options.headers ?? {};
    this.extensions = options.extensions ?? {};
  }

  static invalid(errors: FieldError[]): Problem {
    const detail = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
    return new Problem(400, 'invalid_request', detail, { errors });
  }

  static invalidField(field: string, message: string): Problem {
    return Problem.invalid([{ field, message }]);
  }

  static notFound(what: string): Problem {
    return new Problem(404, 'not_found', `There is no such ${what}.`);
  }

  static notAcceptable(mediaTypes: string[]): Problem {
    return new Problem(406, 'not_acceptable', `This is answered as ${mediaTypes.join(', ')}.`);
  }

  static conflict(field: string, message: string): Problem {
    return new Problem(409, 'conflict', `${field} ${message}`, { errors: [{ field, message }] });
  }

  static forbidden(detail: string): Problem {
    return new Problem(403, 'forbidden', detail);
  }

  static preconditionFailed(): Problem {
    return new Problem(412, 'precondition_failed', 'It has changed since it was read; read it again first.');
  }

  static busy(): Problem {
    return new Problem(503, 'temporarily_unavailable', 'Too much is waiting; try again shortly.', {
      headers: { 'retry-after': '1' },
    });
  }

  static ending(): Problem {
    return new Problem(503, 'temporarily_unavailable', 'This instance is about to end; ask another.', {
      headers: { 'retry-after': '1' },
    });
  }

  static unavailable(cause: unknown): Problem {
    return new Problem(503, 'temporarily_unavailable', 'The database does not answer; try again shortly.', {
      cause,
      headers: { 'retry-after': '1' },
    });
  }
}

/** RFC 9457 problem document: every error of the admin, read and inventory APIs. */
export class ProblemDocument {
  @ApiProperty({
    description: 'The kind of problem, as a URI.',
    example: 'urn:postern:problem:invalid_request',
  })
  type: string;

  @ApiProperty({ description: 'The HTTP status in words.', example: 'Bad Request' })
  title: string;

  @ApiProperty({ type: 'integer', description: 'The HTTP status.', example: 400 })
  status: number;

  @ApiProperty({ description: 'What is wrong, for a person.', example: 'name should not be empty' })
  detail: string;

  @ApiProperty({ description: 'What programs branch on.', example: 'invalid_request' })
  code: string;

  @ApiProperty({
    description: 'Names this request in logs and audit events.',
    example: '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f',
  })
  request_id: string;

  @ApiPropertyOptional({ description: 'For bad input: each field that is wrong.', type: [FieldError] })
  errors?: FieldError[];
}
