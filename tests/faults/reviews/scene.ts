import type * as pulumi from "@pulumi/pulumi";
import { startEmulator, type Emulator } from "../../../emulator";
import { nameIn } from "../../../provider/stack/urns";
import { cli } from "../../cli/command";
import { projectNamed } from "../../engine/access";
import type { Door } from "../../engine/harness/doors";
import * as engine from "../../engine/harness/engine";

export const people = ["ann", "bob", "cy"] as const;
export type Person = (typeof people)[number];
export const systems = ["ERP", "BMS"] as const;
export type System = (typeof systems)[number];
export type Place = "staging" | "production" | "organization";

/** A membership that the program declares. */
export interface Grant {
  name: string;
  member: Person | System;
  place: Place;
  role: string;
  adopt: boolean;
  aliases: string[];
  isRetained: boolean;
  /** The last day of the access, as a number of days after the first one. */
  lastDay: number | undefined;
}

/** The changes of roles, by `PLACE EMAIL`: before and after. */
type Changes = Record<string, [before: string, after: string]>;

interface Reviewed {
  readonly access: readonly {
    readonly member: { readonly email: string; readonly resource?: string };
    readonly place: { readonly name: string };
    readonly before: string;
    readonly after: string;
  }[];
  readonly refusals: readonly unknown[];
}

/** A cloud, a stack in it, and the program that its user edits. */
export class ReviewScene {
  grants: Grant[] = [];
  /** The accounts that the program declares. */
  readonly systems = new Set<System>();
  /** The days that have passed. */
  day = 0;
  #names = 0;

  private constructor(
    readonly emulator: Emulator,
    readonly stack: engine.InlineStack,
    readonly door: Door,
    readonly places: Readonly<Record<Place, string>>,
    readonly home: string,
  ) {}

  static async start(door: Door): Promise<ReviewScene> {
    const emulator = await startEmulator();
    const places = {
      staging: projectNamed(emulator, "Staging"),
      production: projectNamed(emulator, "Production"),
      organization: emulator.cloud.organizations.list()[0]!.name,
    };
    const stack = await engine.stack({ env: { ...emulator.settings }, program: () => undefined });
    const home = projectNamed(emulator, "System Service Accounts");
    return new ReviewScene(emulator, stack, door, places, home);
  }

  newName = (): string => `grant-${++this.#names}`;

  /** The membership in the cloud, if there is one. */
  present({ member, place }: Pick<Grant, "member" | "place">) {
    const email = this.emailOf(member);
    return this.emulator.cloud.members.list(this.places[place]).find((each) => each.email === email);
  }

  emailOf(member: Person | System): string | undefined {
    const account = this.emulator.cloud.accounts.list(this.home).find((each) => each.displayName === member);
    return (
      account?.email ?? (people.some((person) => person === member) ? `${member}@example.com` : undefined)
    );
  }

  /** Somebody else changes the cloud. An empty role removes the member. */
  byHand(member: Person, place: Place, role: string): void {
    const { members } = this.emulator.cloud;
    const present = this.present({ member, place });
    const roles = [place === "organization" ? "roles/organization.admin" : `roles/${role}`];
    if (role === "") {
      if (present !== undefined) members.delete(present.name);
    } else if (present === undefined) {
      members.create({ scope: this.places[place], email: `${member}@example.com`, roles });
    } else members.update(present.name, { roles });
  }

  /**
   * Reviews a preview, runs the update, and compares what the review has said with what has changed.
   *
   * @throws Error that says what differs
   */
  async check(refresh: boolean): Promise<void> {
    this.stack.program = this.#program();
    const DT_AS_OF = `${dateOf(this.day)}T12:00:00Z`;
    this.stack.env.DT_AS_OF = DT_AS_OF;
    const preview = await this.stack.preview({ refresh });
    const { stdout, stderr, exitCode } = await cli(["review", "--json"], {
      env: { ...this.emulator.settings, DT_AS_OF },
      input: preview.events,
    });
    if (exitCode !== 0) throw new Error(`review ends with ${exitCode}: ${stderr}`);
    const review = JSON.parse(stdout) as Reviewed;
    const before = this.#roles();
    let failure = "";
    try {
      await this.stack.up({ refresh });
    } catch (error) {
      if (!(error instanceof engine.EngineFailure)) throw error;
      failure = error.text;
    }
    if ((failure !== "") !== review.refusals.length > 0) {
      throw new Error(`the review names ${JSON.stringify(review.refusals)}, and the update says: ${failure}`);
    }
    for (const grant of this.grants) {
      // The message says how to fix what was refused.
      grant.adopt ||= failure !== "";
      if (failure === "") grant.aliases = [];
    }
    if (failure !== "") return;
    const [said, done] = [this.#said(review), changesBetween(before, this.#roles())];
    if (JSON.stringify(sorted(said)) !== JSON.stringify(sorted(done))) {
      throw new Error(
        `the review says ${JSON.stringify(sorted(said))}, the update did ${JSON.stringify(sorted(done))}`,
      );
    }
  }

  #said({ access }: Reviewed): Changes {
    return Object.fromEntries(
      // An end that only moves changes nothing today.
      access
        .filter(({ before, after }) => before !== after)
        .map(({ member, place, before, after }): [string, [string, string]] => {
          const grant = this.grants.find(({ name }) => name === nameIn(member.resource ?? ""));
          const email = grant === undefined ? member.email : this.emailOf(grant.member);
          return [`${place.name} ${email}`, [before, after]];
        }),
    );
  }

  #roles(): Map<string, string> {
    const members = Object.values(this.places).flatMap((place) =>
      this.emulator.cloud.members
        .list(place)
        .map(({ email, roles }): [string, string] => [`${place} ${email}`, roles.join()]),
    );
    return new Map(members);
  }

  #program() {
    const grants = this.grants.map((grant) => ({ ...grant, aliases: [...grant.aliases] }));
    const declared = [...this.systems];
    return () => {
      const accounts = new Map(
        declared.map((displayName) => [
          displayName as string,
          this.door.declare("ServiceAccount", displayName, { project: this.home, displayName }),
        ]),
      );
      for (const { name, member, place, role, adopt, aliases, isRetained, lastDay } of grants) {
        const isTop = place === "organization";
        const email = accounts.get(member)?.email ?? `${member}@example.com`;
        const scope = { [isTop ? "organization" : "project"]: this.places[place] };
        const given = {
          ...scope,
          ...(isTop ? {} : { role }),
          member: email,
          ...(adopt ? { adopt } : {}),
          ...(lastDay === undefined ? {} : { expires: dateOf(lastDay) }),
        };
        const opts: pulumi.CustomResourceOptions = {
          aliases: aliases.map((alias) => ({ name: alias })),
          retainOnDelete: isRetained,
        };
        this.door.declare(isTop ? "OrgAdminBinding" : "ProjectRoleBinding", name, given, opts);
      }
    };
  }

  close = (): Promise<void> => this.emulator.close();
}

function changesBetween(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Changes {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return Object.fromEntries(
    keys.flatMap((key): [string, [string, string]][] => {
      const [old, fresh] = [before.get(key) ?? "", after.get(key) ?? ""];
      return old === fresh ? [] : [[key, [old, fresh]]];
    }),
  );
}

const sorted = (changes: Changes): [string, [string, string]][] =>
  Object.entries(changes).sort(([a], [b]) => (a < b ? -1 : 1));

/** A day of the year 2030. */
const dateOf = (day: number): string => new Date(Date.UTC(2030, 0, 1 + day)).toISOString().slice(0, 10);
