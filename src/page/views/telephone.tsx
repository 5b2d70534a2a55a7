import { useEffect, useRef, useState } from 'preact/hooks';
import { type GuestCall, hasMicrophone, Telephone, type TelephoneState } from '../api';
import { useSay } from '../words';
import { Icon } from './icons';
import { Picture } from './picture';

interface TelephoneProps {
  /** Number and state are enough. */
  readonly calls: readonly GuestCall[];
  readonly live: boolean;
}

/** What the camera sees; and this browser as a telephone to it. */
export function BrowserTelephone({ calls, live }: TelephoneProps) {
  const [state, setState] = useState<TelephoneState>({ kind: 'idle' });
  const [telephone] = useState(() => new Telephone(setState));
  const own = state.kind === 'talking' ? state.call : undefined;
  const isThere = useKnown(own, calls);
  useEffect(() => {
    if (own !== undefined && !isThere) telephone.end();
  }, [own, isThere, telephone]);
  return (
    <>
      {state.kind === 'talking' ? <Moving stream={state.stream} /> : <Picture live={live} />}
      <Talk state={state} telephone={telephone} />
    </>
  );
}

/** Whether a call goes on; one that has not been told of yet does. */
function useKnown(call: number | undefined, calls: readonly GuestCall[]): boolean {
  const seen = useRef<number | undefined>(undefined);
  const told = calls.find((one) => one.call === call);
  if (told) seen.current = call;
  return told ? told.state !== 'ended' : seen.current !== call;
}

function Moving({ stream }: { readonly stream: MediaStream }) {
  const say = useSay();
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);
  return (
    <figure class="picture">
      {/* biome-ignore lint/a11y/useMediaCaption: what is said in a call has no captions. */}
      <video ref={video} aria-label={say('cameraLive')} autoplay playsInline />
    </figure>
  );
}

interface TalkProps {
  readonly state: TelephoneState;
  readonly telephone: Telephone;
}

function Talk({ state, telephone }: TalkProps) {
  const say = useSay();
  const talks = hasMicrophone();
  return (
    <section class="card telephone" aria-label={say('thisBrowser')}>
      {state.kind === 'talking' ? (
        state.microphone && <Mute microphone={state.microphone} />
      ) : (
        <button
          type="button"
          class="go"
          disabled={state.kind === 'calling'}
          onClick={() => void telephone.call()}
        >
          <Icon name="phone" />
          {say(talks ? 'talkFromHere' : 'watchFromHere')}
        </button>
      )}
      {!talks && <p class="hint">{say('microphoneNeedsHttps')}</p>}
      {state.kind === 'idle' && state.problem !== undefined && (
        <p class="problem" role="alert">
          {say('failed', state.problem)}
        </p>
      )}
    </section>
  );
}

function Mute({ microphone }: { readonly microphone: MediaStreamTrack }) {
  const say = useSay();
  const [isMuted, setMuted] = useState(!microphone.enabled);
  const toggle = (): void => {
    microphone.enabled = isMuted;
    setMuted(!isMuted);
  };
  return (
    <button type="button" aria-pressed={isMuted} onClick={toggle}>
      {say('muteHere')}
    </button>
  );
}
