import type { Advice, ProbeFacts } from '../report';
import { advice, when } from './findings';

/** What a video call needs, docs/measurements.md: private memory, and Node's own pages in use. */
const NEEDED_KB = 30_000;
/** The kernel calls its pool seeded from here on, as the init script does. */
const SEEDED_BITS = 128;

/** Processor, memory, scheduling, sound cards, randomness, storage. */
export function machineAdvice(facts: ProbeFacts): Advice[] {
  return [
    ...kernelAdvice(facts),
    ...memoryAdvice(facts),
    ...priorityAdvice(facts),
    ...randomnessAdvice(facts),
    ...soundAdvice(facts),
    ...storageAdvice(facts),
  ];
}

function kernelAdvice({ kernel, runtime }: ProbeFacts): Advice[] {
  const { release, exceptionTrace, cpusOnline } = kernel;
  return [
    ...when(
      exceptionTrace === true && runtime.arch === 'arm64' && /^[34]\./.test(release ?? ''),
      () =>
        advice(
          'warning',
          'the kernel prints a dump of registers for every system call that it does not know',
          'a newer C library or Node floods the console with them, and a flooded console stalls Wi-Fi and sound',
          'echo 0 > /proc/sys/debug/exception-trace (the init script does it)',
        ),
    ),
    ...when(cpusOnline === 1, () =>
      advice(
        'note',
        'one processor core is online',
        'other programs and the agent share it; only real-time priority keeps its packets in time',
      ),
    ),
  ];
}

function memoryAdvice({ memory }: ProbeFacts): Advice[] {
  const { availableKb } = memory;
  return when(availableKb !== undefined && availableKb < NEEDED_KB, () =>
    advice(
      'warning',
      `${megabytes(availableKb)} MB of memory are available`,
      `a video call wants about ${megabytes(NEEDED_KB)} MB; the kernel may end the agent, or read Node from flash again and again`,
      'stop what is not needed, or give Linux more of the memory in the RTOS’s configuration',
    ),
  );
}

function megabytes(kb: number | undefined): number {
  return Math.round((kb ?? 0) / 1024);
}

function priorityAdvice({ priority }: ProbeFacts): Advice[] {
  return when(!priority.realtime, () =>
    advice(
      'warning',
      'this user may not have real-time priority',
      'on a busy core packets leave late and sound breaks up',
      'run as root, or give the program CAP_SYS_NICE as the init script does',
    ),
  );
}

function randomnessAdvice({ randomness }: ProbeFacts): Advice[] {
  const { ready, entropyBits, hardware } = randomness;
  const unseeded =
    ready === false || (ready === undefined && (entropyBits ?? SEEDED_BITS) < SEEDED_BITS);
  return when(unseeded, () =>
    advice(
      'error',
      `random numbers are not seeded (${entropyBits ?? '?'} bits${hardware === undefined ? ', no hardware generator' : ''})`,
      'Node stands still at its first random number, before any of the agent’s code runs',
      'seed the pool before the agent starts: a seed kept over the restart, or rngd',
    ),
  );
}

function soundAdvice({ sound, runtime }: ProbeFacts): Advice[] {
  const loopback = sound.cards.some(({ driver }) => driver === 'Loopback');
  const alsa = runtime.features?.alsa ?? true;
  return [
    ...when(sound.cards.length === 0, () =>
      advice(
        'note',
        sound.alsa === undefined ? 'the kernel has no sound' : 'Linux has no sound card',
        'dashvoip needs none: sound comes from the RTOS; other soft-phones stop here',
        'for other programs only: modprobe snd-aloop, then dashvoip bridge',
      ),
    ),
    ...when(loopback && alsa, () =>
      advice(
        'note',
        'snd-aloop is loaded',
        'dashvoip bridge can make the camera’s microphone and speaker a sound card for other programs',
      ),
    ),
    ...when(sound.cards.length > 0 && !alsa, () =>
      advice(
        'note',
        'there is a sound card, and this build is without ALSA',
        'neither the agent nor the bridge can use it',
        'build with DASHVOIP_ALSA, if it is wanted',
      ),
    ),
  ];
}

function storageAdvice({ storage }: ProbeFacts): Advice[] {
  const full = storage.fileSystems.filter(
    ({ readOnly, type, space }) =>
      !readOnly &&
      type !== 'squashfs' &&
      space !== undefined &&
      space.totalKb > 0 &&
      space.freeKb < 512,
  );
  return full.map(({ point }) =>
    advice('note', `${point} is full`, 'recordings and settings cannot be kept there'),
  );
}
