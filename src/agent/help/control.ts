/** What an emergency service wants, or has, by application/EmergencyCallData.Control+xml (RFC 8147 §9). */
export type ControlElement =
  | { readonly kind: 'ack'; readonly received: boolean | undefined }
  | { readonly kind: 'request'; readonly action: string; readonly dataType: string };

const NAMESPACE = 'urn:ietf:params:xml:ns:EmergencyCallData:control';

/** Its elements in order; what stands below others or in comments is none. */
export function readControl(xml: string): readonly ControlElement[] {
  const bare = xml.replace(/<!--[\s\S]*?-->/g, '');
  if (!/<(?:[\w-]+:)?EmergencyCallData\.Control[\s>]/i.test(bare)) return [];
  const elements: ControlElement[] = [];
  for (const [, name, rest = ''] of bare.matchAll(
    /<(?:[\w-]+:)?(ack|request)((?:\s+[\w:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/?>/g,
  )) {
    const attribute = (wanted: string): string | undefined => {
      const [, double, single] =
        new RegExp(`\\s${wanted}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(rest) ?? [];
      return double ?? single;
    };
    if (name === 'ack') {
      const text = attribute('received')?.trim();
      const received = text === undefined ? undefined : text === 'true' || text === '1';
      elements.push({ kind: 'ack', received });
    } else {
      const [action = '', dataType = ''] = [attribute('action'), attribute('datatype')];
      elements.push({ kind: 'request', action: action.trim(), dataType: dataType.trim() });
    }
  }
  return elements;
}

/** That we do nothing of the kind. @param reference of the request, as its Content-ID has it. */
export function refusalOf(actions: readonly string[], reference: string): string {
  const results = actions.map(
    (action) =>
      `<actionResult action="${attribute(action)}" success="false" reason="unsupported"/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<EmergencyCallData.Control xmlns="${NAMESPACE}"><ack ref="${attribute(reference)}">${results.join('')}</ack></EmergencyCallData.Control>
`;
}

function attribute(text: string): string {
  return text.replace(/[<>&"]/g, (found) => `&#${found.charCodeAt(0)};`);
}
