import { milliseconds } from "../../../provider/contract/duration";
import type { EmulatorOptions } from "../../../emulator";
import type { Operation, Properties, Stack } from "../stack";
import { startWorld, type Configuration, type World } from "../world";

/** A key of its own account, in a cloud and a run whose dates move together. */
export interface RotationScene extends Omit<World, "stack" | "settings"> {
  readonly account: string;
  readonly stack: Stack;
  /** May be changed between operations. */
  readonly settings: Configuration;
  /** The state of the key. */
  readonly key: () => Properties;
  /** The ids of the account's keys in the cloud, the oldest first. */
  readonly keys: () => string[];
  /** Runs `up` with the key's inputs, in a new process like every run. */
  up(inputs?: Properties): Promise<Operation>;
  /** Moves the time by this duration, for the cloud and for decisions. */
  travel(duration: string): void;
  /** The state in a new process. A process reads its settings once. */
  restart(): Stack;
  /** Whether a key of the account logs in. */
  logsIn(keyId: unknown, secret: unknown): Promise<boolean>;
}

export async function startRotation(options: EmulatorOptions = {}): Promise<RotationScene> {
  const world = await startWorld(options);
  const { name: account, email } = world.cloud.accounts.create({ project: world.projects[1] });
  // Most tests are about dates, so requests need no delays.
  const settings: Configuration = { ...world.settingsOf(), "dt:retryDelay": "0.001" };
  let stack = world.stack(settings);
  world.clock.freeze(new Date("2027-01-01T00:00:00Z"));
  const setDate = () => (settings["dt:asOf"] = world.clock.now().toISOString());
  setDate();
  const keyIdOf = (name: string) => name.slice(name.lastIndexOf("/") + 1);

  function restart(): Stack {
    stack = stack.with(settings);
    return stack;
  }

  return {
    ...world,
    account,
    settings,
    get stack() {
      return stack;
    },
    key: () => stack.made.key!.outs,
    keys: () => world.cloud.keys.list(account).map(({ name }) => keyIdOf(name)),
    async up(inputs = {}) {
      const done = await restart().up({ key: ["serviceAccountKey", { serviceAccount: account, ...inputs }] });
      return done.key!;
    },
    travel(duration) {
      world.clock.advance(milliseconds(duration));
      setDate();
    },
    restart,
    async logsIn(keyId, secret) {
      const login = { keyId: String(keyId), secret: String(secret), email };
      const { handlers } = world.stack({ ...settings, ...world.settingsOf(login) });
      // Any read shows whether the login works. It does not matter whether the account has access.
      const message = await handlers.serviceAccount.read(account, { project: "projects/p" }).then(
        () => "",
        (error: unknown) => (error as Error).message,
      );
      return !message.includes("/oauth2/token");
    },
  };
}
