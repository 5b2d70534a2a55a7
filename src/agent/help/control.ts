import { readXml } from '../../platform';

/** What an emergency service wants, or has, by application/EmergencyCallData.Control+xml (RFC 8147 §9). */
export type ControlElement =
  | { readonly kind: 'ack'; readonly received: boolean | undefined }
  | { readonly kind: 'request'; readonly action: string; readonly dataType: string };

const NAMESPACE = 'urn:ietf:params:xml:ns:EmergencyCallData:control';
const ROOT = 'EmergencyCallData.Control';

/**
 * Its elements in order; what stands below them, as the requests of capabilities, is none.
 * @throws Error with what is wrong with the document
 */
export function readControl(xml: string): readonly ControlElement[] {
  const root = readXml(xml);
  if ('fault' in root) throw new Error(root.fault);
  if (root.name !== ROOT) throw new Error(`found <${root.name}>, expected <${ROOT}>`);
  return root.children.flatMap(({ name, attributes }): ControlElement[] => {
    const word = (wanted: string): string => attributes.get(wanted)?.trim() ?? '';
    if (name === 'ack') {
      const isTold = attributes.has('received');
      return [{ kind: 'ack', received: isTold ? /^(true|1)$/.test(word('received')) : undefined }];
    }
    if (name !== 'request') return [];
    return [{ kind: 'request', action: word('action'), dataType: word('datatype') }];
  });
}

/** What a car may be asked for (§9.1): its data, and nothing else. */
export function capabilities(): string {
  return control(
    '<capabilities><request action="send-data" supported-values="eCall.MSD"/></capabilities>',
  );
}

/** An action that was asked for, and why it is not done (§9.1). */
export interface Refused {
  readonly action: string;
  readonly reason: 'unsupported' | 'data-unsupported';
}

/** That we do nothing of the kind. @param reference of the request, as its Content-ID has it. */
export function refusalOf(refused: readonly Refused[], reference: string): string {
  const results = refused.map(
    ({ action, reason }) =>
      `<actionResult action="${attribute(action)}" success="false" reason="${reason}"/>`,
  );
  return control(`<ack ref="${attribute(reference)}">${results.join('')}</ack>`);
}

function control(inside: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<${ROOT} xmlns="${NAMESPACE}">${inside}</${ROOT}>
`;
}

function attribute(text: string): string {
  return text.replace(/[<>&"]/g, (found) => `&#${found.charCodeAt(0)};`);
}
