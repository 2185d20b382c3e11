import { assertion, grant } from "../emulator/login";
import type { World } from "../provider/world";
import type { Made, Stack } from "./stack";

export interface Scope {
  readonly world: World;
  /** The projects and accounts whose content belongs to the case. */
  readonly projects: readonly string[];
  /** The display name of the projects that the case creates. */
  readonly client: string;
  /** The emails whose memberships of the organization belong to it. */
  readonly admins: readonly string[];
  /** The resources that existed before. They are not ours. */
  readonly before: ReadonlySet<string>;
}

/** The result of a case, in the cloud and in the state. */
export interface Audit {
  /** Resources in the cloud that are in no state and belong to nobody. */
  readonly orphans: readonly string[];
  /** The orphans that no text shown to the user names. */
  readonly unreported: readonly string[];
  /** Resources in a state that the cloud does not have as the state says. */
  readonly wrong: readonly string[];
}

/**
 * Compares the cloud with the states and with the text that the user saw.
 *
 * @param printed everything that users saw: output of the providers, and errors
 */
export async function audit(
  scope: Scope,
  stacks: readonly Pick<Stack, "state" | "condemned">[],
  printed: string,
): Promise<Audit> {
  const held = stacks.flatMap(({ state, condemned }) => [...Object.values(state), ...condemned]);
  const names = new Set(namesInStates(stacks));
  const orphans = existing(scope).filter((name) => !scope.before.has(name) && !names.has(name));
  const wrong = await Promise.all(
    held.map(async (made) => ((await isRight(scope.world, made)) ? [] : [made.id])),
  );
  return { orphans, unreported: orphans.filter((name) => !mentions(printed, name)), wrong: wrong.flat() };
}

/** The names of everything in a scope. */
export function existing({
  world: { cloud, organization },
  projects,
  client,
  admins,
}: Omit<Scope, "before">): string[] {
  const accounts = projects.flatMap((project) => cloud.accounts.list(project));
  const keys = accounts.flatMap(({ name }) => cloud.keys.list(name));
  const members = projects.flatMap((project) => cloud.members.list(project));
  const administrators = cloud.members
    .list(organization)
    .filter(({ email }) => admins.includes(email.toLowerCase()));
  const clients = cloud.projects.list().filter(({ displayName }) => displayName.startsWith(client));
  return [...clients, ...accounts, ...keys, ...members, ...administrators].map(({ name }) => name);
}

/** The API names of all resources in the states. */
export const namesInStates = (stacks: readonly Pick<Stack, "state" | "condemned">[]): string[] =>
  stacks.flatMap(({ state, condemned }) => [...Object.values(state), ...condemned].flatMap(namesOf));

function namesOf({ type, id, outs }: Made): string[] {
  // A membership that was granted again may have another id than the resource.
  if (type === "projectRoleBinding" || type === "orgAdminBinding")
    return outs.expired === true ? [] : [membershipOf(id, outs)];
  if (type !== "serviceAccountKey") return [id];
  const account = id.split("/keys/")[0] ?? "";
  return [outs.keyId, outs.previousKeyId].flatMap((key) =>
    typeof key === "string" && key !== "" ? [`${account}/keys/${key}`] : [],
  );
}

const membershipOf = (id: string, { memberId }: Made["outs"]): string =>
  `${id.slice(0, id.lastIndexOf("/"))}/${String(memberId)}`;

const mentions = (text: string, name: string): boolean =>
  new RegExp(`${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w/])`).test(text);

/** Whether the cloud matches the state of a resource. For a key: whether it logs in. */
async function isRight(world: World, { type, id, inputs, outs, initErrors }: Made): Promise<boolean> {
  const { cloud } = world;
  if (initErrors !== undefined || outs.incomplete !== undefined) return false;
  if (outs.expired === true) return !isMember(world, id, String(inputs.member));
  switch (type) {
    case "project":
      return (
        cloud.projects.get(id)?.displayName === inputs.displayName &&
        JSON.stringify(cloud.projects.get(id)?.labels) === JSON.stringify(inputs.labels)
      );
    case "serviceAccount":
      return cloud.accounts.get(id)?.displayName === inputs.displayName;
    case "serviceAccountKey":
      return logsIn(world, {
        email: String(outs.email),
        keyId: String(outs.keyId),
        secret: String(outs.secret),
      });
    case "projectRoleBinding":
      return cloud.members.get(membershipOf(id, outs))?.roles.join() === inputs.role;
    case "orgAdminBinding":
      return cloud.members.get(membershipOf(id, outs))?.roles.join() === "roles/organization.admin";
  }
}

const isMember = ({ cloud }: World, id: string, member: string): boolean =>
  cloud.members
    .list(id.split("/members/")[0] ?? "")
    .some(({ email }) => email.toLowerCase() === member.toLowerCase());

async function logsIn(
  world: World,
  login: { email: string; keyId: string; secret: string },
): Promise<boolean> {
  return (await grant(world, await assertion(world, login))).status === 200;
}
