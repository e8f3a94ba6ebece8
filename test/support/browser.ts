import type { ApiResponse } from './api-client.js';
import type { TestEnvironment } from './create-test-environment.js';

/** A form of a page: where it goes, and what its fields hold. */
export interface PageForm {
  method: string;
  action: string;
  fields: Record<string, string>;
  /** What a passkey button asks the browser for. */
  options?: any;
}

export interface PageResponse extends ApiResponse {
  /** Where a redirect leads. */
  location: string | null;
  setCookie: string[];
  forms: PageForm[];
}

/**
 * A person's browser, as far as our pages need one: it keeps cookies and follows nothing by itself,
 * so that a test sees every step.
 */
export class Browser {
  readonly cookies = new Map<string, string>();

  /** @param headers go along with every request, e.g. `x-forwarded-for` */
  constructor(
    readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  get(path: string): Promise<PageResponse> {
    return this.request('GET', path);
  }

  /** Sends a form. What is undefined is left out. */
  post(path: string, form: Record<string, string | undefined> | URLSearchParams): Promise<PageResponse> {
    if (form instanceof URLSearchParams) return this.request('POST', path, form);
    const fields = Object.entries(form).filter((field): field is [string, string] => field[1] !== undefined);
    return this.request('POST', path, new URLSearchParams(fields));
  }

  /** Sends the page's form that goes to `action`, and has these fields, with them filled in. */
  submit(
    page: PageResponse,
    action: string,
    fields: Record<string, string | undefined> = {},
  ): Promise<PageResponse> {
    const there = page.forms.filter((one) => one.action === action);
    const form = there.find((one) => Object.keys(fields).every((field) => field in one.fields)) ?? there[0];
    if (!form) throw new Error(`No form goes to ${action}: ${page.status} ${page.text}`);
    return this.post(action, { ...form.fields, ...fields });
  }

  /** @param request the authorization request to sign in for, as `?request=` names it */
  async signIn(username: string, password: string, request?: string): Promise<PageResponse> {
    const page = await this.get(`/oauth2/sign-in${request === undefined ? '' : `?request=${request}`}`);
    if (!page.forms.some(({ action }) => action === '/oauth2/sign-in')) return page;
    return this.submit(page, '/oauth2/sign-in', { username, password });
  }

  async signOut(): Promise<PageResponse> {
    return this.submit(await this.get('/oauth2/sign-in'), '/oauth2/sign-out');
  }

  /** Any request with this browser's cookies. */
  async request(
    method: string,
    path: string,
    body?: string | URLSearchParams,
    headers: Record<string, string> = {},
  ): Promise<PageResponse> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: { ...(cookie ? { cookie } : {}), ...this.headers, ...headers },
      body,
      redirect: 'manual',
    });
    const setCookie = response.headers.getSetCookie();
    for (const one of setCookie) this.keep(one);
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      location: response.headers.get('location'),
      setCookie,
      text,
      body: isJson && text ? JSON.parse(text) : undefined,
      forms: formsIn(text),
    };
  }

  private keep(setCookie: string): void {
    const [, name, value] = /^([^=;]+)=([^;]*)/.exec(setCookie)!;
    const gone = /;\s*max-age=0\b/i.test(setCookie) || /;\s*expires=[^;]*\b1970\b/i.test(setCookie);
    if (gone) this.cookies.delete(name!);
    else this.cookies.set(name!, value!);
  }
}

/** A browser in which the owner of the test environment, or somebody else, is signed in. */
export async function signedIn(
  env: TestEnvironment,
  { username, password } = env.ownerCredentials,
): Promise<Browser> {
  const browser = new Browser(env.url);
  const { status, text } = await browser.signIn(username, password);
  if (status !== 303) throw new Error(`Nobody is signed in: ${status} ${text}`);
  return browser;
}

/** The forms of our own pages, which quote every attribute. */
function formsIn(text: string): PageForm[] {
  return [...text.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, attributes, content]) => ({
    method: attribute(attributes!, 'method') ?? 'get',
    action: attribute(attributes!, 'action') ?? '',
    ...optionsOf(attribute(attributes!, 'data-options')),
    fields: Object.fromEntries(
      [...content!.matchAll(/<input\b([^>]*)>/g)].flatMap(([, input]) => {
        const name = attribute(input!, 'name');
        return name === undefined ? [] : [[name, attribute(input!, 'value') ?? '']];
      }),
    ),
  }));
}

function optionsOf(text: string | undefined): Pick<PageForm, 'options'> {
  return text === undefined ? {} : { options: JSON.parse(text) };
}

function attribute(attributes: string, name: string): string | undefined {
  const [, value] = new RegExp(`\\b${name}="([^"]*)"`).exec(attributes) ?? [];
  return value?.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
