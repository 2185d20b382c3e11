import * as v from "valibot";
import { addMember, createAccount, createKey, createProject } from "./changes";
import { newId } from "./ids";
import { type Seed, seedSchema } from "./seed";
import type { World } from "./world";

type Planted = v.InferOutput<typeof seedSchema>;
type OrganizationSeed = Planted["organizations"][number];
type ProjectSeed = OrganizationSeed["projects"][number];

/** Fills an empty world. @throws {Error} naming the place in the seed that is not right */
export function plant(world: World, seed: Seed): void {
  const { organizations, users, admin } = parse(seed);
  for (const { email, displayName = email } of users) world.addUser({ email, displayName, known: true });
  const grants = organizations.map((organization) => plantOrganization(world, organization));
  plantAdmin(world, admin);
  // Nobody waits for the first accounts to be seen; and members come last, since they may be any account.
  world.settle();
  for (const grant of grants) grant();
}

function parse(seed: Seed): Planted {
  const result = v.safeParse(seedSchema, seed satisfies v.InferInput<typeof seedSchema>);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(`the seed is not right at ${v.getDotPath(issue) ?? "its top"}: ${issue.message}`);
}

/** @returns what gives its members their roles */
function plantOrganization(world: World, seed: OrganizationSeed): () => void {
  const { id = newId(world.clock.now()), displayName, members, projects } = seed;
  const { name } = world.organizations.add({ name: `organizations/${id}`, displayName });
  const grants = projects.map((project) => plantProject(world, name, project));
  return () => {
    grant(world, name, members);
    for (const inProject of grants) inProject();
  };
}

function plantProject(world: World, organization: string, seed: ProjectSeed): () => void {
  const { accounts, members, ...project } = seed;
  const { name } = createProject(world, { organization, ...project });
  for (const { keys, ...account } of accounts) {
    const made = createAccount(world, { project: name, ...account });
    for (const key of keys) createKey(world, made, key);
  }
  return () => grant(world, name, members);
}

function plantAdmin(
  world: World,
  { displayName = "Pulumi", keyId, secret, ...seed }: Planted["admin"],
): void {
  const [home] = world.projects.list();
  if (!home) throw new Error("the seed is not right: it has no project to be the admin account's home");
  const account = createAccount(world, { project: home.name, displayName, ...seed });
  const key = createKey(world, account, { ...(keyId && { id: keyId }), ...(secret && { secret }) });
  world.settle();
  addMember(world, home.organization, account.email, ["roles/organization.admin"]);
  world.admin = { name: account.name, email: account.email, keyId: key.id, secret: key.secret };
}

function grant(world: World, scope: string, roles: Record<string, string>): void {
  for (const [email, role] of Object.entries(roles))
    addMember(world, scope, email, [role.startsWith("roles/") ? role : `roles/${role}`]);
}
