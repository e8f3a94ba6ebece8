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

  /** He was asked for his second factor, and did not show it. */
  get lacksSecondFactor(): boolean {
    return this.code === 'insufficient_user_authentication';
  }
}

/** The person is no longer signed in. */
export class SignedOut extends Error {
  constructor() {
    super('Your sign-in is over.');
  }
}

/** No answer: the server, or the way to it, is down. */
export class Unreachable extends Error {
  constructor() {
    super('The server cannot be reached.');
  }
}

/** Tells a `fetch` that failed from other TypeErrors, which are faults of ours. @throws Unreachable */
export async function reached(fetching: Promise<Response>): Promise<Response> {
  try {
    return await fetching;
  } catch (error) {
    throw error instanceof TypeError ? new Unreachable() : error;
  }
}

/** Trying again may help. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Problem && error.status === 503);
}

/** A page that the server had when the console was opened, and has no more: it has been updated since. */
const MISSING_PART = /dynamically imported module|importing a module script/i;

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (MISSING_PART.test(error.message)) return 'A part of the console did not come. Load the page again.';
  return error.message;
}
