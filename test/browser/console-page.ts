import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { TestEnvironment } from '../support/create-test-environment.js';
import { shoot } from './chromium.js';

export const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
export type Size = keyof typeof SIZES;
export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

interface OpenOptions {
  /** By default the first owner. */
  as?: { username: string; password: string };
  /** Below /console. */
  path?: string;
  size?: Size;
  theme?: Theme;
}

/** For one step, on a machine that has other things to do. */
const TIMEOUT_MS = 15_000;
/** What of axe is not borne. */
const IMPACTS = ['serious', 'critical'];
/** The parts of a page that say it is not all there yet. */
const UNFINISHED = '[aria-busy=true], [role=status][aria-label=Loading], .mantine-Skeleton-root';

/** The console in a browser of its own, as somebody who signed in by the page's own forms. */
export class ConsolePage {
  /**
   * What no page may do: errors and warnings on the browser's console, errors that nobody caught,
   * breaches of the content security policy, requests to other hosts. A spec ends with
   * `expect(console.complaints).toEqual([])`.
   */
  readonly complaints: string[] = [];
  private readonly forgiven: RegExp[] = [];

  private constructor(
    private readonly url: string,
    readonly context: BrowserContext,
    /** Playwright's, for everything that a spec does itself. */
    readonly page: Page,
  ) {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complain(message.text());
    });
    page.on('pageerror', (error) => this.complain(`uncaught: ${error.message}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url()))
        this.complain(`request to ${request.url()}`);
    });
  }

  /** A browser in which nobody is signed in; it is nowhere yet. */
  static async blank(
    browser: Browser,
    env: TestEnvironment,
    { size = 'desktop', theme = 'light' }: OpenOptions = {},
  ): Promise<ConsolePage> {
    const context = await browser.newContext({
      viewport: SIZES[size],
      colorScheme: theme,
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(TIMEOUT_MS);
    await context.addInitScript(
      `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
         console.error('CSP: ' + violatedDirective + ' ' + blockedURI))`,
    );
    return new ConsolePage(env.publicUrl, context, await context.newPage());
  }

  /** Signs in, and waits until the page is there. */
  static async open(browser: Browser, env: TestEnvironment, options: OpenOptions = {}): Promise<ConsolePage> {
    const console = await ConsolePage.blank(browser, env, options);
    await console.page.goto(`${env.publicUrl}/console${options.path ?? '/'}`);
    await console.signIn(options.as ?? env.ownerCredentials);
    await console.settled();
    return console;
  }

  /** Fills in the sign-in page, which the browser must be on. */
  async signIn({ username, password }: { username: string; password: string }): Promise<void> {
    await this.page.getByLabel('Username').fill(username);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.waitForURL(`${this.url}/console/**`);
  }

  /** Opens a page as a link from outside does: by a redirect through the authorization endpoint. */
  async goto(path: string): Promise<void> {
    await this.page.goto(`${this.url}/console${path}`);
    // The callback's address is under /console, too.
    await this.page.waitForURL((url) => url.pathname + url.search === `/console${path}`);
    await this.settled();
  }

  /** Opens a page as a click in the navigation does: without a reload. Only pages that are in it. */
  async follow(label: string): Promise<void> {
    const burger = this.page.getByRole('button', { name: 'Open the navigation' });
    if (await burger.isVisible()) await burger.click();
    const link = this.page.getByRole('navigation').getByRole('link', { name: label, exact: true });
    await link.click();
    await link.and(this.page.locator('[aria-current=page]')).waitFor({ state: 'attached' });
    await this.settled();
  }

  /** Waits until the page has its heading, and nothing of it is still loading. */
  async settled(): Promise<void> {
    await this.page.getByRole('heading', { level: 1 }).first().waitFor();
    await this.page.locator(UNFINISHED).first().waitFor({ state: 'detached' });
  }

  /** The page changes its colours without a reload. */
  async wear(theme: Theme): Promise<void> {
    await this.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await this.page.locator(`html[data-mantine-color-scheme=${theme}]`).waitFor({ state: 'attached' });
    // Chromium now and then leaves an inherited colour as it was; a property that all inherit makes it look again.
    await this.page.evaluate(`document.body.style.setProperty('--worn', '${theme}')`);
    await this.drawn();
  }

  async resize(size: Size): Promise<void> {
    await this.page.setViewportSize(SIZES[size]);
    await this.drawn();
  }

  /** Keeps a picture in the folder of artefacts: `console-<name>.png`. */
  async shoot(name: string): Promise<void> {
    await shoot(this.page, `console-${name}`);
  }

  /**
   * What axe finds serious or critical: a rule and where it is broken, a line each. What it finds is
   * looked at a second time: a fault is still there then, a colour on its way is not.
   * @param coloursAlone where all else was looked at, in another theme
   */
  async accessibilityFaults({ coloursAlone = false } = {}): Promise<string[]> {
    const faults = await this.axeFaults(coloursAlone);
    if (faults.length === 0) return faults;
    await this.drawn();
    return this.axeFaults(coloursAlone);
  }

  private async axeFaults(coloursAlone: boolean): Promise<string[]> {
    // By the debugger: no policy of the page stands in its way.
    await this.page.evaluate(axe.source);
    const rules = coloursAlone ? { runOnly: ['color-contrast'] } : {};
    const violations = await this.page.evaluate<axe.Result[]>(
      `axe.run(document, ${JSON.stringify({ resultTypes: ['violations'], ...rules })}).then(({ violations }) => violations)`,
    );
    return violations
      .filter(({ impact }) => IMPACTS.includes(impact ?? ''))
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, any }) => `${id} at ${target.join(' ')}: ${any[0]?.message ?? ''}`),
      );
  }

  /** Whether the page as a whole scrolls sideways, which no page does. */
  scrollsSideways(): Promise<boolean> {
    return this.page.evaluate(`document.documentElement.scrollWidth > document.documentElement.clientWidth`);
  }

  /** Until what follows from a change of the page's size or colours is on the screen. */
  private async drawn(): Promise<void> {
    const frame = 'new Promise((done) => requestAnimationFrame(() => setTimeout(done)))';
    for (let frames = 0; frames < 3; frames += 1) await this.page.evaluate(frame);
  }

  /** For a story that wants a refusal, which Chromium notes on its console: `/status of 412/`. */
  forgive(complaint: RegExp): void {
    this.forgiven.push(complaint);
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  private complain(text: string): void {
    if (!this.forgiven.some((one) => one.test(text))) this.complaints.push(text);
  }
}
