import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const PACKAGE = join(ROOT, 'buildroot-package/package/dashvoip');
const HERE = join(ROOT, 'test/package');

interface Kconfig {
  readonly values: Readonly<Record<string, string>>;
  readonly prompts: Readonly<Record<string, string>>;
  readonly comments: readonly string[];
  readonly warnings: readonly string[];
}

const BOARD = [
  'INSTALL_LIBSTDCPP',
  'TOOLCHAIN_HAS_THREADS',
  'TOOLCHAIN_GCC_AT_LEAST_5',
  'LINUX_KERNEL',
].map((name) => `BR2_${name}=y`);

function configure(tree: 'old' | 'new', ...settings: string[]): Kconfig {
  const output = execFileSync(
    '/usr/bin/python3',
    [join(HERE, 'kconfig.py'), join(PACKAGE, 'Config.in'), tree, ...settings],
    { encoding: 'utf8' },
  );
  return JSON.parse(output) as Kconfig;
}

/** Runs one question of the harness with the given Buildroot symbols set to y. */
function make(target: string, ...variables: string[]): string {
  return execFileSync(
    'make',
    [
      '-s',
      '-f',
      join(HERE, 'harness.mk'),
      `MK=${join(PACKAGE, 'dashvoip.mk')}`,
      ...variables,
      target,
    ],
    { encoding: 'utf8' },
  ).trim();
}

const on = (...names: string[]): string[] => names.map((name) => `BR2_PACKAGE_${name}=y`);

describe.each(['old', 'new'] as const)('Config.in in an %s Buildroot', (tree) => {
  const enabled = (...more: string[]): Kconfig =>
    configure(tree, ...BOARD, 'BR2_aarch64=y', 'BR2_PACKAGE_DASHVOIP=y', ...more);

  it('is understood without a warning', () => {
    expect(enabled().warnings).toEqual([]);
  });

  it('gives a camera its defaults: the SDK link, ALSA, AAC, stills, Opus, MQTT, the page, the prebuilt node, start at boot', () => {
    const { values } = enabled();
    const chosen = [
      'CAMERA_SDK',
      'ALSA',
      'AAC',
      'STILL',
      'OPUS',
      'MQTT',
      'WEB',
      'NODE_PREBUILT',
      'KERNEL_SOUND',
      'AUTOSTART',
    ];
    expect(chosen.map((name) => values[`BR2_PACKAGE_DASHVOIP_${name}`])).toEqual(
      chosen.map(() => 'y'),
    );
    expect(values.BR2_PACKAGE_ALSA_LIB_PCM).toBe('y');
    for (const off of ['SCTP', 'G729']) expect(values[`BR2_PACKAGE_DASHVOIP_${off}`]).toBe('n');
  });

  it('takes the resampler from speexdsp, or from speex where that holds it', () => {
    const { values } = enabled();
    expect(values.BR2_PACKAGE_SPEEX).toBe(tree === 'old' ? 'y' : 'n');
    expect(values.BR2_PACKAGE_SPEEXDSP ?? 'n').toBe(tree === 'old' ? 'n' : 'y');
  });

  it('takes a library for each codec that is chosen, and for no other', () => {
    const chosen = ['SPEEX', 'AMR', 'ILBC'].map((name) => `BR2_PACKAGE_DASHVOIP_${name}=y`);
    const { values } = enabled(...chosen, 'BR2_PACKAGE_DASHVOIP_OPUS=n');
    expect([
      values.BR2_PACKAGE_OPUS,
      values.BR2_PACKAGE_SPEEX,
      values.BR2_PACKAGE_OPENCORE_AMR,
      values.BR2_PACKAGE_LIBILBC,
      values.BR2_PACKAGE_LIBGSM ?? 'n',
      values.BR2_PACKAGE_BCG729 ?? 'n',
    ]).toEqual(['n', 'y', 'y', 'y', 'n', 'n']);
  });

  it('says what the toolchain lacks instead of vanishing', () => {
    const { comments, prompts } = configure(tree, 'BR2_aarch64=y', 'BR2_INSTALL_LIBSTDCPP=y');
    expect(prompts.BR2_PACKAGE_DASHVOIP).toBeUndefined();
    expect(comments).toEqual([
      'dashvoip needs a toolchain w/ C++, dynamic library, threads, gcc >= 5',
    ]);
  });

  it('offers the tree’s own nodejs only where there is one', () => {
    expect(enabled().prompts.BR2_PACKAGE_DASHVOIP_NODE_SYSTEM).toBeUndefined();
    expect(enabled('BR2_PACKAGE_NODEJS=y').prompts.BR2_PACKAGE_DASHVOIP_NODE_SYSTEM).toBeDefined();
  });

  it('pulls in nothing that was switched off', () => {
    const off = ['ALSA', 'AAC', 'STILL'].map((name) => `BR2_PACKAGE_DASHVOIP_${name}=n`);
    const { values } = enabled(...off);
    expect([values.BR2_PACKAGE_ALSA_LIB, values.BR2_PACKAGE_FFMPEG]).toEqual(['n', 'n']);
  });
});

