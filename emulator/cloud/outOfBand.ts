import type { CloudState } from "./cloudState";
import type { Collection } from "./collection";
import { newId } from "./ids";
import { acceptInvitation } from "./invitations";
import { addMember } from "./members";
import { createProject, deleteProject } from "./projects";
import type { Key, Mail, Member, Organization, Project, ServiceAccount, User } from "./resources";
import { createAccount, createKey, deleteAccount, updateAccount } from "./serviceAccounts";

/** The credentials of a service account. */
export interface Credentials {
  email: string;
  keyId: string;
  secret: string;
}

/** Reads and changes one kind of resource out of band. Takes full resource names and returns copies. */
export interface Shelf<T extends { name: string }, New> {
  /** All resources, or those under one parent (`projects/p`, `organizations/o` or an account's name). */
  list(parent?: string): T[];
  get(name: string): T | undefined;
  create(given: New): T;
  /** Changes any field except the name. @throws {Error} if the resource does not exist */
  update(name: string, changes: Partial<Omit<T, "name">>): T;
  /** Also deletes what belongs to it. @returns whether it existed */
  delete(name: string): boolean;
}

/** Changes the cloud out of band. Checks no permissions and no rules, except that names are unique. */
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
  /** Of projects and organizations. `scope` is the name of either. */
  readonly members: Shelf<Member, { scope: string; email: string; roles: string[] }>;
  readonly users: Shelf<User, { email: string; displayName?: string; known?: boolean }>;
  /** Recorded invitation mails, oldest first. */
  readonly mails: Mail[];
  /** Creates a key to log in with. @throws {Error} if the account does not exist */
  credentials(account: string): Credentials;
  /** Accepts all invitations to this email. @throws {Error} if there are none */
  acceptInvitation(email: string, displayName?: string): User;
}

/** Creates the out-of-band access to a cloud. */
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
      if (!user) throw new Error(`${email} has not been invited`);
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

/** Names are split at slashes, so a resource whose id has one could not be found. */
function assertValidId(given: object): void {
  if ("id" in given && typeof given.id === "string" && /^$|\//.test(given.id))
    throw new Error("an id must not be empty or contain a slash");
}

function getExisting<T extends { name: string }>(collection: Collection<T>, name: string): T {
  const item = collection.get(name);
  if (!item) throw new Error(`${name} does not exist`);
  return item;
}
