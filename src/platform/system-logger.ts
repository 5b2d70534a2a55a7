import { spawn } from 'node:child_process';
import { connect } from 'node:net';

/** Where syslogd listens. */
const DEV_LOG = '/dev/log';
/** While lines are written, it is looked at so often whether somebody still listens there, ms. */
const LOOK_MS = 10_000;

/** A child that takes lines of one priority. */
export interface LineSink {
  /** Octets that it has not taken yet. */
  readonly pending: number;
  write(line: string): void;
  end(): void;
}

/** Starts one; `onEnd` once, whatever ends it, and if it could not be started. */
export type StartLogger = (priority: string, onEnd: (reason: string) => void) => LineSink;

/**
 * `logger` of busybox or util-linux, which has /dev/log to itself: whatever that does holds up nobody here. It says
 * nothing when nobody listens there, so that is looked at before its first line and now and then.
 */
export function systemLogger(tag: string, path = DEV_LOG): StartLogger {
  return (priority, onEnd) => {
    // In a session of its own: Ctrl-C is for the agent, whose last lines are still to come.
    const child = spawn('logger', ['-t', tag, '-p', priority], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    child.unref();
    // Without a file descriptor left there is no stream, whatever the types say; its error comes as an event.
    const stdin: typeof child.stdin | undefined = child.stdin;
    let looked = 0;
    let hasEnded = false;
    const end = (reason: string): void => {
      if (hasEnded) return;
      hasEnded = true;
      stdin?.destroy();
      onEnd(reason);
    };
    const look = (): void => {
      looked = performance.now();
      findListener(path, (missing) => {
        if (missing !== undefined) end(missing);
        else stdin?.uncork();
      });
    };
    child.on('error', (error) => end(error.message));
    child.on('exit', (code, signal) => end(`logger ended (${signal ?? code})`));
    stdin?.on('error', () => undefined);
    stdin?.cork();
    look();
    return {
      get pending() {
        return stdin?.writableLength ?? 0;
      },
      write: (line) => {
        stdin?.write(line);
        if (performance.now() - looked > LOOK_MS) look();
      },
      end: () => {
        hasEnded = true;
        stdin?.end();
      },
    };
  };
}

/** Tells why nobody listens at a Unix socket; undefined when somebody does. */
function findListener(path: string, tell: (missing: string | undefined) => void): void {
  const socket = connect(path);
  socket.unref();
  socket.on('connect', () => {
    socket.destroy();
    tell(undefined);
  });
  // A stream cannot be connected with a socket for datagrams: EPROTOTYPE, if there is one that lives.
  socket.on('error', ({ code, message }: NodeJS.ErrnoException) =>
    tell(code === 'EPROTOTYPE' ? undefined : message),
  );
}
