import { notificationMessage, type StatusReply } from '../control';
import { NoAgentException } from './command-client';
import { notificationInWords, statusLine } from './status-words';

/** Where a watch writes: a terminal's stream, or any other. */
export interface WatchOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** What a watch needs of a command client. */
export interface WatchedAgent {
  onNotification: (type: string, param: unknown) => void;
  status(): Promise<StatusReply>;
}

const LOOK_MS = 1000;
/** Back to the first column and clear the line (ECMA-48). */
const CLEAR_LINE = '\r\x1b[2K';

/**
 * Shows an agent's state and quality until the process is interrupted or the agent stops.
 * @returns false when the agent vanished without a word.
 */
export async function watch(
  client: WatchedAgent,
  json: boolean,
  output: WatchOutput,
): Promise<boolean> {
  const view = json
    ? new JsonView(output)
    : output.isTTY
      ? new LiveView(output)
      : new PlainView(output);
  const wake = new Bell();
  let stopped = false;
  client.onNotification = (type, param) => {
    view.event(type, param);
    stopped ||= type === 'stopping';
    wake.ring();
  };
  const onSignal = (): void => {
    stopped = true;
    wake.ring();
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    while (!stopped) {
      view.look(await client.status());
      await wake.heard(LOOK_MS);
    }
    return true;
  } catch (error) {
    if (!(error instanceof NoAgentException)) throw error;
    if (stopped) return true;
    view.end();
    throw error;
  } finally {
    view.end();
  }
}

interface View {
  event(type: string, param: unknown): void;
  look(status: StatusReply): void;
  end(): void;
}

/** One line redrawn in place, events above it. */
class LiveView implements View {
  readonly #output: WatchOutput;
  #line = '';

  constructor(output: WatchOutput) {
    this.#output = output;
  }

  event(type: string, param: unknown): void {
    const words = notificationInWords(type, param);
    if (words) this.#output.write(`${CLEAR_LINE}${words}\n${this.#line}`);
  }

  look(status: StatusReply): void {
    // A line that wraps could not be redrawn in place.
    this.#line = statusLine(status).slice(0, (this.#output.columns ?? 80) - 1);
    this.#output.write(`${CLEAR_LINE}${this.#line}`);
  }

  end(): void {
    if (this.#line) this.#output.write('\n');
    this.#line = '';
  }
}

class PlainView implements View {
  readonly #output: WatchOutput;

  constructor(output: WatchOutput) {
    this.#output = output;
  }

  event(type: string, param: unknown): void {
    const words = notificationInWords(type, param);
    if (words) this.#output.write(`${words}\n`);
  }

  look(status: StatusReply): void {
    this.#output.write(`${statusLine(status)}\n`);
  }

  end(): void {
    // Every line is complete already.
  }
}

class JsonView implements View {
  readonly #output: WatchOutput;

  constructor(output: WatchOutput) {
    this.#output = output;
  }

  event(type: string, param: unknown): void {
    this.#output.write(`${JSON.stringify(notificationMessage(type, param))}\n`);
  }

  look(status: StatusReply): void {
    this.event('status', status);
  }

  end(): void {
    // Every line is complete already.
  }
}

/** Waits for a ring, or for some time. */
class Bell {
  #resolve: (() => void) | undefined;

  ring(): void {
    this.#resolve?.();
  }

  async heard(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#resolve = resolve;
      timer = setTimeout(resolve, limitMs);
    });
    clearTimeout(timer);
    this.#resolve = undefined;
  }
}
