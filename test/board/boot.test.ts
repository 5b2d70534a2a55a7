import { describe, expect, it } from 'vitest';
import { runScript } from './support/node-agent';

/** The boards as `board/vboard/run` boots them; the emulated calls on them are the other files of this folder. */
describe.each([
  ['amd64', '2', '512', 'x64'],
  ['arm64', '1', '96', 'arm64'],
])('the %s board', (arch, cpus, memory, processor) => {
  it('boots with snd-aloop, snd-dummy and Node, and gives back what a command says', async () => {
    const { ok, output } = await runScript(
      ['board/vboard/run', arch],
      [
        ...['-c', cpus, '-m', memory, '-t', '120', '--'],
        'cat /proc/asound/cards; nproc; node -p process.arch; exit 0',
      ],
    );
    expect(output).toMatch(/Loopback/);
    expect(output).toMatch(/Dummy/);
    expect(output.trim().split('\n').slice(-2)).toEqual([cpus, processor]);
    expect(ok).toBe(true);
  });

  it('tells that a command failed', async () => {
    const { ok, output } = await runScript(
      [
        'sh',
        '-c',
        // A board that does not boot ends with another code, and never says that it arrived.
        'board/vboard/run "$@"; code=$?; echo "code $code"; exit $code',
        'sh',
      ],
      [arch, '-c', cpus, '-m', memory, '--', 'echo arrived; exit 3'],
    );
    expect(output).toMatch(/^arrived$/m);
    expect(output).toMatch(/^code 3$/m);
    expect(ok).toBe(false);
  });
});
