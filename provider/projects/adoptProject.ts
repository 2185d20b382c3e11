import type { ProjectBody } from "../api/bodies/organizations.js";
import { notice } from "../api/text/notice.js";
import { printable } from "../api/text/foreignText.js";
import { idOf } from "../api/text/resourceNames.js";
import { ofHolder } from "../stack/renames.js";
import { closeIntent, openIntentsOf } from "../recovery/journal.js";
import type { Session } from "../session/session.js";
import { holderOf } from "../stack/claims.js";
import { bringTo, labelChanges, titleOf, type PresentProject, type WantedProject } from "./changes.js";
import { projectsOf } from "./createProject.js";
import { changedLocation } from "./location.js";

type Wanted = WantedProject & { readonly organization: string };

/** Adopts an existing project, and changes it to match the inputs. */
export async function takeOver(
  wanted: string,
  inputs: Wanted,
  urn: string,
  session: Session,
): Promise<PresentProject> {
  const { organization } = inputs;
  const found = await findNamed(wanted, organization, session);
  const present = await bringTo(inputs, { body: found, apiLabels: [] }, session);
  // With `adopt`, the user has decided which project to use. So the open intents of interrupted runs are settled.
  const { apiUrl } = session.settings;
  openIntentsOf({ urn, apiUrl, kind: "project", parent: organization }).forEach(closeIntent);
  const changes = describeChanges(found, inputs, "changed");
  notice(`adopted project ${titleOf(found)}${changes}${ofHolder(await holderOf(found.name, urn), urn)}`);
  return present;
}

/** Prints, in a preview, which project `adopt` will adopt. */
export async function announceProjectAdoption(
  wanted: string,
  inputs: Wanted,
  session: Session,
): Promise<void> {
  const found = await findNamed(wanted, inputs.organization, session);
  notice(`adopt: will adopt ${titleOf(found)}${describeChanges(found, inputs, "will change")}`);
}

/**
 * The project of an organization with this API name, id or display name.
 *
 * @throws Error if there is none, or if several have the display name
 */
export async function findNamed(
  wanted: string,
  organization: string,
  { api, identity }: Session,
): Promise<ProjectBody> {
  const all = await projectsOf(api, organization);
  const byName = all.find(({ name }) => name === wanted || idOf(name) === wanted);
  if (byName !== undefined) return byName;
  const [found, ...others] = all.filter(({ displayName }) => displayName === wanted);
  if (found === undefined)
    throw new Error(
      `${organization} has no project "${printable(wanted)}", as ${identity} sees it: give the id or the display name of one that exists`,
    );
  if (others.length === 0) return found;
  const names = [found, ...others].map(({ name }) => name).join(" and ");
  throw new Error(
    `${organization} has several projects "${printable(wanted)}", ${names}: give the id of one`,
  );
}

function describeChanges(present: ProjectBody, wanted: Wanted, verb: string): string {
  const { add, remove } = labelChanges(wanted, { body: present, apiLabels: [] });
  const labels = [
    ...Object.entries(add).map(([label, value]) => `the label ${printable(label)} to "${printable(value)}"`),
    ...remove.map((label) => `the label ${printable(label)} to none`),
  ];
  const changes = [
    ...(wanted.displayName === present.displayName
      ? []
      : [`displayName "${printable(present.displayName)}" to "${wanted.displayName}"`]),
    ...(changedLocation(wanted.location, present) === undefined ? [] : ["its location"]),
    ...labels,
  ];
  return changes.length === 0 ? "" : `, and ${verb} ${changes.join(" and ")}`;
}
