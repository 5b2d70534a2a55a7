import { silentLogger, systemClock, systemRandom } from '../../../src/platform';
import { createUserAgent, type OfferAnswer } from '../../../src/sip';

const ANSWER = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0']
  .concat(['m=audio 9 RTP/AVP 0', 'a=sendrecv', ''])
  .join('\r\n');

/** Takes everything, opens nothing. */
const NO_MEDIA: OfferAnswer = {
  createOffer: () => ANSWER,
  handleOffer: () => ({ answer: ANSWER }),
  handleEarlyAnswer: () => undefined,
  endEarlyMedia: () => undefined,
  handleAnswer: () => true,
};

/** The SIP core by itself: each call is answered, and there is no sound. Its port is the one word that it is given. */
async function main(): Promise<void> {
  const userAgent = await createUserAgent({
    ...{ host: '127.0.0.1', port: Number(process.argv[2]), transports: ['udp'] },
    ...{ product: 'dashvoip-core', clock: systemClock, random: systemRandom, log: silentLogger },
    maxSessions: 8,
  });
  userAgent.events.on('invite', (session) => {
    session.answerWith(() => NO_MEDIA);
    session.accept();
  });
}

await main();
