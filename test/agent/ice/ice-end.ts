import { CallMedia } from '../../../src/agent/call-media';
import { HostNames } from '../../../src/agent/host-names';
import { IceKit, type IceSettings } from '../../../src/agent/ice';
import { Camera } from '../../../src/camera';
import type { MediaComponent, PeerAddress } from '../../../src/media';
import { silentLogger } from '../../../src/platform';
import { PictureForms } from '../../../src/sdp';
import type { Nat, SimulatedNetwork } from '../../ice/support/network';
import { seededRandom } from '../../support/seeded-random';
import type { VirtualClock } from '../../support/virtual-clock';
import { FakeEngine, type FakeMediaSession } from '../fake-media';

const COMPONENTS: readonly MediaComponent[] = ['audioRtp', 'audioRtcp', 'videoRtp', 'videoRtcp'];

/** An engine whose sockets are on a simulated network. */
class NetworkedEngine extends FakeEngine {
  constructor(
    readonly network: SimulatedNetwork,
    readonly nat: Nat | undefined,
  ) {
    super();
  }

  override openSession(localAddress: string, withVideo: boolean): FakeMediaSession {
    const session = super.openSession(localAddress, withVideo);
    const { audioRtpPort } = session.ports;
    const { network, nat } = this;
    for (const [index, name] of COMPONENTS.slice(0, withVideo ? 4 : 2).entries()) {
      network.open({ address: localAddress, port: audioRtpPort + index }, nat, (from, bytes) => {
        if (session.listening && !session.closed)
          this.events.emit('datagram', session.id, name, bytes, from);
      });
    }
    session.sendDatagram = (name: MediaComponent, to: PeerAddress, bytes: Uint8Array): void => {
      const port = audioRtpPort + COMPONENTS.indexOf(name);
      network.send({ address: localAddress, port }, nat, to, bytes);
    };
    return session;
  }
}

export interface IceEndOptions {
  readonly clock: VirtualClock;
  readonly network: SimulatedNetwork;
  readonly address: string;
  readonly seed: number;
  readonly nat?: Nat;
  /** Undefined: it has none. */
  readonly ice?: IceSettings | undefined;
  readonly withVideo?: boolean;
}

/** The media of one end of a call, with real descriptions, real ICE and sockets that are none. */
export class IceEnd {
  readonly engine: NetworkedEngine;
  readonly media: CallMedia;
  offersWanted = 0;

  constructor(options: IceEndOptions) {
    const { clock, network, address, seed, nat, ice: settings, withVideo = false } = options;
    const random = seededRandom(seed);
    const engine = new NetworkedEngine(network, nat);
    this.engine = engine;
    const names = new HostNames(async () => [], clock, silentLogger);
    const parts = { engine, names, clock, random, log: silentLogger };
    this.media = new CallMedia({
      ...{ engine, names, clock, log: silentLogger, withVideo },
      forms: new PictureForms(),
      camera: new Camera(engine, withVideo, clock, silentLogger),
      sound: { codecs: ['PCMU'] },
      ...(settings ? { ice: new IceKit({ settings, ...parts }) } : {}),
      keysHidden: false,
      sessionId: seed,
      localAddress: address,
      holdSound: () => undefined,
      listener: {
        onKey: () => undefined,
        onNowhere: () => undefined,
        onSecurity: () => undefined,
        onOfferWanted: () => {
          this.offersWanted += 1;
        },
      },
    });
  }

  get session(): FakeMediaSession {
    const session = this.engine.sessions.at(-1);
    if (!session) throw new Error('no session');
    return session;
  }

  aim(name: MediaComponent): string {
    const aim = this.session.aims.get(name);
    return aim ? `${aim.address}:${aim.port}${aim.channel ? ` ${aim.channel}` : ''}` : 'nowhere';
  }

  /** Where sound goes by the streams' settings. */
  get remote(): string {
    const remote = this.session.settings.at(-1)?.audio?.remote;
    return remote ? `${remote.address}:${remote.rtpPort} ${remote.rtcpPort}` : 'nowhere';
  }
}

/** An offer of one end, answered by the other. */
export function exchange(offerer: IceEnd, answerer: IceEnd): readonly [string, string] {
  const offer = offerer.media.createOffer();
  const outcome = answerer.media.handleOffer(offer);
  if (!('answer' in outcome)) throw new Error(`refused: ${outcome.status}`);
  if (!offerer.media.handleAnswer(outcome.answer)) throw new Error('the answer is not taken');
  return [offer, outcome.answer];
}
