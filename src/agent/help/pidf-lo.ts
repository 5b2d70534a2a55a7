import type { Fix } from './shapes';

/**
 * A location object (RFC 4119) with a shape of RFC 5491 and how it moves (RFC 5962).
 * @param whose address of record, as `sip:car@example.org`.
 */
export function pidfLo(fix: Fix & { readonly time: string }, whose: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10" xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0" xmlns:dyn="urn:ietf:params:xml:ns:pidf:geopriv10:dynamic" entity="${attribute(entityOf(whose))}">
<tuple id="car"><status><gp:geopriv>
<gp:location-info>${shapeOf(fix)}${movementOf(fix)}</gp:location-info>
<gp:usage-rules/>
<gp:method>GPS</gp:method>
</gp:geopriv></status>
<timestamp>${fix.time}</timestamp></tuple>
</presence>
`;
}

/** RFC 5491 §5.2: a circle where the accuracy is known. It says nothing of the height, which a point alone has then. */
function shapeOf({ latitude, longitude, altitude, accuracy }: Fix): string {
  const place = `${plain(latitude, 7)} ${plain(longitude, 7)}`;
  if (accuracy !== undefined) {
    return `<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>${place}</gml:pos><gs:radius uom="urn:ogc:def:uom:EPSG::9001">${plain(accuracy, 1)}</gs:radius></gs:Circle>`;
  }
  const [crs, position] =
    altitude === undefined ? ['4326', place] : ['4979', `${place} ${plain(altitude, 1)}`];
  return `<gml:Point srsName="urn:ogc:def:crs:EPSG::${crs}"><gml:pos>${position}</gml:pos></gml:Point>`;
}

/** RFC 5962 §3. */
function movementOf({ speed, heading }: Fix): string {
  const told = [
    ...(speed === undefined ? [] : [`<dyn:speed>${plain(speed, 2)}</dyn:speed>`]),
    ...(heading === undefined ? [] : [`<dyn:heading>${plain(heading, 1)}</dyn:heading>`]),
  ];
  return told.length === 0 ? '' : `<dyn:Dynamic>${told.join('')}</dyn:Dynamic>`;
}

/** Never with an exponent. */
function plain(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, '');
}

/** The presentity of an address of record, RFC 3859. */
function entityOf(uri: string): string {
  return uri.replace(/^sips?:/i, 'pres:').replace(/[;?].*$/, '');
}

function attribute(text: string): string {
  return text.replace(/[<>&"]/g, (found) => `&#${found.charCodeAt(0)};`);
}
