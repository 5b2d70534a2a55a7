import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  type BrowserContextOptions,
  type Browser as Chromium,
  chromium,
  type Page,
} from 'playwright-core';
import * as v from 'valibot';

const PROGRAM = '/usr/bin/chromium';
/** Longest wait for something to come on the screen, ms. */
const TIMEOUT_MS = 20_000;

/** What axe found wrong, with where it is. */
export interface Finding {
  readonly rule: string;
  readonly impact: string;
  readonly places: readonly string[];
}

const AxeResult = v.object({
  violations: v.array(
    v.object({
      id: v.string(),
      impact: v.nullable(v.string()),
      nodes: v.array(v.object({ target: v.array(v.unknown()) })),
    }),
  ),
});

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** Debian's Chromium: one process, and a profile of its own for each who looks. */
export class Browser {
  readonly #chromium: Chromium;
  readonly #folder: string;
  /** What pages complained of: of themselves, not of a server that is away or says no. */
  readonly complaints: string[] = [];

  private constructor(browser: Chromium, folder: string) {
    this.#chromium = browser;
    this.#folder = folder;
  }

  /**
   * @param folder for pictures of the screen.
   * @param voice file that its microphone hears, over and over.
   */
  static async start(folder: string, voice?: string): Promise<Browser> {
    mkdirSync(folder, { recursive: true });
    const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
    const telephone = [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${voice}`,
      // Otherwise it looks for no way from this machine to itself.
      '--allow-loopback-in-peer-connection',
    ];
    const browser = await chromium.launch({
      executablePath: PROGRAM,
      args: voice === undefined ? args : [...args, ...telephone],
    });
    return new Browser(browser, folder);
  }

  /** Somebody new at a browser, and the page at `url`. */
  async open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#chromium.newContext({
      locale: 'en-GB',
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      ...options,
    });
    context.setDefaultTimeout(TIMEOUT_MS);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(`${error.name}: ${error.message}`));
    page.on('console', (message) => {
      const isWrong = message.type() === 'error' || message.type() === 'warning';
      if (isWrong && !message.text().startsWith('Failed to load resource')) {
        this.complaints.push(message.text());
      }
    });
    await page.goto(url);
    return page;
  }

  /** Keeps what is on the screen, to be looked at by people. */
  async picture(page: Page, name: string): Promise<void> {
    await page.screenshot({ path: join(this.#folder, `${name}.png`) });
  }

  /** What axe-core finds that keeps people out. */
  async barriers(page: Page): Promise<Finding[]> {
    if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axeSource);
    const found: unknown = await page.evaluate('axe.run({ resultTypes: ["violations"] })');
    const { violations } = v.parse(AxeResult, found);
    return violations
      .map(({ id, impact, nodes }) => ({
        rule: id,
        impact: impact ?? '',
        places: nodes.map(({ target }) => target.join(' ')),
      }))
      .filter(({ impact }) => impact === 'serious' || impact === 'critical');
  }

  async stop(): Promise<void> {
    await this.#chromium.close();
  }
}
