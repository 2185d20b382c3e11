import * as v from "valibot";
import type { CloudState } from "../cloud/cloudState";
import { newId } from "../cloud/ids";
import { addMember } from "../cloud/members";
import { createProject } from "../cloud/projects";
import { createAccount, createKey } from "../cloud/serviceAccounts";
import { type Seed, seedSchema } from "./seed";

type ParsedSeed = v.InferOutput<typeof seedSchema>;
type OrganizationSeed = ParsedSeed["organizations"][number];
type ProjectSeed = OrganizationSeed["projects"][number];

/** Fills an empty cloud. @throws {Error} naming the invalid place in the seed */
export function applySeed(cloud: CloudState, seed: Seed): void {
  const { organizations, users, admin } = parseSeed(seed);
  for (const [index, { email, displayName = email }] of users.entries())
    withSeedPath(`users.${index}`, () => cloud.addUser({ email, displayName, known: true }));
  const memberSteps = organizations.map((organization, index) =>
    createOrganizationFromSeed(cloud, organization, `organizations.${index}`),
  );
  withSeedPath("admin", () => createAdmin(cloud, admin));
  // Members come last, because they may be accounts of any project. Accounts must be visible by then.
  cloud.markAllPropagated();
  for (const addMembers of memberSteps) addMembers();
}

function parseSeed(seed: Seed): ParsedSeed {
  const result = v.safeParse(seedSchema, seed satisfies v.InferInput<typeof seedSchema>);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(`the seed is not right at ${v.getDotPath(issue) ?? "the top level"}: ${issue.message}`);
}

/** Runs `act`. @throws {Error} naming this place in the seed */
function withSeedPath<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`the seed is not right at ${path}: ${message}`, { cause: error });
  }
}

/** @returns a function that adds its members */
function createOrganizationFromSeed(cloud: CloudState, seed: OrganizationSeed, path: string): () => void {
  const { id = newId(cloud.clock.now()), displayName, members, projects } = seed;
  const { name } = withSeedPath(path, () =>
    cloud.organizations.add({ name: `organizations/${id}`, displayName }),
  );
  const memberSteps = projects.map((project, index) =>
    createProjectFromSeed(cloud, name, project, `${path}.projects.${index}`),
  );
  return () => {
    grantRoles(cloud, name, members, path);
    for (const addMembers of memberSteps) addMembers();
  };
}

function createProjectFromSeed(
  cloud: CloudState,
  organization: string,
  seed: ProjectSeed,
  path: string,
): () => void {
  const { accounts, members, ...project } = seed;
  const { name } = withSeedPath(path, () => createProject(cloud, { organization, ...project }));
  for (const [index, { keys, ...account }] of accounts.entries())
    withSeedPath(`${path}.accounts.${index}`, () => {
      const created = createAccount(cloud, { project: name, ...account });
      for (const key of keys) createKey(cloud, created, key);
    });
  return () => grantRoles(cloud, name, members, path);
}

function createAdmin(
  cloud: CloudState,
  { displayName = "Pulumi", keyId, secret, ...seed }: ParsedSeed["admin"],
): void {
  const [homeProject] = cloud.projects.list();
  if (!homeProject) throw new Error("the first organization needs a project for the admin account");
  const account = createAccount(cloud, { project: homeProject.name, displayName, ...seed });
  const key = createKey(cloud, account, { ...(keyId && { id: keyId }), ...(secret && { secret }) });
  cloud.markAllPropagated();
  addMember(cloud, homeProject.organization, account.email, ["roles/organization.admin"]);
  cloud.admin = { name: account.name, email: account.email, keyId: key.id, secret: key.secret };
}

function grantRoles(cloud: CloudState, scope: string, roles: Record<string, string>, path: string): void {
  for (const [email, role] of Object.entries(roles))
    withSeedPath(`${path}.members.${email}`, () =>
      addMember(cloud, scope, email, [role.startsWith("roles/") ? role : `roles/${role}`]),
    );
}
