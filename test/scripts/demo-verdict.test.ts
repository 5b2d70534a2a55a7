import { describe, expect, it } from 'vitest';
import { tableOf, verdictOf } from '../../scripts/lib/demo/budgets';
import type { DemoFigures } from '../../scripts/lib/demo/demo-figures';

const GOOD: DemoFigures = {
  calls: 2,
  phoneHeard: { correlation: 0.99, seconds: 5 },
  cameraPlayed: { correlation: 0.98, seconds: 5 },
  phoneSaw: { frames: 300, width: 1280, height: 720, firstPictureMs: 20, frameGaps: 0 },
  rtp: { sent: 1000, lost: 0, audioPacingP99Ms: 0.1 },
  agent: { cpuPercent: 1, rssMb: 45, privateDirtyMb: 10, startToReadyMs: 300 },
};

function verdict(figures: Partial<DemoFigures>, resumed = 0.99) {
  return verdictOf(
    tableOf({ ...GOOD, ...figures }, { correlation: resumed, seconds: 3, lagS: 0 } as never),
  );
}

describe('the verdict of the demonstration', () => {
  it('is ok when all was kept', () => {
    expect(verdict({})).toEqual({ ok: true, missed: [] });
  });

  it.each<[Partial<DemoFigures>, string]>([
    [{ calls: 1 }, 'calls made and ended: 1, wanted 2'],
    [{ phoneHeard: { correlation: 0.9, seconds: 5 } }, 'phone heard the camera'],
    [{ cameraPlayed: { correlation: 0.94, seconds: 5 } }, 'camera played the phone'],
    [{ phoneSaw: { ...GOOD.phoneSaw, frameGaps: 1 } }, 'picture numbers missing: 1, wanted 0'],
    [{ rtp: { ...GOOD.rtp, lost: 3 } }, 'RTP packets lost: 3, wanted 0'],
  ])('is not ok when something did not arrive: %j', (figures, missed) => {
    const { ok, missed: lines } = verdict(figures);
    expect(ok).toBe(false);
    expect(lines).toEqual([expect.stringContaining(missed)]);
  });

  it('is not ok when nothing is heard after the hold', () => {
    expect(verdict({}, 0.5)).toMatchObject({ ok: false });
  });

  it.each<[Partial<DemoFigures>, string]>([
    [
      { phoneSaw: { ...GOOD.phoneSaw, firstPictureMs: 151 } },
      'first picture after the ACK: 151.0 ms, wanted ≤ 150 ms',
    ],
    [
      { rtp: { ...GOOD.rtp, audioPacingP99Ms: 0.6 } },
      'audio off its 20 ms grid, p99: 0.600 ms, wanted ≤ 0.5 ms',
    ],
    [{ agent: { ...GOOD.agent, rssMb: 60 } }, 'agent: memory resident: 60.0 MB, wanted ≤ 52 MB'],
    [
      { agent: { ...GOOD.agent, startToReadyMs: 900 } },
      'agent: start to ready: 900 ms, wanted ≤ 400 ms',
    ],
  ])('lists a budget that was missed, though all arrived: %j', (figures, missed) => {
    expect(verdict(figures)).toEqual({ ok: true, missed: [missed] });
  });
});
