import { parseAsNamed, patchOf } from "../api/http/client.js";
import { ProjectBody } from "../api/bodies/organizations.js";
import { printable } from "../api/text/foreignText.js";
import { hasStatus } from "../api/http/errors.js";
import { pollUntilFound } from "../recovery/createOnce.js";
import type { Session } from "../session/session.js";
import { changedLocation, type Location } from "./location.js";

/** The project that the program declares. */
export interface WantedProject {
  readonly displayName: string;
  /** All labels, except those that the API sets itself. Undefined if the program doesn't manage labels. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly location?: Location | undefined;
}

/** A project as it is. */
export interface PresentProject {
  readonly body: ProjectBody;
  /** The labels that the API sets itself. They stay, whatever the program declares. */
  readonly apiLabels: readonly string[];
}

/** The project as people know it. */
export const titleOf = ({ name, displayName }: ProjectBody): string =>
  `${name} ("${printable(displayName)}")`;

/** The project itself. An error if it can't be read. */
export const readProject = (name: string, { api }: Session): Promise<ProjectBody> =>
  api.get(name).then(parseAsNamed(name, ProjectBody));

/**
 * Changes the project to match the inputs: the labels in one call, everything else in one PATCH. Sends no write if
 * nothing differs.
 *
 * The answer to a PATCH has read-only fields as zero values, so this reads the project again.
 */
export async function bringTo(
  wanted: WantedProject,
  present: PresentProject,
  session: Session,
): Promise<PresentProject> {
  const { body } = present;
  const location = changedLocation(wanted.location, body);
  const changes = {
    ...(wanted.displayName === body.displayName ? {} : { displayName: wanted.displayName }),
    ...(location === undefined ? {} : { location }),
  };
  const isPatched = Object.keys(changes).length > 0;
  if (isPatched) await session.api.patch(body.name, patchOf(changes));
  const { add, remove } = labelChanges(wanted, present);
  if (Object.keys(add).length === 0 && remove.length === 0)
    return isPatched ? { ...present, body: await readProject(body.name, session) } : present;
  return changeLabels(wanted, present, session);
}

/** The labels to set and to remove. */
export function labelChanges(
  { labels }: WantedProject,
  { body, apiLabels }: PresentProject,
): { add: Readonly<Record<string, string>>; remove: readonly string[] } {
  if (labels === undefined) return { add: {}, remove: [] };
  const add = Object.entries(labels).filter(([label, value]) => body.labels[label] !== value);
  const remove = Object.keys(body.labels).filter(
    (label) => !Object.hasOwn(labels, label) && !apiLabels.includes(label),
  );
  return { add: Object.fromEntries(add), remove };
}

/** Changes labels, and reads whether the API has done it: its answer says nothing. */
async function changeLabels(
  wanted: WantedProject,
  present: PresentProject,
  session: Session,
): Promise<PresentProject> {
  const { name } = present.body;
  const { add, remove } = labelChanges(wanted, present);
  try {
    await session.api.post("projects:batchUpdate", {
      json: {
        projects: [name],
        ...(Object.keys(add).length === 0 ? {} : { addLabels: add }),
        ...(remove.length === 0 ? {} : { removeLabels: remove }),
      },
    });
  } catch (error) {
    if (hasStatus(error, 400) && remove.length > 0)
      error.message += `; if the API sets ${quoted(remove)} itself, so that nobody can remove it, add it to the labels of ${name} in the program`;
    throw error;
  }
  let body = present.body;
  const isDone = () => {
    const left = labelChanges(wanted, { ...present, body });
    return Object.keys(left.add).length === 0 && left.remove.length === 0;
  };
  await pollUntilFound(session.settings.retryDelay, async () => {
    body = await readProject(name, session);
    return isDone() ? body : undefined;
  });
  const left = labelChanges(wanted, { ...present, body });
  const missing = Object.keys(left.add);
  if (missing.length > 0)
    throw new Error(
      `the API reported success, but ${name} does not have the declared value of the label ${quoted(missing)}: check whether it permits this label and value`,
    );
  // The API keeps labels that it was asked to remove, so it has set them itself.
  return { body, apiLabels: [...present.apiLabels, ...left.remove] };
}

const quoted = (labels: readonly string[]): string => labels.map((label) => `"${label}"`).join(" and ");
