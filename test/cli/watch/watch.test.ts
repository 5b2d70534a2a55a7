import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { CommandException, NoAgentException } from '../../../src/cli/command-client';
import { type WatchedAgent, watch } from '../../../src/cli/watch/watch';
import { STATUS_EXAMPLE } from '../../../src/control';
import { TerminalPages } from '../../toolkit/measure/terminal';

const NOW = new Date(Date.UTC(2026, 10, 23, 5, 36, 28));

class FakeKeyboard extends EventEmitter {
  isTTY = true;
  isRaw = false;
  setRawMode(raw: boolean): void {
    this.isRaw = raw;
  }
  resume(): void {
    // There is no stream.
  }
  pause(): void {
    // There is no stream.
  }
  press(keys: string): void {
    this.emit('data', Buffer.from(keys));
  }
}

interface Scene {
  readonly client: WatchedAgent;
  readonly keyboard: FakeKeyboard;
  readonly pages: TerminalPages;
  readonly asked: string[];
  readonly output: EventEmitter;
}

interface Watched {
  readonly text: string;
  readonly pages: TerminalPages;
  readonly keyboard: FakeKeyboard;
  readonly asked: readonly string[];
  readonly outcome: string;
}

/** Watches an agent to which after the first look something happens, and which is gone at the third. */
async function watched(
  scene: { json?: boolean; isTTY?: boolean; environment?: Record<string, string> },
  happens: (scene: Scene) => void,
): Promise<Watched> {
  let text = '';
  let looks = 0;
  const pages = new TerminalPages(80, 24);
  const keyboard = new FakeKeyboard();
  const asked: string[] = [];
  const client: WatchedAgent = {
    onNotification: () => undefined,
    command: async (name) => {
      asked.push(name);
      if (name === 'answer')
        throw new CommandException({ rval: -14, msg_id: 1, reason: 'no call waits' });
      return undefined;
    },
    status: async () => {
      looks += 1;
      if (looks > 2) throw new NoAgentException('gone');
      if (looks === 1) setImmediate(() => happens({ client, keyboard, pages, asked, output }));
      return STATUS_EXAMPLE;
    },
  };
  const output = Object.assign(new EventEmitter(), {
    isTTY: scene.isTTY ?? false,
    get columns() {
      return pages.columns;
    },
    get rows() {
      return pages.rows;
    },
    write: (part: string) => {
      text += part;
      pages.write(part);
    },
  });
  Object.defineProperties(output, {
    columns: { get: () => pages.columns },
    rows: { get: () => pages.rows },
  });
  const listeners = process.listenerCount('SIGTERM');
  const outcome = await watch(client, {
    json: scene.json ?? false,
    output,
    keyboard,
    environment: scene.environment ?? { TERM: 'xterm', LANG: 'C.UTF-8' },
    now: () => NOW,
  }).then(() => 'ended', String);
  expect(process.listenerCount('SIGTERM')).toBe(listeners);
  expect(output.listenerCount('resize')).toBe(0);
  return { text, pages, keyboard, asked, outcome };
}

const tell =
  (...events: (readonly [string, unknown])[]) =>
  ({ client }: Scene): void => {
    for (const [type, param] of events) client.onNotification(type, param);
  };
const STOPS = tell(
  ['camera', { state: 'idle' }],
  ['quality', { call: 2 }],
  ['stopping', undefined],
);

