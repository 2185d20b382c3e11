import type { ProjectBody } from "../api/bodies/organizations.js";
import { optionalText } from "../contract/inputs.js";
import { InvalidInput, type Check } from "../contract/resource.js";

/** Where a project is. A field that the program leaves out is not managed. */
export interface Location {
  readonly latitude?: number;
  readonly longitude?: number;
  readonly timeLocation?: string;
}

/** An optional location. Names of other fields are errors, because they are most likely misspelled. */
export const optionalLocation: Check<Location | undefined> = (value) => {
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new InvalidInput("must be an object with latitude, longitude and timeLocation");
  const { latitude, longitude, timeLocation, ...others } = value as Readonly<Record<string, unknown>>;
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new InvalidInput(`has latitude, longitude and timeLocation, but not ${JSON.stringify(other)}`);
  return withoutUnset({
    latitude: degrees("latitude", latitude, 90),
    longitude: degrees("longitude", longitude, 180),
    timeLocation: optionalText(timeLocation ?? undefined),
  });
};

/** The fields of a location that are declared and that the cloud has, with the values of the cloud. */
export function declaredPart(declared: Location, { location }: ProjectBody): Location {
  const present = presentLocation(location);
  return Object.fromEntries(Object.entries(present).filter(([name]) => Object.hasOwn(declared, name)));
}

/** The fields of a location that somebody has set. Undefined if nobody has set any. */
export function knownPart({ location }: ProjectBody): Location | undefined {
  const present = presentLocation(location);
  return Object.keys(present).length === 0 ? undefined : present;
}

/**
 * The location that brings a project to the declared one; undefined if it has that already. It is always complete,
 * because the API doesn't say whether it keeps the fields that a PATCH leaves out.
 */
export function changedLocation(declared: Location | undefined, { location }: ProjectBody) {
  const present = presentLocation(location);
  const differs = Object.entries(declared ?? {}).some(
    ([name, value]) => present[name as keyof Location] !== value,
  );
  return differs ? { latitude: null, longitude: null, ...present, ...declared } : undefined;
}

const presentLocation = (location: ProjectBody["location"]): Location =>
  withoutUnset({
    latitude: location?.latitude ?? undefined,
    longitude: location?.longitude ?? undefined,
    timeLocation: location?.timeLocation ?? undefined,
  });

const withoutUnset = (fields: { readonly [K in keyof Location]: Location[K] | undefined }): Location =>
  // The API has an empty time zone if nobody has set any.
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ""));

function degrees(name: string, value: unknown, most: number): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !(Math.abs(value) <= most))
    throw new InvalidInput(`has a ${name} that must be a number of degrees from -${most} to ${most}`);
  return value;
}
