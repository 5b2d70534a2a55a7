import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jitterCurve, measurePacing } from '../../../test/toolkit/measure/rtp-stream';
import { runTool } from '../../../test/toolkit/process/process';
import type { Line } from './budgets';
import type { CallRecord } from './calls';
import type { DemoResult, Figures } from './figures';
import { type Band, plotSvg, waveformSvg } from './plot';
import { STYLE } from './style';

/** Writes `report.html` beside the recordings: one page that needs nothing else to be read. */
export async function writeReport(
  folder: string,
  figures: Figures,
  record: CallRecord,
): Promise<void> {
  const thumbnail = join(folder, 'logs/still.jpg');
  await runTool({
    name: 'ffmpeg (thumbnail)',
    command: 'ffmpeg',
    args: [
      ...['-hide_banner', '-loglevel', 'error', '-y', '-i', join(folder, 'still.png')],
      ...['-vf', 'scale=960:-2', '-q:v', '5', thumbnail],
    ],
    logPath: join(folder, 'logs/ffmpeg.log'),
  });
  const picture = readFileSync(thumbnail).toString('base64');
  writeFileSync(join(folder, 'report.html'), page(figures, record, picture));
}

function page(figures: Figures, record: CallRecord, picture: string): string {
  const { result, phoneHeard, cameraPlayed } = figures;
  const since = (at: bigint): number => Number(at - figures.origin) / 1e9;
  const bands: Band[] = record.phases.map(({ label, kind, from, to }) => ({
    label,
    kind,
    from: since(from),
    to: since(to),
  }));
  const seconds = Math.max(...bands.map((band) => band.to)) + 1;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>dashvoip: the first call</title>
<style>${STYLE}</style>
<header>
<h1>The first call</h1>
<p>A dashcam's stand-in and baresip talked to each other through dashvoip, twice, on the loopback of this machine.</p>
<p class="verdict ${result.ok ? 'good' : 'bad'}">${verdict(result)}</p>
</header>
<section class="tiles">
${tile(result.phoneHeard.correlation.toFixed(3), 'of the camera’s words at the phone')}
${tile(result.cameraPlayed.correlation.toFixed(3), 'of the phone’s words at the camera')}
${tile(`${result.phoneSaw.frames}`, `pictures, ${result.phoneSaw.frameGaps} missing`)}
${tile(`${result.phoneSaw.firstPictureMs.toFixed(0)} ms`, 'from ACK to first picture')}
${tile(`${result.rtp.audioPacingP99Ms.toFixed(2)} ms`, 'off the 20 ms grid, p99')}
${tile(`${result.agent.cpuPercent.toFixed(1)} %`, 'of one core')}
</section>
<section class="pair">
<figure>
<a href="video.mp4"><img src="data:image/jpeg;base64,${picture}" alt="A picture as the receiver decoded it"></a>
<figcaption>What the phone’s side saw, taken from RTP by ffmpeg. <a href="video.mp4">The whole film</a></figcaption>
<dl>
<dt>camera</dt><dd>h22-rtos-sim behind NetFIFO: H.264 and AAC up, PCM down</dd>
<dt>agent</dt><dd>dashvoip, SCHED_FIFO where the kernel grants it</dd>
<dt>phone</dt><dd>baresip from Debian: PCMA, then PCMU</dd>
</dl>
</figure>
<table>
<tr><th>what</th><th>measured</th><th>wanted</th></tr>
${figures.table.map(row).join('\n')}
</table>
</section>
${section('What the phone heard', 'recorded by baresip', waveformSvg(phoneHeard, 'camera'), 'phone-heard.wav')}
${section('What the camera’s speaker played', 'recorded by the stand-in, by its own sample clock', waveformSvg(cameraPlayed, 'phone'), 'camera-played.wav')}
${section('Pacing', 'each sent audio packet against its 20 ms grid, from the capture', pacingPlot(figures, bands, seconds))}
${section('Jitter', 'interarrival jitter by RFC 3550, from the capture', jitterPlot(figures, bands, seconds))}
${section('Jitter buffer', 'depth and aim, as the agent tells four times a second', bufferPlot(figures, record, bands, seconds))}
<footer>Beside this page: phone-heard.wav, camera-played.wav, video.mp4, still.png, capture.pcap and logs.</footer>
</html>
`;
}

function tile(value: string, label: string): string {
  return `<div><b>${value}</b><span>${label}</span></div>`;
}

function row({ what, measured, wanted, kept }: Line): string {
  const mark = kept === undefined ? '' : kept ? '<i class="good">✓</i>' : '<i class="bad">✗</i>';
  return `<tr><td>${what}</td><td>${measured}</td><td>${wanted} ${mark}</td></tr>`;
}

function section(title: string, note: string, svg: string, sound?: string): string {
  const player =
    sound === undefined ? '' : `<audio controls preload="none" src="${sound}"></audio>`;
  return `<section class="plot"><h2>${title}<small>${note}</small>${player}</h2>${svg}</section>`;
}

function pacingPlot({ sentAudio, origin }: Figures, bands: Band[], seconds: number): string {
  const points = sentAudio.flatMap((stream) => {
    const start = Number((stream.packets[0]?.at ?? origin) - origin) / 1e9;
    return measurePacing(stream).points.map(
      (point) => [start + point.seconds, Math.abs(point.deviationMs)] as const,
    );
  });
  return plotSvg({
    unit: 'ms',
    seconds,
    bands,
    yMax: 0.6,
    limit: { value: 0.5, label: 'p99 budget' },
    series: [{ name: 'camera to phone', color: 'camera', style: 'dots', points }],
  });
}

function jitterPlot(
  { sentAudio, heardAudio, origin }: Figures,
  bands: Band[],
  seconds: number,
): string {
  const curve = (streams: Figures['sentAudio']): [number, number][] =>
    streams.flatMap((stream) => {
      const start = Number((stream.packets[0]?.at ?? origin) - origin) / 1e9;
      return jitterCurve(stream).map((point): [number, number] => [
        start + point.seconds,
        point.jitterMs,
      ]);
    });
  return plotSvg({
    unit: 'ms',
    seconds,
    bands,
    yMax: 1,
    series: [
      { name: 'phone to camera', color: 'phone', style: 'line', points: curve(heardAudio) },
      { name: 'camera to phone', color: 'camera', style: 'line', points: curve(sentAudio) },
    ],
  });
}

function bufferPlot(
  { origin }: Figures,
  record: CallRecord,
  bands: Band[],
  seconds: number,
): string {
  const curve = (value: (sample: CallRecord['samples'][number]) => number): [number, number][] =>
    record.samples.map((sample) => [Number(sample.at - origin) / 1e9, value(sample)]);
  return plotSvg({
    unit: 'ms',
    seconds,
    bands,
    yMax: 60,
    series: [
      { name: 'depth', color: 'phone', style: 'line', points: curve((sample) => sample.bufferMs) },
      { name: 'aim', color: 'muted', style: 'steps', points: curve((sample) => sample.targetMs) },
    ],
  });
}

function verdict({ ok, missed }: DemoResult): string {
  if (!ok) return 'Something is missing';
  return missed.length === 0
    ? 'Everything arrived'
    : `Everything arrived; missed: ${missed.join('; ')}`;
}
