import { useState } from 'preact/hooks';
import type { StatusReply } from '../../control';
import { type CallSamples, LOWEST_LEVEL, type Sample, shortAddress } from '../model';
import { useSay } from '../words';
import { Chart } from './chart';

interface QualityProps {
  readonly status: StatusReply;
  readonly samples: readonly CallSamples[];
}

/** How a call sounds, drawn as it goes on; one that has ended stays to be looked at. */
export function QualityView({ status, samples }: QualityProps) {
  const say = useSay();
  const [chosen, setChosen] = useState<number>();
  const shown =
    samples.find(({ call }) => call === chosen) ??
    samples.find(({ call }) => status.calls.some((up) => up.call === call)) ??
    samples[samples.length - 1];
  if (!shown) return <p class="card empty">{say('noQuality')}</p>;
  return (
    <>
      {samples.length > 1 && (
        <div class="field inline">
          <label for="which-call">{say('chooseCall')}</label>
          <select
            id="which-call"
            value={String(shown.call)}
            onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}
          >
            {samples.map(({ call, remote }) => (
              <option key={call} value={String(call)}>
                {call} · {shortAddress(remote)}
              </option>
            ))}
          </select>
        </div>
      )}
      <Charts key={shown.call} samples={shown.samples} />
      <Details status={status} call={shown.call} />
    </>
  );
}

function Charts({ samples }: { readonly samples: readonly Sample[] }) {
  const say = useSay();
  const hasLevels = samples.some(
    ({ levelHere, levelThere }) => levelHere !== undefined || levelThere !== undefined,
  );
  return (
    <div class="charts">
      <Chart
        title={say('mos')}
        unit=""
        series={[{ label: say('mos'), of: 'mos' }]}
        samples={samples}
        span={[1, 4.5]}
        isFixed
      />
      <Chart
        title={say('loss')}
        unit="%"
        series={[{ label: say('loss'), of: 'loss' }]}
        samples={samples}
        span={[0, 2]}
      />
      <Chart
        title={say('jitter')}
        unit="ms"
        series={[
          { label: say('jitter'), of: 'jitter' },
          { label: say('buffer'), of: 'buffer' },
        ]}
        samples={samples}
        span={[0, 20]}
      />
      <Chart
        title={say('delay')}
        unit="ms"
        series={[
          { label: say('delay'), of: 'delay' },
          { label: say('roundTrip'), of: 'roundTrip' },
        ]}
        samples={samples}
        span={[0, 100]}
      />
      {hasLevels && (
        <Chart
          title={say('levels')}
          unit="dBov"
          series={[
            { label: say('levelHere'), of: 'levelHere' },
            { label: say('levelThere'), of: 'levelThere' },
          ]}
          samples={samples}
          span={[LOWEST_LEVEL, 0]}
          isFixed
        />
      )}
    </div>
  );
}

function Details({ status, call }: { readonly status: StatusReply; readonly call: number }) {
  const say = useSay();
  const { agreed, media } = status.calls.find((up) => up.call === call) ?? {};
  const { audio, video } = media ?? {};
  if (!audio) return null;
  const { encryption } = agreed ?? {};
  const { received, sent, concealedFrames, playedFrames, pacingP99Us } = audio;
  const concealed = (100 * concealedFrames) / Math.max(1, playedFrames + concealedFrames);
  const rows = [
    [say('codec'), audio.codec],
    [say('encryption'), encryption?.suite ?? say('notEncrypted')],
    [say('packets'), `${received.packets} / ${sent.packets}`],
    [say('concealed'), `${concealed.toFixed(2)} %`],
    [say('pacing'), `${(pacingP99Us / 1000).toFixed(2)} ms`],
    ...(video
      ? [[say('pictureRate'), `${video.codec} ${(video.bitrate / 1e6).toFixed(2)} Mbit/s`] as const]
      : []),
  ] as const;
  return (
    <section class="card" aria-labelledby="details-heading">
      <h2 id="details-heading">{say('details')}</h2>
      <dl class="facts">
        {rows.map(([name, value]) => (
          <div class="fact" key={name}>
            <dt>{name}</dt>
            <dd>
              <span>{value}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
