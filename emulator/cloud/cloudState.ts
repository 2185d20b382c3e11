import type { Unknowns } from "../unknowns/unknowns";
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
  CloudSnapshot,
} from "./resources";
import { ChangeLog } from "./undoLog";

const byEmail = { of: ({ email }: { email: string }): string => email.toLowerCase() };

/** Everything that exists in this cloud, with nobody asking for permission. */
export class CloudState {
  /** Every change is in it; what persistence goes by. */
  readonly log = new ChangeLog();
  readonly clock = new VirtualClock((undo) => this.log.record(undo));
  readonly organizations = new Collection<Organization>(this.log);
  readonly projects = new Collection<Project>(this.log);
  readonly accounts = new Collection<ServiceAccount>(this.log, byEmail);
  readonly keys = new Collection<Key>(this.log);
  readonly users = new Collection<User>(this.log, byEmail);
  readonly members = new Collection<Member>(this.log);
  #mails: Mail[] = [];
  #tokens = new Map<string, Token>();
  #nextUserId = 9201;
  readonly #basicAuthSince = new WeakMap<ServiceAccount, number>();
  admin: AdminLogin | null = null;

  constructor(readonly unknowns: Unknowns) {}

  get mails(): readonly Mail[] {
    return this.#mails;
  }

  addUser({ name = this.newUserName(), ...rest }: Omit<User, "name"> & { name?: string }): User {
    return this.users.add({ name, ...rest });
  }

  newUserName(): string {
    for (;;) {
      const name = `users/${this.#nextUserId++}`;
      if (!this.users.get(name)) return name;
    }
  }

  userByEmail(email: string): User | undefined {
    const candidates = this.users.withKey(email.toLowerCase());
    const exact = candidates.find((user) => user.email === email);
    return this.unknowns.emailCase === "oneUser" ? (exact ?? candidates[0]) : exact;
  }

  accountByEmail(email: string): ServiceAccount | undefined {
    return this.accounts.withKey(email.toLowerCase())[0];
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
    this.#mails.push({ to, scopes, time: this.clock.stamp() });
    this.log.record(() => this.#mails.pop());
  }

  token(token: string): Token | undefined {
    return this.#tokens.get(token);
  }

  addToken(token: Token): void {
    const before = this.#tokens;
    const now = this.clock.now().getTime() / 1000;
    this.#tokens = new Map([...before].filter(([, { expiresAt }]) => expiresAt >= now));
    this.#tokens.set(token.token, token);
    this.log.record(() => (this.#tokens = before));
  }

  dump(): CloudSnapshot {
    return {
      organizations: this.organizations.list(),
      projects: this.projects.list(),
      accounts: this.accounts.list(),
      keys: this.keys.list(),
      users: this.users.list(),
      members: this.members.list(),
      mails: this.#mails,
      tokens: [...this.#tokens.values()],
      admin: this.admin,
      clock: this.clock.state,
      nextUserId: this.#nextUserId,
    };
  }

  /** Puts what {@link dump} gave in the place of everything. */
  restore(data: CloudSnapshot): void {
    const before = this.dump();
    this.#fill(data);
    this.log.record(() => this.#fill(before));
  }

  #fill(data: CloudSnapshot): void {
    for (const kind of ["organizations", "projects", "accounts", "keys", "users", "members"] as const)
      (this[kind] as Collection<{ name: string }>).replaceAll(data[kind]);
    this.#mails = data.mails;
    this.#tokens = new Map(data.tokens.map((token) => [token.token, token]));
    this.admin = data.admin;
    this.clock.restore(data.clock);
    this.#nextUserId = data.nextUserId;
  }

  /** What exists by now is not new: it answers at once whatever the propagation. */
  settle(): void {
    for (const kind of ["projects", "accounts", "keys", "members"] as const) this[kind].settle();
  }
}
