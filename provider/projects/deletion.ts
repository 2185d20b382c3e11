import { hasStatus } from "../api/http/errors.js";
import type { ProjectBody } from "../api/bodies/organizations.js";
import type { MemberBody } from "../api/bodies/members.js";
import { isInherited } from "../api/bodies/members.js";
import type { ServiceAccountBody } from "../api/bodies/serviceAccounts.js";
import { remove } from "../api/reads/find.js";
import { isStillListed } from "../api/reads/deletedProjects.js";
import { listServiceAccounts } from "../api/reads/accountLists.js";
import { listMembers } from "../api/reads/memberLists.js";
import { emailOf } from "../api/text/email.js";
import { printable } from "../api/text/foreignText.js";
import { idOf } from "../api/text/resourceNames.js";
import { isOurOwn } from "../guards/lockout.js";
import { guardHomeProject } from "../guards/projectLockout.js";
import type { Session } from "../session/session.js";
import { titleOf } from "./changes.js";

/** What a deletion of a project would take along. */
interface Contents {
  readonly accounts: readonly ServiceAccountBody[];
  readonly members: readonly MemberBody[];
}

/** How many things of a kind an error names. */
const most = 10;

/**
 * Deletes a project that is empty.
 *
 * @throws Error that names what is in it, if it is not empty
 */
export async function deleteEmpty(
  body: ProjectBody,
  state: { readonly allowLockout?: true | undefined },
  session: Session,
): Promise<void> {
  try {
    await assertEmpty(body, state, session);
    await remove(session.api, body.name);
  } catch (error) {
    // The API counts some things that this provider doesn't read, such as data connectors.
    if (hasStatus(error, 400))
      error.message += `. ${titleOf(body)} may have devices, data connectors or other things that these credentials can't see. ${wayOut}`;
    if (error instanceof NotEmpty) error.message += `. ${wayOut}`;
    throw error;
  }
}

/** A project has something in it that its deletion would take along. */
class NotEmpty extends Error {}

/**
 * Refuses to delete a project that has something in it, or that the account we log in as is in.
 *
 * @throws Error that names what is in it
 */
export async function assertEmpty(
  body: ProjectBody,
  state: { readonly allowLockout?: true | undefined },
  session: Session,
): Promise<void> {
  const { name } = body;
  let contents = await contentsOf(name, session);
  await guardHomeProject(name, state, contents.accounts, session);
  // Lists may still show accounts and members that the same run has just deleted.
  const isWorthWaiting = devicesIn(body).length === 0 && !isEmpty(contents);
  if (isWorthWaiting)
    await isStillListed(session.api, async () => !isEmpty((contents = await contentsOf(name, session))));
  const found = [...devicesIn(body), ...describe(contents)];
  if (found.length > 0) throw new NotEmpty(`refused: ${titleOf(body)} is not empty: it has ${listed(found)}`);
}

const wayOut =
  'Remove that first, or leave the project in the cloud: set `deletion: "retain"` on this resource and run `pulumi up` before you remove it from the program';

async function contentsOf(project: string, session: Session): Promise<Contents> {
  const [accounts, all] = await Promise.all([
    listServiceAccounts(session.api, project),
    listMembers(session.api, project),
  ]);
  const members: MemberBody[] = [];
  for (const member of all) {
    // An administrator of the organization keeps that access, and the identity that deletes the project wants this.
    if (isInherited(member)) continue;
    const own = { member: emailOf(member), memberId: idOf(member.name) };
    if (!(await isOurOwn(own, () => session, session.settings))) members.push(member);
  }
  return { accounts, members };
}

const isEmpty = ({ accounts, members }: Contents): boolean => accounts.length + members.length === 0;

const devicesIn = ({ sensorCount, cloudConnectorCount }: ProjectBody): string[] => [
  ...counted(sensorCount, "sensor"),
  ...counted(cloudConnectorCount, "cloud connector"),
];

const counted = (count: number, noun: string): string[] =>
  count === 0 ? [] : [`${count} ${noun}${count === 1 ? "" : "s"}`];

function describe({ accounts, members }: Contents): string[] {
  return [
    ...named(
      "service account",
      accounts.map(({ displayName, email }) => `"${printable(displayName)}" (${printable(email)})`),
    ),
    ...named(
      "member",
      members.map((member) => `${printable(emailOf(member))} (${printable(member.roles.join())})`),
    ),
  ];
}

function named(noun: string, all: readonly string[]): string[] {
  if (all.length === 0) return [];
  const shown = all.slice(0, most);
  const rest = all.length > most ? ` and ${all.length - most} more` : "";
  return [`the ${noun}${all.length === 1 ? "" : "s"} ${shown.join(", ")}${rest}`];
}

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
