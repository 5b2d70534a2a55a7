import { SaxesParser } from 'saxes';

/** An element of a document; names are without their prefixes, which anybody may choose. */
export interface XmlElement {
  /** The namespace of its name. */
  readonly space: string;
  readonly name: string;
  /** Those that have no prefix. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** What stands in it itself, without white space around it. */
  readonly text: string;
}

/** Characters of a document, elements of it, and elements within each other. */
const MAX_LENGTH = 65_536;
const MAX_ELEMENTS = 4000;
const MAX_DEPTH = 32;

/**
 * The root of a document that is well-formed to its end. A document type is refused, and with it every entity that it would declare.
 * @throws Error
 */
export function readXml(text: string): XmlElement {
  if (text.length > MAX_LENGTH) throw new Error(`it has more than ${MAX_LENGTH} characters`);
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: { element: XmlElement; children: XmlElement[]; text: string[] }[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  const refuse = (reason: string): never => {
    throw new Error(reason);
  };
  parser.on('error', ({ message }) => refuse(message));
  parser.on('doctype', () => refuse('it has a document type'));
  parser.on('opentag', ({ uri, local, attributes }) => {
    count += 1;
    if (open.length >= MAX_DEPTH || count > MAX_ELEMENTS) refuse('it has too many elements');
    const [children, texts]: [XmlElement[], string[]] = [[], []];
    const plain = Object.values(attributes).filter(({ prefix }) => prefix === '');
    const element: XmlElement = {
      ...{ space: uri, name: local, children },
      attributes: new Map(plain.map(({ local: name, value }) => [name, value])),
      get text() {
        return texts.join('').trim();
      },
    };
    open.at(-1)?.children.push(element);
    open.push({ element, children, text: texts });
    root ??= element;
  });
  const onText = (more: string): unknown => open.at(-1)?.text.push(more);
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  return root ?? refuse('it has no element');
}

/** The children of that name, in the same namespace unless it is told. */
export function childrenOf(
  { children, space: own }: XmlElement,
  name: string,
  space = own,
): XmlElement[] {
  return children.filter((child) => child.name === name && child.space === space);
}
