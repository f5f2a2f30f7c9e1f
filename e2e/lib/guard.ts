// Watches every page of a test for what must never happen: console errors, uncaught
// exceptions, CSP violations, requests to hosts that are not ours.

import { type BrowserContext, type ConsoleMessage, type Request, expect } from '@playwright/test';

// The page asks who is signed in; the browser itself reports the 401 to the console.
const SIGNED_OUT = /the server responded with a status of 401 .*\/api\/v1\/me$/;

const REPORT = 'reportCspViolation';

export class Guard {
  readonly #hosts = new Set<string>();
  readonly #faults: string[] = [];
  readonly #expected: RegExp[] = [SIGNED_OUT];

  constructor(...urls: string[]) {
    for (const url of urls) this.#hosts.add(new URL(url).host);
  }

  async watch(context: BrowserContext): Promise<void> {
    context.on('console', (message) => this.#console(message));
    context.on('weberror', (error) => this.#faults.push(`uncaught: ${error.error().message}`));
    context.on('request', (request) => this.#request(request));
    await context.exposeBinding(REPORT, (_source, violation: string) => {
      this.#faults.push(`CSP: ${violation}`);
    });
    await context.addInitScript((report) => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const send = (window as unknown as Record<string, (text: string) => void>)[report];
        send(`${event.violatedDirective} refused ${event.blockedURI} on ${event.documentURI}`);
      });
    }, REPORT);
  }

  /** From here on a console error that matches is part of the test. */
  expectErrors(...patterns: RegExp[]): void {
    this.#expected.push(...patterns);
  }

  /** Fails with everything that was seen. */
  verify(): void {
    const unexpected = this.#faults.filter(
      (fault) => !this.#expected.some((pattern) => pattern.test(fault)),
    );
    expect(unexpected, 'console errors, CSP violations, foreign requests').toEqual([]);
  }

  #console(message: ConsoleMessage): void {
    if (message.type() === 'error') {
      this.#faults.push(`console: ${message.text()} ${message.location().url}`);
    }
  }

  #request(request: Request): void {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && !this.#hosts.has(url.host)) {
      this.#faults.push(`foreign request: ${request.method()} ${url.href}`);
    }
  }
}
