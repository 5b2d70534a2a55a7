import type { Machine, Space } from './machine';
import { linesOf, wordsOf } from './proc-text';

export interface FileSystem {
  readonly point: string;
  readonly type: string;
  /** Of local devices; what a network share is called may hold a name or a password. */
  readonly device: string | undefined;
  readonly readOnly: boolean;
  readonly space: Space | undefined;
}

export interface StorageFacts {
  readonly rootReadOnly: boolean | undefined;
  readonly fileSystems: readonly FileSystem[];
}

/** File systems that hold files of somebody; the rest are doors into the kernel. */
const TYPES =
  /^(squashfs|ext[234]|[vex]*fat|msdos|ubifs|jffs2|yaffs2?|cramfs|erofs|f2fs|btrfs|xfs|tmpfs|ramfs|rootfs|overlay|9p|nfs4?|cifs|ambafs|fuse[a-z]*)$/;
const MAX_FILE_SYSTEMS = 32;

export function storageFacts(machine: Machine): StorageFacts {
  const mounts = linesOf(machine.text('/proc/mounts')).flatMap(mount);
  // Of several at one place the last lies on top.
  const onTop = [...new Map(mounts.map((each) => [each.point, each])).values()];
  return {
    rootReadOnly: onTop.find(({ point }) => point === '/')?.readOnly,
    fileSystems: onTop
      .slice(0, MAX_FILE_SYSTEMS)
      .map((each) => ({ ...each, space: machine.space(each.point) })),
  };
}

function mount(line: string): Omit<FileSystem, 'space'>[] {
  const [source = '', escaped = '', type = '', options = ''] = wordsOf(line);
  if (!TYPES.test(type)) return [];
  // fstab(5): blanks in names are octal.
  const point = escaped.replace(/\\(\d{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return [
    {
      point,
      type,
      device: source.startsWith('/dev/') ? source : undefined,
      readOnly: options.split(',').includes('ro'),
    },
  ];
}
