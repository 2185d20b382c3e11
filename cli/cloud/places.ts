import type { Place } from "../../access/effective.js";
import type { OrganizationBody, ProjectBody } from "../../provider/api/bodies/organizations.js";
import { listOrganizations, listProjects } from "../../provider/api/reads/organizationLists.js";
import { itemsIn, listReader } from "./lists.js";
import type { Logins } from "../credentials.js";

/**
 * Reads the projects and organizations that the logins can see, with their names and labels. What can't be read is
 * left out: its name is then not known.
 */
export async function readPlaces({ session, byProvider }: Logins): Promise<Place[]> {
  const reader = await listReader();
  const lists = await Promise.all(
    [session, ...byProvider.values()].flatMap(({ api }) => [
      reader.read(async () => (await listProjects(api)).map(placeOf)),
      reader.read(async () => (await listOrganizations(api)).map(placeOf)),
    ]),
  );
  const places = lists.flatMap(itemsIn);
  return [...new Map(places.map((place) => [place.name, place])).values()];
}

const placeOf = ({
  name,
  displayName,
  organization = "",
  labels = {},
}: OrganizationBody & Partial<ProjectBody>): Place => ({ name, displayName, organization, labels });
