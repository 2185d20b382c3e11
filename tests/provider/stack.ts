import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { adapt } from "../../provider/dynamic/adapter";
import { orphanReporters } from "../../provider/orphanReporters";
import { keyRetirementResource } from "../../provider/resources/keyRetirement";
import { organizationAccessResource } from "../../provider/resources/organizationAccess";
import { orgAdminBindingResource } from "../../provider/resources/orgAdminBinding";
import { projectResource } from "../../provider/resources/project";
import { projectAccessResource } from "../../provider/resources/projectAccess";
import { projectRoleBindingResource } from "../../provider/resources/projectRoleBinding";
import { serviceAccountResource } from "../../provider/resources/serviceAccount";
import { serviceAccountKeyResource } from "../../provider/resources/serviceAccountKey";

export type Properties = Record<string, unknown>;

/** A handler as the engine sees it. Everything on the wire is untyped. */
export interface Handler {
  configure(request: { config: { get(key: string): string | undefined } }): Promise<void>;
  check(
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }>;
  diff(
    id: string,
    olds: Properties,
    news: Properties,
  ): Promise<{ changes?: boolean; replaces?: string[]; deleteBeforeReplace?: boolean }>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, props: Properties): Promise<{ id: string; props: Properties; inputs?: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, props: Properties): Promise<void>;
}

/** New, configured handlers. Handlers of one call share only the process with those of another. */
export function handlers(settings: Readonly<Record<string, string>>) {
  const made = {
    project: adapt(projectResource, orphanReporters) as unknown as Handler,
    serviceAccount: adapt(serviceAccountResource, orphanReporters) as unknown as Handler,
    serviceAccountKey: adapt(serviceAccountKeyResource, orphanReporters) as unknown as Handler,
    keyRetirement: adapt(keyRetirementResource, orphanReporters) as unknown as Handler,
    projectRoleBinding: adapt(projectRoleBindingResource, orphanReporters) as unknown as Handler,
    orgAdminBinding: adapt(orgAdminBindingResource, orphanReporters) as unknown as Handler,
    projectAccess: adapt(projectAccessResource, orphanReporters) as unknown as Handler,
    organizationAccess: adapt(organizationAccessResource, orphanReporters) as unknown as Handler,
  };
  for (const handler of Object.values(made))
    void handler.configure({ config: { get: (key) => settings[key] } });
  return made;
}

export type Type = keyof ReturnType<typeof handlers>;

/** The engine's record of a resource. */
export interface Made {
  readonly type: Type;
  readonly id: string;
  readonly inputs: Properties;
  readonly outs: Properties;
  /** The reasons of a partial failure. Because of them the next `up` updates the resource. */
  readonly initErrors?: readonly string[];
}

/** The inputs of a resource, or a function of the resources before it. */
type Inputs = Properties | ((made: Readonly<Record<string, Made>>) => Properties);
/** Resources by name, in the order in which they depend on each other. */
export type Program = Readonly<Record<string, readonly [type: Type, inputs: Inputs]>>;
export type Operation = "create" | "update" | "replace" | "delete" | "same";

const provider = "exports.handler = …";
/** The form in which an unknown value arrives. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Keeps state as the Pulumi engine does, for handlers in this process: `up` checks, diffs, creates, updates,
 * replaces and deletes; `refresh` reads. Operations run one after the other. A failing operation ends the run
 * with the handler's own error. Check failures become one error with a reason on each line.
 *
 * @example
 * const stack = (await startWorld()).stack();
 * await stack.up({
 *   erp: ["serviceAccount", { project, displayName: "ERP" }],
 *   key: ["serviceAccountKey", ({ erp }) => ({ serviceAccount: erp!.id })],
 * });
 */
export class Stack {
  /** The state, by name. */
  made: Record<string, Made> = {};
  readonly handlers: ReturnType<typeof handlers>;
  readonly #urn: string;

  constructor(settings: Readonly<Record<string, string>>, urn = `urn:pulumi:${randomUUID()}::test`) {
    this.handlers = handlers(settings);
    this.#urn = urn;
  }

  /** The same stack with new handlers, as in another run or with another account. */
  with(settings: Readonly<Record<string, string>>): Stack {
    const same = new Stack(settings, this.#urn);
    same.made = { ...this.made };
    return same;
  }

  /** Changes the cloud to match a program. */
  async up(program: Program): Promise<Record<string, Operation>> {
    const done: Record<string, Operation> = {};
    const replaced: [string, Made][] = [];
    for (const [name, [type, given]] of Object.entries(program)) {
      const old = this.made[name];
      const inputs = await this.#check(
        name,
        type,
        old?.inputs ?? {},
        typeof given === "function" ? given(this.made) : given,
      );
      const plan = old === undefined ? undefined : await this.#plan(old, inputs);
      done[name] = plan?.operation ?? "create";
      if (old === undefined) await this.#create(name, type, inputs);
      else if (plan?.operation === "same") this.made[name] = { ...old, inputs };
      else if (plan?.operation === "update") await this.#update(name, old, inputs);
      else {
        if (plan?.deleteFirst === true) await this.#delete(old);
        else replaced.push([name, old]);
        await this.#create(name, type, await this.#check(name, type, {}, inputs));
      }
    }
    for (const [, old] of replaced.reverse()) await this.#delete(old);
    for (const name of Object.keys(this.made).reverse()) {
      if (name in program) continue;
      await this.#delete(this.made[name]!);
      this.made = without(this.made, name);
      done[name] = "delete";
    }
    return done;
  }

