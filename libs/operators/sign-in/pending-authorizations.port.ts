/** What somebody signs in for. */
export interface PendingAuthorization {
  /** The application that asks. */
  clientName: string;
  /** Where the forms on the way may lead in the end (`formActionOf`). */
  formAction: string;
}

/** Port: the authorization requests that wait for a person to sign in. */
export abstract class PendingAuthorizations {
  /**
   * @param request the request's id, as the sign-in page's address names it
   * @param browser the browser's own secret: another browser's request is not there
   */
  abstract find(request: string, browser: string): Promise<PendingAuthorization | undefined>;
}

/** Where a pending authorization goes on. */
export function continuationOf(request: string): string {
  return `/oauth2/consent?request=${encodeURIComponent(request)}`;
}
