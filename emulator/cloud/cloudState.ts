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
import { UndoLog } from "./undoLog";

const byEmail = { keyOf: ({ email }: { email: string }): string => email.toLowerCase() };

/** Everything that exists in the emulated cloud. Does not check permissions. */
export class CloudState {
  /** Records every change. The data file is written when its version grows. */
  readonly undoLog = new UndoLog();
  readonly clock = new VirtualClock((undo) => this.undoLog.record(undo));
  readonly organizations = new Collection<Organization>(this.undoLog);
  readonly projects = new Collection<Project>(this.undoLog);
  readonly accounts = new Collection<ServiceAccount>(this.undoLog, byEmail);
  readonly keys = new Collection<Key>(this.undoLog);
  readonly users = new Collection<User>(this.undoLog, byEmail);
  readonly members = new Collection<Member>(this.undoLog);
  #mails: Mail[] = [];
  #tokens = new Map<string, Token>();
  #nextUserId = 9201;
  readonly #basicAuthEnabledAt = new WeakMap<ServiceAccount, number>();
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
    const candidates = this.users.withSecondaryKey(email.toLowerCase());
    const exact = candidates.find((user) => user.email === email);
    return this.unknowns.emailCase === "oneUser" ? (exact ?? candidates[0]) : exact;
  }

  accountByEmail(email: string): ServiceAccount | undefined {
    return this.accounts.withSecondaryKey(email.toLowerCase())[0];
  }

  /** The name of the organization that owns a service account. */
  organizationOfAccount(email: string): string | undefined {
    const account = this.accountByEmail(email);
    return account && this.projects.get(parentOf(account.name))?.organization;
  }

  /** Records when Basic auth was enabled, for `basicAuthDelayMs`. */
  recordBasicAuthEnabled(account: ServiceAccount): void {
    this.#basicAuthEnabledAt.set(account, performance.now());
  }

  acceptsBasicAuth(account: ServiceAccount): boolean {
    const since = this.#basicAuthEnabledAt.get(account) ?? -Infinity;
    return account.enableBasicAuth && performance.now() - since >= this.unknowns.basicAuthDelayMs;
  }

  addMail(to: string, scopes: string[]): void {
    this.#mails.push({ to, scopes, time: this.clock.timestamp() });
    this.undoLog.record(() => this.#mails.pop());
  }

  token(token: string): Token | undefined {
    return this.#tokens.get(token);
  }

  addToken(token: Token): void {
    const before = this.#tokens;
    const now = this.clock.now().getTime() / 1000;
    this.#tokens = new Map([...before].filter(([, { expiresAt }]) => expiresAt >= now));
    this.#tokens.set(token.token, token);
    this.undoLog.record(() => (this.#tokens = before));
  }

  snapshot(): CloudSnapshot {
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

  /** Replaces the whole state with a {@link snapshot}. */
  restore(data: CloudSnapshot): void {
    const before = this.snapshot();
    this.#replaceContents(data);
    this.undoLog.record(() => this.#replaceContents(before));
  }

  #replaceContents(data: CloudSnapshot): void {
    for (const kind of ["organizations", "projects", "accounts", "keys", "users", "members"] as const)
      (this[kind] as Collection<{ name: string }>).replaceAll(data[kind]);
    this.#mails = data.mails;
    this.#tokens = new Map(data.tokens.map((token) => [token.token, token]));
    this.admin = data.admin;
    this.clock.restore(data.clock);
    this.#nextUserId = data.nextUserId;
  }

  /** Makes everything that exists visible at once, whatever the propagation delays. */
  markAllPropagated(): void {
    for (const kind of ["projects", "accounts", "keys", "members"] as const) this[kind].markPropagated();
  }
}
