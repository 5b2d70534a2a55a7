import * as v from 'valibot';
import { field, madeOfType } from '../../schema';
import { type Command, defineCommand } from '../command';
import { CommandRefusal } from '../control';

const between = (from: number, to: number, description: string) =>
  field(
    v.pipe(v.number(), v.minValue(from), v.maxValue(to)),
    `a number from ${from} to ${to}`,
    description,
  );

/** Where the car is. */
export const POSITION_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'position',
    repeats: true,
    summary: 'Tells where the car is, for calls to `urn:service:sos`; without parameters it asks.',
    notes: 'Kept in memory alone. Each one takes the place of the former, with all that it said.',
    param: {
      latitude: v.exactOptional(between(-90, 90, 'WGS 84, in degrees.')),
      longitude: v.exactOptional(between(-180, 180, 'The same.')),
      altitude: v.exactOptional(between(-1000, 20_000, 'Above the ellipsoid of WGS 84, in m.')),
      accuracy: v.exactOptional(between(0, 1_000_000, 'Radius in which it is, in m.')),
      speed: v.exactOptional(between(0, 500, 'In m/s.')),
      heading: v.exactOptional(between(0, 360, 'Where it goes, in degrees from north.')),
      time: v.exactOptional(
        field(
          v.pipe(
            v.string(),
            v.regex(/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/),
            v.check((time) => Number.isFinite(Date.parse(time))),
          ),
          'a time as "2026-11-27T06:30:00Z"',
          'When it was there; without it now.',
        ),
      ),
    },
    reply: v.object({ position: v.exactOptional(madeOfType(v.looseObject({}), 'PositionStatus')) }),
    run: async ({ agent: { helpData } }, { latitude, longitude, ...rest }) => {
      if (latitude !== undefined && longitude !== undefined) {
        await helpData.tell({ latitude, longitude, ...rest });
      } else if ([latitude, longitude, ...Object.values(rest)].some((one) => one !== undefined)) {
        const missing = latitude === undefined ? 'latitude' : 'longitude';
        throw new CommandRefusal(missing, `${missing}: found nothing, expected a number`);
      }
      const { position } = helpData;
      return position ? { position: { ...position } } : {};
    },
    words: ({ position }) =>
      position
        ? `${position.latitude} ${position.longitude}, told ${position.ageS} s ago`
        : 'no position is known',
  }),
];
