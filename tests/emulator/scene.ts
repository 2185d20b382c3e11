import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator";
import { type Caller, caller } from "./login";

/** An emulator with the default seed, and the names that tests use. */
export interface Scene {
  emulator: Emulator;
  /** Calls as the admin account. */
  admin: Caller;
  organization: string;
  /** "Development" and "Staging". The admin account is in neither. */
  project: string;
  other: string;
  /** Creates an account in `project` out of band and logs it in. Adds the role in the matching scope. */
  newAccount: (role?: string) => Promise<{ call: Caller; name: string; email: string; member: string }>;
}

/** Starts an emulator. The caller closes it. */
export async function scene(options: EmulatorOptions = {}): Promise<Scene> {
  const emulator = await startEmulator(options);
  const { cloud } = emulator;
  const organization = cloud.organizations.list()[0]!.name;
  const [, project = "", other = ""] = cloud.projects.list().map(({ name }) => name);
  return {
    emulator,
    admin: await caller(emulator),
    organization,
    project,
    other,
    newAccount: async (role) => {
      const { name, email } = cloud.accounts.create({ project, displayName: "newcomer" });
      const scope = role?.startsWith("organization.") ? organization : project;
      if (role) cloud.members.create({ scope, email, roles: [`roles/${role}`] });
      const call = await caller(emulator, cloud.credentials(name));
      return { call, name, email, member: `${scope}/members/${idOf(name)}` };
    },
  };
}

/** The last segment of a resource name. */
export const idOf = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** Runs `act` with a new emulator, and closes it afterwards. */
export async function withScene<T>(options: EmulatorOptions, act: (scene: Scene) => Promise<T>): Promise<T> {
  const made = await scene(options);
  try {
    return await act(made);
  } finally {
    await made.emulator.close();
  }
}
