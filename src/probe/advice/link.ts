import type { LibraryFacts } from '../readers';
import type { Advice, ProbeFacts } from '../report';
import { advice, when } from './findings';

const RTSP =
  'set camera.link to "rtsp", which needs no NetFIFO, or do not start the vendor’s server';

/** AmbaNetFifoDaemon, as the kernel cuts its name: it serves NetFIFO, and is no rival. */
const DAEMON = 'AmbaNetFifoDaem';

/** The library, who else uses it, and whether the camera answers at all. */
export function linkAdvice(facts: ProbeFacts): Advice[] {
  return [
    ...buildAdvice(facts),
    ...(facts.library ? libraryAdvice(facts.library) : []),
    ...userAdvice(facts),
    ...answerAdvice(facts),
  ];
}

function buildAdvice({ runtime, library }: ProbeFacts): Advice[] {
  const link = runtime.features?.cameraLink;
  return [
    ...when(runtime.error !== undefined, () =>
      advice(
        'error',
        'the media plane cannot be loaded',
        runtime.error ?? '',
        library === undefined
          ? 'there is no libnetfifo either: install it, or build with DASHVOIP_CAMERA=none'
          : 'build the addon against this very firmware’s SDK',
      ),
    ),
    ...when(link === 'stand-in', () =>
      advice(
        'warning',
        'this build talks to the stand-in, not to a camera',
        'what is said of the camera below is about the simulator',
        'build with DASHVOIP_NETFIFO_SDK=... for a real one',
      ),
    ),
    ...when(link === 'none', () =>
      advice(
        'error',
        'this build has no NetFIFO',
        'there is neither sound nor picture of the camera',
        'build with DASHVOIP_NETFIFO_SDK=..., or set camera.link to "rtsp"',
      ),
    ),
  ];
}

function libraryAdvice({ style, missing, error, path }: LibraryFacts): Advice[] {
  return [
    ...when(error !== undefined, () =>
      advice(
        'warning',
        `${path}: ${error}`,
        'nothing is known of this library',
        'send us the file',
      ),
    ),
    ...when(missing.length > 0, () =>
      advice(
        'error',
        `libnetfifo has no ${missing.join(', ')}`,
        'it is of another generation than the one this program was written for',
        'send us this report and the SDK’s AmbaNetFifo.h',
      ),
    ),
    ...when(style === 'direct', () =>
      advice('note', 'libnetfifo is the DIRECT build', 'one program at a time can have the camera'),
    ),
    ...when(style === 'daemon', () =>
      advice(
        'note',
        'libnetfifo works by AmbaNetFifoDaemon',
        'several programs can have the camera at once',
      ),
    ),
  ];
}

function userAdvice({ users, library, camera }: ProbeFacts): Advice[] {
  const others = users.processes.filter(
    ({ dashvoip, library: uses, name }) =>
      dashvoip === undefined && name !== DAEMON && (uses === true || name === 'AmbaRTSPServer'),
  );
  const names = [...new Set(others.map(({ name }) => name))].join(', ');
  const refused = camera.state === 'examined' && !camera.connected;
  return [
    ...when(others.length > 0 && (refused || library?.style === 'direct'), () =>
      advice('error', `${names} uses NetFIFO too`, 'it keeps the camera to itself', RTSP),
    ),
    ...when(others.length > 0 && !refused && library?.style !== 'direct', () =>
      advice(
        'note',
        `${names} uses NetFIFO too`,
        camera.state === 'examined'
          ? 'the camera answered nevertheless'
          : 'whether the camera serves both was not seen',
        'see whether it still works while a call is up',
      ),
    ),
    ...when(users.closed > 0, () =>
      advice(
        'note',
        `processes of other users (${users.closed}) could not be looked into`,
        'other users of NetFIFO may be missing above',
        'run the probe as root',
      ),
    ),
  ];
}

function answerAdvice({ camera }: ProbeFacts): Advice[] {
  switch (camera.state) {
    case 'taken':
      return [
        advice(
          'note',
          `${camera.by} has the camera`,
          'it was left alone, so that no call is disturbed',
          'stop it and run the probe again',
        ),
      ];
    case 'unknown':
      return [];
    case 'examined':
      return [
        ...when(!camera.connected && camera.done, () =>
          advice(
            'error',
            `the camera does not answer: ${camera.error}`,
            'the RTOS’s NetFIFO service is not there, or another program has it',
            'look at the vendor’s daemons (ipcbind, util_svc, AmbaNetFifoDaemon), and at the other users above',
          ),
        ),
        ...when(!camera.done && !camera.interrupted, () =>
          advice(
            'error',
            `the camera did not answer while ${camera.stage}`,
            'a call of NetFIFO did not return: the RTOS is stuck or very busy',
            'restart the camera; if it happens again, send us this report',
          ),
        ),
        ...when(camera.connected && camera.done && camera.error !== '', () =>
          advice(
            'warning',
            camera.error,
            'not everything could be measured',
            'run the probe again',
          ),
        ),
      ];
  }
}
