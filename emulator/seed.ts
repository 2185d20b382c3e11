import * as v from "valibot";
import { createAccount, createKey, createProject, addMember } from "./changes";
import { idOf, newId } from "./ids";
import type { World } from "./world";

const name = v.pipe(v.string(), v.nonEmpty());
const id = v.optional(v.pipe(v.string(), v.regex(/^[\w-]+$/, "an id is letters, digits, _ and -")));
const email = v.pipe(v.string(), v.regex(/^[^@\s]+@[^@\s]+$/, "an email has an @"));
const grants = v.optional(v.record(email, name), {});

const accountSeed = v.strictObject({
  id,
  displayName: v.optional(v.string()),
  enableBasicAuth: v.optional(v.boolean()),
  keys: v.optional(v.array(v.strictObject({ id, secret: v.optional(name) })), []),
});
const projectSeed = v.strictObject({
  id,
  displayName: name,
  inventory: v.optional(v.boolean()),
  accounts: v.optional(v.array(accountSeed), []),
  members: grants,
});

/** The schema of a seed; a seed file is its JSON. */
export const seedSchema = v.strictObject({
  /** Organizations with their projects; in each a project's service accounts and its members by email. */
  organizations: v.pipe(
    v.array(
      v.strictObject({
        id,
        displayName: name,
        members: grants,
        projects: v.optional(v.array(projectSeed), []),
      }),
    ),
    v.minLength(1),
  ),
  /** People that have signed up. */
  users: v.optional(v.array(v.strictObject({ email, displayName: v.optional(name) })), []),
  /** The account that the five settings log in as: administers the first organization, made in its first project. */
  admin: v.optional(
    v.strictObject({ id, displayName: v.optional(name), keyId: v.optional(name), secret: v.optional(name) }),
    {},
  ),
});

/** What a world holds at first. Members are `email: role`, the role with or without `roles/`. */
export type Seed = v.InferInput<typeof seedSchema>;

/** A small company: four projects, an admin account, a human administrator and a person without access. */
export const defaultSeed: Seed = {
  organizations: [
    {
      displayName: "Example Company",
      members: { "ada@example.com": "organization.admin" },
      projects: [
        { displayName: "System Service Accounts" },
        { displayName: "Development" },
        { displayName: "Staging" },
        { displayName: "Production" },
      ],
    },
  ],
  users: [
    { email: "ada@example.com", displayName: "Ada Admin" },
    { email: "grace@example.com", displayName: "Grace Known" },
  ],
  admin: { displayName: "Pulumi" },
};

/** @throws {Error} naming the place in the seed that is not right */
export function plant(world: World, seed: Seed): void {
  const result = v.safeParse(seedSchema, seed);
  if (!result.success) {
    const [issue] = result.issues;
    throw new Error(`the seed is not right at ${v.getDotPath(issue) ?? "its top"}: ${issue.message}`);
  }
  const { organizations, users, admin } = result.output;
  for (const { email: address, displayName = address } of users)
    world.addUser({ email: address, displayName, known: true });
  const members: [scope: string, email: string, role: string][] = [];
  const homes: string[] = [];
  for (const { id: given, displayName, members: ofOrganization, projects } of organizations) {
    const organization = world.organizations.add({
      name: `organizations/${given ?? newId(world.clock.now())}`,
      displayName,
    });
    members.push(...grantsIn(organization.name, ofOrganization));
    for (const { id: projectId, accounts, members: ofProject, inventory = false, ...project } of projects) {
      const asked = projectId === undefined ? {} : { id: projectId };
      const { name: scope } = createProject(world, {
        ...asked,
        ...project,
        organization: organization.name,
        inventory,
      });
      homes.push(scope);
      members.push(...grantsIn(scope, ofProject));
      for (const { keys, ...account } of accounts) {
        const made = createAccount(world, defined({ project: scope, ...account }));
        for (const key of keys) createKey(world, made, defined(key));
      }
    }
  }
  for (const [scope, who, role] of members) addMember(world, scope, who, [role]);
  const [home] = homes;
  const [organization] = world.organizations.list();
  if (!home || !organization)
    throw new Error("the seed has no project that could be the admin account's home");
  const account = createAccount(
    world,
    defined({ project: home, id: admin.id, displayName: admin.displayName ?? "Pulumi" }),
  );
  const key = createKey(world, account, defined({ id: admin.keyId, secret: admin.secret }));
  addMember(world, organization.name, account.email, ["roles/organization.admin"]);
  world.admin = { name: account.name, email: account.email, keyId: idOf(key.name), secret: key.secret };
}

const grantsIn = (scope: string, roles: Record<string, string>): [string, string, string][] =>
  Object.entries(roles).map(([who, role]) => [
    scope,
    who,
    role.startsWith("roles/") ? role : `roles/${role}`,
  ]);

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without the fields that are undefined. */
const defined = <T extends object>(given: T): Defined<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>;
