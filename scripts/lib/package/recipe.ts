/** What the recipe says for the SDK's old tree, and what it says in a patch for Buildroot's own. */
type Change = readonly [ours: string, theirs: string];

/** @param site URL of the folder that the source archive lies in. */
export function recipeForBuildroot(mk: string, site: string): string {
  return changed('dashvoip.mk', mk, [
    [
      `# The source is made by scripts/package: native/, dist/, vendor/. When it does not
# lie beside this file, name it in local.mk or the environment, as
# DASHVOIP_SRC=$(TOPDIR)/../pkg/dashvoip
DASHVOIP_SRC ?= $(DASHVOIP_PKGDIR)/src
DASHVOIP_SITE = $(DASHVOIP_SRC)
DASHVOIP_SITE_METHOD = local
`,
      `DASHVOIP_SITE = ${site}
`,
    ],
    [
      `# Old trees have no speexdsp: their speex holds the same library.
DASHVOIP_DEPENDENCIES = host-pkgconf $(if $(BR2_PACKAGE_SPEEXDSP),speexdsp,speex)
`,
      `DASHVOIP_DEPENDENCIES = host-pkgconf speexdsp $(BR2_CMAKE_HOST_DEPENDENCY)
`,
    ],
    [
      `# Buildroot before 2016.11 has no BR2_CMAKE and would build host-cmake; any
# cmake >= 3.5 of the build machine will do.
DASHVOIP_CMAKE = $(or $(BR2_CMAKE),cmake)
ifneq ($(BR2_CMAKE_HOST_DEPENDENCY),)
DASHVOIP_DEPENDENCIES += $(BR2_CMAKE_HOST_DEPENDENCY)
endif

`,
      '',
    ],
    [
      `# toolchainfile.cmake moved from a folder usr of HOST_DIR to HOST_DIR itself in
# 2017.08; looked up when the recipe runs.
DASHVOIP_TOOLCHAINFILE = $(firstword $(wildcard \\
	$(HOST_DIR)/share/buildroot/toolchainfile.cmake \\
	$(HOST_DIR)/*/share/buildroot/toolchainfile.cmake))

`,
      '',
    ],
    ['$(DASHVOIP_TOOLCHAINFILE)', '$(HOST_DIR)/share/buildroot/toolchainfile.cmake'],
    ['$(TARGET_MAKE_ENV) $(DASHVOIP_CMAKE) ', '$(TARGET_MAKE_ENV) $(BR2_CMAKE) '],
    ['# Unused, and harmless, before Buildroot 2020.05.\n', ''],
  ]);
}

export function optionsForBuildroot(configIn: string): string {
  return changed('Config.in', configIn, [
    ['\tselect BR2_PACKAGE_SPEEX if !BR2_PACKAGE_SPEEXDSP\n', ''],
    [
      `	  vendor's RTSP server owns NetFIFO. Needs FFmpeg 3.1: leave it
	  off on Buildroot 2016.08, which has 2.8. Of ffmpeg's parts the
	  demuxer rtsp, the protocols tcp, udp and rtp and the parser
	  h264 are used.
`,
      `	  vendor's RTSP server owns NetFIFO. Of ffmpeg's parts the
	  demuxer rtsp, the protocols tcp, udp and rtp and the parser
	  h264 are used.
`,
    ],
    [
      `	  Build dashvoip-gsm.so on libgsm, likewise. Buildroot has
	  libgsm from 2017.02 on: leave it off on 2016.08.
`,
      `	  Build dashvoip-gsm.so on libgsm, likewise.
`,
    ],
    [
      `	  parts the decoder and the encoder g723_1 are used. Needs
	  FFmpeg 3.1: leave it off on Buildroot 2016.08, which has 2.8.
`,
      `	  parts the decoder and the encoder g723_1 are used.
`,
    ],
    [
      `	  another licence from Belledonne. Older Buildroots have no
	  bcg729: leave it off on 2016.08 and 2017.02.
`,
      `	  another licence from Belledonne.
`,
    ],
    [
      `	  Use /usr/bin/node. The nodejs of Buildroot 2016.08 and 2017.02
	  is too old for dashvoip: take the prebuilt bundle there.
`,
      `	  Use /usr/bin/node.
`,
    ],
    [
      `	  Set CONFIG_SND_ALOOP=m and CONFIG_SND_DUMMY=m in the kernel
	  that Buildroot builds (2020.05 and later). On an older
	  Buildroot add linux-audio.fragment of this package to
	  BR2_LINUX_KERNEL_CONFIG_FRAGMENT_FILES.
`,
      `	  Set CONFIG_SND_ALOOP=m and CONFIG_SND_DUMMY=m in the kernel
	  that Buildroot builds.
`,
    ],
  ]);
}

function changed(name: string, text: string, changes: readonly Change[]): string {
  return changes.reduce((before, [ours, theirs]) => {
    if (!before.includes(ours)) {
      throw new Error(`${name} has changed: expected to find ${JSON.stringify(ours)}`);
    }
    return before.replace(ours, () => theirs);
  }, text);
}

const MENU = 'Networking applications';

/** `package/Config.in` with our package in its menu, at its place in the alphabet. */
export function menuWithPackage(configIn: string): string {
  const lines = configIn.split('\n');
  const begin = lines.indexOf(`menu "${MENU}"`);
  if (begin < 0) throw new Error(`package/Config.in has no menu "${MENU}"`);
  // Menus and conditions within it have an order of their own.
  let depth = 0;
  const place = lines.findIndex((line, index) => {
    if (index < begin) return false;
    if (/^\s*(menu|if)\b/.test(line)) depth += 1;
    if (/^\s*(endmenu|endif)\b/.test(line)) depth -= 1;
    const name = /^\tsource "package\/([^/]+)\//.exec(line)?.[1];
    return depth === 0 || (depth === 1 && name !== undefined && name > 'dashvoip');
  });
  lines.splice(place, 0, '\tsource "package/dashvoip/Config.in"');
  return lines.join('\n');
}

/** `DEVELOPERS` with whoever answers for the package, at his place in the alphabet. */
export function developersWith(developers: string, name: string, email: string): string {
  const who = `N:\t${name} <${email}>`;
  const known = developers.indexOf(`${who}\n`);
  if (known >= 0) {
    const [head, tail] = [developers.slice(0, known), developers.slice(known + who.length + 1)];
    const files = /^(?:F:\t.*\n)*/.exec(tail)?.[0] ?? '';
    const sorted = [...files.split('\n').filter(Boolean), 'F:\tpackage/dashvoip/'].sort();
    return `${head}${who}\n${sorted.join('\n')}\n${tail.slice(files.length)}`;
  }
  const entry = `${who}\nF:\tpackage/dashvoip/\n`;
  const after = [...developers.matchAll(/^N:\t(.*)$/gm)].find(([, other = '']) => other > name);
  if (after) return `${developers.slice(0, after.index)}${entry}\n${developers.slice(after.index)}`;
  return `${developers.trimEnd()}\n\n${entry}`;
}
