import { startEmulator, type Emulator } from "../../../emulator";
import { projectNamed } from "../../engine/access";
import * as engine from "../../engine/harness/engine";
import { dynamic, plugin } from "../../engine/harness/doors";
import {
  programOf,
  systemUrns,
  urnOf,
  type Cloud,
  type Doors,
  type Grant,
  type Person,
  type Place,
  type System,
} from "./program";

/** The options of one `pulumi up`. */
export interface UpOptions {
  refresh: boolean;
  parallel: number;
  /** The part of the stack, as numbers that choose among its resources; undefined for the whole stack. */
  part: { readonly kind: "target" | "exclude"; readonly picks: readonly number[] } | undefined;
  /** A number that chooses the resource to replace. */
  replace: number | undefined;
}

/** A cloud, a stack in it, and the program that its user edits. */
export class Scene {
  grants: Grant[] = [];
  system: System = { account: "erp", key: "erp" };
  doors: Doors = { present: dynamic, former: undefined };
  /** The current address of each person's memberships. */
  readonly addresses = new Map<Person, string>();
  #addresses = 0;
  #lost: string[] = [];

  private constructor(
    readonly emulator: Emulator,
    readonly stack: engine.InlineStack,
    readonly cloud: Cloud,
  ) {}

  static async start(): Promise<Scene> {
    const emulator = await startEmulator();
    const { email, keyId, secret } = emulator.admin;
    const home = projectNamed(emulator, "System Service Accounts");
    const account = emulator.cloud.accounts.create({ project: home, displayName: "ERP" }).name;
    const key = emulator.cloud.keys.create({ account });
    const cloud = {
      system: { home, account, keyId: key.id, secret: key.secret },
      names: {
        staging: projectNamed(emulator, "Staging"),
        production: projectNamed(emulator, "Production"),
        organization: emulator.cloud.organizations.list()[0]!.name,
      },
      provider: {
        ...{ email, keyId, keySecret: secret },
        ...{ apiUrl: emulator.url, tokenEndpoint: emulator.tokenEndpoint },
      },
    };
    const stack = await engine.stack({ env: { ...emulator.settings }, program: () => undefined });
    return new Scene(emulator, stack, cloud);
  }

  /** Declares everything in the other way. Without aliases, each resource is another one for Pulumi. */
  switchDoor(hasAliases: boolean): void {
    const { present } = this.doors;
    this.doors = {
      present: present === dynamic ? plugin : dynamic,
      former: hasAliases ? present : undefined,
    };
  }

  /** A name that the program does not use. Prefers one that it used before, as people do. */
  newName(): string {
    const { account, key } = this.system;
    const used = new Set([account, key, ...this.grants.flatMap(({ name, aliases }) => [name, ...aliases])]);
    for (let number = 1; ; number++) if (!used.has(`grant-${number}`)) return `grant-${number}`;
  }

  addressOf = (person: Person): string => this.addresses.get(person) ?? `${person}@example.com`;

  /** The roles of a person in a place in the cloud. */
  rolesOf({ person, place }: Pick<Grant, "person" | "place">): string[] {
    return this.emulator.cloud.members
      .list(this.cloud.names[place])
      .filter(({ email }) => email === this.addressOf(person))
      .flatMap(({ roles }) => roles);
  }

  /**
   * Gives a person's memberships another address, as when an invitation is accepted under it. If there is no
   * membership yet, the program invites the person under the new address.
   */
  changeAddress(person: Person): string {
    const [from, to] = [this.addressOf(person), `${person}-${++this.#addresses}@example.org`];
    for (const grant of this.grants)
      if (grant.person === person && this.rolesOf(grant).length === 0) grant.address = to;
    for (const { name, email } of this.emulator.cloud.members.list())
      if (email === from) this.emulator.cloud.members.update(name, { email: to });
    this.addresses.set(person, to);
    return to;
  }

