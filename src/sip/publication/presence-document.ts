/** Whether somebody can be called. */
export interface Availability {
  /** Calls are let in. */
  readonly isOpen: boolean;
  readonly isOnThePhone: boolean;
}

/**
 * PIDF (RFC 3863) with an activity of RPID (RFC 4480); some telephones look for `rpid:` and its name as text.
 * @param entity address of record.
 */
export function presenceDocument({ isOpen, isOnThePhone }: Availability, entity: string): string {
  const whose = escaped(entity);
  const person = isOnThePhone
    ? '<dm:person id="person"><rpid:activities><rpid:on-the-phone/></rpid:activities></dm:person>\n'
    : '';
  return `<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="${whose}">
<tuple id="camera"><status><basic>${isOpen ? 'open' : 'closed'}</basic></status><contact>${whose}</contact></tuple>
${person}</presence>
`;
}

function escaped(text: string): string {
  return text.replace(/[<>&"]/g, (found) => `&#${found.charCodeAt(0)};`);
}
