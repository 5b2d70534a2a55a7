import { type Random, randomToken } from '../../platform';
import type { Body, HeaderList } from '../message';
import type { Enclosing } from './enclosing';

/** A document that goes along, and that fields of the INVITE speak of. */
export interface Enclosure extends Body {
  /** Unique, as `token@host` (RFC 2392 §2). */
  readonly contentId: string;
  readonly headers: HeaderList;
  /** What the peer may send of its kind. */
  readonly accept: string;
  /** Statuses by which it is refused. */
  readonly refusedBy: readonly number[];
  readonly infoPackage?: string;
}

/** By these a peer may mean the several parts, which are not for everybody (RFC 5621 §8.4): some say 500. */
const NOT_READ = [400, 415, 488, 500, 513, 606];

const PIDF = 'application/pidf+xml';
const MSD = 'EmergencyCallData.eCall.MSD';
const CONTROL = 'EmergencyCallData.Control';

/** RFC 6442 §4.1: Geolocation names the part of the body that tells where the caller is. */
export function locationEnclosure(content: string, contentId: string): Enclosure {
  return {
    ...{ contentType: PIDF, content, contentId, accept: PIDF },
    headers: [
      ['Geolocation', `<cid:${contentId}>`],
      // §4.2: whoever routes the call may look at it.
      ['Geolocation-Routing', 'yes'],
    ],
    // §4.3: where there is none, the network may tell its own.
    refusedBy: [424, ...NOT_READ],
  };
}

/** RFC 8147 §8: data of the car, of which further ones may be asked for. */
export function carDataEnclosure(content: Uint8Array, contentId: string): Enclosure {
  return {
    ...{ contentType: `application/${MSD}`, content, contentId },
    accept: `application/${CONTROL}+xml`,
    headers: [callInfo(contentId, MSD), ['Recv-Info', MSD]],
    refusedBy: NOT_READ,
    infoPackage: MSD,
  };
}

/** RFC 8147 §9.1: what the car may be asked for. */
export function controlEnclosure(content: string, contentId: string): Enclosure {
  const contentType = `application/${CONTROL}+xml`;
  return {
    ...{ contentType, content, contentId, accept: contentType },
    headers: [callInfo(contentId, CONTROL)],
    refusedBy: NOT_READ,
  };
}

/** Each is named by its Content-ID, and missed by nobody who does not know it (RFC 5621 §9). */
export class Enclosures implements Enclosing {
  readonly #all: readonly Enclosure[];
  readonly #random: Random;

  constructor(all: readonly Enclosure[], random: Random) {
    this.#all = all;
    this.#random = random;
  }

  get infoPackage(): string | undefined {
    return this.#all.find(({ infoPackage }) => infoPackage)?.infoPackage;
  }

  with(description: Body): { readonly headers: HeaderList; readonly body: Body } {
    const parts = this.#all.map((one) => partOf(one, one.contentId, ';handling=optional'));
    const accepted = [description.contentType, ...this.#all.map(({ accept }) => accept)];
    return {
      headers: [
        ['Accept', [...new Set(accepted)].join(', ')],
        ...this.#all.flatMap(({ headers }) => headers),
      ],
      body: joinMultipart([description, ...parts], this.#random),
    };
  }

  after(status: number): Enclosing | undefined {
    const rest = this.#all.filter(({ refusedBy }) => !refusedBy.includes(status));
    if (rest.length === this.#all.length) return this;
    return rest.length === 0 ? undefined : new Enclosures(rest, this.#random);
  }
}

/**
 * Further data, or a document that says what is done of what was asked for: an INFO of the package (RFC 8147 §9).
 * @param host of our address, for the Content-ID.
 */
export function infoByPackage(
  told: Uint8Array | string,
  host: string,
  random: Random,
): { readonly headers: HeaderList; readonly body: Body } {
  const [purpose, suffix] = typeof told === 'string' ? [CONTROL, '+xml'] : [MSD, ''];
  const contentId = newContentId(host, random);
  const part = partOf({ contentType: `application/${purpose}${suffix}`, content: told }, contentId);
  return {
    headers: [
      ['Info-Package', MSD],
      callInfo(contentId, purpose),
      ['Content-Disposition', 'Info-Package'],
    ],
    body: joinMultipart([part], random),
  };
}

export function newContentId(host: string, random: Random): string {
  return `${randomToken(random, 64)}@${host}`;
}

/** RFC 7852 §2. */
function callInfo(contentId: string, purpose: string): readonly ['Call-Info', string] {
  return ['Call-Info', `<cid:${contentId}>;purpose=${purpose}`];
}

interface Part extends Body {
  readonly fields?: HeaderList;
}

function partOf({ contentType, content }: Body, contentId: string, handling = ''): Part {
  return {
    ...{ contentType, content },
    fields: [
      ['Content-ID', `<${contentId}>`],
      ['Content-Disposition', `by-reference${handling}`],
    ],
  };
}

/** RFC 2046 §5.1.3. */
function joinMultipart(parts: readonly Part[], random: Random): Body {
  const boundary = randomToken(random, 128);
  const written = parts.flatMap(({ contentType, content, fields = [] }) => {
    const head = [['Content-Type', contentType], ...fields].map((field) => field.join(': '));
    return [`--${boundary}\r\n${head.join('\r\n')}\r\n\r\n`, content, '\r\n'];
  });
  const octets = [...written, `--${boundary}--\r\n`].map((part) =>
    typeof part === 'string' ? Buffer.from(part) : part,
  );
  return { contentType: `multipart/mixed;boundary=${boundary}`, content: Buffer.concat(octets) };
}