describe('watching', () => {
  it('takes the whole page of a terminal, and gives it back at the end', async () => {
    let during = '';
    const { pages, keyboard, outcome } = await watched({ isTTY: true }, (scene) => {
      expect(scene.keyboard.isRaw).toBe(true);
      tell(['camera', { state: 'idle' }])(scene);
      during = scene.pages.text;
      expect(scene.pages.isAlternate).toBe(true);
      tell(['stopping', undefined])(scene);
    });
    expect(during).toMatch(/^dashvoip \S+ {2}up /);
    expect(during).toContain('call 2: active 0:14, to sip:home@example.org');
    expect(during).toContain('05:36:28  camera: state idle');
    expect(outcome).toBe('ended');
    expect([pages.isAlternate, pages.isCursorShown, keyboard.isRaw, pages.text]).toEqual([
      ...[false, true, false, ''],
    ]);
    expect(keyboard.listenerCount('data')).toBe(0);
  });

  it('draws anew for another size', async () => {
    let before: readonly string[] = [];
    let after: readonly string[] = [];
    await watched({ isTTY: true }, (scene) => {
      before = scene.pages.lines;
      scene.pages.resize(100, 30);
      scene.output.emit('resize');
      after = scene.pages.lines;
      scene.keyboard.press('q');
    });
    expect(before[23]).toBe(' q quit  a answer  h hang up');
    expect([after[23], after[29]]).toEqual(['', ' q quit  a answer  h hang up']);
    expect(after[0]?.length).toBeGreaterThan(95);
  });

  it.each(['q', 'Q', '\x03', '\x04'])('ends at the key %j', async (key) => {
    const { outcome } = await watched({ isTTY: true }, ({ keyboard }) => keyboard.press(key));
    expect(outcome).toBe('ended');
  });

  it('answers and hangs up at keys, and says what the agent refuses', async () => {
    let shown = '';
    const { asked } = await watched({ isTTY: true }, ({ keyboard, pages }) => {
      keyboard.press('zh\x1b');
      keyboard.press('a');
      // An arrow, whose letter is none of ours.
      keyboard.press('\x1bh');
      setTimeout(() => {
        shown = pages.text;
        keyboard.press('q');
      }, 20);
    });
    expect(asked).toEqual(['hangup', 'answer']);
    expect(shown).toContain('05:36:28  no call waits');
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends in order at %s', async (signal) => {
    const { outcome, pages } = await watched({ isTTY: true }, () => process.emit(signal, signal));
    expect(outcome).toBe('ended');
    expect(pages.isAlternate).toBe(false);
  });

  it('gives the page back before it says that the agent is gone', async () => {
    const { pages, keyboard, outcome } = await watched({ isTTY: true }, tell(['camera', {}]));
    expect(outcome).toContain('gone');
    expect([pages.isAlternate, keyboard.isRaw]).toEqual([false, false]);
  });

  it('gives the page back when the process ends at once, as by a bug', async () => {
    let after: unknown[] = [];
    await watched({ isTTY: true }, ({ pages, keyboard }) => {
      for (const listener of process.listeners('exit').slice(-1))
        Reflect.apply(listener, process, [1]);
      after = [pages.isAlternate, pages.isCursorShown, keyboard.isRaw];
      keyboard.press('q');
      process.emit('SIGTERM', 'SIGTERM');
    });
    expect(after).toEqual([false, true, false]);
  });

  it.each([
    [false, { TERM: 'xterm' }],
    [true, { TERM: 'dumb' }],
    [true, {}],
  ])('writes plain lines where there is no page: terminal %j, %j', async (isTTY, environment) => {
    const { text, keyboard } = await watched({ isTTY, environment: { ...environment } }, STOPS);
    expect(text.split('\n')).toEqual([
      expect.stringMatching(/^2 active .* \| registered \| camera streaming$/),
      'camera: state idle',
      'stopping',
      '',
    ]);
    expect(keyboard.isRaw).toBe(false);
  });

  it('writes an object for each event and look with --json', async () => {
    const { text } = await watched({ json: true, isTTY: true }, STOPS);
    const types = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    expect(types).toEqual(['voip_status', 'voip_camera', 'voip_quality', 'voip_stopping']);
  });

  it('uses no colour where NO_COLOR forbids it', async () => {
    const seen = async (environment: Record<string, string>) => [
      ...(await watched({ isTTY: true, environment }, STOPS)).pages.styles,
    ];
    // What is left is the reset at the end.
    expect(await seen({ TERM: 'xterm', NO_COLOR: '1' })).toEqual(['0']);
    expect(await seen({ TERM: 'xterm' })).toContain('1');
  });
});
