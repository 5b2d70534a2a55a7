import type { SpeechMatch } from '../../../test/toolkit/measure/speech';
import type { DemoFigures } from './demo-figures';

/** A line of the table: what was measured, and what it has to be. */
export interface Line {
  readonly what: string;
  readonly measured: string;
  readonly wanted: string;
  /** Undefined where there is nothing to keep. */
  readonly kept?: boolean;
  /** What the demonstration is for: that all arrives. The others are budgets, which a busy machine misses. */
  readonly isPromise?: true;
}

/** What came of a table, for the last line of JSON. */
export interface Verdict {
  /** Every promise was kept. */
  readonly ok: boolean;
  /** Each line that was not kept, promise or budget. */
  readonly missed: readonly string[];
}

export function verdictOf(lines: readonly Line[]): Verdict {
  const missed = lines.filter(({ kept }) => kept === false);
  return {
    ok: !missed.some(({ isPromise }) => isPromise),
    missed: missed.map(({ what, measured, wanted }) => `${what}: ${measured}, wanted ${wanted}`),
  };
}

/** The table that the demonstration prints and shows. */
export function tableOf(figures: DemoFigures, resumed: SpeechMatch): Line[] {
  const { calls, phoneHeard, cameraPlayed, phoneSaw, rtp, agent } = figures;
  const atLeast = (value: number, limit: number): boolean => value >= limit;
  return [
    {
      what: 'calls made and ended',
      measured: String(calls),
      wanted: '2',
      kept: calls === 2,
      isPromise: true,
    },
    {
      what: `phone heard the camera (${phoneHeard.seconds} s), correlation`,
      measured: phoneHeard.correlation.toFixed(4),
      wanted: '≥ 0.95',
      kept: atLeast(phoneHeard.correlation, 0.95),
      isPromise: true,
    },
    {
      what: `the same after the hold (${resumed.seconds.toFixed(1)} s, decoded from RTP)`,
      measured: resumed.correlation.toFixed(4),
      wanted: '≥ 0.95',
      kept: atLeast(resumed.correlation, 0.95),
      isPromise: true,
    },
    {
      what: `camera played the phone (${cameraPlayed.seconds} s), correlation`,
      measured: cameraPlayed.correlation.toFixed(4),
      wanted: '≥ 0.95',
      kept: atLeast(cameraPlayed.correlation, 0.95),
      isPromise: true,
    },
    {
      what: `pictures received, ${phoneSaw.width} x ${phoneSaw.height}`,
      measured: String(phoneSaw.frames),
      wanted: '',
    },
    {
      what: 'picture numbers missing',
      measured: String(phoneSaw.frameGaps),
      wanted: '0',
      kept: phoneSaw.frameGaps === 0,
      isPromise: true,
    },
    {
      what: 'first picture after the ACK',
      measured: `${phoneSaw.firstPictureMs.toFixed(1)} ms`,
      wanted: '≤ 150 ms',
      kept: phoneSaw.firstPictureMs <= 150,
    },
    { what: 'RTP packets sent by the camera', measured: String(rtp.sent), wanted: '' },
    {
      what: 'RTP packets lost',
      measured: String(rtp.lost),
      wanted: '0',
      kept: rtp.lost === 0,
      isPromise: true,
    },
    {
      what: 'audio off its 20 ms grid, p99',
      measured: `${rtp.audioPacingP99Ms.toFixed(3)} ms`,
      wanted: '≤ 0.5 ms',
      kept: rtp.audioPacingP99Ms <= 0.5,
    },
    {
      what: 'agent: CPU while talking, of one core',
      measured: `${agent.cpuPercent.toFixed(2)} %`,
      wanted: '',
    },
    {
      what: 'agent: memory resident',
      measured: `${agent.rssMb.toFixed(1)} MB`,
      wanted: '≤ 52 MB',
      kept: agent.rssMb <= 52,
    },
    {
      what: 'agent: memory private and dirty',
      measured: `${agent.privateDirtyMb.toFixed(1)} MB`,
      wanted: '≤ 14 MB',
      kept: agent.privateDirtyMb <= 14,
    },
    {
      what: 'agent: start to ready',
      measured: `${agent.startToReadyMs} ms`,
      wanted: '≤ 400 ms',
      kept: agent.startToReadyMs <= 400,
    },
  ];
}
