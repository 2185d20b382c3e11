import type { CloudState } from "./cloudState";
import type { Collection } from "./collection";
import { newId } from "./ids";
import { acceptInvitation } from "./invitations";
import { addMember } from "./members";
import { createProject, deleteProject } from "./projects";
import type { Key, Mail, Member, Organization, Project, ServiceAccount, User } from "./resources";
import { createAccount, createKey, deleteAccount, updateAccount } from "./serviceAccounts";

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

/** The cloud, out of band: no permission is asked, no rule but that names are unique holds. */
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

/** The cloud of an emulator, for hands. */
export function outOfBandCloud(cloud: CloudState): Cloud {
  const account = (name: string): ServiceAccount => getExisting(cloud.accounts, name);
  return {
    organizations: createShelf(cloud.organizations, {
      create: ({ id = newId(cloud.clock.now()), displayName }) =>
        cloud.organizations.add({ name: `organizations/${id}`, displayName }),
      delete: (organization) => {
        for (const project of cloud.projects.list())
          if (project.organization === organization.name) deleteProject(cloud, project);
        for (const member of cloud.members.list(organization.name)) cloud.members.remove(member);
        cloud.organizations.remove(organization);
      },
    }),
    projects: createShelf(cloud.projects, {
      create: (given) => {
        getExisting(cloud.organizations, given.organization);
        return createProject(cloud, given);
      },
      delete: (project) => deleteProject(cloud, project),
    }),
    accounts: createShelf(cloud.accounts, {
      create: (given) => {
        getExisting(cloud.projects, given.project);
        return createAccount(cloud, given);
      },
      update: (item, changes) => updateAccount(cloud, item, changes),
      delete: (item) => deleteAccount(cloud, item),
    }),
    keys: createShelf(cloud.keys, {
      create: ({ account: name, ...given }) => createKey(cloud, account(name), given),
      delete: (key) => cloud.keys.remove(key),
    }),
    members: createShelf(cloud.members, {
      create: ({ scope, email, roles }) => {
        if (scope.startsWith("projects/")) getExisting(cloud.projects, scope);
        else getExisting(cloud.organizations, scope);
        return addMember(cloud, scope, email, roles);
      },
      delete: (member) => cloud.members.remove(member),
    }),
    users: createShelf(cloud.users, {
      create: ({ email, displayName = email, known = true }) => cloud.addUser({ email, displayName, known }),
      delete: (user) => cloud.users.remove(user),
    }),
    get mails() {
      return structuredClone([...cloud.mails]);
    },
    credentials: (name) => {
      const key = createKey(cloud, account(name));
      cloud.keys.markPropagated(key);
      const { id, secret } = key;
      return { email: account(name).email, keyId: id, secret };
    },
    acceptInvitation: (email, displayName) => {
      const user = cloud.userByEmail(email);
      if (!user) throw new Error(`nobody was invited as ${email}`);
      return structuredClone(acceptInvitation(cloud, user, displayName));
    },
  };
}

function createShelf<T extends { name: string }, New extends object>(
  collection: Collection<T>,
  handlers: {
    create: (given: New) => T;
    delete: (item: T) => void;
    update?: (item: T, changes: Partial<T>) => T;
  },
): Shelf<T, New> {
  return {
    list: (parent) => structuredClone(collection.list(parent)),
    get: (name) => structuredClone(collection.get(name)),
    create: (given) => {
      assertValidId(given);
      const item = handlers.create(given);
      collection.markPropagated(item);
      return structuredClone(item);
    },
    update: (name, changes) => {
      const item = getExisting(collection, name);
      const update = handlers.update ?? ((target: T, by: Partial<T>) => collection.update(target, by));
      const given = Object.entries(changes).filter(([, value]) => value !== undefined);
      return structuredClone(update(item, Object.fromEntries(given) as Partial<T>));
    },
    delete: (name) => {
      const item = collection.get(name);
      if (item) handlers.delete(item);
      return item !== undefined;
    },
  };
}

/** A name is taken apart at its slashes, so an id with one would be found nowhere. */
function assertValidId(given: object): void {
  if ("id" in given && typeof given.id === "string" && /^$|\//.test(given.id))
    throw new Error("an id is not empty, and has no slash");
}

function getExisting<T extends { name: string }>(collection: Collection<T>, name: string): T {
  const item = collection.get(name);
  if (!item) throw new Error(`there is no ${name}`);
  return item;
}
