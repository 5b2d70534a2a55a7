import type { BridgeSnapshot } from '../media';
import { bridgeLine, bridgeNews, bridgeProblems, toCameraMs, toCardMs } from './words';

/** Where a display writes: a terminal's stream, or any other. */
export interface DisplayOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Shows a bridge's state, which it is given once a second and once more at the end. */
export interface Display {
  show(snapshot: BridgeSnapshot, uptimeS: number): void;
  end(snapshot: BridgeSnapshot, uptimeS: number): void;
}

/** Back to the first column and clear the line (ECMA-48). */
const CLEAR_LINE = '\r\x1b[2K';
const JSON_INTERVAL_S = 5;

/** One line redrawn in place on a terminal; elsewhere a line whenever something changes; or JSON. */
export function displayFor(output: DisplayOutput, json: boolean): Display {
  if (json) return jsonDisplay(output);
  return output.isTTY ? liveDisplay(output) : newsDisplay(output);
}

function liveDisplay(output: DisplayOutput): Display {
  return {
    show(snapshot) {
      // A line that wraps could not be redrawn in place.
      const line = bridgeLine(snapshot).slice(0, (output.columns ?? 80) - 1);
      output.write(`${CLEAR_LINE}${line}`);
    },
    end() {
      output.write('\n');
    },
  };
}

function newsDisplay(output: DisplayOutput): Display {
  let told = '';
  return {
    show(snapshot) {
      const news = bridgeNews(snapshot);
      if (news !== told) output.write(`${news}\n`);
      told = news;
    },
    end() {
      // What there was to say has been said.
    },
  };
}

function jsonDisplay(output: DisplayOutput): Display {
  const write = (snapshot: BridgeSnapshot, uptimeS: number): void => {
    const report = {
      uptimeS,
      ...snapshot,
      toCardMs: toCardMs(snapshot),
      toCameraMs: toCameraMs(snapshot),
      problems: bridgeProblems(snapshot),
    };
    output.write(`${JSON.stringify(report)}\n`);
  };
  let next = JSON_INTERVAL_S;
  let microphonePeak = 0;
  let speakerPeak = 0;
  return {
    show(snapshot, uptimeS) {
      microphonePeak = Math.max(microphonePeak, snapshot.microphonePeak);
      speakerPeak = Math.max(speakerPeak, snapshot.speakerPeak);
      if (uptimeS < next) return;
      next = uptimeS + JSON_INTERVAL_S;
      write({ ...snapshot, microphonePeak, speakerPeak }, uptimeS);
      microphonePeak = 0;
      speakerPeak = 0;
    },
    end: write,
  };
}
