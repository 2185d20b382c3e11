import * as pulumi from "@pulumi/pulumi";
import type * as provider from "../provider/index.js";
import { declare, type Declared } from "./declaredOnce.js";
import { hiddenInputs } from "./handler.js";

/** What the resources have in common: a provider that is found by a constant text, and registration that costs a large program little. */
export abstract class DeclaredResource extends pulumi.CustomResource {
  /**
   * @internal
   * @param handler what the provider's module calls it
   * @param props arguments, and each output as undefined
   * @param declares the existing or wanted thing that this resource is to hold, where the arguments tell
   * @throws RunError where another resource of the program declares the same thing
   */
  constructor(
    handler: keyof typeof provider,
    type: string,
    name: string,
    props: pulumi.Inputs,
    opts?: pulumi.CustomResourceOptions,
    declares?: Declared,
  ) {
    refuseImport(type, name, opts);
    const hidden = hiddenInputs(handler, type, name, opts);
    if (declares !== undefined && opts?.id === undefined)
      declare({ type, name, opts }, hidden.__urn, declares);
    // Pulumi takes four stack traces for each property, to tell where a promise was left behind: a third of a large program's time.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      super(type, name, { ...props, ...hidden }, opts);
    } catch (error) {
      Error.stackTraceLimit = stackTraceLimit;
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}

/** Without this, Pulumi fails with an error that does not say what to do instead. */
function refuseImport(type: string, name: string, opts: pulumi.CustomResourceOptions = {}): void {
  if (opts.import === undefined) return;
  throw new pulumi.RunError(
    `${type.replace(/^.*:/, "")} "${name}": the option "import" can't work for dynamic resources. Remove it. To manage what exists already, set the argument adopt: true for a membership, a name or an email for an account, an id for a key`,
  );
}
