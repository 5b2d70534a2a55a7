import { describe, expect, it } from 'vitest';
import { kernelFacts } from '../../../src/probe/readers/kernel';
import { memoryFacts } from '../../../src/probe/readers/memory';
import { networkFacts } from '../../../src/probe/readers/network';
import { priorityFacts } from '../../../src/probe/readers/priority';
import { randomnessFacts } from '../../../src/probe/readers/randomness';
import { soundFacts } from '../../../src/probe/readers/sound';
import { storageFacts } from '../../../src/probe/readers/storage';
import { userFacts } from '../../../src/probe/readers/users';
import { FakeMachine } from '../support/fake-machine';
import { H22 } from '../support/h22';

const camera = new FakeMachine(H22);
const nothing = new FakeMachine({});
const withTexts = (texts: Readonly<Record<string, string>>) => new FakeMachine({ texts });

describe('kernel', () => {
  it('is read as a camera shows it, without who built it', () => {
    expect(kernelFacts(camera)).toEqual({
      release: '4.9.76',
      version:
        'Linux version 4.9.76 (gcc version 5.3.0 (Buildroot 2016.08) ) #1 SMP PREEMPT Mon Jan 6 10:00:00 CST 2020',
      model: 'Ambarella H22EVK K2 Board (DT)',
      cpusOnline: 1,
      cpus: ['0x41/0xd03'],
      uptimeS: 73.41,
      load: [0.52, 0.31, 0.12],
      exceptionTrace: true,
      consoleLevel: 7,
      modules: ['ar6000'],
    });
  });

  it('may be unreadable', () => {
    expect(kernelFacts(nothing)).toMatchObject({ cpusOnline: 0, cpus: [], load: [], modules: [] });
    expect(kernelFacts(nothing).exceptionTrace).toBeUndefined();
  });

  it('counts cores and names each kind once', () => {
    const core = (n: number) => `processor\t: ${n}\nmodel name\t: Some CPU\n`;
    const machine = withTexts({ '/proc/cpuinfo': [0, 1, 2].map(core).join('\n') });
    expect(kernelFacts(machine)).toMatchObject({ cpusOnline: 3, cpus: ['Some CPU'] });
  });
});

describe('memory', () => {
  it('is read in kilobytes', () => {
    expect(memoryFacts(camera)).toEqual({
      totalKb: 92_160,
      freeKb: 31_020,
      availableKb: 52_416,
      swapKb: 0,
      cmaKb: 0,
      probeKb: 47_104,
    });
    expect(memoryFacts(nothing).totalKb).toBeUndefined();
  });
});

describe('sound', () => {
  it('is missing from a kernel without it', () => {
    expect(soundFacts(camera)).toEqual({ alsa: undefined, cards: [], devices: [], nodes: [] });
  });

  it('lists cards and their devices, without serial numbers', () => {
    const machine = withTexts({
      '/proc/asound/version': 'Advanced Linux Sound Architecture Driver Version k4.9.76.\n',
      '/proc/asound/cards':
        ' 0 [Loopback       ]: Loopback - Loopback\n                      Loopback 1\n 1 [Headset        ]: USB-Audio - Headset S/N 4711\n                      ACME at usb-1.2\n',
      '/proc/asound/pcm':
        '00-00: Loopback PCM : Loopback PCM : playback 8 : capture 8\n01-00: USB Audio : USB Audio : capture 1\n',
      '/dev/snd/controlC0': '',
    });
    expect(soundFacts(machine)).toEqual({
      alsa: 'k4.9.76',
      cards: [
        { number: 0, id: 'Loopback', driver: 'Loopback' },
        { number: 1, id: 'Headset', driver: 'USB-Audio' },
      ],
      devices: ['00-00: Loopback PCM: playback 8: capture 8', '01-00: USB Audio: capture 1'],
      nodes: ['controlC0'],
    });
  });

  it('may have no card', () => {
    const machine = withTexts({ '/proc/asound/cards': '--- no soundcards ---\n' });
    expect(soundFacts(machine).cards).toEqual([]);
  });
});

describe('randomness', () => {
  it('tells pool and generator', () => {
    expect(randomnessFacts(camera, false)).toEqual({
      ready: false,
      entropyBits: 45,
      poolBits: 4096,
      hardware: undefined,
    });
    const generator = (name: string) =>
      randomnessFacts(withTexts({ '/sys/class/misc/hw_random/rng_current': name }), true).hardware;
    expect(generator('virtio_rng.0\n')).toBe('virtio_rng.0');
    expect(generator('none\n')).toBeUndefined();
  });
});

describe('priority', () => {
  it('is granted by the capability', () => {
    expect(priorityFacts(camera)).toEqual({
      realtime: true,
      realtimeLimit: 0,
      capSysNice: true,
      realtimeUsPerS: 950_000,
      lockableKb: 64,
    });
  });

  it.each([
    ['0000000000000000', '0', false],
    ['0000000000800000', '0', true],
    ['0000000000000000', '50', true],
  ])('capabilities %s and limit %s', (capabilities, limit, realtime) => {
    const machine = withTexts({
      '/proc/self/status': `CapEff:\t${capabilities}\n`,
      '/proc/self/limits': `Max realtime priority     ${limit}   ${limit}\nMax locked memory  unlimited  unlimited  bytes\n`,
      '/proc/sys/kernel/sched_rt_runtime_us': '-1\n',
    });
    expect(priorityFacts(machine)).toMatchObject({
      realtime,
      realtimeUsPerS: -1,
      lockableKb: 'unlimited',
    });
  });

  it('is refused where nothing can be read', () => {
    expect(priorityFacts(nothing).realtime).toBe(false);
  });
});