  /** Reads everything again. @returns the names of inputs that drifted, or "gone", by resource */
  async refresh(): Promise<Record<string, string[] | "gone">> {
    const seen: Record<string, string[] | "gone"> = {};
    for (const [name, old] of Object.entries(this.made)) {
      const { id, props, inputs = {} } = await this.handlers[old.type].read(old.id, wire(old.outs));
      if (id === "") {
        seen[name] = "gone";
        this.made = without(this.made, name);
        continue;
      }
      // The engine asks for the changes from the actual resource to the declared one.
      const refreshed = { ...old, id, inputs: tagged(wire(inputs)), outs: tagged(wire(props)) };
      const { operation } = await this.#plan(refreshed, old.inputs);
      seen[name] = operation === "same" ? [] : changed(refreshed.inputs, old.inputs);
      this.made[name] = without(refreshed, "initErrors");
    }
    return seen;
  }

  /** Deletes everything, the last first. */
  async destroy(): Promise<void> {
    await this.up({});
  }

  async #check(name: string, type: Type, olds: Properties, news: Properties): Promise<Properties> {
    const { inputs, failures } = await this.handlers[type].check(
      wire(olds),
      wire({ ...tagged(defined(news)), __urn: `${this.#urn}::${type}::${name}` }),
    );
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
    return tagged(wire(inputs));
  }

  async #plan(old: Made, inputs: Properties): Promise<{ operation: Operation; deleteFirst: boolean }> {
    const diff = await this.handlers[old.type].diff(old.id, wire(old.outs), wire(inputs));
    const differs = diff.changes ?? changed(old.inputs, inputs).length > 0;
    const replaces = differs && (diff.replaces ?? []).length > 0;
    const updates = differs || (old.initErrors ?? []).length > 0;
    return {
      operation: replaces ? "replace" : updates ? "update" : "same",
      deleteFirst: diff.deleteBeforeReplace === true,
    };
  }

  async #create(name: string, type: Type, inputs: Properties): Promise<void> {
    await this.#recording(name, type, inputs, async () => {
      const { id, outs } = await this.handlers[type].create(wire(inputs));
      this.made[name] = { type, id, inputs, outs: tagged(wire(outs)) };
    });
  }

  async #update(name: string, { type, id, inputs, outs: olds }: Made, news: Properties): Promise<void> {
    await this.#recording(name, type, inputs, async () => {
      const { outs } = await this.handlers[type].update(id, wire(olds), wire(news));
      this.made[name] = { type, id, inputs: news, outs: tagged(wire(outs)) };
    });
  }

  /** Records a partial failure as it came, with or without `__provider`, and reports only its reasons. */
  async #recording(name: string, type: Type, inputs: Properties, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isPartialFailure(error)) throw error;
      const { id, properties, reasons } = error;
      this.made[name] = { type, id, inputs, outs: wire(properties), initErrors: reasons };
      throw new Error(reasons.join("\n"), { cause: error });
    }
  }

  #delete(old: Made): Promise<void> {
    return this.handlers[old.type].delete(old.id, wire(old.outs));
  }
}

/** A copy without some properties. */
export function without<T extends object, K extends keyof T>(all: T, ...names: readonly K[]): Omit<T, K> {
  const rest = Object.entries(all).filter(([name]) => !(names as readonly string[]).includes(name));
  return Object.fromEntries(rest) as Omit<T, K>;
}

/** The value as it arrives on the other side. Like Pulumi, throws for values that its wire cannot hold. */
export function wire<T>(value: T): T {
  const text = JSON.stringify(value, (key, inner: unknown) => {
    if (["undefined", "function", "symbol", "bigint"].includes(typeof inner))
      throw new Error(`Unexpected struct type: ${key}`);
    return inner;
  });
  return JSON.parse(text) as T;
}

interface PartialFailure {
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: string[];
}

const isPartialFailure = (error: unknown): error is PartialFailure =>
  typeof error === "object" && error !== null && "reasons" in error;

const tagged = (properties: Properties): Properties => ({ ...properties, __provider: provider });
const defined = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
const changed = (olds: Properties, news: Properties): string[] =>
  [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (name) => !isDeepStrictEqual(olds[name], news[name]),
  );
