import { hangUpOnLeaving, offerCall } from './requests';

/** The browser's own call, as far as it has got. */
export type TelephoneState =
  | { readonly kind: 'idle'; readonly problem?: string }
  | { readonly kind: 'calling' }
  | {
      readonly kind: 'talking';
      readonly call: number;
      /** Sound and picture of the camera. */
      readonly stream: MediaStream;
      /** Absent: this browser only watches and listens. */
      readonly microphone?: MediaStreamTrack;
    };

/** Whether the browser gives a page that came this way the microphone. */
export function hasMicrophone(): boolean {
  return window.isSecureContext && navigator.mediaDevices !== undefined;
}

/** This browser as a telephone: it calls the camera, once at a time. */
export class Telephone {
  #state: TelephoneState = { kind: 'idle' };
  readonly #onChange: (state: TelephoneState) => void;
  #peer: RTCPeerConnection | undefined;

  constructor(onChange: (state: TelephoneState) => void) {
    this.#onChange = onChange;
    window.addEventListener('pagehide', () => this.#leave());
  }

  /** Calls; never rejects. */
  async call(): Promise<void> {
    if (this.#state.kind !== 'idle') return;
    this.#become({ kind: 'calling' });
    let microphone: MediaStreamTrack | undefined;
    try {
      microphone = await microphoneIfAny();
      await this.#call(microphone);
    } catch (error) {
      microphone?.stop();
      this.#leave();
      this.#end(error instanceof Error ? error.message : String(error));
    }
  }

  /** The call is over at the camera's end. */
  end(): void {
    this.#end();
  }

  async #call(microphone: MediaStreamTrack | undefined): Promise<void> {
    const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    this.#peer = peer;
    const stream = new MediaStream();
    peer.addEventListener('track', ({ track }) => stream.addTrack(track));
    peer.addEventListener('connectionstatechange', () => {
      if (peer.connectionState === 'failed' && this.#state.kind === 'talking') {
        hangUpOnLeaving(this.#state.call);
        this.#end();
      }
    });
    if (microphone) peer.addTransceiver(microphone, { direction: 'sendrecv' });
    else peer.addTransceiver('audio', { direction: 'recvonly' });
    peer.addTransceiver('video', { direction: 'recvonly' });
    await peer.setLocalDescription();
    // The camera waits to be found: it need not be told where this browser is.
    const answered = await offerCall(peer.localDescription?.sdp ?? '');
    if (answered.kind === 'refused') throw new Error(answered.reason);
    const { call, answer } = answered;
    this.#become({ kind: 'talking', call, stream, ...(microphone ? { microphone } : {}) });
    await peer.setRemoteDescription({ type: 'answer', sdp: answer });
  }

  #leave(): void {
    if (this.#state.kind === 'talking') hangUpOnLeaving(this.#state.call);
  }

  #end(problem?: string): void {
    if (this.#state.kind === 'talking') this.#state.microphone?.stop();
    this.#peer?.close();
    this.#peer = undefined;
    this.#become({ kind: 'idle', ...(problem === undefined ? {} : { problem }) });
  }

  #become(state: TelephoneState): void {
    this.#state = state;
    this.#onChange(state);
  }
}

async function microphoneIfAny(): Promise<MediaStreamTrack | undefined> {
  if (!hasMicrophone()) return undefined;
  const media = await navigator.mediaDevices.getUserMedia({ audio: true });
  return media.getAudioTracks()[0];
}
