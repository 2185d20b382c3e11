import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator, type Credentials, type Emulator, type EmulatorOptions } from "../../emulator";
import { Stack } from "./stack";

// The developer's settings for real stacks must not affect a test.
for (const name of Object.keys(process.env))
  if (name.startsWith("DT_")) Reflect.deleteProperty(process.env, name);
// A test must not use the developer's journal either.
const journal = mkdtempSync(join(tmpdir(), "pulumi-dt-journal-"));
process.env.DT_JOURNAL = journal;

/** A stack's configuration, such as `{ "dt:email": "…" }`. */
export type Configuration = Record<`dt:${string}`, string>;

/** A cloud on a real socket, and stacks whose handlers call it. */
export interface World extends Emulator {
  /** The name of the first organization. The admin account is its administrator. */
  readonly organization: string;
  /** The names of the first organization's projects. The first one is the admin account's home. */
  readonly projects: readonly [string, string, ...string[]];
  /** Settings that log in as an account, by default the admin, without a rate limit. */
  settingsOf(login?: Credentials): Configuration;
  /** An empty stack that runs as the admin account, or with other settings. */
  stack(settings?: Configuration): Stack;
  /** A new account with these roles, by scope: `{ "projects/p": "project.user" }`. It is ready to log in. */
  identity(roles?: Readonly<Record<string, string>>): Credentials;
  /** The requests so far as `GET projects/p`, without those to the token endpoint. */
  calls(): string[];
  /** The same, but only requests that may change something. */
  writes(): string[];
  /** Everything that exists, for comparing with a later snapshot. */
  snapshot(): object;
  /** Everything that must never be shown: the secrets of keys, and every token and assertion so far. */
  secrets(): Promise<string[]>;
}

const open = new Set<Emulator>();
afterAll(async () => {
  await Promise.all([...open].map((emulator) => emulator.close()));
  rmSync(journal, { recursive: true, force: true });
});

/** Starts a world. It ends with the tests of the file. */
export async function startWorld(options: EmulatorOptions = {}): Promise<World> {
  const emulator = await startEmulator(options);
  open.add(emulator);
  const { cloud } = emulator;
  const organization = cloud.organizations.list()[0]!.name;
  const projects = cloud.projects
    .list()
    .filter((project) => project.organization === organization)
    .map(({ name }) => name);

  const settingsOf = (login: Credentials = emulator.admin): Configuration => ({
    "dt:apiUrl": emulator.url,
    "dt:tokenEndpoint": emulator.tokenEndpoint,
    "dt:keyId": login.keyId,
    "dt:keySecret": login.secret,
    "dt:email": login.email,
    "dt:rateLimit": "off",
  });
  const calls = () =>
    emulator.requests
      .filter(({ path }) => path.startsWith("/v2/"))
      .map(({ method, path }) => `${method} ${path.slice("/v2/".length)}`);

  return {
    ...emulator,
    organization,
    projects: projects as [string, string, ...string[]],
    settingsOf,
    stack: (settings = settingsOf()) => new Stack(settings),
    identity(roles = {}) {
      const account = cloud.accounts.create({ project: projects[0]! });
      for (const [scope, role] of Object.entries(roles))
        cloud.members.create({ scope, email: account.email, roles: [`roles/${role}`] });
      return cloud.credentials(account.name);
    },
    calls,
    writes: () => calls().filter((call) => !call.startsWith("GET ")),
    snapshot: () => ({
      accounts: cloud.accounts.list(),
      keys: cloud.keys.list().map(({ name }) => name),
      members: cloud.members.list(),
      mails: cloud.mails,
    }),
    async secrets() {
      const state = await fetch(new URL("/_emulator/state", emulator.url));
      const { keys, tokens } = (await state.json()) as {
        keys: { secret: string }[];
        tokens: { token: string }[];
      };
      return [...keys.map(({ secret }) => secret), ...tokens.map(({ token }) => token)];
    },
  };
}

/**
 * Runs `work` and returns everything written to standard output in the meantime. The engine would show it to
 * the user.
 */
export async function printed(work: () => Promise<unknown>): Promise<string> {
  let text = "";
  const write = jest.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await work();
  } finally {
    write.mockRestore();
  }
  return text;
}

/** The error that `work` ends in. Fails if it succeeds. */
export async function failureOf(work: Promise<unknown>): Promise<Error> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(Error);
  return outcome as Error;
}