describe('dashvoip.mk', () => {
  it('is a generic package with its source on this machine', () => {
    expect(make('print-GENERIC_PACKAGE_SEEN')).toBe('yes');
    expect(make('print-DASHVOIP_SITE_METHOD')).toBe('local');
  });

  it('builds the SDK’s NetFIFO first and names its folder', () => {
    const sdk = [...on('DASHVOIP_CAMERA_SDK'), 'BR2_PACKAGE_DASHVOIP_NETFIFO_PACKAGE="libnetfifo"'];
    expect(make('print-DASHVOIP_DEPENDENCIES', ...sdk).split(' ')).toContain('libnetfifo');
    expect(make('print-DASHVOIP_CMAKE_OPTS', ...sdk)).toContain(
      '-DDASHVOIP_NETFIFO_SDK=/staging/usr',
    );
    expect(
      make('print-DASHVOIP_CMAKE_OPTS', ...sdk, 'BR2_PACKAGE_DASHVOIP_NETFIFO_DIR="/sdk"'),
    ).toContain('-DDASHVOIP_NETFIFO_SDK=/sdk');
  });

  it.each([
    [['DASHVOIP_CAMERA_STANDIN'], '-DDASHVOIP_CAMERA=stand-in'],
    [[], '-DDASHVOIP_CAMERA=none'],
    [['DASHVOIP_ALSA'], '-DDASHVOIP_ALSA=ON'],
    [[], '-DDASHVOIP_ALSA=OFF'],
    [['DASHVOIP_AAC'], '-DDASHVOIP_AAC=ON'],
    [[], '-DDASHVOIP_AAC=OFF'],
    [['DASHVOIP_STILL'], '-DDASHVOIP_STILL=ON'],
    [[], '-DDASHVOIP_STILL=OFF'],
    [['DASHVOIP_RTSP'], '-DDASHVOIP_RTSP=ON'],
    [[], '-DDASHVOIP_RTSP=OFF'],
    [['DASHVOIP_SCTP'], '-DDASHVOIP_SCTP=ON'],
    [[], '-DDASHVOIP_SCTP=OFF'],
  ])('with %j passes %s', (symbols, option) => {
    expect(make('print-DASHVOIP_CMAKE_OPTS', ...on(...symbols)).split(' ')).toContain(option);
  });

  it('installs what loads on demand where it was chosen', () => {
    expect(make('print-DASHVOIP_BUNDLES')).toBe(
      'dashvoip.cjs dashvoip-more.cjs dashvoip-probe.cjs dashvoip-terminal.cjs dashvoip-tls.cjs dashvoip-zrtp.cjs',
    );
    const chosen = on('DASHVOIP_MQTT', 'DASHVOIP_ICE', 'DASHVOIP_WEB');
    expect(make('print-DASHVOIP_BUNDLES', ...chosen)).toBe(
      'dashvoip.cjs dashvoip-more.cjs dashvoip-probe.cjs dashvoip-terminal.cjs dashvoip-tls.cjs dashvoip-zrtp.cjs dashvoip-mqtt.cjs dashvoip-ice.cjs dashvoip-web.cjs',
    );
    expect(make('print-DASHVOIP_POST_INSTALL_TARGET_HOOKS')).not.toContain('PAGE');
    expect(make('print-DASHVOIP_POST_INSTALL_TARGET_HOOKS', ...on('DASHVOIP_WEB'))).toContain(
      'DASHVOIP_INSTALL_PAGE',
    );
    expect(make('recipe-DASHVOIP_INSTALL_PAGE', ...on('DASHVOIP_WEB'))).toContain('/dist/page/');
    expect(make('recipe-DASHVOIP_INSTALL_TARGET_CMDS', ...on('DASHVOIP_MQTT'))).toContain(
      '/dist/dashvoip-mqtt.cjs',
    );
  });

  it('builds ffmpeg first for any of the modules on it', () => {
    for (const module of ['DASHVOIP_AAC', 'DASHVOIP_STILL', 'DASHVOIP_RTSP'])
      expect(make('print-DASHVOIP_DEPENDENCIES', ...on(module)).split(' ')).toContain('ffmpeg');
  });

  it.each([
    ['OPUS', 'opus'],
    ['SPEEX', 'speex'],
    ['GSM', 'libgsm'],
    ['AMR', 'opencore-amr'],
    ['G723', 'ffmpeg'],
    ['ILBC', 'libilbc'],
    ['G729', 'bcg729'],
  ])('builds %s on its library, or not at all', (codec, library) => {
    const chosen = on(`DASHVOIP_${codec}`, 'SPEEXDSP');
    expect(make('print-DASHVOIP_DEPENDENCIES', ...chosen).split(' ')).toContain(library);
    expect(make('print-DASHVOIP_CMAKE_OPTS', ...chosen)).toContain(`-DDASHVOIP_${codec}=ON`);
    const without = on('SPEEXDSP');
    expect(make('print-DASHVOIP_DEPENDENCIES', ...without).split(' ')).not.toContain(library);
    expect(make('print-DASHVOIP_CMAKE_OPTS', ...without)).toContain(`-DDASHVOIP_${codec}=OFF`);
  });

  it('depends on what was chosen and no more', () => {
    expect(make('print-DASHVOIP_DEPENDENCIES').split(' ')).toEqual(['host-pkgconf', 'speex']);
    const all = on('SPEEXDSP', 'DASHVOIP_ALSA', 'DASHVOIP_AAC', 'DASHVOIP_NODE_SYSTEM');
    expect(make('print-DASHVOIP_DEPENDENCIES', ...all).split(' ')).toEqual([
      'host-pkgconf',
      'speexdsp',
      'alsa-lib',
      'ffmpeg',
      'nodejs',
    ]);
  });

  it('names the node that the init script starts', () => {
    expect(make('print-DASHVOIP_NODE', ...on('DASHVOIP_NODE_SYSTEM'))).toBe('/usr/bin/node');
    expect(make('print-DASHVOIP_NODE')).toBe('/opt/dashvoip/runtime/node');
  });

  it('installs the init script only when asked to', () => {
    expect(make('recipe-DASHVOIP_INSTALL_INIT_SYSV')).toBe('');
    expect(make('recipe-DASHVOIP_INSTALL_INIT_SYSV', ...on('DASHVOIP_AUTOSTART'))).toContain(
      '/etc/init.d/S95dashvoip',
    );
  });

  it('needs neither node, npm nor the network to build', () => {
    const recipes = ['CONFIGURE_CMDS', 'BUILD_CMDS', 'INSTALL_TARGET_CMDS'].map((name) =>
      make(`recipe-DASHVOIP_${name}`),
    );
    for (const recipe of recipes) {
      expect(recipe).not.toBe('');
      expect(recipe).not.toMatch(/\b(npm|npx|wget|curl|git clone)\b/);
    }
  });

  it('names the version that package.json names', () => {
    const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ version: make('print-DASHVOIP_VERSION') });
  });

  it('has the licences and their hashes, as legal-info checks them', () => {
    expect(make('print-DASHVOIP_LICENSE')).toBe('MIT, ISC');
    const files = make('print-DASHVOIP_LICENSE_FILES').split(' ');
    expect(files).toEqual(['LICENSE', 'THIRD-PARTY.txt']);
    const lines = readFileSync(join(PACKAGE, 'dashvoip.hash'), 'utf8').split('\n');
    for (const file of files) {
      const hash = createHash('sha256')
        .update(readFileSync(join(ROOT, file)))
        .digest('hex');
      expect(lines.filter((line) => line.endsWith(`  ${file}`))).toEqual([
        `sha256  ${hash}  ${file}`,
      ]);
    }
  });

  it('looks for its source beside itself unless told otherwise', () => {
    expect(make('print-DASHVOIP_SITE')).toBe(join(PACKAGE, 'src'));
    expect(make('print-DASHVOIP_SITE', 'DASHVOIP_SRC=/sdk/pkg/dashvoip')).toBe('/sdk/pkg/dashvoip');
  });

  it('keeps the configuration, which may hold a password, from other users', () => {
    expect(make('recipe-DASHVOIP_PERMISSIONS')).toContain(
      '/etc/dashvoip.json f 0640 root dashvoip',
    );
  });

  it('installs the prepared Node, or says how to make one', () => {
    const runtime = make('recipe-DASHVOIP_INSTALL_RUNTIME', ...on('DASHVOIP_NODE_PREBUILT'));
    expect(runtime).toContain('/target/opt/dashvoip/runtime');
    expect(runtime).toContain('scripts/runtime');
    expect(make('recipe-DASHVOIP_INSTALL_RUNTIME', ...on('DASHVOIP_NODE_SYSTEM'))).toBe('');
  });

  it('does not make warnings of an unknown compiler errors', () => {
    expect(make('print-DASHVOIP_CMAKE_OPTS').split(' ')).toContain('-DDASHVOIP_WERROR=OFF');
  });

  it('has an own user in the audio group', () => {
    expect(make('recipe-DASHVOIP_USERS')).toMatch(/dashvoip -1 dashvoip -1 \* - - audio/);
  });

  it('switches the loopback and dummy cards on in the kernel', () => {
    const fixups = make('recipe-DASHVOIP_LINUX_CONFIG_FIXUPS', ...on('DASHVOIP_KERNEL_SOUND'));
    expect(fixups).toContain('set CONFIG_SND_ALOOP m');
    expect(fixups).toContain('set CONFIG_SND_DUMMY m');
  });
});
