import { createHash } from 'node:crypto';
import { BRAND_MARK } from './brand.js';
import { html, Html } from './html.js';
import { STYLE } from './style.js';

export interface PageOptions {
  title: string;
  body: Html;
  /** HTTP status; default 200. */
  status?: number;
  /** Where a form of the page may lead in the end, beside this server: Chromium holds redirects to it too. */
  formAction?: string;
  /** The address of a script of our own that the page can do without. */
  script?: string;
  headers?: Record<string, string>;
}

/** Its hash counts every character between the tags. */
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);
const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** A whole page of our own: no script but one that it says, nothing from elsewhere, in no frame, kept by nobody. */
export class HtmlPage {
  readonly status: number;

  constructor(private readonly options: PageOptions) {
    this.status = options.status ?? 200;
  }

  headers(): Record<string, string> {
    const { formAction, script } = this.options;
    return {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': [
        "default-src 'none'",
        `style-src ${STYLE_HASH}`,
        ...(script === undefined ? [] : ["script-src 'self'"]),
        `form-action 'self'${formAction ? ` ${formAction}` : ''}`,
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join('; '),
      'cache-control': 'no-store',
      pragma: 'no-cache',
      ...this.options.headers,
    };
  }

  body(): string {
    const { title, body, script } = this.options;
    return html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title} · Postern</title>
          ${STYLE_ELEMENT}${script !== undefined && html`<script src="${script}" defer></script>`}
        </head>
        <body>
          <main>
            <p class="brand">${BRAND_MARK}Postern</p>
            <h1>${title}</h1>
            ${body}
          </main>
        </body>
      </html>`.text;
  }
}

/** RFC 9700 §4.12: 303, so that nothing that a form sent is sent on. */
export class SeeOther {
  constructor(readonly location: string) {}
}

/**
 * What `form-action` must name so that a form may end at a redirect URI: its origin, or its private-use
 * scheme. A source of CSP cannot be an IPv6 address (CSP 3 §2.3.1): there it is the scheme too.
 */
export function formActionOf(redirectUri: string): string {
  const { origin, protocol, hostname } = new URL(redirectUri);
  return origin === 'null' || hostname.startsWith('[') ? protocol : origin;
}
