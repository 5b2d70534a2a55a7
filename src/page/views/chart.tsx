import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { Sample } from '../model';
import { useSay } from '../words';

/** One line of a plot. */
export interface Series {
  readonly label: string;
  readonly of: keyof Omit<Sample, 'at'>;
}

interface ChartProps {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly Series[];
  readonly samples: readonly Sample[];
  /** The least that the axis spans. */
  readonly span: readonly [number, number];
  /** Whether the axis grows with what is shown. */
  readonly isFixed?: boolean;
}

const HEIGHT = 130;
const WINDOW_S = 300;
/** Plots with the same key move their cursors together. */
const CURSORS = 'dashvoip';

/** A plot that grows with its samples; for those who do not see it, its last values in words. */
export function Chart(props: ChartProps) {
  const { title, unit, series, samples } = props;
  const say = useSay();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  // Made anew with other colours or words only: uPlot keeps its canvas.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const make = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsFor(props, element), dataOf(props), element);
    };
    make();
    const watch = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    watch.observe(element);
    dark.addEventListener('change', make);
    return () => {
      watch.disconnect();
      dark.removeEventListener('change', make);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [title]);
  useEffect(() => plot.current?.setData(dataOf(props)));
  const last = samples[samples.length - 1];
  const now = series
    .map(({ label, of }) => ({ label, value: last?.[of] }))
    .filter(({ value }) => value !== undefined);
  const values = now.map(({ label, value = 0 }) => `${label} ${shown(value)} ${unit}`.trim());
  return (
    <figure class="card chart">
      <figcaption>
        <h2>{title}</h2>
        <span class="values">
          {now.map(({ label, value = 0 }, place) => (
            <span key={label} class={`value line-${place}`}>
              <span class="swatch" />
              {series.length > 1 && <span>{label}</span>}
              <strong>
                {shown(value)} {unit}
              </strong>
            </span>
          ))}
        </span>
      </figcaption>
      <div
        ref={box}
        role="img"
        aria-label={[say('plotOf', title), say('now', values.join(', ') || '–')].join(', ')}
      />
    </figure>
  );
}

function shown(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

function dataOf({ series, samples }: ChartProps): uPlot.AlignedData {
  return [
    samples.map(({ at }) => at),
    ...series.map(({ of }) => samples.map((sample) => sample[of] ?? null)),
  ];
}

function optionsFor({ series, span, isFixed }: ChartProps, element: HTMLElement): uPlot.Options {
  const colour = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: colour('--soft-text'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  const [least, most] = span;
  return {
    width: element.clientWidth || 300,
    height: HEIGHT,
    legend: { show: false },
    cursor: { sync: { key: CURSORS }, y: false, drag: { x: false, y: false } },
    scales: {
      x: {
        time: true,
        range: (_, from, to) => [Math.max(from, to - WINDOW_S), Math.max(to, from + 30)],
      },
      y: {
        range: (_, lowest, highest) =>
          isFixed
            ? [least, most]
            : [Math.min(least, lowest ?? least), Math.max(most, 1.1 * (highest ?? most))],
      },
    },
    axes: [
      { ...axis, size: 24, values: [[1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 0]] },
      { ...axis, size: 38 },
    ],
    series: [
      {},
      ...series.map(({ label }, place) => ({
        label,
        stroke: colour(`--line-${place}`),
        width: 2,
        points: { show: false },
        spanGaps: false,
      })),
    ],
  };
}
