import { parse } from 'sdp-transform';
import { type MediaLine, parseMediaLine } from './media-line';
import { sectionsOf } from './sections';
import { SdpException } from './types';

/** More media lines than any phone offers; each would cost a line in our answer. */
const MAX_MEDIA_LINES = 32;

export interface Description {
  readonly media: readonly MediaLine[];
}

/**
 * Reads a session description, RFC 8866, as far as media need it: of the session's own lines v=, c=,
 * b= and a=. What o= says is never needed: that a description has changed shows by itself.
 * @throws SdpException `malformed`.
 */
export function parseDescription(text: string): Description {
  const { session, media } = sectionsOf(text);
  const version = session.lines.find((line) => line.startsWith('v='));
  if (version === undefined && media.length === 0) {
    throw malformed(`expected "v=0" as its first line, found ${quote(text)}`);
  }
  if (version !== undefined && version !== 'v=0') {
    throw malformed(`expected "v=0", found ${quote(version)}`);
  }
  if (media.length > MAX_MEDIA_LINES) {
    throw malformed(`expected at most ${MAX_MEDIA_LINES} media lines, found ${media.length}`);
  }
  const common = parse(session.lines.join('\r\n'));
  return { media: media.map((section) => parseMediaLine(section, common, session.lines)) };
}

function malformed(message: string): SdpException {
  return new SdpException('malformed', `session description: ${message}`);
}

function quote(text: string): string {
  return text === '' ? 'nothing' : JSON.stringify(text.slice(0, 80));
}
