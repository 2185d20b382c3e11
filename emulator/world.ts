import { VirtualClock } from "./clock";
import { Collection } from "./collection";
import { parentOf } from "./ids";
import type {
  AdminLogin,
  Key,
  Mail,
  Member,
  Organization,
  Project,
  ServiceAccount,
  Token,
  User,
  WorldData,
} from "./things";
import type { Unknowns } from "./unknowns";

/** Everything that exists in this cloud, with nobody asking for permission. */
export class World {
  /** Grows with every change; what persistence goes by. */
  version = 0;
  readonly #changed = (): void => {
    this.version++;
  };
  readonly clock = new VirtualClock(this.#changed);
  readonly organizations = new Collection<Organization>(this.#changed);
  readonly projects = new Collection<Project>(this.#changed);
  readonly accounts = new Collection<ServiceAccount>(this.#changed);
  readonly keys = new Collection<Key>(this.#changed);
  readonly users = new Collection<User>(this.#changed);
  readonly members = new Collection<Member>(this.#changed);
  readonly mails: Mail[] = [];
  readonly #usersByEmail = new Map<string, User[]>();
  readonly #tokens = new Map<string, Token>();
  #nextUserId = 9201;
  readonly #basicAuthSince = new WeakMap<ServiceAccount, number>();
  admin: AdminLogin | null = null;

  constructor(readonly unknowns: Unknowns) {}

  addUser(user: Omit<User, "name"> & { name?: string }): User {
    const { name = this.newUserName(), ...rest } = user;
    const added = this.users.add({ name, ...rest });
    const key = added.email.toLowerCase();
    this.#usersByEmail.set(key, [...(this.#usersByEmail.get(key) ?? []), added]);
    return added;
  }

  newUserName(): string {
    for (;;) {
      const name = `users/${this.#nextUserId++}`;
      if (!this.users.get(name)) return name;
    }
  }

  removeUser(user: User): void {
    this.users.remove(user);
    const key = user.email.toLowerCase();
    this.#usersByEmail.set(
      key,
      (this.#usersByEmail.get(key) ?? []).filter((other) => other !== user),
    );
  }

  userByEmail(email: string): User | undefined {
    const candidates = this.#usersByEmail.get(email.toLowerCase()) ?? [];
    const exact = candidates.find((user) => user.email === email);
    return this.unknowns.emailCase === "oneUser" ? (exact ?? candidates[0]) : exact;
  }

  accountByEmail(email: string): ServiceAccount | undefined {
    const [, account = "", project = ""] =
      /^([^@]+)@([^.@]+)\.serviceaccount\.d21s\.com$/i.exec(email.toLowerCase()) ?? [];
    return this.accounts.get(`projects/${project}/serviceaccounts/${account}`);
  }

  /** The organization that owns a service account. */
  organizationOf(email: string): string | undefined {
    const account = this.accountByEmail(email);
    return account && this.projects.get(parentOf(account.name))?.organization;
  }

  /** Notes that Basic auth was just switched on, for basicAuthDelayMs. */
  basicAuthEnabled(account: ServiceAccount): void {
    this.#basicAuthSince.set(account, performance.now());
  }

  acceptsBasicAuth(account: ServiceAccount): boolean {
    const since = this.#basicAuthSince.get(account) ?? -Infinity;
    return account.enableBasicAuth && performance.now() - since >= this.unknowns.basicAuthDelayMs;
  }

  addMail(to: string, scopes: string[]): void {
    this.mails.push({ to, scopes, time: this.clock.stamp() });
    this.#changed();
  }

  token(token: string): Token | undefined {
    return this.#tokens.get(token);
  }

  addToken(token: Token): void {
    const now = this.clock.now().getTime() / 1000;
    for (const [key, { expiresAt }] of this.#tokens) if (expiresAt < now) this.#tokens.delete(key);
    this.#tokens.set(token.token, token);
    this.#changed();
  }

  dump(): WorldData {
    return {
      organizations: this.organizations.list(),
      projects: this.projects.list(),
      accounts: this.accounts.list(),
      keys: this.keys.list(),
      users: this.users.list(),
      members: this.members.list(),
      mails: this.mails,
      tokens: [...this.#tokens.values()],
      admin: this.admin,
      clock: this.clock.state,
      nextUserId: this.#nextUserId,
    };
  }

  /** Fills an empty world with what {@link dump} gave. */
  restore(data: WorldData): void {
    for (const kind of ["organizations", "projects", "accounts", "keys", "members"] as const) {
      const collection = this[kind] as Collection<{ name: string }>;
      data[kind].forEach((item) => collection.add(item));
    }
    data.users.forEach((user) => this.addUser(user));
    this.mails.push(...data.mails);
    data.tokens.forEach((token) => this.#tokens.set(token.token, token));
    this.admin = data.admin;
    this.clock.restore(data.clock);
    this.#nextUserId = data.nextUserId;
    this.settle();
  }

  /** What exists by now is not new: it answers at once whatever the propagation. */
  settle(): void {
    for (const kind of ["projects", "accounts", "keys", "members"] as const) this[kind].settle();
  }
}
