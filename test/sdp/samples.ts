import type { LocalMedia } from '../../src/sdp';

/** A camera with sound and picture at 192.0.2.1. */
export const CAMERA: LocalMedia = {
  address: '192.0.2.1',
  audio: { rtpPort: 40000, codecs: ['PCMA', 'PCMU'], ptimeMs: 20 },
  video: { rtpPort: 40002, profileLevelId: '42c01f', spropParameterSets: 'Z0LA,aM4=' },
};

export const DEAF_CAMERA: LocalMedia = { address: CAMERA.address, audio: CAMERA.audio };

/** A description from 192.0.2.9 with these media lines and their attributes. */
export function description(...media: readonly string[]): string {
  const head = ['v=0', 'o=- 7 1 IN IP4 192.0.2.9', 's=-', 'c=IN IP4 192.0.2.9', 't=0 0'];
  return `${[...head, ...media].join('\r\n')}\r\n`;
}

/** The media lines of a description, without what follows the port and protocol. */
export function mediaLines(text: string): string[] {
  return text.split('\r\n').filter((line) => line.startsWith('m='));
}

export function versionOf(text: string): number {
  return Number(/^o=\S+ \S+ (\d+)/m.exec(text)?.[1]);
}
