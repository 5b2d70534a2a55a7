import { SaxesParser } from 'saxes';

/** An element of a document: names without their prefixes, since those are anybody's choice. */
export interface XmlElement {
  /** The namespace that its name belongs to. */
  readonly space: string;
  readonly name: string;
  /** Those without a prefix. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** What stands right in it, without what stands in its children, and without space around it. */
  readonly text: string;
}

/** What cannot be used, and why. */
export interface Fault {
  readonly fault: string;
}

/** Longer than any state that is told of one person or one line, in characters. */
const MAX_LENGTH = 65_536;
/** Elements within each other. */
const MAX_DEPTH = 32;

/** An element that is still open. */
interface Open extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/**
 * The root of a document, whole or not at all. One with a document type is refused: what that declares would be
 * expanded by some, and asked for over the network by others, and no document that we ask for has one.
 */
export function readXml(text: string): XmlElement | Fault {
  if (text.length > MAX_LENGTH) {
    return { fault: `expected at most ${MAX_LENGTH} characters, found ${text.length}` };
  }
  try {
    return parse(text);
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** As `readXml`, where the root has to be that one. */
export function readRoot(text: string, space: string, name: string): XmlElement | Fault {
  const root = readXml(text);
  if ('fault' in root || (root.space === space && root.name === name)) return root;
  return { fault: `expected <${name}> of ${space}, found <${root.name}> of ${root.space}` };
}

/** The children of that name, in the parent's namespace unless it is told. */
export function childrenOf(parent: XmlElement, name: string, space = parent.space): XmlElement[] {
  return parent.children.filter((child) => child.space === space && child.name === name);
}

export function childOf(parent: XmlElement, name: string): XmlElement | undefined {
  return childrenOf(parent, name)[0];
}

/** @throws Error at the first fault; nothing after it is read. */
function parse(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: Open[] = [];
  let root: XmlElement | undefined;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('expected no document type, found <!DOCTYPE');
  });
  parser.on('opentag', ({ uri, local, attributes }) => {
    if (open.length >= MAX_DEPTH) throw new Error(`expected at most ${MAX_DEPTH} levels`);
    const plain = Object.values(attributes).filter(({ uri: space }) => space === '');
    const element: Open = {
      ...{ space: uri, name: local, children: [], text: '' },
      attributes: new Map(plain.map(({ local: name, value }) => [name, value])),
    };
    open.at(-1)?.children.push(element);
    open.push(element);
    root ??= element;
  });
  const add = (more: string): void => {
    const element = open.at(-1);
    if (element) element.text += more;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => {
    const element = open.pop();
    if (element) element.text = element.text.trim();
  });
  parser.write(text).close();
  if (!root) throw new Error('expected an element, found none');
  return root;
}
