import type { Place } from "../../access/effective.js";
import { readPlaces } from "./places.js";
import type { Logins } from "../credentials.js";

/**
 * The display names of projects and organizations, by API name. It lacks those that can't be read, so a caller shows
 * the API name instead.
 */
export const titlesIn = async (logins: Logins): Promise<Map<string, string>> =>
  titlesOf(await readPlaces(logins));

export const titlesOf = (places: readonly Place[]): Map<string, string> =>
  new Map(places.map(({ name, displayName }) => [name, displayName]));
