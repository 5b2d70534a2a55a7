import type { StatusReply } from '../../control';
import { glyphsOf, paletteOf } from '../screen';
import { Bell } from './bell';
import { type Keyboard, type KeyPress, listenToKeys } from './keys';
import { ScreenView } from './screen-view';
import { JsonView, type Output, PlainView, type View } from './views';

/** Where a watch writes: a terminal's stream, or any other. */
export interface WatchOutput extends Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
}

/** What a watch needs of a command client. */
export interface WatchedAgent {
  onNotification: (type: string, param: unknown) => void;
  status(): Promise<StatusReply>;
  command(name: string): Promise<unknown>;
}

export interface WatchOptions {
  readonly json: boolean;
  readonly output: WatchOutput;
  readonly keyboard: Keyboard;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
}

const LOOK_MS = 1000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Shows an agent's state and quality until the process is interrupted, somebody quits or the agent stops. A terminal is
 * left as it was found, whatever ends the process.
 */
export async function watch(client: WatchedAgent, options: WatchOptions): Promise<void> {
  const view = viewFor(options);
  const bell = new Bell();
  const asked: KeyPress[] = [];
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    bell.ring();
  };
  client.onNotification = (type, param) => {
    view.event(type, param);
    stopped ||= type === 'stopping';
    bell.ring();
  };
  const onKey = (key: KeyPress): void => {
    if (key === 'quit') stop();
    else asked.push(key);
    bell.ring();
  };
  const release = holdTerminal(view, options, onKey, stop);
  try {
    while (!stopped) {
      for (const key of asked.splice(0)) await act(key, client, view);
      view.look(await client.status());
      await bell.heard(LOOK_MS);
    }
  } catch (error) {
    if (!stopped || !isA('NoAgentException', error)) throw error;
  } finally {
    release();
  }
}

function viewFor({ json, output, environment, now }: WatchOptions): View {
  if (json) return new JsonView(output);
  if (!output.isTTY || (environment.TERM ?? 'dumb') === 'dumb') return new PlainView(output);
  return new ScreenView(output, paletteOf(output, environment), glyphsOf(environment), now);
}

/** Whatever ends the process gives the terminal back first. */
function holdTerminal(
  view: View,
  { output, keyboard }: WatchOptions,
  onKey: (key: KeyPress) => void,
  stop: () => void,
): () => void {
  const screen = view instanceof ScreenView ? view : undefined;
  const releaseKeys = screen ? listenToKeys(keyboard, onKey) : (): void => undefined;
  const redraw = (): void => screen?.redraw();
  const giveBack = (): void => {
    view.end();
    releaseKeys();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  process.on('SIGCONT', redraw);
  process.on('exit', giveBack);
  output.on?.('resize', redraw);
  return () => {
    for (const signal of SIGNALS) process.off(signal, stop);
    process.off('SIGCONT', redraw);
    process.off('exit', giveBack);
    output.off?.('resize', redraw);
    giveBack();
  };
}

async function act(key: KeyPress, client: WatchedAgent, view: View): Promise<void> {
  if (key !== 'answer' && key !== 'hangup') {
    if (view instanceof ScreenView) view.redraw();
    return;
  }
  try {
    await client.command(key);
  } catch (error) {
    if (!isA('CommandException', error)) throw error;
    view.say(error.message);
  }
}

/** By its name: this is a file that loads on demand, in which the class would be another one. */
function isA(name: string, error: unknown): error is Error {
  return error instanceof Error && error.name === name;
}
