import { acceptInvitation } from "./invitations";
import {
  addMember,
  createAccount,
  createKey,
  createProject,
  deleteAccount,
  deleteProject,
  updateAccount,
} from "./changes";
import { newId } from "./ids";
import type { Collection } from "./collection";
import type { Key, Mail, Member, Organization, Project, ServiceAccount, User } from "./things";
import type { World } from "./world";

/** What a client needs to log in as an account. */
export interface Credentials {
  email: string;
  keyId: string;
  secret: string;
}

/** One kind of thing, seen and changed by hand; names are full resource names. What is returned is a copy. */
export interface Shelf<T extends { name: string }, New> {
  /** All, or those under one parent (`projects/p`, `organizations/o`, an account's name). */
  list(parent?: string): T[];
  get(name: string): T | undefined;
  create(given: New): T;
  /** Any field but the name. @throws {Error} where there is none */
  update(name: string, changes: Partial<Omit<T, "name">>): T;
  /** With all that hangs on it. @returns whether it was there */
  delete(name: string): boolean;
}

/** The world, out of band: no permission is asked, no rule but that names are unique holds. */
export interface Cloud {
  readonly organizations: Shelf<Organization, { id?: string; displayName: string }>;
  readonly projects: Shelf<
    Project,
    { id?: string; organization: string; displayName: string } & Partial<Omit<Project, "name">>
  >;
  readonly accounts: Shelf<
    ServiceAccount,
    { id?: string; project: string; displayName?: string; enableBasicAuth?: boolean }
  >;
  /** With their secrets. */
  readonly keys: Shelf<Key, { account: string; id?: string; secret?: string; createTime?: string }>;
  /** Of projects and organizations: `scope` is either's name. */
  readonly members: Shelf<Member, { scope: string; email: string; roles: string[] }>;
  readonly users: Shelf<User, { email: string; displayName?: string; known?: boolean }>;
  /** Invitations that a real cloud would have mailed, oldest first. */
  readonly mails: Mail[];
  /** A new key of an account, to log in with. @throws {Error} where there is no such account */
  credentials(account: string): Credentials;
  /** A person signs up: every invitation to this email is accepted. @throws {Error} where nobody was invited */
  acceptInvitation(email: string, displayName?: string): User;
}

/** The world of an emulator, for hands. */
export function cloudOf(world: World): Cloud {
  const account = (name: string): ServiceAccount => found(world.accounts, name);
  return {
    organizations: shelf(world.organizations, {
      create: ({ id = newId(world.clock.now()), displayName }) =>
        world.organizations.add({ name: `organizations/${id}`, displayName }),
      delete: (organization) => {
        for (const project of world.projects.list())
          if (project.organization === organization.name) deleteProject(world, project);
        for (const member of world.members.list(organization.name)) world.members.remove(member);
        world.organizations.remove(organization);
      },
    }),
    projects: shelf(world.projects, {
      create: (given) => {
        found(world.organizations, given.organization);
        return createProject(world, given);
      },
      delete: (project) => deleteProject(world, project),
    }),
    accounts: shelf(world.accounts, {
      create: (given) => {
        found(world.projects, given.project);
        return createAccount(world, given);
      },
      update: (item, changes) => updateAccount(world, item, changes),
      delete: (item) => deleteAccount(world, item),
    }),
    keys: shelf(world.keys, {
      create: ({ account: name, ...given }) => createKey(world, account(name), given),
      delete: (key) => world.keys.remove(key),
    }),
    members: shelf(world.members, {
      create: ({ scope, email, roles }) => {
        if (scope.startsWith("projects/")) found(world.projects, scope);
        else found(world.organizations, scope);
        return addMember(world, scope, email, roles);
      },
      delete: (member) => world.members.remove(member),
    }),
    users: shelf(world.users, {
      create: ({ email, displayName = email, known = true }) => world.addUser({ email, displayName, known }),
      delete: (user) => world.users.remove(user),
    }),
    get mails() {
      return structuredClone([...world.mails]);
    },
    credentials: (name) => {
      const key = createKey(world, account(name));
      world.keys.settle(key);
      const { id, secret } = key;
      return { email: account(name).email, keyId: id, secret };
    },
    acceptInvitation: (email, displayName) => {
      const user = world.userByEmail(email);
      if (!user) throw new Error(`nobody was invited as ${email}`);
      return structuredClone(acceptInvitation(world, user, displayName));
    },
  };
}

function shelf<T extends { name: string }, New extends object>(
  collection: Collection<T>,
  acts: {
    create: (given: New) => T;
    delete: (item: T) => void;
    update?: (item: T, changes: Partial<T>) => T;
  },
): Shelf<T, New> {
  return {
    list: (parent) => structuredClone(collection.list(parent)),
    get: (name) => structuredClone(collection.get(name)),
    create: (given) => {
      refuseSlash(given);
      const item = acts.create(given);
      collection.settle(item);
      return structuredClone(item);
    },
    update: (name, changes) => {
      const item = found(collection, name);
      const update = acts.update ?? ((target: T, by: Partial<T>) => collection.update(target, by));
      const given = Object.entries(changes).filter(([, value]) => value !== undefined);
      return structuredClone(update(item, Object.fromEntries(given) as Partial<T>));
    },
    delete: (name) => {
      const item = collection.get(name);
      if (item) acts.delete(item);
      return item !== undefined;
    },
  };
}

/** A name is taken apart at its slashes, so an id with one would be found nowhere. */
function refuseSlash(given: object): void {
  if ("id" in given && typeof given.id === "string" && /^$|\//.test(given.id))
    throw new Error("an id is not empty, and has no slash");
}

function found<T extends { name: string }>(collection: Collection<T>, name: string): T {
  const item = collection.get(name);
  if (!item) throw new Error(`there is no ${name}`);
  return item;
}