describe('network', () => {
  it('is read as a camera shows it', () => {
    expect(networkFacts(camera)).toEqual({
      interfaces: [
        {
          name: 'lo',
          ipv4: ['127.0.0.1'],
          ipv6: [],
          received: { bytes: 3020, packets: 30, errors: 0, dropped: 0 },
          sent: { bytes: 3020, packets: 30, errors: 0, dropped: 0 },
          wireless: undefined,
        },
        {
          name: 'wlan0',
          ipv4: ['192.168.42.1'],
          ipv6: [],
          received: { bytes: 1_048_576, packets: 2000, errors: 0, dropped: 3 },
          sent: { bytes: 7_340_032, packets: 6000, errors: 0, dropped: 1 },
          wireless: { quality: 54, level: -56, noise: -95 },
        },
      ],
      routes: [{ interface: 'wlan0', to: '192.168.42.0/24', gateway: undefined }],
      nameServers: [],
      ipv6: false,
      receiveBufferMax: 163_840,
      sendBufferMax: 491_552,
      udpPorts: [8778],
      tcpPorts: [554, 7878],
    });
  });

  it('passes on no address of the Internet and none that holds a MAC address', () => {
    const machine = new FakeMachine({
      texts: {
        '/proc/net/dev': ' wlx0a1b2c3d4e5f: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n',
        '/proc/net/if_inet6': '',
        '/proc/net/route': 'Iface\nwlx0a1b2c3d4e5f\t00000000\t0100A8C0\t3\t0\t0\t0\t00000000\n',
        '/etc/resolv.conf':
          'search example.org\nnameserver 8.8.8.8\nnameserver 10.0.0.1\nnameserver fe80::1\n',
      },
      addresses: [
        { name: 'wlx0a1b2c3d4e5f', family: 'IPv4', address: '85.1.2.3' },
        { name: 'wlx0a1b2c3d4e5f', family: 'IPv6', address: 'fe80::81b:2cff:fe3d:4e5f' },
        { name: 'wlx0a1b2c3d4e5f', family: 'IPv6', address: '2001:db8::81b:2cff:fe3d:4e5f' },
      ],
    });
    expect(networkFacts(machine)).toMatchObject({
      interfaces: [{ name: 'wlx(MAC)', ipv4: ['public'], ipv6: ['link-local', 'global'] }],
      routes: [{ interface: 'wlx(MAC)', to: 'default', gateway: '192.168.0.1' }],
      nameServers: ['public', '10.0.0.1', 'IPv6'],
      ipv6: true,
    });
    expect(JSON.stringify(networkFacts(machine))).not.toMatch(/85\.1|81b|0a1b|example/);
  });

  it('may be empty', () => {
    expect(networkFacts(nothing)).toMatchObject({ interfaces: [], routes: [], udpPorts: [] });
  });
});

describe('storage', () => {
  it('takes what lies on top, and nothing of network shares but the place', () => {
    expect(storageFacts(camera)).toEqual({
      rootReadOnly: true,
      fileSystems: [
        fileSystem('/', 'squashfs', '/dev/root', true),
        fileSystem('/tmp', 'tmpfs', undefined, false, 40_000),
        fileSystem('/tmp/SD0', 'vfat', '/dev/mmcblk0p1', false, 90_000),
        fileSystem('/pref', 'ubifs', '/dev/ubi0_0', false, 300),
        fileSystem('/tmp/my share', 'cifs', undefined, false),
      ],
    });
  });

  function fileSystem(
    point: string,
    type: string,
    device: string | undefined,
    readOnly: boolean,
    freeKb?: number,
  ) {
    const space = freeKb === undefined ? undefined : { totalKb: 100_000, freeKb };
    return { point, type, device, readOnly, space };
  }

  it('may be unreadable', () => {
    expect(storageFacts(nothing)).toEqual({ rootReadOnly: undefined, fileSystems: [] });
  });
});

describe('users of NetFIFO', () => {
  it('are those with its library, its devices or a known name', () => {
    expect(userFacts(camera, 999)).toEqual({
      processes: [
        { pid: 101, name: 'ipcbind', dashvoip: undefined, library: false, devices: [] },
        {
          pid: 140,
          name: 'AmbaRTSPServer',
          dashvoip: undefined,
          library: true,
          devices: ['/dev/amba_heapmem'],
        },
      ],
      devices: ['/dev/amba_dspmem', '/dev/amba_heapmem'],
      closed: 0,
    });
  });

  it('do not include ourselves', () => {
    expect(userFacts(camera, 140).processes.map(({ pid }) => pid)).toEqual([101]);
  });

  it.each([
    ['/usr/bin/node\0/usr/lib/dashvoip/dashvoip.cjs\0run\0--config\0/etc/secret.json\0', 'run'],
    ['dashvoip\0bridge\0', 'bridge'],
    ['/usr/bin/dashvoip\0probe\0', undefined],
    ['vi\0dashvoip.json\0', undefined],
  ])('know our own commands: %j', (commandLine, dashvoip) => {
    const machine = withTexts({ '/proc/7/comm': 'node\n', '/proc/7/cmdline': commandLine });
    const { processes, closed } = userFacts(machine, 1);
    expect(processes.map((user) => user.dashvoip)).toEqual(dashvoip ? [dashvoip] : []);
    expect(JSON.stringify(processes)).not.toContain('secret');
    // Its list of mapped files cannot be read.
    expect(closed).toBe(1);
  });
});
