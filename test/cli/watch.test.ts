import { describe, expect, it } from 'vitest';
import { NoAgentException } from '../../src/cli/command-client';
import { type WatchedAgent, watch } from '../../src/cli/watch';
import { STATUS_EXAMPLE } from '../../src/control';

interface Watched {
  readonly text: string;
  readonly outcome: boolean | string;
}

/** Watches an agent that says `notifications` after the first look, then stops or vanishes. */
async function watched(
  json: boolean,
  terminal: { isTTY?: boolean; columns?: number },
  notifications: readonly (readonly [string, unknown])[],
): Promise<Watched> {
  let text = '';
  let looks = 0;
  const client: WatchedAgent = {
    onNotification: () => undefined,
    status: async () => {
      looks += 1;
      if (looks > 1) throw new NoAgentException('gone');
      setImmediate(() => {
        for (const [type, param] of notifications) client.onNotification(type, param);
      });
      return STATUS_EXAMPLE;
    },
  };
  const outcome = await watch(client, json, {
    ...terminal,
    write: (part) => {
      text += part;
    },
  }).catch((error: unknown) => String(error));
  return { text, outcome };
}

const EVENTS = [
  ['camera', { state: 'idle' }],
  ['stopping', undefined],
] as const;

describe('watching', () => {
  it('redraws one line in place on a terminal, events above it', async () => {
    const { text, outcome } = await watched(false, { isTTY: true, columns: 31 }, EVENTS);
    const line = '2 active 0:14 home@example.org';
    expect(text).toBe(
      `\r\x1b[2K${line}\r\x1b[2Kcamera: state idle\n${line}\r\x1b[2Kstopping\n${line}\n`,
    );
    expect(outcome).toBe(true);
  });

  it('writes plain lines elsewhere', async () => {
    const { text } = await watched(false, {}, EVENTS);
    expect(text.split('\n')).toEqual([
      expect.stringMatching(/^2 active .* \| registered \| camera streaming$/),
      'camera: state idle',
      'stopping',
      '',
    ]);
  });

  it('writes objects for programs', async () => {
    const { text } = await watched(true, { isTTY: true }, EVENTS);
    const lines = text
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).toEqual([
      { msg_id: 7, type: 'voip_status', param: STATUS_EXAMPLE },
      { msg_id: 7, type: 'voip_camera', param: { state: 'idle' } },
      { msg_id: 7, type: 'voip_stopping' },
    ]);
  });

  it('fails when the agent vanishes without a word', async () => {
    const { outcome } = await watched(false, {}, [['camera', { state: 'idle' }]]);
    expect(outcome).toBe('NoAgentException: gone');
  });
});
