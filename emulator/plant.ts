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
  for (const [index, { email, displayName = email }] of users.entries())
    at(`users.${index}`, () => world.addUser({ email, displayName, known: true }));
  const grants = organizations.map((organization, index) =>
    plantOrganization(world, organization, `organizations.${index}`),
  );
  at("admin", () => plantAdmin(world, admin));
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

/** Does what one place in the seed says. @throws {Error} naming that place */
function at<T>(place: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`the seed is not right at ${place}: ${message}`, { cause: error });
  }
}

/** @returns what gives its members their roles */
function plantOrganization(world: World, seed: OrganizationSeed, place: string): () => void {
  const { id = newId(world.clock.now()), displayName, members, projects } = seed;
  const { name } = at(place, () => world.organizations.add({ name: `organizations/${id}`, displayName }));
  const grants = projects.map((project, index) =>
    plantProject(world, name, project, `${place}.projects.${index}`),
  );
  return () => {
    grant(world, name, members, place);
    for (const inProject of grants) inProject();
  };
}

function plantProject(world: World, organization: string, seed: ProjectSeed, place: string): () => void {
  const { accounts, members, ...project } = seed;
  const { name } = at(place, () => createProject(world, { organization, ...project }));
  for (const [index, { keys, ...account }] of accounts.entries())
    at(`${place}.accounts.${index}`, () => {
      const made = createAccount(world, { project: name, ...account });
      for (const key of keys) createKey(world, made, key);
    });
  return () => grant(world, name, members, place);
}

function plantAdmin(
  world: World,
  { displayName = "Pulumi", keyId, secret, ...seed }: Planted["admin"],
): void {
  const [home] = world.projects.list();
  if (!home) throw new Error("it has no project to be the admin account's home");
  const account = createAccount(world, { project: home.name, displayName, ...seed });
  const key = createKey(world, account, { ...(keyId && { id: keyId }), ...(secret && { secret }) });
  world.settle();
  addMember(world, home.organization, account.email, ["roles/organization.admin"]);
  world.admin = { name: account.name, email: account.email, keyId: key.id, secret: key.secret };
}

function grant(world: World, scope: string, roles: Record<string, string>, place: string): void {
  for (const [email, role] of Object.entries(roles))
    at(`${place}.members.${email}`, () =>
      addMember(world, scope, email, [role.startsWith("roles/") ? role : `roles/${role}`]),
    );
}