  /** Runs the program, and checks the properties that must hold after any run. @returns whether it succeeded */
  async up(options: UpOptions): Promise<boolean> {
    const { part, replace, ...rest } = options;
    const had = this.grants.filter((grant) => this.rolesOf(grant).length > 0);
    const stop = this.emulator.onRequest({ path: "/v2/**", when: "afterCommit" }, ({ method, path }) => {
      if (method === "GET") return;
      for (const grant of had)
        if (this.rolesOf(grant).length === 0)
          this.#lost.push(`${grant.person} in ${grant.place} by ${method} ${path}`);
      if (!this.#hasSystem()) this.#lost.push(`the system's account or key by ${method} ${path}`);
    });
    const recorded = await this.#recorded();
    // A target may also name a resource that the program declares and the state does not hold yet.
    const declared = this.grants.map((grant) => urnOf(grant, this.doors.present));
    const urns = [...new Set([...recorded, ...declared])].sort();
    // The engine does not tell the plugin what a program declares outside of the part.
    const all = [...declared, ...systemUrns(this.system, this.doors.present)];
    const isHidden = this.doors.present === plugin && all.some((urn) => !recorded.includes(urn));
    const chosen =
      part === undefined || isHidden ? [] : [...new Set(part.picks.flatMap((index) => pick(urns, index)))];
    const replaced = replace === undefined ? [] : pick(recorded, replace);
    this.stack.program = programOf(this.grants, this.system, this.cloud, this.doors);
    let failure: string | undefined;
    try {
      await this.stack.up({
        ...rest,
        ...(part === undefined || chosen.length === 0 ? {} : { [part.kind]: chosen }),
        ...(replaced.length === 0 ? {} : { replace: replaced }),
      });
    } catch (error) {
      if (!(error instanceof engine.EngineFailure)) throw error;
      failure = error.text;
    } finally {
      stop();
    }
    if (this.#lost.length > 0) throw new Error(`lost in between: ${this.#lost.join("; ")}\n${failure ?? ""}`);
    const isWhole = part === undefined || chosen.length === 0;
    if (isWhole && failure !== undefined) throw new Error(`the whole program fails:\n${failure}`);
    if (failure === undefined && isWhole) {
      this.#mustBeAsDeclared();
      this.doors = { ...this.doors, former: undefined };
    }
    return failure === undefined;
  }

  #mustBeAsDeclared(): void {
    for (const grant of this.grants) {
      const role = grant.place === "organization" ? "organization.admin" : grant.role;
      const roles = this.rolesOf(grant);
      if (roles.join() !== `roles/${role}`)
        throw new Error(
          `${grant.name}: ${grant.person} is to be ${role} in ${grant.place}, and is ${roles.join() || "nobody"}`,
        );
      grant.aliases = [];
    }
    for (const place of Object.keys(this.cloud.names) as Place[]) {
      const declared = this.grants
        .filter((grant) => grant.place === place)
        .map(({ person }) => this.addressOf(person));
      const people = this.emulator.cloud.members
        .list(this.cloud.names[place])
        .filter(({ email }) => /^(ann|bob|cy)[@-]/.test(email))
        .map(({ email }) => email);
      const extra = people.filter((email) => !declared.includes(email));
      if (extra.length > 0) throw new Error(`nobody declares ${extra.join()} in ${place}`);
    }
  }

  #hasSystem(): boolean {
    const { account, keyId } = this.cloud.system;
    return this.emulator.cloud.keys.get(`${account}/keys/${keyId}`) !== undefined;
  }

  /** The URNs of our resources in the state. */
  async #recorded(): Promise<string[]> {
    const { deployment } = (await this.stack.exportState()) as {
      deployment: { resources?: { urn: string; type: string }[] };
    };
    const resources = deployment.resources ?? [];
    return resources
      .filter(({ type }) => /^(pulumi-nodejs:dynamic\/dt|disruptive:index):/.test(type))
      .map(({ urn }) => urn);
  }

  /** Destroys the stack. Afterwards nobody has access through the program. */
  async end(): Promise<void> {
    await this.stack.destroy();
    this.grants = [];
    this.#mustBeAsDeclared();
    if (this.#hasSystem()) throw new Error("the system's account and key are still there");
  }

  close = (): Promise<void> => this.emulator.close();
}

const pick = (urns: readonly string[], index: number): string[] =>
  urns.slice(index % Math.max(urns.length, 1)).slice(0, 1);
