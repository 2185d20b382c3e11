import type { Scene } from "../scene";
import type { Program } from "../stack";

type Place = "home" | "other";
type Account = "a" | "b";
type Role = "project.user" | "project.developer" | "project.admin";

type Slots<Name extends string, Value> = Partial<Record<Name, Value | undefined>>;

/** The program of a schedule. An empty slot is not declared. */
export interface Declared {
  accounts: Slots<Account, { displayName: string; enableBasicAuth: boolean; place: Place }>;
  /** Rounds of rotation, by the key's account. */
  keys: Slots<Account, number>;
  roles: Slots<Slot, Role>;
  /** The member of a binding whose member changes, which replaces the whole binding. */
  wanderer: Person | undefined;
  admin: Person | undefined;
}

/** Whose role it is, and where. Each occurs at most once, as in the cloud. */
export const slots = ["home-a", "home-b", "other-a", "home-person"] as const;
export type Slot = (typeof slots)[number];
export type Person = "person" | "newcomer";

export const nothing = (): Declared => ({
  accounts: {},
  keys: {},
  roles: {},
  wanderer: undefined,
  admin: undefined,
});

/** Names of resources for which the user has answered an error with "it is mine". */
export type Adopted = ReadonlyMap<string, true | string>;

/** The program. It always declares something, so that a provider runs and can report leftovers of dropped resources. */
export function programOf(declared: Declared, scene: Scene, adopted: Adopted): Program {
  const program: Record<string, Program[string]> = {
    anchor: [
      "projectRoleBinding",
      {
        project: scene.other,
        member: scene.anchor,
        role: "project.user",
        adopt: adopted.get("anchor"),
      },
    ],
  };
  for (const [name, account] of Object.entries(declared.accounts)) {
    if (account === undefined) continue;
    const { place, ...inputs } = account;
    program[name] = ["serviceAccount", { ...inputs, project: scene[place], adopt: adopted.get(name) }];
  }
  for (const [account, round] of Object.entries(declared.keys)) {
    if (round === undefined) continue;
    const rotationTriggers = { round: String(round) };
    program[`key-${account}`] = [
      "serviceAccountKey",
      (made) => ({ serviceAccount: made[account]!.id, rotationTriggers }),
    ];
  }
  for (const [slot, role] of Object.entries(declared.roles)) {
    if (role === undefined) continue;
    const [place = "", who = ""] = slot.split("-");
    program[slot] = [
      "projectRoleBinding",
      (made) => ({
        project: scene[place as Place],
        member: who === "person" ? scene.person : made[who]!.outs.email,
        role,
        adopt: adopted.get(slot),
      }),
    ];
  }
  const { wanderer, admin } = declared;
  if (wanderer !== undefined) {
    const inputs = { project: scene.other, member: scene[wanderer], role: "project.user" };
    program.wanderer = ["projectRoleBinding", { ...inputs, adopt: adopted.get("wanderer") }];
  }
  if (admin !== undefined) {
    const inputs = { organization: scene.world.organization, member: scene[admin] };
    program.admin = ["orgAdminBinding", { ...inputs, adopt: adopted.get("admin") }];
  }
  return program;
}

/** Drops everything that belongs to an account that is not declared. */
export function prune({ accounts, keys, roles }: Declared): void {
  for (const account of ["a", "b"] as const) {
    if (accounts[account] !== undefined) continue;
    keys[account] = undefined;
    for (const slot of slots) if (slot.endsWith(`-${account}`)) roles[slot] = undefined;
  }
}
