import { useState } from 'preact/hooks';
import type { RegistrationStatus, StatusReply } from '../../control';
import { longTime, shortAddress } from '../model';
import { useSay, type Word } from '../words';
import { failureInWords } from './answer-words';
import { useAct } from './context';
import { Icon } from './icons';

type Engine = NonNullable<StatusReply['engine']>;
type Light = 'good' | 'bad' | 'waiting' | 'off';

const CAMERA: Readonly<Record<Engine['camera']['state'], readonly [Word, Light]>> = {
  streaming: ['cameraStreaming', 'good'],
  idle: ['cameraIdle', 'waiting'],
  absent: ['cameraAbsent', 'bad'],
  none: ['cameraNone', 'off'],
};

const REGISTRATION: Readonly<Record<RegistrationStatus['state'], readonly [Word, Light]>> = {
  registered: ['registered', 'good'],
  trying: ['registrationTrying', 'waiting'],
  failed: ['registrationFailed', 'bad'],
  unregistered: ['unregistered', 'off'],
};

interface FactProps {
  readonly name: Word;
  readonly light?: Light;
  readonly value: string;
  readonly detail?: string | undefined;
}

function Fact({ name, light, value, detail }: FactProps) {
  const say = useSay();
  return (
    <div class="fact">
      <dt>{say(name)}</dt>
      <dd>
        {light && <span class={`dot ${light}`} />}
        <span>{value}</span>
        {detail && <small lang="en">{detail}</small>}
      </dd>
    </div>
  );
}

/** What the camera and the agent are doing. */
export function Facts({ status }: { readonly status: StatusReply }) {
  const say = useSay();
  const act = useAct();
  const { engine, accounts, sip } = status;
  const isAway = accounts.some(
    ({ registration }) => registration && registration.state !== 'registered',
  );
  const [cameraWord, cameraLight] = engine
    ? CAMERA[engine.camera.state]
    : (['unknownYet', 'waiting'] as const);
  return (
    <section class="card" aria-labelledby="status-heading">
      <h2 id="status-heading">{say('status')}</h2>
      <dl class="facts">
        <Fact
          name="camera"
          light={cameraLight}
          value={say(cameraWord)}
          detail={engine?.camera.error}
        />
        {accounts.length === 0 && <Fact name="account" light="off" value={say('noAccount')} />}
        {accounts.map((account) => (
          <Account key={account.uri} account={account} />
        ))}
        {engine && <Device name="microphone" device={engine.microphone} />}
        {engine && <Device name="speaker" device={engine.speaker} />}
        <Fact
          name="listening"
          light={sip.detail ? 'bad' : 'good'}
          value={sip.detail ? say('portClosed') : `${sip.address}:${sip.port}`}
          detail={sip.detail}
        />
        <Fact
          name="uptime"
          value={longTime(status.uptimeS)}
          detail={`dashvoip ${status.version}`}
        />
      </dl>
      {isAway && (
        <button type="button" onClick={() => void act('register')}>
          <Icon name="refresh" />
          {say('registerNow')}
        </button>
      )}
    </section>
  );
}

function Account({ account }: { readonly account: StatusReply['accounts'][number] }) {
  const say = useSay();
  const { uri, registration } = account;
  const name = account.account.includes('@') ? '' : account.account;
  const [word, light] = registration
    ? REGISTRATION[registration.state]
    : (['noAccount', 'off'] as const);
  const detail = [name, shortAddress(uri), registration?.detail].filter(Boolean).join(' · ');
  return <Fact name="account" light={light} value={say(word)} detail={detail} />;
}

function Device({
  name,
  device: { open, kind, error },
}: {
  readonly name: Word;
  readonly device: Engine['microphone'];
}) {
  const say = useSay();
  return (
    <Fact
      name={name}
      light={open ? 'good' : error ? 'bad' : 'off'}
      value={say(open ? 'deviceOpen' : 'deviceClosed')}
      detail={error || kind}
    />
  );
}

/** What is wrong, and what is better known. */
export function Troubles({ status }: { readonly status: StatusReply }) {
  const say = useSay();
  const groups = [
    ['problems', status.problems],
    ['warnings', status.warnings],
  ] as const;
  return groups.map(([word, texts]) =>
    texts.length === 0 ? null : (
      <section key={word} class={`card trouble ${word}`} aria-labelledby={`${word}-heading`}>
        <h2 id={`${word}-heading`}>
          <Icon name="warning" />
          {say(word)}
        </h2>
        <ul lang="en">
          {texts.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </section>
    ),
  );
}

export function Switches({ status: { switches } }: { readonly status: StatusReply }) {
  const say = useSay();
  return (
    <section class="card" aria-labelledby="switches-heading">
      <h2 id="switches-heading">{say('switches')}</h2>
      <Switch
        command="do-not-disturb"
        word="doNotDisturb"
        hint="doNotDisturbHint"
        on={switches.doNotDisturb}
      />
      <Switch
        command="auto-answer"
        word="autoAnswer"
        hint="autoAnswerHint"
        on={switches.autoAnswer}
      />
      <Switch
        command="mute-microphone"
        word="microphoneMuted"
        hint="microphoneMutedHint"
        on={switches.microphoneMuted}
      />
      <Switch
        command="mute-picture"
        word="pictureMuted"
        hint="pictureMutedHint"
        on={switches.pictureMuted}
      />
    </section>
  );
}

interface SwitchProps {
  readonly command: string;
  readonly word: Word;
  readonly hint: Word;
  readonly on: boolean;
}

function Switch({ command, word, hint, on }: SwitchProps) {
  const say = useSay();
  const act = useAct();
  const [problem, setProblem] = useState<string>();
  return (
    <div class="field flag">
      <label for={command}>{say(word)}</label>
      <input
        id={command}
        type="checkbox"
        role="switch"
        class="switch"
        checked={on}
        aria-checked={on}
        aria-describedby={`${command}-hint`}
        onChange={async ({ currentTarget }) => {
          const answer = await act(command, { on: currentTarget.checked });
          setProblem(failureInWords(answer, say));
        }}
      />
      <p class="hint" id={`${command}-hint`}>
        {say(hint)}
      </p>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
