import type { Sound } from '../../../test/toolkit/measure/wav';

export interface Series {
  readonly name: string;
  /** Name of a colour of the page's style sheet. */
  readonly color: string;
  readonly style: 'line' | 'dots' | 'steps';
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A stretch of time that is marked behind the curves. */
export interface Band {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly kind: 'call' | 'hold';
}

export interface Plot {
  readonly unit: string;
  readonly series: readonly Series[];
  readonly bands?: readonly Band[];
  /** End of the axis of time, s. */
  readonly seconds: number;
  readonly yMin?: number;
  /** At least so high; higher when the values are. */
  readonly yMax: number;
  /** A line across, as for a budget. */
  readonly limit?: { readonly value: number; readonly label: string };
}

const WIDTH = 1000;
const HEIGHT = 190;
const LEFT = 56;
const RIGHT = 14;
const TOP = 22;
const BOTTOM = 26;

/** An SVG element with axes, bands, curves and a legend. */
export function plotSvg(plot: Plot): string {
  const values = plot.series.flatMap((series) => series.points.map(([, y]) => y));
  const yMin = plot.yMin ?? 0;
  const yMax = niceAbove(values.reduce((most, value) => Math.max(most, value), plot.yMax));
  const x = (seconds: number): number => LEFT + (seconds / plot.seconds) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number =>
    HEIGHT - BOTTOM - ((value - yMin) / (yMax - yMin)) * (HEIGHT - TOP - BOTTOM);
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    ...(plot.bands ?? []).map((band) => bandSvg(band, x)),
    ...horizontalLines(yMin, yMax, plot.unit, y),
    timeAxis(plot.seconds, x),
    ...(plot.limit ? [limitSvg(plot.limit, y)] : []),
    ...plot.series.map((series) => seriesSvg(series, x, y)),
    legend(plot.series),
    '</svg>',
  ].join('\n');
}

/** The envelope of a sound over time, with silence as a thin line. */
export function waveformSvg(sound: Sound, color: string): string {
  const columns = 900;
  const seconds = sound.samples.length / sound.rate;
  const step = Math.max(1, Math.floor(sound.samples.length / columns));
  const peak = sound.samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0.01);
  const middle = 60;
  const x = (column: number): number => LEFT + (column / columns) * (WIDTH - LEFT - RIGHT);
  const bars: string[] = [];
  for (let column = 0; column < columns; column += 1) {
    let low = 0;
    let high = 0;
    for (const sample of sound.samples.subarray(column * step, (column + 1) * step)) {
      if (sample < low) low = sample;
      if (sample > high) high = sample;
    }
    const top = middle - (high / peak) * 50 - 0.4;
    const bottom = middle - (low / peak) * 50 + 0.4;
    bars.push(`M${x(column).toFixed(1)} ${top.toFixed(1)}V${bottom.toFixed(1)}`);
  }
  const scale = (time: number): number => LEFT + (time / seconds) * (WIDTH - LEFT - RIGHT);
  return [
    `<svg viewBox="0 0 ${WIDTH} 140" role="img">`,
    `<path d="${bars.join('')}" stroke="var(--${color})" stroke-width="1.1" fill="none"/>`,
    `<g transform="translate(0 ${140 - HEIGHT})">${timeAxis(seconds, scale)}</g>`,
    '</svg>',
  ].join('\n');
}

function bandSvg({ from, to, label, kind }: Band, x: (seconds: number) => number): string {
  const width = Math.max(0, x(to) - x(from));
  const height = HEIGHT - TOP - BOTTOM;
  return (
    `<rect class="${kind}" x="${x(from).toFixed(1)}" y="${TOP}" width="${width.toFixed(1)}" height="${height}"/>` +
    `<text class="band" x="${(x(from) + width / 2).toFixed(1)}" y="${TOP + 14}" text-anchor="middle">${label}</text>`
  );
}

function horizontalLines(
  yMin: number,
  yMax: number,
  unit: string,
  y: (value: number) => number,
): string[] {
  return [0, 0.5, 1].map((share) => {
    const value = yMin + share * (yMax - yMin);
    const at = y(value).toFixed(1);
    const text = `${Number(value.toPrecision(3))}${share === 1 ? ` ${unit}` : ''}`;
    return (
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>` +
      `<text x="${LEFT - 8}" y="${Number(at) + 4}" text-anchor="end">${text}</text>`
    );
  });
}

function timeAxis(seconds: number, x: (seconds: number) => number): string {
  const step = seconds > 45 ? 10 : 5;
  const marks: string[] = [];
  for (let time = 0; time <= seconds; time += step) {
    const unit = time + step > seconds ? ' s' : '';
    marks.push(
      `<text x="${x(time).toFixed(1)}" y="${HEIGHT - 8}" text-anchor="middle">${time}${unit}</text>`,
    );
  }
  return marks.join('');
}

function limitSvg(limit: { value: number; label: string }, y: (value: number) => number): string {
  const at = y(limit.value);
  return (
    `<line class="limit" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/>` +
    `<text class="limit" x="${WIDTH - RIGHT}" y="${(at - 5).toFixed(1)}" text-anchor="end">${limit.label}</text>`
  );
}

function seriesSvg(
  { style, color, points }: Series,
  x: (seconds: number) => number,
  y: (value: number) => number,
): string {
  const at = points.map(([time, value]) => [x(time).toFixed(1), y(value).toFixed(1)] as const);
  if (style === 'dots') {
    const dots = at.map(([px, py]) => `M${px} ${py}h0`).join('');
    return `<path class="dots" d="${dots}" stroke="var(--${color})"/>`;
  }
  const path = at
    .map(([px, py], index) => {
      if (index === 0 || isBreak(points, index)) return `M${px} ${py}`;
      return style === 'steps' ? `H${px}V${py}` : `L${px} ${py}`;
    })
    .join('');
  return `<path class="curve" d="${path}" stroke="var(--${color})"/>`;
}

/** Nothing was measured between calls: no line is drawn there. */
function isBreak(points: Series['points'], index: number): boolean {
  return (points[index]?.[0] ?? 0) - (points[index - 1]?.[0] ?? 0) > 1.2;
}

function legend(series: readonly Series[]): string {
  let at = LEFT;
  return series
    .map(({ name, color }) => {
      const text =
        `<rect x="${at}" y="5" width="10" height="10" rx="2" fill="var(--${color})"/>` +
        `<text x="${at + 15}" y="14" class="legend">${name}</text>`;
      at += 32 + name.length * 7.2;
      return text;
    })
    .join('');
}

/** 1, 2 or 5 times a power of ten, not below `value`. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((candidate) => candidate * power >= value * 0.999) ?? 10;
  return step * power;
}
