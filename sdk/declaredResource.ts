import * as pulumi from "@pulumi/pulumi";
import type * as provider from "../provider/index.js";
import { hiddenInputs } from "./handler.js";

/** What the resources have in common: a provider that is found by a constant text, and registration that costs a large program little. */
export abstract class DeclaredResource extends pulumi.CustomResource {
  /**
   * @internal
   * @param handler what the provider's module calls it
   * @param props arguments, and each output as undefined
   */
  constructor(
    handler: keyof typeof provider,
    type: string,
    name: string,
    props: pulumi.Inputs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    refuseImport(type, name, opts);
    // Pulumi takes four stack traces for each property, to tell where a promise was left behind: a third of a large program's time.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      super(type, name, { ...props, ...hiddenInputs(handler, type, name, opts) }, opts);
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
  const option = (["import", "id"] as const).find((each) => opts[each] !== undefined);
  if (option === undefined) return;
  throw new pulumi.RunError(
    `${type.replace(/^.*:/, "")} "${name}": the option "${option}" can't work for dynamic resources. Remove it. To manage what exists already, set the argument adopt (true for a membership, a name or an email for an account, an id for a key); to only read it, use a lookup such as dt.getServiceAccount`,
  );
}
