/** A problem document of the server (RFC 9457), as an error. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId: string | undefined,
    /** What is wrong with which field of the input. */
    readonly fields: Record<string, string>,
  ) {
    super(message);
  }

  static of(status: number, body: unknown): Problem {
    const { code, detail, title, request_id, errors } = (body ?? {}) as {
      code?: string;
      detail?: string;
      title?: string;
      request_id?: string;
      errors?: { field: string; message: string }[];
    };
    const fields = Object.fromEntries((errors ?? []).map(({ field, message }) => [field, message]));
    return new Problem(
      status,
      code ?? 'unknown',
      detail ?? title ?? `The server answered ${status}.`,
      request_id,
      fields,
    );
  }

  /** Somebody else has changed it meanwhile (412). */
  get isConflict(): boolean {
    return this.status === 412;
  }
}

/** The person is no longer signed in. */
export class SignedOut extends Error {
  constructor() {
    super('Your sign-in is over.');
  }
}

/** The server, or the way to it, is down: trying again may help. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Problem && error.status === 503);
}

export function messageOf(error: unknown): string {
  if (error instanceof TypeError) return 'The server cannot be reached.';
  return error instanceof Error ? error.message : String(error);
}
